/** Two servers on one PostgreSQL: each takes the log's head to be where it left it, for as long as that is so. */
import { afterAll, expect, inject, it } from "vitest";
import { openPostgres } from "@/db/postgres/store.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { run } from "../support/postgres.ts";
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
const closing: (() => Promise<unknown>)[] = [];
const admin = (statement: string) => run(inject("postgresUrl"), statement);
afterAll(async () => {
  for (const close of closing) await close();
  await admin(`drop database if exists ${name} with (force)`);
});

it("write by turns, alone and at the same moment: every step is stored once, and the log is whole", async () => {
  await admin(`create database ${name}`);
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  const stores = [await openPostgres({ url: url.href }), await openPostgres({ url: url.href })];
  for (const store of stores) closing.push(() => store.close());
  const bench = await openBench(stores[0]!);
  const second = startEngine({
    store: stores[1]!,
    clock: bench.clock,
    newId: countedIds(5000),
    send: async () => ({ ok: true, result: null }),
    onError: (error) => bench.errors.push(error),
  });
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
