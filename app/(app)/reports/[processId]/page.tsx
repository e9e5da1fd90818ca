import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { ReportScreen } from "@/components/reports/report-screen.tsx";
import { readState } from "@/components/reports/report-state.ts";
import { dayMs, dayOfDate, startOfDay } from "@/server/engine/calendar/zone.ts";
import type { Caller } from "@/server/api/router.ts";
import { readReported } from "@/app/reads.ts";
import { titleOf } from "@/app/title.ts";
import { services } from "@/server/runtime/services.ts";

export const generateMetadata = async ({ params }: { params: Promise<{ processId: string }> }) => {
  const { processId } = await params;
  return titleOf("reports", (await readReported()).find(({ id }) => id === processId)?.name);
};

/** Everything that is chosen stands in the address: a link opens the same view. */
export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ processId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const sent = await headers();
  const caller = await services().caller(sent);
  const { processId } = await params;
  const [processes, person] = await Promise.all([readReported(), services().person(sent)]);
  const process = processes.find((p) => p.id === processId);
  if (!process || !person) notFound();
  const state = readState(await searchParams);
  const now = services().engine.clocks.of(person.workspaceId).now();
  const [first, last] = [state.from, state.to].map((text) => (text ? dayOfDate(text) : null));
  const dated = first != null && last != null;
  const query = {
    process: process.key,
    from: dated ? startOfDay(person.zone, first) : now - state.days * dayMs,
    to: dated ? Math.min(now, startOfDay(person.zone, last + 1)) : now,
    ...(state.v && { versions: [state.v] }),
    weighting: state.by,
    time: state.cal,
    ...(state.seg && { segment: state.seg }),
  };
  const report = await caller.reports.bottlenecks(query);
  const sel = state.sel && state.sel in report.names ? state.sel : null;
  const [visits, map, flow, ageing, kpis, changes] = await Promise.all([
    sel ? caller.reports.visits({ ...query, weighting: report.weighting, node: sel, most: 200 }) : null,
    state.tab === "map" ? caller.reports.map(query) : null,
    state.tab === "flow" ? flowOf(caller, query, report.zone, dated ? { first, last } : null) : null,
    state.tab === "ageing" ? ageingOf(caller, query) : null,
    state.tab === "kpis" ? caller.reports.kpis({ process: process.key, from: query.from, to: query.to }) : null,
    state.tab === "changes" ? caller.reports.changes({ process: process.key, time: state.cal }) : null,
  ]);
  return (
    <ReportScreen
      processes={processes}
      process={process}
      state={{ ...state, sel }}
      report={report}
      visits={visits}
      map={map}
      flow={flow}
      ageing={ageing}
      kpis={kpis}
      changes={changes}
    />
  );
}

type Query = Parameters<Caller["reports"]["bottlenecks"]>[0];

/** Its days are the workspace's, whoever looks. */
function flowOf(
  caller: Caller,
  { process, from, to, versions, segment }: Query,
  zone: string,
  dates: { first: number; last: number } | null,
) {
  const days = dates && { from: startOfDay(zone, dates.first), to: startOfDay(zone, dates.last + 1) };
  return unlessUnread(process, caller.reports.flow({ process, from, to, versions, segment, ...days }));
}

/** The order of the ranking is nothing to it. */
const ageingOf = (caller: Caller, { process, from, to, versions, segment, time }: Query) =>
  unlessUnread(process, caller.reports.ageing({ process, from, to, versions, segment, time }));

/** One panel that cannot be read leaves the rest of the page. */
async function unlessUnread<T>(process: string, panel: Promise<T>): Promise<T | "unread"> {
  try {
    return await panel;
  } catch (error) {
    services().log.error("a panel of a report could not be read", { process, error });
    return "unread";
  }
}
