"use client";
import { AlertCircle } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "../api.tsx";
import { FormField } from "../inbox/form-field.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { useAct } from "../use-act.ts";
import { useTyped } from "../use-typed.ts";
import type { RecordView } from "./record-screen.tsx";

type Part = RecordView["runs"][number]["where"][number]["parts"][number];
type Field = Part["fields"][number];
/** `of`: the computed field that is asked for, where this is one of those it is computed from. */
type Mended = Field & { fix: NonNullable<Field["fix"]>; of: string | null };
type Values = Record<string, unknown>;
/** What was typed into a field. */
type Filled = { field: Mended; value: unknown };

/** What is saved together with what is filled in, and what happens then. */
export type SavedWith = {
  recordId: string;
  seen: number;
  values: Values;
  label: string;
  onSaved: () => void;
  /** Something was saved and something was not: what is shown is old. */
  onRefused: () => void;
};

/** The shortest list of what has to be there before the step can start; what is a field is filled in right here. */
export function Missing({ step, parts, also }: { step: string | null; parts: readonly Part[]; also?: SavedWith }) {
  const t = useTranslations("missing");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const { typed, type, save } = useTyped<Filled>();
  /** What goes along is saved; what was typed meanwhile is not. */
  const [through, setThrough] = useState(false);
  /** Of each record that was saved here, the version that came of it. */
  const versions = useRef(new Map<string, number>());
  const asked = parts.flatMap((part) => part.fields);
  const fields = new Map(
    [...asked.flatMap(sourcesOf), ...asked.flatMap((one) => mended(one))].map((field) => [field.path, field]),
  );
  // What is typed stays until it is saved, also when it is not asked for any more.
  for (const [path, { field }] of Object.entries(typed)) if (!fields.has(path)) fields.set(path, field);
  const changed = Object.keys(typed).length > 0;
  async function submit() {
    let beside = through ? null : (also?.values ?? null);
    async function change(id: string, own: readonly Filled[], more: Values | null, shown: number) {
      const values = { ...Object.fromEntries(own.map(({ field, value }) => [field.fix.name, value])), ...more };
      const looked = own.map(({ field }) => fields.get(field.path)?.fix.version ?? field.fix.version);
      const seen = Math.max(shown, versions.current.get(id) ?? 0, ...looked);
      const { version } = await client.records.change.mutate({ id, values: values as never, seen });
      versions.current.set(id, version);
    }
    const saving = save(async (values, saved) => {
      const records = new Map<string, Filled[]>();
      for (const one of Object.values(values)) {
        const { recordId } = one.field.fix;
        records.set(recordId, [...(records.get(recordId) ?? []), one]);
      }
      const last = (also && records.get(also.recordId)) ?? [];
      if (also) records.delete(also.recordId);
      for (const [id, own] of records) {
        await change(id, own, null, 0);
        saved(Object.fromEntries(own.map((one) => [one.field.path, one])));
      }
      if (!also || !(beside || last.length > 0)) return;
      await change(also.recordId, last, beside, also.seen);
      beside = null;
      setThrough(true);
    });
    if (!saving) return;
    let left = false;
    const ok = await act(async () => {
      left = Object.keys(await saving).length > 0;
    });
    if (!ok) also?.onRefused();
    else if (!left) also?.onSaved();
  }
  return (
    <section aria-label={t("title")} className="rounded-md border border-line">
      <h3 className="flex flex-wrap items-baseline gap-2 border-b border-line px-3 py-2 text-sm font-semibold">
        {t("title")}
        {step !== null && (
          <span className="text-xs font-normal text-ink-3">{t("before", { step, n: parts.length })}</span>
        )}
      </h3>
      <ul>
        {parts.map((part, i) => (
          <li key={i} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 text-sm">
            <AlertCircle aria-hidden className="size-4 shrink-0 text-breach" />
            <span className="min-w-0 flex-1">
              <Said part={part} />
            </span>
          </li>
        ))}
      </ul>
      {through && changed && !busy && (
        <p role="status" className="border-b border-line px-3 py-2 text-sm text-ink-2">
          {t("rest")}
        </p>
      )}
      {(fields.size > 0 || (also && parts.length === 0)) && (
        <form
          className="grid gap-3 p-3 sm:grid-cols-2"
          onSubmit={(e) => {
            e.preventDefault();
            void submit();
          }}
        >
          {[...fields.values()].map((field) => (
            <FormField
              key={field.path}
              field={{
                ...field.fix,
                label: field.label,
                required: field.of === null,
                readOnly: false,
                help: field.of && t("source", { field: field.of }),
              }}
              value={typed[field.path] ? typed[field.path]?.value : field.fix.stored}
              error={null}
              onChange={(value) => type(field.path, { field, value })}
            />
          ))}
          <Button
            kind="primary"
            type="submit"
            className={cn("justify-self-start sm:col-span-2", busy && "opacity-50")}
            // Not switched off while it saves: a form without its button takes no Enter.
            aria-busy={busy}
            disabled={!busy && !also && !changed}
          >
            {also?.label ?? t("save")}
          </Button>
        </form>
      )}
    </section>
  );
}

const mended = (field: Field, of: string | null = null): Mended[] =>
  field.fix ? [{ ...field, fix: field.fix, of }] : [];
const sourcesOf = ({ label, sources }: Field): Mended[] => sources.flatMap((one) => mended(one, label));

function Said({ part }: { part: Part }) {
  const t = useTranslations("missing");
  if (part.words) return part.words;
  const [field] = part.fields;
  const label = field?.label ?? "";
  const now = field?.value ? ` ${t("now", { value: field.value })}` : "";
  switch (part.kind) {
    case "field":
      return t("wants.filled", { field: label });
    case "link":
      return t("link", { field: label });
    case "note":
      return t("note", { field: label, n: part.atLeast ?? 1 }) + now;
    case "record":
      return t("record", { type: part.record ?? "" });
    case "checklist":
      return part.text;
    case "condition":
      return part.wants ? (
        t(`wants.${part.wants.how}`, { field: label, value: part.wants.value ?? "" }) + now
      ) : (
        <>
          {part.fields.map((one) => `${one.label}: ${one.value ?? t("empty")}`).join(" · ")}{" "}
          <code className="font-mono text-xs text-ink-3">{part.text}</code>
        </>
      );
    default:
      return part.kind satisfies never;
  }
}
