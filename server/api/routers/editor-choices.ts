/** What the editor offers to choose from: fields, record types, processes, KPIs, events, in the reader's language. */
import { kpiCatalogue } from "@/server/kpis/catalogue.ts";
import { outsideEvents, recordEvents } from "@/server/records/business-events.ts";
import { recordTypes } from "@/server/records/model.ts";
import { recordLabels, workspaceModel } from "@/server/records/rules.ts";
import type { Language } from "@/server/records/field.ts";

export function editorChoices(
  language: Language,
  settings: Record<string, unknown>,
  processes: {
    key: string;
    name: string;
    recordType: string;
    /** Published ones, the newest first. */
    versions: number[];
    /** What the live one keeps with a run. */
    variables: string[];
  }[],
  connections: { key: string; name: string; kind: string; operations: string[] }[],
) {
  const model = workspaceModel(settings);
  const labels = recordLabels(language, model);
  return {
    types: recordTypes(model).map((type) => ({
      key: type.key,
      label: labels.type(type.key),
      fields: Object.keys(type.fields).map((field) => {
        const { name, label, type: kind, options, derived } = labels.describe(type.key, field);
        return { name, label, type: kind, options, derived };
      }),
    })),
    processes,
    connections,
    events: [...new Set([...recordEvents, ...outsideEvents])].sort(),
    kpis: kpiCatalogue
      .filter((kpi) => kpi.levels.includes("step") || kpi.levels.includes("process"))
      .map((kpi) => ({
        id: kpi.id,
        name: kpi.name[language],
        definition: kpi.definition[language],
        unit: kpi.unit,
        direction: kpi.direction,
        ofStep: kpi.levels.includes("step"),
        ofProcess: kpi.levels.includes("process"),
        computable: kpi.computable,
        target: kpi.targetText,
      })),
  };
}
