"use client";
import { X } from "lucide-react";
import { useLocale, useTranslations } from "use-intl";
import { holidayCountries } from "@/server/engine/calendar/holidays.ts";
import type { ProcessCalendar } from "@/server/engine/process.ts";
import { type ClosedDay, ClosedDays } from "../../closed-days.tsx";
import { HolidayRules } from "../../holiday-rules.tsx";
import { HolidayUpload } from "../../holiday-upload.tsx";
import { SpecialDays } from "../../special-days.tsx";
import { freeId } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { Choice } from "./choice.tsx";
import { freshCalendar } from "./fresh-calendar.ts";
import { AddButton, Item } from "./part.tsx";
import { without } from "./people-panel.tsx";
import { Text } from "./text-field.tsx";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const isTime = (text: string) => /^([01]\d|2[0-4]):[0-5]\d$/.test(text);

/** Working hours: as many intervals a day as there are, whose zone counts, and which holidays. */
export function CalendarPanel({ editor }: { editor: EditorState }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const countries = new Intl.DisplayNames([useLocale()], { type: "region" });
  const put = (key: string, calendar: ProcessCalendar, typing: string | null = null) =>
    run(t("did.calendar"), (d) => ({ ...d, calendars: { ...d.calendars, [key]: calendar } }), typing);
  const uses = (key: string) =>
    Object.values(doc.slas).filter((s) => s.calendar === key).length +
    doc.nodes.filter(
      (n) => n.config.calendar === key || n.boundary?.some((b) => b.kind === "timer" && b.calendar === key),
    ).length;
  return (
    <>
      {Object.entries(doc.calendars).map(([key, calendar]) => (
        <Item
          key={key}
          title={calendar.name ?? key}
          remove={uses(key) ? t("calendarUsed", { n: uses(key) }) : t("removeCalendar", { name: calendar.name ?? key })}
          onRemove={() =>
            uses(key)
              ? editor.say(t("calendarUsed", { n: uses(key) }))
              : run(t("did.calendar"), (d) => ({ ...d, calendars: without(d.calendars, key) }))
          }
        >
          <Text
            label={t("calendarName")}
            value={calendar.name ?? ""}
            onChange={(v) => {
              const { name: _, ...rest } = calendar;
              put(key, v ? { ...rest, name: v } : rest, `calname:${key}`);
            }}
          />
          <Text
            label={t("zone")}
            help={t("zoneHelp")}
            mono
            max={64}
            value={calendar.zone}
            suggestions={[
              "record",
              "owner",
              "team",
              "Asia/Ho_Chi_Minh",
              "Europe/London",
              "Europe/Berlin",
              "America/New_York",
              "UTC",
            ]}
            onChange={(zone) => put(key, { ...calendar, zone }, `zone:${key}`)}
          />
          <fieldset className="grid gap-1" aria-label={t("week")}>
            {days.map((day) => (
              <Day
                key={day}
                day={t(`days.${day}`)}
                intervals={calendar.week[day]}
                onChange={(intervals) =>
                  put(key, { ...calendar, week: { ...calendar.week, [day]: intervals } }, `week:${key}:${day}`)
                }
              />
            ))}
          </fieldset>
          <Choice
            label={t("holidays")}
            value={calendar.holidays}
            options={[
              ["none", t("holiday.none")],
              ["by_country", t("holiday.by_country")],
              ...holidayCountries.map((code) => [code, countries.of(code) ?? code] as const),
            ]}
            onChange={(holidays) => put(key, { ...calendar, holidays })}
          />
          <HolidayRules
            rules={calendar.holidayRules ?? []}
            onChange={(holidayRules) => put(key, withDays(calendar, { holidayRules }))}
          />
          <ClosedDays
            days={calendar.closed ?? []}
            onChange={(closed) => put(key, withDays(calendar, { closed }), `closed:${key}`)}
          />
          <HolidayUpload calendar={calendar} onChange={(taken) => put(key, withDays(calendar, taken))} />
          <SpecialDays
            days={calendar.special ?? []}
            onChange={(special) => put(key, withDays(calendar, { special }))}
          />
        </Item>
      ))}
      <AddButton
        onClick={() =>
          run(t("did.calendar"), (d) => ({
            ...d,
            calendars: {
              ...d.calendars,
              [freeId(Object.keys(d.calendars), "calendar")]: freshCalendar(t("officeHours")),
            },
          }))
        }
      >
        {t("addCalendar")}
      </AddButton>
    </>
  );
}

/** The calendar with other days in it; a list that is empty is none. */
function withDays(
  { closed, holidayRules, special, ...rest }: ProcessCalendar,
  change: {
    closed?: readonly ClosedDay[];
    holidayRules?: ProcessCalendar["holidayRules"];
    special?: ProcessCalendar["special"];
  },
): ProcessCalendar {
  const next = { closed, holidayRules, special, ...change };
  return {
    ...rest,
    ...(next.closed?.length && { closed: next.closed.map((one) => ({ ...one })) }),
    ...(next.holidayRules?.length && { holidayRules: next.holidayRules }),
    ...(next.special?.length && { special: next.special }),
  };
}

type Interval = { from: string; to: string };

function Day({
  day,
  intervals,
  onChange,
}: {
  day: string;
  intervals: readonly Interval[];
  onChange: (intervals: Interval[]) => void;
}) {
  const t = useTranslations("editor");
  const set = (i: number, change: Partial<Interval>) =>
    onChange(intervals.map((one, j) => (j === i ? { ...one, ...change } : one)));
  const time = (label: string, value: string, put: (v: string) => void) => (
    <input
      className="h-7 w-[4.25rem] rounded-md border border-line-strong bg-surface px-1.5 text-xs tabular-nums aria-invalid:border-breach-solid"
      aria-label={label}
      aria-invalid={isTime(value) ? undefined : true}
      value={value}
      maxLength={5}
      onChange={(e) => put(e.target.value)}
    />
  );
  return (
    <div className="grid grid-cols-[3rem_1fr] items-start gap-2">
      <span className="pt-1 text-xs text-ink-2">{day}</span>
      <div className="grid justify-items-start gap-1">
        {intervals.map((one, i) => (
          <span key={i} className="flex items-center gap-1">
            {time(t("opens", { day }), one.from, (from) => set(i, { from }))}
            <span aria-hidden>–</span>
            {time(t("closes", { day }), one.to, (to) => set(i, { to }))}
            <button
              type="button"
              aria-label={t("removeInterval", { day })}
              title={t("removeInterval", { day })}
              className="grid size-6 place-items-center rounded-sm text-ink-3 hover:bg-sunken hover:text-ink"
              onClick={() => onChange(intervals.filter((_, j) => j !== i))}
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </span>
        ))}
        {intervals.length < 12 && (
          <button
            type="button"
            aria-label={t("addInterval", { day })}
            className="h-6 text-xs font-medium text-accent-text hover:underline"
            onClick={() =>
              onChange([
                ...intervals,
                intervals.length ? { from: "13:00", to: "17:00" } : { from: "09:00", to: "17:00" },
              ])
            }
          >
            {intervals.length ? t("anotherInterval") : t("closedAdd")}
          </button>
        )}
      </div>
    </div>
  );
}
