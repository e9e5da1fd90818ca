"use client";
import { useId, useState } from "react";
import { Field, inputLook } from "../../ui/field.tsx";

/** A line or, when long, some lines of text. */
export const Text = ({
  label,
  value,
  onChange,
  long,
  mono,
  help,
  max = 200,
  suggestions,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  long?: boolean;
  mono?: boolean;
  help?: string;
  max?: number;
  /** Names to choose from while writing; any other text is right too. */
  suggestions?: readonly string[];
}) => {
  const list = useId();
  return (
    <Field label={label} help={help ?? null}>
      {(ids) =>
        long ? (
          <textarea
            {...ids}
            className={`${inputLook} h-20 py-2`}
            value={value}
            maxLength={max}
            onChange={(e) => onChange(e.target.value)}
          />
        ) : (
          <>
            <input
              {...ids}
              className={`${inputLook} ${mono ? "font-mono text-xs" : ""}`}
              value={value}
              maxLength={max}
              onChange={(e) => onChange(e.target.value)}
              spellCheck={!mono}
              list={suggestions ? list : undefined}
            />
            {suggestions && (
              <datalist id={list}>
                {suggestions.map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </datalist>
            )}
          </>
        )
      }
    </Field>
  );
};

/**
 * Text of a certain shape (a key, a duration, a number). The document takes it only when it fits; until then it is marked
 * and the reason stands below. Leaving the field puts back what the document holds.
 */
export function Strict({
  label,
  value,
  accept,
  help,
  wrong,
  suggestions,
  onChange,
}: {
  label: string;
  value: string;
  accept: (text: string) => boolean;
  help?: string;
  wrong: string;
  suggestions?: readonly string[];
  onChange: (value: string) => void;
}) {
  const list = useId();
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  if (value !== shown) {
    setShown(value);
    setText(value);
  }
  const fits = text === value || accept(text);
  return (
    <Field label={label} help={help ?? null} error={fits ? null : wrong}>
      {(ids) => (
        <>
          <input
            {...ids}
            className={`${inputLook} font-mono text-xs`}
            spellCheck={false}
            value={text}
            list={suggestions ? list : undefined}
            onBlur={() => !fits && setText(value)}
            onChange={(e) => {
              setText(e.target.value);
              if (!accept(e.target.value)) return;
              setShown(e.target.value);
              onChange(e.target.value);
            }}
          />
          {suggestions && (
            <datalist id={list}>
              {suggestions.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

export const isKey = (text: string) => /^[a-z][a-z0-9_]{0,63}$/i.test(text);
export const isShort = (text: string) => text.length > 0 && text.length <= 32;
