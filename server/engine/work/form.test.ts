/** The form at a step: what keeps it from being saved, and which field is the row of buttons. */
import { describe, expect, it } from "vitest";
import { mapRecords } from "@/server/commands/load-world.ts";
import { clockBench } from "@/tests/support/clock-bench.ts";
import { typeOf } from "../graph.ts";
import { formProblems, outcomeField, picklistOf } from "./form.ts";
import type { EngineRecord, Values } from "../model.ts";
import type { Turn } from "../turn.ts";

const fields = [
  { field: "lead.last_name", required: true },
  { field: "lead.fit_score", requiredWhen: 'run.choice = "yes"' },
  { field: "lead.email", readOnly: true, required: true },
  { field: "run.choice", required: true },
  { field: "run.note", requiredWhen: "lead.fit_score > 50" },
  { field: "run.tags" },
];
const more = (form: object[] = fields, config: object = {}, edges = "") => ({
  text: `ask:task\nstart -> ask${edges || " -> done"}`,
  parts: {
    forms: { questions: { title: "Questions", fields: form } },
    variables: {
      choice: { type: "picklist", values: ["none", "yes", "no"], label: "Your choice" },
      note: { type: "text" },
      tags: { type: "text" },
      size: { type: "picklist", values: ["s", "m"] },
      many: { type: "picklist", values: ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] },
      nine: { type: "picklist", values: ["none", "a", "b", "c", "d", "e", "f", "g", "h", "i"] },
      tier: { type: "picklist", values: ["gold", "none"] },
    },
    nodes: { ask: { form: "questions", config } },
  },
});
function turnOf({ text, parts }: ReturnType<typeof more>, stored: Values = {}): Turn {
  const start = "2026-03-06T15:00";
  const bench = clockBench(text, parts, { start, values: stored });
  const lead: EngineRecord = {
    type: "lead",
    id: "lead",
    version: 1,
    createdAt: bench.now(),
    values: { last_name: "Vu", ...stored },
  };
  return {
    process: bench.process,
    run: bench.run(),
    world: bench.world(mapRecords(new Map([["lead", lead]]))),
    command: { id: "c", actor: { kind: "system" } },
    now: bench.now(),
    instant: bench.now(),
    actor: { kind: "system" },
    events: [],
    watch: null,
    touched: null,
    emitted: null,
    stream: null,
    created: 0,
    tokensGiven: 0,
    scope: null,
    beside: null,
    ended: null,
    dirty: false,
    chain: [],
    doer: null,
    said: null,
  };
}
const told = (values: Values, stored: Values = {}, draft: Values = {}, form: object[] = fields) => {
  const turn = turnOf(more(form), stored);
  return formProblems(turn, turn.process.nodes.get("ask")!, values, draft).map(
    ({ field, code, text }) => `${code} ${field}: ${text}`,
  );
};

