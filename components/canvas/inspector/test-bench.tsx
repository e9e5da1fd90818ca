"use client";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { compileCalendar } from "@/server/engine/calendar/calendar.ts";
import { hoursOf } from "@/server/engine/calendar/holidays.ts";
import { dueAt, parseTarget } from "@/server/engine/calendar/calendar-target.ts";
import { dayMs, instantOfWall, isZone, wallAt } from "@/server/engine/calendar/zone.ts";
import type { Process, Sla } from "@/server/engine/process.ts";
import { formatter } from "../../ui/format.ts";
import { useFormat } from "../../ui/locale.tsx";

const moments = [
  { day: 1, hour: 9, minute: 0 },
  { day: 3, hour: 14, minute: 0 },
  { day: 5, hour: 16, minute: 30 },
  { day: 6, hour: 11, minute: 0 },
] as const;

/** When a record entering at a chosen time of next week would be due, by the engine's own arithmetic. Holidays of whichever country it is about come on top. */
export function TestBench({ doc, sla }: { doc: Process; sla: Sla }) {
  const t = useTranslations("editor");
  const format = useFormat();
  const [chosen, setChosen] = useState(2);
  const definition = sla.calendar ? doc.calendars[sla.calendar] : undefined;
  const target = parseTarget(sla.target, definition !== undefined);
  // While a zone is being typed it is none; then the reader's own counts.
  const zone = definition && isZone(definition.zone) ? definition.zone : format.zone;
  const compiled = definition ? compileCalendar(hoursOf(definition, definition.holidays), zone) : null;
  const shown = formatter(format.locale, zone, format.now);
  const entered = comingDay(format.now, moments[chosen] ?? moments[2], zone);
  const due = (at: number) => {
    if (!("kind" in target)) return null;
    if (compiled?.ok) return dueAt(compiled.calendar, target, at);
    return target.kind === "open_time" ? at + target.ms : null;
  };
  const end = due(entered);
  return (
    <section aria-label={t("testBench")} className="grid gap-2 rounded-md bg-sunken p-2.5">
      <h3 className="flex items-center gap-1.5 text-xs font-semibold">
        <FlaskConical aria-hidden className="size-3.5" />
        {t("testBench")}
        <span className="ml-auto font-normal text-ink-3">{zone}</span>
      </h3>
      {"kind" in target ? (
        <>
          <label className="grid gap-1 text-xs text-ink-2">
            {t("benchEnters")}
            <select
              className="h-8 rounded-md border border-line-strong bg-surface px-2 text-xs text-ink"
              value={chosen}
              onChange={(e) => setChosen(Number(e.target.value))}
            >
              {moments.map((m, i) => (
                <option key={i} value={i}>
                  {shown.dateTime(comingDay(format.now, m, zone))}
                </option>
              ))}
            </select>
          </label>
          <p className="text-sm">
            {t("benchDue")}
            <strong className="ml-1 font-semibold">{end === null ? t("benchNever") : shown.dateTime(end)}</strong>
          </p>
        </>
      ) : (
        <p className="text-xs text-breach">{target.text}</p>
      )}
    </section>
  );
}

/** The coming day of the week at that time on the calendar's own clock, counted from the given instant. */
function comingDay(
  now: number,
  { day, hour, minute }: { day: number; hour: number; minute: number },
  zone: string,
): number {
  const today = Math.floor(wallAt(zone, now) / dayMs);
  // The first of January 1970 was a Thursday.
  const days = (day - ((today + 4) % 7) + 7) % 7 || 7;
  return instantOfWall(zone, (today + days) * dayMs + (hour * 60 + minute) * 60_000);
}
