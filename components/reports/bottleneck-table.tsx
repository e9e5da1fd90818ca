import { CheckCircle2, CircleHelp } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { heatLook, heatScale } from "../charts/heat.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import type { Report, To } from "./report-screen.tsx";

const parts = [
  ["queue", "bg-cat-2"],
  ["touch", "bg-cat-1"],
  ["blocked", "bg-mute-solid"],
  ["idle", "bg-cat-4"],
] as const;

/** Every row opens the visits behind it; the three factors stand beside their product. */
export function BottleneckTable({
  report,
  sel,
  by,
  to,
}: {
  report: Report;
  sel: string | null;
  by: "value" | "time";
  to: To;
}) {
  const t = useTranslations("reports");
  const format = useFormat();
  const days = (value: number | null) => (value === null ? "–" : t("tile.days", { n: format.number(value) }));
  const short = (value: number) => (by === "time" ? format.number(value) : format.money(value, report.currency, true));
  const heat = heatScale(report.rows.map((r) => r.delay));
  return (
    <div className="rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2.5">
        <h2 className="text-sm font-semibold">{t("table")}</h2>
        <span className="text-xs text-ink-3">{t(by === "time" ? "captionTime" : "caption")}</span>
        <span className="ml-auto flex flex-wrap gap-3 text-xs text-ink-2">
          {parts.map(([key, look]) => (
            <span key={key} className="flex items-center gap-1">
              <span aria-hidden className={cn("size-2 rounded-sm", look)} />
              {t(`part.${key}`)}
            </span>
          ))}
        </span>
      </div>
      <div className="overflow-x-auto" role="region" aria-label={t("table")} tabIndex={0}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-y border-line bg-sunken text-right text-xs text-ink-3 [&>th]:px-2 [&>th]:py-1.5 [&>th]:font-medium [&>th]:whitespace-nowrap">
              <th scope="col">{t("column.rank")}</th>
              <th scope="col" className="text-left">
                {t("column.step")}
              </th>
              <th scope="col">{t(by === "time" ? "factorsTime" : "factors")}</th>
              <th scope="col">{t(by === "time" ? "delayTime" : "delayIn", { currency: report.currency })}</th>
              <th scope="col">{t("column.share")}</th>
              <th scope="col" className="text-left">
                {t("column.split")}
              </th>
              <th scope="col">{t("waits")}</th>
              <th scope="col">{t("column.slaAttainment")}</th>
              <th scope="col">{t("column.reworkRate")}</th>
              <th scope="col">{t("column.wip")}</th>
              <th scope="col" className="text-left">
                {t("certaintyTitle")}
              </th>
            </tr>
          </thead>
          <tbody>
            {report.rows.map((row) => {
              const total = row.queue + row.touch + row.blocked + row.idle;
              const largest = parts.reduce((a, b) => (row[b[0]] > row[a[0]] ? b : a));
              return (
                <tr
                  key={row.node}
                  className={cn(
                    "border-b border-line text-right tabular-nums last:border-0 [&>td]:px-2 [&>td]:py-1.5",
                    row.n < 20 && "text-ink-3",
                    sel === row.node && "bg-accent-soft",
                  )}
                >
                  <td>{row.rank}</td>
                  <th scope="row" className="px-2 text-left font-medium">
                    <Link
                      href={to({ sel: sel === row.node ? null : row.node })}
                      scroll={false}
                      className={cn("hover:underline", row.n >= 20 && "text-ink")}
                    >
                      {report.names[row.node]?.name ?? row.node}
                    </Link>
                    <span className="block text-xs font-normal text-ink-3">{report.names[row.node]?.role ?? ""}</span>
                  </th>
                  <td className="whitespace-nowrap">
                    {[
                      String(row.n),
                      days(row.meanWait),
                      ...(by === "time" ? [] : [format.money(row.meanValue, report.currency, true)]),
                    ].join(" × ")}
                    {row.assumed > 0 && by === "value" && (
                      <span className="block text-2xs text-ink-3">
                        {t("assumed", { share: format.percent(row.assumed) })}
                      </span>
                    )}
                  </td>
                  <td className="whitespace-nowrap">
                    <span
                      aria-hidden
                      className={cn(
                        "mr-1.5 inline-block size-2.5 rounded-sm border border-line-strong",
                        heatLook[heat.classOf(row.delay)],
                      )}
                    />
                    <span className="font-semibold">{short(row.delay)}</span>
                    <span className="block text-2xs text-ink-3">
                      {t("interval", { from: short(row.delayInterval[0]), to: short(row.delayInterval[1]) })}
                    </span>
                  </td>
                  <td>{format.percent(row.share)}</td>
                  <td className="text-left">
                    {total > 0 && (
                      <>
                        <span
                          role="img"
                          aria-label={parts
                            .map(([key]) => `${t(`part.${key}`)} ${format.percent(row[key] / total)}`)
                            .join(", ")}
                          title={parts
                            .map(([key]) => `${t(`part.${key}`)} ${format.percent(row[key] / total)}`)
                            .join("\n")}
                          className="flex h-2 w-28 gap-px overflow-hidden rounded-sm bg-sunken"
                        >
                          {parts.map(([key, look]) => (
                            <span key={key} className={look} style={{ width: `${(row[key] / total) * 100}%` }} />
                          ))}
                        </span>
                        <span className="text-2xs text-ink-3">
                          {`${t(`part.${largest[0]}`)} ${format.percent(row[largest[0]] / total)}`}
                        </span>
                      </>
                    )}
                  </td>
                  <td className="whitespace-nowrap">
                    <span className="font-semibold">{days(row.waitP50)}</span>
                    <span className="block text-xs text-ink-3">{days(row.waitP85)}</span>
                  </td>
                  <td>
                    {row.slaAttainment === null ? "–" : format.percent(row.slaAttainment)}
                    {row.slaAttainment !== null && (
                      <span className="block text-2xs text-ink-3">
                        {t("ofClocks", { n: row.slaMet + row.slaBreached })}
                      </span>
                    )}
                  </td>
                  <td>{row.reworkRate === null ? "–" : format.percent(row.reworkRate)}</td>
                  <td className="whitespace-nowrap">
                    <span className="font-semibold">{row.wip}</span>{" "}
                    <span className="text-2xs text-ink-3" title={t("slope")}>
                      {row.wipSlope === 0
                        ? ""
                        : `${row.wipSlope > 0 ? "▲ +" : "▼ −"}${format.number(Math.abs(row.wipSlope))}`}
                    </span>
                    {row.wipAgeP90 !== null && (
                      <span className="block text-2xs text-ink-3">{t("age", { days: days(row.wipAgeP90) })}</span>
                    )}
                  </td>
                  <td className="text-left whitespace-nowrap">
                    <span
                      className={cn(
                        "inline-flex items-center gap-1 text-xs font-semibold",
                        row.certainty === "low" ? "text-ink-3" : "text-ok",
                      )}
                    >
                      {row.certainty === "low" ? (
                        <CircleHelp aria-hidden className="size-3.5" />
                      ) : (
                        <CheckCircle2 aria-hidden className="size-3.5" />
                      )}
                      {t(`certainty.${row.certainty}`)}
                    </span>
                    {row.tied && <span className="block text-2xs text-ink-3">{t("tied")}</span>}
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
              <td>{t("visitsTotal", { n: report.n })}</td>
              <td className="font-semibold tabular-nums">{short(report.total)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      <details className="border-t border-line px-4 py-2 text-xs text-ink-3">
        <summary className="cursor-pointer">{t("howTo")}</summary>
        <p className="max-w-3xl pt-1">{t("how")}</p>
      </details>
    </div>
  );
}
