import Link from "next/link";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { dateOf, fillOf, leadDays } from "./flow-look.ts";
import type { Flow, To } from "./report-screen.tsx";

/** What is in each step at the end of the day under the cursor, in the order of the bands. The names open the visits. */
export function FlowLegend({
  flow,
  nameOf,
  day,
  step,
  to,
}: {
  flow: Flow;
  nameOf: (node: string) => string;
  day: number;
  step: number | null;
  to: To;
}) {
  const t = useTranslations("reports.flow");
  const format = useFormat();
  const total = flow.steps.reduce((sum, { wip }) => sum + wip[day]!, 0);
  return (
    <table className="w-full text-xs tabular-nums">
      <caption className="pb-1 text-left text-sm font-semibold">
        {t(flow.part < 1 && flow.first + day === flow.last ? "soFar" : "endOf", {
          day: format.day(dateOf(flow.first + day)),
        })}
      </caption>
      <thead>
        <tr className="border-b border-line text-right text-2xs text-ink-3 [&>th]:py-1 [&>th]:font-medium [&>th]:whitespace-nowrap">
          <th scope="col" className="text-left">
            {t("column.step")}
          </th>
          <th scope="col" className="px-2">
            {t("inProgress")}
          </th>
          <th scope="col" title={t("little")}>
            {t("lead")}
          </th>
        </tr>
      </thead>
      <tbody>
        {flow.steps.map(({ node, wip, leavesADay }, i) => {
          const lead = leadDays(wip[day]!, leavesADay);
          return (
            <tr key={node} className={cn("text-right", step === i && "bg-accent-soft")}>
              <th scope="row" className="flex gap-2 py-0.5 text-left font-normal">
                <span
                  aria-hidden
                  className="mt-0.5 size-3 shrink-0 rounded-sm border border-line-strong"
                  style={{ backgroundColor: fillOf(i) }}
                />
                {/* The keyboard opens it from the chart, and from the table below. */}
                <Link href={to({ sel: node })} scroll={false} tabIndex={-1} className="hover:underline">
                  {nameOf(node)}
                </Link>
              </th>
              <td className="px-2 font-semibold">{format.number(wip[day]!, 0)}</td>
              <td className="text-ink-2">{lead === null ? "–" : t("about", { n: format.number(lead) })}</td>
            </tr>
          );
        })}
      </tbody>
      <tfoot>
        <tr className="border-t border-line text-right">
          <th scope="row" className="py-1 text-left font-medium">
            {t("total")}
          </th>
          <td className="px-2 font-semibold">{format.number(total, 0)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
