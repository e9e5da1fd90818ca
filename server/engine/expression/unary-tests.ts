/** Unary tests: a value, a range, a list or a condition on `?` that an input passes or not. */
import { type Ast, mentions } from "./ast.ts";
import { compareBy, equal } from "./compare.ts";
import { type Frame, sizeOf, spend, type ToCode } from "./frame.ts";
import { type FeelRange, type FeelValue, isRange } from "./value.ts";

/** One unary test against the input: a value, a range, a list, or an expression that reads `?`. */
export function testCode(ast: Ast, toCode: ToCode, isCell = false): (f: Frame) => boolean | null {
  if (ast.kind === "any") return () => true;
  const code = toCode(ast);
  const reads = mentions(ast, "?");
  const isCondition =
    isCell && ["compare", "between", "in", "and", "or", "quantified", "instance", "call"].includes(ast.kind);
  return (f) => {
    const value = code(f);
    const { input } = f;
    if (typeof value === "object" && value !== null) spend(f, Math.ceil(sizeOf(value) / 10));
    if (reads && typeof value === "boolean") return value;
    // A cell may be a condition of its own, `order.total > 5`, beside an input that is no boolean.
    if (isCondition && typeof value === "boolean" && typeof input !== "boolean") return value;
    if (isRange(value)) return inRange(input, value);
    if (Array.isArray(value) && !Array.isArray(input)) {
      // A value of another kind in the list is another value, not an unclear one.
      return value.some((v) => (isRange(v) ? inRange(input, v) : equal(input, v)) === true);
    }
    if (Array.isArray(value) && Array.isArray(input))
      return equal(input, value) === true || value.some((v) => equal(input, v) === true);
    if (reads) return typeof value === "boolean" ? value : null;
    return equal(input, value);
  };
}

export function anyTrue(f: Frame, tests: ((f: Frame) => boolean | null)[]): boolean | null {
  let unclear = false;
  for (const test of tests) {
    spend(f);
    const answer = test(f);
    if (answer === true) return true;
    if (answer === null) unclear = true;
  }
  return unclear ? null : false;
}

export function inRange(value: FeelValue, range: FeelRange): boolean | null {
  if (range.operator === "=") return equal(value, range.from);
  if (range.operator === "!=") return compareBy["!="](value, range.from);
  const above =
    range.from === null
      ? range.operator
        ? true
        : null
      : (range.fromOpen ? compareBy[">"] : compareBy[">="])(value, range.from);
  const below =
    range.to === null
      ? range.operator
        ? true
        : null
      : (range.toOpen ? compareBy["<"] : compareBy["<="])(value, range.to);
  return above === false || below === false ? false : above === null || below === null ? null : true;
}
