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

/** Whether this stands for any field of a name: known to the completion, nothing to pick. */
export const isOpen = ({ name }: NamedField): boolean => name.endsWith(".*");

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

/**
 * Every name an expression of this process may read: its record, its related records, its own answers, the item of each for-each
 * and how far it is, and what a step is given back.
 */
export function namedFields(doc: Process, choices: Choices, answers: string): NamedField[] {
  const loops = doc.nodes.filter((n) => n.kind === "for_each" && typeof n.config.as === "string");
  const ofRecords = loops.filter((n) => n.config.over === "records" && typeof n.config.records === "string");
  const objects: [name: string, type: string][] = [
    [doc.recordType, doc.recordType],
    ...Object.entries(doc.related).map(([name, rule]): [string, string] => [name, rule.newest ?? name]),
    ...ofRecords.map((n): [string, string] => [String(n.config.as), String(n.config.records)]),
  ];
  const open = (name: string): NamedField => ({
    name: `${name}.*`,
    label: name,
    group: name,
    kind: "other",
    options: [],
    derived: true,
  });
  const outside = [
    ...loops.filter((n) => !ofRecords.includes(n)).map((n) => open(String(n.config.as))),
    ...(doc.nodes.some((n) => n.kind === "wait" && n.config.output) ? [open("message")] : []),
    ...(doc.nodes.some((n) => n.kind === "subprocess" && n.config.output) ? [open("child")] : []),
    ...(loops.length
      ? loopNames.map((name): NamedField => ({ ...open("loop"), name: `loop.${name}`, label: name, kind: "number" }))
      : []),
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
  return [...own, ...fields, ...outside];
}

/** How far a for-each is, as its expressions see it. */
const loopNames = ["total", "done", "open", "success", "neutral", "negative", "index"] as const;

export function useNamedFields(doc: Process, answers: string): NamedField[] {
  const choices = useChoices();
  const { recordType, related, variables, nodes } = doc;
  const given = JSON.stringify(
    nodes.flatMap(({ kind, config }) =>
      kind === "for_each"
        ? [config.as, config.over, config.records]
        : config.output && (kind === "wait" || kind === "subprocess")
          ? kind
          : [],
    ),
  );
  // oxlint-disable-next-line react/exhaustive-deps -- only these parts of the document are read
  return useMemo(() => namedFields(doc, choices, answers), [recordType, related, variables, given, choices, answers]);
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
