/** A million timers that wait: how long a server takes to start over them, and how late those are that fall due meanwhile. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { Store } from "@/db/store.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { openBench } from "@/tests/stories/bench.ts";
import type { Figure } from "./figure.ts";
import { watched } from "./watched.ts";

const pending = 1_000_000;
/** Runs whose wait ends while it is measured, and how many of them a second. */
const due = 1000;
const aSecond = 200;

const waits = {
  key: "waits",
  name: "Waits",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start" },
    { id: "hour", kind: "wait", name: "An hour", config: { for: "duration", duration: "PT1H" } },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "hour" },
    { id: "e2", from: "hour", to: "done" },
  ],
};

export async function timers(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-bench-"));
  const file = path.join(folder, "timers.db");
  const first = await prepare(file);

  const begin = performance.now();
  const opened = openSqlite({ file });
  // One second before the first of them is due.
  const clock = { now: () => first - 1000 + (performance.now() - begin) };
  const late: number[] = [];
  let claimed: number | null = null;
  const told = watched(opened, (sets) => {
    for (const { events } of sets)
      for (const { type, data } of events) if (type === "TimerFired") late.push(clock.now() - data.due);
  });
  const store: Store = {
    ...told,
    claimJobs: async (...given) => {
      const jobs = await opened.claimJobs(...given);
      claimed ??= performance.now() - begin;
      return jobs;
    },
  };
  const errors: unknown[] = [];
  const engine = startEngine({
    store,
    clock,
    newId: countedIds(),
    send: async () => ({ ok: true, result: null }),
    onError: (error) => errors.push(error),
  });
  engine.worker.start();
  const end = first + (due / aSecond) * 1000 + 60_000;
  while (late.length < due && clock.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
  await engine.worker.stop();
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
  if (errors.length) throw errors[0];
  if (late.length < due) throw new Error(`only ${late.length} of ${due} timers rang`);

  late.sort((a, b) => a - b);
  const p99 = late[Math.floor(late.length * 0.99)]!;
  const started = claimed ?? Number.POSITIVE_INFINITY;
  const none = { reference: null, ratio: null };
  return [
    {
      name: "start-up over a million pending timers, until the first look for what is due",
      value: started,
      unit: "ms",
      ...none,
      goal: "≤ 3 s",
      ok: started <= 3000,
    },
    {
      name: `p99 lateness of timers, ${aSecond} due a second beside a million that wait`,
      value: p99,
      unit: "ms",
      ...none,
      goal: "≤ 2 s",
      ok: p99 <= 2000,
    },
  ];
}

/** The file: runs that fall due one after the other, and a million timers of a year from then on. When the first is due. */
async function prepare(file: string): Promise<number> {
  const store = openSqlite({ file });
  const bench = await openBench(store);
  await bench.publish(waits);
  const account = await bench.record("account", { name: "Acme" });
  const first = bench.clock.now() + 3_600_000;
  for (let i = 0; i < due; i += aSecond / 10) {
    await Promise.all(Array.from({ length: aSecond / 10 }, () => bench.start("waits", account, "account")));
    bench.clock.advance(100);
  }
  store.writer
    .prepare(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
       insert into job (id, workspace_id, kind, run_id, payload, due_at, lease, attempts)
       select 'ws_test:run_filler_' || i || ':m1', 'ws_test', 'timer', 'run_filler_' || i, '{"timer":"m1"}', ? + (i * 7919 % 31536000) * 1000, 0, 0 from n`,
    )
    .run(pending, first + 3_600_000);
  await store.close();
  return first;
}
