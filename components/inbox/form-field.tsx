import { useState } from "react";
import { useTranslations } from "use-intl";
import type { FieldView } from "@/server/inbox/form-view.ts";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";

/** What a field of a form shows: what was typed, an emptied one included, else what it holds. */
export const shownIn = (
  typed: Readonly<Record<string, unknown>>,
  { path, value }: Pick<FieldView, "path" | "value">,
) => (path in typed ? typed[path] : value);

/** One field of a form, by its type. Money is typed as an amount and kept in minor units. */
export function FormField({
  field,
  value,
  error,
  onChange,
}: {
  field: Pick<FieldView, "label" | "type" | "options" | "required" | "readOnly" | "help" | "currency">;
  value: unknown;
  error: string | null;
  onChange: (value: unknown) => void;
}) {
  const t = useTranslations("form");
  const format = useFormat();
  const common = {
    label:
      field.label +
      (field.type === "money" && field.currency ? ` (${field.currency})` : field.type === "percent" ? " (%)" : ""),
    help: field.help,
    error,
    required: field.required,
  };
  const scale = 10 ** decimalsOf(field.currency);
  return (
    <Field {...common}>
      {(ids) => {
        const props = { ...ids, className: inputLook, disabled: field.readOnly };
        if (field.options) {
          return (
            <select
              {...props}
              value={typeof value === "string" && value !== "none" ? value : ""}
              onChange={(e) => onChange(e.target.value || null)}
            >
              <option value="">{t("choose")}</option>
              {field.options.map((o) => (
                <option key={o.value} value={o.value}>
                  {o.label}
                </option>
              ))}
            </select>
          );
        }
        if (field.type === "boolean") {
          return (
            <select
              {...props}
              value={value === true ? "yes" : value === false ? "no" : ""}
              onChange={(e) => onChange(e.target.value === "yes" ? true : e.target.value === "no" ? false : null)}
            >
              <option value="">{t("choose")}</option>
              <option value="yes">{t("yes")}</option>
              <option value="no">{t("no")}</option>
            </select>
          );
        }
        if (field.type === "long_text")
          return (
            <textarea
              {...props}
              className={`${inputLook} h-20 py-2`}
              value={typeof value === "string" ? value : ""}
              onChange={(e) => onChange(e.target.value || null)}
            />
          );
        if (field.type === "date")
          return (
            <input
              {...props}
              type="date"
              value={typeof value === "string" ? value : ""}
              onChange={(e) => onChange(e.target.value || null)}
            />
          );
        if (field.type === "datetime")
          return (
            <input
              {...props}
              type="datetime-local"
              value={typeof value === "number" ? localText(value, format.zone) : ""}
              onChange={(e) => onChange(e.target.value ? new Date(e.target.value).getTime() : null)}
            />
          );
        if (field.type === "money")
          return (
            <MoneyInput
              {...props}
              amount={typeof value === "number" ? value / scale : null}
              onAmount={(amount) => onChange(amount === null ? null : Math.round(amount * scale))}
            />
          );
        if (field.type === "integer" || field.type === "decimal" || field.type === "percent")
          return (
            <input
              {...props}
              type="number"
              step={field.type === "integer" ? 1 : "any"}
              value={typeof value === "number" ? value : ""}
              onChange={(e) => onChange(e.target.value === "" ? null : Number(e.target.value))}
            />
          );
        return (
          <input
            {...props}
            type={field.type === "email" ? "email" : field.type === "url" ? "url" : "text"}
            value={typeof value === "string" ? value : ""}
            onChange={(e) =>
              onChange((field.type === "email" ? e.target.value.trim().toLowerCase() : e.target.value) || null)
            }
          />
        );
      }}
    </Field>
  );
}

/** An amount, grouped while it is only read and plain while it is typed. What is no number is kept as typed and not taken. */
function MoneyInput({
  amount,
  onAmount,
  ...props
}: Omit<React.ComponentProps<"input">, "value" | "onChange"> & {
  amount: number | null;
  onAmount: (amount: number | null) => void;
}) {
  const format = useFormat();
  const [typed, setTyped] = useState<string | null>(null);
  const shown = amount === null ? "" : format.number(amount, 2);
  return (
    <input
      {...props}
      type="text"
      inputMode="decimal"
      value={typed ?? shown}
      onFocus={() => setTyped(amount === null ? "" : String(amount))}
      onBlur={() => setTyped(null)}
      onChange={(e) => {
        setTyped(e.target.value);
        const text = e.target.value.trim().replace(",", ".");
        if (text === "") onAmount(null);
        else if (/^-?\d+(\.\d*)?$/.test(text)) onAmount(Number(text));
      }}
    />
  );
}

/** Decimal places of a currency, as the browser knows them. */
export const decimalsOf = (currency: string | null): number =>
  currency
    ? (new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2)
    : 2;

const localText = (at: number, zone: string) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" })
    .format(at)
    .replace(" ", "T");
