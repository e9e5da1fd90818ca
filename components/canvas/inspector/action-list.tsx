"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { type Action, actionSchema, type Process } from "@/server/engine/process.ts";
import { inputLook } from "../../ui/field.tsx";
import { typeScopeOf, useChoices, useNamedFields } from "../choices.tsx";
import { type ActionField, actionFields, freshAction, type Verb, verbs } from "./action-fields.ts";
import { filled } from "./as-key.ts";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { FeelInput } from "./feel-input.tsx";
import { Item } from "./part.tsx";
import { isKey, isShort, Strict, Text } from "./text-field.tsx";

/** What the system does, in order: every verb with every field it has. */
export function ActionList({
  doc,
  place,
  label,
  actions,
  onChange,
}: {
  doc: Process;
  /** Where the list stands: typing in one place of it is one entry of the history. */
  place: string;
  label: string;
  actions: readonly Action[];
  onChange: (actions: Action[], typing: string | null) => void;
}) {
  const t = useTranslations("editor");
  const fields = useNamedFields(doc, t("answers"));
  const swap = (i: number, by: number) => {
    const next = [...actions];
    const [one] = next.splice(i, 1);
    if (one) next.splice(i + by, 0, one);
    onChange(next, null);
  };
  return (
    <fieldset className="grid gap-2" aria-label={label}>
      {actions.map((action, i) => (
        <Item
          key={i}
          title={`${i + 1}. ${t(`verb.${action.verb}`)}`}
          remove={t("removeAction")}
          onRemove={() =>
            onChange(
              actions.filter((_, j) => j !== i),
              null,
            )
          }
        >
          <OneAction
            doc={doc}
            action={action}
            onChange={(next, key) =>
              onChange(
                actions.map((a, j) => (j === i ? next : a)),
                key && `${place}:${i}:${key}`,
              )
            }
          />
          {actions.length > 1 && (
            <span className="flex gap-1">
              <Mover label={t("earlier")} icon={ArrowUp} disabled={i === 0} onClick={() => swap(i, -1)} />
              <Mover
                label={t("later")}
                icon={ArrowDown}
                disabled={i === actions.length - 1}
                onClick={() => swap(i, 1)}
              />
            </span>
          )}
        </Item>
      ))}
      <select
        className={inputLook}
        aria-label={t("addActionTo", { list: label })}
        value=""
        onChange={(e) =>
          e.target.value &&
          onChange(
            [
              ...actions,
              freshAction(
                e.target.value as Verb,
                doc.recordType,
                fields.find((f) => !f.derived)?.name ?? `${doc.recordType}.owner_id`,
                doc.key,
              ),
            ],
            null,
          )
        }
      >
        <option value="">{t("addAction")}</option>
        {verbs.map((verb) => (
          <option key={verb} value={verb}>
            {t(`verb.${verb}`)}
          </option>
        ))}
      </select>
    </fieldset>
  );
}

export const Mover = ({
  label,
  icon: Icon,
  disabled,
  onClick,
}: {
  label: string;
  icon: typeof ArrowUp;
  disabled: boolean;
  onClick: () => void;
}) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    disabled={disabled}
    onClick={onClick}
    className="grid size-6 place-items-center rounded-sm text-ink-3 hover:bg-sunken hover:text-ink disabled:opacity-40"
  >
    <Icon aria-hidden className="size-3.5" />
  </button>
);

function OneAction({
  doc,
  action,
  onChange,
}: {
  doc: Process;
  action: Action;
  onChange: (action: Action, typing: string | null) => void;
}) {
  const t = useTranslations("editor");
  const set = (key: string, value: unknown, typing: string | null) => {
    // Only a whole action goes into the document: a required field cannot be emptied.
    const next = actionSchema.safeParse(filled({ ...action, [key]: value }));
    if (next.success) onChange(next.data, typing);
    else {
      const kept = actionSchema.safeParse({ ...filled(action), [key]: value });
      if (kept.success) onChange(kept.data, typing);
    }
  };
  return (
    <>
      {actionFields[action.verb].map((field) => (
        <Widget
          key={field.key}
          doc={doc}
          field={field}
          value={Object.entries(action).find(([k]) => k === field.key)?.[1]}
          onChange={set}
        />
      ))}
      <ConditionField
        doc={doc}
        label={t("actionField.when")}
        value={action.when ?? ""}
        onChange={(v) => set("when", v || undefined, "when")}
      />
    </>
  );
}

