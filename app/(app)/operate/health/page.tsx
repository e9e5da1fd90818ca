import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";
import { HealthScreen } from "@/components/operate/health-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";

export const generateMetadata = () => titleOf("health");

export default async function Page() {
  const { caller, may } = await asking();
  if (!may("health.read")) return <NoRight />;
  const [health, { hold }, time] = await Promise.all([
    caller.operate.health(),
    caller.operate.held(),
    may("time.read") ? caller.time.read() : null,
  ]);
  return (
    <HealthScreen
      health={health}
      hold={hold}
      clock={time?.clock ?? null}
      may={{ release: may("outgoing.release"), believe: may("time.release") }}
    />
  );
}
