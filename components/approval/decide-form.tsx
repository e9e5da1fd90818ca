"use client";
import { Hand } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef, useState, useTransition } from "react";
import { useTranslations } from "use-intl";
import type { DecisionView } from "@/server/inbox/decision-view.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { FormField, shownIn } from "../inbox/form-field.tsx";
import { Button } from "../ui/button.tsx";
import { laterDialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { toast } from "../ui/toast.tsx";

/** Handing it to somebody else is the inbox's own dialog. */
const CardActions = laterDialog(() => import("../inbox/card-actions.tsx").then((m) => m.CardActions));

/** What the step asks to be filled in, why, and the decision itself. Nothing is sent before a button is pressed. */
export function DecideForm({ card, free }: { card: DecisionView["card"]; free: boolean }) {
  const t = useTranslations("decide");
  const a = useTranslations("asked");
  const i = useTranslations("inbox");
  const client = useTRPCClient();
  const router = useRouter();
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [checked, setChecked] = useState<string[]>([]);
  const [comment, setComment] = useState("");
  const [reason, setReason] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [handing, setHanding] = useState(false);
  const [sending, setSending] = useState(false);
  const [refreshing, startRefresh] = useTransition();
  const form = useRef<HTMLElement>(null);
  const busy = sending || refreshing;
  const fields = card.fields.filter((field) => field.path !== card.outcomeField);

  /** The page is drawn anew with what became of it; whatever was refused stays as it was typed. */
  async function send(work: () => Promise<unknown>, said: string, undoable = false) {
    setSending(true);
    setRefusal(null);
    try {
      await work();
      toast(said, undoable ? { action: { label: i("undo"), onClick: () => void undo() } } : undefined);
      setHanding(false);
      startRefresh(() => router.refresh());
    } catch (error) {
      const { code, text, details } = refusalOf(error);
      const list = Array.isArray(details.fields) ? (details.fields as { field: string; text: string }[]) : [];
      setErrors(Object.fromEntries(list.map((one) => [one.field, one.text])));
      setRefusal(text);
      // Somebody was faster: what the page says is old.
      if (code === "CONFLICT" || code === "NOT_FOUND") startRefresh(() => router.refresh());
      else focusFirst(form.current, list[0]?.field);
    } finally {
      setSending(false);
    }
  }

  function decide(outcome: DecisionView["card"]["outcomes"][number]) {
    const all = {
      ...values,
      ...(card.outcomeField && outcome.value !== null && { [card.outcomeField]: outcome.value }),
    };
    void send(
      () =>
        client.inbox.complete.mutate({
          id: card.id,
          outcome: outcome.value,
          values: all as never,
          checklist: checked,
          ...(comment.trim() && { comment: comment.trim() }),
          ...(reason && { reason }),
        }),
      t("done", { outcome: outcome.label }),
      true,
    );
  }

  /** As in the inbox, while nothing that came of it has left. By then the page shows the decision. */
  async function undo() {
    try {
      await client.inbox.undo.mutate({ id: card.id });
      toast(i("undone"));
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
    router.refresh();
  }

  return (
    <section ref={form} aria-label={t("decision")} className="grid gap-3 rounded-lg border border-line bg-surface p-4">
      <h2 className="text-sm font-semibold">{t("decision")}</h2>
      {card.checklist.length > 0 && (
        <fieldset className="grid gap-1">
          <legend className="mb-1 text-xs font-semibold text-ink-2">
            {i("checklist", { done: checked.length, total: card.checklist.length })}
          </legend>
          {card.checklist.map((item) => (
            <label key={item.id} className="flex min-h-11 items-center gap-2 text-sm sm:min-h-6">
              <input
                type="checkbox"
                className="size-4 accent-[var(--accent)]"
                checked={checked.includes(item.id)}
                onChange={(e) =>
                  setChecked(e.target.checked ? [...checked, item.id] : checked.filter((one) => one !== item.id))
                }
              />
              {item.text}
            </label>
          ))}
        </fieldset>
      )}
      {fields.length > 0 && (
        <div className="grid gap-3 sm:grid-cols-2">
          {fields.map((field) => (
            <div key={field.path} data-path={field.path}>
              <FormField
                field={field}
                value={shownIn(values, field)}
                error={errors[field.path] ?? null}
                onChange={(value) => setValues({ ...values, [field.path]: value })}
              />
            </div>
          ))}
        </div>
      )}
      {card.asked && card.asked.reasons.length > 0 && (
        <div data-path="reason">
          <Field label={a("reason")} help={a("reasonHelp")} error={errors.reason ?? null}>
            {(ids) => (
              <select {...ids} className={inputLook} value={reason} onChange={(e) => setReason(e.target.value)}>
                <option value="">{a("noReason")}</option>
                {card.asked?.reasons.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
      <div data-path="comment">
        <Field
          label={a("comment")}
          error={errors.comment ?? null}
          help={
            card.asked?.comment.length
              ? a("commentFor", { decisions: card.asked.comment.map((one) => a(`state.${one}`)).join(", ") })
              : null
          }
        >
          {(ids) => (
            <textarea
              {...ids}
              rows={3}
              maxLength={4000}
              className={`${inputLook} h-auto py-1.5`}
              value={comment}
              onChange={(e) => setComment(e.target.value)}
            />
          )}
        </Field>
      </div>
      {refusal && (
        <p role="alert" className="rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">
          {refusal}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {card.outcomes.map((outcome) => (
          <Button
            key={outcome.value ?? "done"}
            kind={outcome.primary ? "primary" : "secondary"}
            size="large"
            className="max-sm:h-12 max-sm:w-full"
            disabled={busy}
            onClick={() => decide(outcome)}
          >
            {outcome.label}
          </Button>
        ))}
      </div>
      <div className="flex flex-wrap gap-2 border-t border-line pt-2">
        {free && (
          <Button
            disabled={busy}
            onClick={() => void send(() => client.inbox.claim.mutate({ id: card.id }), i("claimed"))}
          >
            {i("claim")}
          </Button>
        )}
        <Button kind="quiet" disabled={busy} onClick={() => setHanding(true)}>
          <Hand aria-hidden className="size-4" />
          {t("handOver")}
        </Button>
      </div>
      <CardActions card={card} open={handing} action="handOver" onClose={() => setHanding(false)} send={send} />
    </section>
  );
}

/** To the first thing that is missing, so that it is seen on a phone too. */
function focusFirst(form: HTMLElement | null, path: string | undefined) {
  const places = [...(form?.querySelectorAll<HTMLElement>("[data-path]") ?? [])];
  places
    .find((place) => place.dataset.path === path)
    ?.querySelector<HTMLElement>("input, select, textarea")
    ?.focus();
}
