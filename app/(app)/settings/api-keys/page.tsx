import { KeysScreen } from "@/components/settings/keys-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";
import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("keys");

export default async function Page() {
  const { caller, me, may } = await asking();
  if (!may("keys.read")) return <NoRight />;
  const { people } = await caller.people.list();
  return (
    <KeysScreen
      keys={await caller.keys.list()}
      areas={[...new Set(me.may.map((action) => action.split(".")[0] ?? ""))].sort()}
      people={Object.fromEntries(people.map((one) => [one.id, one.name]))}
    />
  );
}
