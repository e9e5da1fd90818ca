import { CalendarsScreen } from "@/components/settings/calendars-screen.tsx";
import { asking } from "@/app/asking.ts";
import { placesOf } from "@/app/place-choices.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("calendars");

export default async function Page() {
  const { caller, may } = await asking();
  const { zone } = await caller.workspace.read();
  return (
    <CalendarsScreen
      calendars={await caller.calendars.list()}
      places={await placesOf()}
      zone={zone}
      mayChange={may("calendars.change")}
    />
  );
}
