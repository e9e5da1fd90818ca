"use client";
import { ArrowLeft, ArrowRight, Ban, Clock, Hand } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { type Ref, useImperativeHandle, useRef, useState } from "react";
import { toast } from "sonner";
import type { StepCard } from "@/server/inbox/read-inbox.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Guidance } from "../ui/guidance.tsx";
import { useFormat } from "../ui/locale.tsx";
import { CardActions, type CardAction } from "./card-actions.tsx";
import { FormField } from "./form-field.tsx";
import { PathStrip } from "./path-strip.tsx";
import { RowStatus } from "./queue.tsx";

export type CardHandle = { outcome: (index: number) => void; open: (action: CardAction) => void };
type Card = NonNullable<StepCard>;
type Props = {
  card: Card;
  currency: string;
  ref: Ref<CardHandle>;
  onBack: () => void;
  onChanged: () => void;
  onComplete: (
    id: string,
    outcome: string | null,
    label: string,
    values: Record<string, unknown>,
    checklist: string[],
  ) => Promise<void>;
};

/** One step, ready to act on: what, why now, until when, how, the few fields, the ways to finish, what comes after. */
export function TaskCard({ card, currency, ref, onBack, onChanged, onComplete }: Props) {
  const t = useTranslations("inbox");
  const format = useFormat();
  const client = useTRPCClient();
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [checked, setChecked] = useState<string[]>([]);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [action, setAction] = useState<CardAction | null>(null);
  const form = useRef<HTMLDivElement>(null);
  const fields = card.fields.filter((f) => f.path !== card.outcomeField);

  /** A missing field does not grey the button: pressing it goes there and says why. */
  function finish(index: number) {
    const outcome = card.outcomes[index];
    if (!outcome || !card.open) return;
    const all = {
      ...values,
      ...(card.outcomeField && outcome.value !== null && { [card.outcomeField]: outcome.value }),
    };
    const missing = fields.filter((f) => f.required && !f.readOnly && isBlank(all[f.path] ?? f.value));
    if (missing.length) {
      setErrors(Object.fromEntries(missing.map((f) => [f.path, t("missing", { field: f.label })])));
      form.current
        ?.querySelector<HTMLElement>(
          `[data-path="${missing[0]!.path}"] input, [data-path="${missing[0]!.path}"] select, [data-path="${missing[0]!.path}"] textarea`,
        )
        ?.focus();
      return;
    }
    void onComplete(card.id, outcome.value, outcome.label, all, checked);
  }
  useImperativeHandle(ref, () => ({ outcome: finish, open: setAction }));

  async function send(work: () => Promise<unknown>, said: string) {
    try {
      await work();
      toast(said);
      setAction(null);
      onChanged();
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
  }

  return (
    <article className="mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-3.5 rounded-lg border border-line bg-surface p-3.5 shadow-raised lg:p-5">
      <header className="grid gap-1">
        <button
          type="button"
          onClick={onBack}
          className="flex h-8 w-fit items-center gap-1 text-sm text-ink-2 lg:hidden"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {t("queue")}
        </button>
        <div className="flex items-start gap-3">
          <h2 className="text-xl font-semibold">{card.title}</h2>
          <span className="ml-auto">
            <RowStatus row={card} />
          </span>
        </div>
        <p className="text-sm">
          <Link href={`/records/${card.record.id}`} className="font-semibold text-accent-text hover:underline">
            {card.record.title}
          </Link>
          <span className="text-ink-3">{` · ${card.processName} v${card.version} · ${card.role}`}</span>
        </p>
        <p className="text-sm text-ink-2">
          {[
            card.amount !== null && format.money(card.amount, currency),
            card.valueAtRisk !== null && t("atRisk", { value: format.money(card.valueAtRisk, currency) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </header>

      {card.completedAt !== null ? (
        <p className="rounded-md bg-mute-bg px-3 py-2 text-sm text-mute">
          {t("doneBy", { name: card.completedByName ?? t("system"), when: format.dateTime(card.completedAt) })}
        </p>
      ) : (
        <p className="text-sm text-ink-2">
          {card.mine
            ? t("whyMine", { when: format.ago(card.offeredAt) })
            : card.assigneeName
              ? t("whyOther", { name: card.assigneeName })
              : t("whyQueue", { role: card.role })}
        </p>
      )}
      {card.clocks.map((clock) => (
        <div key={clock.id} className="rounded-md bg-sunken px-3 py-2 text-sm">
          <span className="font-semibold">{clock.name}</span>
          <span className="text-ink-2">
            {" · "}
            {clock.state === "paused"
              ? t("clockPaused")
              : clock.dueAt === null
                ? ""
                : t("clockDue", { when: format.dateTime(clock.dueAt) })}
            {clock.dueAt !== null &&
              clock.state === "in_progress" &&
              card.leftMs !== null &&
              ` · ${card.leftMs >= 0 ? t("left", { time: format.work(card.leftMs) }) : t("late", { time: format.work(card.leftMs) })}`}
          </span>
        </div>
      ))}
      {card.guidance && <Guidance text={card.guidance} />}
      {card.checklist.length > 0 && (
        <fieldset className="grid gap-1">
          <legend className="mb-1 text-xs font-semibold text-ink-2">
            {t("checklist", { done: checked.length, total: card.checklist.length })}
          </legend>
          {card.checklist.map((item) => (
            <label key={item.id} className="flex min-h-6 items-start gap-2 text-sm">
              <input
                type="checkbox"
                className="mt-0.5 size-4 accent-[var(--accent)]"
                checked={checked.includes(item.id)}
                onChange={(e) =>
                  setChecked(e.target.checked ? [...checked, item.id] : checked.filter((c) => c !== item.id))
                }
              />
              {item.text}
            </label>
          ))}
        </fieldset>
      )}
      {fields.length > 0 && (
        <div ref={form} className="grid gap-3 sm:grid-cols-2">
          {fields.map((field) => (
            <div
              key={field.path}
              data-path={field.path}
              className={field.type === "long_text" ? "sm:col-span-2" : undefined}
            >
              <FormField
                field={field}
                value={values[field.path] ?? field.value}
                error={errors[field.path] ?? null}
                onChange={(value) => {
                  setValues({ ...values, [field.path]: value });
                  setErrors(Object.fromEntries(Object.entries(errors).filter(([path]) => path !== field.path)));
                }}
              />
            </div>
          ))}
        </div>
      )}
      {card.open && (
        <div className="sticky bottom-0 -mx-3.5 flex flex-wrap gap-2 bg-surface px-3.5 py-1 lg:static lg:mx-0 lg:px-0">
          {card.outcomes.map((outcome, i) => (
            <Button
              key={outcome.value ?? "done"}
              kind={outcome.primary ? "primary" : "secondary"}
              size="large"
              className="max-lg:h-12 max-lg:flex-1"
              onClick={() => finish(i)}
            >
              {outcome.label}
              <kbd className="hidden rounded-sm border border-current px-1 text-2xs opacity-80 lg:inline">{i + 1}</kbd>
            </Button>
          ))}
        </div>
      )}
      {card.next.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-1 text-sm text-ink-2">
          <ArrowRight aria-hidden className="size-4" />
          {t("after")}
          {card.next.map((n, i) => (
            <span key={n.node}>
              <span className="font-semibold text-ink">{n.name}</span>
              {n.label && ` (${n.label})`}
              {n.role && ` – ${n.role}`}
              {i < card.next.length - 1 && ","}
            </span>
          ))}
        </p>
      )}
      {card.open && (
        <div className="flex flex-wrap gap-1 border-t border-line pt-2">
          {!card.mine && (
            <Button
              kind="quiet"
              onClick={() => void send(() => client.inbox.claim.mutate({ id: card.id }), t("claimed"))}
            >
              {t("claim")}
            </Button>
          )}
          <Button kind="quiet" onClick={() => setAction("snooze")}>
            <Clock aria-hidden className="size-4" />
            {t("snooze")}
          </Button>
          <Button kind="quiet" onClick={() => setAction("handOver")}>
            <Hand aria-hidden className="size-4" />
            {t("handOver")}
          </Button>
          {card.state === "paused" ? (
            <Button
              kind="quiet"
              onClick={() => void send(() => client.inbox.unblock.mutate({ id: card.id }), t("unblocked"))}
            >
              {t("unblock")}
            </Button>
          ) : (
            <Button kind="quiet" onClick={() => setAction("block")}>
              <Ban aria-hidden className="size-4" />
              {t("block")}
            </Button>
          )}
        </div>
      )}
      <PathStrip path={card.path} />
      <CardActions card={card} action={action} onClose={() => setAction(null)} send={send} />
    </article>
  );
}

const isBlank = (value: unknown) => value === null || value === undefined || value === "" || value === "none";
