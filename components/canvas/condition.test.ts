import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Process } from "@/server/engine/process.ts";
import { readShippedTemplate, shippedTemplates } from "@/server/templates/index.ts";
import { operators, quoted, readCondition, type Rules, splitValues, unquoted, writeCondition } from "./condition.ts";

describe("conditions as rules", () => {
  it.each([
    ['run.result = "go"', [{ field: "run.result", operator: "=", value: '"go"' }]],
    ["opportunity.amount >= 50000", [{ field: "opportunity.amount", operator: ">=", value: "50000" }]],
    ["lead.trigger_event != null", [{ field: "lead.trigger_event", operator: "filled", value: "" }]],
    ['run.touch in ("a", "b")', [{ field: "run.touch", operator: "in", value: '"a", "b"' }]],
    ["opportunity.close_date <= today()", [{ field: "opportunity.close_date", operator: "<=", value: "today()" }]],
    ["run.n between 2 and 5", [{ field: "run.n", operator: "between", value: "2, 5" }]],
    ['contains(lead.title, "VP")', [{ field: "lead.title", operator: "contains", value: '"VP"' }]],
  ])("%s", (text, rules) => {
    expect(readCondition(text)).toEqual({ combinator: "and", rules });
  });

  it("keeps brackets that matter", () => {
    const text = 'a.x = 1 and (a.y = 2 or a.z = 3) and a.w = "q"';
    expect(writeCondition(readCondition(text)!)).toBe(text);
  });

  it.each([
    "count(a.list) > 2",
    "if a.x then a.y else a.z",
    "a.x = 1 and",
    "some i in a.l satisfies i > 2",
    "a.b.c = 1",
  ])("%s stays text", (text) => {
    expect(readCondition(text)).toBeNull();
  });

  it("shows nearly every condition of the shipped processes, and writes it down as the same", async () => {
    const texts = (await Promise.all(shippedTemplates.map((t) => readShippedTemplate(t.key)))).flatMap(
      (doc: Process | null) => (doc?.edges ?? []).flatMap((e) => e.when ?? []),
    );
    const shown = texts.filter((text) => readCondition(text) !== null);
    expect(texts.length).toBeGreaterThan(50);
    expect(shown.length / texts.length).toBeGreaterThan(0.9);
  });

  const value = fc.oneof(fc.nat(99_999).map(String), fc.boolean().map(String), fc.string({ maxLength: 8 }).map(quoted));
  const rule = fc
    .record({ field: fc.constantFrom("run.a", "deal.b"), operator: fc.constantFrom(...operators), value, other: value })
    .map(({ other, ...r }) => ({
      ...r,
      value:
        r.operator === "empty" || r.operator === "filled"
          ? ""
          : r.operator === "between" || r.operator === "in"
            ? `${r.value}, ${other}`
            : r.value,
    }));
  const { group } = fc.letrec<{ group: Rules; part: Rules["rules"][number] }>((tie) => ({
    part: fc.oneof({ maxDepth: 3, withCrossShrink: true }, rule, tie("group")),
    group: fc.record({
      combinator: fc.constantFrom("and" as const, "or" as const),
      rules: fc.array(tie("part"), { minLength: 2, maxLength: 4 }),
    }),
  }));
  it("any rules written down can be shown again, and stay as they are", () => {
    fc.assert(
      fc.property(group, (rules) => {
        // Brackets round the first part of a chain mean nothing and go; from then on nothing changes any more.
        const read = readCondition(writeCondition(rules));
        expect(read).not.toBeNull();
        expect(readCondition(writeCondition(read!))).toEqual(read);
      }),
      { numRuns: 300 },
    );
  });

  it("values with commas and quotes in them stay whole", () => {
    expect(splitValues('"a, b", date("2026-01-01"), 3')).toEqual(['"a, b"', 'date("2026-01-01")', "3"]);
    expect(unquoted(quoted('he said "no"\\'))).toBe('he said "no"\\');
    expect(unquoted("3")).toBeNull();
  });
});
