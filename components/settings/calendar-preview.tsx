"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { type BusinessCalendar, neverDue } from "@/server/engine/calendar/calendar.ts";
import { dueAt, parseTarget } from "@/server/engine/calendar/calendar-target.ts";
import { dayMs, instantOfWall, localDay, weekdayOf } from "@/server/engine/calendar/zone.ts";
import { Field, inputLook } from "../ui/field.tsx";
import { formatter } from "../ui/format.ts";
import { useFormat } from "../ui/locale.tsx";
import { useSay } from "../use-say.ts";

/** "A task of 8 h that starts on Friday at 16:30 is due …", by these hours. */
export function CalendarPreview({ calendar }: { calendar: BusinessCalendar }) {
  const t = useTranslations("settings.calendars.preview");
  const format = useFormat();
  const say = useSay();
  const [target, setTarget] = useState("8h");
  const [start, setStart] = useState(() => friday(calendar.zone, format.now));
  const parsed = parseTarget(target, true);
  const wall = Date.parse(`${start}:00Z`);
  const begun = Number.isNaN(wall) ? null : instantOfWall(calendar.zone, wall);
  const local = formatter(format.locale, calendar.zone, format.now);
  const due = "kind" in parsed && begun !== null ? dueAt(calendar, parsed, begun) : null;
  return (
    <div className="grid gap-3 rounded-md bg-sunken p-3 sm:grid-cols-[1fr_8rem]">
      <Field label={t("start", { zone: calendar.zone })}>
        {(ids) => (
          <input
            {...ids}
            type="datetime-local"
            value={start}
            onChange={(e) => setStart(e.target.value)}
            className={inputLook}
          />
        )}
      </Field>
      <Field label={t("target")}>
        {(ids) => (
          <input
            {...ids}
            value={target}
            onChange={(e) => setTarget(e.target.value)}
            className={inputLook}
            maxLength={32}
          />
        )}
      </Field>
      <p aria-live="polite" className="text-sm sm:col-span-2">
        {"kind" in parsed
          ? due === null || begun === null
            ? t("noStart")
            : due >= neverDue
              ? t("never")
              : t("due", { target: target.trim(), start: local.dateTime(begun), due: local.dateTime(due) })
          : say(parsed.text)}
      </p>
    </div>
  );
}

/** The coming Friday at half past four, as a field of date and time has it. */
function friday(zone: string, now: number): string {
  const today = localDay(zone, now);
  const day = today + ((4 - weekdayOf(today) + 7) % 7);
  return `${new Date(day * dayMs).toISOString().slice(0, 10)}T16:30`;
}
