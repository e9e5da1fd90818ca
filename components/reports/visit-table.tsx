import { X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { cn } from "../ui/cn.ts";
import { useSegmentName } from "./dimension.ts";
import type { Report, To, Visits } from "./report-screen.tsx";

/** The visits behind a row: what carries their delay, and each of them. Their delays add up to the row's. */
export function VisitTable({
  visits,
  report,
  node,
  to,
  narrow = false,
}: {
  visits: Visits;
  report: Report;
  node: string;
  to: To;
  narrow?: boolean;
}) {
  const t = useTranslations("reports");
  const format = useFormat();
  const segmentName = useSegmentName(report.labels);
  const name = report.names[node]?.name ?? node;
  const drivers = report.insights.find((i) => i.node === node)?.drivers ?? [];
  return (
    <div className="min-w-0 rounded-lg border border-line bg-surface">
      <div className="flex items-start gap-2 px-4 py-2.5">
        <div>
          <h2 className="text-sm font-semibold">{t("behind", { name })}</h2>
          <p className="text-xs text-ink-3">
            {t("visitCount", { n: visits.total, shown: visits.rows.length, delay: format.number(visits.delay, 0) })}
          </p>
        </div>
        <Link
          href={to({ sel: null })}
          scroll={false}
          aria-label={t("close")}
          className="ml-auto grid size-7 place-items-center rounded-md text-ink-2 hover:bg-sunken"
        >
          <X aria-hidden className="size-4" />
        </Link>
      </div>
      {drivers.length > 0 && (
        <ul className="flex flex-wrap gap-2 px-4 pb-2.5">
          {drivers.map((driver) => (
            <li key={driver.dimension + driver.value}>
              <Link
                href={to({ seg: { dimension: driver.dimension, value: driver.value } })}
                scroll={false}
                className="inline-flex rounded-full bg-mute-bg px-2.5 py-0.5 text-xs text-mute hover:underline"
              >
                {t(driver.driver ? "driver" : "associated", {
                  segment: segmentName(driver),
                  delay: format.percent(driver.shareOfDelay),
                  visits: format.percent(driver.shareOfVisits),
                  q: format.number(driver.q, 2),
                })}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <div className="max-h-[60vh] overflow-auto" role="region" aria-label={t("behind", { name })} tabIndex={0}>
        <table className="w-full text-sm">
          <thead className="sticky top-0 bg-surface">
            <tr className="border-y border-line text-left text-xs text-ink-3 [&>th]:px-3 [&>th]:py-1 [&>th]:font-medium [&>th]:whitespace-nowrap">
              <th scope="col">{t("visit.record")}</th>
              {!narrow && <th scope="col">{t("visit.owner")}</th>}
              {!narrow && <th scope="col">{t("visit.entered")}</th>}
              {!narrow && <th scope="col">{t("visit.left")}</th>}
              <th scope="col" className="text-right">
                {t("visit.wait")}
              </th>
              {!narrow && (
                <th scope="col" className="text-right">
                  {t("visit.blocked")}
                </th>
              )}
              <th scope="col" className="text-right">
                {t("visit.value")}
              </th>
              {!narrow && (
                <th scope="col" className="text-right">
                  {t("visit.delay")}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {visits.rows.map((v) => (
              <tr
                key={`${v.runId}${v.visit}`}
                className="border-b border-line align-top last:border-0 [&>td]:px-3 [&>td]:py-1.5"
              >
                <th scope="row" className="px-3 py-1.5 text-left font-medium">
                  <Link href={`/records/${v.recordId}`} className="hover:underline">
                    {v.title}
                  </Link>
                  <span className={cn("flex flex-wrap items-center gap-1.5 text-xs font-normal text-ink-3")}>
                    {narrow &&
                      [v.owner, v.leftAt === null ? t("visit.open") : format.date(v.leftAt)]
                        .filter(Boolean)
                        .join(" · ")}
                    {v.breached && <Status kind="breached">{t("visit.breached")}</Status>}
                    {v.rework && <Status kind="info">{t("visit.rework")}</Status>}
                  </span>
                </th>
                {!narrow && <td className="text-ink-2">{v.owner ?? ""}</td>}
                {!narrow && <td className="whitespace-nowrap text-ink-2">{format.dateTime(v.enteredAt)}</td>}
                {!narrow && (
                  <td className="whitespace-nowrap text-ink-2">
                    {v.leftAt === null ? t("visit.open") : format.dateTime(v.leftAt)}
                  </td>
                )}
                <td className="text-right font-semibold tabular-nums">{format.number(v.wait, 1)}</td>
                {!narrow && <td className="text-right text-ink-2 tabular-nums">{format.number(v.blocked, 1)}</td>}
                <td className="text-right tabular-nums">
                  {v.assumed ? t("visit.assumed") : format.money(v.value, report.currency, true)}
                </td>
                {!narrow && <td className="text-right font-semibold tabular-nums">{format.number(v.delay, 0)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
