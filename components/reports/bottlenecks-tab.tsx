import { BottleneckTable } from "./bottleneck-table.tsx";
import { NothingCounted } from "./no-figures.tsx";
import type { Report, To, Visits } from "./report-screen.tsx";
import type { ReportState } from "./report-state.ts";
import { StuckList } from "./stuck-list.tsx";
import { Tiles } from "./tiles.tsx";
import { VisitTable } from "./visit-table.tsx";

export function BottlenecksTab({
  report,
  visits,
  state,
  to,
}: {
  report: Report;
  visits: Visits | null;
  state: ReportState;
  to: To;
}) {
  if (report.rows.length === 0) return <NothingCounted state={state} to={to} />;
  return (
    <>
      <Tiles tiles={report.tiles} currency={report.currency} />
      <StuckList report={report} to={to} />
      <BottleneckTable report={report} sel={state.sel} by={report.weighting} to={to} />
      {visits && state.sel && <VisitTable visits={visits} report={report} node={state.sel} to={to} />}
    </>
  );
}
