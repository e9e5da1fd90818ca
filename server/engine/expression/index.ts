/**
 * FEEL, the expression language of conditions, values and decision tables: parsed once, compiled to closures, fuel counted.
 * Total: no text and no data can make it throw or hang. Semantics: DMN 1.5, judged by its public test cases.
 */
import { type Ast, childrenOf } from "./ast.ts";
import { toCode } from "./compile.ts";
import { type Code, Exhausted, type Frame, type Scope } from "./frame.ts";
import { isOfType } from "./instance.ts";
import { parse, type Problem } from "./parse.ts";
import { checkTypes, type TypeScope } from "./types.ts";
import type { FeelValue } from "./value.ts";

export { childrenOf } from "./ast.ts";
export * from "./value.ts";
export { came } from "./came.ts";
export { add } from "./arithmetic.ts";
export { equal, order } from "./compare.ts";
export { isOfType };
export type { Problem, Scope };
export { feelFromJson, feelToJson } from "./json.ts";
export { type FieldType, type TypeScope } from "./types.ts";
export { completions, type Completion } from "./complete.ts";

export type Evaluation = { value: FeelValue; error?: string; fuelUsed: number };
export type Compiled = {
  readonly text: string;
  /** Qualified names it reads: `opportunity.stage`, `run.attempts`. */
  readonly reads: readonly string[];
  /** The same, taken apart at the first dot; no field: the object itself. */
  readonly paths: readonly { name: string; object: string; field: string }[];
  readonly usesNow: boolean;
  readonly usesToday: boolean;
  /** The cell `-`, which anything passes, also a missing value. */
  readonly isAny: boolean;
  /** `input`: what `?` and unary tests look at. */
  evaluate(scope: Scope, input?: FeelValue): Evaluation;
};
export type CompileResult = { ok: true; expression: Compiled } | { ok: false; problems: Problem[] };
export type CompileOptions = {
  /** fields and their types; with them unknown names and impossible comparisons are problems */ types?: TypeScope /** names with spaces that the scope offers */;
  names?: Iterable<string>;
};

export const compile = (text: string, options: CompileOptions = {}): CompileResult =>
  build(text, "expression", options);
/** A cell of a decision table: `-`, `> 40`, `(20..30]`, `"a","b"`, `not(…)`. */
export const compileUnaryTests = (text: string, options: CompileOptions = {}): CompileResult =>
  build(text, "unary", options);
/** At an edge, null counts as false. */
export const isTrue = (evaluation: Evaluation): boolean => evaluation.value === true;

const fullTank = 10_000;

function build(text: string, mode: "expression" | "unary", { types, names }: CompileOptions): CompileResult {
  const parsed = parse(text, mode, names);
  if (!parsed.ok) return parsed;
  const problems = types ? checkTypes(parsed.ast, types) : [];
  if (problems.length) return { ok: false, problems };
  let code: Code | null = null;
  const seen = namesIn(parsed.ast);
  return {
    ok: true,
    expression: {
      text,
      reads: seen.reads,
      paths: seen.reads.map(pathOf),
      usesNow: seen.usesNow,
      usesToday: seen.usesToday,
      isAny: parsed.ast.kind === "any",
      evaluate(scope, input = null) {
        const fuel = scope.fuel ?? fullTank;
        const frame: Frame = { scope, locals: null, fuel, error: null, input, depth: 0 };
        try {
          code ??= toCode(parsed.ast);
          const value = code(frame);
          return {
            value,
            fuelUsed: fuel - frame.fuel,
            ...(value === null && frame.error !== null && { error: frame.error }),
          };
        } catch (error) {
          if (error instanceof Exhausted)
            return { value: null, error: error.message, fuelUsed: fuel - Math.max(0, frame.fuel) };
          if (error instanceof RangeError)
            return { value: null, error: "This expression is nested too deeply.", fuelUsed: fuel };
          throw error;
        }
      },
    },
  };
}

function pathOf(name: string): Compiled["paths"][number] {
  const dot = name.indexOf(".");
  return dot < 0 ? { name, object: name, field: "" } : { name, object: name.slice(0, dot), field: name.slice(dot + 1) };
}

/** Names read from outside, qualified by one step, and whether the clock is asked. */
function namesIn(ast: Ast): { reads: string[]; usesNow: boolean; usesToday: boolean } {
  const reads = new Set<string>();
  let usesNow = false;
  let usesToday = false;
  const visit = (node: Ast, bound: ReadonlySet<string>): void => {
    if (node.kind === "name") return void (node.name !== "?" && !bound.has(node.name) && reads.add(node.name));
    if (node.kind === "path" && node.object.kind === "name" && !bound.has(node.object.name))
      return void reads.add(`${node.object.name}.${node.name}`);
    if (node.kind === "call" && node.callee.kind === "name") {
      if (node.callee.name === "now") usesNow = true;
      if (node.callee.name === "today") usesToday = true;
      for (const arg of node.args) visit(arg, bound);
      return;
    }
    if (node.kind === "for" || node.kind === "quantified") {
      const inner = new Set([...bound, ...node.iterators.map((i) => i.name), "partial"]);
      for (const { list, to } of node.iterators) {
        visit(list, inner);
        if (to) visit(to, inner);
      }
      return visit(node.body, inner);
    }
    if (node.kind === "function") return visit(node.body, new Set([...bound, ...node.parameters.map((p) => p.name)]));
    if (node.kind === "context") {
      const inner = new Set(bound);
      for (const { key, value } of node.entries) {
        visit(value, inner);
        inner.add(key);
      }
      return;
    }
    // Inside a filter any name may be a field of the item.
    if (node.kind === "filter") return visit(node.list, bound);
    for (const child of childrenOf(node)) visit(child, bound);
  };
  visit(ast, new Set());
  return { reads: [...reads], usesNow, usesToday };
}
