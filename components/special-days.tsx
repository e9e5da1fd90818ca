"use client";
import { useTranslations } from "use-intl";
import type { ProcessCalendar } from "@/server/engine/process.ts";
import { DayList } from "./day-list.tsx";

type SpecialDay = NonNullable<ProcessCalendar["special"]>[number];

/** Dates with hours of their own, written as `09:00-12:00, 13:00-15:00`; nothing written means closed. */
export function SpecialDays({
  days,
  onChange,
}: {
  days: readonly SpecialDay[];
  onChange: (days: SpecialDay[]) => void;
}) {
  const t = useTranslations("specialDays");
  return (
    <DayList
      days={days}
      words={{
        title: t("title"),
        none: t("none"),
        date: t("date"),
        beside: t("hours"),
        add: t("add"),
        remove: (day) => t("remove", { day }),
      }}
      placeholder="09:00-12:00, 13:00-15:00"
      longest={120}
      most={400}
      read={(date, text) => {
        const hours = readHours(text);
        return hours && { date, hours };
      }}
      onChange={onChange}
    >
      {(one) => (
        <span className="text-ink-2 tabular-nums">
          {one.hours.length ? one.hours.map(({ from, to }) => `${from}–${to}`).join(", ") : t("closed")}
        </span>
      )}
    </DayList>
  );
}

/** Null when it cannot be read; empty text is a closed day. */
function readHours(text: string): SpecialDay["hours"] | null {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  const hours = parts.flatMap((part) => {
    const match = /^(\d{1,2}:[0-5]\d)\s*[-–]\s*(\d{1,2}:[0-5]\d)$/.exec(part);
    return match ? [{ from: match[1]!.padStart(5, "0"), to: match[2]!.padStart(5, "0") }] : [];
  });
  return hours.length === parts.length ? hours : null;
}
