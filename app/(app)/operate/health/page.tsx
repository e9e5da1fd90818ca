import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";
import { HealthScreen } from "@/components/operate/health-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";

export const generateMetadata = () => titleOf("health");

export default async function Page() {
  const { caller, may } = await asking();
  if (!may("health.read")) return <NoRight />;
  const [health, { hold }] = await Promise.all([caller.operate.health(), caller.operate.held()]);
  return <HealthScreen health={health} hold={hold} mayRelease={may("outgoing.release")} />;
}
