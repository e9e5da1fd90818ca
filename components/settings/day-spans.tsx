"use client";
import type { ReactNode } from "react";
import { dayMs, dayOfDate, startOfDay } from "@/server/engine/calendar/zone.ts";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status, type StatusKind } from "../ui/status.tsx";
import { List, RowButton } from "./screen.tsx";

/** A person of whom something can be said for some days; the days are those of their own zone. */
export type Spanned = { id: string; name: string; zone: string };
export type Span = { id: string; name: string; from: number; to: number; reason: string | null; mayChange: boolean };
/** `from` is the first instant of the first day, `to` the first after the last one, as the server keeps them. */
export type NewSpan = { who: Spanned; from: number; to: number; reason: string; data: FormData };
type Words = Record<"title" | "who" | "from" | "to" | "reason" | "add" | "none" | "now" | "end", string>;

/** The days somebody is away or has handed something over: a line to add some, and those that run or come. */
export function DaySpans<S extends Span>({
  words,
  spans,
  people,
  me,
  busy,
  now,
  reasonRequired = false,
  second,
  nameOf = (one) => one.name,
  spanText,
  endText,
  onAdd,
  onEnd,
}: {
  words: Words;
  spans: readonly S[];
  /** For whom this person may say it. */
  people: readonly Spanned[];
  me: string;
  busy: boolean;
  /** How a span that runs now is marked. */
  now: StatusKind;
  reasonRequired?: boolean;
  /** A further field behind the person. */
  second?: ReactNode;
  nameOf?: (span: S) => string;
  spanText: (days: { from: string; to: string }) => string;
  endText: (span: S) => string;
  /** True when it was taken, and the line is to be empty again. */
  onAdd: (span: NewSpan) => Promise<boolean>;
  onEnd: (span: S) => void;
}) {
  const format = useFormat();
  async function submit(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const who = people.find((one) => one.id === text("member"));
    const [first, last] = [dayOfDate(text("from")), dayOfDate(text("to"))];
    if (!who || first === null || last === null) return;
    const [from, to] = [startOfDay(who.zone, first), startOfDay(who.zone, last + 1)];
    if (await onAdd({ who, from, to, reason: text("reason"), data })) form.reset();
  }
  return (
    <>
      <form
        onSubmit={(e) => void submit(e)}
        className={`grid gap-3 rounded-lg border border-line bg-surface p-3 sm:grid-cols-2 lg:items-end ${second ? "lg:grid-cols-3" : "lg:grid-cols-[1fr_auto_auto_1fr_auto]"}`}
      >
        <Field label={words.who} required>
          {(ids) => (
            <select {...ids} name="member" required defaultValue={me} className={inputLook}>
              {people.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {second}
        <Field label={words.from} required>
          {(ids) => <input {...ids} name="from" type="date" required className={inputLook} />}
        </Field>
        <Field label={words.to} required>
          {(ids) => <input {...ids} name="to" type="date" required className={inputLook} />}
        </Field>
        <Field label={words.reason} required={reasonRequired}>
          {(ids) => <input {...ids} name="reason" required={reasonRequired} maxLength={200} className={inputLook} />}
        </Field>
        <Button kind="primary" type="submit" className="h-9" disabled={busy}>
          {words.add}
        </Button>
      </form>
      <List label={words.title} none={words.none} items={spans}>
        {(one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 p-3 text-sm">
            <span className="font-semibold">{nameOf(one)}</span>
            <span className="text-ink-2">
              {spanText({ from: format.date(one.from), to: format.date(one.to - dayMs / 2) })}
            </span>
            {one.from <= format.now && <Status kind={now}>{words.now}</Status>}
            {one.reason && <span className="text-ink-3">{one.reason}</span>}
            {one.mayChange && (
              <div className="ml-auto">
                <RowButton kind="quiet" busy={busy} label={endText(one)} onClick={() => onEnd(one)}>
                  {words.end}
                </RowButton>
              </div>
            )}
          </li>
        )}
      </List>
    </>
  );
}
