/**
 * The smallest changes of fields that make a condition true. `and`, `or` and `not` are taken apart; each comparison is tried with the
 * values it names and those beside them, one field first, then two, then three. Every answer has been evaluated on the whole
 * condition, so what is found does hold; that something smaller is never missed is not promised for conditions that compute.
 */
import {
  type Compiled,
  type FeelValue,
  add,
  childrenOf,
  compile,
  isDate,
  isDateTime,
  isRange,
  makeDate,
  makeDuration,
  toFeelDateTime,
} from "../expression/index.ts";
import type { Ast } from "../expression/ast.ts";
import { parse } from "../expression/parse.ts";
import { typeOf } from "../graph.ts";
import { picklistOf } from "../work/form.ts";
import type { Plain, Visit } from "../model.ts";
import { type Turn, evaluate, recordNamed } from "../turn.ts";
import { type Setting, byObject, changed, made, settingOf, withSettings } from "./settings.ts";

const dayMs = 86_400_000;
/** How many ways are told. */
const mostWays = 8;
/** How many ways are looked at of each part of a condition. */
const mostLooked = 64;
/** How many times one comparison is tried. */
const mostTries = 1500;

/**
 * Ways, each a set of values, the smallest first; one empty way when it holds already. `more`: how many others there are of values
 * that the condition names. `atLeast`: they were not all counted.
 */
export type Ways = { ways: Setting[][]; more: number; atLeast: boolean };
export const onlyWays = (ways: Setting[][]): Ways => ({ ways, more: 0, atLeast: false });

export function waysToMakeTrue(turn: Turn, text: string, visit: Visit | null = null): Ways {
  const parsed = parse(text, "expression");
  const whole = expressionOf(turn, text);
  if (!parsed.ok || !whole) return onlyWays([]);
  const holds = (settings: readonly Setting[]) =>
    evaluate(settings.length ? withSettings(turn, settings) : turn, whole, visit).value === true;
  if (holds([])) return onlyWays([[]]);
  for (const computed of [false, true]) {
    const search: Search = { turn, text, visit, computed, cut: false };
    const parts = waysOf(search, parsed.ast, true);
    const found = [...parts, ...(parts.some(holds) ? [] : tryValues(search, parsed.ast, true))]
      .filter((way) => way.length > 0 && holds(way))
      .map((way) => least(way, holds));
    if (found.length === 0) continue;
    const all = distinct(found);
    const more = all.slice(mostWays).filter((way) => !way.some(({ example }) => example)).length;
    return { ways: all.slice(0, mostWays), more, atLeast: more > 0 && search.cut };
  }
  return onlyWays([]);
}

/** `cut`: something had more ways than were looked at. */
type Search = { turn: Turn; text: string; visit: Visit | null; computed: boolean; cut: boolean };

function looked(search: Search, ways: Setting[][]): Setting[][] {
  const all = distinct(ways);
  if (all.length > mostLooked) search.cut = true;
  return all.slice(0, mostLooked);
}

function waysOf(search: Search, ast: Ast, wanted: boolean): Setting[][] {
  if (valueOf(search, ast) === wanted) return [[]];
  switch (ast.kind) {
    case "and":
    case "or": {
      const left = waysOf(search, ast.left, wanted);
      const right = waysOf(search, ast.right, wanted);
      // Both must be so, or one of them is enough.
      const both = (ast.kind === "and") === wanted;
      return looked(search, both ? left.flatMap((l) => right.flatMap((r) => together(l, r))) : [...left, ...right]);
    }
    case "call":
      if (ast.callee.kind === "name" && ast.callee.name === "not" && ast.args.length === 1)
        return waysOf(search, ast.args[0]!, !wanted);
      return tryValues(search, ast, wanted);
    case "if": {
      const [yes, no] = [waysOf(search, ast.yes, wanted), waysOf(search, ast.no, wanted)];
      const so = (condition: boolean, then: Setting[][]) =>
        waysOf(search, ast.condition, condition).flatMap((l) => then.flatMap((r) => together(l, r)));
      return looked(search, [...so(true, yes), ...so(false, no)]);
    }
    default:
      return tryValues(search, ast, wanted);
  }
}

/** One way that does both; none when they want different values of one field. */
function together(left: Setting[], right: Setting[]): Setting[][] {
  const all = new Map(left.map((one) => [one.path, one]));
  for (const one of right) {
    const known = all.get(one.path);
    if (known && JSON.stringify(known.to) !== JSON.stringify(one.to)) return [];
    all.set(one.path, one);
  }
  return [[...all.values()]];
}

