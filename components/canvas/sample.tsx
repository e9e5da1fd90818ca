"use client";
/** The record that expressions are tried on while one draws: chosen once, seen beside every condition and table. */
import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { type FeelValue, feelFromJson, isContext, type Scope, textOf } from "@/server/engine/expression/index.ts";
import type { Process } from "@/server/engine/process.ts";
import { useTRPCClient } from "../api.tsx";
import { useFormat } from "../ui/locale.tsx";

type Sample = { id: string; title: string; scope: Scope };
type Choosing = { recordType: string; chosen: string | null; sample: Sample | null; choose(id: string | null): void };
const Context = createContext<Choosing | null>(null);

export function SampleProvider({ doc, children }: { doc: Process; children: React.ReactNode }) {
  const client = useTRPCClient();
  const format = useFormat();
  const [chosen, choose] = useState<string | null>(null);
  const { recordType, related, variables } = doc;
  const { data } = useQuery({
    queryKey: ["records.sample", chosen, related],
    queryFn: () => client.records.sample.query({ id: chosen!, related }),
    enabled: chosen !== null,
  });
  const value = useMemo((): Choosing => {
    const read = chosen !== null && data?.id === chosen ? feelFromJson(data.values) : null;
    if (!data || read === null || !isContext(read)) return { recordType, chosen, sample: null, choose };
    // A run's own answers have no value before there is a run, but what they start with.
    const run = feelFromJson(Object.fromEntries(Object.entries(variables).map(([key, v]) => [key, v.default ?? null])));
    const names: { [key: string]: FeelValue } = { ...read, run, step: null };
    return {
      recordType,
      chosen,
      choose,
      sample: {
        id: data.id,
        title: data.title,
        scope: {
          now: format.now,
          zone: format.zone,
          get: (name) => (Object.hasOwn(names, name) ? names[name] : undefined),
        },
      },
    };
  }, [data, chosen, recordType, variables, format.now, format.zone]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

/** Null where nothing can be tried, as outside the editor. */
export const useSample = (): Choosing | null => useContext(Context);

/** Picks the record; the newest of its type stand ready. */
export function SamplePicker() {
  const t = useTranslations("editor.sample");
  const client = useTRPCClient();
  const choosing = useSample();
  const [opened, setOpened] = useState(false);
  const type = choosing?.recordType ?? "";
  const { data } = useQuery({
    queryKey: ["records.list", "sample", type],
    queryFn: () => client.records.list.query({ type, sort: "updatedAt", descending: true, limit: 50 }),
    enabled: choosing !== null && (opened || choosing.chosen !== null),
  });
  if (!choosing) return null;
  return (
    <select
      aria-label={t("label")}
      className="h-7 max-w-56 rounded-md border border-line-strong bg-surface px-1.5 text-xs text-ink-2"
      value={choosing.chosen ?? ""}
      onFocus={() => setOpened(true)}
      onPointerDown={() => setOpened(true)}
      onChange={(e) => choosing.choose(e.target.value || null)}
    >
      <option value="">{opened && !data ? t("loading") : t("none")}</option>
      {data?.rows.map((row) => (
        <option key={row.id} value={row.id}>
          {row.title}
        </option>
      ))}
    </select>
  );
}

/** A value as a person reads it: texts without quotation marks, long ones cut. */
export function saidValue(value: FeelValue, words: { empty: string; yes: string; no: string }): string {
  if (value === null) return words.empty;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  const text = typeof value === "string" ? value : textOf(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
