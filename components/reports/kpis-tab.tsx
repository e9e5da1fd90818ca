import Link from "next/link";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { Status, type StatusKind } from "../ui/status.tsx";
import { useKpiText } from "./kpi-text.ts";
import type { Kpis, To } from "./report-screen.tsx";

const looks: Record<Kpis["list"][number]["state"], StatusKind> = {
  met: "on_track",
  missed: "breached",
  no_target: "info",
  not_measured: "none",
};

/** What the process promised to measure, beside its targets. What is not measured says why. */
export function KpisTab({ kpis, currency, to }: { kpis: Kpis; currency: string; to: To }) {
  const t = useTranslations("kpi");
  const format = useFormat();
  const text = useKpiText(currency);
  if (kpis.list.length === 0) return <p className="py-6 text-sm text-ink-2">{t("none")}</p>;
  return (
    <div className="rounded-lg border border-line bg-surface">
      <p className="px-4 py-2.5 text-xs text-ink-3">
        {t("period", { from: format.date(kpis.from), to: format.date(kpis.to) })}
      </p>
      <div className="overflow-x-auto" role="region" aria-label={t("title")} tabIndex={0}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-y border-line bg-sunken text-left text-xs text-ink-3 [&>th]:px-3 [&>th]:py-1.5 [&>th]:font-medium">
              <th scope="col">{t("name")}</th>
              <th scope="col">{t("step")}</th>
              <th scope="col" className="text-right">
                {t("value")}
              </th>
              <th scope="col" className="text-right">
                {t("target")}
              </th>
              <th scope="col">{t("status")}</th>
              <th scope="col" className="text-right">
                {t("counted")}
              </th>
            </tr>
          </thead>
          <tbody>
            {kpis.list.map((kpi) => (
              <tr
                key={`${kpi.key}/${kpi.node ?? ""}`}
                className={cn(
                  "border-b border-line align-top last:border-0 [&>td]:px-3 [&>td]:py-2",
                  (kpi.few || kpi.value === null) && "text-ink-3",
                )}
              >
                <th scope="row" className="min-w-52 px-3 py-2 text-left font-medium">
                  {kpi.label[format.locale]}
                  <details className="text-xs font-normal text-ink-3">
                    <summary className="cursor-pointer">{kpi.definition[format.locale]}</summary>
                    <code className="font-mono">{kpi.formula}</code>
                  </details>
                </th>
                <td>
                  {kpi.node && (
                    <Link href={to({ tab: "map", sel: kpi.node })} className="text-accent-text hover:underline">
                      {kpis.names[kpi.node] ?? kpi.node}
                    </Link>
                  )}
                </td>
                <td className="text-right font-semibold whitespace-nowrap tabular-nums">
                  {kpi.value === null ? "–" : text.value(kpi.value, kpi.unit)}
                </td>
                <td className="text-right whitespace-nowrap tabular-nums">{text.target(kpi.target, kpi.unit)}</td>
                <td>
                  <Status kind={looks[kpi.state]}>{t(`state.${kpi.state}`)}</Status>
                  {kpi.why && <span className="block text-xs text-ink-3">{t(`why.${kpi.why}`)}</span>}
                </td>
                <td className="text-right tabular-nums">
                  {kpi.value === null ? "" : kpi.n}
                  {kpi.few && <span className="block text-2xs">{t("few")}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
