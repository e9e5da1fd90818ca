"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { cn } from "../ui/cn.ts";
import { patiently, whenIdle } from "../ui/later.ts";
import { useFormat } from "../ui/locale.tsx";
import { BottlenecksTab } from "./bottlenecks-tab.tsx";
import { ChangesTab } from "./changes-tab.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { ageingCsv, flowCsv } from "./flow-csv.ts";
import { KpisTab } from "./kpis-tab.tsx";
import { reportCsv } from "./report-csv.ts";
import { type ReportState, tabs, writeState } from "./report-state.ts";
import { SegmentChip } from "./segment-chip.tsx";

/**
 * Drawn on the server like the rest; the other tabs do without their code, the map's is a third as much as theirs. Next makes
 * another module of what `dynamic` imports, so what is fetched beforehand is that one.
 */
let mapTab: () => Promise<typeof import("./map-tab.tsx").MapTab>;
const MapTab = dynamic((mapTab = () => patiently(() => import("./map-tab.tsx").then((m) => m.MapTab))));
let flowTab: () => Promise<typeof import("./flow-tab.tsx").FlowTab>;
const FlowTab = dynamic((flowTab = () => patiently(() => import("./flow-tab.tsx").then((m) => m.FlowTab))));
let ageingTab: () => Promise<typeof import("./ageing-tab.tsx").AgeingTab>;
const AgeingTab = dynamic((ageingTab = () => patiently(() => import("./ageing-tab.tsx").then((m) => m.AgeingTab))));

type Read<K extends keyof Caller["reports"]> = Awaited<ReturnType<Caller["reports"][K]>>;
export type Report = Read<"bottlenecks">;
export type Visits = Read<"visits">;
export type ReportMap = Read<"map">;
export type Flow = Read<"flow">;
export type Ageing = Read<"ageing">;
export type Kpis = Read<"kpis">;
export type Changes = Read<"changes">;
export type ReportProcess = Read<"processes">[number];
/** The same report with something else chosen. */
export type To = (change: Partial<ReportState>) => string;

/** Where it is stuck, how sure we are, what it costs: sentences first. */
export function ReportScreen({
  processes,
  process,
  state,
  report,
  visits,
  map,
  flow,
  ageing,
  kpis,
  changes,
}: {
  processes: ReportProcess[];
  process: ReportProcess;
  state: ReportState;
  report: Report;
  visits: Visits | null;
  map: ReportMap | null;
  /** "unread": it could not be read just now. */
  flow: Flow | "unread" | null;
  ageing: Ageing | "unread" | null;
  kpis: Kpis | null;
  changes: Changes | null;
}) {
  const t = useTranslations("reports");
  const format = useFormat();
  const to: To = (change) => `/reports/${process.id}${writeState({ ...state, ...change })}`;
  // Whoever turns to another tab does not wait for its code.
  useEffect(() => whenIdle(() => void Promise.all([mapTab(), flowTab(), ageingTab()]).catch(() => undefined)), []);
  const worst = report.rows.find((row) => row.delay > 0);
  const name = (node: string) => report.names[node]?.name ?? node;
  const kept =
    flow && flow !== "unread"
      ? { of: "flow", csv: flowCsv(flow, name, t) }
      : ageing && ageing !== "unread"
        ? { of: "ageing", csv: ageingCsv(ageing, name, t) }
        : { of: "bottlenecks", csv: reportCsv(report, t) };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 p-4 md:px-6 md:py-4">
      <FilterBar
        processes={processes}
        process={process}
        state={state}
        report={report}
        file={{ name: `${kept.of}-${process.key}`, csv: kept.csv }}
        to={to}
      />
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold">
          {worst ? t("finding", { step: name(worst.node) }) : t("findingNone", { process: process.name })}
        </h1>
        <p className="ml-auto text-xs text-ink-3">
          {t("asOf", {
            when: format.dateTime(report.asOf),
            n: format.number(report.n, 0),
            records: format.number(report.records, 0),
            open: report.open,
          })}
        </p>
      </div>
      <nav aria-label={t("tabs")} className="flex gap-5 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Link
            key={tab}
            href={to({ tab })}
            aria-current={state.tab === tab ? "page" : undefined}
            className={cn(
              "-mb-px flex h-9 shrink-0 items-center border-b-2 border-transparent text-sm font-medium text-ink-2 hover:text-ink",
              state.tab === tab && "border-accent text-ink",
            )}
          >
            {t(`tab.${tab}`)}
          </Link>
        ))}
      </nav>
      {report.own && <p className="rounded-md bg-info-bg px-3 py-2 text-sm text-info">{t("own")}</p>}
      {!report.valued && report.n > 0 && (
        <p className="rounded-md bg-info-bg px-3 py-2 text-sm text-info">{t("noValues")}</p>
      )}
      {state.seg && <SegmentChip segment={state.seg} labels={report.labels} clear={to({ seg: null })} />}
      {state.tab === "bottlenecks" && <BottlenecksTab report={report} visits={visits} state={state} to={to} />}
      {map && <MapTab report={report} map={map} visits={visits} state={state} to={to} />}
      {flow && (
        <FlowTab flow={flow} report={report} visits={visits} state={state} to={to} file={`flow-days-${process.key}`} />
      )}
      {ageing && <AgeingTab ageing={ageing} report={report} visits={visits} state={state} to={to} />}
      {kpis && <KpisTab kpis={kpis} currency={report.currency} to={to} />}
      {changes && <ChangesTab changes={changes} report={report} to={to} />}
    </div>
  );
}
