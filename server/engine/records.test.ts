import { expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn, variables } from "@/tests/support/flow-play.ts";
import { changesOf, checkVariable } from "./records.ts";

it("what changed, an absent value being none: what stood first in its order, then what is new", () => {
  const before = { name: "Ann", score: 5, tags: ["a", "b"], gone: "x", none: null };
  expect(changesOf(before, { tags: ["a", "b"], name: "Ann", score: 7, fresh: true, empty: null })).toEqual({
    score: { from: 5, to: 7 },
    gone: { from: "x", to: null },
    fresh: { from: null, to: true },
  });
  expect(changesOf(before, { ...before, tags: ["b", "a"] })).toEqual({ tags: { from: ["a", "b"], to: ["b", "a"] } });
});

const type = (name: string, values?: string[]) => ({ type: name, values });
it.each([
  [type("integer"), null, null],
  [type("picklist", ["go", "stop"]), "go", null],
  [type("picklist", ["go", "stop"]), "wait", "“wait” is not one of the values of v."],
  [type("picklist"), "anything", null],
  [type("picklist"), 3, "“3” is not one of the values of v."],
  [type("integer"), 3, null],
  [type("integer"), 3.5, "v takes a whole number."],
  [type("integer"), "3", "v takes a whole number."],
  [type("decimal"), 3.5, null],
  [type("decimal"), "3.5", "v takes a number."],
  [type("percent"), 40, null],
  [type("percent"), true, "v takes a number."],
  [type("boolean"), false, null],
  [type("boolean"), "yes", "v takes yes or no."],
  [type("date"), "2026-03-02", null],
  [type("date"), "2026-03-02T09:00", "v takes a date."],
  [type("date"), 20260302, "v takes a date."],
  [type("datetime"), 1772416800000, null],
  [type("datetime"), "2026-03-02T09:00:00Z", null],
  [type("datetime"), true, "v takes a date and time."],
  [type("text"), "words", null],
  [type("text"), 5, "v takes text."],
] as const)("a variable of %j that is given %j", (variable, value, said) => {
  expect(checkVariable(variable as { type: string; values?: string[] }, value, "v")).toBe(said);
});

const bench = openBareBench();
const set = (field: string, value: string) => ({ nodes: { do: { actions: [{ verb: "set", field, value }] } } });

it("a step writes variables and fields; what does not fit is an incident with the sentence, and nothing is written", async () => {
  const text = "do:automation\nask:task\nstart -> do -> ask -> done";
  const number = await playOn(bench, "writes", text, { ...variables({ n: 1 }), ...set("run.n", "run.n + 41") });
  expect([await number.at(), (await number.run()).variables.n]).toEqual(["ask", 42]);
  const wrong = await playOn(bench, "writes_wrong", text, { ...variables({ n: 1 }), ...set("run.n", '"many"') });
  expect(await wrong.at()).toContain("n takes a whole number.");
  expect((await wrong.run()).variables.n).toBe(1);
  const lead = await playOn(bench, "writes_lead", text, set("lead.fit_score", "40 + 2"));
  expect(await lead.at()).toBe("ask");
  expect((await bench.valuesOf(lead.id)).fit_score).toBe(42);
  const facts = await bench.recordFactsOf(lead.id);
  expect(facts).toHaveLength(1);
  expect(facts[0]).toMatchObject({
    type: "RecordChanged",
    version: 2,
    data: { type: "lead", changes: { fit_score: { from: null, to: 42 } } },
  });
});

it("what is written as it stood is no change", async () => {
  const text = "do:automation\nask:task\nstart -> do -> ask -> done";
  const same = await playOn(bench, "writes_same", text, set("lead.fit_score", "42"), { fit_score: 42 });
  expect(await same.at()).toBe("ask");
  expect(await bench.recordFactsOf(same.id)).toEqual([]);
});
