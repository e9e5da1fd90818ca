import { expect, it } from "vitest";
import type { Plain } from "@/server/engine/model.ts";
import { openBareBench } from "../../../tests/support/bare-bench.ts";
import { doDeeds } from "../../../tests/support/do-deeds.ts";
import { finish } from "../../../tests/support/flow-play.ts";
import { textGraph } from "../../../tests/support/text-graph.ts";
import { livedEvents } from "./past.ts";
import { whatMoves } from "./what-moves.ts";
import { whyHere } from "./why.ts";

const people = { roles: { ae: { name: "Account executive" } } };
const node = (id: string, kind: string, more: object = {}) => ({ id, kind, name: id, ...more });
const edge = (from: string, to: string, more: object = {}) => ({ id: `${from}_${to}`, from, to, ...more });

/** A deal is sized, a table sets its level, the big one waits at a gate for a mail address and a budget. */
const sizing = {
  key: "sizing",
  name: "Sizing",
  recordType: "lead",
  ...people,
  variables: {
    seats: { type: "integer", default: 0 },
    level: { type: "text" },
    budget: { type: "integer", default: 0 },
  },
  forms: { seats: { title: "Seats", fields: [{ field: "run.seats", required: true }] } },
  decisionTables: {
    level: {
      hitPolicy: "first",
      inputs: ["run.seats", "lead.country"],
      outputs: ["run.level"],
      rules: [
        { when: ["> 1000", "-"], then: ["gold"] },
        { when: ["> 100", '"VN"'], then: ["silver"] },
        { when: ["-", "-"], then: ["plain"], note: "Everybody else" },
      ],
    },
  },
  nodes: [
    node("start", "start"),
    node("count", "task", { role: "ae", form: "seats", boundary: [{ id: "late", kind: "timer", after: "P3D" }] }),
    node("rate", "automation", { decisionTables: ["level"] }),
    node("size", "decision"),
    node("big", "task", { role: "ae", entryCriteria: "lead.company_name != null and lead.employee_count >= 50" }),
    node("small", "task", { role: "ae" }),
    node("done", "end", { config: { outcome: "success" } }),
    node("lost", "end", { config: { outcome: "negative" } }),
  ],
  edges: [
    edge("start", "count"),
    edge("count", "rate", { port: "done" }),
    edge("count", "lost", { port: "late" }),
    edge("rate", "size"),
    edge("size", "big", { when: "run.seats > 100", label: "Big" }),
    edge("size", "small", { otherwise: true }),
    edge("big", "done"),
    edge("small", "done"),
  ],
};

async function sized(seats: number) {
  const bench = openBareBench();
  await bench.publish(sizing);
  const lead = await bench.record("lead", {
    last_name: "Hoa",
    email: "hoa@sen.com",
    country: "US",
    owner_id: "lan",
    source: "inbound_web",
  });
  const runId = await bench.start("sizing", lead, "lead");
  await bench.advance(60_000);
  await finish(bench, runId, "count", { "run.seats": seats });
  const run = await bench.run(runId);
  const past = { process: bench.process(run), events: bench.storyOf(runId), world: bench.world() };
  return { bench, lead, runId, run, past, token: Object.values(run.tokens)[0]! };
}

it("tells the way from the start: who answered, which rule of the table, which branch, what held it", async () => {
  const { past, token } = await sized(200);
  const why = whyHere(past, token.id)!;
  expect(why.started).toMatchObject({ seq: 2, trigger: "manual", version: 1, actor: { kind: "member", id: "linh" } });
  expect(why.way.map((stay) => [stay.node, stay.left?.by ?? null])).toEqual([
    ["start", "passed"],
    ["count", "work"],
    ["rate", "passed"],
    ["size", "choice"],
    ["big", null],
  ]);
  const [, count, rate, size, big] = why.way;
  expect(count!.assigned).toMatchObject([{ to: "lan", why: "rule", pick: { rule: "record_owner", chosen: "lan" } }]);
  expect(count!.left).toMatchObject({ actor: { kind: "member", id: "lan" } });
  expect(count!.left!.others).toEqual([
    expect.objectContaining({ exit: "late", to: "lost", why: "not_due", due: Date.UTC(2026, 2, 5, 2) }),
  ]);
  expect(rate!.tables[0]).toMatchObject({
    rules: [{ no: 3, note: "Everybody else" }],
    outputs: { "run.level": "plain" },
    misses: [
      { no: 1, cells: [{ input: "run.seats", cell: "> 1000", value: 200 }] },
      { no: 2, cells: [{ input: "lead.country", cell: '"VN"', value: "US" }] },
    ],
  });
  expect(size!.left).toMatchObject({
    condition: { text: "run.seats > 100", inputs: { "run.seats": 200 }, result: true },
  });
  expect(size!.left!.others).toMatchObject([{ to: "small", why: "otherwise" }]);
  expect(big!.held).toMatchObject({ until: null, criteria: { result: false } });
});

