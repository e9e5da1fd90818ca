"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslations } from "use-intl";
import type { Form, Process, ProcessNode } from "@/server/engine/process.ts";
import { Button } from "../../ui/button.tsx";
import { inputLook } from "../../ui/field.tsx";
import { useNamedFields } from "../choices.tsx";
import { freeId, setNode } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { Mover } from "./action-list.tsx";
import { asKey, filled } from "./as-key.ts";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { Item } from "./part.tsx";
import { Text } from "./text-field.tsx";

type FormField = Form["fields"][number];

/** The fields a person fills at this step, of the record or of the run. */
export function FormEditor({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const fields = useNamedFields(doc, t("answers"));
  const key = node.form ?? null;
  const form: Form = (key && doc.forms[key]) || { title: node.name, fields: [] };
  const shared = doc.nodes.filter((n) => n.form === key && key !== null).length;
  const put = (next: Form, typing: string | null = null) => run(t("did.form"), (d) => putForm(d, node, next), typing);
  const setField = (i: number, change: Partial<FormField>, typing: string | null = null) =>
    put({ ...form, fields: form.fields.map((f, j) => (j === i ? filled({ ...f, ...change }) : f)) }, typing);
  const swap = (i: number, by: number) => {
    const next = [...form.fields];
    const [one] = next.splice(i, 1);
    if (one) next.splice(i + by, 0, one);
    put({ ...form, fields: next });
  };
  const labelOf = (name: string) => fields.find((f) => f.name === name)?.label ?? name;
  return (
    <div className="grid gap-2">
      {Object.keys(doc.forms).length > 0 && (
        <Choice
          label={t("formUsed")}
          value={key ?? ""}
          options={[["", t("formOwn")], ...Object.entries(doc.forms).map(([k, f]) => [k, f.title || k] as const)]}
          onChange={(v) => run(t("did.form"), (d) => setNode(d, node.id, { form: v || undefined }))}
        />
      )}
      {shared > 1 && <p className="text-xs text-ink-3">{t("formShared", { n: shared })}</p>}
      {key !== null && (
        <Text
          label={t("formTitle")}
          value={form.title}
          onChange={(title) => put({ ...form, title }, `formtitle:${key}`)}
        />
      )}
      {form.fields.map((field, i) => (
        <Item
          key={field.field}
          title={<span title={field.field}>{labelOf(field.field)}</span>}
          remove={t("removeField", { field: field.field })}
          onRemove={() => put({ ...form, fields: form.fields.filter((_, j) => j !== i) })}
        >
          <div className="flex flex-wrap items-center gap-x-4">
            <Check
              label={t("required")}
              checked={field.required === true}
              onChange={(on) => setField(i, { required: on || undefined })}
            />
            <Check
              label={t("readOnly")}
              checked={field.readOnly === true}
              onChange={(on) => setField(i, { readOnly: on || undefined })}
            />
            <span className="ml-auto flex">
              <Mover label={t("earlier")} icon={ArrowUp} disabled={i === 0} onClick={() => swap(i, -1)} />
              <Mover
                label={t("later")}
                icon={ArrowDown}
                disabled={i === form.fields.length - 1}
                onClick={() => swap(i, 1)}
              />
            </span>
          </div>
          {!field.required && (
            <ConditionField
              doc={doc}
              label={t("requiredWhen", { field: labelOf(field.field) })}
              value={field.requiredWhen ?? ""}
              onChange={(v) => setField(i, { requiredWhen: v || undefined }, `rw:${node.id}:${i}`)}
            />
          )}
          <input
            className={inputLook}
            aria-label={t("help", { field: labelOf(field.field) })}
            placeholder={t("help", { field: labelOf(field.field) })}
            maxLength={500}
            value={field.help ?? ""}
            onChange={(e) => setField(i, { help: e.target.value || undefined }, `help:${node.id}:${i}`)}
          />
        </Item>
      ))}
      <select
        className={inputLook}
        aria-label={t("addField")}
        value=""
        onChange={(e) => e.target.value && put({ ...form, fields: [...form.fields, { field: e.target.value }] })}
      >
        <option value="">{t("addField")}</option>
        {[...new Set(fields.map((f) => f.group))].map((group) => (
          <optgroup key={group} label={group}>
            {fields
              .filter((f) => f.group === group && !form.fields.some((x) => x.field === f.name))
              .map((f) => (
                <option key={f.name} value={f.name}>
                  {f.label}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      <NewAnswer editor={editor} node={node} />
    </div>
  );
}

function putForm(doc: Process, node: ProcessNode, form: Form): Process {
  const id = node.form ?? freeId(Object.keys(doc.forms), "form");
  return setNode({ ...doc, forms: { ...doc.forms, [id]: form } }, node.id, { form: id });
}

/** A value that belongs to the run, not to the record: made, and asked for here. */
function NewAnswer({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        const data = new FormData(e.currentTarget);
        const name = asKey(String(data.get("name") ?? ""));
        const values = String(data.get("values") ?? "")
          .split(",")
          .map((v) => v.trim())
          .filter(Boolean);
        if (!name) return;
        editor.run(t("did.form"), (d) => {
          const made = values.length
            ? { type: "picklist" as const, values: ["none", ...values], default: "none" }
            : { type: "text" as const };
          const current = (node.form && d.forms[node.form]) || { title: node.name, fields: [] };
          if (current.fields.some((f) => f.field === `run.${name}`)) return d;
          return putForm({ ...d, variables: { ...d.variables, [name]: d.variables[name] ?? made } }, node, {
            ...current,
            fields: [...current.fields, { field: `run.${name}`, required: true }],
          });
        });
        e.currentTarget.reset();
      }}
      className="grid gap-1.5 rounded-md border border-dashed border-line-strong p-2.5"
    >
      <span className="text-xs text-ink-3">{t("newAnswer")}</span>
      <input name="name" className={inputLook} aria-label={t("answerName")} placeholder={t("answerName")} />
      <input name="values" className={inputLook} aria-label={t("answerValues")} placeholder={t("answerValues")} />
      <Button type="submit" size="small">
        {t("addAnswer")}
      </Button>
    </form>
  );
}
