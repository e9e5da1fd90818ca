/**
 * Where a condition can turn by the clock alone: each comparison with a `now()` in it is solved for `now()`. `now() - a > b` turns
 * at `b + a`, `now() > a - b` at `a - b`. What cannot be solved so (`hour(now())`, `now()` twice, inside a loop) is free.
 */
import { instantOf } from "../calendar/instant.ts";
import { nextHour, offsetAt } from "../calendar/zone.ts";
import { type Compiled, type FeelValue, childrenOf, isDate, isDuration } from "../expression/index.ts";
import type { Ast } from "../expression/ast.ts";
import { parse } from "../expression/parse.ts";

/** Texts of expressions. `at`: the instant; `against`: the side that was without `now()`; `moved`: what was brought over to it. */
export type TurningPoint = { at: string; against: string; moved: readonly string[] };
/** The same, ready to be evaluated. */
export type Point = { at: Compiled; against: Compiled; moved: readonly Compiled[] };
export type Turns = {
  points: readonly TurningPoint[];
  /** Some `now()` was not solved for. */
  free: boolean;
};

export function turningPoints(text: string): Turns {
  const parsed = parse(text, "expression");
  const turns = { points: [] as TurningPoint[], free: false };
  if (parsed.ok) look(parsed.ast, text, turns);
  return turns;
}

type Found = { points: TurningPoint[]; free: boolean };

/** Only through what passes on yes and no: elsewhere the names in a comparison may stand for something of the place. */
function look(ast: Ast, text: string, found: Found): void {
  if (!asksTheTime(ast)) return;
  switch (ast.kind) {
    case "and":
    case "or":
      look(ast.left, text, found);
      return look(ast.right, text, found);
    case "if":
      for (const part of [ast.condition, ast.yes, ast.no]) look(part, text, found);
      return;
    case "call":
      if (ast.callee.kind === "name" && ast.callee.name === "not" && ast.args.length === 1)
        return look(ast.args[0]!, text, found);
      found.free = true;
      return;
    case "compare":
      return compare(ast.left, ast.right, text, found);
    case "between":
      compare(ast.value, ast.low, text, found);
      return compare(ast.value, ast.high, text, found);
    case "in":
      for (const test of ast.tests) for (const bound of boundsOf(test)) compare(ast.value, bound, text, found);
      return;
    default:
      found.free = true;
  }
}

/** What a value in it is held against: the ends of a range, the value of a unary test, else the test itself. */
function boundsOf(test: Ast): Ast[] {
  if (test.kind === "range") return [test.low, test.high];
  return [test.kind === "unary" ? test.value : test];
}

function compare(left: Ast, right: Ast, text: string, found: Found): void {
  const [here, there] = [asksTheTime(left), asksTheTime(right)];
  if (!here && !there) return;
  const [side, other] = here ? [left, right] : [right, left];
  const against = textOf(other, text);
  const solved = here && there ? null : solve(side, against, [], text);
  if (solved) found.points.push({ ...solved, against });
  else found.free = true;
}

/** `side` = `target` for the one `now()` in it. */
function solve(side: Ast, target: string, moved: string[], text: string): Omit<TurningPoint, "against"> | null {
  if (isNow(side)) return { at: target, moved };
  if (side.kind !== "arithmetic" || (side.operator !== "+" && side.operator !== "-")) return null;
  const [here, there] = [asksTheTime(side.left), asksTheTime(side.right)];
  if (here && there) return null;
  const rest = textOf(here ? side.right : side.left, text);
  const more = [...moved, rest];
  if (here) return solve(side.left, `(${target}) ${side.operator === "+" ? "-" : "+"} ${rest}`, more, text);
  // a + b = target: b = target - a. a - b = target: b = a - target.
  const isolated = side.operator === "+" ? `(${target}) - ${rest}` : `${rest} - (${target})`;
  return solve(side.right, isolated, more, text);
}

const textOf = ({ from, to }: Ast, text: string): string => `(${text.slice(from, to)})`;

const isNow = (ast: Ast): boolean => ast.kind === "call" && ast.callee.kind === "name" && ast.callee.name === "now";

const asksTheTime = (ast: Ast): boolean => isNow(ast) || childrenOf(ast).some(asksTheTime);

/** When this comparison can next turn after `now`; infinite where it cannot. `read`: the value of an expression as of `now`. */
export function turnOf(
  { at, against, moved }: Point,
  read: (it: Compiled) => FeelValue,
  now: number,
  zone: string,
): number {
  // Months are of several lengths, and a date has no hour: what was brought over in them is not where it turns.
  if (moved.map(read).some(isUneven)) return nextHour(now, zone);
  const turns = instantOf(read(at), zone, null);
  if (turns === null) return Number.POSITIVE_INFINITY;
  const other = moved.length ? instantOf(read(against), zone, null) : null;
  // `now()` and what is added to it keep the hour on the wall where the clock is put forward or back in between.
  const shifted = other === null ? turns : turns + offsetAt(zone, other) - offsetAt(zone, turns);
  // `now() >= field` turns at the field's instant, `now() > field` a millisecond later.
  const instants = [turns, turns + 1, shifted, shifted + 1].filter((one) => one > now);
  return Math.min(...instants, Number.POSITIVE_INFINITY);
}

export const isUneven = (value: FeelValue): boolean => isDate(value) || (isDuration(value) && value.months !== null);
