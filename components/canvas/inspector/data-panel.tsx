"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Process, Variable } from "@/server/engine/process.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { freeId } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { asKey, filled } from "./as-key.ts";
import { Choice } from "./choice.tsx";
import { DecisionTableEditor } from "./decision-table-editor.tsx";
import { AddButton, Item, Part } from "./part.tsx";
import { without } from "./people-panel.tsx";
import { TableImport } from "./table-import.tsx";
import { Strict, Text } from "./text-field.tsx";

const types = [
  "text",
  "long_text",
  "integer",
  "decimal",
  "percent",
  "boolean",
  "date",
  "datetime",
  "picklist",
] as const;

/** What the process knows besides its record: answers of a run, and decision tables. */
export function DataPanel({ editor }: { editor: EditorState }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const [table, setTable] = useState<string | null>(null);
  const put = (key: string, variable: Variable, typing: string | null = null) =>
    run(t("did.variables"), (d) => ({ ...d, variables: { ...d.variables, [key]: variable } }), typing);
  return (
    <>
      <Part title={t("answers")} count={Object.keys(doc.variables).length}>
        <p className="text-xs text-ink-3">{t("answersHelp")}</p>
        {Object.entries(doc.variables).map(([key, variable]) => (
          <Item
            key={key}
            title={variable.label ?? `run.${key}`}
            remove={t("removeAnswer", { name: key })}
            onRemove={() => run(t("did.variables"), (d) => ({ ...d, variables: without(d.variables, key) }))}
          >
            <Text
              label={t("variableLabel")}
              help={`run.${key}`}
              value={variable.label ?? ""}
              onChange={(label) =>
                put(key, filledVariable({ ...variable, label: label || undefined }), `varlabel:${key}`)
              }
            />
            <Choice
              label={t("variableType")}
              value={variable.type}
              options={types.map((type) => [type, t(`types.${type}`)] as const)}
              onChange={(v) => {
                const type = types.find((one) => one === v);
                if (!type) return;
                const { values: _, default: __, ...rest } = variable;
                put(key, { ...rest, type, ...(type === "picklist" && { values: ["none"], default: "none" }) });
              }}
            />
            {variable.type === "picklist" && (
              <Text
                label={t("variableValues")}
                max={4000}
                value={(variable.values ?? []).join(", ")}
                onChange={(v) =>
                  put(
                    key,
                    {
                      ...variable,
                      values: v
                        .split(",")
                        .map((one) => one.trimStart())
                        .filter((one, i, all) => one !== "" || i === all.length - 1),
                    },
                    `values:${key}`,
                  )
                }
              />
            )}
            <Default variable={variable} onChange={(next) => put(key, next, `default:${key}`)} />
          </Item>
        ))}
        <form
          onSubmit={(e) => {
            e.preventDefault();
            const form = e.currentTarget;
            const key = asKey(String(new FormData(form).get("key") ?? ""));
            if (!key || doc.variables[key]) return;
            put(key, { type: "text" });
            form.reset();
          }}
        >
          <input
            name="key"
            aria-label={t("newVariable")}
            placeholder={t("newVariable")}
            maxLength={60}
            className="h-9 w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm"
          />
        </form>
      </Part>
      <Part title={t("tables")} count={Object.keys(doc.decisionTables).length}>
        {Object.entries(doc.decisionTables).map(([key, one]) => (
          <Item
            key={key}
            title={one.name ?? key}
            remove={t("removeTable", { name: one.name ?? key })}
            onRemove={() => run(t("did.table"), (d) => removeTable(d, key))}
          >
            <div className="flex items-center gap-2 text-xs text-ink-3">
              {t("ruleCount", { n: one.rules.length })}
              <Button size="small" className="ml-auto" onClick={() => setTable(key)}>
                {t("editTable")}
              </Button>
            </div>
          </Item>
        ))}
        <AddButton
          onClick={() => {
            const key = freeId(Object.keys(doc.decisionTables), "table");
            run(t("did.table"), (d) => ({
              ...d,
              decisionTables: {
                ...d.decisionTables,
                [key]: {
                  hitPolicy: "first",
                  inputs: ["run.value"],
                  outputs: ["run.value"],
                  rules: [{ when: ["-"], then: [null] }],
                },
              },
            }));
            setTable(key);
          }}
        >
          {t("addTable")}
        </AddButton>
        <TableImport editor={editor} onTaken={setTable} />
      </Part>
      <Dialog open={table !== null} onClose={() => setTable(null)} title={t("tableTitle")} wide>
        {table && doc.decisionTables[table] && (
          <DecisionTableEditor editor={editor} id={table} table={doc.decisionTables[table]} />
        )}
      </Dialog>
    </>
  );
}

const filledVariable = (variable: { [K in keyof Variable]: Variable[K] | undefined }): Variable =>
  filled(variable) as Variable;

function removeTable(doc: Process, key: string): Process {
  return {
    ...doc,
    decisionTables: without(doc.decisionTables, key),
    nodes: doc.nodes.map((n) => {
      if (!n.decisionTables?.includes(key)) return n;
      const { decisionTables, ...rest } = n;
      const left = decisionTables.filter((k) => k !== key);
      return left.length ? { ...rest, decisionTables: left } : rest;
    }),
  };
}

function Default({ variable, onChange }: { variable: Variable; onChange: (variable: Variable) => void }) {
  const t = useTranslations("editor");
  const { default: value, ...rest } = variable;
  const put = (v: Variable["default"] | "") => onChange(v === "" || v === undefined ? rest : { ...rest, default: v });
  const shown = value === undefined || value === null ? "" : String(value);
  if (variable.type === "boolean")
    return (
      <Choice
        label={t("default")}
        value={shown}
        options={[
          ["", t("notSet")],
          ["true", t("condition.true")],
          ["false", t("condition.false")],
        ]}
        onChange={(v) => put(v === "" ? "" : v === "true")}
      />
    );
  if (variable.type === "picklist")
    return (
      <Choice
        label={t("default")}
        value={shown}
        options={[["", t("notSet")], ...(variable.values ?? []).filter(Boolean).map((v) => [v, v] as const)]}
        onChange={put}
      />
    );
  if (variable.type === "integer" || variable.type === "decimal" || variable.type === "percent")
    return (
      <Strict
        label={t("default")}
        value={shown}
        accept={(v) => v === "" || /^-?\d+(\.\d+)?$/.test(v)}
        wrong={t("wrong.number")}
        onChange={(v) => put(v === "" ? "" : Number(v))}
      />
    );
  return <Text label={t("default")} value={shown} onChange={put} />;
}
