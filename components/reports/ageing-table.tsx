import Link from "next/link";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { ageKind, forms } from "./ageing-look.ts";
import type { Ageing, To } from "./report-screen.tsx";

/** The dots as a table, the furthest on in their step first. */
export function AgeingTable({ ageing, nameOf, to }: { ageing: Ageing; nameOf: (node: string) => string; to: To }) {
  const t = useTranslations("reports.ageing");
  const words = useTranslations("reports");
  const format = useFormat();
  const steps = new Map(ageing.steps.map((step) => [step.node, step]));
  const days = (n: number | null) => (n === null ? "–" : format.number(n));
  return (
    <div className="rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2.5">
        <h2 className="text-sm font-semibold">{t("table")}</h2>
        <span className="text-xs text-ink-3">{t("shown", { shown: ageing.stays.length, total: ageing.total })}</span>
      </div>
      <div className="max-h-[60vh] overflow-auto" role="region" aria-label={t("table")} tabIndex={0}>
        <table className="w-full text-sm tabular-nums">
          <thead className="sticky top-0 bg-sunken">
            <tr className="border-y border-line text-left text-xs text-ink-3 [&>th]:px-3 [&>th]:py-1.5 [&>th]:font-medium [&>th]:whitespace-nowrap">
              <th scope="col">{t("column.record")}</th>
              <th scope="col" className="text-right">
                {t("column.age")}
              </th>
              <th scope="col" className="text-right">
                {t("column.pace")}
              </th>
              <th scope="col">{t("column.step")}</th>
              <th scope="col">{t("column.owner")}</th>
              <th scope="col">{t("column.entered")}</th>
              <th scope="col" className="text-right">
                {t("column.usual")}
              </th>
            </tr>
          </thead>
          <tbody>
            {ageing.stays.map((stay) => {
              const step = steps.get(stay.node);
              return (
                <tr
                  key={`${stay.runId}${stay.visit}`}
                  className="border-b border-line last:border-0 [&>td]:px-3 [&>td]:py-1.5 [&>td]:whitespace-nowrap"
                >
                  <th scope="row" className="min-w-48 px-3 py-1.5 text-left font-medium">
                    <Link href={`/records/${stay.recordId}`} className="hover:underline">
                      {stay.title}
                    </Link>
                    <span className="flex flex-wrap gap-1.5 font-normal empty:hidden">
                      {stay.breached && <Status kind="breached">{words("visit.breached")}</Status>}
                      {stay.paused && <Status kind="paused">{t("paused")}</Status>}
                    </span>
                  </th>
                  <td className="text-right font-semibold">{days(stay.days)}</td>
                  <td className="text-right">
                    <span className="inline-flex items-center gap-2">
                      {stay.pace === null ? t("tooFew", { n: step?.n ?? 0 }) : format.percent(stay.pace)}
                      <span aria-hidden className={forms[ageKind(stay.pace)]} />
                    </span>
                  </td>
                  <td>
                    <Link href={to({ sel: stay.node })} scroll={false} className="text-ink-2 hover:underline">
                      {nameOf(stay.node)}
                    </Link>
                  </td>
                  <td className="text-ink-2">{stay.owner ?? ""}</td>
                  <td className="text-ink-2">{format.date(stay.enteredAt)}</td>
                  <td className={cn("text-right text-ink-2", (step?.n ?? 0) < 20 && "text-ink-3")}>
                    {`${days(step?.p50 ?? null)} / ${days(step?.p85 ?? null)} / ${days(step?.p95 ?? null)}`}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