it("says why it did not go elsewhere with the values of that moment, whatever they are now", async () => {
  const { bench, lead, past, token } = await sized(20);
  await bench.change(lead, { country: "VN" });
  const why = whyHere({ ...past, events: bench.storyOf("run_2"), world: bench.world() }, token.id)!;
  const size = why.way.find((stay) => stay.node === "size")!;
  expect(size.left!.others).toMatchObject([
    { to: "big", why: "false", seen: { text: "run.seats > 100", inputs: { "run.seats": 20 }, result: false } },
  ]);
  const misses = why.way.find((stay) => stay.node === "rate")!.tables[0]!.misses;
  expect(misses.map(({ no, cells }) => [no, cells.map(({ value }) => value)])).toEqual([
    [1, [20]],
    [2, [20, "US"]],
  ]);
});

it("names the smallest change that lets it in, and that change does", async () => {
  const { bench, runId, run, past } = await sized(200);
  const [stuck] = whatMoves(past.process, run, past.world, bench.now());
  const { deeds, to } = stuck!.movers[0]!;
  expect(to).toEqual(["big"]);
  const set = deeds.flatMap((deed) => (deed.kind === "set" ? deed.settings : []));
  expect(set.map(({ path, to: value }): [string, Plain] => [path, value])).toEqual([
    ["lead.company_name", "text"],
    ["lead.employee_count", 50],
  ]);
  expect(await doDeeds(bench, runId, deeds)).toBeNull();
  expect(Object.values((await bench.run(runId)).tokens)).toMatchObject([{ node: "big", state: "in" }]);
});

it("says how many other combinations would let it in as well", async () => {
  const bench = openBareBench();
  const any = (field: string) => `(${["a", "b", "c"].map((v) => `lead.${field} = "${v}"`).join(" or ")})`;
  await bench.publish(
    textGraph("choosy", "call:task\n start -> call -> done", {
      nodes: { call: { entryCriteria: `${any("persona")} and ${any("job_title")}` } },
    }),
  );
  const lead = await bench.record("lead", { last_name: "Hoa", email: "hoa@sen.com", owner_id: "lan" });
  const run = await bench.run(await bench.start("choosy", lead, "lead"));
  const [stuck] = whatMoves(bench.process(run), run, bench.world(), bench.now());
  expect([stuck!.movers.length, stuck!.more]).toEqual([8, { n: 1, atLeast: false }]);
});

it("names each answer with where it leads, who gives it, what is still empty, and the timer that would end the wait", async () => {
  const bench = openBareBench();
  await bench.publish(sizing);
  const lead = await bench.record("lead", { last_name: "Hoa", email: "hoa@sen.com", owner_id: "lan" });
  const run = await bench.run(await bench.start("sizing", lead, "lead"));
  const [stuck] = whatMoves(bench.process(run), run, bench.world(), bench.now());
  expect(stuck!.movers).toEqual([
    {
      deeds: [expect.objectContaining({ kind: "complete", by: "lan", claim: false, outcome: null, fill: [] })],
      to: ["small"],
      end: null,
    },
    { deeds: [{ kind: "time", due: Date.UTC(2026, 2, 5, 2) }], to: [], end: "lost" },
  ]);
});

it("what an undo took back is not part of the way", async () => {
  const { past } = await sized(200);
  const undone = livedEvents([
    ...past.events,
    {
      ...past.events.at(-1)!,
      seq: 999,
      type: "WorkUndone",
      stream: { kind: "run", id: "run_2" },
      data: { work: "w1", undone: 1, restored: "{}" },
    },
  ]);
  expect(undone.some((event) => event.type === "WorkCompleted")).toBe(false);
  expect(undone.at(-1)!.type).toBe("WorkUndone");
});

it("names what a gate asks for, before the step and at its end, by somebody who may finish it (seed 302931212)", async () => {
  const bench = openBareBench();
  await bench.publish({
    key: "gated",
    name: "Gated",
    recordType: "lead",
    ...people,
    nodes: [
      node("start", "start"),
      node("show", "task", {
        role: "ae",
        checklist: [{ id: "agenda", text: "The agenda is agreed" }],
        gate: {
          entry: [
            { kind: "field", field: "lead.phone" },
            { kind: "condition", when: "lead.fit_score > 50" },
          ],
          exit: [
            { kind: "checklist", item: "agenda" },
            { kind: "note", field: "lead.need_summary", atLeast: 12 },
          ],
          who: ["ae"],
          noSkip: true,
        },
      }),
      node("done", "end", { config: { outcome: "success" } }),
    ],
    edges: [edge("start", "show"), edge("show", "done")],
  });
  const lead = await bench.record("lead", {
    last_name: "P",
    email: "p@p.com",
    company_name: "P",
    source: "inbound_web",
    owner_id: "lan",
  });
  const runId = await bench.start("gated", lead, "lead");
  const moved = async () => {
    const run = await bench.run(runId);
    const [stuck] = whatMoves(bench.process(run), run, bench.world(), bench.now());
    const { deeds } = stuck!.movers[0]!;
    expect(await doDeeds(bench, runId, deeds)).toBeNull();
    return deeds;
  };
  const [enter] = await moved();
  expect(enter).toMatchObject({ kind: "set" });
  expect(enter?.kind === "set" && enter.settings.map(({ path }) => path).sort()).toEqual([
    "lead.fit_score",
    "lead.phone",
  ]);
  const [leave] = await moved();
  expect(leave).toMatchObject({ kind: "complete", tick: ["agenda"], fill: ["lead.need_summary"] });
  expect((await bench.run(runId)).end).toBe("done");
});
