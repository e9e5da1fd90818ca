"use client";
import { BarChart3, Download } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { buttonLook } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { Empty } from "../ui/empty.tsx";
import { inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { BottleneckTable } from "./bottleneck-table.tsx";
import { VisitTable } from "./visit-table.tsx";

export type Report = Awaited<ReturnType<Caller["reports"]["bottlenecks"]>>;
export type Visits = Awaited<ReturnType<Caller["reports"]["visits"]>>;
type Props = {
  processes: { key: string; name: string }[];
  process: string | null;
  report: Report | null;
  visits: Visits | null;
  step: string | null;
  days: number;
  version: number | null;
  by: "value" | "time";
  cal: "work" | "wall";
};

/** Where it is stuck, how sure we are, what it costs: sentences first. */
export function ReportScreen({ processes, process, report, visits, step, days, version, by, cal }: Props) {
  const t = useTranslations("reports");
  const format = useFormat();
  const router = useRouter();
  const path = usePathname();
  const state = {
    ...(process && { p: process }),
    days: String(days),
    ...(version && { v: String(version) }),
    ...(by === "time" && { by }),
    ...(cal === "wall" && { cal }),
    ...(step && { step }),
  };
  const href = (change: Record<string, string | null>) => {
    const query = new URLSearchParams(
      Object.entries({ ...state, ...change }).filter((e): e is [string, string] => typeof e[1] === "string"),
    );
    return `${path}?${query.toString()}`;
  };
  const choice = (label: string, name: string, value: string, options: [string, string][]) => (
    <label className="flex items-center gap-1.5 text-xs text-ink-3">
      {label}
      <select
        className={cn(inputLook, "h-8 w-auto")}
        value={value}
        onChange={(e) =>
          router.push(href({ [name]: e.target.value || null, ...(name === "p" && { step: null, v: null }) }))
        }
      >
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  if (!process || !report)
    return (
      <>
        <h1 className="sr-only">{t("title")}</h1>
        <Empty icon={BarChart3} title={t("noProcess")} text={t("noProcessText")} />
      </>
    );
  const name = (node: string) => report.names[node]?.name ?? node;
  const top = report.rows.filter((r) => r.delay > 0).slice(0, 3);
  const { tiles } = report;
  return (
    <div className="grid gap-3 p-4 md:p-6">
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="text-xl font-semibold">{t("title")}</h1>
        <p className="text-xs text-ink-3">
          {t("asOf", { when: format.dateTime(report.asOf), n: report.n, records: report.records, open: report.open })}
        </p>
      </div>
      <div
        role="group"
        aria-label={t("filters")}
        className="sticky top-0 z-10 flex flex-wrap items-center gap-3 rounded-lg border border-line bg-surface px-3 py-1.5"
      >
        {choice(
          t("process"),
          "p",
          process,
          processes.map((p) => [p.key, p.name]),
        )}
        {choice(
          t("period"),
          "days",
          String(days),
          [7, 30, 90, 365].map((d) => [String(d), t("days", { n: d })]),
        )}
        {choice(t("version"), "v", version ? String(version) : "", [
          ["", t("allVersions")],
          ...report.versions.map((v): [string, string] => [String(v), `v${v}`]),
        ])}
        {choice(t("rankBy"), "by", by === "time" ? "time" : "", [
          ["", t("byValue")],
          ["time", t("byTime")],
        ])}
        {choice(t("calendar"), "cal", cal === "wall" ? "wall" : "", [
          ["", t("workTime")],
          ["wall", t("wallTime")],
        ])}
        <a
          className={cn(buttonLook({ kind: "quiet" }), "ml-auto")}
          href={csvOf(report, t)}
          download={`bottlenecks-${process}.csv`}
        >
          <Download aria-hidden className="size-4" />
          {t("csv")}
        </a>
      </div>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Tile
          label={t("throughput")}
          value={format.number(tiles.throughput, 0)}
          note={t("before", { n: tiles.throughputBefore })}
        />
        <Tile
          label={t("cycle")}
          value={tiles.cycleP50 === null ? "–" : t("daysValue", { n: format.number(tiles.cycleP50) })}
          note={tiles.cycleP85 === null ? t("tooFew") : t("p85", { n: format.number(tiles.cycleP85) })}
        />
        <Tile
          label={t("sla")}
          value={tiles.slaAttainment === null ? "–" : format.percent(tiles.slaAttainment)}
          note={t("clocksCounted", { n: tiles.slaCounted })}
        />
        <Tile
          label={t("valueWaiting")}
          value={format.money(tiles.valueWaiting, report.currency, true)}
          note={t("openWork")}
        />
      </dl>
      <section aria-label={t("stuck")} className="grid gap-1 rounded-lg border border-line bg-surface p-4">
        <h2 className="text-sm font-semibold">{t("stuck")}</h2>
        {top.length === 0 && <p className="text-sm text-ink-2">{t("nothingStuck")}</p>}
        {top.map((row) => (
          <p key={row.node} className="text-sm">
            <Link href={href({ step: row.node })} className="font-semibold text-accent-text hover:underline">
              {name(row.node)}
            </Link>{" "}
            {t("sentence", {
              days: format.number(row.meanWait),
              n: row.n,
              value: format.money(row.meanValue, report.currency, true),
              share: format.percent(row.share),
              certainty: t(`certainty.${row.certainty}`),
            })}
          </p>
        ))}
      </section>
      {report.rows.length === 0 ? (
        <Empty icon={BarChart3} title={t("empty", { days })} text={t("emptyText", { days })} />
      ) : (
        <BottleneckTable report={report} step={step} href={href} />
      )}
      {visits && step && (
        <VisitTable visits={visits} name={name(step)} currency={report.currency} close={href({ step: null })} />
      )}
    </div>
  );
}

const Tile = ({ label, value, note }: { label: string; value: string; note: string }) => (
  <div className="grid gap-0.5 rounded-lg border border-line bg-surface p-3">
    <dt className="text-xs text-ink-3">{label}</dt>
    <dd className="text-2xl font-semibold tabular-nums">{value}</dd>
    <dd className="text-xs text-ink-3">{note}</dd>
  </div>
);

/** The table as a file; cells that a spreadsheet would run are made text. */
function csvOf(report: Report, t: (key: string) => string): string {
  const cell = (value: string | number | null) => {
    const text = value === null ? "" : String(value);
    const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const head = [
    "rank",
    "step",
    "n",
    "meanWait",
    "meanValue",
    "delay",
    "share",
    "waitP50",
    "waitP85",
    "queue",
    "touch",
    "blocked",
    "idle",
    "slaAttainment",
    "reworkRate",
    "wip",
  ] as const;
  const rows = report.rows.map((r) =>
    head.map((key) => cell(key === "step" ? (report.names[r.node]?.name ?? r.node) : r[key])),
  );
  return `data:text/csv;charset=utf-8,${encodeURIComponent([head.map((h) => cell(t(`column.${h}`))), ...rows].map((r) => r.join(",")).join("\r\n"))}`;
}
