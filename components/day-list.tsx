"use client";
import { Plus, X } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "./ui/button.tsx";
import { inputLook } from "./ui/field.tsx";
import { useFormat } from "./ui/locale.tsx";

type Words = {
  title: string;
  none: string;
  date: string;
  /** What is written beside the date. */
  beside: string;
  add: string;
  remove: (day: string) => string;
};

/** Single days in order, each with what is written beside it: taken off one by one, added or written anew by their date. */
export function DayList<Day extends { date: string }>({
  days,
  words,
  placeholder,
  longest,
  most,
  read,
  children,
  onChange,
}: {
  days: readonly Day[];
  words: Words;
  placeholder: string;
  /** Characters beside a date, and days in all. */
  longest: number;
  most: number;
  /** Null while what is written cannot be read. */
  read: (date: string, text: string) => Day | null;
  children: (day: Day) => ReactNode;
  onChange: (days: Day[]) => void;
}) {
  const id = useId();
  const [date, setDate] = useState("");
  const [text, setText] = useState("");
  const day = read(date, text);
  function add() {
    if (!date || !day || days.length >= most) return;
    const others = days.filter((one) => one.date !== date);
    onChange([...others, day].sort((a, b) => a.date.localeCompare(b.date)));
    setDate("");
    setText("");
  }
  // Enter adds the day; it must not save the form around it.
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    add();
  };
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-xs font-medium text-ink-2">{words.title}</legend>
      <Days days={days} words={words} onChange={onChange}>
        {children}
      </Days>
      <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-2">
        <label htmlFor={`${id}-date`} className="sr-only">
          {words.date}
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
        <label htmlFor={`${id}-beside`} className="sr-only">
          {words.beside}
        </label>
        <input
          id={`${id}-beside`}
          value={text}
          maxLength={longest}
          placeholder={placeholder}
          aria-invalid={day ? undefined : true}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={onKeyDown}
          className={inputLook}
        />
        <Button
          type="button"
          size="small"
          className="w-fit"
          disabled={!date || !day || days.length >= most}
          onClick={add}
        >
          <Plus aria-hidden className="size-4" />
          {words.add}
        </Button>
      </div>
    </fieldset>
  );
}

function Days<Day extends { date: string }>({
  days,
  words,
  children,
  onChange,
}: {
  days: readonly Day[];
  words: Words;
  children: (day: Day) => ReactNode;
  onChange: (days: Day[]) => void;
}) {
  const format = useFormat();
  if (days.length === 0) return <p className="text-xs text-ink-3">{words.none}</p>;
  return (
    <ul aria-label={words.title} className="flex flex-wrap gap-1.5">
      {days.map((one) => {
        const said = format.day(one.date);
        return (
          <li
            key={one.date}
            className="flex items-center gap-1 rounded-md border border-line bg-sunken py-0.5 pr-0.5 pl-2 text-xs"
          >
            <span className="tabular-nums">{said}</span>
            {children(one)}
            <button
              type="button"
              aria-label={words.remove(said)}
              title={words.remove(said)}
              className="grid size-6 place-items-center rounded-sm text-ink-3 hover:bg-surface hover:text-ink"
              onClick={() => onChange(days.filter((other) => other.date !== one.date))}
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
