import { writeCsv } from "@/server/interop/csv/write-csv.ts";
import { readReport } from "@/server/reports/read-report.ts";
import { machineClock } from "@/server/runtime/clock.ts";
import { openWorkspace } from "./open-workspace.ts";
import type { Outcome, Verb } from "./verb.ts";

const dayMs = 86_400_000;

export const verb: Verb = {
  usage: "report bottlenecks --process KEY [--days N] [--csv] [--json]",
  about: "Rank the steps of a process by the delay they contribute, as the report screen does.",
  flags: ["process", "days"],
  switches: ["csv"],
  arguments: { least: 0, most: 0 },
  async run({ flags, switches }): Promise<Outcome> {
    if (!flags.process) return { refused: "Say which process: --process KEY." };
    const days = Number(flags.days ?? 90);
    if (!Number.isInteger(days) || days < 1) return { refused: "--days takes a whole number of days." };
    const opened = await openWorkspace();
    if (!opened.ok) return { refused: opened.text };
    try {
      const now = machineClock.now();
      const query = { process: flags.process, from: now - days * dayMs, to: now };
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
