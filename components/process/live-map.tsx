"use client";
import { BarChart3, Layers } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo } from "react";
import { useTranslations } from "use-intl";
import type { Process } from "@/server/engine/process.ts";
import { heatLook, heatScale } from "../charts/heat.ts";
import { metricOf, useMetricText } from "../reports/heat-metric.ts";
import { useKpiText } from "../reports/kpi-text.ts";
import type { Kpis, Report } from "../reports/report-screen.tsx";
import { isTyping } from "../shell/commands.ts";
import { buttonLook } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import type { StepState } from "@/db/queries/step-states.ts";
import { type MapOverlay, ProcessMap } from "./process-map.tsx";
import { overlays, type OverlayName } from "./overlay-name.ts";

/** The live version with what happens in it now, and one overlay at a time: the letter O goes through them. */
export function LiveMap({
  process,
  report,
  kpis,
  incidents,
  shown,
  days,
}: {
  process: {
    id: string;
    document: Process;
    wip: Record<string, number>;
    states: Record<string, { state: StepState; n: number }>;
    version: number | null;
  };
  report: Report | null;
  kpis: Kpis | null;
  incidents: Record<string, number>;
  shown: OverlayName;
  days: number;
}) {
  const t = useTranslations("liveMap");
  const k = useTranslations("kpi");
  const r = useTranslations("reports");
  const format = useFormat();
  const router = useRouter();
  const path = usePathname();
  const currency = report?.currency ?? "USD";
  const text = useMetricText(currency, "value");
  const kpiText = useKpiText(currency);
  const show = useCallback(
    (o: OverlayName) => router.replace(`${path}?${new URLSearchParams({ o, days: String(days) })}`, { scroll: false }),
    [router, path, days],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || event.key.toLowerCase() !== "o" || event.ctrlKey || event.metaKey || event.altKey) return;
      show(overlays[(overlays.indexOf(shown) + 1) % overlays.length]!);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [shown, show]);

  const metric = shown === "waitP85" || shown === "breach" || shown === "volume" ? shown : null;
  const scale = useMemo(() => {
    const values = metric
      ? (report?.rows.flatMap((row) => metricOf(row, metric) ?? []) ?? [])
      : shown === "wip"
        ? Object.values(process.wip)
        : [];
    return heatScale(values);
  }, [report, metric, shown, process.wip]);
  const overlay = useMemo((): MapOverlay => {
    const steps: Record<string, MapOverlay["steps"][string]> = {};
    if (metric)
      for (const row of report?.rows ?? []) {
        const value = metricOf(row, metric);
        steps[row.node] = {
          text:
            value === null ? r("tooFewShort", { n: row.n }) : `${r(`metricShort.${metric}`)} ${text(metric, value)}`,
          heat: value === null ? null : scale.classOf(value),
        };
      }
    if (shown === "wip")
      for (const [node, n] of Object.entries(process.wip))
        steps[node] = { text: t("wipShort", { n }), heat: scale.classOf(n) };
    const chips: NonNullable<MapOverlay["kpis"]>[string][] = [];
    const byNode: Record<string, (typeof chips)[number]> = {};
    if (shown !== "none")
      for (const [node, list] of Object.entries(kpis?.steps ?? {})) {
        const first = list[0]!;
        const value = first.value === null ? "–" : kpiText.value(first.value, first.unit);
        byNode[node] = {
          text: first.value === null ? "–" : value,
          state: first.state === "met" || first.state === "missed" ? first.state : "none",
          spoken: list
            .map((kpi) =>
              k("chip", {
                label: kpi.label[format.locale],
                value: kpi.value === null ? k("state.not_measured") : kpiText.value(kpi.value, kpi.unit),
                target: kpiText.target(kpi.target, kpi.unit),
                state: k(`state.${kpi.state}`),
                n: kpi.n,
              }),
            )
            .join("; "),
        };
      }
    return { steps, kpis: byNode, incidents };
    // The wordings change only with these.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [report, kpis, incidents, metric, shown, scale, process.wip]);
  const legend = metric ?? (shown === "wip" ? "wip" : null);
  return (
    <section aria-label={t("live")} className="rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-2 px-3 py-2">
        <span className="text-xs text-ink-3">
          {t("incidents", { n: Object.values(incidents).reduce((a, b) => a + b, 0) })}
          {report?.own && ` · ${r("own")}`}
        </span>
        <label className="ml-auto flex items-center gap-1.5 text-xs text-ink-3">
          <Layers aria-hidden className="size-3.5" />
          {t("overlay")}
          <select
            className={cn(inputLook, "h-8 w-auto")}
            value={shown}
            title={t("cycle")}
            onChange={(e) => show(overlays.find((o) => o === e.target.value) ?? "none")}
          >
            {overlays.map((o) => (
              <option key={o} value={o}>
                {t(o)}
              </option>
            ))}
          </select>
        </label>
        <label className="text-xs text-ink-3">
          <span className="sr-only">{r("period")}</span>
          <select
            className={cn(inputLook, "h-8 w-auto")}
            value={days}
            onChange={(e) =>
              router.replace(`${path}?${new URLSearchParams({ o: shown, days: e.target.value })}`, { scroll: false })
            }
          >
            {[7, 30, 90, 365].map((n) => (
              <option key={n} value={n}>
                {t("period", { n })}
              </option>
            ))}
          </select>
        </label>
        <Link
          className={buttonLook({})}
          href={`/reports/${process.id}?${new URLSearchParams({ tab: "map", days: String(days), ...(metric && { m: metric }) })}`}
        >
          <BarChart3 aria-hidden className="size-4" />
          {t("report")}
        </Link>
      </div>
      <ProcessMap
        document={process.document}
        wip={process.wip}
        states={process.states}
        overlay={overlay}
        className="rounded-none border-x-0"
      />
      {legend && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-xs text-ink-2">
          <span className="font-semibold">
            {`${r(`metric.${legend}`)}${metric && report ? `, ${format.date(report.from)} – ${format.date(report.to)}` : ""}`}
          </span>
          {([1, 2, 3, 4, 5] as const).map((heat) => (
            <span key={heat} className="flex items-center gap-1">
              <span aria-hidden className={cn("size-3 rounded-sm border border-line-strong", heatLook[heat])} />
              {heat === 1
                ? `< ${text(legend, scale.borders[0]!)}`
                : heat === 5
                  ? `≥ ${text(legend, scale.borders[3]!)}`
                  : `${text(legend, scale.borders[heat - 2]!)} – ${text(legend, scale.borders[heat - 1]!)}`}
            </span>
          ))}
        </p>
      )}
    </section>
  );
}
