import { useState } from "react";
import { useTranslations } from "use-intl";
import { useFormat } from "../ui/locale.tsx";
import { dateOf } from "./flow-look.ts";
import type { Flow } from "./report-screen.tsx";

/** The chart as a table, made when it is asked for: a year of many steps is long. */
export function FlowDays({ flow, nameOf }: { flow: Flow; nameOf: (node: string) => string }) {
  const t = useTranslations("reports.flow");
  const format = useFormat();
  const [shown, setShown] = useState(false);
  return (
    <details className="border-t border-line px-4 py-2 text-xs" onToggle={(e) => setShown(e.currentTarget.open)}>
      <summary className="cursor-pointer text-ink-3">{t("asTable")}</summary>
      {shown && (
        <div className="max-h-[60vh] overflow-auto pt-1" role="region" aria-label={t("asTable")} tabIndex={0}>
          <table className="w-full tabular-nums">
            <caption className="pb-1 text-left text-ink-3">{t("daysCaption")}</caption>
            <thead className="sticky top-0 bg-surface">
              <tr className="border-b border-line text-right text-ink-3 [&>th]:px-2 [&>th]:py-1 [&>th]:font-medium">
                <th scope="col" className="text-left">
                  {t("csv.day")}
                </th>
                {flow.steps.map(({ node }) => (
                  <th key={node} scope="col">
                    {nameOf(node)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {Array.from({ length: flow.last - flow.first + 1 }, (_, i) => (
                <tr key={i} className="border-b border-line text-right last:border-0 [&>td]:px-2 [&>td]:py-0.5">
                  <th scope="row" className="px-2 text-left font-normal whitespace-nowrap">
                    {format.day(dateOf(flow.first + i))}
                  </th>
                  {flow.steps.map((step) => (
                    <td key={step.node} className="whitespace-nowrap">
                      {format.number(step.wip[i]!, 0)}
                      {(step.in[i]! > 0 || step.out[i]! > 0) && (
                        <span className="ml-1 text-2xs text-ink-3">{`+${step.in[i]} −${step.out[i]}`}</span>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
