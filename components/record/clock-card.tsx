"use client";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { parseTarget } from "@/server/engine/calendar/read-target.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { ClockBar } from "./clock-bar.tsx";
import { ClockStatus } from "./clock-status.tsx";
import { useEventWords } from "./event-words.ts";
import type { RecordView } from "./record-screen.tsx";

export type Story = RecordView["runs"][number]["clocks"][number];
type CardProps = {
  clock: Story;
  /** Steps by id, fields of the record by key: for the words of events. */
  names: Readonly<Record<string, string>>;
  labels: ReadonlyMap<string, string>;
  recordId: string;
};

/** One clock: when it is due and how it stands; opened, how its time went, every figure, and what made it do what it did. */
export function ClockCard({ clock, names, labels, recordId }: CardProps) {
  const t = useTranslations("clock");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const due = clock.dueAt;
  return (
    <li className="border-t border-line first:border-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full flex-wrap items-center gap-x-2 gap-y-1 rounded-sm py-1.5 text-left text-sm hover:bg-sunken"
      >
        <ChevronRight aria-hidden className={cn("size-3.5 shrink-0 text-ink-3", open && "rotate-90")} />
        <span className="font-medium">{clock.name}</span>
        {clock.cycle > 1 && <span className="text-xs text-ink-3">{t("cycle", { n: clock.cycle })}</span>}
        <span className="order-last w-full pl-5 text-ink-2 empty:hidden md:order-none md:ml-auto md:w-auto md:pl-0">
          {due === null ? (clock.state === "paused" ? t("stands") : "") : t("due", { when: format.dateTime(due) })}
          {due !== null && clock.stoppedAt !== null && clock.state === "completed" && (
            <span className="text-ink-3">
              {` · ${t(clock.stoppedAt <= due ? "early" : "late", { by: format.duration(due - clock.stoppedAt) })}`}
            </span>
          )}
        </span>
        <span className="ml-auto md:ml-0">
          <ClockStatus clock={clock} />
        </span>
      </button>
      {open && (
        <div className="grid gap-3 pb-3 pl-5">
          <ClockBar clock={clock} />
          <Figures clock={clock} />
          <Turns clock={clock} names={names} labels={labels} recordId={recordId} />
        </div>
      )}
    </li>
  );
}

