"use client";
import { X } from "lucide-react";
import { useTranslations } from "use-intl";
import type { Form, Process, ProcessNode } from "@/server/engine/process.ts";
import { inputLook } from "../ui/field.tsx";
import { freeId, setNode } from "./document.ts";
import { Check } from "./check.tsx";
import type { EditorState } from "./use-editor.ts";

/** The fields a person fills at this step, of the record or of the run. */
export function FormEditor({ editor, node, fields }: { editor: EditorState; node: ProcessNode; fields: string[] }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const key = node.form ?? null;
  const form: Form = (key && doc.forms[key]) || { title: node.name, fields: [] };
  const known = [...fields, ...Object.keys(doc.variables).map((v) => `run.${v}`)];
  const put = (next: Form, typing: string | null = null) =>
    run(
      t("did.edit"),
      (d: Process) => {
        const id = key ?? freeId(Object.keys(d.forms), "form");
        return setNode({ ...d, forms: { ...d.forms, [id]: next } }, node.id, { form: id });
      },
      typing,
    );
  const setField = (i: number, change: Partial<Form["fields"][number]>, typing: string | null = null) =>
    put(
      {
        ...form,
        fields: form.fields.map((f, j) =>
          j === i
            ? (Object.fromEntries(
                Object.entries({ ...f, ...change }).filter(([, v]) => v !== undefined && v !== false && v !== ""),
              ) as typeof f)
            : f,
        ),
      },
      typing,
    );
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-xs font-semibold text-ink-3">{t("form")}</legend>
      {form.fields.map((field, i) => (
        <div key={field.field} className="grid gap-1 rounded-md bg-sunken p-2">
          <div className="flex items-center gap-2">
            <span className="truncate font-mono text-xs">{field.field}</span>
            <button
              type="button"
              aria-label={t("removeField", { field: field.field })}
              className="ml-auto grid size-6 place-items-center rounded-sm hover:bg-surface"
              onClick={() => put({ ...form, fields: form.fields.filter((_, j) => j !== i) })}
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </div>
          <Check
            label={t("required")}
            checked={field.required === true}
            onChange={(on) => setField(i, { required: on })}
          />
          <Check
            label={t("readOnly")}
            checked={field.readOnly === true}
            onChange={(on) => setField(i, { readOnly: on })}
          />
          <input
            className={`${inputLook} font-mono text-xs`}
            aria-label={t("requiredWhen", { field: field.field })}
            placeholder={t("requiredWhen", { field: field.field })}
            value={field.requiredWhen ?? ""}
            onChange={(e) => setField(i, { requiredWhen: e.target.value }, `rw:${node.id}:${i}`)}
          />
          <input
            className={inputLook}
            aria-label={t("help", { field: field.field })}
            placeholder={t("help", { field: field.field })}
            value={field.help ?? ""}
            onChange={(e) => setField(i, { help: e.target.value }, `help:${node.id}:${i}`)}
          />
        </div>
      ))}
      <select
        className={inputLook}
        aria-label={t("addField")}
        value=""
        onChange={(e) => e.target.value && put({ ...form, fields: [...form.fields, { field: e.target.value }] })}
      >
        <option value="">{t("addField")}</option>
        {known
          .filter((k) => !form.fields.some((f) => f.field === k))
          .map((k) => (
            <option key={k}>{k}</option>
          ))}
      </select>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          const made = e.currentTarget;
          const data = new FormData(made);
          const name = String(data.get("name") ?? "")
            .trim()
            .toLowerCase()
            .replaceAll(/[^a-z0-9]+/g, "_")
            .replace(/^[^a-z]+/, "");
          const values = String(data.get("values") ?? "")
            .split(",")
            .map((v) => v.trim())
            .filter(Boolean);
          if (!name) return;
          run(t("did.edit"), (d) => {
            const id = key ?? freeId(Object.keys(d.forms), "form");
            const variables = {
              ...d.variables,
              [name]: values.length
                ? { type: "picklist" as const, values: ["none", ...values], default: "none" }
                : { type: "text" as const },
            };
            const current = d.forms[id] ?? { title: node.name, fields: [] };
            return setNode(
              {
                ...d,
                variables,
                forms: {
                  ...d.forms,
                  [id]: { ...current, fields: [...current.fields, { field: `run.${name}`, required: true }] },
                },
              },
              node.id,
              { form: id },
            );
          });
          made.reset();
        }}
        className="grid gap-1 rounded-md border border-dashed border-line-strong p-2"
      >
        <span className="text-xs text-ink-3">{t("newAnswer")}</span>
        <input name="name" className={inputLook} aria-label={t("answerName")} placeholder={t("answerName")} />
        <input name="values" className={inputLook} aria-label={t("answerValues")} placeholder={t("answerValues")} />
        <button
          type="submit"
          className="h-7 rounded-md border border-line-strong text-xs font-semibold hover:bg-sunken"
        >
          {t("addAnswer")}
        </button>
      </form>
    </fieldset>
  );
}
