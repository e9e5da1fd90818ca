/**
 * What the cells of a decision table's column let through, exactly: each column is cut into regions at the values its cells
 * name (below, at, between, above; each text; true, false; empty), and a cell is a set of regions. A cell that reads anything
 * but its own input cannot be told and has none.
 */
import {
  childrenOf,
  compile,
  compileUnaryTests,
  type FeelValue,
  isDate,
  isDateTime,
  isDuration,
  isRange,
  isTime,
} from "../expression/index.ts";
import type { Ast } from "../expression/ast.ts";
import { parse } from "../expression/parse.ts";

/** Values of one kind have an order among themselves; texts and booleans only equality. */
type Kind =
  | "number"
  | "text"
  | "boolean"
  | "date"
  | "dateTime"
  | "localDateTime"
  | "time"
  | "localTime"
  | "duration"
  | "months"
  | "empty";
type Point = { kind: Kind; at: number | string };
/** A part of one kind's line; an end left out is open to infinity. */
type Span = { kind: Kind; from?: number | string; fromOpen?: boolean; to?: number | string; toOpen?: boolean };
/** What a cell lets through, before the column is cut; `negated`: everything else. */
type CellSet = { spans: Span[]; negated: boolean } | "any" | null;

/** Inclusive runs of region numbers, in order. */
export type Runs = readonly (readonly [number, number])[];
export type Column = {
  text: string;
  /** How many regions; 1 when nothing divides the column. */
  size: number;
  /** A rule's cell as runs of regions; null when it cannot be told. */
  cells: (Runs | null)[];
  /** A value in the region, as FEEL text; null when any value is. */
  example(region: number): string | null;
  /** The region of a missing value. */
  isEmpty(region: number): boolean;
};

export type ColumnText = {
  text: string;
  cells: readonly string[];
  /** Everything the input can hold: a cell of its own, or "" for anything. */
  allowed: string;
  /** Only whole numbers. */
  whole?: boolean;
};

export function regionsOf({ text, cells, allowed, whole = false }: ColumnText): Column {
  const sets = cells.map(setOf);
  const domain = allowed.trim() ? setOf(allowed) : null;
  const all = cut([...new Set([...sets, domain])], whole);
  const index = indexOf(all);
  const kept = domain === null ? all.map((_, i) => i) : inDomain(runsOf(domain, all, index), all);
  const place = new Map(kept.map((region, i) => [region, i]));
  const regions = kept.map((i) => all[i]!);
  const runsCache = new Map<CellSet, Runs>();
  const runs = (set: CellSet): Runs | null => {
    if (set === null) return null;
    let found = runsCache.get(set);
    if (!found) runsCache.set(set, (found = projected(runsOf(set, all, index), all.length, place)));
    return found;
  };
  return {
    text,
    size: regions.length,
    cells: sets.map(runs),
    example: (region) => regions[region]?.example ?? null,
    isEmpty: (region) => regions[region]?.kind === "empty",
  };
}

/** What an input may hold, and no value at all; everything when that would leave nothing. */
function inDomain(runs: Runs, all: Region[]): number[] {
  const inside = new Set(runs.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, i) => a + i)));
  const kept = all.flatMap((region, i) => (inside.has(i) || region.kind === "empty" ? i : []));
  return kept.length > 0 ? kept : all.map((_, i) => i);
}

/** Runs over all regions as runs over those that were kept. */
function projected(runs: Runs, size: number, place: ReadonlyMap<number, number>): Runs {
  if (place.size === size) return runs;
  const found: [number, number][] = [];
  for (const [a, b] of runs)
    for (let i = a; i <= b; i++) {
      const at = place.get(i);
      if (at === undefined) continue;
      const last = found.at(-1);
      if (last && last[1] === at - 1) last[1] = at;
      else found.push([at, at]);
    }
  return found;
}

type Region = {
  kind: Kind | "anything";
  example: string | null;
  low?: number | string;
  high?: number | string;
  point: boolean;
};

