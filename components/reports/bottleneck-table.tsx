import Link from "next/link";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import type { Report } from "./report-screen.tsx";

const parts = [
  ["queue", "bg-cat-2"],
  ["touch", "bg-cat-1"],
  ["blocked", "bg-mute-solid"],
  ["idle", "bg-cat-4"],
] as const;

/** Every row opens the visits behind it; the three factors stand beside their product. */
export function BottleneckTable({
  report,
  step,
  href,
}: {
  report: Report;
  step: string | null;
  href: (change: Record<string, string | null>) => string;
}) {
  const t = useTranslations("reports");
  const format = useFormat();
  const days = (value: number | null) => (value === null ? "–" : format.number(value, 1));
  return (
    <div
      className="overflow-x-auto rounded-lg border border-line bg-surface"
      role="region"
      aria-label={t("table")}
      tabIndex={0}
    >
      <table className="w-full text-sm">
        <caption className="px-3 pt-2 pb-1 text-left text-xs text-ink-3">{t("caption")}</caption>
        <thead>
          <tr className="border-b border-line text-right text-xs text-ink-3 [&>th]:px-2 [&>th]:py-1 [&>th]:font-medium">
            <th scope="col">{t("column.rank")}</th>
            <th scope="col" className="text-left">
              {t("column.step")}
            </th>
            <th scope="col">{t("column.delay")}</th>
            <th scope="col">{t("column.n")}</th>
            <th scope="col">{t("column.meanWait")}</th>
            <th scope="col">{t("column.meanValue")}</th>
            <th scope="col">{t("column.share")}</th>
            <th scope="col">{t("column.waitP50")}</th>
            <th scope="col">{t("column.waitP85")}</th>
            <th scope="col" className="min-w-32 text-left">
              {t("column.split")}
            </th>
            <th scope="col">{t("column.slaAttainment")}</th>
            <th scope="col">{t("column.reworkRate")}</th>
            <th scope="col">{t("column.wip")}</th>
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row) => {
            const total = row.queue + row.touch + row.blocked + row.idle;
            return (
              <tr
                key={row.node}
                className={cn(
                  "h-11 border-b border-line text-right tabular-nums last:border-0 [&>td]:px-2",
                  row.n < 20 && "text-ink-3",
                  step === row.node && "bg-accent-soft",
                )}
              >
                <td>
                  {row.rank}
                  {row.tied && <span title={t("tied")}>{" ≈"}</span>}
                </td>
                <th scope="row" className="px-2 text-left font-medium text-ink">
                  <Link href={href({ step: row.node })} className="hover:underline">
                    {report.names[row.node]?.name ?? row.node}
                  </Link>
                  <span className="block text-xs font-normal text-ink-3">{report.names[row.node]?.role ?? ""}</span>
                </th>
                <td>
                  <span className="font-semibold">{format.number(row.delay, 0)}</span>
                  <span className="block text-2xs text-ink-3">
                    {t("interval", {
                      from: format.number(row.delayInterval[0], 0),
                      to: format.number(row.delayInterval[1], 0),
                    })}
                  </span>
                </td>
                <td>{row.n}</td>
                <td>{days(row.meanWait)}</td>
                <td>
                  {format.money(row.meanValue, report.currency, true)}
                  {row.assumed > 0 && (
                    <span className="block text-2xs text-ink-3">
                      {t("assumed", { share: format.percent(row.assumed) })}
                    </span>
                  )}
                </td>
                <td>{format.percent(row.share)}</td>
                <td>{days(row.waitP50)}</td>
                <td>{days(row.waitP85)}</td>
                <td className="text-left">
                  {total > 0 && (
                    <span
                      role="img"
                      aria-label={parts
                        .map(([key]) => `${t(`part.${key}`)} ${format.percent(row[key] / total)}`)
                        .join(", ")}
                      title={parts.map(([key]) => `${t(`part.${key}`)} ${format.percent(row[key] / total)}`).join("\n")}
                      className="flex h-2 w-32 overflow-hidden rounded-full bg-sunken"
                    >
                      {parts.map(([key, look]) => (
                        <span key={key} className={look} style={{ width: `${(row[key] / total) * 100}%` }} />
                      ))}
                    </span>
                  )}
                </td>
                <td>{row.slaAttainment === null ? "–" : format.percent(row.slaAttainment)}</td>
                <td>{row.reworkRate === null ? "–" : format.percent(row.reworkRate)}</td>
                <td>
                  {row.wip}
                  {row.wipAgeP90 !== null && (
                    <span className="block text-2xs text-ink-3">{t("age", { days: days(row.wipAgeP90) })}</span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr className="border-t border-line text-right text-xs text-ink-2 [&>td]:px-2 [&>td]:py-1.5">
            <td colSpan={2} className="text-left">
              {t("total")}
            </td>
            <td className="font-semibold tabular-nums">{format.number(report.total, 0)}</td>
            <td>{report.n}</td>
          </tr>
        </tfoot>
      </table>
      <p className="flex flex-wrap gap-3 px-3 py-2 text-xs text-ink-3">
        {parts.map(([key, look]) => (
          <span key={key} className="flex items-center gap-1">
            <span aria-hidden className={cn("size-2 rounded-full", look)} />
            {t(`part.${key}`)}
          </span>
        ))}
        <span>{t("how")}</span>
      </p>
    </div>
  );
}
