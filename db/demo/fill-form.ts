/** What somebody of the demo writes into a step's form: by the step's odds first, else a value the field takes. */
import { outcomeField } from "@/server/engine/work/form.ts";
import type { CompiledNode, CompiledProcess } from "@/server/engine/graph.ts";
import type { EngineRecord, Plain, Run, Values } from "@/server/engine/model.ts";
import { dateOfDay, dayMs } from "@/server/engine/calendar/zone.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import { type FieldView, formView } from "@/server/inbox/form-view.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { type StepHabit, valueOfKey } from "./behaviour.ts";
import type { Chance } from "./chance.ts";
import { sentences } from "./companies.ts";

const labels = recordLabels("en");

export type Step = {
  process: CompiledProcess;
  node: CompiledNode;
  run: Run;
  records: ReadonlyMap<string, EngineRecord>;
  model: RecordRules;
  habit: StepHabit;
  at: number;
};
type Filled = { outcome: string | null; values: Values };

/** `also`: paths that a refusal asked for. */
export function fillForm(step: Step, also: readonly string[], chance: Chance): Filled {
  const { process, node, run, records, model, habit, at } = step;
  const recordNamed = (name: string): EngineRecord | null =>
    records.get(name === run.recordType ? run.recordId : (run.related[name] ?? "")) ?? null;
  const values: Values = {};
  for (const field of formView({ process, node, run, recordNamed, labels, sources: model.sources, draft: {} })) {
    if (field.readOnly) continue;
    const odds = habit.choose?.[field.path];
    if (odds) values[field.path] = valueOfKey(chance.weighted(odds));
    else if ((field.required && mustChange(field)) || also.includes(field.path))
      values[field.path] = anyValue(field, at, chance);
  }
  return { outcome: outcomeOf(step, values, chance), values };
}

/** What is stored already may stand, unless it only says that nobody chose yet. */
const mustChange = ({ value, path }: FieldView): boolean =>
  value === null || value === "" || value === "none" || (path.startsWith("run.") && value === "pending");

function outcomeOf({ process, node, run, model }: Step, values: Values, chance: Chance): string | null {
  const exits = node.config.outcomes as { id: string }[] | undefined;
  if (exits?.length) return chance.pick(exits).id;
  const choice = outcomeField(process, node, model, run);
  const chosen = choice ? values[choice.field] : null;
  if (typeof chosen === "string") return chosen;
  return node.node.kind === "approval" && node.config.exits === "decision" ? "approved" : null;
}

function anyValue(field: FieldView, at: number, chance: Chance): Plain {
  const today = Math.floor(at / dayMs);
  switch (field.type) {
    case "boolean":
      return false;
    case "integer":
      return field.name.startsWith("meddicc") ? 2 : field.name === "term_months" ? chance.pick([12, 24, 36]) : 1;
    case "percent":
    case "decimal":
      return 5;
    case "money":
      return Math.round(chance.around(32_000, 0.5)) * 100;
    case "date":
      return dateOfDay(today + (field.name === "next_step_due" ? -1 : chance.whole(20, 60)));
    case "datetime":
      return at + chance.whole(2, 5) * dayMs;
    case "picklist":
      return chance.pick((field.options ?? []).filter((option) => option.value !== "none")).value;
    case "multi_picklist":
      return [chance.pick(field.options ?? []).value];
    case "email":
      return "accounts@customer.example";
    case "domain":
      return "customer.example";
    case "url":
      return "https://plan.example/mutual";
    case "phone":
      return "+442079460958";
    default:
      return chance.pick(sentences[field.name] ?? sentences[""]!);
  }
}
