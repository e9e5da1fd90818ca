"use client";
import { useTranslations } from "use-intl";
import { DayList } from "./day-list.tsx";

export type ClosedDay = { date: string; name?: string | undefined };

/** A calendar's own closed days, with a name where they have one. */
export function ClosedDays({ days, onChange }: { days: readonly ClosedDay[]; onChange: (days: ClosedDay[]) => void }) {
  const t = useTranslations("closedDays");
  return (
    <DayList
      days={days}
      words={{
        title: t("title"),
        none: t("none"),
        date: t("date"),
        beside: t("name"),
        add: t("add"),
        remove: (day) => t("remove", { day }),
      }}
      placeholder={t("name")}
      longest={80}
      most={2000}
      read={(date, text) => ({ date, ...(text.trim() && { name: text.trim() }) })}
      onChange={onChange}
    >
      {(one) => one.name && <span className="text-ink-2">{one.name}</span>}
    </DayList>
  );
}
