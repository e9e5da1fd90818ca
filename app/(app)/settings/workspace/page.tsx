import { WorkspaceScreen } from "@/components/settings/workspace-screen.tsx";
import { asking } from "@/app/asking.ts";
import { placesOf } from "@/app/place-choices.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("workspace");

export default async function Page() {
  const { caller, may } = await asking();
  return (
    <WorkspaceScreen
      workspace={await caller.workspace.read()}
      types={await caller.records.types()}
      places={await placesOf()}
      mayChange={may("settings.change")}
    />
  );
}