/**
 * The regions of a column: those of each kind its cells name, and no value, which `-` and `not(…)` take as well; "anything" when
 * they name none.
 */
function cut(sets: CellSet[], whole: boolean): Region[] {
  const spans = sets.flatMap((set) => (set === null || set === "any" ? [] : set.spans));
  const named = new Set(spans.map(({ kind }) => kind));
  const kinds = [...named, ...(named.size > 0 && !named.has("empty") ? (["empty"] as const) : [])];
  const rest: Region[] = kinds.every((kind) => kind === "empty")
    ? [{ kind: "anything", example: null, point: false }]
    : [];
  return [
    ...kinds.flatMap((kind) =>
      line(
        kind,
        spans.filter((s) => s.kind === kind),
        whole,
      ),
    ),
    ...rest,
  ];
}

type Index = { points: Map<string, number>; ends: Map<string, [number, number]> };
/** Where the named values of each kind stand, and where its regions begin and end. */
function indexOf(regions: Region[]): Index {
  const points = new Map<string, number>();
  const ends = new Map<string, [number, number]>();
  regions.forEach(({ kind, point, low }, i) => {
    if (point) points.set(`${kind} ${String(low)}`, i);
    const known = ends.get(kind);
    if (known) known[1] = i;
    else ends.set(kind, [i, i]);
  });
  return { points, ends };
}

function line(kind: Kind, spans: Span[], whole: boolean): Region[] {
  const values = [...new Set(spans.flatMap(({ from, to }) => [from, to].filter((v) => v !== undefined)))].sort(
    (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  );
  const point = (v: number | string): Region => ({ kind, low: v, high: v, point: true, example: written(kind, v) });
  if (kind === "empty") return [point("null")];
  if (kind === "boolean") return ["false", "true"].map(point);
  // Texts have an order, but nobody cuts by it: values named, and every other.
  if (kind === "text" && !spans.some(({ from, to }) => from !== to))
    return [...values.map(point), { kind, point: false, example: written(kind, otherText(values)) }];
  const regions: Region[] = [];
  const between = (low: number | string | undefined, high: number | string | undefined) => {
    const inner = inside(kind, low, high, whole);
    if (inner !== null)
      regions.push({
        kind,
        ...(low !== undefined && { low }),
        ...(high !== undefined && { high }),
        point: false,
        example: written(kind, inner),
      });
  };
  between(undefined, values[0]);
  values.forEach((value, i) => {
    regions.push(point(value));
    between(value, values[i + 1]);
  });
  return regions;
}

const otherText = (values: (number | string)[]): string => {
  for (let i = 0; ; i++)
    if (!values.includes(i === 0 ? "other" : `other ${i}`)) return i === 0 ? "other" : `other ${i}`;
};

/** Kinds whose values lie a whole unit apart at least: days, milliseconds, months. */
const steps: Partial<Record<Kind, number>> = {
  date: 1,
  dateTime: 1,
  localDateTime: 1,
  time: 1,
  localTime: 1,
  duration: 1,
  months: 1,
};
const likely: Partial<Record<Kind, number>> = {
  dateTime: 3_600_000,
  localDateTime: 3_600_000,
  time: 60_000,
  localTime: 60_000,
  duration: 3_600_000,
};
const dayMs = 86_400_000;

/** A value strictly between; null when there is none. */
function inside(
  kind: Kind,
  low: number | string | undefined,
  high: number | string | undefined,
  whole: boolean,
): number | string | null {
  if (typeof low === "string" || typeof high === "string") return low === undefined ? "" : `${low}~`;
  if ((kind === "time" || kind === "localTime") && low === undefined && high === 0) return null;
  const step = steps[kind] ?? (whole ? 1 : 0);
  const unit = likely[kind] ?? 1;
  if (low === undefined) {
    const below = high! - unit;
    return (kind === "time" || kind === "localTime") && below < 0 ? 0 : below;
  }
  if (high === undefined) {
    const above = low + unit;
    if ((kind === "time" || kind === "localTime") && above >= dayMs) return low < dayMs - 1 ? dayMs - 1 : null;
    return above;
  }
  if (step > 0) return high - low <= step ? null : high - low > unit ? low + unit : low + step;
  const next = Math.floor(low) + 1;
  return next < high ? next : (low + high) / 2;
}

const written = (kind: Kind, value: number | string): string => {
  if (kind === "text") return JSON.stringify(value);
  if (kind === "boolean" || kind === "empty" || typeof value === "string") return String(value);
  // Parts of a second only where there are some.
  const day = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
  switch (kind) {
    case "number":
      return String(Number(value.toPrecision(12)));
    case "date":
      return `date("${day(value * dayMs).slice(0, 10)}")`;
    case "dateTime":
      return `date and time("${day(value)}")`;
    case "localDateTime":
      return `date and time("${day(value).slice(0, -1)}")`;
    case "time":
      return `time("${day(value).slice(11)}")`;
    case "localTime":
      return `time("${day(value).slice(11, -1)}")`;
    case "duration":
      return `duration("${value < 0 ? "-" : ""}PT${Math.abs(value) / 3_600_000}H")`;
    case "months":
      return `duration("${value < 0 ? "-" : ""}P${Math.abs(value)}M")`;
    default:
      return kind satisfies never;
  }
};

function runsOf(set: Exclude<CellSet, null>, regions: Region[], index: Index): Runs {
  if (set === "any") return [[0, regions.length - 1]];
  const spans = set.spans.flatMap((span): [number, number][] => {
    const all = index.ends.get(span.kind);
    if (!all) return [];
    const at = (value: number | string) => index.points.get(`${span.kind} ${String(value)}`);
    const from = span.from === undefined ? all[0] : (at(span.from) ?? all[0]) + (span.fromOpen ? 1 : 0);
    const to = span.to === undefined ? all[1] : (at(span.to) ?? all[1]) - (span.toOpen ? 1 : 0);
    return from <= to ? [[from, to]] : [];
  });
  const runs: [number, number][] = [];
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    const last = runs.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else runs.push([from, to]);
  }
  if (!set.negated) return runs;
  const others: [number, number][] = [];
  let next = 0;
  for (const [from, to] of [...runs, [regions.length, regions.length] as const]) {
    if (next < from) others.push([next, from - 1]);
    next = to + 1;
  }
  return others;
}

