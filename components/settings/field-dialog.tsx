"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { CustomField } from "@/server/records/custom-fields.ts";
import { useTRPCClient } from "../api.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import { cn } from "../ui/cn.ts";
import type { Fields } from "./fields-screen.tsx";
import { keyOf } from "./key-of.ts";
import { Ticks } from "./ticks.tsx";
import { useSaving } from "../use-saving.ts";

const types = [
  "text",
  "long_text",
  "integer",
  "decimal",
  "percent",
  "money",
  "date",
  "datetime",
  "boolean",
  "picklist",
  "multi_picklist",
  "reference",
  "email",
  "phone",
  "url",
] as const satisfies readonly CustomField["type"][];
const rules = ["required", "unique", "personal"] as const;
const isList = (type: string) => type === "picklist" || type === "multi_picklist";
const isNumber = (type: string) => type === "integer" || type === "decimal" || type === "percent";

/** A new field, or the labels, rules and list of one there is. Its key and type stay. */
export function FieldDialog({
  field,
  recordType,
  types: recordTypes,
  onClose,
}: {
  field: CustomField | null;
  recordType: string;
  types: Fields["types"];
  onClose: () => void;
}) {
  const t = useTranslations("settings.fields");
  const client = useTRPCClient();
  const [type, setType] = useState<CustomField["type"]>(field?.type ?? "text");
  const [english, setEnglish] = useState(field?.label.en ?? "");
  const [held, setHeld] = useState<string[]>(rules.filter((rule) => field?.[rule]));
  const [list, setList] = useState(
    field?.values
      ?.filter((one) => !one.retired)
      .map((one) => `${one.label.en} | ${one.label.vi}`)
      .join("\n") ?? "",
  );
  const { busy, made, submit } = useSaving({
    read,
    send: async (values, _made: string | null) => {
      await client.fields.save.mutate(values);
      return values.key;
    },
    said: ({ label }) => t("saved", { name: label.en }),
    done: onClose,
  });
  const key = field?.key ?? made ?? (keyOf(english) && `x_${keyOf(english)}`);

  function read(form: FormData): CustomField | null {
    if (!key) return null;
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const number = (name: string) => (text(name) === "" ? undefined : Number(text(name)));
    const [min, max] = [number("min"), number("max")];
    return {
      recordType,
      key,
      type,
      label: { en: english.trim(), vi: text("vi") || english.trim() },
      ...(isList(type) && { values: valuesOf(list, field) }),
      ...(type === "reference" && { to: text("to") }),
      ...(held.includes("required") && { required: true }),
      ...(held.includes("unique") && { unique: true }),
      ...(held.includes("personal") && { personal: true }),
      ...(isNumber(type) && min !== undefined && { min }),
      ...(isNumber(type) && max !== undefined && { max }),
    };
  }
  return (
    <Dialog open onClose={onClose} title={field ? t("changeOf", { name: field.label.en }) : t("add")}>
      <form onSubmit={submit} className="grid gap-4">
        <Field label={t("labelEn")} help={key ? t("key", { key: `${recordType}.${key}` }) : null} required>
          {(ids) => (
            <input
              {...ids}
              required
              maxLength={80}
              value={english}
              onChange={(e) => setEnglish(e.target.value)}
              className={inputLook}
            />
          )}
        </Field>
        <Field label={t("labelVi")}>
          {(ids) => <input {...ids} name="vi" maxLength={80} defaultValue={field?.label.vi} className={inputLook} />}
        </Field>
        <Field label={t("type")} help={field ? t("typeStays") : null}>
          {(ids) => (
            <select
              {...ids}
              value={type}
              disabled={field !== null || made !== null}
              onChange={(e) => setType(types.find((one) => one === e.target.value) ?? "text")}
              className={inputLook}
            >
              {types.map((one) => (
                <option key={one} value={one}>
                  {t(`types.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {isList(type) && (
          <Field label={t("values")} help={t("valuesHelp")} required>
            {(ids) => (
              <textarea
                {...ids}
                rows={5}
                required
                value={list}
                onChange={(e) => setList(e.target.value)}
                className={cn(inputLook, "h-auto py-2")}
              />
            )}
          </Field>
        )}
        {type === "reference" && (
          <Field label={t("to")}>
            {(ids) => (
              <select {...ids} name="to" defaultValue={field?.to ?? "account"} className={inputLook}>
                {recordTypes.map((one) => (
                  <option key={one.key} value={one.key}>
                    {one.label}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {isNumber(type) && (
          <div className="grid grid-cols-2 gap-4">
            {(["min", "max"] as const).map((end) => (
              <Field key={end} label={t(end)}>
                {(ids) => (
                  <input
                    {...ids}
                    name={end}
                    type="number"
                    step="any"
                    defaultValue={field?.[end] ?? ""}
                    className={inputLook}
                  />
                )}
              </Field>
            ))}
          </div>
        )}
        <Ticks
          label={t("rules")}
          options={rules.map((rule) => ({ value: rule, label: t(rule), help: t(`ruleHelp.${rule}`) }))}
          chosen={held}
          onChange={setHeld}
        />
        <SaveButton busy={busy} ready={key !== ""}>
          {t("save")}
        </SaveButton>
      </form>
    </Dialog>
  );
}

/** One a line, "English | Vietnamese"; a line whose English is known keeps its stored value. */
function valuesOf(list: string, field: CustomField | null): NonNullable<CustomField["values"]> {
  return list
    .split("\n")
    .map((line) => line.split("|").map((part) => part.trim()))
    .filter(([en]) => en)
    .map(([en = "", vi]) => ({
      value: field?.values?.find((one) => one.label.en === en)?.value ?? keyOf(en),
      label: { en, vi: vi || en },
    }));
}
