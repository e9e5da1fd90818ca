import { QueuesScreen } from "@/components/settings/queues-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";
import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("queues");

export default async function Page() {
  const { caller, may } = await asking();
  if (!may("queues.read")) return <NoRight />;
  return (
    <QueuesScreen
      queues={await caller.queues.list()}
      people={await caller.people.list()}
      mayChange={may("queues.change")}
    />
  );
}