function Widget({
  doc,
  field: { key, widget, required },
  value,
  onChange,
}: {
  doc: Process;
  field: ActionField;
  value: unknown;
  onChange: (key: string, value: unknown, typing: string | null) => void;
}) {
  const t = useTranslations("editor");
  const choices = useChoices();
  const fields = useNamedFields(doc, t("answers"));
  const types = useMemo(() => typeScopeOf(fields), [fields]);
  const label = t(`actionField.${key}` as "actionField.field");
  const text = typeof value === "string" ? value : "";
  const none: [string, string] = ["", t("notSet")];
  const pick = (options: [string, string][]) => (
    <Choice
      label={label}
      value={text}
      options={required ? options : [none, ...options]}
      onChange={(v) => onChange(key, v, null)}
    />
  );
  const objects: [string, string][] = [doc.recordType, ...Object.keys(doc.related)].map((o) => [
    o,
    choices.types.find((c) => c.key === o)?.label ?? o,
  ]);
  const roles = Object.entries(doc.roles).map(([k, role]): [string, string] => [k, role.name]);
  switch (widget) {
    case "check":
      return <Check label={label} checked={value === true} onChange={(on) => onChange(key, on, null)} />;
    case "value":
      return (
        <div className="grid gap-1">
          <span aria-hidden className="text-xs font-medium text-ink-2">
            {label}
          </span>
          <FeelInput label={label} value={text} types={types} onChange={(v) => onChange(key, v, key)} />
        </div>
      );
    case "field":
      return (
        <Text
          label={label}
          mono
          value={text}
          suggestions={fields.filter((f) => !f.derived).map((f) => f.name)}
          onChange={(v) => onChange(key, v, key)}
        />
      );
    case "event":
      return (
        <Text
          label={label}
          mono
          max={80}
          value={text}
          suggestions={choices.events}
          onChange={(v) => onChange(key, v, key)}
        />
      );
    case "long":
      return <Text label={label} long max={2000} value={text} onChange={(v) => onChange(key, v, key)} />;
    case "type":
      return pick(choices.types.map((c) => [c.key, c.label]));
    case "object":
      return pick(objects);
    case "recipient":
      return pick([
        ["assignee", t("recipient.assignee")],
        ["owner", t("recipient.owner")],
        ["process_owner", t("recipient.process_owner")],
        ...roles,
      ]);
    case "role":
      return pick(roles);
    case "queue":
      return pick(Object.entries(doc.queues).map(([k, queue]) => [k, queue.name ?? k]));
    case "process":
      return pick(choices.processes.map((p) => [p.key, p.name]));
    case "method":
      return pick(["GET", "POST", "PUT", "PATCH", "DELETE"].map((m) => [m, m]));
    case "duration":
      return (
        <Strict
          label={label}
          value={text}
          accept={(v) => v === "" || isShort(v)}
          wrong={t("wrong.duration")}
          onChange={(v) => onChange(key, v, key)}
        />
      );
    case "key":
      return (
        <Strict
          label={label}
          value={text}
          accept={isKey}
          wrong={t("wrong.key")}
          onChange={(v) => onChange(key, v, key)}
        />
      );
    case "map":
      return <FieldMap label={label} doc={doc} value={value} onChange={(v) => onChange(key, v, key)} />;
    case "condition":
      return <ConditionField doc={doc} label={label} value={text} onChange={(v) => onChange(key, v, key)} />;
    default:
      return <Text label={label} max={2048} value={text} onChange={(v) => onChange(key, v, key)} />;
  }
}

/** Fields of the new record and the expression each is filled with. */
function FieldMap({
  label,
  doc,
  value,
  onChange,
}: {
  label: string;
  doc: Process;
  value: unknown;
  onChange: (value: Record<string, string> | undefined) => void;
}) {
  const t = useTranslations("editor");
  const fields = useNamedFields(doc, t("answers"));
  const types = useMemo(() => typeScopeOf(fields), [fields]);
  const [name, setName] = useState("");
  const map = (value ?? {}) as Record<string, string>;
  return (
    <fieldset className="grid gap-1.5" aria-label={label}>
      <span aria-hidden className="text-xs font-medium text-ink-2">
        {label}
      </span>
      {Object.entries(map).map(([field, text]) => (
        <Item
          key={field}
          title={field}
          remove={t("removeField", { field })}
          onRemove={() => {
            const { [field]: _, ...rest } = map;
            onChange(Object.keys(rest).length ? rest : undefined);
          }}
        >
          <FeelInput
            label={t("valueOf", { field })}
            value={text}
            types={types}
            onChange={(v) => onChange({ ...map, [field]: v })}
          />
        </Item>
      ))}
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (!isKey(name)) return;
          onChange({ ...map, [name]: map[name] ?? "null" });
          setName("");
        }}
      >
        <input
          className={`${inputLook} font-mono text-xs`}
          aria-label={t("addFieldName")}
          placeholder={t("addFieldName")}
          value={name}
          onChange={(e) => setName(e.target.value)}
        />
      </form>
    </fieldset>
  );
}
