"use client";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import type { ImportField, Inspected, Mapping } from "./types.ts";

/** Column by column: what stands in it, and which field it fills. */
export function MappingTable({
  columns,
  mapping,
  fields,
  onChange,
}: {
  columns: Inspected["columns"];
  mapping: Mapping;
  fields: ImportField[];
  onChange: (mapping: Mapping) => void;
}) {
  const t = useTranslations("imports");
  const { locale } = useFormat();
  const choices = [
    { key: "external_id", label: t("externalId") },
    ...fields.map(({ key, label }) => ({ key, label: label[locale] })),
    ...(mapping.customFields ?? [])
      .filter(({ key }) => !fields.some((field) => field.key === key))
      .map(({ key, label }) => ({ key, label: label[locale] })),
  ];
  const taken = new Map(mapping.columns.map(({ field, column }) => [field, column]));
  return (
    <div role="region" tabIndex={0} aria-label={t("mapping")} className="overflow-x-auto rounded-lg border border-line">
      <table className="w-full bg-surface text-sm">
        <thead>
          <tr className="border-b border-line text-left text-xs text-ink-3">
            <th scope="col" className="px-3 py-1.5 font-medium">
              {t("column")}
            </th>
            <th scope="col" className="hidden px-3 py-1.5 font-medium sm:table-cell">
              {t("samples")}
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              {t("field")}
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ name, samples }) => {
            const filled = mapping.columns.filter(({ column }) => column === name);
            return (
              <tr key={name} className="border-b border-line last:border-0">
                <th scope="row" className="max-w-32 px-3 py-1.5 text-left font-medium sm:max-w-56">
                  <span className="block truncate">{name}</span>
                  <span aria-hidden className="block truncate text-xs font-normal text-ink-3 sm:hidden">
                    {samples.join(" · ")}
                  </span>
                </th>
                <td className="hidden max-w-72 truncate px-3 py-1.5 text-ink-2 sm:table-cell">{samples.join(" · ")}</td>
                <td className="px-3 py-1.5">
                  <select
                    aria-label={t("fieldOf", { column: name })}
                    className={cn(inputLook, "h-8 min-w-36", filled.length === 0 && "text-ink-3")}
                    value={filled[0]?.field ?? ""}
                    onChange={(e) => onChange(withField(mapping, name, e.target.value, fields))}
                  >
                    <option value="">{t("leaveOut")}</option>
                    {choices.map(({ key, label }) => (
                      <option key={key} value={key} disabled={taken.has(key) && taken.get(key) !== name}>
                        {label}
                      </option>
                    ))}
                  </select>
                  {filled.length > 1 && (
                    <p className="mt-1 text-xs text-ink-3">
                      {t("also", {
                        fields: filled
                          .slice(1)
                          .map(({ field }) => choices.find(({ key }) => key === field)?.label ?? field)
                          .join(", "),
                      })}
                    </p>
                  )}
                  {filled[0]?.values && Object.keys(filled[0].values).length > 0 && (
                    <p className="mt-1 max-w-72 truncate text-xs text-ink-3">
                      {Object.entries(filled[0].values)
                        .map(([from, to]) => `${from} → ${to}`)
                        .join(", ")}
                    </p>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The column fills this field and no other; "" leaves it out. What is required and now filled need not be missing any more. */
function withField(mapping: Mapping, column: string, field: string, fields: ImportField[]): Mapping {
  const known = fields.find(({ key }) => key === field);
  const others = mapping.columns.filter((one) => one.column !== column);
  const columns = field
    ? [...others, { column, field, ...(known?.to && { lookup: { type: known.to, by: "name" } }) }]
    : others;
  const filled = new Set([...columns, ...(mapping.compose ?? [])].map((one) => one.field));
  const missing = fields.filter(({ key, required }) => required && !filled.has(key)).map(({ key }) => ({ field: key }));
  const kept = (mapping.mayBeMissing ?? []).filter((one) => !missing.some(({ field: key }) => key === one.field));
  const { keyField, ...rest } = mapping;
  const byId = filled.has("external_id") ? "external_id" : undefined;
  const wanted = keyField !== undefined && filled.has(keyField) ? keyField : byId;
  return { ...rest, ...(wanted !== undefined && { keyField: wanted }), columns, mayBeMissing: [...kept, ...missing] };
}
