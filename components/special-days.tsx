"use client";
import { Plus } from "lucide-react";
import { useTranslations } from "use-intl";
import { useId, useState } from "react";
import type { ProcessCalendar } from "@/server/engine/process.ts";
import { DayList } from "./day-list.tsx";
import { Button } from "./ui/button.tsx";
import { inputLook } from "./ui/field.tsx";

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
  const id = useId();
  const [date, setDate] = useState("");
  const [text, setText] = useState("");
  const hours = readHours(text);
  function add() {
    if (!date || !hours) return;
    const others = days.filter((one) => one.date !== date);
    onChange([...others, { date, hours }].sort((a, b) => a.date.localeCompare(b.date)));
    setDate("");
    setText("");
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    add();
  };
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-xs font-medium text-ink-2">{t("title")}</legend>
      <DayList
        days={days}
        title={t("title")}
        none={t("none")}
        remove={(day) => t("remove", { day })}
        onChange={onChange}
      >
        {(one) => (
          <span className="text-ink-2 tabular-nums">
            {one.hours.length ? one.hours.map(({ from, to }) => `${from}–${to}`).join(", ") : t("closed")}
          </span>
        )}
      </DayList>
      <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-2">
        <label htmlFor={`${id}-date`} className="sr-only">
          {t("date")}
        </label>
        <input
          id={`${id}-date`}
          type="date"
          value={date}
          min="2000-01-01"
          max="2100-12-31"
          onChange={(e) => setDate(e.target.value)}
          onKeyDown={onKeyDown}
          className={inputLook}
        />
        <label htmlFor={`${id}-hours`} className="sr-only">
          {t("hours")}
        </label>
        <input
          id={`${id}-hours`}
          value={text}
          maxLength={120}
          placeholder="09:00-12:00, 13:00-15:00"
          aria-invalid={hours ? undefined : true}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={onKeyDown}
          className={inputLook}
        />
        <Button
          type="button"
          size="small"
          className="w-fit"
          disabled={!date || !hours || days.length >= 400}
          onClick={add}
        >
          <Plus aria-hidden className="size-4" />
          {t("add")}
        </Button>
      </div>
    </fieldset>
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
