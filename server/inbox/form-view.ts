/** A step's form as a screen draws it: what each field is called, takes and holds. */
import { type CompiledNode, type CompiledProcess, typeOf } from "@/server/engine/graph.ts";
import type { Form } from "@/server/engine/process.ts";
import { gateFields } from "@/server/engine/work/gate-fields.ts";
import { outcomeField, sentence } from "@/server/engine/work/form.ts";
import type { EngineRecord, Plain, Run, Values } from "@/server/engine/model.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import type { FieldDescription, RecordLabels } from "@/server/records/rules.ts";

export type FieldView = FieldDescription & {
  path: string;
  value: Plain;
  required: boolean;
  requiredWhen: string | null;
  readOnly: boolean;
  help: string | null;
  currency: string | null;
};
export type OutcomeView = { value: string | null; label: string; primary: boolean };

export type FormInput = {
  process: CompiledProcess;
  node: CompiledNode;
  run: Run;
  recordNamed: (name: string) => EngineRecord | null;
  labels: RecordLabels;
  /** What a field is computed from. */
  sources: RecordRules["sources"];
  draft: Values;
};

/** The form's fields, and after them what the step's exit gate asks for besides. */
export const formView = (input: FormInput): FieldView[] =>
  fieldsView(input, [...(input.node.form?.fields ?? []), ...askedByGate(input)]);

/** Fields by the names that forms and expressions give them, with what they hold. */
export function fieldsView(input: Omit<FormInput, "node" | "sources">, fields: Form["fields"]): FieldView[] {
  return fields.map((field): FieldView => {
    const dot = field.field.indexOf(".");
    const [object, name] = [field.field.slice(0, dot), field.field.slice(dot + 1)];
    const record = object === "run" ? null : input.recordNamed(object);
    const description =
      object === "run"
        ? describeVariable(input.process, name)
        : input.labels.describe(typeOf(input.process, input.run, object), name);
    const stored = object === "run" ? (input.run.variables[name] ?? null) : (record?.values[name] ?? null);
    return {
      ...description,
      path: field.field,
      value: Object.hasOwn(input.draft, field.field) ? (input.draft[field.field] ?? null) : stored,
      required: field.required === true && !description.derived,
      requiredWhen: field.requiredWhen ?? null,
      readOnly: field.readOnly === true || description.derived,
      help: field.help ?? null,
      currency: typeof record?.values.currency === "string" ? record.values.currency : null,
    };
  });
}

function askedByGate({ node, process, run, sources }: FormInput): Form["fields"] {
  const exit = node.node.gate?.exit ?? [];
  return gateFields(node, process, run, { sources })
    .filter((field) => {
      const [object = "", name = ""] = field.split(".");
      if (object === "run") return Object.hasOwn(process.document.variables, name);
      return object === run.recordType || object in run.related;
    })
    .map((field) => {
      const asked = exit.find((one) => "field" in one && one.field === field);
      return {
        field,
        required: asked !== undefined && !asked.outcomes?.length,
        ...(asked?.text && { help: asked.text }),
      };
    });
}

const decisions = ["approved", "rejected", "returned"] as const;

/** The outcome buttons: explicit exits, the values of the deciding picklist, or one button that completes. */
export function outcomesView(
  input: FormInput & { picklist: (type: string, field: string) => readonly string[] | null },
): { field: string | null; outcomes: OutcomeView[] } {
  const { node, process, run, labels } = input;
  const exits = node.config.outcomes as { id: string; label: string }[] | undefined;
  if (exits?.length)
    return { field: null, outcomes: exits.map((o, i) => ({ value: o.id, label: o.label, primary: i === 0 })) };
  const config = node.config as { exits?: string };
  // The exits of an approval are called by what is done there, not by what came of it.
  const decides = node.node.kind === "approval" && config.exits === "decision";
  const choice = outcomeField(process, node, { picklist: input.picklist }, run);
  if (choice) {
    const dot = choice.field.indexOf(".");
    const [object, name] = [choice.field.slice(0, dot), choice.field.slice(dot + 1)];
    const options =
      object === "run"
        ? describeVariable(process, name).options
        : labels.describe(typeOf(process, run, object), name).options;
    return {
      field: choice.field,
      outcomes: choice.values.map((value, i) => ({
        value,
        label:
          decides && (decisions as readonly string[]).includes(value)
            ? labels.phrase(`decision.${value}`)
            : (options?.find((o) => o.value === value)?.label ?? sentence(value)),
        primary: i === 0,
      })),
    };
  }
  if (decides)
    return {
      field: null,
      outcomes: decisions.map((value, i) => ({
        value,
        label: labels.phrase(`decision.${value}`),
        primary: i === 0,
      })),
    };
  return { field: null, outcomes: [{ value: null, label: labels.phrase("done"), primary: true }] };
}

export function describeVariable(process: CompiledProcess, name: string): FieldDescription {
  const variable = process.document.variables[name];
  return {
    name,
    label: variable?.label ?? sentence(name),
    type: variable?.type ?? "text",
    options: variable?.values?.filter((v) => v !== "none").map((value) => ({ value, label: sentence(value) })) ?? null,
    derived: false,
    to: null,
    scale: null,
  };
}