/** Cells repeat, in a table and from one keystroke to the next. */
const known = new Map<string, CellSet>();
const mostKnown = 5000;
function setOf(cell: string): CellSet {
  let set = known.get(cell);
  if (set === undefined) {
    if (known.size >= mostKnown) known.clear();
    known.set(cell, (set = cellSet(cell)));
  }
  return set;
}

/** What one cell lets through; null when it reads more than its own input, or something this does not know. */
function cellSet(cell: string): CellSet {
  const parsed = parse(cell, "unary");
  if (!parsed.ok || !compileUnaryTests(cell).ok) return null;
  const { ast } = parsed;
  if (ast.kind === "any") return "any";
  if (ast.kind !== "tests") return null;
  const spans = ast.tests.map((test) => testSpans(test, cell));
  return spans.some((s) => s === null) ? null : { spans: spans.flatMap((s) => s ?? []), negated: ast.negated };
}

function testSpans(test: Ast, text: string): Span[] | null {
  const operator = (sign: string, value: Ast): Span[] | null => {
    const point = pointOf(constant(value, text));
    if (!point) return null;
    const { kind, at } = point;
    switch (sign) {
      case "=":
        return [{ kind, from: at, to: at }];
      case "!=":
        return [
          { kind, to: at, toOpen: true },
          { kind, from: at, fromOpen: true },
          // A missing value is not equal to any.
          { kind: "empty", from: "null", to: "null" },
        ];
      case "<":
      case "<=":
        return isOrdered(kind) ? [{ kind, to: at, toOpen: sign === "<" }] : null;
      default:
        return isOrdered(kind) ? [{ kind, from: at, fromOpen: sign === ">" }] : null;
    }
  };
  switch (test.kind) {
    case "unary":
      return operator(test.operator, test.value);
    case "compare":
      return test.left.kind === "name" && test.left.name === "?" ? operator(test.operator, test.right) : null;
    case "in":
      if (test.value.kind !== "name" || test.value.name !== "?") return null;
      return joined(test.tests.map((t) => testSpans(t, text)));
    case "list":
      return joined(test.items.map((t) => testSpans(t, text)));
    case "or": {
      const isTest = ({ kind }: Ast) => kind === "compare" || kind === "in" || kind === "or";
      return isTest(test.left) && isTest(test.right)
        ? joined([testSpans(test.left, text), testSpans(test.right, text)])
        : null;
    }
    default:
      return valueSpans(constant(test, text));
  }
}
const joined = (spans: (Span[] | null)[]): Span[] | null =>
  spans.some((s) => s === null) ? null : spans.flatMap((s) => s ?? []);
