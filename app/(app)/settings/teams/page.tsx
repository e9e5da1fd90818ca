import { TeamsScreen } from "@/components/settings/teams-screen.tsx";
import { asking } from "@/app/asking.ts";
import { placesOf } from "@/app/place-choices.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("teams");

export default async function Page() {
  const { caller, may } = await asking();
  return (
    <TeamsScreen
      people={await caller.people.list()}
      places={await placesOf()}
      mayChange={may("teams.change")}
      mayMove={may("work.assign")}
    />
  );
}
