"use client";
import { FlaskConical } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import {
  compileDecisionTable,
  evaluateDecisionTable,
  fieldsOfAnswer,
  type TableAnswer,
} from "@/server/engine/tables/decision-table.ts";
import { compile, compileUnaryTests, type FeelValue, isContext } from "@/server/engine/expression/index.ts";
import type { DecisionTableDefinition } from "@/server/engine/process.ts";
import { useFormat } from "../../ui/locale.tsx";
import { useSay } from "../../use-say.ts";
import { SamplePicker, saidValue, useSample } from "../sample.tsx";

/** What would come out: of a record that there is, or of values typed in; typed ones win. */
export function useTried(table: DecisionTableDefinition) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const sample = useSample()?.sample ?? null;
  const format = useFormat();
  const reads = useMemo(() => readsOf(table), [table]);
  const given = reads.some((name) => typed[name]?.trim()) || sample !== null;
  const answer = useMemo(() => {
    if (!given) return null;
    const values = new Map<string, FeelValue>();
    for (const name of reads) {
      const result = typed[name]?.trim() ? compile(typed[name]) : null;
      if (result?.ok)
        values.set(
          name,
          result.expression.evaluate({ get: () => undefined, now: format.now, zone: format.zone }).value,
        );
    }
    const compiled = compileDecisionTable("tried", table);
    const scope = {
      now: format.now,
      zone: format.zone,
      get: (name: string): FeelValue | undefined => valueAt(name, values, sample?.scope.get(name)),
    };
    const found = evaluateDecisionTable(compiled, scope);
    return { ...found, fields: fieldsOfAnswer(compiled, found) };
  }, [given, reads, typed, sample, table, format.now, format.zone]);
  return { typed, setTyped, reads, answer };
}
type Tried = ReturnType<typeof useTried>;

/** Typed values laid over what the sample has: `opportunity.amount` over the opportunity. */
function valueAt(
  name: string,
  typed: ReadonlyMap<string, FeelValue>,
  base: FeelValue | undefined,
): FeelValue | undefined {
  if (typed.has(name)) return typed.get(name);
  const own = [...typed].filter(([path]) => path.startsWith(`${name}.`));
  if (own.length === 0) return base;
  const context: { [key: string]: FeelValue } = base != null && isContext(base) ? { ...base } : {};
  for (const [path, value] of own) context[path.slice(name.length + 1)] = value;
  return context;
}

function readsOf(table: DecisionTableDefinition): string[] {
  const reads = new Set<string>();
  for (const text of table.inputs) {
    const result = compile(text);
    for (const name of result.ok ? result.expression.reads : []) reads.add(name);
  }
  for (const { when } of table.rules.slice(0, 200))
    for (const text of when) {
      const result = compileUnaryTests(text);
      for (const name of result.ok ? result.expression.reads : []) reads.add(name);
    }
  return [...reads];
}

export function TableTry({ tried, labels }: { tried: Tried; labels: ReadonlyMap<string, string> }) {
  const t = useTranslations("editor");
  const say = useSay();
  const { typed, setTyped, reads, answer } = tried;
  const sample = useSample()?.sample ?? null;
  const words = { empty: t("table.nothing"), yes: t("condition.true"), no: t("condition.false") };
  return (
    <section aria-label={t("table.try")} className="grid gap-2 rounded-md bg-sunken p-2.5">
      <h3 className="flex flex-wrap items-center gap-1.5 text-xs font-semibold">
        <FlaskConical aria-hidden className="size-3.5" />
        {t("table.try")}
        <span className="ml-auto">
          <SamplePicker />
        </span>
      </h3>
      <div className="flex flex-wrap gap-2">
        {reads.map((name) => (
          <label key={name} className="grid gap-0.5 text-xs text-ink-2">
            {labels.get(name) ?? name}
            <input
              className="h-7 w-40 rounded-md border border-line-strong bg-surface px-2 font-mono text-xs text-ink aria-invalid:border-breach"
              aria-label={t("table.tryValueOf", { name: labels.get(name) ?? name })}
              aria-invalid={typed[name]?.trim() && !compile(typed[name]).ok ? true : undefined}
              placeholder={sample ? shownOf(sample.scope.get(name.split(".")[0]!), name, words) : '"text", 5, true'}
              spellCheck={false}
              value={typed[name] ?? ""}
              onChange={(e) => setTyped({ ...typed, [name]: e.target.value })}
            />
          </label>
        ))}
      </div>
      <p role="status" className="text-xs">
        {answer === null ? t("table.tryHelp") : said(answer)}
      </p>
    </section>
  );

  function said({ rules, error, fields }: TableAnswer & { fields: Record<string, FeelValue> }): string {
    if (error)
      return error.rule === undefined
        ? say(error.text)
        : `${t("table.rule", { n: error.rule + 1 })}: ${say(error.text)}`;
    const outputs = Object.entries(fields)
      .map(([field, value]) => `${labels.get(field) ?? field} = ${saidValue(value, words)}`)
      .join(", ");
    if (rules.length === 0) return outputs ? t("table.defaultsCount", { outputs }) : t("table.noneMatches");
    return t("table.matches", {
      n: rules.length,
      rules: rules.map((r) => r + 1).join(", "),
      outputs: outputs || words.empty,
    });
  }
}

function shownOf(object: FeelValue | undefined, name: string, words: Parameters<typeof saidValue>[1]): string {
  const field = name.slice(name.indexOf(".") + 1);
  if (object === undefined || object === null) return words.empty;
  return saidValue(isContext(object) ? (object[field] ?? null) : object, words);
}
