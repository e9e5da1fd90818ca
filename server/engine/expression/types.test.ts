import { expect, it } from "vitest";
import { compile, completions, type TypeScope } from "./index.ts";

const types: TypeScope = {
  deal: {
    amount: { type: "number" },
    stage: { type: "text", values: ["new", "won"] },
    close_date: { type: "date" },
    created_at: { type: "datetime" },
    hot: { type: "boolean" },
  },
};
const said = (text: string) => {
  const result = compile(text, { types });
  return result.ok ? [] : result.problems.map((p) => `${p.from}–${p.to} ${p.text}`);
};

it.each([
  "deal.amount > 5 and deal.close_date < today()",
  'deal.close_date + duration("P3D") > today()',
  "deal.created_at <= now()",
  'now() - deal.created_at > duration("PT8H")',
  "date(deal.created_at) = today()",
  'string(deal.amount) + " dollars" = "5 dollars"',
  "deal.amount between 1 and deal.amount * 2",
  "deal.stage = null",
  "if deal.hot then deal.amount else null",
])("%s is fine", (text) => expect(said(text)).toEqual([]));

it.each([
  [
    "deal.created_at > today()",
    "0–25 A date and a date with a time cannot be compared. Write date(…) around the one with the time.",
  ],
  [
    "deal.close_date + 3 > today()",
    '0–19 A bare number has no unit here. Write duration("P3D") for three days, duration("PT8H") for eight hours.',
  ],
  ['deal.amount > duration("P1D")', "0–29 This compares a number with a length of time, which never holds."],
  ['"at " + deal.amount', "0–19 Write string(…) around the number to join it to a text."],
  ["deal.stage * 2", "0–14 * does not go with a text and a number."],
  ['deal.stage = "lost"', "13–19 deal.stage is never “lost”."],
  ["deal.amount = true", "14–18 deal.amount is a number, so it is never the boolean written here."],
  ["deal.close_date between 1 and today()", "0–25 This compares a date with a number, which never holds."],
  ["deal.amont > 1", "0–10 deal has no field amont. Did you mean amount?"],
])("%s is told where and why", (text, problem) => expect(said(text)).toEqual([problem]));

it("completes fields, values of a list and functions at the place of the cursor", () => {
  expect(completions("deal.cl", 7, types).items).toEqual([{ text: "close_date", kind: "field", detail: "date" }]);
  expect(completions('deal.stage = "w', 15, types)).toEqual({
    from: 13,
    items: [{ text: '"won"', kind: "value", detail: "stage" }],
  });
  expect(completions("starts", 6, types).items.map((i) => i.text)).toContain("starts with()");
});
