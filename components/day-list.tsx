"use client";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useFormat } from "./ui/locale.tsx";

/** Single days, each with what is said of it and a way to take it off. */
export function DayList<Day extends { date: string }>({
  days,
  title,
  none,
  remove,
  children,
  onChange,
}: {
  days: readonly Day[];
  title: string;
  none: string;
  remove: (day: string) => string;
  children: (day: Day) => ReactNode;
  onChange: (days: Day[]) => void;
}) {
  const format = useFormat();
  if (days.length === 0) return <p className="text-xs text-ink-3">{none}</p>;
  return (
    <ul aria-label={title} className="flex flex-wrap gap-1.5">
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
              aria-label={remove(said)}
              title={remove(said)}
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
