import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";
import { afterOf, filterOf, readAsked, sortOf } from "@/components/operate/run-address.ts";
import { RunsScreen } from "@/components/operate/runs-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";

export const generateMetadata = () => titleOf("operate");

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { caller, may } = await asking();
  if (!may("runs.search")) return <NoRight />;
  const asked = readAsked(await searchParams);
  const filter = filterOf(asked);
  const [found, count, choices] = await Promise.all([
    caller.operate.runs({ filter, sort: sortOf(asked), after: afterOf(asked) }),
    caller.operate.count({ filter }),
    caller.operate.choices(),
  ]);
  return <RunsScreen asked={asked} found={found} count={count} choices={choices} />;
}
