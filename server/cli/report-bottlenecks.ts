import { lastAtOf } from "@/db/queries/reports.ts";
import type { Store } from "@/db/store.ts";
import { writeCsv } from "@/server/interop/csv/write-csv.ts";
import { readReport } from "@/server/reports/read-report.ts";
import { openWorkspace } from "./open-workspace.ts";
import type { Outcome, Verb } from "./verb.ts";

const dayMs = 86_400_000;

export const verb: Verb = {
  usage: "report bottlenecks --process KEY [--days N | --from DATE --to DATE] [--wall] [--csv] [--json]",
  about:
    "Rank the steps of a process by the delay they contribute, as the report screen does: the last 90 days, or up to the last event of a process that has been still for longer. --wall counts every hour, not work time.",
  flags: ["process", "days", "from", "to"],
  switches: ["csv", "wall"],
  arguments: { least: 0, most: 0 },
  async run({ flags, switches }): Promise<Outcome> {
    if (!flags.process) return { refused: "Say which process: --process KEY." };
    const days = Number(flags.days ?? 90);
    if (!Number.isInteger(days) || days < 1) return { refused: "--days takes a whole number of days." };
    const opened = await openWorkspace();
    if (!opened.ok) return { refused: opened.text };
    try {
      const now = opened.clocks.of(opened.workspaceId).now();
      const to = flags.to ? dateOf(flags.to, 1) : await lastEvent(opened.store, opened.workspaceId, flags.process, now);
      const from = flags.from ? dateOf(flags.from, 0) : (to ?? now) - days * dayMs;
      if (to === null || from === null || from >= to)
        return { refused: "--from and --to take dates like 2026-03-31, the first before the second." };
      const query = { process: flags.process, from, to, ...(switches.has("wall") && { time: "wall" as const }) };
      const report = await readReport(opened, opened.workspaceId, query, now);
      if (!report) return { refused: `There is no process ${flags.process} with a published version.` };
      const header = [
        "rank",
        "step",
        "visits",
        "mean_wait_days",
        "mean_value",
        "delay_contributed",
        "share",
        "sla_attainment",
        "wip",
      ];
      const rows = report.rows.map((r) => [
        r.rank,
        report.names[r.node]?.name ?? r.node,
        r.n,
        r.meanWait,
        r.meanValue,
        r.delay,
        r.share,
        r.slaAttainment,
        r.wip,
      ]);
      const table = rows.map((row) =>
        row.map((cell) => (typeof cell === "number" ? Number(cell.toFixed(3)) : (cell ?? "–"))).join("\t"),
      );
      return {
        data: report,
        text: switches.has("csv")
          ? [...writeCsv(header, rows)].join("").trimEnd()
          : [header.join("\t"), ...table].join("\n"),
      };
    } finally {
      await opened.store.close();
    }
  },
};

/** The start of a day in UTC, `after` days later; null when it is no date. */
function dateOf(text: string, after: number): number | null {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(at) ? at + after * dayMs : null;
}

/** Now, or the instant after the last event of a process that nothing has happened in for the default period. */
async function lastEvent(store: Store, workspaceId: string, process: string, now: number): Promise<number> {
  const last = await lastAtOf(store, workspaceId, process);
  return last === null || last > now - 90 * dayMs ? now : last + 1;
}
