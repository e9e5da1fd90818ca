import { type Problem, type ProblemCode } from "../problem.ts";
import { type FieldInfo, type Lookups, type Mapping, type RowResult } from "./mapping.ts";
import { nearestName } from "./nearest-name.ts";

/** What an import would do, gathered as rows are mapped. */
export type Preview = {
  counts: { new: number; update: number; error: number };
  /** The first rows, to look at. */
  results: RowResult[];
  /** Faults of one kind in one column, most frequent first; `rows` are the first ten. */
  problems: { code: ProblemCode; column?: string; text: string; count: number; rows: number[] }[];
  /** Values that could not be read and are nearly something known. */
  fixes: ValueFix[];
  /** Records of other types that would be made because a row names them. */
  creates: { type: string; by: string; names: string[] }[];
};

/** `from` in `column` is probably `to`: the same letters, or nearly. */
export type ValueFix = { column: string; from: string; to: string; rows: number; why: "same_letters" | "similar" };

export type PreviewGathering = { add(result: RowResult): void; addProblem(problem: Problem): void; preview(): Preview };

/** Gathers a preview in bounded memory, whatever the number of rows. `addProblem` takes rows the reader had to leave out. */
export function gatherPreview(
  mapping: Mapping,
  context: { fields: readonly FieldInfo[]; lookups: Lookups },
  options: { rows?: number } = {},
): PreviewGathering {
  const counts = { new: 0, update: 0, error: 0 };
  const results: RowResult[] = [];
  const problems = new Map<string, Preview["problems"][number]>();
  const strange = new Map<string, { column: string; value: string; rows: number }>();
  const creates = new Map<string, { type: string; by: string; names: Set<string> }>();

  const addProblem = (problem: Problem) => {
    const kind = `${problem.code}\n${problem.column ?? ""}`;
    const known = problems.get(kind);
    if (known) {
      known.count += 1;
      if (known.rows.length < 10 && problem.row !== undefined) known.rows.push(problem.row);
    } else {
      const { code, column, text, row } = problem;
      problems.set(kind, {
        code,
        ...(column !== undefined && { column }),
        text,
        count: 1,
        rows: row === undefined ? [] : [row],
      });
    }
    const { code, column, value } = problem;
    if (column === undefined || value === undefined || !(code === "lookup_missing" || code === "value_unknown")) return;
    const id = `${column}\n${value}`;
    const seen = strange.get(id);
    if (seen) seen.rows += 1;
    else if (strange.size < 1_000) strange.set(id, { column, value, rows: 1 });
  };
  const add = (result: RowResult) => {
    counts[result.outcome] += 1;
    if (results.length < (options.rows ?? 100)) results.push(result);
    if (result.outcome === "error") for (const problem of result.problems) addProblem(problem);
    else {
      for (const { type, by, text, create } of result.links) {
        if (!create) continue;
        const made = creates.get(type) ?? { type, by, names: new Set<string>() };
        if (made.names.size < 1_000) made.names.add(text);
        creates.set(type, made);
      }
    }
  };
  const preview = (): Preview => ({
    counts: { ...counts },
    results,
    problems: [...problems.values()].sort((a, b) => b.count - a.count),
    fixes: [...strange.values()].flatMap((one) => fixOf(mapping, context, one)).sort((a, b) => b.rows - a.rows),
    creates: [...creates.values()].map((made) => ({ ...made, names: [...made.names] })),
  });
  return {
    add,
    addProblem: (problem) => {
      counts.error += problem.row === undefined ? 0 : 1;
      addProblem(problem);
    },
    preview,
  };
}

/** The mapping with the fixes a person accepted. */
export function applyFixes(mapping: Mapping, fixes: readonly Pick<ValueFix, "column" | "from" | "to">[]): Mapping {
  const columns = mapping.columns.map((one) => {
    const mine = fixes.filter(({ column }) => column === one.column);
    return mine.length === 0
      ? one
      : { ...one, values: { ...one.values, ...Object.fromEntries(mine.map(({ from, to }) => [from, to])) } };
  });
  return { ...mapping, columns };
}

function fixOf(
  mapping: Mapping,
  { fields, lookups }: { fields: readonly FieldInfo[]; lookups: Lookups },
  { column, value, rows }: { column: string; value: string; rows: number },
): ValueFix[] {
  const from = mapping.columns.find((one) => one.column === column);
  const choices = from?.lookup
    ? lookups.names(from.lookup.type, from.lookup.by)
    : fields.find(({ key }) => key === from?.field)?.values;
  const near = choices && nearestName(value, choices);
  return near ? [{ column, from: value, to: near.name, rows, why: near.why }] : [];
}
