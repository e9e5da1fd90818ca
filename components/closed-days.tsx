"use client";
import { Plus } from "lucide-react";
import { useTranslations } from "use-intl";
import { useId, useState } from "react";
import { DayList } from "./day-list.tsx";
import { Button } from "./ui/button.tsx";
import { inputLook } from "./ui/field.tsx";

export type ClosedDay = { date: string; name?: string | undefined };

/** A calendar's own closed days, in order: taken away one by one, added with a name. A day that is there already gets the new name. */
export function ClosedDays({ days, onChange }: { days: readonly ClosedDay[]; onChange: (days: ClosedDay[]) => void }) {
  const t = useTranslations("closedDays");
  const id = useId();
  const [date, setDate] = useState("");
  const [name, setName] = useState("");
  function add() {
    if (!date) return;
    const others = days.filter((one) => one.date !== date);
    const added = { date, ...(name.trim() && { name: name.trim() }) };
    onChange([...others, added].sort((a, b) => a.date.localeCompare(b.date)));
    setDate("");
    setName("");
  }
  // Enter adds the day; it must not save the form around it.
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
        {(one) => one.name && <span className="text-ink-2">{one.name}</span>}
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
        <label htmlFor={`${id}-name`} className="sr-only">
          {t("name")}
        </label>
        <input
          id={`${id}-name`}
          value={name}
          maxLength={80}
          placeholder={t("name")}
          onChange={(e) => setName(e.target.value)}
          onKeyDown={onKeyDown}
          className={inputLook}
        />
        <Button type="button" size="small" className="w-fit" disabled={!date || days.length >= 2000} onClick={add}>
          <Plus aria-hidden className="size-4" />
          {t("add")}
        </Button>
      </div>
    </fieldset>
  );
}
