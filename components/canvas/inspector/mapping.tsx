"use client";
import { useId, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import type { Process } from "@/server/engine/process.ts";
import { inputLook } from "../../ui/field.tsx";
import { typeScopeOf, useNamedFields } from "../choices.tsx";
import { FeelInput } from "./feel-input.tsx";
import { Item } from "./part.tsx";

const isName = (text: string) => /^[a-z]\w{0,63}(\.[a-z]\w{0,63})?$/i.test(text);

/** Names, and the expression that each is given: what a called process gets, what is kept of what comes back. */
export function Mapping({
  doc,
  label,
  help,
  add,
  names,
  begin,
  beside,
  value,
  onChange,
}: {
  doc: Process;
  label: string;
  help: string;
  /** What the field for a further name says. */
  add: string;
  /** Names to choose from; any other is right too. */
  names: readonly string[];
  /** The expression that a new name begins with. */
  begin: string;
  /** A name besides, whose content nobody knows beforehand. */
  beside?: string;
  value: unknown;
  onChange: (value: Record<string, string> | undefined, typing: string | null) => void;
}) {
  const t = useTranslations("editor");
  const list = useId();
  const fields = useNamedFields(doc, t("answers"));
  const types = useMemo(
    () => ({ ...typeScopeOf(fields), ...(beside && { [beside]: { "*": { type: "any" as const } } }) }),
    [fields, beside],
  );
  const [name, setName] = useState("");
  const map = (value ?? {}) as Record<string, string>;
  const put = (key: string) => {
    if (!isName(key) || map[key] !== undefined) return;
    onChange({ ...map, [key]: begin }, null);
    setName("");
  };
  return (
    <fieldset className="grid gap-1.5" aria-label={label}>
      <span aria-hidden className="text-xs font-medium text-ink-2">
        {label}
      </span>
      <p className="text-xs text-ink-3">{help}</p>
      {Object.entries(map).map(([key, text]) => (
        <Item
          key={key}
          title={<span className="font-mono">{key}</span>}
          remove={t("flow.removeName", { name: key })}
          onRemove={() => {
            const rest = { ...map };
            delete rest[key];
            onChange(Object.keys(rest).length ? rest : undefined, null);
          }}
        >
          <FeelInput
            label={t("valueOf", { field: key })}
            value={text}
            types={types}
            onChange={(v) => onChange({ ...map, [key]: v }, key)}
          />
        </Item>
      ))}
      <form
        className="flex gap-2"
        onSubmit={(e) => {
          e.preventDefault();
          put(name.trim());
        }}
      >
        <input
          className={`${inputLook} font-mono text-xs`}
          aria-label={add}
          placeholder={add}
          list={list}
          value={name}
          maxLength={130}
          onChange={(e) => setName(e.target.value)}
        />
        <datalist id={list}>
          {names
            .filter((one) => map[one] === undefined)
            .map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
        </datalist>
        <button
          type="submit"
          disabled={!isName(name.trim())}
          className="shrink-0 text-xs font-semibold text-accent-text hover:underline disabled:text-ink-3 disabled:no-underline"
        >
          {t("flow.addName")}
        </button>
      </form>
    </fieldset>
  );
}
