import { ConnectionsScreen } from "@/components/settings/connections-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";
import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("connections");

export default async function Page() {
  const { caller, may } = await asking();
  if (!may("connections.read")) return <NoRight />;
  const { types, events } = await caller.processes.choices();
  return (
    <ConnectionsScreen
      view={await caller.connections.list()}
      types={types}
      events={events}
      mayChange={may("connections.change")}
    />
  );
}
