import { headers } from "next/headers";
import { ReportScreen } from "@/components/reports/report-screen.tsx";
import { services } from "@/server/runtime/services.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("reports");
const day = 86_400_000;

/** Everything that is chosen stands in the address: a link opens the same view. */
export default async function Page({ searchParams }: { searchParams: Promise<Record<string, string | undefined>> }) {
  const caller = await services().caller(await headers());
  const asked = await searchParams;
  const processes = await caller.reports.processes();
  const process = processes.find((p) => p.key === asked.p) ?? processes[0];
  const now = services().clock.now();
  const days = [7, 30, 90, 365].find((d) => String(d) === asked.days) ?? 90;
  const versions = asked.v ? [Number(asked.v)].filter((v) => Number.isInteger(v) && v > 0) : undefined;
  const query = {
    from: now - days * day,
    to: now,
    ...(versions?.length && { versions }),
    weighting: asked.by === "time" ? ("time" as const) : ("value" as const),
    time: asked.cal === "wall" ? ("wall" as const) : ("work" as const),
  };
  const report = process ? await caller.reports.bottlenecks({ process: process.key, ...query }) : null;
  const step = report && asked.step && asked.step in report.names ? asked.step : null;
  const visits =
    process && step ? await caller.reports.visits({ process: process.key, ...query, node: step, most: 200 }) : null;
  return (
    <ReportScreen
      processes={processes}
      process={process?.key ?? null}
      report={report}
      visits={visits}
      step={step}
      days={days}
      version={versions?.[0] ?? null}
      by={query.weighting}
      cal={query.time}
    />
  );
}
