"use client";
import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import type { Process } from "@/server/engine/process.ts";
import { inputLook } from "../../ui/field.tsx";
import { typeScopeOf, useChoices, useNamedFields } from "../choices.tsx";
import { AnswerMap, ConnectionChoice, Headers, Retry, Statuses } from "./action-call.tsx";
import type { ActionField } from "./action-fields.ts";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { FeelInput } from "./feel-input.tsx";
import { Item } from "./part.tsx";
import { isKey, isShort, Strict, Text } from "./text-field.tsx";

/** One field of an action, asked for by what it is. */
export function ActionWidget({
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
  const pick = (options: [string, string][], nothing = t("notSet")) => (
    <Choice
      label={label}
      value={text}
      options={required ? options : [["", nothing], ...options]}
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
    case "step":
      return pick(
        doc.nodes.filter((n) => n.compensate?.length || n.id === value).map((n) => [n.id, n.name || n.id]),
        t("flow.everyStep"),
      );
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
    case "api":
    case "chat":
      return (
        <ConnectionChoice
          label={label}
          kind={widget}
          value={text}
          nothing={required ? null : t("call.byAddress")}
          onChange={(v) => onChange(key, v, null)}
        />
      );
    case "operation":
      return (
        <Text
          label={label}
          value={text}
          suggestions={choices.connections.flatMap(({ operations }) => operations)}
          onChange={(v) => onChange(key, v, key)}
        />
      );
    case "headers":
      return <Headers label={label} value={value} onChange={(v, typing) => onChange(key, v, typing)} />;
    case "statuses":
      return (
        <Statuses
          label={label}
          help={t("call.expectHelp")}
          value={value}
          onChange={(v, typing) => onChange(key, v, typing)}
        />
      );
    case "answer":
      return <AnswerMap doc={doc} label={label} value={value} onChange={(v, typing) => onChange(key, v, typing)} />;
    case "retry":
      return <Retry label={label} value={value} onChange={(v, typing) => onChange(key, v, typing)} />;
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
