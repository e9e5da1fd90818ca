"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { weekdays } from "@/server/engine/calendar/calendar-hours.ts";
import type { ProcessCalendar } from "@/server/engine/process.ts";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { CalendarDialog } from "./calendar-dialog.tsx";
import type { PlaceChoices } from "./person-dialog.tsx";
import { Add, List, RowButton, Screen, UsedBy } from "./screen.tsx";

export type Calendars = Awaited<ReturnType<Caller["calendars"]["list"]>>;

/** When work counts. Every revision is kept: clocks that run keep the one they were started under. */
export function CalendarsScreen({
  calendars,
  places,
  zone,
  mayChange,
}: {
  calendars: Calendars;
  places: PlaceChoices;
  /** The workspace's. */
  zone: string;
  mayChange: boolean;
}) {
  const t = useTranslations("settings.calendars");
  const format = useFormat();
  const [editing, setEditing] = useState<Calendars[number] | "new" | null>(null);
  return (
    <Screen
      title={t("title")}
      text={t("text")}
      actions={mayChange && <Add onClick={() => setEditing("new")}>{t("add")}</Add>}
    >
      <List label={t("title")} none={t("none")} items={calendars}>
        {(calendar) => {
          const shown = calendar.revisions.find((one) => one.revision === calendar.current) ?? calendar.revisions[0]!;
          return (
            <li key={calendar.key} className="flex flex-wrap items-start gap-3 p-3">
              <div className="grid min-w-0 flex-1 gap-1 text-sm">
                <p className="flex flex-wrap items-center gap-2">
                  <span className="font-semibold">{calendar.name}</span>
                  <code className="text-xs break-all text-ink-3">{calendar.key}</code>
                  {calendar.current === null && <Status kind="none">{t("later")}</Status>}
                </p>
                <Week definition={shown.definition} />
                <p className="text-ink-2">
                  {[
                    t("zoneIs", { zone: zoneText(shown.definition.zone, zone, t) }),
                    t("holidaysAre", { holidays: holidayText(shown.definition.holidays, places, t) }),
                    ...(shown.definition.closed?.length ? [t("closedOn", { n: shown.definition.closed.length })] : []),
                    ...(shown.definition.holidayRules?.length
                      ? [t("yearlyOn", { n: shown.definition.holidayRules.length })]
                      : []),
                    ...(shown.definition.special?.length
                      ? [t("specialOn", { n: shown.definition.special.length })]
                      : []),
                  ].join(" · ")}
                </p>
                <UsedBy processes={calendar.usedBy} none={t("unused")} />
                <details className="text-xs text-ink-2">
                  <summary className="w-fit cursor-pointer py-1">
                    {t("revisions", { n: calendar.revisions.length })}
                  </summary>
                  <ol className="grid gap-2 border-l-2 border-line pl-3">
                    {calendar.revisions.map((one) => (
                      <li key={one.revision} className="grid gap-0.5">
                        <span className="font-medium text-ink">
                          {t("revision", { n: one.revision, from: format.dateTime(one.validFrom) })}
                          {one.revision === calendar.current && ` – ${t("current")}`}
                        </span>
                        <Week definition={one.definition} />
                      </li>
                    ))}
                  </ol>
                </details>
              </div>
              {mayChange && (
                <RowButton label={t("changeOf", { name: calendar.name })} onClick={() => setEditing(calendar)}>
                  {t("change")}
                </RowButton>
              )}
            </li>
          );
        }}
      </List>
      {editing && (
        <CalendarDialog
          calendar={editing === "new" ? null : editing}
          places={places}
          zone={zone}
          onClose={() => setEditing(null)}
        />
      )}
    </Screen>
  );
}

type T = ReturnType<typeof useTranslations<"settings.calendars">>;
const rules = ["record", "owner", "team"] as const;

function zoneText(zone: string, workspace: string, t: T): string {
  const rule = rules.find((one) => one === zone);
  return rule ? t(`zones.${rule}`) : zone || t("zones.workspace", { zone: workspace });
}

function holidayText(holidays: string, places: PlaceChoices, t: T): string {
  if (holidays === "none" || holidays === "by_country") return t(`holidayRules.${holidays}`);
  return places.holidays.find((one) => one.code === holidays)?.name ?? holidays;
}

/** The hours of a week, days of the same hours together: "Mon–Fri 09:00–12:00, 13:30–17:00". */
function Week({ definition }: { definition: ProcessCalendar }) {
  const t = useTranslations("settings.calendars");
  const hours = (day: (typeof weekdays)[number]) =>
    definition.week[day].map(({ from, to }) => `${from}–${to}`).join(", ");
  const groups: { from: number; to: number; text: string }[] = [];
  weekdays.forEach((day, i) => {
    const text = hours(day);
    const last = groups.at(-1);
    if (!text) return;
    if (last && last.text === text && last.to === i - 1) last.to = i;
    else groups.push({ from: i, to: i, text });
  });
  const name = (i: number) => t(`days.${weekdays[i]!}`);
  return (
    <span className="tabular-nums">
      {groups
        .map(({ from, to, text }) => `${from === to ? name(from) : `${name(from)}–${name(to)}`} ${text}`)
        .join(" · ")}
    </span>
  );
}