function Figures({ clock }: { clock: Story }) {
  const t = useTranslations("clock");
  const format = useFormat();
  const percent = (n: number) => `${Number(n.toFixed(2)).toLocaleString(format.locale)} %`;
  const targets = useTargetWords();
  const moment = (at: number | null) => (at === null ? "–" : format.dateTime(at));
  /** Business time is told in hours: a day of 24 h would be another thing than a day of work. */
  const work = (ms: number) => format.work(ms);
  const rows: [string, string][] = [
    [t("target"), clock.target === null ? work(clock.targetMs) : targets(clock.target, clock.calendar !== null)],
    [t("business"), `${work(clock.businessMs)} (${percent(clock.businessPercent)})`],
    [t("wall"), `${format.duration(clock.wallMs)} (${percent(clock.wallPercent)})`],
    [
      t("left"),
      clock.leftMs === null ? "–" : clock.leftMs < 0 ? t("late", { by: work(clock.leftMs) }) : work(clock.leftMs),
    ],
    [t("paused"), `${work(clock.pausedBusinessMs)} (${t("wallOf", { time: format.duration(clock.pausedWallMs) })})`],
    [t("started"), moment(clock.startedAt)],
    [t("stopped"), moment(clock.stoppedAt)],
    [t("originalDue"), moment(clock.originalDueAt)],
    [t("currentDue"), moment(clock.dueAt)],
    [t("breached"), moment(clock.breachedAt)],
    [t("calendar"), calendarText(clock, t)],
    [
      t("definition"),
      [
        clock.definition === null ? null : t("version", { n: clock.definition }),
        t("cycle", { n: clock.cycle }),
        clock.revision > 0 ? t("recomputed", { n: clock.revision }) : null,
      ]
        .filter(Boolean)
        .join(" · "),
    ],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-xs sm:grid-cols-[auto_minmax(0,1fr)_auto_minmax(0,1fr)]">
      {rows.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-ink-3">{label}</dt>
          <dd className="tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A target in words: `P10D` in a calendar is ten business days. What is no duration (a field) stays as it is. */
function useTargetWords(): (text: string, hasCalendar: boolean) => string {
  const t = useTranslations("clock");
  const format = useFormat();
  return (text, hasCalendar) => {
    const target = parseTarget(text, hasCalendar);
    if (!("kind" in target)) return text;
    switch (target.kind) {
      case "open_time":
        return format.work(target.ms);
      case "business_days":
        return t("businessDays", { n: target.days });
      case "end_of_business_day":
        return t("endOfDay", { n: target.days });
      case "time_on_business_day":
        return t("timeOnDay", {
          n: target.days,
          time: `${String(Math.floor(target.minute / 60)).padStart(2, "0")}:${String(target.minute % 60).padStart(2, "0")}`,
        });
      default:
        return text;
    }
  };
}

function calendarText({ calendar }: Story, t: ReturnType<typeof useTranslations<"clock">>): string {
  if (!calendar) return t("everyHour");
  const zone = calendar.zone.split("/").at(-1)?.replaceAll("_", " ") ?? calendar.zone;
  const key = calendar.key.split(".").at(-1)?.replaceAll("_", " ") ?? calendar.key;
  return calendar.revision > 0
    ? t("calendarOf", { key, revision: calendar.revision, zone })
    : t("calendarDrawn", { key, zone });
}

/** What it did, in order, each with why and the fact of the history that made it do so. */
function Turns({ clock, names, labels, recordId }: CardProps) {
  const t = useTranslations("clock");
  const format = useFormat();
  const words = useEventWords(names, labels);
  const targets = useTargetWords();
  return (
    <ol aria-label={t("turns", { name: clock.name })} className="grid gap-1.5 border-l-2 border-line pl-3 text-xs">
      {clock.turns.map((turn) => (
        <li key={turn.seq} className="grid gap-0.5">
          <p>
            <span className="text-ink-3 tabular-nums">{format.dateTime(turn.at)}</span>{" "}
            <span className="font-semibold">
              {turn.detail === null
                ? t(`did.${turn.what}`)
                : t(`didMore.${turn.what}`, {
                    detail:
                      turn.what === "ClockStarted" || turn.what === "ClockRetargeted"
                        ? targets(turn.detail, clock.calendar !== null)
                        : turn.detail,
                  })}
            </span>
            {turn.why && ` – ${t(`why.${turn.why.clause}`, { event: words.name(turn.why.event) })}`}
            {turn.quiet && ` – ${t("quiet")}`}
            {turn.cause && (
              <>
                {" · "}
                <a
                  href={`${turn.cause.record && turn.cause.record !== recordId ? `/records/${turn.cause.record}` : ""}#event-${turn.cause.seq}`}
                  className="text-accent-text hover:underline"
                >
                  {`#${turn.cause.seq} ${words.said(turn.cause.type, turn.cause.data)}`}
                </a>
              </>
            )}
          </p>
          <Conditions seen={turn.why?.seen ?? []} labels={labels} />
        </li>
      ))}
    </ol>
  );
}

/** Conditions as they were looked at: the text, what came out, and the values of that moment. */
export function Conditions({
  seen,
  labels,
}: {
  seen: readonly { text: string; result: unknown; inputs: Record<string, unknown> }[];
  labels: ReadonlyMap<string, string>;
}) {
  const t = useTranslations("clock");
  return seen.map((one) => (
    <p key={one.text} className="text-ink-2">
      <code className="font-mono">{one.text}</code>
      {` → ${one.result === true ? t("holds") : t("holdsNot")}`}
      {Object.entries(one.inputs).map(
        ([name, value]) =>
          ` · ${labels.get(name.split(".").at(-1) ?? "") ?? name}: ${value === null ? t("empty") : String(value)}`,
      )}
    </p>
  ));
}