const isOrdered = (kind: Kind) => kind !== "text" && kind !== "boolean" && kind !== "empty";

function valueSpans(value: FeelValue | undefined): Span[] | null {
  if (value !== undefined && value !== null && isRange(value) && !value.operator) {
    const [low, high] = [pointOf(value.from), pointOf(value.to)];
    if (!low || !high || low.kind !== high.kind || !isOrdered(low.kind)) return null;
    return [{ kind: low.kind, from: low.at, fromOpen: value.fromOpen, to: high.at, toOpen: value.toOpen }];
  }
  const point = pointOf(value);
  return point ? [{ kind: point.kind, from: point.at, to: point.at }] : null;
}

/** The value of a part that reads nothing from outside; undefined when it does. */
function constant(ast: Ast, text: string): FeelValue | undefined {
  if (!isPlain(ast)) return undefined;
  const result = compile(text.slice(ast.from, ast.to));
  if (!result.ok) return undefined;
  const { reads, usesNow, usesToday } = result.expression;
  if (reads.length > 0 || usesNow || usesToday) return undefined;
  const { value, error } = result.expression.evaluate({ get: () => undefined, now: 0, zone: "UTC" });
  return value === null && error !== undefined ? undefined : value;
}
const plain: ReadonlySet<Ast["kind"]> = new Set<Ast["kind"]>([
  "number",
  "string",
  "boolean",
  "null",
  "at",
  "negate",
  "arithmetic",
  "range",
  "list",
  "call",
  "name",
]);
/** Literals, sums of them and calls such as `date("2026-01-01")`. */
const isPlain = (ast: Ast): boolean =>
  plain.has(ast.kind) && !(ast.kind === "name" && ast.name === "?") && childrenOf(ast).every(isPlain);

function pointOf(value: FeelValue | undefined): Point | null {
  if (value === undefined) return null;
  if (value === null) return { kind: "empty", at: "null" };
  if (typeof value === "number") return { kind: "number", at: value };
  if (typeof value === "string") return { kind: "text", at: value };
  if (typeof value === "boolean") return { kind: "boolean", at: String(value) };
  if (isDate(value)) return { kind: "date", at: value.day };
  if (isDateTime(value))
    return value.zone
      ? null
      : value.offset === null
        ? { kind: "localDateTime", at: value.wall }
        : { kind: "dateTime", at: value.wall - value.offset };
  if (isTime(value))
    return value.zone
      ? null
      : value.offset === null
        ? { kind: "localTime", at: value.ms }
        : { kind: "time", at: value.ms - value.offset };
  if (isDuration(value))
    return value.months !== null ? { kind: "months", at: value.months } : { kind: "duration", at: value.ms };
  return null;
}
