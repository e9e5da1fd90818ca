"use client";
import { useId, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { compile, completions, type TypeScope } from "@/server/engine/expression/index.ts";
import { cn } from "../../ui/cn.ts";
import { inputLook } from "../../ui/field.tsx";
import { useSay } from "../../use-say.ts";
import { SamplePicker, saidValue, useSample } from "../sample.tsx";

/** An expression as text, completed while one writes: fields after a dot, values of a list after a comparison. */
export function FeelInput({
  label,
  value,
  types,
  placeholder,
  onChange,
}: {
  label: string;
  value: string;
  types: TypeScope;
  placeholder?: string;
  onChange: (value: string) => void;
}) {
  const t = useTranslations("editor");
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const [caret, setCaret] = useState(value.length);
  const { from, items } = useMemo(
    () => completions(value, Math.min(caret, value.length), types),
    [value, caret, types],
  );
  const shown = open ? items.slice(0, 8) : [];
  const say = useSay();
  const problem = useMemo(() => {
    if (!value.trim()) return null;
    const result = compile(value, { types });
    return result.ok ? null : say(result.problems[0]?.text ?? "");
  }, [value, types, say]);
  function take(text: string) {
    const end = Math.min(caret, value.length);
    const next = value.slice(0, from) + text + value.slice(end);
    onChange(next);
    const place = from + text.length - (text.endsWith("()") ? 1 : 0);
    setCaret(place);
    setAt(-1);
    setOpen(false);
    requestAnimationFrame(() => input.current?.setSelectionRange(place, place));
  }
  return (
    <div className="relative">
      <input
        ref={input}
        role="combobox"
        aria-label={label}
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        className={`${inputLook} font-mono text-xs`}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onBlur={() => setOpen(false)}
        onSelect={(e) => setCaret(e.currentTarget.selectionStart ?? value.length)}
        onChange={(e) => {
          setCaret(e.target.selectionStart ?? e.target.value.length);
          setOpen(true);
          setAt(-1);
          onChange(e.target.value);
        }}
        onKeyDown={(e) => {
          if (e.nativeEvent.isComposing) return;
          if (e.key === "ArrowDown" && items.length) {
            setOpen(true);
            setAt(Math.min(at + 1, Math.min(items.length, 8) - 1));
          } else if (e.key === "ArrowUp" && shown.length) setAt(Math.max(at - 1, -1));
          else if (e.key === "Enter" && shown[at]) take(shown[at].text);
          else if (e.key === "Escape" && shown.length) setOpen(false);
          else return;
          e.preventDefault();
          e.stopPropagation();
        }}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t("condition.suggestions")}
        className={cn(
          "absolute inset-x-0 top-full z-20 mt-1 rounded-md border border-line bg-surface p-1 shadow-overlay",
          shown.length === 0 && "hidden",
        )}
      >
        {shown.map((item, i) => (
          <div
            key={item.text}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            className={cn(
              "flex cursor-pointer gap-2 rounded-sm px-2 py-1 font-mono text-xs",
              i === at && "bg-accent-soft text-accent-text",
            )}
            onPointerDown={(e) => {
              e.preventDefault();
              take(item.text);
            }}
          >
            <span className="truncate">{item.text}</span>
            <span className="ml-auto text-ink-3">{item.detail}</span>
          </div>
        ))}
      </div>
      {!problem && value.trim() !== "" && <LiveValue text={value} />}
      {problem && (
        <p id={`${id}-problem`} className="mt-1 text-xs text-breach">
          {problem}
        </p>
      )}
    </div>
  );
}

/** What the expression is worth on the sample record, beside the record it was looked at on. */
function LiveValue({ text }: { text: string }) {
  const t = useTranslations("editor");
  const say = useSay();
  const choosing = useSample();
  const sample = choosing?.sample ?? null;
  const result = useMemo(() => {
    const compiled = sample ? compile(text) : null;
    return sample && compiled?.ok ? compiled.expression.evaluate(sample.scope) : null;
  }, [text, sample]);
  if (!choosing) return null;
  const words = { empty: t("table.nothing"), yes: t("condition.true"), no: t("condition.false") };
  return (
    <p className="mt-1 flex flex-wrap items-center gap-1.5 text-xs text-ink-3">
      <SamplePicker />
      {result && (
        <output className={result.value === null && result.error ? "text-risk" : "font-medium text-ink"}>
          {result.value === null && result.error ? say(result.error) : `= ${saidValue(result.value, words)}`}
        </output>
      )}
    </p>
  );
}
