import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import Link from "next/link";
import type { Changes, Report, To } from "./report-screen.tsx";

/** Every publishing with the waits before and after it, in windows of the same length. */
export function ChangesTab({ changes, report, to }: { changes: Changes; report: Report; to: To }) {
  const t = useTranslations("reports.changes");
  const format = useFormat();
  const days = (value: number | null) => (value === null ? t("early") : t("days", { n: format.number(value, 2) }));
  if (changes.length === 0) return <p className="py-6 text-sm text-ink-2">{t("none")}</p>;
  return (
    <ol className="grid gap-3">
      {changes.map((change) => (
        <li key={change.version} className="rounded-lg border border-line bg-surface">
          <div className="px-4 py-2.5">
            <h2 className="text-sm font-semibold">
              {t("title", { version: change.version, when: format.dateTime(change.publishedAt) })}
            </h2>
            <p className="text-sm text-ink-2">{change.note}</p>
            <p className="text-xs text-ink-3">
              {t("window", { days: Math.round(change.window / 86_400_000) })}{" "}
              {[change.version - 1, change.version].map((v, i) => {
                const [from, until] =
                  i === 0
                    ? [change.publishedAt - change.window, change.publishedAt]
                    : [change.publishedAt, report.asOf];
                return (
                  <Link
                    key={v}
                    className="mr-2 underline underline-offset-2"
                    href={to({
                      tab: "bottlenecks",
                      v,
                      from: format.isoDate(from),
                      to: format.isoDate(until),
                    })}
                  >
                    {t("report", { version: v })}
                  </Link>
                );
              })}
            </p>
          </div>
          <div
            className="overflow-x-auto"
            role="region"
            aria-label={t("title", { version: change.version, when: "" })}
            tabIndex={0}
          >
            <table className="w-full text-sm">
              <thead>
                <tr className="border-y border-line bg-sunken text-right text-xs text-ink-3 [&>th]:px-3 [&>th]:py-1.5 [&>th]:font-medium">
                  <th scope="col" className="text-left">
                    {t("step")}
                  </th>
                  <th scope="col">{t("before")}</th>
                  <th scope="col">{t("after")}</th>
                  <th scope="col">{t("change")}</th>
                </tr>
              </thead>
              <tbody>
                {change.steps.map((step) => (
                  <tr
                    key={step.node}
                    className="border-b border-line text-right tabular-nums last:border-0 [&>td]:px-3 [&>td]:py-1.5 [&>td]:whitespace-nowrap"
                  >
                    <th scope="row" className="px-3 py-1.5 text-left font-medium">
                      {report.names[step.node]?.name ?? step.node}
                    </th>
                    {[step.before, step.after].map((side, i) => (
                      <td key={i === 0 ? "before" : "after"} className={cn(side.n < 20 && "text-ink-3")}>
                        {days(side.waitP50)}
                        <span className="block text-2xs text-ink-3">{t("n", { n: side.n })}</span>
                      </td>
                    ))}
                    <td>
                      {step.ratio === null ? (
                        "–"
                      ) : (
                        <span
                          className={cn(
                            "rounded-full px-2 py-0.5 text-xs font-semibold",
                            step.ratio <= 1 ? "bg-info-bg text-info" : "bg-risk-bg text-risk",
                          )}
                        >
                          {`${step.ratio > 1 ? "▲ +" : "▼ −"}${format.percent(Math.abs(step.ratio - 1))}`}
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </li>
      ))}
    </ol>
  );
}