/** Tries values of the names that this part reads. */
function tryValues(search: Search, ast: Ast, wanted: boolean): Setting[][] {
  const part = expressionOf(search.turn, sliceOf(search, ast));
  if (!part) return [];
  const paths = part.reads.filter((path) => path.includes("."));
  const values = new Map(paths.map((path) => [path, candidates(search, ast, path)]));
  const found: Setting[][] = [];
  let tries = 0;
  for (let size = 1; size <= Math.min(3, paths.length) && found.length === 0; size++) {
    const width = size === 1 ? 80 : size === 2 ? 24 : 8;
    for (const chosen of subsets(paths, size))
      for (const way of products(chosen.map((path) => (values.get(path) ?? []).slice(0, width)))) {
        if (++tries > mostTries * size) break;
        if (found.length >= mostLooked) {
          search.cut = true;
          return found;
        }
        // Of values that the condition does not name a few are enough.
        if (found.length >= mostWays && way.some(({ example }) => example)) return found;
        const { value } = evaluate(withSettings(search.turn, way), part, search.visit);
        if (value === wanted) found.push(way);
      }
  }
  return found;
}

/** Values for one name: what the condition compares it with and what is next to that, then what its kind has. */
function candidates(search: Search, ast: Ast, path: string): Setting[] {
  const { turn, computed } = search;
  const named = [...valuesIn(search, ast)].flatMap(around);
  const numbers: FeelValue[] = [0, 10, 100, 1000, 100_000, 10_000_000, -1, false, null];
  const tried = fitting(turn, path, [...named, ...usualValues(turn, path), ...numbers], computed);
  const written = new Set(fitting(turn, path, named, computed).map(({ to }) => JSON.stringify(to)));
  return tried.map((one) => (written.has(JSON.stringify(one.to)) ? one : { ...one, example: true }));
}

/** Values of any kind; those that a field does not take fall out. */
function usualValues(turn: Turn, path: string): FeelValue[] {
  const { workspace } = turn.world;
  const referred = referredBy(turn, path);
  // Where none is known yet anything stands for it.
  if (referred) return referred.length ? referred : ["text"];
  const now = toFeelDateTime(turn.instant);
  const today = makeDate(Math.floor(turn.instant / dayMs));
  return [
    ...(picklistOf(turn.process, turn.world.model, turn.run, path) ?? []),
    true,
    1,
    "text",
    "who@example.com",
    "https://example.com",
    "+842838240000",
    ...[today, now].flatMap((at) => (at ? around(at) : [])),
    workspace.country,
    workspace.currency,
    workspace.zone,
    "en",
    "US-CA",
    "example.com",
  ];
}

function fitting(turn: Turn, path: string, values: readonly FeelValue[], computed: boolean): Setting[] {
  const seen = new Set<string>();
  return values.flatMap((value): Setting[] => {
    const setting = settingOf(turn, path, value, computed);
    if (!setting) return [];
    const key = JSON.stringify(setting.to);
    if (seen.has(key) || key === JSON.stringify(setting.from)) return [];
    seen.add(key);
    return [setting];
  });
}

/** Something that this field or variable takes, for a form that somebody has yet to fill. */
export const anyValueFor = (turn: Turn, path: string): Plain => anySettingFor(turn, path)?.to ?? null;

/** The same as a setting; null where nobody can give it one. */
export function anySettingFor(turn: Turn, path: string): Setting | null {
  const found = fitting(turn, path, usualValues(turn, path), false).find(({ to }) => to !== "none");
  return found ? { ...found, example: true } : null;
}

/** The way with what its records lack besides: without that nobody could save it. */
export function savable(turn: Turn, way: readonly Setting[]): Setting[] {
  const { model } = turn.world;
  const whole = [...way];
  for (let round = 0; round < 6; round++) {
    const lacking = [...byObject(whole)].flatMap(([object, settings]) => {
      if (object === "run") return [];
      const record = recordNamed(turn, object);
      const { type, values } = record ? changed(turn, record, settings) : made(turn, settings[0]!.type, settings);
      const [problem] = model.problems(type, values, record?.values ?? null);
      return problem?.field && !settings.some(({ field }) => field === problem.field)
        ? (anySettingFor(turn, `${object}.${problem.field}`) ?? [])
        : [];
    });
    if (lacking.length === 0) break;
    whole.push(...lacking);
  }
  return whole;
}

