/** Whether the values of a record hold together: each by itself, what is required, what may follow what, and dates in order. */
import type { Values } from "@/server/engine/model.ts";
import { checkField } from "./check-field.ts";
import type { Field, RecordType } from "./field.ts";
import { type RecordModel, fieldOf, recordType, standardModel } from "./model.ts";
import { isRequiredNow } from "./required-when.ts";
import { isBlank } from "./values.ts";

/** `warning`: said, but it stops nothing. */
export type RecordProblem = { field: string; code: string; text: string; severity: "error" | "warning" };

export type ValidateOptions = {
  /** What stood there before; absent for a new record. */
  previous?: Values | null;
  /** Today in the workspace's zone, YYYY-MM-DD: for dates that must not have passed. */
  today?: string;
  /** A person or a file writes, so derived fields may not change. */
  byHand?: boolean;
  model?: RecordModel;
};

/** Every problem of the record, in the order of its fields; empty when it may be saved. */
export function validateRecord(type: string, values: Values, options: ValidateOptions = {}): RecordProblem[] {
  const model = options.model ?? standardModel;
  const definition = recordType(type, model);
  if (!definition) return [error("", "record_type", `There is no record type ${type}.`)];
  const strangers = Object.keys(values).filter((key) => !fieldOf(type, key, model));
  return [
    ...strangers.map((key) => error(key, "unknown_field", `${definition.label.en} has no field ${key}.`)),
    ...Object.values(definition.fields).flatMap((field) => checkOne(field, values, options, model)),
    ...transitions(definition, values, options.previous),
    ...order(definition, values),
    ...pastClose(type, values, options.today),
  ];
}

const error = (field: string, code: string, text: string): RecordProblem => ({ field, code, text, severity: "error" });

function checkOne(field: Field, values: Values, options: ValidateOptions, model: RecordModel): RecordProblem[] {
  const value = values[field.key] ?? null;
  if (
    options.byHand &&
    field.derived &&
    JSON.stringify(value) !== JSON.stringify(options.previous?.[field.key] ?? null)
  )
    return [error(field.key, "derived", `${field.label.en} is computed and cannot be written.`)];
  if (isBlank(value)) return missing(field, values);
  const wrong = checkField(field, value, model);
  return wrong ? [error(field.key, wrong.code, wrong.text)] : [];
}

function missing(field: Field, values: Values): RecordProblem[] {
  if (field.derived) return [];
  if (field.required) return [error(field.key, "required", `${field.label.en} is missing.`)];
  if (field.requiredUnless && isBlank(values[field.requiredUnless]))
    return [
      error(field.key, "required_unless", `${field.label.en} or ${field.requiredUnless.replace(/_/g, " ")} is needed.`),
    ];
  if (field.requiredWhen && isRequiredNow(field.requiredWhen, values))
    return [error(field.key, "required_when", `${field.label.en} is needed here.`)];
  return [];
}

/** The lifecycle's field moves only along its transitions. */
function transitions(definition: RecordType, values: Values, previous: Values | null | undefined): RecordProblem[] {
  const { lifecycle } = definition;
  if (!lifecycle || !previous) return [];
  const [from, to] = [previous[lifecycle.field], values[lifecycle.field]];
  if (typeof from !== "string" || typeof to !== "string" || from === to) return [];
  const next = lifecycle.transitions[from];
  if (!next || next.includes(to)) return [];
  const name = definition.fields[lifecycle.field]?.label.en ?? lifecycle.field;
  return [
    error(
      lifecycle.field,
      "transition",
      next.length === 0
        ? `${name} ${from} is final.`
        : `${name} cannot go from ${from} to ${to}; it can go to ${next.join(", ")}.`,
    ),
  ];
}

const inOrder: readonly (readonly [string, string, "after" | "not before"])[] = [
  ["start_date", "end_date", "after"],
  ["effective_date", "end_date", "after"],
  ["issue_date", "due_date", "not before"],
];

function order(definition: RecordType, values: Values): RecordProblem[] {
  return inOrder.flatMap(([first, second, rule]) => {
    const [a, b] = [values[first], values[second]];
    if (typeof a !== "string" || typeof b !== "string" || a < b || (a === b && rule === "not before")) return [];
    const [earlier, later] = [definition.fields[first], definition.fields[second]];
    return earlier && later
      ? [error(second, "date_order", `${later.label.en} has to be ${rule} ${earlier.label.en.toLowerCase()} (${a}).`)]
      : [];
  });
}

/** An open opportunity that should have closed already: worth saying, not worth refusing. */
function pastClose(type: string, values: Values, today: string | undefined): RecordProblem[] {
  const { close_date: close, stage } = values;
  if (
    type !== "opportunity" ||
    !today ||
    typeof close !== "string" ||
    close >= today ||
    stage === "closed_won" ||
    stage === "closed_lost"
  )
    return [];
  return [
    {
      field: "close_date",
      code: "past_close_date",
      text: `Close date ${close} has passed and the opportunity is still open.`,
      severity: "warning",
    },
  ];
}

/** Values to store: text trimmed, blanks as null, addresses in their one form, companions of emptied fields gone. */
export function normalise(type: string, values: Values, model: RecordModel = standardModel): Values {
  const result: Values = {};
  for (const [key, value] of Object.entries(values)) {
    const trimmed = typeof value === "string" ? value.trim() : value;
    result[key] = trimmed === "" ? null : trimmed;
  }
  for (const field of Object.values(recordType(type, model)?.fields ?? {})) {
    const value = result[field.key];
    if (field.type === "email" && typeof value === "string") result[field.key] = value.toLowerCase();
    if (field.type === "currency" && typeof value === "string") result[field.key] = value.toUpperCase();
    if (
      field.companionOf &&
      Object.hasOwn(result, field.companionOf) &&
      isBlank(result[field.companionOf]) &&
      field.type === "text" &&
      !field.key.endsWith("_raw") &&
      Object.hasOwn(result, field.key)
    )
      result[field.key] = null;
  }
  return result;
}
