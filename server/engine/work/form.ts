/** The form a person fills at a step: which fields, what is still missing, which values are the ways to finish. */
import { type CompiledNode, type CompiledProcess, typeOf } from "../graph.ts";
import type { EngineRecord, Plain, Run, Values } from "../model.ts";
import { checkVariable } from "../records.ts";
import { gateFields } from "./gate-fields.ts";
import { type Turn, recordNamed, scopeOf } from "../turn.ts";
import type { RecordRules, Records } from "../world.ts";

export type FieldProblem = {
  field: string;
  code: "MISSING" | "INVALID" | "READ_ONLY" | "UNKNOWN" | "LOCKED";
  text: string;
};

/** Everything that keeps this form from being saved, in the form's order. Given values win over the draft and what is stored. */
export function formProblems(turn: Turn, node: CompiledNode, values: Values, draft: Values): FieldProblem[] {
  const fields = node.form?.fields ?? [];
  const problems: FieldProblem[] = [];
  if (fields.length === 0 && Object.keys(values).length === 0) return problems;
  const known = new Map<string, { field: string; readOnly?: boolean | undefined }>([
    ...gateFields(node, turn.process, turn.run, turn.world.model).map((field) => [field, { field }] as const),
    ...fields.map((f) => [f.field, f] as const),
  ]);
  for (const [path, value] of Object.entries(values)) {
    const field = known.get(path);
    const text = labelOf(turn.process, turn.world.model, turn.run, path);
    if (!field)
      problems.push({ field: path, code: "UNKNOWN", text: `${text} is not part of this step. Nothing was saved.` });
    else if (field.readOnly)
      problems.push({ field: path, code: "READ_ONLY", text: `${text} can only be read here. Nothing was saved.` });
    else {
      const wrong = checkValue(turn, path, value);
      if (wrong) problems.push({ field: path, code: "INVALID", text: wrong });
    }
  }
  const valueOf = (path: string): Plain => values[path] ?? draft[path] ?? stored(turn, path);
  for (const field of fields) {
    if (field.readOnly || !(field.required || requiredNow(turn, field.requiredWhen, { ...draft, ...values }))) continue;
    if (isEmpty(valueOf(field.field), field.field, turn.process))
      problems.push({
        field: field.field,
        code: "MISSING",
        text: `${labelOf(turn.process, turn.world.model, turn.run, field.field)} is still missing.`,
      });
  }
  return problems;
}

/**
 * The field whose values are the outcome buttons: the node's own choice, else the required picklist that the decision after the
 * step asks about, else the form's first required picklist.
 */
export function outcomeField(
  process: CompiledProcess,
  node: CompiledNode,
  model: Pick<RecordRules, "picklist">,
  run: Pick<Run, "recordType" | "related">,
): { field: string; values: readonly string[] } | null {
  const chosen = node.config.outcomeField ?? node.config.decisionField;
  const candidates = (node.form?.fields ?? []).flatMap((field) => {
    if (typeof chosen === "string" ? field.field !== chosen : !field.required || field.readOnly) return [];
    const values = picklistOf(process, model, run, field.field);
    return values ? [{ field: field.field, values: values.filter((v) => v !== "none") }] : [];
  });
  const asked = askedAfter(process, node);
  const found = candidates.find((c) => asked.has(c.field)) ?? candidates[0];
  return found && found.values.length <= 9 ? found : null;
}

/** Names that the decision right after a step reads. */
function askedAfter(process: CompiledProcess, node: CompiledNode): ReadonlySet<string> {
  const next = node.out.length === 1 ? process.nodes.get(node.out[0]!.to) : undefined;
  return new Set(next?.node.kind === "decision" ? next.out.flatMap((e) => e.condition?.reads ?? []) : []);
}

export function picklistOf(
  process: CompiledProcess,
  model: Pick<RecordRules, "picklist">,
  run: Pick<Run, "recordType" | "related">,
  path: string,
): readonly string[] | null {
  const dot = path.indexOf(".");
  const [object, name] = [path.slice(0, dot), path.slice(dot + 1)];
  if (object === "run") return process.document.variables[name]?.values ?? null;
  return model.picklist(typeOf(process, run, object), name);
}

