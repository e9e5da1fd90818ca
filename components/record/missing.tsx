"use client";
import { AlertCircle } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "../api.tsx";
import { FormField } from "../inbox/form-field.tsx";
import { Button } from "../ui/button.tsx";
import { useAct } from "../use-act.ts";
import type { RecordView } from "./record-screen.tsx";

type Part = RecordView["runs"][number]["where"][number]["parts"][number];
type Field = Part["fields"][number];
/** `of`: the computed field that is asked for, where this is one of those it is computed from. */
type Mended = Field & { fix: NonNullable<Field["fix"]>; of: string | null };

/** What is saved together with what is filled in, and what happens then. */
export type SavedWith = {
  recordId: string;
  seen: number;
  values: Record<string, unknown>;
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
  const [values, setValues] = useState<Record<string, unknown>>({});
  const asked = parts.flatMap((part) => part.fields);
  const fields = [
    ...new Map([...asked.flatMap(sourcesOf), ...asked.flatMap((one) => mended(one))].map((f) => [f.path, f])).values(),
  ];
  const changed = fields.filter(({ path }) => path in values);
  async function save() {
    const records = new Map<string, Mended[]>();
    for (const field of changed) records.set(field.fix.recordId, [...(records.get(field.fix.recordId) ?? []), field]);
    const filled = (own: Mended[]) => Object.fromEntries(own.map(({ fix, path }) => [fix.name, values[path]]));
    const last = also && (records.get(also.recordId) ?? []);
    if (also) records.delete(also.recordId);
    for (const [id, own] of records)
      await client.records.change.mutate({ id, values: filled(own) as never, seen: own[0]!.fix.version });
    if (also && last)
      await client.records.change.mutate({
        id: also.recordId,
        values: { ...filled(last), ...also.values } as never,
        seen: last[0]?.fix.version ?? also.seen,
      });
    setValues({});
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
      {(fields.length > 0 || (also && parts.length === 0)) && (
        <form
          className="grid gap-3 p-3 sm:grid-cols-2"
          onSubmit={(e) => {
            e.preventDefault();
            void act(save).then((ok) => (ok ? also?.onSaved() : also?.onRefused()));
          }}
        >
          {fields.map((field) => (
            <FormField
              key={field.path}
              field={{
                ...field.fix,
                label: field.label,
                required: field.of === null,
                readOnly: false,
                help: field.of && t("source", { field: field.of }),
              }}
              value={field.path in values ? values[field.path] : field.fix.stored}
              error={null}
              onChange={(value) => setValues({ ...values, [field.path]: value })}
            />
          ))}
          <Button
            kind="primary"
            type="submit"
            className="justify-self-start sm:col-span-2"
            disabled={busy || (!also && !changed.length)}
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
