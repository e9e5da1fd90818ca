"use client";
import { Plus, X } from "lucide-react";
import { useLocale, useTranslations } from "use-intl";
import { useState } from "react";
import { weekdays } from "@/server/engine/calendar/calendar-hours.ts";
import type { HolidayRule } from "@/server/engine/process.ts";
import { Button } from "./ui/button.tsx";
import { cn } from "./ui/cn.ts";
import { inputLook } from "./ui/field.tsx";

const kinds = ["date", "weekday", "easter"] as const;
type Kind = (typeof kinds)[number];

/** Holidays of one's own that come every year: by date, by weekday of a month, by Easter. Taken away one by one, added below. */
export function HolidayRules({
  rules,
  onChange,
}: {
  rules: readonly HolidayRule[];
  onChange: (rules: HolidayRule[]) => void;
}) {
  const t = useTranslations("holidayRules");
  const said = useSaid();
  const [kind, setKind] = useState<Kind>("date");
  const [month, setMonth] = useState(12);
  const [day, setDay] = useState(25);
  const [nth, setNth] = useState(1);
  const [weekday, setWeekday] = useState<(typeof weekdays)[number]>("mon");
  const [easter, setEaster] = useState(-2);
  const [observed, setObserved] = useState<"" | "nearest" | "monday">("");
  const [name, setName] = useState("");
  const small = cn(inputLook, "h-8 w-auto py-0 text-xs");
  function add() {
    const named = name.trim() ? { name: name.trim() } : {};
    const rule: HolidayRule =
      kind === "date"
        ? { kind, month, day, ...(observed && { observed }), ...named }
        : kind === "weekday"
          ? { kind, month, weekday, nth, ...named }
          : { kind, days: easter, ...named };
    onChange([...rules, rule]);
    setName("");
  }
  const pick = <T extends string | number>(
    label: string,
    value: T,
    options: readonly (readonly [T, string])[],
    onPick: (value: T) => void,
  ) => (
    <select
      aria-label={label}
      className={small}
      value={value}
      onChange={(e) => onPick(options.find(([one]) => String(one) === e.target.value)?.[0] ?? value)}
    >
      {options.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  );
  const months = Array.from({ length: 12 }, (_, i) => [i + 1, said.month(i + 1)] as const);
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-xs font-medium text-ink-2">{t("title")}</legend>
      {rules.length === 0 && <p className="text-xs text-ink-3">{t("none")}</p>}
      {rules.length > 0 && (
        <ul aria-label={t("title")} className="flex flex-wrap gap-1.5">
          {rules.map((rule, i) => (
            <li
              key={JSON.stringify(rule) + i}
              className="flex items-center gap-1 rounded-md border border-line bg-sunken py-0.5 pr-0.5 pl-2 text-xs"
            >
              <span>{said.rule(rule)}</span>
              {rule.name && <span className="text-ink-2">{rule.name}</span>}
              <button
                type="button"
                aria-label={t("remove", { rule: said.rule(rule) })}
                title={t("remove", { rule: said.rule(rule) })}
                className="grid size-6 place-items-center rounded-sm text-ink-3 hover:bg-surface hover:text-ink"
                onClick={() => onChange(rules.filter((_, j) => j !== i))}
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-1.5">
        {pick(
          t("kind"),
          kind,
          kinds.map((one) => [one, t(`kinds.${one}`)] as const),
          setKind,
        )}
        {kind === "weekday" &&
          pick(
            t("nth"),
            nth,
            ([1, 2, 3, 4, -1] as const).map(
              (one) => [one as number, t(`nths.${one === -1 ? "last" : `n${one}`}`)] as const,
            ),
            setNth,
          )}
        {kind === "weekday" &&
          pick(
            t("weekday"),
            weekday,
            weekdays.map((one) => [one, said.weekday(one)] as const),
            setWeekday,
          )}
        {kind === "date" &&
          pick(
            t("day"),
            day,
            Array.from({ length: 31 }, (_, i) => [i + 1, String(i + 1)] as const),
            setDay,
          )}
        {kind !== "easter" && pick(t("month"), month, months, setMonth)}
        {kind === "easter" && (
          <input
            aria-label={t("easterDays")}
            title={t("easterDays")}
            type="number"
            min={-100}
            max={100}
            value={easter}
            onChange={(e) => setEaster(Math.max(-100, Math.min(100, Math.trunc(Number(e.target.value)) || 0)))}
            className={cn(small, "w-20")}
          />
        )}
        {kind === "date" &&
          pick(
            t("observed"),
            observed,
            (["", "nearest", "monday"] as const).map((one) => [one, t(`observe.${one || "none"}`)] as const),
            setObserved,
          )}
        <input
          aria-label={t("name")}
          placeholder={t("name")}
          value={name}
          maxLength={80}
          onChange={(e) => setName(e.target.value)}
          onKeyDown={(e) => {
            // Enter adds the rule; it must not save the form around it.
            if (e.key !== "Enter" || e.nativeEvent.isComposing) return;
            e.preventDefault();
            add();
          }}
          className={cn(small, "min-w-32 flex-1")}
        />
        <Button type="button" size="small" disabled={rules.length >= 100} onClick={add}>
          <Plus aria-hidden className="size-4" />
          {t("add")}
        </Button>
      </div>
    </fieldset>
  );
}

/** A rule, a month and a weekday in the reader's words. */
function useSaid() {
  const t = useTranslations("holidayRules");
  const locale = useLocale();
  const format = (options: Intl.DateTimeFormatOptions, at: number) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(at);
  const month = (n: number) => format({ month: "long" }, Date.UTC(2026, n - 1, 1));
  // 1 June 2026 is a Monday.
  const weekday = (one: (typeof weekdays)[number]) =>
    format({ weekday: "long" }, Date.UTC(2026, 5, 1 + weekdays.indexOf(one)));
  const rule = (one: HolidayRule): string => {
    switch (one.kind) {
      case "date": {
        const day = format({ day: "numeric", month: "long" }, Date.UTC(2028, one.month - 1, one.day));
        return one.observed ? t("onDateObserved", { day, how: t(`observe.${one.observed}`) }) : t("onDate", { day });
      }
      case "weekday":
        return t("onWeekday", {
          nth:
            one.nth > 0 && one.nth < 5
              ? t(`nths.n${one.nth as 1 | 2 | 3 | 4}`)
              : one.nth === -1
                ? t("nths.last")
                : `${one.nth}.`,
          weekday: weekday(one.weekday),
          month: month(one.month),
        });
      case "easter":
        return one.days === 0
          ? t("onEaster")
          : t(one.days > 0 ? "afterEaster" : "beforeEaster", { n: Math.abs(one.days) });
      default:
        return one satisfies never;
    }
  };
  return { rule, month, weekday };
}
