import { Download, Link2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { toast } from "../ui/toast.tsx";
import { Button, buttonLook } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import type { Report, ReportProcess, To } from "./report-screen.tsx";
import { type ReportState, spans } from "./report-state.ts";

/** Process, version, period, weighting and calendar. Everything goes into the address. */
export function FilterBar({
  processes,
  process,
  state,
  report,
  file,
  to,
}: {
  processes: ReportProcess[];
  process: ReportProcess;
  state: ReportState;
  report: Report;
  /** What the tab shows, to keep. */
  file: { name: string; csv: string };
  to: To;
}) {
  const t = useTranslations("reports");
  const { date, isoDate } = useFormat();
  const router = useRouter();
  /** `narrows`: gives way first, so that the bar stays one line on a usual screen. */
  const choice = (
    label: string,
    value: string,
    options: [string, string][],
    choose: (value: string) => string,
    narrows = false,
  ) => (
    <label className={cn("flex items-center gap-1.5 text-xs text-ink-3", narrows && "min-w-0")}>
      <span className="whitespace-nowrap max-lg:sr-only">{label}</span>
      <select
        className={cn(inputLook, "h-8 w-auto max-w-52", narrows && "min-w-28 shrink")}
        value={value}
        onChange={(e) => router.push(choose(e.target.value), { scroll: false })}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  const dated = state.from !== null;
  const shown = {
    from: state.from ?? isoDate(report.from),
    to: state.to ?? isoDate(report.to),
  };
  const day = (key: "from" | "to") => (
    <input
      type="date"
      aria-label={t(key)}
      className={cn(inputLook, "h-8 w-auto")}
      value={shown[key]}
      max={isoDate(report.asOf)}
      onChange={(e) => {
        const next = { ...shown, [key]: e.target.value };
        if (next.from && next.to && next.from <= next.to) router.push(to(next), { scroll: false });
      }}
    />
  );
  return (
    <div
      role="group"
      aria-label={t("filters")}
      className="sticky top-0 z-20 -mx-4 -mt-4 flex flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2 min-[1440px]:flex-nowrap md:-mx-6 md:px-6"
    >
      {choice(
        t("process"),
        process.id,
        processes.map((p) => [p.id, p.name]),
        (id) => `/reports/${id}`,
        true,
      )}
      {choice(
        t("version"),
        state.v ? String(state.v) : "",
        [["", t("allVersions")], ...report.versions.map((v): [string, string] => [String(v.version), `v${v.version}`])],
        (v) => to({ v: v ? Number(v) : null }),
      )}
      {choice(
        t("period"),
        dated ? "dates" : String(state.days),
        [...spans.map((d): [string, string] => [String(d), t("days", { n: d })]), ["dates", t("dates")]],
        (days) => (days === "dates" ? to(shown) : to({ days: Number(days), from: null, to: null })),
      )}
      {dated ? (
        <>
          {day("from")}
          {day("to")}
        </>
      ) : (
        <span className="whitespace-nowrap text-xs text-ink-3 max-xl:hidden">{`${date(report.from)} – ${date(report.to)}`}</span>
      )}
      {choice(
        t("rankBy"),
        state.by,
        [
          ["value", t("byValue")],
          ["time", t("byTime")],
        ],
        (by) => to({ by: by === "time" ? "time" : "value" }),
      )}
      {choice(
        t("calendar"),
        state.cal,
        [
          ["work", t("workTime")],
          ["wall", t("wallTime")],
        ],
        (cal) => to({ cal: cal === "wall" ? "wall" : "work" }),
      )}
      <span className="ml-auto flex gap-1">
        <Button
          kind="quiet"
          aria-label={t("copyLink")}
          title={t("copyLink")}
          onClick={() => void navigator.clipboard.writeText(window.location.href).then(() => toast(t("copied")))}
        >
          <Link2 aria-hidden className="size-4" />
        </Button>
        <a
          className={buttonLook({})}
          href={`data:text/csv;charset=utf-8,${encodeURIComponent(file.csv)}`}
          download={`${file.name}.csv`}
        >
          <Download aria-hidden className="size-4" />
          {t("csv")}
        </a>
      </span>
    </div>
  );
}
