import { Hourglass } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useCallback, useState } from "react";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { Empty } from "../ui/empty.tsx";
import { useFormat } from "../ui/locale.tsx";
import { AgeingChart } from "./ageing-chart.tsx";
import { forms, lines } from "./ageing-look.ts";
import { AgeingTable } from "./ageing-table.tsx";
import { Unread } from "./no-figures.tsx";
import type { Ageing, Report, To, Visits } from "./report-screen.tsx";
import type { ReportState } from "./report-state.ts";
import { VisitTable } from "./visit-table.tsx";

/** What has stood longest, measured by how long what was finished took in the same step. */
export function AgeingTab({
  ageing,
  report,
  visits,
  state,
  to,
}: {
  /** "unread": it could not be read just now. */
  ageing: Ageing | "unread";
  report: Report;
  visits: Visits | null;
  state: ReportState;
  to: To;
}) {
  const t = useTranslations("reports");
  const nameOf = (node: string) => report.names[node]?.name ?? node;
  if (ageing === "unread") return <Unread icon={Hourglass} title={t("ageing.unread")} />;
  if (ageing.stays.length === 0) return <Empty icon={Hourglass} title={t("ageing.none")} text={t("ageing.noneText")} />;
  return (
    <>
      <Figure ageing={ageing} nameOf={nameOf} cal={state.cal} to={to} />
      <AgeingTable ageing={ageing} nameOf={nameOf} to={to} />
      {visits && state.sel && <VisitTable visits={visits} report={report} node={state.sel} to={to} />}
    </>
  );
}

function Figure({
  ageing,
  nameOf,
  cal,
  to,
}: {
  ageing: Ageing;
  nameOf: (node: string) => string;
  cal: ReportState["cal"];
  to: To;
}) {
  const words = useTranslations("reports");
  const t = useTranslations("reports.ageing");
  const format = useFormat();
  const router = useRouter();
  const [looked, setLooked] = useState<number | null>(null);
  // Another filter has other dots.
  const dot = looked !== null && looked < ageing.stays.length ? looked : null;
  const open = useCallback((at: number) => router.push(`/records/${ageing.stays[at]!.recordId}`), [router, ageing]);
  const days = (n: number) => words("tile.days", { n: format.number(n) });
  const said = (at: number) => {
    const { title, node, days: age, pace } = ageing.stays[at]!;
    const named = { title, step: nameOf(node), age: days(age) };
    return pace === null ? t("saidAlone", named) : t("said", { ...named, pace: format.percent(pace) });
  };
  const { finding } = ageing;
  return (
    <figure className="rounded-lg border border-line bg-surface [print-color-adjust:exact]">
      <figcaption className="px-4 pt-2.5">
        <h2 className="text-sm font-semibold">
          {finding?.node
            ? t.rich("finding", {
                step: nameOf(finding.node),
                old: "old" in finding ? finding.old : 0,
                open: finding.open,
                em: (chunks) => <em>{chunks}</em>,
              })
            : t("findingNone", { open: finding?.open ?? 0 })}
        </h2>
        <p className="text-xs text-ink-3">
          {t(cal === "work" ? "measure" : "measureWall", { at: format.dateTime(ageing.at) })}
        </p>
      </figcaption>
      <div className="px-4 py-3">
        <AgeingChart ageing={ageing} nameOf={nameOf} said={said} dot={dot} move={setLooked} open={open} to={to} />
      </div>
      <p className="min-h-9 border-t border-line px-4 py-2 text-sm">
        {dot === null ? (
          <span className="text-xs text-ink-3">{t("hint")}</span>
        ) : (
          <Link href={`/records/${ageing.stays[dot]!.recordId}`} tabIndex={-1} className="hover:underline">
            {said(dot)}
          </Link>
        )}
      </p>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2 text-xs text-ink-2">
        {(["usual", "old", "oldest", "unknown"] as const).map((kind) => (
          <span key={kind} className="flex items-center gap-1.5">
            <span aria-hidden className={forms[kind]} />
            {t(`kind.${kind}`)}
          </span>
        ))}
        {lines.map(({ key, look }) => (
          <span key={key} className="flex items-center gap-1.5">
            <span aria-hidden className={cn("w-5", look)} />
            {t(`line.${key}`)}
          </span>
        ))}
      </p>
      <details className="border-t border-line px-4 py-2 text-xs text-ink-3">
        <summary className="cursor-pointer">{words("howTo")}</summary>
        <p className="max-w-3xl pt-1">{t("how")}</p>
        <p id="ageing-keys" className="max-w-3xl pt-1">
          {t("keys")}
        </p>
      </details>
    </figure>
  );
}
