import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { importLog } from "@/server/commands/import-log.ts";
import { undoLogImport } from "@/server/commands/undo-log-import.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { readLog } from "@/server/interop/read-log.ts";
import { visitsOf } from "@/server/mining/visits.ts";
import { readReport } from "@/server/reports/read-report.ts";
import { describeOnBoth, onSqlite } from "../support/databases.ts";
import { type Bench, openBench } from "./bench.ts";

const folder = path.join(process.cwd(), "../shared/data/event-logs");
const dayMs = 86_400_000;

async function bring(bench: Bench, file: string, bytes = readFileSync(path.join(folder, file))) {
  // The other tool read clock times as they are written; in true time the change of clocks moves one median by an hour.
  const reading = await readLog(bytes, {}, { clock: "written" });
  if (!reading.ok) throw new Error(reading.problem.text);
  const answer = await importLog(bench.engine, bench.ask(), { fileName: file, reading });
  if (!answer.ok) throw new Error(answer.text);
  return answer;
}

const small = [
  "case,activity,start,end,user",
  "A,Call,2026-03-02T08:00:00Z,2026-03-02T08:30:00Z,Lan",
  "A,Offer,2026-03-02T10:00:00Z,2026-03-02T11:00:00Z,Minh",
  "A,Sign,2026-03-03T09:00:00Z,2026-03-03T09:10:00Z,Minh",
  "B,Call,2026-03-02T09:00:00Z,2026-03-02T09:20:00Z,Lan",
  "B,Offer,2026-03-02T12:20:00Z,2026-03-02T13:20:00Z,Minh",
  "B,Offer,2026-03-04T13:20:00Z,2026-03-04T14:20:00Z,Minh",
  "B,Sign,2026-03-04T15:20:00Z,2026-03-04T15:30:00Z,Minh",
].join("\n");

describeOnBoth("a log", (open) => {
  it("becomes the history of a process that reports, verifies, and can be taken back", async () => {
    const bench = await openBench(await open(), Date.UTC(2026, 2, 10));
    const answer = await bring(bench, "offers.csv", Buffer.from(small));
    expect(answer).toMatchObject({ process: "offers", version: 1, cases: 2, open: 0, visits: 7, failed: 0 });
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, runs: 2, records: 2 });
    const query = {
      process: "offers",
      from: answer.from - 1,
      to: answer.to + 1,
      time: "wall" as const,
      weighting: "time" as const,
    };
    const report = await readReport(bench.engine, bench.workspaceId, query, bench.clock.now());
    const [first] = report!.rows;
    // Offer waited 1.5 h after A's call, 3 h after B's, and two days before it was made again.
    expect(report!.names[first!.node]?.name).toBe("Offer");
    expect(first).toMatchObject({ n: 3, reworkRate: 0.5 });
    expect(first!.delay * 24).toBeCloseTo(1.5 + 3 + 48, 6);
    expect(report!.tiles.throughput.value).toBe(2);

    expect(await undoLogImport(bench.engine, bench.ask(), answer.importId)).toMatchObject({
      removed: 2,
      kept: 0,
      retired: true,
    });
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({
      ok: true,
      runs: 0,
      records: 0,
      rows: 0,
    });
    expect(await undoLogImport(bench.engine, bench.ask(), answer.importId)).toMatchObject({
      ok: false,
      code: "CONFLICT",
    });
  });

  it("joins the history of a process it was made for before, and leaves what was there when it is taken back", async () => {
    const bench = await openBench(await open(), Date.UTC(2026, 2, 10));
    await bring(bench, "offers.csv", Buffer.from(small));
    await bring(bench, "other.csv", Buffer.from(small));
    const reading = await readLog(Buffer.from(small.replaceAll("2026-03", "2026-02")));
    if (!reading.ok) throw new Error(reading.problem.text);
    const input = { fileName: "february.csv", reading, process: "offers" };
    const answer = await importLog(bench.engine, bench.ask(), input);
    expect(answer).toMatchObject({ ok: true, process: "offers", cases: 2 });
    const verdict = () => verifyWorkspace(bench.engine, bench.workspaceId);
    expect(await verdict()).toMatchObject({ ok: true, runs: 6, records: 4 });
    if (answer.ok) await undoLogImport(bench.engine, bench.ask(), answer.importId);
    expect(await verdict()).toMatchObject({ ok: true, runs: 4, records: 4 });
  });

  it("is refused whole where the process it is for lacks a step", async () => {
    const bench = await openBench(await open(), Date.UTC(2026, 2, 10));
    await bring(bench, "offers.csv", Buffer.from(small));
    const reading = await readLog(Buffer.from(`${small}\nC,Fax,2026-03-05T08:00:00Z,2026-03-05T08:30:00Z,Lan`));
    if (!reading.ok) throw new Error(reading.problem.text);
    const answer = await importLog(bench.engine, bench.ask(), { fileName: "more.csv", reading, process: "offers" });
    expect(answer).toMatchObject({
      ok: false,
      text: "The process offers has no step named “Fax”. Nothing was imported; name another process, or leave it out to make one of the log.",
    });
  });
});

type Spread = { n: number; median: number };
type Oracle = {
  n_cases: number;
  activities: Record<string, { events: number; elapsed_since_previous_event_s?: Spread }>;
  case_duration_seconds: Spread;
};

const openBank = onSqlite();

it.runIf(existsSync(folder))(
  "a bank's funnel of 3,760 applications stands in the report as another tool counted it, from the table as from the XES file",
  async () => {
    const oracle = JSON.parse(readFileSync(path.join(folder, "oracle/bpic2012-early.stats.json"), "utf8")) as Oracle;
    const bench = await openBench(await openBank(), Date.UTC(2012, 5, 1));
    const answer = await bring(bench, "bpic2012-early.csv.gz");
    expect(answer).toMatchObject({ cases: oracle.n_cases, failed: 0 });
    const query = { process: answer.process, from: answer.from - 1, to: answer.to + dayMs, time: "wall" as const };
    const report = (await readReport(bench.engine, bench.workspaceId, query, bench.clock.now()))!;
    const rows = new Map(report.rows.map((row) => [report.names[row.node]!.name, row]));
    for (const [activity, { events, elapsed_since_previous_event_s: elapsed }] of Object.entries(oracle.activities)) {
      const row = rows.get(activity);
      expect([activity, row?.completions]).toEqual([activity, events]);
      // Where the log has neither schedule nor start, a visit lasts from the event before: the other tool's elapsed time.
      if (elapsed && elapsed.n === events && /^[AO]_/.test(activity)) {
        const seconds = (row!.cycleP50 ?? 0) * 86_400;
        expect([activity, Math.abs(seconds - elapsed.median) < 0.002]).toEqual([activity, true]);
      }
    }
    expect(report.tiles.throughput.value).toBe(oracle.n_cases - answer.open);
    const days = oracle.case_duration_seconds.median / 86_400;
    expect(Math.abs((report.tiles.cycle.value ?? 0) - days)).toBeLessThan(0.02 * days);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, runs: oracle.n_cases });

    const [table, xes] = await Promise.all(
      ["bpic2012-early.csv.gz", "bpic2012-early.xes.gz"].map((file) => readLog(readFileSync(path.join(folder, file)))),
    );
    if (!table?.ok || !xes?.ok) throw new Error("one of the two could not be read");
    expect(visitsOf(xes.log)).toEqual(visitsOf(table.log));
  },
  180_000,
);