describe("what keeps a form from being saved", () => {
  it("nothing, once everything is there", () => expect(told({ "run.choice": "no" })).toEqual([]));
  it("a choice that was not made yet, whether empty or the value none", () => {
    const missing = ["MISSING run.choice: Your choice is still missing."];
    for (const choice of [null, "none"]) expect(told({ "run.choice": choice })).toEqual(missing);
    expect(told({})).toEqual(missing);
    expect(told({ "run.choice": "none" }, {}, {}, [{ field: "run.tier", required: true }])).toContain(
      "MISSING run.tier: Tier is still missing.",
    );
    expect(told({ "run.tier": "none" }, {}, {}, [{ field: "run.tier", required: true }])).toEqual([]);
  });
  it("what is stored or stands in the draft counts, and what is given wins over both", () => {
    expect(told({ "run.choice": "no", "lead.last_name": "" })).toContain(
      "MISSING lead.last_name: Last name is still missing.",
    );
    expect(told({ "run.choice": "no" }, { last_name: null })).toContain(
      "MISSING lead.last_name: Last name is still missing.",
    );
    expect(told({}, {}, { "run.choice": "no" })).toEqual([]);
    expect(told({ "run.choice": "none" }, {}, { "run.choice": "no" })).toEqual([
      "MISSING run.choice: Your choice is still missing.",
    ]);
    expect(told({ "run.choice": "no" }, { last_name: null }, { "lead.last_name": "Vu" })).toEqual([]);
    expect(told({ "run.choice": "no" }, { last_name: null }, { "lead.last_name": "" })).toHaveLength(1);
  });
  it("required when a condition holds over the form as it would be saved", () => {
    const score = "MISSING lead.fit_score: Fit score is still missing.";
    expect(told({ "run.choice": "yes" })).toEqual([score]);
    expect(told({}, {}, { "run.choice": "yes" })).toEqual([score]);
    expect(told({ "run.choice": "no" }, {}, { "run.choice": "yes" })).toEqual([]);
    expect(told({ "run.choice": "yes", "lead.fit_score": 20 })).toEqual([]);
    const note = "MISSING run.note: Note is still missing.";
    expect(told({ "run.choice": "yes", "lead.fit_score": 60 })).toEqual([note]);
    expect(told({ "run.choice": "no" }, { fit_score: 60 })).toEqual([note]);
    expect(told({ "run.choice": "no", "lead.fit_score": 10 }, { fit_score: 60 })).toEqual([]);
    expect(told({}, {}, {}, [{ field: "run.note", requiredWhen: " " }])).toEqual([]);
    expect(told({}, {}, {}, [{ field: "run.note", requiredWhen: "((" }])).toEqual([]);
    expect(told({}, {}, {}, [{ field: "run.tags", requiredWhen: "true" }])).toEqual([
      "MISSING run.tags: Tags is still missing.",
    ]);
  });
  it("looking at the form changes neither the run nor the record", () => {
    const turn = turnOf(more());
    const before = JSON.stringify([turn.run, turn.world.records.get("lead")]);
    formProblems(turn, turn.process.nodes.get("ask")!, { "run.choice": "yes", "lead.fit_score": 60 }, {});
    expect(JSON.stringify([turn.run, turn.world.records.get("lead")])).toBe(before);
  });
  it("a field that is not of this step, can only be read, or holds what it cannot", () => {
    expect(told({ "run.choice": "no", "lead.phone": "1" })).toEqual([
      "UNKNOWN lead.phone: Phone is not part of this step. Nothing was saved.",
    ]);
    expect(told({ "run.choice": "no", "run.other_one": 1 })).toEqual([
      "UNKNOWN run.other_one: Other one is not part of this step. Nothing was saved.",
    ]);
    expect(told({ "run.choice": "no", "lead.no_such": 1 })).toEqual([
      "UNKNOWN lead.no_such: No such is not part of this step. Nothing was saved.",
    ]);
    expect(told({ "run.choice": "no", "lead.email": "a@b.example" })).toEqual([
      "READ_ONLY lead.email: E-mail can only be read here. Nothing was saved.",
    ]);
    expect(told({ "run.choice": "maybe" })).toEqual([
      "INVALID run.choice: “maybe” is not one of the values of Your choice.",
    ]);
    expect(told({ "run.choice": "no", "lead.fit_score": "high" })[0]).toMatch(/^INVALID lead\.fit_score: /);
    expect(told({ "run.choice": "no", "lead.fit_score": null, "run.note": null })).toEqual([]);
    expect(told({ "lead.no_such": 1 }, {}, {}, [{ field: "lead.no_such" }])).toEqual([
      "INVALID lead.no_such: There is no field lead.no_such.",
    ]);
    expect(told({ "run.no_such": 1 }, {}, {}, [{ field: "run.no_such" }])).toEqual([
      "INVALID run.no_such: The process has no variable no_such.",
    ]);
  });
  it("an empty list is nothing, one with something in it is something", () => {
    const form = [{ field: "run.tags", required: true }];
    expect(told({}, {}, { "run.tags": [] }, form)).toHaveLength(1);
    expect(told({}, {}, { "run.tags": ["a"] }, form)).toEqual([]);
  });
});

describe("the row of buttons", () => {
  const model = {
    picklist: (type: string, field: string) => (type === "lead" && field === "priority" ? ["hot", "cold"] : null),
  };
  const chosen = (form: object[], config: object = {}, edges = "") => {
    const turn = turnOf(more(form, config, edges));
    return outcomeField(turn.process, turn.process.nodes.get("ask")!, model, turn.run);
  };
  const required = (...names: string[]) => names.map((field) => ({ field, required: true }));
  it("is the first required picklist, without the value none", () => {
    expect(chosen(required("lead.last_name", "run.choice", "run.size"))).toEqual({
      field: "run.choice",
      values: ["yes", "no"],
    });
    expect(chosen(required("lead.priority"))).toEqual({ field: "lead.priority", values: ["hot", "cold"] });
    expect(chosen([{ field: "run.choice" }, { field: "run.size", required: true, readOnly: true }])).toBe(null);
    expect(chosen([])).toBe(null);
  });
  it("or the one that the decision after the step asks about", () => {
    const asks = ' -> size\nsize:decision\nsize -> big [run.size = "m"]\nsize -> done otherwise';
    expect(chosen(required("run.choice", "run.size"), {}, asks)?.field).toBe("run.size");
  });
  it("or the step's own choice, also one that may stay empty", () => {
    const both = [{ field: "run.choice", required: true }, { field: "run.size" }];
    expect(chosen(both, { outcomeField: "run.size" })?.field).toBe("run.size");
    expect(chosen(both, { outcomeField: "run.nothing" })).toBe(null);
  });
  it("has nine values at most", () => {
    expect(chosen(required("run.nine"))?.values).toHaveLength(9);
    expect(chosen(required("run.many"))).toBe(null);
  });
  it("names are of the run, of its record or of what is related", () => {
    const { process, run } = turnOf(more());
    expect(picklistOf(process, model, run, "run.size")).toEqual(["s", "m"]);
    expect(picklistOf(process, model, run, "run.note")).toBe(null);
    expect(picklistOf(process, model, run, "run.nothing")).toBe(null);
    expect([typeOf(process, run, "lead"), typeOf(process, run, "account")]).toEqual(["lead", "account"]);
    const related = {
      ...process,
      document: { ...process.document, related: { offer: { newest: "quote" }, lead: { newest: "deal" }, other: {} } },
    };
    expect(["offer", "lead", "other"].map((name) => typeOf(related, run, name))).toEqual(["quote", "lead", "other"]);
  });
});
