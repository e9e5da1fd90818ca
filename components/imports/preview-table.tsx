"use client";
import { useTranslations } from "use-intl";
import { Status } from "../ui/status.tsx";
import { useFormat } from "../ui/locale.tsx";
import type { Fix, TablePreview } from "./types.ts";

/** The first rows as they would come in, what does not fit, and the corrections that suggest themselves. */
export function PreviewTable({
  preview,
  accepted,
  onAccept,
}: {
  preview: TablePreview;
  accepted: Fix[];
  onAccept: (fixes: Fix[]) => void;
}) {
  const t = useTranslations("imports");
  const { locale, number } = useFormat();
  const { counts, problems, fixes, creates, rows, fields } = preview;
  return (
    <div className="grid gap-3">
      <p className="text-sm text-ink">
        {t("would", { created: counts.new, updated: counts.update, failed: counts.error })}
      </p>
      {fixes.length > 0 && (
        <div className="grid gap-1.5 rounded-md bg-info-bg px-3 py-2 text-sm text-info">
          <p className="font-semibold">{t("fixes")}</p>
          <ul className="grid gap-1">
            {fixes.slice(0, 20).map((fix) => (
              <li key={`${fix.column}/${fix.from}`} className="flex flex-wrap items-center gap-2">
                <span>{t("fix", { from: fix.from, to: fix.to, column: fix.column, n: number(fix.rows) })}</span>
                <button
                  type="button"
                  className="font-semibold underline"
                  onClick={() => onAccept([...accepted, { column: fix.column, from: fix.from, to: fix.to }])}
                >
                  {t("accept")}
                </button>
              </li>
            ))}
          </ul>
          {fixes.length > 1 && (
            <button
              type="button"
              className="justify-self-start font-semibold underline"
              onClick={() => onAccept([...accepted, ...fixes.map(({ column, from, to }) => ({ column, from, to }))])}
            >
              {t("acceptAll")}
            </button>
          )}
        </div>
      )}
      {accepted.length > 0 && (
        <p className="text-xs text-ink-3">
          {t("accepted", { list: accepted.map(({ from, to }) => `${from} → ${to}`).join(", ") })}
        </p>
      )}
      {creates.map(({ type, names }) => (
        <p key={type} className="text-xs text-ink-2">
          {t("creates", { n: names.length, names: names.slice(0, 5).join(", ") })}
        </p>
      ))}
      {problems.length > 0 && (
        <ul aria-label={t("problems")} className="grid gap-1 rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">
          {problems.slice(0, 12).map(({ code, column, text, count, rows: at }) => (
            <li key={`${code}/${column ?? ""}`}>
              {text} {count > 1 && t("rowsLike", { n: number(count), rows: at.slice(0, 5).join(", ") })}
            </li>
          ))}
        </ul>
      )}
      <div
        role="region"
        tabIndex={0}
        aria-label={t("firstRows")}
        className="overflow-x-auto rounded-lg border border-line bg-surface"
      >
        <table className="w-full text-xs">
          <caption className="sr-only">{t("firstRows")}</caption>
          <thead>
            <tr className="border-b border-line text-left text-ink-3">
              <th scope="col" className="px-2 py-1.5 font-medium">
                {t("row")}
              </th>
              <th scope="col" className="px-2 py-1.5 font-medium">
                {t("outcome")}
              </th>
              {fields.map(({ key, label }) => (
                <th key={key} scope="col" className="px-2 py-1.5 font-medium whitespace-nowrap">
                  {label[locale]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ row, outcome, cells, problems: wrong }) => (
              <tr key={row} className="border-b border-line align-top last:border-0">
                <th scope="row" className="px-2 py-1.5 text-left font-medium tabular-nums">
                  {row}
                </th>
                <td className="px-2 py-1.5">
                  <Status kind={outcome === "error" ? "breached" : outcome === "update" ? "info" : "on_track"}>
                    {t(`outcomes.${outcome}`)}
                  </Status>
                  {wrong.length > 0 && <p className="mt-1 max-w-72 text-breach">{wrong.join(" ")}</p>}
                </td>
                {fields.map(({ key }) => (
                  <td key={key} className="max-w-56 truncate px-2 py-1.5 text-ink-2">
                    {cells[key]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
