/** On PostgreSQL a group of commands is sent in pieces, each while the next is decided: all of them are written, or none. */
import { describe, expect, it } from "vitest";
import type { openPostgres } from "@/db/postgres/store.ts";
import type { Store, Turns } from "@/db/store.ts";
import { databaseAway } from "@/db/trouble.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { onPostgres } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { openBench } from "./bench.ts";

type Postgres = Awaited<ReturnType<typeof openPostgres>>;

/** More than three pieces' worth. */
const many = 100;
const steps = textGraph("steps", "first:task\nsecond:task\nmore:automation\nstart -> first -> second -> more -> done", {
  recordType: "account",
  runPolicy: "many",
  slas: { soon: { name: "Soon", target: "PT8H" } },
  nodes: {
    first: { slas: ["soon"] },
    more: { actions: [{ verb: "set", field: "account.employee_count", value: "7" }] },
  },
});

describe.skipIf(process.env.TEST_SHORT)("a group of commands on PostgreSQL", () => {
  const open = onPostgres();

  /** A hundred runs on one desk; `between` happens after a piece was sent and before the next is decided. */
  async function desk(between: (store: Postgres, pieces: number) => Promise<void> = async () => {}) {
    const store = (await open()) as Postgres;
    const network = { isUp: true, slow: async () => {} };
    let pieces = 0;
    let watched = false;
    const watch = (turns: Turns): Turns => ({
      ...turns,
      async begin(workspaceId) {
        if (!network.isUp) throw databaseAway(null);
        await network.slow();
        const writing = await turns.begin(workspaceId);
        return (
          writing && {
            ...writing,
            async send(sets) {
              await writing.send(sets);
              if (watched) await between(store, ++pieces);
            },
          }
        );
      },
    });
    const bench = await openBench({ ...store, turns: watch(store.turns!) } satisfies Store);
    await bench.publish(steps);
    const account = await bench.record("account", { name: "Sen" });
    const runs = await Promise.all(Array.from({ length: many }, () => bench.start("steps", account, "account")));
    const complete = (runId: string, work: string, again = "") =>
      bench.engine.loop.submit({
        id: `${runId}.${work}${again}`,
        workspaceId: bench.workspaceId,
        at: bench.clock.now(),
        actor: { kind: "member", id: "lan" },
        type: "completeWork",
        runId,
        work,
        outcome: null,
        values: {},
      });
    watched = true;
    return { bench, store, runs, complete, network, pieces: () => pieces };
  }

  it("writes every one, the second of a run as well, in whatever piece it is", async () => {
    const { bench, runs, complete, pieces } = await desk();
    const answers = await Promise.all([
      ...runs.map((run) => complete(run, "w1")),
      // In a later piece than the first of the same run, and the last of them beside it.
      ...runs.map((run) => complete(run, "w2")),
      complete(runs[0]!, "w2", "-again"),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([...Array(2 * many).fill(true), false]);
    expect(pieces()).toBeGreaterThanOrEqual(6);
    await bench.engine.worker.drain();
    for (const run of runs) expect((await bench.run(run)).endedAt).not.toBeNull();
    expect((await verifyWorkspace(bench.engine, bench.workspaceId)).problems).toEqual([]);
    expect(bench.errors).toEqual([]);
  });

  it("is decided anew when a row of a piece turns out not to be what it was", async () => {
    let meddled = false;
    const { bench, store, runs, complete } = await desk(async (on, pieces) => {
      // As no server does it: past the log's head.
      if (pieces === 1 && !meddled) {
        meddled = true;
        await on.ask(
          "update run set rev = rev + 1, state = jsonb_set(state, '{rev}', to_jsonb(rev + 1)) where id = $1",
          [runs[many - 1]],
        );
      }
    });
    const answers = await Promise.all(runs.map((run) => complete(run, "w1")));
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    expect(meddled).toBe(true);
    const { rows } = await store.ask<{ n: number }>("select count(*) n from event where type = 'WorkCompleted'");
    expect(rows[0]!.n).toBe(many);
    expect(bench.errors).toEqual([]);
  });

  it("leaves nothing behind when its connection is cut half way; asked again, everything is done once", async () => {
    let cut = 0;
    const { bench, store, runs, complete } = await desk(async (on) => {
      if (cut++ !== 1) return;
      const { rows } = await on.ask<{ cut: boolean }>(
        `select pg_terminate_backend(pid) cut from pg_stat_activity
         where datname = current_database() and state like '%in transaction%' and pid <> pg_backend_pid()`,
      );
      expect(rows).toEqual([{ cut: true }]);
    });
    const completed = async () =>
      (await store.ask<{ n: number }>("select count(*) n from event where type = 'WorkCompleted'")).rows[0]!.n;
    const told = await Promise.all(
      runs.map((run) =>
        complete(run, "w1").then(
          (answer) => (answer.ok ? "done" : answer.text),
          (error: Error) => error.message,
        ),
      ),
    );
    // The group is tried again one by one, and by then the database is there.
    expect(new Set(told)).toEqual(new Set(["done"]));
    expect(await completed()).toBe(many);
    await Promise.all(runs.map((run) => complete(run, "w1")));
    expect(await completed()).toBe(many);
    expect((await verifyWorkspace(bench.engine, bench.workspaceId)).problems).toEqual([]);
  });

  it("that cannot be begun fails as one that cannot be read does, and goes on later", async () => {
    const { runs, complete, network } = await desk();
    network.isUp = false;
    const told = await Promise.allSettled(runs.slice(0, 40).map((run) => complete(run, "w1")));
    expect(new Set(told.map((one) => (one.status === "rejected" ? (one.reason as Error).message : "done")))).toEqual(
      new Set([databaseAway(null).message]),
    );
    network.isUp = true;
    const answers = await Promise.all(runs.slice(0, 40).map((run) => complete(run, "w1")));
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  });

  it("is decided anew when somebody else who writes through the same store was faster", async () => {
    const { bench, store, runs, complete, network } = await desk();
    const { clock, errors } = bench;
    const other = startEngine({
      store,
      clock,
      newId: countedIds(90_000),
      send: async () => ({ ok: true, result: null }),
      onError: (error) => errors.push(error),
    });
    // By then everything was read for the first of them.
    network.slow = async () => {
      network.slow = async () => {};
      await new Promise((over) => setTimeout(over, 100));
      const done = await other.loop.submit({
        id: "faster",
        workspaceId: bench.workspaceId,
        at: clock.now(),
        actor: { kind: "member", id: "tom" },
        type: "completeWork",
        runId: runs[0]!,
        work: "w1",
        outcome: null,
        values: {},
      });
      expect(done).toMatchObject({ ok: true });
    };
    expect(await complete(runs[0]!, "w1")).toMatchObject({ ok: false, text: expect.stringContaining("Tom") as string });
    expect((await verifyWorkspace(bench.engine, bench.workspaceId)).problems).toEqual([]);
  });
});
