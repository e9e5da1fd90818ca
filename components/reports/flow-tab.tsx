import { BarChart3, Download } from "lucide-react";
import { useRouter } from "next/navigation";
import { useCallback, useState } from "react";
import { useTranslations } from "use-intl";
import { saveFile } from "../save-file.ts";
import { Button } from "../ui/button.tsx";
import { useFormat } from "../ui/locale.tsx";
import { FlowChart } from "./flow-chart.tsx";
import { flowDaysCsv } from "./flow-csv.ts";
import { FlowDays } from "./flow-days.tsx";
import { FlowLegend } from "./flow-legend.tsx";
import { dateOf } from "./flow-look.ts";
import { FlowStep } from "./flow-step.tsx";
import { FlowTable } from "./flow-table.tsx";
import { NothingCounted, Unread } from "./no-figures.tsx";
import type { Flow, Report, To, Visits } from "./report-screen.tsx";
import type { ReportState } from "./report-state.ts";
import { VisitTable } from "./visit-table.tsx";

/** Where work piles up: what was in each step at the end of each day, and what came in and left over the period. */
export function FlowTab({
  flow,
  report,
  visits,
  state,
  to,
  file,
}: {
  /** "unread": it could not be read just now. */
  flow: Flow | "unread";
  report: Report;
  visits: Visits | null;
  state: ReportState;
  to: To;
  /** What the file of the days is called, without its ending. */
  file: string;
}) {
  const t = useTranslations("reports");
  const nameOf = (node: string) => report.names[node]?.name ?? node;
  if (flow === "unread") return <Unread icon={BarChart3} title={t("flow.unread")} />;
  if (flow.steps.length === 0) return <NothingCounted state={state} to={to} />;
  return (
    <>
      {flow.recounting && <p className="rounded-md bg-info-bg px-3 py-2 text-sm text-info">{t("flow.recounting")}</p>}
      <Figure flow={flow} nameOf={nameOf} sel={state.sel} to={to} file={file} />
      <FlowTable flow={flow} nameOf={nameOf} sel={state.sel} to={to} />
      {state.cal === "work" && <p className="text-xs text-ink-3">{t("flow.elapsed")}</p>}
      {visits && state.sel && <VisitTable visits={visits} report={report} node={state.sel} to={to} />}
    </>
  );
}

function Figure({
  flow,
  nameOf,
  sel,
  to,
  file,
}: {
  flow: Flow;
  nameOf: (node: string) => string;
  sel: string | null;
  to: To;
  file: string;
}) {
  const words = useTranslations("reports");
  const t = useTranslations("reports.flow");
  const format = useFormat();
  const router = useRouter();
  const lastDay = flow.last - flow.first;
  const [cursor, setCursor] = useState<{ day: number; step: number | null }>({ day: lastDay, step: null });
  // Another period or process has other days and steps.
  const day = Math.min(cursor.day, lastDay);
  const step = cursor.step !== null && cursor.step < flow.steps.length ? cursor.step : null;
  const chosen = flow.steps.findIndex(({ node }) => node === sel);
  const open = useCallback((node: string) => router.push(to({ sel: node }), { scroll: false }), [router, to]);
  const period = { from: format.day(dateOf(flow.first)), to: format.day(dateOf(flow.last)), zone: flow.zone };
  return (
    <figure className="rounded-lg border border-line bg-surface [print-color-adjust:exact]">
      <figcaption className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 pt-2.5">
        <div className="min-w-0">
          <h2 className="text-sm font-semibold">
            <Finding flow={flow} nameOf={nameOf} />
          </h2>
          <p className="text-xs text-ink-3">{t(flow.moved ? "measureDays" : "measure", period)}</p>
        </div>
        <Button
          size="small"
          className="ml-auto"
          onClick={() => saveFile(`${file}.csv`, flowDaysCsv(flow, nameOf, words), "text/csv;charset=utf-8")}
        >
          <Download aria-hidden className="size-3.5" />
          {t("daysCsv")}
        </Button>
      </figcaption>
      <div className="grid items-start gap-x-6 gap-y-4 px-4 py-4 lg:grid-cols-[minmax(0,1fr)_300px]">
        <div className="grid gap-4">
          <FlowChart
            flow={flow}
            nameOf={nameOf}
            day={day}
            step={step}
            sel={sel}
            move={(to, band) => setCursor({ day: to, step: band })}
            open={open}
          />
          {chosen >= 0 && <FlowStep flow={flow} at={chosen} name={nameOf(flow.steps[chosen]!.node)} day={day} />}
        </div>
        <FlowLegend flow={flow} nameOf={nameOf} day={day} step={step} to={to} />
      </div>
      <details className="border-t border-line px-4 py-2 text-xs text-ink-3">
        <summary className="cursor-pointer">{words("howTo")}</summary>
        <p className="max-w-3xl pt-1">{t("how")}</p>
        <p id="flow-keys" className="max-w-3xl pt-1">
          {t("keys")}
        </p>
      </details>
      <FlowDays flow={flow} nameOf={nameOf} />
    </figure>
  );
}

function Finding({ flow, nameOf }: { flow: Flow; nameOf: (node: string) => string }) {
  const t = useTranslations("reports.flow");
  const { finding } = flow;
  if (!finding) return null;
  if (finding.kind === "steady")
    return t("steady", {
      wip: finding.wip,
      n: Math.abs(finding.net),
      change: finding.net > 0 ? "more" : finding.net < 0 ? "fewer" : "same",
    });
  return t.rich(finding.kind, {
    step: nameOf(finding.node),
    by: finding.by,
    days: flow.last - flow.first + 1,
    in: finding.arrivals,
    out: finding.departures,
    em: (chunks) => <em>{chunks}</em>,
  });
}
