import { AlertTriangle, ArrowUpRight, Clock3, List } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { buttonLook } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { useSegmentName } from "./dimension.ts";
import type { Report, To } from "./report-screen.tsx";

/** The three steps that cost the most, in sentences; each figure opens what it counts. */
export function StuckList({ report, to }: { report: Report; to: To }) {
  const t = useTranslations("reports");
  const format = useFormat();
  const segmentName = useSegmentName(report.labels);
  const held = report.rows.slice(0, 3).reduce((sum, row) => sum + row.share, 0);
  return (
    <section aria-label={t("stuck")} className="rounded-lg border border-line bg-surface">
      <h2 className="flex flex-wrap items-baseline gap-2 border-b border-line px-4 py-2.5 text-sm font-semibold">
        {t("stuck")}
        {report.insights.length > 0 && (
          <span className="text-xs font-normal text-ink-3">
            {t("held", { n: report.insights.length, share: format.percent(held) })}
          </span>
        )}
      </h2>
      {report.insights.length === 0 && <p className="px-4 py-3 text-sm text-ink-2">{t("nothingStuck")}</p>}
      <ul>
        {report.insights.map((insight, i) => {
          const row = report.rows.find((r) => r.node === insight.node)!;
          const Icon = i === 0 ? AlertTriangle : Clock3;
          return (
            <li key={insight.node} className="flex gap-3 border-b border-line px-4 py-3 last:border-0">
              <span
                className={cn(
                  "grid size-7 shrink-0 place-items-center rounded-md",
                  i === 0 ? "bg-breach-bg text-breach" : "bg-risk-bg text-risk",
                )}
              >
                <Icon aria-hidden className="size-4" />
              </span>
              <div className="grid min-w-0 flex-1 gap-2">
                <p className="text-sm">
                  {t.rich(report.weighting === "value" ? "adds" : "addsTime", {
                    step: report.names[row.node]?.name ?? row.node,
                    days: format.number(row.meanWait),
                    n: insight.records,
                    value: format.money(insight.value, report.currency, true),
                    b: (chunks) => <strong className="font-semibold">{chunks}</strong>,
                    a: (chunks) => (
                      <Link href={to({ sel: row.node })} scroll={false} className="underline underline-offset-2">
                        {chunks}
                      </Link>
                    ),
                  })}
                  {insight.growth &&
                    ` ${t(`growth.${insight.growth.since}.${insight.growth.ratio > 1 ? "grew" : "fell"}`, {
                      by: format.percent(Math.abs(insight.growth.ratio - 1)),
                      version: insight.growth.version ?? 0,
                    })}`}
                  {insight.hint &&
                    ` ${t(`hint.${insight.hint.rule}`, { share: format.percent(insight.hint.figure), n: format.number(insight.hint.figure) })}`}
                </p>
                <div className="flex flex-wrap items-center gap-2">
                  <Link
                    className={buttonLook({ size: "small", kind: i === 0 ? "primary" : "secondary" })}
                    href={to({ sel: row.node })}
                    scroll={false}
                  >
                    <List aria-hidden className="size-3.5" />
                    {t("seeVisits")}
                  </Link>
                  <Link className={buttonLook({ size: "small" })} href={to({ tab: "map", sel: row.node })}>
                    <ArrowUpRight aria-hidden className="size-3.5" />
                    {t("openStep")}
                  </Link>
                  {insight.drivers
                    .filter((driver) => driver.q < 0.25)
                    .slice(0, 2)
                    .map((driver) => (
                      <Link
                        key={driver.dimension + driver.value}
                        href={to({ sel: row.node, seg: { dimension: driver.dimension, value: driver.value } })}
                        scroll={false}
                        className="text-xs text-ink-3 hover:underline"
                      >
                        {t(driver.driver ? "driver" : "associated", {
                          segment: segmentName(driver),
                          delay: format.percent(driver.shareOfDelay),
                          visits: format.percent(driver.shareOfVisits),
                          q: format.number(driver.q, 2),
                        })}
                      </Link>
                    ))}
                  {insight.drivers.length === 0 && !insight.hint && (
                    <span className="text-xs text-ink-3">{t("unexplained")}</span>
                  )}
                </div>
              </div>
            </li>
          );
        })}
        {report.patterns.map((pattern) => (
          <li
            key={pattern.dimension + pattern.value}
            className="flex items-center gap-3 border-t border-line px-4 py-2.5 text-sm"
          >
            <span className="grid size-7 shrink-0 place-items-center rounded-md bg-info-bg text-info">
              <Clock3 aria-hidden className="size-4" />
            </span>
            <p>
              {t.rich("pattern", {
                segment: segmentName(pattern),
                times: format.number(pattern.times),
                n: pattern.n,
                q: format.number(pattern.q, 3),
                a: (chunks) => (
                  <Link
                    href={to({ seg: { dimension: pattern.dimension, value: pattern.value } })}
                    className="font-semibold underline underline-offset-2"
                  >
                    {chunks}
                  </Link>
                ),
              })}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
