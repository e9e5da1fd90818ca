import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { eventsOf } from "@/db/queries/runs.ts";
import { importLog } from "@/server/commands/import-log.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { readLog } from "@/server/interop/read-log.ts";
import { readReport } from "@/server/reports/read-report.ts";
import { onSqlite } from "../support/databases.ts";
import { type Bench, openBench } from "./bench.ts";

const folder = path.join(process.cwd(), "../shared/data/event-logs");
const file = (name: string) => readFileSync(path.join(folder, name));
const now = Date.UTC(2026, 2, 2, 2);

async function bring(
  bench: Bench,
  { fileName, bytes, clock }: { fileName: string; bytes: Uint8Array; clock: "written" },
) {
  const reading = await readLog(bytes, {}, { clock });
  if (!reading.ok) throw new Error(reading.problem.text);
  const answer = await importLog(bench.engine, bench.ask(), { fileName, reading });
  if (!answer.ok) throw new Error(answer.text);
  return answer;
}

const open = onSqlite();

it.runIf(existsSync(folder))(
  "a bank's 77,586 events stand in the stored visits, the log's order and the report exactly as others counted them",
  async () => {
    const name = "bpic2012-early.csv.gz";
    const bench = await openBench(await open(), now);
    const began = performance.now();
    // The oracle read the clock as written; the moments meant differ by the hour of 30 October.
    const answer = await bring(bench, { fileName: name, bytes: file(name), clock: "written" });
    const seconds = (performance.now() - began) / 1000;
    expect(seconds).toBeLessThan(60);
    expect(answer).toMatchObject({ cases: 3760, events: 77_586, visits: 48_711, failed: 0 });
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
    const oracle = JSON.parse(file("oracle/bpic2012-early.stats.json").toString()) as Oracle;
    const times = JSON.parse(file("oracle/bpic2012-early.lifecycle.json").toString()) as {
      activities: Record<string, Pairs>;
    };
    const { read, t } = bench.store;
    const names = await activityNames(bench, answer.process);

    // Cases and their durations.
    const runs = await read.select().from(t.run);
    expect(runs.filter((run) => run.status === "completed")).toHaveLength(oracle.n_cases);
    const durations = runs.map((run) => (run.endedAt! - run.startedAt) / 1000);
    expect(median(durations)).toBeCloseTo(oracle.case_duration_seconds.median, 3);

    // Events per activity, queue and work times, from the stored visits.
    const visits = await read.select().from(t.stepVisit);
    const done = new Map<string, typeof visits>();
    for (const visit of visits.filter((one) => !one.cancelled)) {
      const activity = names.get(visit.node)!;
      done
        .set(activity, done.get(activity) ?? [])
        .get(activity)!
        .push(visit);
    }
    expect(Object.fromEntries([...done].map(([activity, all]) => [activity, all.length]))).toEqual(
      Object.fromEntries(Object.entries(oracle.activities).map(([activity, { events }]) => [activity, events])),
    );
    for (const [activity, { start_to_complete: work }] of Object.entries(times.activities)) {
      const touched = (done.get(activity) ?? []).filter((visit) => visit.startRecorded);
      if (work.n === 0) continue;
      expect([activity, touched.length]).toEqual([activity, work.n]);
      expect(median(touched.map((visit) => visit.touchMs / 1000))).toBeCloseTo(work.median_s, 3);
    }

    // Who follows whom, and how long after: from the order of the log's own facts.
    const follows = new Map<string, number>();
    const elapsed = new Map<string, number[]>();
    for (let i = 0; i < runs.length; i += 400) {
      const ids = runs.slice(i, i + 400).map((run) => run.id);
      const last = new Map<string, { node: string; at: number }>();
      for (const event of await eventsOf(bench.store, bench.workspaceId, "run", ids, 100_000)) {
        if (event.type !== "TokenLeft" || event.data.cancelled) continue;
        const node = names.get(event.data.node)!;
        const before = last.get(event.stream.id);
        if (before) {
          const key = `${before.node} > ${node}`;
          follows.set(key, (follows.get(key) ?? 0) + 1);
          elapsed.set(node, [...(elapsed.get(node) ?? []), (event.at - before.at) / 1000]);
        }
        last.set(event.stream.id, { node, at: event.at });
      }
    }
    expect(Object.fromEntries(follows)).toEqual(
      Object.fromEntries(oracle.dfg.edges.map(({ from, to, count }) => [`${from} > ${to}`, count])),
    );
    for (const [activity, { elapsed_since_previous_event_s: spread }] of Object.entries(oracle.activities))
      if (spread.n > 0) expect(median(elapsed.get(activity) ?? [])).toBeCloseTo(spread.median, 3);

    // The report counts the same, and the time in a step that only ends is the time since the step before it.
    const report = await readReport(bench.engine, bench.workspaceId, period(answer.process, 2011, 2012, "wall"), now);
    for (const row of report!.rows) {
      const activity = names.get(row.node)!;
      const counted = oracle.activities[activity];
      if (!counted) continue;
      expect([activity, row.completions]).toEqual([activity, counted.events]);
      const onlyEnds = (done.get(activity) ?? []).every((visit) => !visit.startRecorded);
      if (onlyEnds && counted.elapsed_since_previous_event_s.n === counted.events)
        expect(row.cycleP50! * 86_400).toBeCloseTo(counted.elapsed_since_previous_event_s.median, 3);
    }
  },
  240_000,
);

type Spread = { n: number; median: number };
type Oracle = {
  n_cases: number;
  case_duration_seconds: Spread;
  activities: Record<string, { events: number; elapsed_since_previous_event_s: Spread }>;
  dfg: { edges: { from: string; to: string; count: number }[] };
};
type Pairs = { start_to_complete: { n: number; median_s: number } };

async function activityNames(bench: Bench, key: string): Promise<Map<string, string>> {
  const version = await bench.engine.contexts.version(bench.workspaceId, key, 1);
  return new Map(version!.document.nodes.map((node) => [node.id, node.name]));
}

const period = (process: string, from: number, to: number, time: "wall" | "work") => ({
  process,
  from: Date.UTC(from, 0, 1),
  to: Date.UTC(to, 11, 31),
  time,
});

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) / 2;
  return (sorted[Math.floor(at)]! + sorted[Math.ceil(at)]!) / 2;
}
