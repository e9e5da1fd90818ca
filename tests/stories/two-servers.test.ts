/** Two servers on one PostgreSQL: each takes the log's head to be where it left it, for as long as that is so. */
import postgres from "postgres";
import { afterAll, expect, inject, it } from "vitest";
import { openPostgres } from "@/db/postgres/store.ts";
import { startLine, stopLine } from "@/server/commands/stop-line.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { openBench } from "./bench.ts";

const loop = {
  key: "loop",
  name: "Loop",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start" },
    {
      id: "call",
      kind: "task",
      name: "Call",
      role: "ae",
      config: {
        outcomes: [
          { id: "again", label: "Again" },
          { id: "stop", label: "Stop" },
        ],
      },
    },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", port: "again", to: "call", rework: true },
    { id: "e3", from: "call", port: "stop", to: "done" },
  ],
};

const name = `two_${process.pid}_${Math.floor(performance.now())}`;
const databases: string[] = [];
const closing: (() => Promise<unknown>)[] = [];
async function admin(statement: string): Promise<void> {
  const sql = postgres(inject("postgresUrl"), { max: 1, onnotice: () => {} });
  await sql.unsafe(statement);
  await sql.end();
}
afterAll(async () => {
  for (const close of closing) await close();
  for (const one of databases) await admin(`drop database if exists ${one} with (force)`);
});

const rest = {
  key: "rest",
  name: "Rest",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  slas: { soon: { name: "Soon", target: "PT4H", calendar: "always" } },
  calendars: {
    always: {
      zone: "UTC",
      holidays: "none",
      week: Object.fromEntries(
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, [{ from: "00:00", to: "24:00" }]]),
      ),
    },
  },
  nodes: [
    { id: "start", kind: "start", name: "Start" },
    { id: "write", kind: "task", name: "Write", role: "ae" },
    { id: "call", kind: "task", name: "Call", role: "ae", slas: ["soon"] },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "write" },
    { id: "e2", from: "write", to: "call" },
    { id: "e3", from: "call", to: "done" },
  ],
};

/** Two servers on a database of their own. `deaf`: the second never hears what the first has written. */
async function twoServers(name: string, { deaf = false } = {}) {
  await admin(`create database ${name}`);
  databases.push(name);
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  const stores = [await openPostgres({ url: url.href }), await openPostgres({ url: url.href })] as const;
  for (const store of stores) closing.push(() => store.close());
  const bench = await openBench(stores[0]);
  const second = startEngine({
    store: deaf ? { ...stores[1], onCommit: () => () => {} } : stores[1],
    clock: bench.clock,
    newId: countedIds(5000),
    send: async () => ({ ok: true, result: null }),
    onError: (error) => bench.errors.push(error),
  });
  return { bench, second };
}

it("one that has not heard of a stop lets a run in, and its clock is held as soon as another hears of it", async () => {
  const { bench, second } = await twoServers(`${name}_stop`, { deaf: true });
  const { workspaceId, clock } = bench;
  await bench.publish(rest);
  const begin = async (company: string) =>
    bench.start("rest", await bench.record("account", { name: company }), "account");
  const late = await begin("Lotus");
  // The second has read the settings by now, and hears no more.
  expect((await second.contexts.get(workspaceId, clock.now())).stops.size).toBe(0);
  const line = { process: "rest", node: "call" };
  await stopLine(bench.engine, { ...bench.ask(), memberId: "linh" }, { ...line, reason: "wrong", clocks: "pause" });
  await bench.engine.worker.drain();
  clock.advance(60_000);
  const done = { type: "completeWork", runId: late, work: "w1", outcome: null, values: {} } as const;
  const by = { workspaceId, at: clock.now(), actor: { kind: "member", id: "lan" } } as const;
  expect(await second.loop.submit({ ...done, ...by, id: "late" })).toMatchObject({ ok: true });
  const clockOf = async () => Object.values((await bench.run(late)).clocks)[0]?.clock.state;
  await expect.poll(clockOf, { timeout: 5_000 }).toBe("paused");
  expect((await verifyWorkspace(bench.engine, workspaceId)).problems).toEqual([]);
  // Started again, it counts on.
  await startLine(bench.engine, { ...bench.ask(), memberId: "linh" }, line);
  await bench.engine.worker.drain();
  expect(await clockOf()).toBe("in_progress");
  expect(bench.errors).toEqual([]);
});

it("write by turns, alone and at the same moment: every step is stored once, and the log is whole", async () => {
  const { bench, second } = await twoServers(name);
  const servers = [bench.engine, second];
  await bench.publish(loop);
  const run = async () =>
    bench.start("loop", await bench.record("account", { name: "Lotus Foods", owner_id: "lan" }), "account");
  const runs = [await run(), await run(), await run()];
  const done = new Map<string, number>();

  async function call(server: number, runId: string): Promise<void> {
    const work = (done.get(runId) ?? 0) + 1;
    done.set(runId, work);
    const answer = await servers[server]!.loop.submit({
      id: `call-${runId}-${work}`,
      workspaceId: bench.workspaceId,
      runId,
      at: bench.clock.now(),
      actor: { kind: "member", id: "lan" },
      type: "completeWork",
      work: `w${work}`,
      outcome: "again",
      values: {},
    });
    expect(answer).toMatchObject({ ok: true });
  }

  const [a, b, c] = runs as [string, string, string];
  for (let n = 0; n < 4; n++) await call(0, a);
  for (const server of [1, 1, 1, 0, 1, 0, 0, 0, 1]) await call(server, a);
  for (let n = 0; n < 5; n++) await Promise.all([call(0, a), call(1, b), call(0, c)]);

  for (const id of runs) expect((await bench.run(id)).work).toHaveProperty(`w${done.get(id)! + 1}`);
  const verified = await verifyWorkspace(second, bench.workspaceId);
  expect(verified.problems).toEqual([]);
  expect(bench.errors).toEqual([]);
});
