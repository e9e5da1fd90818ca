/** No text and no data can make the language throw, hang or return something that is no value. */
import { expect, it } from "vitest";
import { type Compiled, compile, compileUnaryTests, type FeelValue, isTagged } from "./index.ts";
import { chanceOf, type Input, poisonedScope, randomInput } from "@/tests/support/random-feel.ts";

const long = Boolean(process.env.TEST_LONG);
const short = Boolean(process.env.TEST_SHORT);
const inputs = long ? 2_000_000 : short ? 1000 : 100_000;
const seed = process.env.FUZZ_SEED
  ? Number(process.env.FUZZ_SEED)
  : short
    ? 1
    : Math.floor(performance.timeOrigin + performance.now()) % 2 ** 31;
/** One input, at most: compiled and evaluated, on a busy machine. */
const mostMs = 3000;

const values = poisonedScope();
const scope = {
  now: Date.UTC(2026, 0, 15),
  zone: "Europe/Paris",
  get: (name: string): FeelValue | undefined => (Object.hasOwn(values, name) ? values[name] : undefined),
};
const scopeNames = Object.keys(values);

function run({ text, mode }: Input): string | null {
  const result =
    mode === "unary" ? compileUnaryTests(text, { names: scopeNames }) : compile(text, { names: scopeNames });
  if (!result.ok) {
    const [problem] = result.problems;
    const fine = problem && problem.text !== "" && problem.from >= 0 && problem.to >= problem.from;
    return fine ? null : "a problem without words or place";
  }
  for (const input of mode === "unary" ? [values.n!, values.big!] : [null]) {
    const fault = evaluated(result.expression, input);
    if (fault) return fault;
  }
  return null;
}
function evaluated(expression: Compiled, input: FeelValue): string | null {
  const { value, error, fuelUsed } = expression.evaluate(scope, input);
  if (!isValue(value, 0)) return `${typeof value} is no value`;
  if (!Number.isFinite(fuelUsed) || fuelUsed < 0) return `fuel ${fuelUsed}`;
  return error !== undefined && error.trim() === "" ? "an error without words" : null;
}
/** The outside of it: a deep or long value is one if its first parts are. */
function isValue(value: FeelValue | undefined, depth: number): boolean {
  if (value === undefined || typeof value === "bigint" || typeof value === "symbol" || typeof value === "function")
    return false;
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value !== "object" || depth > 3) return true;
  if (Array.isArray(value)) return value.slice(0, 20).every((v) => isValue(v, depth + 1));
  return (
    isTagged(value) ||
    Object.keys(value)
      .slice(0, 20)
      .every((k) => isValue(value[k], depth + 1))
  );
}

it(
  `${inputs} random inputs, seed ${seed}`,
  () => {
    console.log(`FEEL fuzz: FUZZ_SEED=${seed}`);
    const chance = chanceOf(seed);
    let slowest = { ms: 0, text: "" };
    for (let i = 0; i < inputs; i++) {
      const input = randomInput(chance);
      const at = performance.now();
      let fault: string | null;
      try {
        fault = run(input);
      } catch (error) {
        fault = `it threw ${String(error)}`;
      }
      let ms = performance.now() - at;
      if (ms > mostMs) {
        // Once more, so that the machine's own pauses do not count.
        const again = performance.now();
        run(input);
        ms = Math.min(ms, performance.now() - again);
      }
      if (ms > slowest.ms) slowest = { ms, text: input.text };
      if (fault) expect.fail(`input ${i} of seed ${seed}: ${fault}: ${JSON.stringify(input)}`);
      if (ms > mostMs) expect.fail(`input ${i} of seed ${seed} took ${Math.round(ms)} ms: ${JSON.stringify(input)}`);
    }
    console.log(`slowest: ${slowest.ms.toFixed(1)} ms for ${slowest.text.slice(0, 200)}`);
  },
  long ? 3_600_000 : 300_000,
);
