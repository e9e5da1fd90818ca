import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { ProcessView } from "@/components/process/process-view.tsx";
import { overlays } from "@/components/process/overlay-name.ts";
import { dayMs } from "@/server/engine/zone.ts";
import { services } from "@/server/runtime/services.ts";

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ v?: string; o?: string; days?: string }>;
}) {
  const sent = await headers();
  const caller = await services().caller(sent);
  const person = await services().person(sent);
  const { v, o, days: asked } = await searchParams;
  const process = await caller.processes
    .read({ id: (await params).id, ...(v && /^\d{1,6}$/.test(v) && { version: Number(v) }) })
    .catch(() => null);
  if (!process) notFound();
  const days = [7, 30, 90, 365].find((n) => String(n) === asked) ?? 90;
  const now = services().clock.now();
  const period = { process: process.key, from: now - days * dayMs, to: now };
  const [report, kpis] = process.liveVersion
    ? await Promise.all([caller.reports.bottlenecks(period), caller.reports.kpis(period)])
    : [null, null];
  return (
    <ProcessView
      process={process}
      mayEdit={person?.roles.some((r) => r === "ops" || r === "admin") ?? false}
      report={report}
      kpis={kpis}
      overlay={overlays.find((name) => name === o) ?? "kpi"}
      days={days}
    />
  );
}
