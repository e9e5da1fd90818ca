import Link from "next/link";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import type { Flow, To } from "./report-screen.tsx";

/** Each step over the whole period. The names open the visits. */
export function FlowTable({
  flow,
  nameOf,
  sel,
  to,
}: {
  flow: Flow;
  nameOf: (node: string) => string;
  sel: string | null;
  to: To;
}) {
  const t = useTranslations("reports.flow");
  const format = useFormat();
  const count = (n: number) => (n === 0 ? "–" : format.number(n, 0));
  const share = (n: number | null) => (n === null ? "–" : format.percent(n));
  return (
    <div className="rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2.5">
        <h2 className="text-sm font-semibold">{t("table")}</h2>
        <span className="text-xs text-ink-3">{t("tableCaption")}</span>
      </div>
      <div className="overflow-x-auto" role="region" aria-label={t("table")} tabIndex={0}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-y border-line bg-sunken text-right text-xs text-ink-3 [&>th]:px-2 [&>th]:py-1.5 [&>th]:font-medium [&>th]:whitespace-nowrap">
              <th scope="col" className="pl-4! text-left">
                {t("column.step")}
              </th>
              <th scope="col">{t("column.arrivals")}</th>
              <th scope="col">{t("column.completions")}</th>
              <th scope="col">{t("column.skips")}</th>
              <th scope="col">{t("column.cancellations")}</th>
              <th scope="col">{t("column.rework")}</th>
              <th scope="col">{t("column.wip")}</th>
              <th scope="col">{t("column.net")}</th>
              <th scope="col">{t("column.times")}</th>
              <th scope="col">{t("column.touch")}</th>
              <th scope="col" className="pr-4!">
                {t("column.blocked")}
              </th>
            </tr>
          </thead>
          <tbody>
            {flow.steps.map((step) => (
              <tr
                key={step.node}
                className={cn(
                  "border-b border-line text-right tabular-nums last:border-0 [&>td]:px-2 [&>td]:py-1.5 [&>td]:whitespace-nowrap",
                  step.completions < 20 && "text-ink-3",
                  sel === step.node && "bg-accent-soft",
                )}
              >
                <th scope="row" className="py-1.5 pr-2 pl-4 text-left font-medium">
                  <Link
                    href={to({ sel: sel === step.node ? null : step.node })}
                    scroll={false}
                    className={cn("hover:underline", step.completions >= 20 && "text-ink")}
                  >
                    {nameOf(step.node)}
                  </Link>
                </th>
                <td>{count(step.arrivals)}</td>
                <td>{count(step.completions)}</td>
                <td>{count(step.skips)}</td>
                <td>{count(step.cancellations)}</td>
                <td>{share(step.rework)}</td>
                <td>{`${format.number(step.wipStart, 0)} → ${format.number(step.wipEnd, 0)}`}</td>
                <td className="font-semibold">
                  {step.net === 0 ? "0" : `${step.net > 0 ? "▲ +" : "▼ −"}${format.number(Math.abs(step.net), 0)}`}
                </td>
                <td>
                  {step.p50 === null || step.p85 === null ? (
                    <span className="text-xs">{t("tooFew", { n: step.completions })}</span>
                  ) : (
                    <>
                      <span className="font-semibold">{format.duration(step.p50)}</span>
                      {` / ${format.duration(step.p85)}`}
                    </>
                  )}
                </td>
                <td>{share(step.touch)}</td>
                <td className="pr-4!">{share(step.blocked)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
