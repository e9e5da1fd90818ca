import { X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useFormat } from "../ui/locale.tsx";
import type { Visits } from "./report-screen.tsx";

/** The visits behind a row: their delays add up to it. */
export function VisitTable({
  visits,
  name,
  currency,
  close,
}: {
  visits: Visits;
  name: string;
  currency: string;
  close: string;
}) {
  const t = useTranslations("reports");
  const format = useFormat();
  return (
    <section aria-label={t("behind", { name })} className="overflow-x-auto rounded-lg border border-line bg-surface">
      <div className="flex items-center px-3 py-2">
        <h2 className="text-sm font-semibold">{t("behind", { name })}</h2>
        <span className="ml-2 text-xs text-ink-3">
          {t("visitCount", { n: visits.total, shown: visits.rows.length, delay: format.number(visits.delay, 0) })}
        </span>
        <Link
          href={close}
          aria-label={t("close")}
          className="ml-auto grid size-7 place-items-center rounded-md text-ink-2 hover:bg-sunken"
        >
          <X aria-hidden className="size-4" />
        </Link>
      </div>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-y border-line text-left text-xs text-ink-3 [&>th]:px-3 [&>th]:py-1 [&>th]:font-medium">
            <th scope="col">{t("visit.record")}</th>
            <th scope="col">{t("visit.owner")}</th>
            <th scope="col">{t("visit.entered")}</th>
            <th scope="col">{t("visit.left")}</th>
            <th scope="col" className="text-right">
              {t("visit.wait")}
            </th>
            <th scope="col" className="text-right">
              {t("visit.value")}
            </th>
            <th scope="col" className="text-right">
              {t("visit.delay")}
            </th>
          </tr>
        </thead>
        <tbody>
          {visits.rows.map((v) => (
            <tr key={`${v.runId}${v.visit}`} className="h-9 border-b border-line last:border-0 [&>td]:px-3">
              <th scope="row" className="px-3 text-left font-medium">
                <Link href={`/records/${v.recordId}`} className="hover:underline">
                  {v.title}
                </Link>
              </th>
              <td className="text-ink-2">{v.owner ?? ""}</td>
              <td className="text-ink-2">{format.dateTime(v.enteredAt)}</td>
              <td className="text-ink-2">{v.leftAt === null ? t("visit.open") : format.dateTime(v.leftAt)}</td>
              <td className="text-right tabular-nums">{format.number(v.wait, 2)}</td>
              <td className="text-right tabular-nums">
                {v.assumed ? t("visit.assumed") : format.money(v.value, currency, true)}
              </td>
              <td className="text-right font-semibold tabular-nums">{format.number(v.delay, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
