"use client";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import type { ImportField, ProcessChoice } from "./types.ts";

/** Which process the new records start in, and which of them do. */
export type Starting = {
  process: string;
  which: "all" | "where" | "rows";
  field: string;
  is: "=" | "!=" | ">" | "<";
  value: string;
  rows: string;
};
export const notStarting: Starting = { process: "", which: "all", field: "", is: "=", value: "", rows: "" };

export function StartOptions({
  processes,
  fields,
  starting,
  onChange,
}: {
  processes: ProcessChoice[];
  fields: ImportField[];
  starting: Starting;
  onChange: (starting: Starting) => void;
}) {
  const t = useTranslations("imports");
  const { locale } = useFormat();
  const set = (change: Partial<Starting>) => onChange({ ...starting, ...change });
  const field = fields.find(({ key }) => key === starting.field);
  const usable = fields.filter(({ type, to }) => to === null && type !== "multi_picklist" && type !== "json");
  if (processes.length === 0) return <p className="text-sm text-ink-3">{t("noProcess")}</p>;
  return (
    <fieldset className="grid gap-3">
      <legend className="sr-only">{t("starts")}</legend>
      <Field label={t("startIn")} className="max-w-sm">
        {(ids) => (
          <select
            {...ids}
            className={inputLook}
            value={starting.process}
            onChange={(e) => set({ process: e.target.value })}
          >
            <option value="">{t("startNothing")}</option>
            {processes.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {starting.process !== "" && (
        <div className="grid gap-2 text-sm">
          {(["all", "where", "rows"] as const).map((which) => (
            <div key={which} className="grid gap-2">
              <label className="flex min-h-6 items-center gap-2">
                <input
                  type="radio"
                  name="which"
                  checked={starting.which === which}
                  onChange={() => set({ which })}
                  className="size-4 accent-accent"
                />
                {t(`which.${which}`)}
              </label>
              {which === "where" && starting.which === which && (
                <div className="flex flex-wrap gap-2 pl-6">
                  <select
                    aria-label={t("field")}
                    className={cn(inputLook, "w-52")}
                    value={starting.field}
                    onChange={(e) => set({ field: e.target.value, value: "", is: "=" })}
                  >
                    <option value="">{t("chooseField")}</option>
                    {usable.map(({ key, label }) => (
                      <option key={key} value={key}>
                        {label[locale]}
                      </option>
                    ))}
                  </select>
                  <select
                    aria-label={t("comparison")}
                    className={cn(inputLook, "w-28")}
                    value={starting.is}
                    onChange={(e) =>
                      set({ is: (["=", "!=", ">", "<"] as const).find((is) => is === e.target.value) ?? "=" })
                    }
                  >
                    {(field && isNumber(field) ? (["=", "!=", ">", "<"] as const) : (["=", "!="] as const)).map(
                      (is) => (
                        <option key={is} value={is}>
                          {t(`is.${names[is]}`)}
                        </option>
                      ),
                    )}
                  </select>
                  {field?.values ? (
                    <select
                      aria-label={t("value")}
                      className={cn(inputLook, "w-52")}
                      value={starting.value}
                      onChange={(e) => set({ value: e.target.value })}
                    >
                      <option value="">{t("chooseValue")}</option>
                      {field.values.map((value) => (
                        <option key={value} value={value}>
                          {value.replaceAll("_", " ")}
                        </option>
                      ))}
                    </select>
                  ) : (
                    <input
                      aria-label={t("value")}
                      className={cn(inputLook, "w-52")}
                      value={starting.value}
                      onChange={(e) => set({ value: e.target.value })}
                    />
                  )}
                </div>
              )}
              {which === "rows" && starting.which === which && (
                <Field label={t("rowNumbers")} help={t("rowNumbersHelp")} className="max-w-sm pl-6">
                  {(ids) => (
                    <input
                      {...ids}
                      className={inputLook}
                      value={starting.rows}
                      placeholder="2-40, 57"
                      onChange={(e) => set({ rows: e.target.value })}
                    />
                  )}
                </Field>
              )}
            </div>
          ))}
        </div>
      )}
    </fieldset>
  );
}

const names = { "=": "equal", "!=": "unequal", ">": "above", "<": "below" } as const;
const isNumber = ({ type }: ImportField) => ["money", "decimal", "integer", "percent"].includes(type);

/** What the server is asked; null while something is still missing. */
export function startOf(
  starting: Starting,
  recordType: string,
  fields: ImportField[],
): { start?: string; startWhen?: string; startRows?: number[] } | null {
  const { process: start, which, field: key, is, value } = starting;
  if (start === "") return {};
  if (which === "all") return { start };
  if (which === "rows") {
    const startRows = rowsIn(starting.rows);
    return startRows.length ? { start, startRows } : null;
  }
  const field = fields.find((one) => one.key === key);
  if (!field || value.trim() === "") return null;
  if (isNumber(field))
    return Number.isFinite(Number(value)) ? { start, startWhen: `${recordType}.${key} ${is} ${Number(value)}` } : null;
  const written = field.type === "boolean" ? value : JSON.stringify(value);
  return { start, startWhen: `${recordType}.${key} ${is} ${field.type === "date" ? `date(${written})` : written}` };
}

/** "2-4, 9" → 2, 3, 4, 9; what is no number is passed over. */
function rowsIn(text: string): number[] {
  const rows = text.split(/[,;\s]+/).flatMap((part) => {
    const [from, to] = part.split("-").map(Number);
    if (!from || !Number.isInteger(from)) return [];
    const last = to && Number.isInteger(to) ? Math.min(to, from + 9_999) : from;
    return Array.from({ length: Math.max(0, last - from + 1) }, (_, i) => from + i);
  });
  return [...new Set(rows)].slice(0, 10_000);
}
