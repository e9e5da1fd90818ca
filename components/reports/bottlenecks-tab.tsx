import { BarChart3 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { buttonLook } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { BottleneckTable } from "./bottleneck-table.tsx";
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
  const t = useTranslations("reports");
  if (report.rows.length === 0)
    return (
      <Empty icon={BarChart3} title={t("empty")} text={t(state.seg || state.v ? "emptyFiltered" : "emptyText")}>
        <Link
          className={buttonLook({ kind: "primary" })}
          href={to({ days: 365, from: null, to: null, v: null, seg: null })}
        >
          {t("showYear")}
        </Link>
      </Empty>
    );
  return (
    <>
      <Tiles tiles={report.tiles} currency={report.currency} />
      <StuckList report={report} to={to} />
      <BottleneckTable report={report} sel={state.sel} by={report.weighting} to={to} />
      {visits && state.sel && <VisitTable visits={visits} report={report} node={state.sel} to={to} />}
    </>
  );
}
