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
