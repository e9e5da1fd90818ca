/**
 * The fewest parts of a condition that still have to come true: of an `and` all that are missing, of an `or` the alternative that
 * misses least, of a `not` the same the other way round. Alternatives that no record can meet are left out.
 */
import type { Ast } from "../expression/ast.ts";
import { parse } from "../expression/parse.ts";
import { neverTogether } from "../checks/condition-solver.ts";

/** One comparison that has to hold, or (`not`) has to be false. */
export type Part = { text: string; not: boolean };

/** Beyond so many alternatives only those that miss least are looked at. */
const most = 256;

/** `holds`: what a part is now; null when it cannot be told. Empty when the condition holds. */
export function shortestUnmet(text: string, holds: (text: string) => boolean | null): Part[] {
  const parsed = parse(text, "expression");
  if (!parsed.ok) return [{ text, not: false }];
  const known = new Map<string, boolean | null>();
  const isUnmet = ({ text: part, not }: Part): boolean => {
    if (!known.has(part)) known.set(part, holds(part));
    return known.get(part) !== !not;
  };
  const cost = (parts: readonly Part[]) => parts.filter(isUnmet).length;
  const fewest = (ways: Part[][]) =>
    ways.length <= most ? ways : ways.toSorted((a, b) => cost(a) - cost(b)).slice(0, most);
  const ways = (ast: Ast, not: boolean): Part[][] => {
    if (ast.kind === "and" || ast.kind === "or") {
      const [left, right] = [ways(ast.left, not), ways(ast.right, not)];
      return (ast.kind === "and") === not
        ? fewest([...left, ...right])
        : fewest(left.flatMap((one) => right.map((other) => together(one, other))));
    }
    if (ast.kind === "boolean") return ast.value === not ? [] : [[]];
    if (ast.kind === "call" && ast.callee.kind === "name" && ast.callee.name === "not" && ast.args.length === 1)
      return ways(ast.args[0]!, !not);
    return [[{ text: bare(text.slice(ast.from, ast.to)), not }]];
  };
  const all = ways(parsed.ast, false).toSorted((a, b) => cost(a) - cost(b));
  const best = all.find((parts) => parts.length < 2 || !neverTogether(parts)) ?? all[0];
  return best ? best.filter(isUnmet) : [{ text, not: false }];
}

/** Without brackets around all of it. */
function bare(text: string): string {
  const part = text.trim();
  if (!part.startsWith("(") || !part.endsWith(")")) return part;
  let depth = 0;
  for (let i = 0; i < part.length; i++) {
    depth += part[i] === "(" ? 1 : part[i] === ")" ? -1 : 0;
    if (depth === 0 && i < part.length - 1) return part;
  }
  return bare(part.slice(1, -1));
}

function together(one: readonly Part[], other: readonly Part[]): Part[] {
  const parts = [...one];
  for (const part of other)
    if (!parts.some(({ text, not }) => text === part.text && not === part.not)) parts.push(part);
  return parts;
}
