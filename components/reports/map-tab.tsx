import { Flame } from "lucide-react";
import { useRouter } from "next/navigation";
import { useCallback, useMemo } from "react";
import { useTranslations } from "use-intl";
import { heatLook, heatScale } from "../charts/heat.ts";
import { type MapOverlay, ProcessMap } from "../process/process-map.tsx";
import { cn } from "../ui/cn.ts";
import { inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { metricOf, useMetricText } from "./heat-metric.ts";
import type { Report, ReportMap, To, Visits } from "./report-screen.tsx";
import { metrics, type ReportState } from "./report-state.ts";
import { VisitTable } from "./visit-table.tsx";

/** The same figures as heat on the drawing. A click on a step opens the visits behind it. */
export function MapTab({
  report,
  map,
  visits,
  state,
  to,
}: {
  report: Report;
  map: ReportMap;
  visits: Visits | null;
  state: ReportState;
  to: To;
}) {
  const t = useTranslations("reports");
  const format = useFormat();
  const router = useRouter();
  const { m, sel } = state;
  const text = useMetricText(report.currency, report.weighting);
  const scale = useMemo(() => heatScale(report.rows.flatMap((row) => metricOf(row, m) ?? [])), [report, m]);
  const overlay = useMemo(
    (): MapOverlay => ({
      steps: Object.fromEntries(
        report.rows.map((row) => {
          const value = metricOf(row, m);
          return [
            row.node,
            {
              text: value === null ? t("tooFewShort", { n: row.n }) : `${t(`metricShort.${m}`)} ${text(m, value)}`,
              heat: value === null ? null : scale.classOf(value),
            },
          ];
        }),
      ),
      edges: map.edges,
      incidents: map.incidents,
    }),
    // What writes the text changes only with these.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [report, map, m, scale],
  );
  const wip = useMemo(() => Object.fromEntries(report.rows.map((row) => [row.node, row.wip])), [report]);
  const open = useCallback(
    (node: string) => router.push(to({ sel: node === sel ? null : node }), { scroll: false }),
    [router, to, sel],
  );
  return (
    <div className={cn("grid items-start gap-3", visits && "lg:grid-cols-[minmax(0,1fr)_400px]")}>
      <section aria-label={t("tab.map")} className="rounded-lg border border-line bg-surface">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
          <h2 className="text-sm font-semibold">{t("mapTitle")}</h2>
          <span className="text-xs text-ink-3">{t("mapHow")}</span>
          <label className="ml-auto flex items-center gap-1.5 text-xs text-ink-3">
            <Flame aria-hidden className="size-3.5" />
            {t("metricTitle")}
            <select
              className={cn(inputLook, "h-8 w-auto")}
              value={m}
              onChange={(e) =>
                router.push(to({ m: metrics.find((key) => key === e.target.value) ?? "waitP85" }), { scroll: false })
              }
            >
              {metrics.map((key) => (
                <option key={key} value={key}>
                  {t(`metric.${key}`)}
                </option>
              ))}
            </select>
          </label>
        </div>
        <ProcessMap
          document={map.document}
          wip={wip}
          overlay={overlay}
          sel={sel}
          onSelect={open}
          className="h-[calc(100dvh-330px)] min-h-[420px] rounded-none border-x-0"
        />
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-xs text-ink-2">
          <span className="font-semibold">
            {t("legend", { metric: t(`metric.${m}`), from: format.date(report.from), to: format.date(report.to) })}
          </span>
          {([1, 2, 3, 4, 5] as const).map((heat) => (
            <span key={heat} className="flex items-center gap-1">
              <span aria-hidden className={cn("size-3 rounded-sm border border-line-strong", heatLook[heat])} />
              {heat === 1
                ? `< ${text(m, scale.borders[0]!)}`
                : heat === 5
                  ? `≥ ${text(m, scale.borders[3]!)}`
                  : `${text(m, scale.borders[heat - 2]!)} – ${text(m, scale.borders[heat - 1]!)}`}
            </span>
          ))}
          <span className="text-ink-3">{t("legendEdges")}</span>
        </p>
      </section>
      {visits && sel && <VisitTable visits={visits} report={report} node={sel} to={to} narrow />}
    </div>
  );
}
