/** The public DMN test cases judge the language. Scored per suite, suites averaged; `0076-feel-external-java` needs another machine. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runFeelCase } from "./feel-case.ts";

type Case = {
  id: string;
  suite: string;
  expression: string;
  context?: Record<string, unknown>;
  expected?: unknown;
  expected_type?: string;
  result_type?: string;
  error_expected?: boolean;
};
const file = path.join(process.cwd(), "../shared/data/feel/feel_cases.shared.json");

const now = Date.UTC(2026, 0, 15, 12);

/** What is answered otherwise than asked, known and judged: any other case that fails is a fault. */
const otherwise = [
  "0082-feel-coercion/01/decision_context_03/decision_context_03",
  "0100-arithmetic/01/multiply_lhs_ymDuration_by_rhs_number_007/multiply_lhs_ymDuration_by_rhs_number_007",
  "0100-arithmetic/01/subtract_lhs_dateAndTime_minus_rhs_dateAndTime_010/subtract_lhs_dateAndTime_minus_rhs_dateAndTime_010",
  "0100-arithmetic/01/subtract_lhs_date_minus_rhs_dateAndTime_004/subtract_lhs_date_minus_rhs_dateAndTime_004",
  "1111-feel-matches-function/01/K2-MatchesFunc-17/K2-MatchesFunc-17",
  "1115-feel-date-function/01/015_1dd66594cf/feel-date-function_015_1dd66594cf",
  "1115-feel-date-function/01/016_31f3fef4a0/feel-date-function_016_31f3fef4a0",
  "1117-feel-date-and-time-function/01/026_5ba081cd5f/feel-date-and-time-function_026_5ba081cd5f",
  "1117-feel-date-and-time-function/01/039_593292b25c/feel-date-and-time-function_039_593292b25c",
  "1117-feel-date-and-time-function/01/040_d9116e1daa/feel-date-and-time-function_040_d9116e1daa",
  "1117-feel-date-and-time-function/01/047_60ea7838ce/feel-date-and-time-function_047_60ea7838ce",
  "1117-feel-date-and-time-function/01/052_911dbd0a24/feel-date-and-time-function_052_911dbd0a24",
  "1120-feel-duration-function/01/008_747f56743d/feel-duration-function_008_747f56743d",
  "1146-feel-context-put-function/01/nested008/nested008",
];

describe.runIf(existsSync(file))("the DMN test cases", () => {
  it("at least 97 % of the cases pass, suites averaged", () => {
    const data = JSON.parse(readFileSync(file, "utf8")) as Case[] | { cases: Case[] };
    const cases = (Array.isArray(data) ? data : data.cases).filter((c) => c.suite !== "0076-feel-external-java");
    const suites = new Map<string, { passed: number; all: number; failed: string[] }>();
    for (const c of cases) {
      const suite = suites.get(c.suite) ?? { passed: 0, all: 0, failed: [] };
      suites.set(c.suite, suite);
      suite.all++;
      const got = runFeelCase(c, now).value;
      if (same(got, c.expected ?? null)) suite.passed++;
      else
        suite.failed.push(
          `${c.id}: ${c.expression} → ${JSON.stringify(got)}, not ${JSON.stringify(c.expected ?? null)}`,
        );
    }
    const macro = [...suites.values()].reduce((sum, s) => sum + s.passed / s.all, 0) / suites.size;
    const passed = [...suites.values()].reduce((sum, s) => sum + s.passed, 0);
    console.log(`FEEL: ${passed} of ${cases.length} cases, ${(macro * 100).toFixed(1)} % over ${suites.size} suites`);
    if (process.env.FEEL_FAILURES) for (const s of suites.values()) for (const f of s.failed) console.log(f);
    expect([...suites.values()].flatMap((s) => s.failed.map((f) => f.slice(0, f.indexOf(":"))))).toEqual(otherwise);
    expect(macro).toBeGreaterThan(0.97);
  });
});

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => same(v, b[i]));
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  if ("$number" in x && "$number" in y)
    return Math.abs(Number(x.$number) - Number(y.$number)) <= 1e-8 * Math.max(1, Math.abs(Number(y.$number)));
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((k) => Object.hasOwn(y, k) && same(x[k], y[k]));
}