function labelOf(process: CompiledProcess, model: RecordRules, run: Run, path: string): string {
  const dot = path.indexOf(".");
  const [object, name] = [path.slice(0, dot), path.slice(dot + 1)];
  if (object === "run") return process.document.variables[name]?.label ?? sentence(name);
  const type = typeOf(process, run, object);
  return model.hasField(type, name) ? model.label(type, name) : sentence(name);
}
/** A key as words: `key_accounts` → “Key accounts”. */
export const sentence = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");

function checkValue(turn: Turn, path: string, value: Plain): string | null {
  if (value === null) return null;
  const dot = path.indexOf(".");
  const [object, name] = [path.slice(0, dot), path.slice(dot + 1)];
  if (object === "run") {
    const variable = turn.process.document.variables[name];
    return variable
      ? checkVariable(variable, value, variable.label ?? sentence(name))
      : `The process has no variable ${name}.`;
  }
  const type = typeOf(turn.process, turn.run, object);
  return turn.world.model.hasField(type, name)
    ? turn.world.model.check(type, name, value)
    : `There is no field ${path}.`;
}

const stored = (turn: Turn, path: string): Plain => {
  const dot = path.indexOf(".");
  const [object, name] = [path.slice(0, dot), path.slice(dot + 1)];
  return (object === "run" ? turn.run.variables[name] : recordNamed(turn, object)?.values[name]) ?? null;
};

/** A run picklist's first value `none` stands for "not chosen yet". */
export function isEmpty(value: Plain, path: string, process: CompiledProcess): boolean {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return true;
  return (
    value === "none" && path.startsWith("run.") && process.document.variables[path.slice(4)]?.values?.[0] === "none"
  );
}

/** What was chosen or written in the form's variable for a reason (`…_reason`); none where it was left at its start. */
export function chosenReason(process: CompiledProcess, { form }: CompiledNode, values: Values): string | undefined {
  for (const { field, readOnly } of form?.fields ?? []) {
    const value = values[field];
    if (!readOnly && /^run\.(.*_)?reason$/.test(field) && typeof value === "string" && !isEmpty(value, field, process))
      return value;
  }
  return undefined;
}

/** `required_when` looks at the form as it would be saved. */
function requiredNow(turn: Turn, text: string | undefined, values: Values): boolean {
  if (!text?.trim()) return false;
  const condition = turn.process.expression(text);
  if (!condition) return false;
  return condition.evaluate(scopeOf(asSaved(turn, values))).value === true;
}

/** The turn as it would be with these values of a form saved; nothing is. */
export function asSaved(turn: Turn, values: Values): Turn {
  const filled = new Map<string, EngineRecord>();
  const below = turn.world.records;
  const records: Records = {
    get: (id) => filled.get(id) ?? below.get(id),
    has: (id) => below.has(id),
    set: (id, record) => void filled.set(id, record),
    // A form takes no record away.
    remove: () => {},
    values: () => below.values(),
  };
  const saved: Turn = {
    ...turn,
    run: { ...turn.run, variables: { ...turn.run.variables } },
    world: { ...turn.world, records },
  };
  const { model } = turn.world;
  for (const [path, value] of Object.entries(values)) {
    const dot = path.indexOf(".");
    const [object, name] = [path.slice(0, dot), path.slice(dot + 1)];
    if (object === "run") saved.run.variables[name] = value;
    else {
      const record = recordNamed(saved, object);
      if (record) saved.world.records.set(record.id, { ...record, values: { ...record.values, [name]: value } });
    }
  }
  // What is computed from what was filled in is computed before it is saved.
  for (const [id, record] of filled)
    filled.set(id, {
      ...record,
      values: model.derive(record.type, record.values, turn.instant, below.get(id)?.values ?? null),
    });
  return saved;
}
