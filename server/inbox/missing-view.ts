/**
 * What a step still waits for, part by part, in a form that can be said in plain words and mended on the spot: the field, what it
 * holds, what it has to hold, and how it is filled in.
 */
import { lookingOn } from "@/server/engine/explain/looking.ts";
import { type CompiledProcess, typeOf } from "@/server/engine/graph.ts";
import type { EngineRecord, Plain, Run } from "@/server/engine/model.ts";
import { type Unmet, entryUnmet, partText } from "@/server/engine/work/gate.ts";
import { standAt } from "@/server/engine/turn.ts";
import type { FieldDescription, RecordLabels } from "@/server/records/rules.ts";
import type { Known } from "./explain-flow.ts";

export type Wanted = "filled" | "is" | "is_not" | "more" | "at_least" | "less" | "at_most" | "one_of";
export type MissingPart = {
  kind: Unmet["kind"];
  /** The process's own words. */
  words: string | null;
  /** The condition, for parts that the product has no plain words for. */
  text: string;
  wants: { how: Wanted; value: string | null } | null;
  /** What to call a related record, and how long a note must be. */
  record: string | null;
  atLeast: number | null;
  fields: MissingField[];
};
export type MissingField = {
  path: string;
  label: string;
  value: string | null;
  /** Where and how it is filled in; null when that is not done by hand here. */
  fix: (FieldDescription & { recordId: string; version: number; stored: Plain; currency: string | null }) | null;
  /** Of a field that is computed: those it is computed from. */
  sources: MissingField[];
};

/** What keeps this token before its node, as it stands now. */
export function missingView(
  process: CompiledProcess,
  run: Run,
  token: string,
  known: Known,
  labels: RecordLabels,
): MissingPart[] {
  const held = run.tokens[token];
  const node = held ? process.nodes.get(held.node) : undefined;
  if (held?.state !== "held" || !node) return [];
  const looking = lookingOn(process, run, known);
  standAt(looking, token);
  return missingParts(process, run, known, labels, entryUnmet(looking, node));
}

/** What is missing, part by part, with the fields as they stand now. */
export function missingParts(
  process: CompiledProcess,
  run: Run,
  known: Pick<Known, "model" | "records">,
  labels: RecordLabels,
  unmet: readonly Unmet[],
): MissingPart[] {
  const named = (object: string): EngineRecord | null =>
    known.records.get(object === run.recordType ? run.recordId : (run.related[object] ?? "")) ?? null;
  const field = (path: string): MissingField => {
    const [object = "", name = ""] = path.split(".");
    const record = named(object);
    if (object !== "run") {
      const type = typeOf(process, run, object);
      const found = missingField(path, record, type, labels, known);
      // “Status” alone would be taken for the record's own.
      return object === run.recordType ? found : ofAnother(found, labels.type(type));
    }
    const described = labels.describe(typeOf(process, run, object), name);
    return {
      path,
      label: process.document.variables[name]?.label ?? path,
      value: said(run.variables[name] ?? null, described),
      fix: null,
      sources: [],
    };
  };
  return unmet.map((one) => ({
    kind: one.kind,
    words: one.text ?? null,
    text: partText(one),
    wants: one.kind === "condition" ? wantedOf(process, run, one, labels) : null,
    record: one.record ? labels.type(typeOf(process, run, one.record)) : null,
    atLeast: one.atLeast ?? null,
    fields: one.fields.map(field),
  }));
}

const ofAnother = (field: MissingField, record: string): MissingField => ({
  ...field,
  label: `${record}: ${field.label}`,
  fix: field.fix && { ...field.fix, label: `${record}: ${field.fix.label}` },
  sources: field.sources.map((source) => ofAnother(source, record)),
});

/** A field of a record of this type as it stands, and how it is filled in. */
export function missingField(
  path: string,
  record: EngineRecord | null,
  type: string,
  labels: RecordLabels,
  known: Pick<Known, "model">,
): MissingField {
  const { model } = known;
  const [object, field = ""] = path.split(".");
  const described = labels.describe(type, field);
  const stored = record?.values[described.name] ?? null;
  return {
    path,
    label: described.label || path,
    value: said(stored, described),
    fix:
      record && !described.derived && !record.lockedBy && model.hasField(record.type, described.name)
        ? {
            ...described,
            recordId: record.id,
            version: record.version,
            stored,
            currency: typeof record.values.currency === "string" ? record.values.currency : null,
          }
        : null,
    sources: model
      .sources(type, field)
      .map((source) => missingField(`${object}.${source}`, record, type, labels, known)),
  };
}

const said = (value: Plain, described: FieldDescription): string | null =>
  value === null
    ? null
    : (described.options?.find((one) => one.value === value)?.label ??
      (typeof value === "object" ? JSON.stringify(value) : String(value)));

const opposite: Record<string, string> = { "=": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<" };
const hows: Record<string, Wanted> = {
  "=": "is",
  "!=": "is_not",
  ">": "more",
  ">=": "at_least",
  "<": "less",
  "<=": "at_most",
};

/** A comparison of one field with a plain value, in words; null for anything else. */
function wantedOf(
  process: CompiledProcess,
  run: Run,
  { when = "", not }: Unmet,
  labels: RecordLabels,
): MissingPart["wants"] {
  const one = /^(\w+)\.(\w+)\s*(!=|<=|>=|=|<|>)\s*("[^"]*"|-?\d+(?:\.\d+)?|true|false|null)$/.exec(when.trim());
  const list = not ? null : /^(\w+)\.(\w+)\s+in\s*\(?\s*((?:"[^"]*"\s*,\s*)*"[^"]*")\s*\)?$/.exec(when.trim());
  const [, object = "", field = ""] = one ?? list ?? [];
  if (!object) return null;
  const described = object === "run" ? null : labels.describe(typeOf(process, run, object), field);
  const label = (text: string) => {
    const value = text.startsWith('"') ? text.slice(1, -1) : text;
    return described?.options?.find((option) => option.value === value)?.label ?? value;
  };
  if (list)
    return {
      how: "one_of",
      value: (list[3] ?? "")
        .split(/\s*,\s*/)
        .map(label)
        .join(", "),
    };
  const operator = not ? opposite[one![3]!]! : one![3]!;
  const value = one![4]!;
  if (value === "null") return operator === "!=" ? { how: "filled", value: null } : null;
  return { how: hows[operator]!, value: label(value) };
}
