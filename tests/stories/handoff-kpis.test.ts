/** How often a handoff is taken over at the first pass, and how soon it is answered: read from the facts, not from visits. */
import { expect, it } from "vitest";
import { undoWork } from "@/server/commands/undo-work.ts";
import type { Values } from "@/server/engine/model.ts";
import { readKpis } from "@/server/reports/read-kpis.ts";
import { describeOnBoth } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { openBench } from "./bench.ts";

const hour = 3_600_000;
const text = `write:task
  take:task
  good:decision
  use:task
  start -> write -> take -> good
  good -> write [run.taken = "no"] max 3
  good -> use otherwise
  use -> done`;

describeOnBoth("KPIs of handoffs", (open) => {
  async function handing() {
    const bench = await openBench(await open());
    const document = textGraph("handing", text, {
      roles: { ae: { name: "Account executive" }, manager: { name: "Manager" } },
      nodes: { write: { role: "ae" }, take: { role: "manager", form: "look" }, use: { role: "manager" } },
      variables: { taken: { type: "picklist", values: ["none", "yes", "no"], default: "none" } },
      forms: { look: { title: "Look", fields: [{ field: "run.taken", required: true }] } },
      kpis: [{ kpi: "handoff_acceptance_rate", node: "take" }, { kpi: "handoff_time_median" }],
    }) as { edges: { from: string; handoff?: string }[] };
    document.edges.find(({ from }) => from === "write")!.handoff = "the note";
    await bench.publish(document);
    const began = bench.clock.now();
    const begin = async (name: string) =>
      bench.start("handing", await bench.record("account", { name, domain: `${name.toLowerCase()}.com` }), "account");
    const workOf = async (runId: string) => Object.keys((await bench.run(runId)).work).at(-1)!;
    const done = async (runId: string, by: string, taken?: string) => {
      const values: Values = taken ? { "run.taken": taken } : {};
      const work = await workOf(runId);
      const command = { type: "completeWork", runId, work, outcome: taken ?? null, values } as const;
      expect(await bench.send(command, by)).toMatchObject({ ok: true });
      return work;
    };
    const figures = async () => {
      // A period ends before its last instant.
      const now = bench.clock.now() + 1;
      const { store, contexts } = bench.engine;
      const query = { process: "handing", from: began - hour, to: now };
      const read = await readKpis({ store, contexts }, bench.workspaceId, query, now);
      return read!.list.map(({ value, n }) => [value, n]);
    };
    return { bench, begin, done, workOf, figures };
  }

  it("count who began it, who sent it back, and how long each answer took", async () => {
    const { bench, begin, done, workOf, figures } = await handing();
    const first = await begin("Lotus");
    const second = await begin("Orchid");
    expect(await figures()).toEqual([
      [null, 0],
      [null, 0],
    ]);
    await done(first, "lan");
    await done(second, "lan");
    await bench.advance(2 * hour);
    // Whoever begins the work has taken it over, though the step is not done.
    await bench.send({ type: "startWork", runId: first, work: await workOf(first) }, "mai");
    await bench.advance(2 * hour);
    await done(second, "mai", "no");
    expect(await figures()).toEqual([
      [50, 2],
      [3, 2],
    ]);
    await done(second, "lan");
    await bench.advance(hour);
    await done(second, "mai", "yes");
    // It was the same handoff: sent back once, it is no first pass; all three answers have their time.
    expect(await figures()).toEqual([
      [50, 2],
      [2, 3],
    ]);
  });

  it("forget an answer that was taken back", async () => {
    const { bench, begin, done, figures } = await handing();
    const run = await begin("Lotus");
    await done(run, "lan");
    await bench.advance(hour);
    const work = await done(run, "mai", "no");
    expect((await figures())[0]).toEqual([0, 1]);
    await bench.advance(5_000);
    expect(await undoWork(bench.engine, bench.ask("mai"), `${run}.${work}`)).toEqual({ ok: true });
    expect((await figures())[0]).toEqual([null, 0]);
    await done(run, "mai", "yes");
    expect((await figures())[0]).toEqual([100, 1]);
  });
});
