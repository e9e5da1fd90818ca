/** `for … return`, `some … satisfies` and `every … satisfies`. */
import { type Ast, mentions } from "./ast.ts";
import { bounded, type Code, Exhausted, fail, type Frame, mostList, spend, type ToCode } from "./frame.ts";
import { type FeelValue, isDate, isRange, makeDate } from "./value.ts";

/** What an iterator walks over: a list, a range of whole numbers or of days. */
function walk(f: Frame, list: FeelValue, to: FeelValue | undefined): FeelValue[] | null {
  let [from, until] = [list, to];
  if (until === undefined) {
    if (!isRange(list)) return Array.isArray(list) ? list : list === null ? null : [list];
    if (list.operator) return null;
    [from, until] = [list.from, list.to];
    if (list.fromOpen || list.toOpen) {
      const all = walk(f, from, until);
      return all && all.slice(list.fromOpen ? 1 : 0, list.toOpen ? -1 : undefined);
    }
  }
  if (isDate(from) && isDate(until)) return steps(f, from.day, until.day).map((d) => makeDate(d));
  return typeof from === "number" && typeof until === "number" && Number.isInteger(from) && Number.isInteger(until)
    ? steps(f, from, until)
    : null;
}
function steps(f: Frame, from: number, to: number): number[] {
  const length = Math.abs(to - from) + 1;
  if (length > mostList) throw new Exhausted(`A list in this expression is longer than ${mostList} items.`);
  spend(f, Math.ceil(length / 10));
  return Array.from({ length }, (_, i) => (to >= from ? from + i : from - i));
}

type Iterator = { name: string; list: Code; to: Code | null };
const iteratorsOf = (ast: Extract<Ast, { kind: "for" | "quantified" }>, toCode: ToCode): Iterator[] =>
  ast.iterators.map(({ name, list, to }) => ({ name, list: toCode(list), to: to && toCode(to) }));

/** Calls `each` for every combination; stops when it answers false. Null = something cannot be walked. */
function combine(f: Frame, iterators: Iterator[], each: () => boolean, index = 0): boolean | null {
  const iterator = iterators[index];
  if (!iterator) return each();
  const items = walk(f, iterator.list(f), iterator.to ? iterator.to(f) : undefined);
  if (!items) return null;
  const kept = f.locals;
  for (const item of items) {
    spend(f);
    f.locals = { name: iterator.name, value: item, next: kept };
    const go = combine(f, iterators, each, index + 1);
    f.locals = kept;
    if (go !== true) return go;
  }
  return true;
}

export function forCode(ast: Extract<Ast, { kind: "for" }>, toCode: ToCode): Code {
  const iterators = iteratorsOf(ast, toCode);
  const body = toCode(ast.body);
  const readsPartial = mentions(ast.body, "partial");
  return (f) => {
    const found: FeelValue[] = [];
    const done = combine(f, iterators, () => {
      const kept = f.locals;
      if (readsPartial) {
        spend(f, Math.ceil(found.length / 20));
        f.locals = { name: "partial", value: [...found], next: kept };
      }
      spend(f);
      found.push(body(f));
      f.locals = kept;
      if (found.length > mostList) throw new Exhausted(`A list in this expression is longer than ${mostList} items.`);
      return true;
    });
    return done === null ? fail(f, "This cannot be walked through.") : bounded(found);
  };
}

export function quantifiedCode(ast: Extract<Ast, { kind: "quantified" }>, toCode: ToCode): Code {
  const iterators = iteratorsOf(ast, toCode);
  const body = toCode(ast.body);
  return (f) => {
    let unclear = false;
    let decided = false;
    const done = combine(f, iterators, () => {
      const answer = body(f);
      if (typeof answer !== "boolean") unclear = true;
      else if (answer !== ast.every) decided = true;
      return !decided;
    });
    if (decided) return !ast.every;
    return done === null || unclear ? null : ast.every;
  };
}
