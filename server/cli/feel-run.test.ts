import { expect, it } from "vitest";
import { runFeelCases } from "./feel-run.ts";

const now = Date.UTC(2026, 0, 15, 12);
const answers = (...cases: unknown[]) => {
  const result = runFeelCases({ cases }, now);
  return result.ok ? result.answers : result.text;
};

it("answers each case in the encoding of its file", () =>
  expect(
    answers(
      { id: "a", expression: "x + 1", context: { x: { $number: "1.5" } } },
      { id: "b", expression: 'date("2026-01-01") + duration("P1D")' },
      { id: "c", expression: '{k: [true, "t", null]}' },
      { id: "d", expression: "today()" },
    ),
  ).toEqual([
    { id: "a", value: { $number: "2.5" }, error: null },
    { id: "b", value: { $date: "2026-01-02" }, error: null },
    { id: "c", value: { k: [true, "t", null] }, error: null },
    { id: "d", value: { $date: "2026-01-15" }, error: null },
  ]));

it("gives a result the type it is declared to have, or null and the reason", () =>
  expect(
    answers(
      { id: "a", expression: '["foo"]', result_type: "string" },
      { id: "b", expression: "10", result_type: "list<number>" },
      { id: "c", expression: '[1, "foo"]', result_type: "list<number>" },
      { id: "d", expression: 'duration("P1Y")', result_type: "years and months duration" },
    ),
  ).toEqual([
    { id: "a", value: "foo", error: null },
    { id: "b", value: [{ $number: "10" }], error: null },
    { id: "c", value: null, error: "The result is not of type list<number>." },
    { id: "d", value: { $duration: "P1Y" }, error: null },
  ]));

it("says what is wrong with a case and goes on; a file without cases is refused", () => {
  expect(answers({ id: "a", expression: "1 +" }, { id: "b" }, { id: "c", expression: "1" })).toMatchObject([
    { id: "a", value: null, error: expect.any(String) as string },
    { id: "b", value: null, error: "This case has no id, no expression, or a context that is no object." },
    { id: "c", value: { $number: "1" }, error: null },
  ]);
  expect(answers()).toBe("This is not a file of FEEL cases: it has no list of cases.");
});
