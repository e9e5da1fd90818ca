"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { parse } from "@/server/engine/expression/parse.ts";
import type { NamedField } from "../choices.tsx";
import { quoted, splitValues, unquoted } from "../condition.ts";

const box = "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2 text-xs text-ink";

/** What a field is compared with: by its kind where the value is one of that kind, else as FEEL. */
export function RuleValue({
  field,
  operator,
  value,
  onChange,
}: {
  field: NamedField | undefined;
  operator: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const t = useTranslations("editor");
  if (operator === "between") {
    const [low = "", high = ""] = splitValues(value);
    return (
      <div className="col-start-1 grid grid-cols-2 gap-1">
        <One
          field={field}
          value={low}
          label={t("condition.low")}
          onChange={(v) => onChange(`${v || "0"}, ${high || "0"}`)}
        />
        <One
          field={field}
          value={high}
          label={t("condition.high")}
          onChange={(v) => onChange(`${low || "0"}, ${v || "0"}`)}
        />
      </div>
    );
  }
  if (operator === "in" || operator === "notIn") return <Several field={field} value={value} onChange={onChange} />;
  return (
    <div className="col-start-1">
      <One field={field} value={value} label={t("condition.value")} onChange={onChange} />
    </div>
  );
}

type OneProps = { field: NamedField | undefined; value: string; label: string; onChange: (value: string) => void };

function One({ field, value, label, onChange }: OneProps) {
  const t = useTranslations("editor");
  const text = unquoted(value);
  const choice = (options: [string, string][]) => (
    <select className={box} aria-label={label} value={value} onChange={(e) => onChange(e.target.value)}>
      {options.every(([v]) => v !== value) && <option value={value}>{value}</option>}
      {options.map(([v, said]) => (
        <option key={v} value={v}>
          {said}
        </option>
      ))}
    </select>
  );
  switch (field?.kind) {
    case "choice":
      return choice(field.options.map((o) => [quoted(o.value), o.label]));
    case "boolean":
      return choice([
        ["true", t("condition.true")],
        ["false", t("condition.false")],
      ]);
    case "text":
    case "list":
      if (text !== null)
        return (
          <input className={box} aria-label={label} value={text} onChange={(e) => onChange(quoted(e.target.value))} />
        );
      break;
    case "date": {
      const day = /^date\("(\d{4}-\d\d-\d\d)"\)$|^@"(\d{4}-\d\d-\d\d)"$/.exec(value);
      return (
        <span className="grid gap-1">
          {choice([
            ["today()", t("condition.today")],
            [day ? value : 'date("2026-01-01")', t("condition.day")],
          ])}
          {day && (
            <input
              type="date"
              className={box}
              aria-label={t("condition.day")}
              value={day[1] ?? day[2]}
              onChange={(e) => e.target.value && onChange(`date("${e.target.value}")`)}
            />
          )}
        </span>
      );
    }
    case "number":
      if (value === "" || isNumber(value))
        return <Written value={value} label={label} accept={isNumber} numeric onChange={onChange} />;
      break;
  }
  return <Written value={value} label={label} accept={isExpression} onChange={onChange} />;
}

const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text);
const isExpression = (text: string) => parse(text, "expression").ok;

/** Text that counts only once it is whole: half a number would turn the rules into text under one's fingers. */
function Written({
  value,
  label,
  accept,
  numeric,
  onChange,
}: {
  value: string;
  label: string;
  accept: (text: string) => boolean;
  numeric?: boolean;
  onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  if (value !== shown) {
    setShown(value);
    setText(value);
  }
  return (
    <input
      className={`${box} ${numeric ? "tabular-nums" : "font-mono"}`}
      inputMode={numeric ? "decimal" : "text"}
      aria-label={label}
      aria-invalid={accept(text) ? undefined : true}
      spellCheck={false}
      value={text}
      onChange={(e) => {
        setText(e.target.value);
        if (!accept(e.target.value)) return;
        setShown(e.target.value);
        onChange(e.target.value);
      }}
    />
  );
}

/** Any of several: ticked where the field has a list, else written with commas. */
function Several({
  field,
  value,
  onChange,
}: {
  field: NamedField | undefined;
  value: string;
  onChange: (value: string) => void;
}) {
  const t = useTranslations("editor");
  const parts = splitValues(value);
  if (field?.kind !== "choice")
    return (
      <div className="col-start-1">
        <Written
          value={value}
          label={t("condition.values")}
          accept={(text) => isExpression(`[${text}]`) && text.trim() !== ""}
          onChange={onChange}
        />
      </div>
    );
  const options = [
    ...field.options.map((o) => ({ value: quoted(o.value), label: o.label })),
    ...parts.filter((p) => !field.options.some((o) => quoted(o.value) === p)).map((p) => ({ value: p, label: p })),
  ];
  return (
    <fieldset className="col-start-1 grid gap-0.5" aria-label={t("condition.values")}>
      {options.map((o) => (
        <label key={o.value} className="flex min-h-6 items-center gap-2 text-xs">
          <input
            type="checkbox"
            className="size-4 accent-[var(--accent)]"
            checked={parts.includes(o.value)}
            onChange={(e) =>
              onChange((e.target.checked ? [...parts, o.value] : parts.filter((p) => p !== o.value)).join(", "))
            }
          />
          {o.label}
        </label>
      ))}
    </fieldset>
  );
}
