"use client";
import { Upload } from "lucide-react";
import { useTranslations } from "use-intl";
import { useId, useState } from "react";
import { type HolidayList, readHolidayFile } from "@/server/engine/calendar/holiday-file.ts";
import type { ProcessCalendar } from "@/server/engine/process.ts";
import { Button } from "./ui/button.tsx";
import { useSay } from "./use-say.ts";

type Taken = Pick<ProcessCalendar, "closed" | "holidayRules">;

/** Holidays from an .ics file or a JSON list: read here, shown with how many there are, added to what the calendar has. */
export function HolidayUpload({ calendar, onChange }: { calendar: Taken; onChange: (taken: Taken) => void }) {
  const t = useTranslations("holidayFile");
  const say = useSay();
  const id = useId();
  const [lists, setLists] = useState<readonly HolidayList[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  const [done, setDone] = useState<string | null>(null);
  async function read(file: File | undefined) {
    setLists([]);
    setDone(null);
    setWrong(null);
    if (!file) return;
    const result = readHolidayFile(file.size > 4_000_000 ? " ".repeat(2_000_001) : await file.text());
    if (result.ok) setLists(result.lists);
    else setWrong(result.text);
  }
  function take(list: HolidayList) {
    const byDate = new Map([...(calendar.closed ?? []), ...list.days].map((one) => [one.date, one]));
    const known = new Set((calendar.holidayRules ?? []).map((rule) => JSON.stringify({ ...rule, name: undefined })));
    const fresh = list.rules.filter((rule) => !known.has(JSON.stringify({ ...rule, name: undefined })));
    onChange({
      closed: [...byDate.values()].sort((a, b) => a.date.localeCompare(b.date)),
      holidayRules: [...(calendar.holidayRules ?? []), ...fresh],
    });
    setLists([]);
    setDone(t("added", { days: list.days.length, rules: list.rules.length }));
  }
  return (
    <div className="grid gap-1.5">
      <label
        htmlFor={id}
        className="flex h-8 w-fit cursor-pointer items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2.5 text-xs font-semibold hover:bg-sunken has-focus-visible:border-accent-text"
      >
        <Upload aria-hidden className="size-4" />
        {t("choose")}
        <input
          id={id}
          type="file"
          accept=".ics,.ical,.json,text/calendar,application/json"
          className="sr-only"
          onChange={(e) => {
            void read(e.target.files?.[0]);
            e.target.value = "";
          }}
        />
      </label>
      {wrong && (
        <p role="alert" className="text-xs text-breach">
          {say(wrong)}
        </p>
      )}
      {lists.map((list) => (
        <p key={list.name} className="flex flex-wrap items-center gap-2 text-xs">
          <span>
            {[list.name, t("found", { days: list.days.length, rules: list.rules.length })].filter(Boolean).join(": ")}
            {list.skipped > 0 && <span className="text-ink-3"> {t("skipped", { n: list.skipped })}</span>}
          </span>
          <Button type="button" size="small" onClick={() => take(list)}>
            {t("take")}
          </Button>
        </p>
      ))}
      {done && (
        <p aria-live="polite" className="text-xs text-ok">
          {done}
        </p>
      )}
    </div>
  );
}
