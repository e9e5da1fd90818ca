/** Those who run the product: the queue, what was given up, and a restored copy that sends nothing until it is told to. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { findHold, jobTotals, listJobs, outgoingByKind, timersByProcess } from "@/db/queries/jobs.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { Store } from "@/db/store.ts";
import { millrace } from "@/server/cli/millrace.ts";
import { discardJobs, replayJobs } from "@/server/commands/jobs/given-up.ts";
import { retryIncidents } from "@/server/commands/retry-incidents.ts";
import { releaseOutgoing } from "@/server/commands/jobs/release-outgoing.ts";
import type { Outcome } from "@/server/effects/dispatch.ts";
import { readHealth } from "@/server/runtime/health.ts";
import { nameTimer } from "@/server/inbox/name-timer.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { idMaker } from "@/server/runtime/ids.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";

const hour = 3_600_000;
const thank = {
  key: "thank",
  name: "Thank",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    {
      id: "mail",
      kind: "automation",
      name: "Mail",
      actions: [{ verb: "send_template", template: "thanks", to: "ae" }],
    },
    { id: "rest", kind: "wait", name: "A day", config: { for: "duration", duration: "P1D" } },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "mail" },
    { id: "e2", from: "mail", to: "rest" },
    { id: "e3", from: "rest", to: "done" },
  ],
};

/** The bench with a world outside that answers as it is told, and counts what reached it. */
async function reaching(store: Store) {
  const bench = await openBench(store);
  await bench.publish(thank);
  const account = await bench.record("account", { name: "Lotus Foods", owner_id: "lan" });
  const outside = { answer: { ok: true, result: null } as Outcome, keys: [] as string[] };
  const engine = startEngine({
    store,
    clock: bench.clock,
    newId: idMaker(bench.clock.now),
    send: async (_effect, key) => {
      outside.keys.push(key);
      return outside.answer;
    },
    onError: (error) => {
      throw error;
    },
  });
  const jobs = async (state: "due" | "later" | "dead") =>
    listJobs(store, bench.workspaceId, { state, kind: "mail" }, bench.clock.now(), { after: null, limit: 50 });
  const start = async () => bench.start("thank", account, "account");
  return { bench, engine, outside, jobs, start };
}

