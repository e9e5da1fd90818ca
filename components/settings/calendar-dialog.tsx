"use client";
import { Copy, Plus, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { compileCalendar } from "@/server/engine/calendar/calendar.ts";
import { type Weekday, weekdays } from "@/server/engine/calendar/calendar-hours.ts";
import { hoursOf } from "@/server/engine/calendar/holidays.ts";
import type { ProcessCalendar } from "@/server/engine/process.ts";
import { dayOfDate, startOfDay } from "@/server/engine/calendar/zone.ts";
import { useTRPCClient } from "../api.tsx";
import { type ClosedDay, ClosedDays } from "../closed-days.tsx";
import { HolidayRules } from "../holiday-rules.tsx";
import { HolidayUpload } from "../holiday-upload.tsx";
import { SpecialDays } from "../special-days.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { CalendarPreview } from "./calendar-preview.tsx";
import type { Calendars } from "./calendars-screen.tsx";
import { keyOf } from "./key-of.ts";
import type { PlaceChoices } from "./person-dialog.tsx";
import { useSaving } from "../use-saving.ts";
import { useSay } from "../use-say.ts";

const rules = ["", "record", "owner", "team"];
const fresh: ProcessCalendar = {
  zone: "",
  holidays: "none",
  week: {
    mon: [{ from: "09:00", to: "17:00" }],
    tue: [{ from: "09:00", to: "17:00" }],
    wed: [{ from: "09:00", to: "17:00" }],
    thu: [{ from: "09:00", to: "17:00" }],
    fri: [{ from: "09:00", to: "17:00" }],
    sat: [],
    sun: [],
  },
};

/** A new revision: its hours, zone and holidays, from which day on it counts, and what that means for a task. */
export function CalendarDialog({
  calendar,
  places,
  zone,
  onClose,
}: {
  calendar: Calendars[number] | null;
  places: PlaceChoices;
  zone: string;
  onClose: () => void;
}) {
  const t = useTranslations("settings.calendars");
  const client = useTRPCClient();
  const format = useFormat();
  const say = useSay();
  const newest = calendar?.revisions[0]?.definition ?? fresh;
  const [name, setName] = useState(calendar?.name ?? "");
  const [week, setWeek] = useState(newest.week);
  const [zoneRule, setZoneRule] = useState(rules.includes(newest.zone) ? newest.zone : "fixed");
  const [fixed, setFixed] = useState(rules.includes(newest.zone) ? zone : newest.zone);
  const [holidays, setHolidays] = useState(newest.holidays);
  const [closed, setClosed] = useState<readonly ClosedDay[]>(newest.closed ?? []);
  const [yearly, setYearly] = useState(newest.holidayRules ?? []);
  const [special, setSpecial] = useState(newest.special ?? []);
  const [from, setFrom] = useState("");
  const { busy, made, submit } = useSaving({
    read: () => {
      const key = calendar?.key ?? keyOf(name);
      const day = dayOfDate(from);
      const validFrom = day === null || from <= today ? 0 : startOfDay(counted, day);
      return key && compiled.ok ? { key, name: name.trim(), definition, validFrom } : null;
    },
    send: async (values, before: string | null) => {
      const key = before ?? values.key;
      await client.calendars.save.mutate({ ...values, key, isNew: !calendar && before === null });
      return key;
    },
    said: ({ name: saved }) => t("saved", { name: saved }),
    done: onClose,
  });
  const key = calendar?.key ?? made ?? keyOf(name);
  const definition: ProcessCalendar = {
    ...(newest.name !== undefined && { name: newest.name }),
    zone: zoneRule === "fixed" ? fixed : zoneRule,
    week,
    holidays,
    ...(closed.length && { closed: [...closed] }),
    ...(yearly.length && { holidayRules: yearly }),
    ...(special.length && { special }),
  };
  const counted = zoneRule === "fixed" ? fixed : zone;
  const compiled = compileCalendar(hoursOf(definition, holidays), counted);
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(format.now);
  return (
    <Dialog open onClose={onClose} title={calendar ? t("changeOf", { name: calendar.name }) : t("add")} wide>
      <form onSubmit={submit} className="grid gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("name")} help={key ? t("key", { key }) : null} required>
            {(ids) => (
              <input
                {...ids}
                required
                maxLength={80}
                value={name}
                onChange={(e) => setName(e.target.value)}
                className={inputLook}
              />
            )}
          </Field>
          <Field label={t("from")} help={t("fromHelp")}>
            {(ids) => (
              <input
                {...ids}
                type="date"
                min={today}
                value={from}
                onChange={(e) => setFrom(e.target.value)}
                className={inputLook}
              />
            )}
          </Field>
          <Field label={t("zone")} help={t("zoneHelp")}>
            {(ids) => (
              <select {...ids} value={zoneRule} onChange={(e) => setZoneRule(e.target.value)} className={inputLook}>
                <option value="">{t("zones.workspace", { zone })}</option>
                <option value="record">{t("zones.record")}</option>
                <option value="owner">{t("zones.owner")}</option>
                <option value="team">{t("zones.team")}</option>
                <option value="fixed">{t("zones.fixed")}</option>
              </select>
            )}
          </Field>
          {zoneRule === "fixed" && (
            <Field label={t("fixedZone")}>
              {(ids) => (
                <select {...ids} value={fixed} onChange={(e) => setFixed(e.target.value)} className={inputLook}>
                  {[...new Set([fixed, ...places.zones])].map((one) => (
                    <option key={one}>{one}</option>
                  ))}
                </select>
              )}
            </Field>
          )}
          <Field label={t("holidays")}>
            {(ids) => (
              <select {...ids} value={holidays} onChange={(e) => setHolidays(e.target.value)} className={inputLook}>
                <option value="none">{t("holidayRules.none")}</option>
                <option value="by_country">{t("holidayRules.by_country")}</option>
                {places.holidays.map(({ code, name: country }) => (
                  <option key={code} value={code}>
                    {country}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <WeekEditor week={week} onChange={setWeek} />
        <HolidayRules rules={yearly} onChange={setYearly} />
        <ClosedDays days={closed} onChange={setClosed} />
        <HolidayUpload
          calendar={{ closed: [...closed], holidayRules: yearly }}
          onChange={(taken) => {
            setClosed(taken.closed ?? []);
            setYearly(taken.holidayRules ?? []);
          }}
        />
        <SpecialDays days={special} onChange={setSpecial} />
        {compiled.ok ? (
          <CalendarPreview calendar={compiled.calendar} />
        ) : (
          <ul role="alert" className="grid gap-1 rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">
            {compiled.problems.map((problem) => (
              <li key={problem.text}>{say(problem.text)}</li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap items-center gap-3">
          <SaveButton busy={busy} ready={key !== "" && compiled.ok}>
            {calendar ? t("saveRevision", { n: (calendar.revisions[0]?.revision ?? 0) + 1 }) : t("save")}
          </SaveButton>
          {calendar && <p className="text-sm text-ink-2">{t("keepsOld")}</p>}
        </div>
      </form>
    </Dialog>
  );
}

function WeekEditor({
  week,
  onChange,
}: {
  week: ProcessCalendar["week"];
  onChange: (week: ProcessCalendar["week"]) => void;
}) {
  const t = useTranslations("settings.calendars");
  const set = (day: Weekday, i: number, patch: Partial<{ from: string; to: string }>) =>
    onChange({ ...week, [day]: week[day].map((one, at) => (at === i ? { ...one, ...patch } : one)) });
  const small = "grid size-8 place-items-center rounded-md text-ink-2 hover:bg-sunken";
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-xs font-medium text-ink-2">{t("hours")}</legend>
      {weekdays.map((day) => (
        <div key={day} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-1 last:border-0">
          <span className="w-12 text-sm font-medium">{t(`days.${day}`)}</span>
          {week[day].length === 0 && <span className="text-sm text-ink-3">{t("closed")}</span>}
          {week[day].map((one, i) => (
            <span key={i} className="flex items-center gap-1">
              {(["from", "to"] as const).map((end) => (
                <span key={end} className="flex items-center gap-1">
                  {end === "to" && <span aria-hidden>–</span>}
                  <input
                    aria-label={t(end === "from" ? "opens" : "closes", { day: t(`days.${day}`), n: i + 1 })}
                    value={one[end]}
                    maxLength={5}
                    inputMode="numeric"
                    onChange={(e) => set(day, i, { [end]: e.target.value })}
                    className={cn(inputLook, "w-16 px-1.5 text-center tabular-nums")}
                  />
                </span>
              ))}
              <button
                type="button"
                className={small}
                aria-label={t("removeHours", { day: t(`days.${day}`), n: i + 1 })}
                onClick={() => onChange({ ...week, [day]: week[day].filter((_, at) => at !== i) })}
              >
                <X aria-hidden className="size-4" />
              </button>
            </span>
          ))}
          <span className="ml-auto flex">
            <button
              type="button"
              className={small}
              aria-label={t("addHours", { day: t(`days.${day}`) })}
              title={t("addHours", { day: t(`days.${day}`) })}
              onClick={() => {
                const last = week[day].at(-1);
                const next = last ? { from: last.to, to: "24:00" } : { from: "09:00", to: "17:00" };
                onChange({ ...week, [day]: [...week[day], next] });
              }}
            >
              <Plus aria-hidden className="size-4" />
            </button>
            <button
              type="button"
              className={small}
              aria-label={t("copyDay", { day: t(`days.${day}`) })}
              title={t("copyDay", { day: t(`days.${day}`) })}
              onClick={() =>
                onChange({ ...week, mon: week[day], tue: week[day], wed: week[day], thu: week[day], fri: week[day] })
              }
            >
              <Copy aria-hidden className="size-4" />
            </button>
          </span>
        </div>
      ))}
    </fieldset>
  );
}
