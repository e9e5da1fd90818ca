import { PeopleScreen } from "@/components/settings/people-screen.tsx";
import { asking } from "@/app/asking.ts";
import { placesOf } from "@/app/place-choices.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("people");

export default async function Page() {
  const { caller, may } = await asking();
  return (
    <PeopleScreen people={await caller.people.list()} places={await placesOf()} mayChange={may("people.change")} />
  );
}
