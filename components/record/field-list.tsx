"use client";
import { Pencil } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { toast } from "../ui/toast.tsx";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { FormField } from "../inbox/form-field.tsx";
import { Button } from "../ui/button.tsx";
import { laterDialog } from "../ui/dialog.tsx";
import { useFormat } from "../ui/locale.tsx";
import { fieldText } from "./field-text.ts";
import { type Typed, useTyped } from "../use-typed.ts";
import type { RecordView } from "./record-screen.tsx";

/** Asked for by a stage that is held. */
const StageDialog = laterDialog(() => import("./stage-dialog.tsx").then((m) => m.StageDialog));

/** Filled fields first; each can be changed where it stands. Derived ones are only read. */
export function FieldList({ record, decimals }: { record: RecordView; decimals: number }) {
  const t = useTranslations("record");
  const format = useFormat();
  const router = useRouter();
  const client = useTRPCClient();
  const [editing, setEditing] = useState<string | null>(null);
  const { typed, type, forget, save } = useTyped();
  const [busy, setBusy] = useState(false);
  const [all, setAll] = useState(false);
  /** The stage that was chosen and not let through. */
  const [stage, setStage] = useState<string | null>(null);
  const filled = record.fields.filter((f) => f.value !== null && f.value !== "" && f.type !== "json");
  const shown = all ? record.fields.filter((f) => f.type !== "json") : filled;
  const text = (field: RecordView["fields"][number]): string =>
    (field.type === "reference" ? field.shown : null) ??
    fieldText(field, format, { yes: t("yes"), no: t("no") }, { currency: record.currency, decimals });
  async function submit(name: string) {
    let [sent, seen] = [{} as Typed, record.version];
    const saving = save(async (values) => {
      sent = values;
      if (!(name in values)) return;
      seen = (await client.records.change.mutate({ id: record.id, values: values as never, seen })).version;
    });
    if (!saving) return;
    setBusy(true);
    try {
      // What was typed since is not saved: it stays open.
      if (!(name in (await saving))) setEditing(null);
      router.refresh();
    } catch (error) {
      const { code, text: said } = refusalOf(error);
      const held = name === record.stageField && (code === "MISSING_FIELDS" || code === "NOT_ALLOWED");
      if (held) setStage(String(sent[name]));
      else toast.error(said);
    } finally {
      setBusy(false);
    }
  }
  /** One at a time: what was typed into another is given up. */
  function edit(name: string | null) {
    setEditing(name);
    forget();
  }
  return (
    <section aria-label={t("fields")} className="rounded-lg border border-line bg-surface p-4">
      <h2 className="mb-2 text-sm font-semibold">{t("fields")}</h2>
      <dl className="grid gap-1.5 text-sm">
        {shown.map((field) => (
          <div key={field.name} className="grid grid-cols-[40%_minmax(0,1fr)_auto] items-start gap-2">
            <dt className="text-ink-3">{field.label}</dt>
            {editing === field.name ? (
              <dd className="col-span-2">
                <form
                  noValidate
                  className="grid gap-2"
                  onSubmit={(e) => {
                    e.preventDefault();
                    void submit(field.name);
                  }}
                >
                  <FormField
                    field={{ ...field, required: false, readOnly: false, help: null, currency: record.currency }}
                    value={field.name in typed ? typed[field.name] : field.value}
                    error={null}
                    onChange={(value) => type(field.name, value)}
                  />
                  <span className="flex gap-1">
                    <Button
                      size="small"
                      kind="primary"
                      type="submit"
                      aria-busy={busy}
                      className={busy ? "opacity-50" : undefined}
                    >
                      {t("save")}
                    </Button>
                    <Button size="small" kind="quiet" disabled={busy} onClick={() => edit(null)}>
                      {t("cancel")}
                    </Button>
                  </span>
                </form>
              </dd>
            ) : (
              <dd className="col-span-2 flex items-start gap-2">
                <span className="min-w-0 flex-1 break-words">{text(field)}</span>
                {!field.derived && field.type !== "reference" && !record.lockedBy && (
                  <button
                    type="button"
                    aria-label={t("change", { field: field.label })}
                    className="grid size-6 place-items-center rounded-sm text-ink-3 hover:bg-sunken"
                    disabled={busy}
                    onClick={() => edit(field.name)}
                  >
                    <Pencil aria-hidden className="size-3" />
                  </button>
                )}
              </dd>
            )}
          </div>
        ))}
      </dl>
      <Button kind="quiet" size="small" className="mt-2" onClick={() => setAll(!all)}>
        {all ? t("filledOnly") : t("allFields", { n: record.fields.length - filled.length })}
      </Button>
      <StageDialog
        record={record}
        to={stage}
        open={stage !== null}
        onClose={() => {
          setStage(null);
          edit(null);
        }}
      />
    </section>
  );
}