describeOnBoth("jobs", (open) => {
  it("are counted by kind, given up with their cause, and sent once more or put away", async () => {
    const { bench, engine, outside, jobs, start } = await reaching(await open());
    const { store, workspaceId, clock } = bench;
    outside.answer = { ok: false, text: "Nobody is there.", final: true };
    const runs = [await start(), await start()];
    const totals = async () =>
      Object.fromEntries((await jobTotals(store, workspaceId, clock.now())).map((one) => [one.kind, one]));
    expect(await totals()).toMatchObject({
      mail: { waiting: 2, due: 0, dead: 0 },
      timer: { waiting: 2, due: 0, nextDue: clock.now() + 24 * hour },
    });
    clock.advance(60_000);
    expect(await totals()).toMatchObject({ mail: { due: 2, oldestDue: expect.any(Number) } });
    expect(await readHealth({ store, clock, engine }, workspaceId)).toMatchObject({
      due: 3,
      lag: expect.any(Number),
      dead: 0,
      incidents: 0,
    });
    await engine.worker.drain();
    expect(await totals()).toMatchObject({ mail: { waiting: 0, dead: 2 } });
    const dead = await jobs("dead");
    expect(dead).toMatchObject([
      { lastError: "Nobody is there.", attempts: 1, process: "thank", title: "Lotus Foods" },
      { lastError: "Nobody is there." },
    ]);

    // Sent once more: the incident goes with it, and it reaches the other side.
    outside.answer = { ok: true, result: null };
    const [first, second] = dead.toSorted((a, b) => Number(a.runId !== runs[0]) - Number(b.runId !== runs[0]));
    expect(await replayJobs(engine, bench.ask(), [first!.id])).toEqual([{ id: first!.id, result: "done", text: null }]);
    expect(Object.keys((await bench.run(runs[0]!)).incidents)).toEqual([]);
    clock.advance(60_000);
    await engine.worker.drain();
    expect(outside.keys).toHaveLength(3);
    expect(await jobs("dead")).toMatchObject([{ id: second!.id }]);
    // The second was retried from its incident: replaying the dead one would send the letter twice.
    expect(await retryIncidents(engine, bench.ask(), [{ runId: runs[1]!, incident: "i1" }])).toMatchObject({
      retried: [{ result: "moved" }],
    });
    expect(await replayJobs(engine, bench.ask(), [second!.id])).toEqual([
      { id: second!.id, result: "refused", text: "The run has gone on without it in the meantime. Put it away." },
    ]);
    expect(await discardJobs(engine, bench.ask(), [second!.id], "sent by hand")).toMatchObject([{ result: "done" }]);
    expect(await jobs("dead")).toEqual([]);
    const { audit } = store.t;
    const deeds = await store.read.select({ action: audit.action, detail: audit.detail }).from(audit);
    expect(deeds).toEqual(expect.arrayContaining([{ action: "jobs.discard", detail: "sent by hand" }]));

    const [timers] = await timersByProcess(store, workspaceId, clock.now() + 24 * hour);
    expect(timers).toMatchObject({ process: "thank", waiting: 2, late: 2 });
  });

  it("that wait for a time are named by the step and the SLA they are for", async () => {
    const bench = await openBench(await open());
    const drawn = {
      ...thank,
      key: "timed",
      slas: {
        reply: { name: "First reply", target: "4h" },
        whole: { name: "Whole deal", target: "P10D", starts: "run.started", stops: "run.completed" },
      },
      nodes: [
        { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
        { id: "both", kind: "parallel", name: "Both" },
        {
          id: "call",
          kind: "task",
          name: "Call them",
          role: "ae",
          slas: ["reply"],
          boundary: [{ id: "forgotten", kind: "timer", after: "P3D" }],
        },
        { id: "rest", kind: "wait", name: "A day", config: { for: "duration", duration: "P1D" } },
        { id: "done", kind: "end", name: "Done" },
      ],
      edges: [
        { id: "e1", from: "start", to: "both" },
        { id: "e2", from: "both", to: "call" },
        { id: "e3", from: "both", to: "rest" },
        { id: "e4", from: "call", to: "done" },
        { id: "e5", from: "rest", to: "done" },
        { id: "e6", from: "call", to: "done", port: "forgotten" },
      ],
    };
    await bench.publish(drawn);
    const id = await bench.start("timed", await bench.record("account", { name: "Lotus Foods" }), "account");
    await bench.send({ type: "snoozeWork", runId: id, work: "w1", until: bench.clock.now() + hour }, "lan");
    const run = await bench.run(id);
    const process = (await bench.engine.contexts.version(bench.workspaceId, "timed", run.version))!;
    const named = Object.values(run.timers).map((timer) => nameTimer(process, run, timer));
    expect(named.map(({ what, name, step }) => `${what} ${name} ${step}`.replaceAll(/ +/g, " ").trim()).sort()).toEqual(
      [
        "exit forgotten Call them",
        "sla First reply Call them",
        "slaOfRun Whole deal",
        "snooze Call them",
        "step done A day",
      ],
    );
  });

  it("that go out are held back while everything inside goes on, and let go without what was sent before", async () => {
    const { bench, engine, outside, jobs, start } = await reaching(await open());
    const { store, workspaceId, clock } = bench;
    await start();
    const hold = { workspaceId, since: clock.now() + 60_000, backupAt: clock.now() };
    await store.commit([{ workspaceId, guards: [], events: [], put: { outgoingHold: [hold] }, drop: {} }]);
    clock.advance(60_000);
    const later = await start();
    clock.advance(25 * hour);
    await engine.worker.drain();
    expect(outside.keys).toEqual([]);
    expect((await bench.run(later)).status).toBe("completed");
    expect(await jobs("due")).toMatchObject([{ attempts: 0 }, { attempts: 0 }]);
    expect(await outgoingByKind(store, workspaceId)).toMatchObject([{ kind: "mail", n: 2 }]);
    expect((await readHealth({ store, clock, engine }, null)).heldSince).toBe(hold.since);

    expect(await releaseOutgoing(engine, bench.ask(), { discardOld: true })).toEqual({ ok: true, discarded: 1 });
    await engine.worker.drain();
    expect(outside.keys).toHaveLength(1);
    expect(outside.keys[0]).toContain(later);
    expect(await findHold(store, workspaceId)).toBeNull();
    expect(await releaseOutgoing(engine, bench.ask(), { discardOld: false })).toMatchObject({ code: "CONFLICT" });
  });
});

const folder = mkdtempSync(path.join(tmpdir(), "millrace-backup-"));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function cli(data: string, ...words: string[]) {
  vi.stubEnv("MILLRACE_DATA", path.join(folder, data));
  const said: string[] = [];
  const complained: string[] = [];
  const code = await millrace(words, { say: (text) => said.push(text), complain: (text) => complained.push(text) });
  return { code, said: said.join("\n"), complained: complained.join("\n") };
}

it("a backup is checked when it is written, restored into an empty folder, and sends nothing until released", async () => {
  const file = path.join(folder, "old", "millrace.db");
  const { bench, start } = await reaching(openSqlite({ file, threads: false }));
  await start();
  const copy = path.join(folder, "copy.db");
  expect(await cli("old", "backup", copy)).toMatchObject({ code: 0, said: expect.stringContaining("is whole") });
  expect(await cli("old", "backup", copy)).toMatchObject({ code: 1 });
  expect(await cli("old", "restore", copy)).toMatchObject({
    code: 1,
    complained: expect.stringContaining("There is data in"),
  });
  await bench.store.close();
  expect(await cli("new", "restore", copy, "--json")).toMatchObject({ code: 0 });
  const store = openSqlite({ file: path.join(folder, "new", "millrace.db"), threads: false });
  const restored = await openBench(store, bench.clock.now() + hour);
  await restored.engine.worker.drain();
  expect(restored.sent).toEqual([]);
  expect(await outgoingByKind(store, "ws_test")).toMatchObject([{ kind: "mail", n: 1 }]);
  expect(await releaseOutgoing(restored.engine, restored.ask(), { discardOld: false })).toEqual({
    ok: true,
    discarded: 0,
  });
  await restored.engine.worker.drain();
  expect(restored.sent).toMatchObject([{ kind: "mail" }]);
  await store.close();
});

it("a backup whose log was changed is refused, and nothing is left behind", async () => {
  const file = path.join(folder, "changed", "millrace.db");
  const { bench, start } = await reaching(openSqlite({ file, threads: false }));
  await start();
  const copy = path.join(folder, "changed.db");
  await bench.store.close();
  expect((await cli("changed", "backup", copy)).code).toBe(0);
  const forged = openSqlite({ file: copy, threads: false });
  forged.writer.exec("update event set data = '{}' where seq = 3");
  await forged.close();
  const answer = await cli("none", "restore", copy);
  expect(answer).toMatchObject({ code: 1, complained: expect.stringContaining("Event 3 of ws_test was changed") });
  expect(existsSync(path.join(folder, "none", "millrace.db"))).toBe(false);
  expect((await cli("none", "restore", path.join(folder, "absent.db"))).complained).toContain("There is no file");
});
