/** What binds tighter than what, where the grammar of the standard leaves it to be read. */
import { expect, it } from "vitest";
import { compile } from "./index.ts";

const valueOf = (text: string, x: number, y: number) => {
  const result = compile(text);
  if (!result.ok) throw new Error(result.problems[0]?.text);
  return result.expression.evaluate({ now: 0, zone: "UTC", get: (name) => ({ x, y })[name] }).value;
};

it.each([
  ["x in [0..0] or y = 0", 5, 0, true],
  ["x in [0..0] or y = 0", 0, 9, true],
  ["x in [0..0] or y = 0", 5, 9, false],
  ["x in [0..3] and y = 0", 1, 1, false],
  ["x in [0..3] and y = 0", 1, 0, true],
  ["y = 0 or x in ]1..5[ and x > 4", 5, 1, false],
  ["x in (1, 2) or y = 0", 9, 0, true],
  ["x in > 3 or y = 0", 1, 0, true],
  ["x in [1, 2, 3] or y = 0", 9, 0, true],
  ["not(x in [1..3]) and y = 0", 9, 0, true],
  ["x between 1 and 3 or y = 0", 9, 0, true],
  ["x + 1 in [2..4] and y - 1 in [0..0]", 1, 1, true],
])("%s of x = %d and y = %d is %s", (text, x, y, value) => expect(valueOf(text, x, y)).toBe(value));
