"use client";
import { createContext, useContext, useMemo } from "react";
import type { TypeScope } from "@/server/engine/expression/index.ts";
import type { Process } from "@/server/engine/process.ts";
import type { Caller } from "@/server/api/router.ts";

/** What can be chosen from: record types with their fields, processes, KPIs, events. */
export type Choices = Awaited<ReturnType<Caller["processes"]["choices"]>>;
const Context = createContext<Choices | null>(null);
export const ChoicesProvider = Context.Provider;

export function useChoices(): Choices {
  const choices = useContext(Context);
  if (!choices) throw new Error("ChoicesProvider is missing above this component");
  return choices;
}

export type NamedField = {
  /** `opportunity.amount`, `run.result`: as expressions and forms write it. */
  name: string;
  label: string;
  group: string;
  kind: "text" | "number" | "boolean" | "date" | "datetime" | "choice" | "list" | "other";
  options: { value: string; label: string }[];
  /** Worked out by the system: can be read, not asked for in a form. */
  derived: boolean;
};

const kinds: Record<string, NamedField["kind"]> = {
  integer: "number",
  decimal: "number",
  percent: "number",
  money: "number",
  boolean: "boolean",
  date: "date",
  datetime: "datetime",
  picklist: "choice",
  multi_picklist: "list",
  json: "other",
};

/** Every name an expression of this process may read: its record, its related records, its own answers. */
export function namedFields(doc: Process, choices: Choices, answers: string): NamedField[] {
  const objects: [name: string, type: string][] = [
    [doc.recordType, doc.recordType],
    ...Object.entries(doc.related).map(([name, rule]): [string, string] => [name, rule.newest ?? name]),
  ];
  const fields = objects.flatMap(([object, key]) => {
    const type = choices.types.find((t) => t.key === key);
    return (type?.fields ?? []).map(
      (field): NamedField => ({
        name: `${object}.${field.name}`,
        label: field.label,
        group: type?.label ?? object,
        kind: kinds[field.type] ?? "text",
        options: field.options ?? [],
        derived: field.derived,
      }),
    );
  });
  const own = Object.entries(doc.variables).map(
    ([key, variable]): NamedField => ({
      name: `run.${key}`,
      label: variable.label ?? key.replaceAll("_", " "),
      group: answers,
      kind: kinds[variable.type] ?? "text",
      options: (variable.values ?? []).map((value) => ({ value, label: value.replaceAll("_", " ") })),
      derived: false,
    }),
  );
  return [...own, ...fields];
}

export function useNamedFields(doc: Process, answers: string): NamedField[] {
  const choices = useChoices();
  const { recordType, related, variables } = doc;
  // oxlint-disable-next-line react/exhaustive-deps -- only these three parts of the document are read
  return useMemo(() => namedFields(doc, choices, answers), [recordType, related, variables, choices, answers]);
}

/** The same names for the completion of written expressions. */
export function typeScopeOf(fields: readonly NamedField[]): TypeScope {
  const scope: Record<string, TypeScope[string]> = {};
  for (const field of fields) {
    const [object = "", name = ""] = field.name.split(".");
    scope[object] = {
      ...scope[object],
      [name]:
        field.kind === "choice"
          ? { type: "text", values: field.options.map((o) => o.value) }
          : field.kind === "other"
            ? { type: "any" }
            : { type: field.kind },
    };
  }
  scope.step = {
    entered_at: { type: "datetime" },
    assignee: { type: "text" },
    blocked_reason: { type: "text" },
    visit_no: { type: "number" },
  };
  return scope;
}
