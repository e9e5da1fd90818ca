import type { FieldDescription } from "@/server/records/rules.ts";
import type { Plain } from "@/server/engine/model.ts";
import type { Format } from "../ui/format.ts";

/** A stored value in the reader's words: the option's label, an amount with its currency, a date. "–" when there is none. */
export function fieldText(
  field: Pick<FieldDescription, "type" | "options"> & { value: Plain },
  format: Format,
  words: { yes: string; no: string },
  money: { currency: string; decimals: number },
): string {
  const { value } = field;
  if (value === null || value === "") return "–";
  if (field.options) return field.options.find((o) => o.value === value)?.label ?? String(value);
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value !== "number")
    return field.type === "date" ? format.date(Date.parse(`${String(value)}T12:00Z`)) : String(value);
  if (field.type === "money") return format.money(value / 10 ** money.decimals, money.currency);
  if (field.type === "datetime") return format.dateTime(value);
  if (field.type === "percent") return `${format.number(value)} %`;
  return format.number(value, 2);
}
