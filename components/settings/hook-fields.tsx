"use client";
import { useTranslations } from "use-intl";
import { useId, useState } from "react";
import type { Taking } from "@/server/engine/connection.ts";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import type { RecordChoices } from "./connection-dialog.tsx";

/** What a message that comes in does: it wakes who waits for it, or makes or changes a record. */
export function HookFields({
  takes,
  types,
  events,
  onChange,
}: {
  takes: Taking;
  types: RecordChoices;
  events: readonly string[];
  onChange: (takes: Taking) => void;
}) {
  const t = useTranslations("settings.connections");
  const first = types[0]?.key ?? "account";
  return (
    <>
      <p className="text-xs text-ink-3">{t("hookHelp")}</p>
      <Field label={t("does")}>
        {(ids) => (
          <select
            {...ids}
            className={inputLook}
            value={takes.what}
            onChange={(e) =>
              onChange(
                e.target.value === "record"
                  ? { what: "record", type: first, create: true, values: {} }
                  : { what: "message", event: events[0] ?? "payment.received" },
              )
            }
          >
            <option value="message">{t("doesMessage")}</option>
            <option value="record">{t("doesRecord")}</option>
          </select>
        )}
      </Field>
      {takes.what === "message" ? (
        <>
          <Line
            label={t("event")}
            value={takes.event}
            list={events}
            required
            onChange={(event) => onChange({ ...takes, event })}
          />
          <Line
            label={t("key")}
            help={t("keyHelp")}
            value={takes.key ?? ""}
            onChange={(key) => onChange({ ...takes, key: key || undefined })}
          />
          <label className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={takes.record !== undefined}
              onChange={(e) =>
                onChange({
                  ...takes,
                  record: e.target.checked ? { type: first, field: "external_id", value: "body.id" } : undefined,
                })
              }
            />
            {t("ofRecord")}
          </label>
          {takes.record && (
            <Match types={types} value={takes.record} onChange={(record) => onChange({ ...takes, record })} />
          )}
        </>
      ) : (
        <>
          <Match
            types={types}
            value={{ type: takes.type, field: takes.match?.field ?? "", value: takes.match?.value ?? "" }}
            onChange={({ type, field, value }) =>
              onChange({ ...takes, type, match: field && value ? { field, value } : undefined })
            }
          />
          <label className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={takes.create}
              onChange={(e) => onChange({ ...takes, create: e.target.checked })}
            />
            {t("create")}
          </label>
          <Values
            fields={types.find(({ key }) => key === takes.type)?.fields ?? []}
            value={takes.values}
            onChange={(values) => onChange({ ...takes, values })}
          />
        </>
      )}
    </>
  );
}

type Found = { type: string; field: string; value: string };

/** Which record is meant: the one of a type whose field has a value of the message. */
function Match({ types, value, onChange }: { types: RecordChoices; value: Found; onChange: (value: Found) => void }) {
  const t = useTranslations("settings.connections");
  const [drafted, setDrafted] = useState(value);
  const put = (change: Partial<Found>) => {
    const next = { ...drafted, ...change };
    setDrafted(next);
    onChange(next);
  };
  const fields = types.find(({ key }) => key === drafted.type)?.fields ?? [];
  return (
    <div className="grid gap-2 sm:grid-cols-3">
      <Field label={t("type")}>
        {(ids) => (
          <select {...ids} className={inputLook} value={drafted.type} onChange={(e) => put({ type: e.target.value })}>
            {types.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Line
        label={t("field")}
        value={drafted.field}
        list={["external_id", "id", ...fields.map(({ name }) => name)]}
        onChange={(field) => put({ field })}
      />
      <Line label={t("value")} value={drafted.value} onChange={(held) => put({ value: held })} />
    </div>
  );
}

/** Fields of the record and what of the message each gets. */
function Values({
  fields,
  value,
  onChange,
}: {
  fields: RecordChoices[number]["fields"];
  value: Record<string, string>;
  onChange: (value: Record<string, string>) => void;
}) {
  const t = useTranslations("settings.connections");
  const label = (name: string) => fields.find((one) => one.name === name)?.label ?? name;
  return (
    <fieldset className="grid gap-2">
      <legend className="text-sm font-medium">{t("values")}</legend>
      {Object.entries(value).map(([name, text]) => (
        <div key={name} className="flex items-end gap-2">
          <Line
            label={label(name)}
            className="min-w-0 grow"
            value={text}
            onChange={(held) => onChange({ ...value, [name]: held })}
          />
          <Button
            size="small"
            kind="quiet"
            aria-label={t("removeOf", { name: label(name) })}
            onClick={() => {
              const { [name]: _gone, ...rest } = value;
              onChange(rest);
            }}
          >
            {t("remove")}
          </Button>
        </div>
      ))}
      <select
        className={inputLook}
        aria-label={t("addField")}
        value=""
        onChange={(e) => e.target.value && onChange({ ...value, [e.target.value]: `body.${e.target.value}` })}
      >
        <option value="">{t("addField")}</option>
        {fields
          .filter(({ name }) => value[name] === undefined)
          .map((one) => (
            <option key={one.name} value={one.name}>
              {one.label}
            </option>
          ))}
      </select>
    </fieldset>
  );
}

function Line({
  label,
  help,
  value,
  list,
  required,
  className,
  onChange,
}: {
  label: string;
  help?: string;
  value: string;
  list?: readonly string[];
  required?: boolean;
  className?: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <Field label={label} help={help ?? null} required={required ?? false} {...(className && { className })}>
      {(ids) => (
        <>
          <input
            {...ids}
            className={`${inputLook} font-mono text-xs`}
            spellCheck={false}
            required={required}
            maxLength={4000}
            list={list ? id : undefined}
            value={value}
            onChange={(e) => onChange(e.target.value)}
          />
          {list && (
            <datalist id={id}>
              {[...new Set(list)].map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}
