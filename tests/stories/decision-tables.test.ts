/** Decision tables in running processes: what they write, how often each rule counted, and what happens when one is poisoned. */
import { expect, it } from "vitest";
import { ruleUse } from "@/db/queries/processes.ts";
import { eventsOf } from "@/db/queries/runs.ts";
import { undoWork } from "@/server/commands/undo-work.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { DecisionTableDefinition } from "@/server/engine/process.ts";
import { explainRun } from "@/server/inbox/explain.ts";
import { describeOnBoth } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { type Bench, openBench } from "./bench.ts";
import { finish, placeOf } from "./template-walk.ts";

const graded: DecisionTableDefinition = {
  name: "Grade",
  hitPolicy: "unique",
  inputs: ["lead.fit_score"],
  outputs: ["lead.grade", "lead.priority"],
  rules: [
    { when: [">= 50"], then: ["A", { feel: 'if lead.fit_score > 80 then "hot" else "warm"' }], note: "good fit" },
    { when: ["[40..50)"], then: ["B", "cold"] },
  ],
};

describeOnBoth("decision tables of a process", (open) => {
  let opened: Promise<Bench> | undefined;
  const theBench = () => (opened ??= open().then((store) => openBench(store)));
  let leads = 0;
  const play = async (key: string, table: DecisionTableDefinition, fit: number | null) => {
    const bench = await theBench();
    await bench.publish(
      textGraph(key, `rate:automation\nask:task\nstart -> rate -> ask -> done`, {
        decisionTables: { grade: table },
        nodes: { rate: { decisionTables: ["grade"] } },
      }),
    );
    return again(key, fit);
  };
  const again = async (key: string, fit: number | null) => {
    const bench = await theBench();
    const id = await bench.record("lead", {
      last_name: `T${++leads}`,
      email: `t${leads}@table${leads}.com`,
      company_name: `Table ${leads}`,
      source: "inbound_web",
      owner_id: "lan",
      ...(fit !== null && { fit_score: fit }),
    });
    const runId = await bench.start(key, id, "lead");
    await bench.engine.worker.drain();
    const [record] = (await bench.store.read.select().from(bench.store.t.record)).filter((r) => r.id === id);
    return { bench, runId, at: await placeOf(bench, runId), values: record!.values };
  };

  it("each asking is a fact: rules are counted by version and by table, also when none matched", async () => {
    const first = await play("counted", graded, 90);
    expect(first.values).toMatchObject({ grade: "A", priority: "hot" });
    await again("counted", 45);
    await again("counted", 60);
    await again("counted", 10);
    const { store } = first.bench;
    const expected = { grade: { asked: 4, rules: { 0: 2, 1: 1 }, none: 1 } };
    expect(await ruleUse(store, "ws_test", "counted", 1)).toEqual(expected);
    expect(await ruleUse(store, "ws_test", "counted", null)).toEqual(expected);
    expect(await ruleUse(store, "ws_test", "counted", 2)).toEqual({});
    expect((await verifyWorkspace(first.bench.engine, "ws_test")).problems).toEqual([]);
  });

  it("the record's page says which rule matched, with the values of that moment", async () => {
    const { bench, runId } = await play("explained", graded, 90);
    const process = (await bench.engine.contexts.version("ws_test", "explained", 1))!;
    const events = await eventsOf(bench.store, "ws_test", "run", [runId]);
    const [where] = explainRun(process, await bench.run(runId), events, () => null);
    expect(where?.decided).toMatchObject([
      {
        table: "Grade",
        rules: [{ no: 1, note: "good fit", cells: [{ input: "lead.fit_score", value: 90, cell: ">= 50" }] }],
        outputs: [
          { field: "lead.grade", value: "A" },
          { field: "lead.priority", value: "hot" },
        ],
      },
    ]);
  });

  it.each([
    [
      "poisoned_output",
      { ...graded, rules: [{ when: ["-"], then: ["A", { feel: 'lead.fit_score + "x"' }] }] },
      "Rule 1 of the decision table Grade gave no usable answer",
    ],
    [
      "two_match",
      {
        ...graded,
        hitPolicy: "any",
        rules: [
          { when: ["-"], then: ["A", { feel: '"hot"' }] },
          { when: ["-"], then: ["A", { feel: '"cold"' }] },
        ],
      },
      "Rule 2 of the decision table Grade gave no usable answer: rules 1 and 2 both match and give different answers",
    ],
  ] as [string, DecisionTableDefinition, string][])(
    "a poisoned table stops that token only: %s",
    async (key, table, text) => {
      const { bench, runId, at } = await play(key, table, 60);
      expect(at).toContain("TABLE_FAILED at rate");
      const [incident] = Object.values((await bench.run(runId)).incidents);
      expect(incident).toMatchObject({ code: "TABLE_FAILED", text: expect.stringContaining(text) as string });
      expect((await ruleUse(bench.store, "ws_test", key, 1)).grade?.asked).toBe(1);
    },
  );

  it("a missing input matches no rule and writes nothing", async () => {
    const { at, values } = await play("missing", graded, null);
    expect(at).toBe("ask");
    expect(values.priority ?? null).toBe(null);
  });

  it("undoing the completion that led to a table takes its count back", async () => {
    const bench = await theBench();
    await bench.publish(
      textGraph("taken_back", `ask:task\nrate:automation\nnext:task\nstart -> ask -> rate -> next -> done`, {
        decisionTables: { grade: graded },
        nodes: { rate: { decisionTables: ["grade"] } },
      }),
    );
    const { runId } = await again("taken_back", 60);
    await finish(bench, runId, "ask");
    expect(await ruleUse(bench.store, "ws_test", "taken_back", 1)).toMatchObject({ grade: { asked: 1 } });
    const ask = { workspaceId: "ws_test", actor: { kind: "member" as const, id: "lan" }, now: bench.clock.now() };
    expect(await undoWork(bench.engine, ask, `${runId}.w1`)).toEqual({ ok: true });
    expect(await ruleUse(bench.store, "ws_test", "taken_back", 1)).toEqual({});
    expect((await verifyWorkspace(bench.engine, "ws_test")).problems).toEqual([]);
  });
});
