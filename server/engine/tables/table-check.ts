/**
 * Which inputs more than one rule of a decision table takes, and which none does: exact for the cells that
 * `table-regions.ts` can tell, silent for the rest, and bounded, so that a table of 2,000 rules is looked through while one types.
 */
import type { DecisionTableDefinition } from "../process.ts";
import { type Column, regionsOf, type Runs } from "./table-regions.ts";

export type Example = { input: string; value: string }[];
export type TableFinding = {
  /**
   * `overlap`: two rules of a unique table take the same input; `conflict`: so they do in an `any` table, with different
   * outputs; `masked`: rules before it take everything; `never`: no input fits; `gap`: an input that no rule takes.
   */
  kind: "overlap" | "conflict" | "masked" | "never" | "gap";
  /** 0-based */ rules: number[];
  /** empty when any input is an example */ example: Example;
};

export type TableLimits = { findings: number /** how many regions a search looks at */; looks: number };
const limits: TableLimits = { findings: 20, looks: 200_000 };

type Checked = Pick<DecisionTableDefinition, "hitPolicy" | "inputs" | "inputValues" | "rules" | "defaults">;

/** `whole`: inputs that hold whole numbers only. */
export function checkTable(
  table: Checked,
  { whole = () => false, ...most }: { whole?: (input: string) => boolean } & Partial<TableLimits> = {},
): TableFinding[] {
  const { findings: mostFindings, looks } = { ...limits, ...most };
  const columns = columnsOf(table, whole);
  const rules = table.rules.map((_, i) => columns.map(({ cells }) => cells[i] ?? null));
  const findings: TableFinding[] = [];
  const known = rules.flatMap((cells, i) => (cells.every((cell) => cell !== null) ? i : []));
  for (const i of known)
    if (rules[i]!.some((cell) => cell?.length === 0)) findings.push({ kind: "never", rules: [i], example: [] });
  const live = new Set(known.filter((i) => rules[i]!.every((cell) => cell!.length > 0)));
  if (table.hitPolicy === "unique" || table.hitPolicy === "any")
    findings.push(...overlaps(table, columns, rules, live, mostFindings));
  if (table.hitPolicy === "first") findings.push(...masked(columns, rules, live, looks));
  const oneAnswer = ["unique", "any", "first", "priority"].includes(table.hitPolicy);
  if (oneAnswer && !table.defaults?.some((d) => d !== null) && table.rules.length > 0) {
    const gap = uncovered(
      columns.map((column) => allRegions(column).filter((r) => !column.isEmpty(r))),
      columns,
      rules.map((cells) => cells.map((cell, j) => cell ?? [[0, columns[j]!.size - 1] as const])),
      { looks },
    );
    if (gap) findings.push({ kind: "gap", rules: [], example: exampleOf(columns, gap) });
  }
  return findings.slice(0, mostFindings);
}

/** Inputs as they stand; the same expression twice is one column that both cells narrow. */
function columnsOf(table: Checked, whole: (input: string) => boolean): Column[] {
  const columns = table.inputs.map((text, j) =>
    regionsOf({
      text,
      cells: table.rules.map(({ when }) => when[j] ?? "-"),
      allowed: table.inputValues?.[j] ?? "",
      whole: whole(text.trim()),
    }),
  );
  // Two columns of one expression are cut differently; what they say together is not told.
  return columns.map((column, j) =>
    table.inputs.some((other, i) => i !== j && other.trim() === column.text.trim())
      ? { ...column, cells: column.cells.map((cell) => (cell && covering(cell, column.size) ? cell : null)) }
      : column,
  );
}

const covering = (runs: Runs, size: number) => runs.length === 1 && runs[0]![0] === 0 && runs[0]![1] === size - 1;
const allRegions = ({ size }: Column) => Array.from({ length: size }, (_, i) => i);
const exampleOf = (columns: Column[], regions: number[]): Example =>
  columns.flatMap((column, j) => {
    const value = column.size > 1 ? column.example(regions[j]!) : null;
    return value === null ? [] : { input: column.text, value };
  });

const meet = (a: Runs, b: Runs): number | null => {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const low = Math.max(a[i]![0], b[j]![0]);
    if (low <= Math.min(a[i]![1], b[j]![1])) return low;
    if (a[i]![1] < b[j]![1]) i++;
    else j++;
  }
  return null;
};

/**
 * Pairs of rules that share an input. Sweeping the most divided column leaves only rules whose cells begin before another ends
 * there; each such pair is compared column by column.
 */
function overlaps(
  table: Checked,
  columns: Column[],
  rules: (Runs | null)[][],
  live: ReadonlySet<number>,
  most: number,
): TableFinding[] {
  const found: TableFinding[] = [];
  const share = sharing(columns, rules, live);
  const list = [...live];
  for (const i of list) {
    for (const j of share(i)) {
      if (j <= i) continue;
      const regions = columns.map((_, c) => meet(rules[i]![c]!, rules[j]![c]!));
      if (regions.some((r) => r === null)) continue;
      if (table.hitPolicy === "any" && !differ(table, i, j)) continue;
      found.push({
        kind: table.hitPolicy === "any" ? "conflict" : "overlap",
        rules: [i, j],
        example: exampleOf(columns, regions as number[]),
      });
      if (found.length >= most) return found;
    }
  }
  return found;
}

/** Two plain outputs that are not the same; what FEEL gives is not known before it runs. */
const differ = (table: Checked, i: number, j: number): boolean =>
  table.rules[i]!.then.some((a, c) => {
    const b = table.rules[j]!.then[c] ?? null;
    const plain = (v: typeof a) => v === null || typeof v !== "object";
    return plain(a) && plain(b) && a !== b;
  });

