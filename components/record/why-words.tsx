"use client";
import { createContext, useContext } from "react";
import { useTranslations } from "use-intl";
import type { Evaluated } from "@/server/engine/events.ts";
import type { Plain } from "@/server/engine/model.ts";
import type { Who, WhyView } from "@/server/inbox/read-why.ts";
import { useFormat } from "../ui/locale.tsx";
import { fieldText } from "./field-text.ts";

type Money = { currency: string; decimals: number };
/** What the parts of an explanation share: names of fields, the record's currency, and what a click on an event does. */
export const WhyWords = createContext<{ fields: WhyView["fields"]; money: Money; onFollow: () => void }>({
  fields: {},
  money: { currency: "USD", decimals: 2 },
  onFollow: () => {},
});

/** Names, values and people in the reader's words. */
export function useWhyWords() {
  const { fields, money } = useContext(WhyWords);
  const t = useTranslations("record");
  const w = useTranslations("why");
  const format = useFormat();
  const label = (path: string) => fields[path]?.label ?? path.replaceAll(/[._]/g, " ");
  return {
    label,
    value(path: string, value: Plain): string {
      if (value === null || value === "") return w("empty");
      if (typeof value === "object" && !Array.isArray(value)) return JSON.stringify(value);
      const field = fields[path] ?? { type: "text", options: null };
      return fieldText({ ...field, value }, format, { yes: t("yes"), no: t("no") }, money);
    },
    who: ({ kind, name }: Who): string => name ?? (t.has(`actor.${kind}`) ? t(`actor.${kind}`) : kind),
  };
}

/** The number of the event a sentence stands on; it leads to it in the history. */
export function EventLink({ seq }: { seq: number | null }) {
  const { onFollow } = useContext(WhyWords);
  const w = useTranslations("why");
  if (seq === null) return null;
  return (
    <a
      href={`#event-${seq}`}
      onClick={onFollow}
      aria-label={w("toEvent", { n: seq })}
      className="ml-1 text-xs text-accent-text tabular-nums underline underline-offset-2"
    >
      {`#${seq}`}
    </a>
  );
}

/** A condition as it was looked at: what it read by name, and its text. */
export function Seen({ seen }: { seen: Evaluated }) {
  const w = useTranslations("why");
  const { label, value } = useWhyWords();
  const read = Object.entries(seen.inputs);
  return (
    <p className="text-xs break-words text-ink-2">
      {read.length > 0 && `${read.map(([path, v]) => `${label(path)}: ${value(path, v)}`).join(" · ")} – `}
      <code className="font-mono text-ink-3">{seen.text}</code>
      {` → ${seen.error ?? (seen.result === true ? w("true") : seen.result === false ? w("false") : String(seen.result))}`}
    </p>
  );
}
