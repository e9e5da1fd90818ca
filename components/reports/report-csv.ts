import type { Report } from "./report-screen.tsx";

const columns = [
  "from",
  "to",
  "rank",
  "step",
  "n",
  "meanWait",
  "meanValue",
  "delay",
  "delayFrom",
  "delayTo",
  "share",
  "waitP50",
  "waitP85",
  "queue",
  "touch",
  "blocked",
  "idle",
  "flowEfficiency",
  "slaAttainment",
  "slaMet",
  "slaBreached",
  "reworkRate",
  "arrivals",
  "completions",
  "wip",
  "wipAgeP50",
  "wipAgeP90",
  "assumed",
] as const;

/** The table as a file, each line with its period. */
export function reportCsv(report: Report, t: (key: string) => string): string {
  const [from, to] = [report.from, report.to].map((at) => new Date(at).toISOString());
  const rows = report.rows.map((row) => {
    const [delayFrom, delayTo] = row.delayInterval;
    const written = { ...row, from, to, step: report.names[row.node]?.name ?? row.node, delayFrom, delayTo };
    return columns.map((key) => written[key] ?? null);
  });
  return csvText([columns.map((key) => t(`column.${key}`)), ...rows]);
}

/** Cells that a spreadsheet would run are made text. */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (value: string | number | null) => {
    const text = value === null ? "" : String(value);
    const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => row.map(cell).join(",")).join("\r\n");
}
