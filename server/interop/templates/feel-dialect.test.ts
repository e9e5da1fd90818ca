import { expect, it } from "vitest";
import { toFeelText } from "./feel-dialect.ts";

it.each([
  ["today + P14D", 'today() + duration("P14D")'],
  ["invoice.due_date >= today()", "invoice.due_date >= today()"],
  ["now - PT2H30M", 'now() - duration("PT2H30M")'],
  ['duration("P3D")', 'duration("P3D")'],
  ['lead.message = "call today about P14D"', 'lead.message = "call today about P14D"'],
  ["lead.today + run.P1", "lead.today + run.P1"],
  ["P1Y2M", 'duration("P1Y2M")'],
  ["PO", "PO"],
])("%s is %s", (text, feel) => {
  expect(toFeelText(text)).toBe(feel);
});