/** For a rule, the rules whose cells meet its own in every column: sets of bits, a column at a time. */
function sharing(columns: Column[], rules: (Runs | null)[][], live: ReadonlySet<number>): (rule: number) => number[] {
  const words = Math.ceil(rules.length / 32);
  const all = new Uint32Array(words);
  for (const i of live) all[i >> 5]! |= 1 << (i & 31);
  const perColumn = columns.map((column, c) => {
    if (column.size === 1) return null;
    // A rule meets [a..b] unless all it has ends before a or begins after b; rules of several runs are always looked at.
    const endsBefore = Array.from({ length: column.size + 1 }, () => new Uint32Array(0));
    const beginsFrom = Array.from({ length: column.size + 1 }, () => new Uint32Array(0));
    const last = new Map<number, number[]>();
    const first = new Map<number, number[]>();
    for (const i of live) {
      const cell = rules[i]![c]!;
      const [begin, end] = [cell[0]![0], cell.at(-1)![1]];
      first.set(begin, [...(first.get(begin) ?? []), i]);
      last.set(end, [...(last.get(end) ?? []), i]);
    }
    let running = new Uint32Array(words);
    for (let r = 0; r <= column.size; r++) {
      endsBefore[r] = running;
      const ending = last.get(r);
      if (ending) {
        running = running.slice();
        for (const i of ending) running[i >> 5]! |= 1 << (i & 31);
      }
    }
    running = new Uint32Array(words);
    for (let r = column.size; r >= 0; r--) {
      const beginning = first.get(r);
      if (beginning) {
        running = running.slice();
        for (const i of beginning) running[i >> 5]! |= 1 << (i & 31);
      }
      beginsFrom[r] = running;
    }
    return { endsBefore, beginsFrom };
  });
  return (rule) => {
    const bits = all.slice();
    perColumn.forEach((column, c) => {
      if (!column) return;
      const cell = rules[rule]![c]!;
      const before = column.endsBefore[cell[0]![0]]!;
      const after = column.beginsFrom[cell.at(-1)![1] + 1]!;
      for (let w = 0; w < words; w++) bits[w]! &= ~(before[w]! | after[w]!);
    });
    const found: number[] = [];
    for (let w = 0; w < words; w++)
      for (let rest = bits[w]!; rest !== 0; rest &= rest - 1) found.push(w * 32 + (31 - Math.clz32(rest & -rest)));
    return found;
  };
}

/** Rules that those before them leave nothing. */
function masked(columns: Column[], rules: (Runs | null)[][], live: ReadonlySet<number>, looks: number): TableFinding[] {
  const share = sharing(columns, rules, live);
  const budget = { looks };
  const found: TableFinding[] = [];
  for (const i of live) {
    const before = share(i).filter((j) => j < i && rules[i]!.every((cell, c) => meet(cell!, rules[j]![c]!) !== null));
    if (before.length === 0) continue;
    const own = rules[i]!.map((cell) => cell!.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, k) => a + k)));
    const left = uncovered(
      own,
      columns,
      before.map((j) => rules[j]!.map((cell) => cell!)),
      budget,
    );
    if (budget.looks <= 0) break;
    if (left === null) found.push({ kind: "masked", rules: [i, ...before], example: [] });
  }
  return found;
}

/**
 * A choice of one region a column that no rule takes, out of `regions`; null when there is none or the search was given up.
 * Columns are chosen one after the other; regions that leave the same rules are looked at once.
 */
function uncovered(
  regions: number[][],
  columns: Column[],
  rules: Runs[][],
  budget: { looks: number },
): number[] | null {
  // The most divided columns last: the others prune sooner.
  const order = columns.map((_, c) => c).sort((a, b) => regions[a]!.length - regions[b]!.length);
  const rest = order.map((_, depth) => order.slice(depth));
  const isFree = rules.map((cells) => cells.map((cell, c) => takesAll(cell, regions[c]!)));
  const done = new Set<string>();
  const chosen = new Array<number>(columns.length).fill(0);
  const search = (depth: number, left: number[]): boolean => {
    if (left.length === 0) {
      for (const c of rest[depth] ?? []) chosen[c] = regions[c]![0] ?? 0;
      return true;
    }
    const columnsLeft = rest[depth];
    if (!columnsLeft) return false;
    // Some rule takes whatever is still open.
    if (left.some((i) => columnsLeft.every((c) => isFree[i]![c]))) return false;
    const key = `${depth}:${left.join()}`;
    if (done.has(key)) return false;
    const c = order[depth]!;
    const seen = new Set<string>();
    for (const region of regions[c]!) {
      budget.looks -= 1 + left.length / 64;
      if (budget.looks <= 0) return false;
      const next = left.filter((i) => takes(rules[i]![c]!, region));
      const same = next.join();
      if (seen.has(same)) continue;
      seen.add(same);
      chosen[c] = region;
      if (search(depth + 1, next)) return true;
      if (budget.looks <= 0) return false;
    }
    done.add(key);
    return false;
  };
  return search(
    0,
    rules.map((_, i) => i),
  ) && budget.looks > 0
    ? chosen
    : null;
}

function takesAll(runs: Runs, regions: number[]): boolean {
  const [first, last] = [regions[0], regions.at(-1)];
  if (first === undefined || last === undefined) return true;
  return runs.some(([a, b]) => a <= first && last <= b) || regions.every((r) => takes(runs, r));
}

function takes(runs: Runs, region: number): boolean {
  let [low, high] = [0, runs.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [a, b] = runs[middle]!;
    if (region < a) high = middle - 1;
    else if (region > b) low = middle + 1;
    else return true;
  }
  return false;
}