/** Every value that a part of the condition has now. */
function* valuesIn(search: Search, ast: Ast): Generator<FeelValue> {
  for (const child of childrenOf(ast)) {
    yield* valuesIn(search, child);
    const value = valueOf(search, child);
    if (value !== null && value !== undefined) yield value;
  }
}

function around(value: FeelValue): FeelValue[] {
  if (typeof value === "number") return [value, value + 1, value - 1];
  if (isDate(value) || isDateTime(value)) {
    const [day, back] = [makeDuration(dayMs), makeDuration(-dayMs)];
    return [value, add(value, day), add(value, back), add(value, makeDuration(30 * dayMs))];
  }
  if (isRange(value)) return [value.from, value.to].flatMap(around);
  if (Array.isArray(value)) return value.slice(0, 40).flatMap(around);
  return typeof value === "string" || typeof value === "boolean" ? [value] : [];
}

/** For a reference: people, or records of that type that are known. Null: the name is no reference. */
function referredBy(turn: Turn, path: string): FeelValue[] | null {
  const [object = "", field = ""] = path.split(".");
  const { model, records, directory } = turn.world;
  const type = recordNamed(turn, object)?.type ?? typeOf(turn.process, turn.run, object);
  const to = model.references(type).find((reference) => reference.field === field)?.to;
  if (!to) return null;
  if (to === "user") return [...directory.people.keys()].slice(0, 5);
  return [...records.values()].flatMap((r) => (r.type === to ? r.id : [])).slice(0, 10);
}

/** Numbers are brought as near to what they are as the condition allows. */
function least(way: Setting[], holds: (way: readonly Setting[]) => boolean): Setting[] {
  // What another part needed too may be needless now.
  for (const one of way) {
    const without = way.filter((other) => other !== one);
    if (without.length && holds(without)) return least(without, holds);
  }
  let best = way;
  for (const [i, { from, to }] of way.entries()) {
    if (typeof from !== "number" || typeof to !== "number") continue;
    const whole = Number.isInteger(from) && Number.isInteger(to);
    const put = (value: Plain) => best.map((one, j) => (j === i ? { ...one, to: value } : one));
    let [no, yes] = [from, to];
    for (let n = 0; n < 60 && Math.abs(yes - no) > (whole ? 1 : 0.01); n++) {
      const between = (no + yes) / 2;
      const middle = whole ? Math.trunc(between) : Math.round(between * 100) / 100;
      if (middle === no || middle === yes) break;
      if (holds(put(middle))) yes = middle;
      else no = middle;
    }
    best = put(yes).map((one, j) => (j === i && yes !== to ? { ...one, example: false } : one));
  }
  return best;
}

function distinct(ways: Setting[][]): Setting[][] {
  const seen = new Map<string, Setting[]>();
  for (const way of ways.sort((a, b) => a.length - b.length)) {
    const key = JSON.stringify(way.map(({ path, to }) => [path, to]).sort());
    if (!seen.has(key)) seen.set(key, way);
  }
  return [...seen.values()];
}

function* subsets<T>(all: readonly T[], size: number, from = 0): Generator<T[]> {
  if (size === 0) return yield [];
  for (let i = from; i <= all.length - size; i++)
    for (const rest of subsets(all, size - 1, i + 1)) yield [all[i]!, ...rest];
}

function* products<T>([first, ...rest]: readonly (readonly T[])[]): Generator<T[]> {
  if (!first) return yield [];
  for (const one of first) for (const others of products(rest)) yield [one, ...others];
}

const sliceOf = ({ text }: Search, { from, to }: Ast): string => text.slice(from, to);
const kept = new WeakMap<Turn["process"], Map<string, Compiled | null>>();
/** Parts of conditions are no texts of the process: they are compiled once beside it. */
function expressionOf({ process }: Turn, text: string): Compiled | null {
  const cache = kept.get(process) ?? new Map<string, Compiled | null>();
  kept.set(process, cache);
  let compiled = cache.get(text);
  if (compiled === undefined) {
    const result = compile(text);
    cache.set(text, (compiled = result.ok ? result.expression : null));
  }
  return compiled;
}

function valueOf(search: Search, ast: Ast): FeelValue | undefined {
  const part = expressionOf(search.turn, sliceOf(search, ast));
  return part ? evaluate(search.turn, part, search.visit).value : undefined;
}
