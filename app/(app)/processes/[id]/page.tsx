import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { ProcessView } from "@/components/process/process-view.tsx";
import { overlays } from "@/components/process/overlay-name.ts";
import { dayMs } from "@/server/engine/calendar/zone.ts";
import type { Caller } from "@/server/api/router.ts";
import { services } from "@/server/runtime/services.ts";
import { readProcess } from "@/app/reads.ts";
import { titleOf } from "@/app/title.ts";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ v?: string; o?: string; days?: string }> };

export const generateMetadata = async ({ params, searchParams }: Props) =>
  titleOf("process", (await readProcess((await params).id, (await searchParams).v))?.name);

export default async function Page({ params, searchParams }: Props) {
  const sent = await headers();
  const caller = await services().caller(sent);
  const person = await services().person(sent);
  const { v, o, days: asked } = await searchParams;
  const process = await readProcess((await params).id, v);
  if (!process) notFound();
  const days = [7, 30, 90, 365].find((n) => String(n) === asked) ?? 90;
  if (!person) notFound();
  const now = services().engine.clocks.of(person.workspaceId).now();
  const period = { process: process.key, from: now - days * dayMs, to: now };
  const [report, kpis] = process.liveVersion
    ? await Promise.all([caller.reports.bottlenecks(period), caller.reports.kpis(period)])
    : [null, null];
  const mayEdit = person.roles.some((r) => r === "ops" || r === "admin");
  return (
    <ProcessView
      process={process}
      mayEdit={mayEdit}
      behind={mayEdit ? await runsBehind(caller, process.id) : 0}
      report={report}
      kpis={kpis}
      overlay={overlays.find((name) => name === o) ?? "kpi"}
      days={days}
      stops={await caller.operate.stops({ process: process.key })}
    />
  );
}

/** Runs on other versions than new ones start on. */
async function runsBehind(caller: Caller, id: string): Promise<number> {
  const { key, targets } = await caller.migration.versions({ id });
  const own = targets.find((target) => target.key === key);
  return (own?.versions ?? []).reduce((sum, { version, runs }) => sum + (version === own?.live ? 0 : runs), 0);
}
