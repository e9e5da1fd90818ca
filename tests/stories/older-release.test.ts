/** What an earlier release left: runs that wait for a day, and have no timer that would wake them. */
import { and, eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { findUpkeep } from "@/db/queries/upkeep.ts";
import { doUpkeepSlice, orderUpkeep } from "@/server/commands/upkeep.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { describeOnBoth } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { type Bench, openBench } from "./bench.ts";

const day = 86_400_000;

/** As it was stored before runs had such a timer. */
async function forgetTimers({ store, workspaceId, run }: Bench, runId: string): Promise<void> {
  const { t, read } = store;
  const [row] = await read
    .select()
    .from(t.run)
    .where(and(eq(t.run.workspaceId, workspaceId), eq(t.run.id, runId)));
  const jobs = await read.select({ id: t.job.id }).from(t.job).where(eq(t.job.runId, runId));
  const state = { ...(await run(runId)), timers: {} };
  const drop = { job: jobs.map(({ id }) => [id]) };
  await store.commit([{ workspaceId, guards: [], events: [], put: { run: [{ ...row!, state }] }, drop }]);
}

describeOnBoth("runs of an older release", (open) => {
  it("that wait for days past due are seen to when a server starts, once, and nobody else is touched", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, clock } = bench;
    await bench.publish(
      textGraph(
        "waiting",
        `nap:wait for=condition condition={invoice.days_past_due >= 3}
         remind:task
         start -> nap
         nap.event -> remind -> done`,
        { recordType: "invoice" },
      ),
    );
    await bench.publish(textGraph("plain", "ask:task\nstart -> ask -> done", { recordType: "invoice" }));
    const account_id = await bench.record("account", { name: "Sen", domain: "sen.vn" });
    const begin = async (process: string, number: string, due_date: string) => {
      const invoice = { account_id, number, currency: "USD", subtotal: 900, due_date };
      return bench.start(process, await bench.record("invoice", invoice), "invoice");
    };
    const passed = await begin("waiting", "I-1", "2026-03-05");
    const coming = await begin("waiting", "I-2", "2026-03-13");
    const plain = await begin("plain", "I-3", "2026-03-05");
    const runs = [passed, coming, plain];
    for (const run of runs) await forgetTimers(bench, run);
    await bench.advance(9 * day);

    // A server of this release comes up.
    const started = async () => {
      const engine = startEngine({
        store,
        clock,
        newId: countedIds(9000),
        send: async () => ({ ok: true, result: null }),
        onError: (error) => bench.errors.push(error),
      });
      await orderUpkeep(store, () => clock.now());
      await engine.worker.drain();
      return engine;
    };
    const factsOf = async () => Promise.all(runs.map(async (run) => (await bench.factsOf(run)).length));
    const before = await factsOf();
    const engine = await started();
    const at = async (run: string) => Object.values((await bench.run(run)).tokens).map(({ node }) => node);
    expect(await at(passed)).toEqual(["remind"]);
    expect(await at(coming)).toEqual(["nap"]);
    expect((await factsOf())[2]).toBe(before[2]);
    expect((await findUpkeep(store, workspaceId, "waits_for_time_1"))?.doneAt).toBe(clock.now());

    const after = await factsOf();
    await started();
    expect(await factsOf()).toEqual(after);
    clock.set(clock.now() + 6 * day);
    await engine.worker.drain();
    expect(await at(coming)).toEqual(["remind"]);
    const left = (await bench.factsOf(coming)).find((one) => one.type === "TokenLeft" && one.data.node === "nap")!;
    expect(new Date(left.due ?? left.at).toISOString()).toBe("2026-03-15T17:00:00.000Z");
    expect(bench.errors).toEqual([]);
  });

  it("are seen to a few at a time: who comes after a server that died goes on where it was, and a count of days in a promise is enough", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, clock, engine } = bench;
    await bench.publish(
      textGraph("dunning", "ask:task\nstart -> ask -> done", {
        recordType: "invoice",
        nodes: { ask: { slas: ["asked"] } },
        slas: {
          asked: {
            name: "Asked",
            target: "PT48H",
            starts: "step.entered",
            stops: "step.completed",
            pauseWhen: "invoice.days_past_due < 3",
          },
        },
      }),
    );
    const account_id = await bench.record("account", { name: "Sen", domain: "sen.vn" });
    const runs: string[] = [];
    for (const number of ["I-1", "I-2", "I-3"]) {
      const invoice = { account_id, number, currency: "USD", subtotal: 900, due_date: "2026-03-13" };
      runs.push(await bench.start("dunning", await bench.record("invoice", invoice), "invoice"));
    }
    for (const run of runs) await forgetTimers(bench, run);
    const slice = async (from: typeof engine) => doUpkeepSlice(from, workspaceId, clock.now(), 2);
    const set = async () =>
      Promise.all(
        runs.map(async (id) => Object.values((await bench.run(id)).timers).map(({ name, due }) => [name, due])),
      );
    const midnight = [["review", Date.UTC(2026, 2, 2, 17)]];
    const fresh = () =>
      startEngine({ store, clock, newId: countedIds(9000), send: async () => ({ ok: true, result: null }), onError });
    const onError = (error: unknown) => void bench.errors.push(error);
    expect(await slice(fresh())).toBe(false);
    expect(await set()).toEqual([midnight, midnight, []]);
    expect(await slice(fresh())).toBe(true);
    expect(await set()).toEqual([midnight, midnight, midnight]);
    expect(bench.errors).toEqual([]);
  });
});
