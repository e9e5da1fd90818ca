"use client";
import { ArrowLeft, ArrowRight, Ban, CheckSquare, Clock, Hand, Stamp } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { type Ref, useImperativeHandle, useRef, useState } from "react";
import { toast } from "../ui/toast.tsx";
import type { StepCard } from "@/server/inbox/read-card.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { laterDialog } from "../ui/dialog.tsx";
import { Guidance } from "../ui/guidance.tsx";
import { later } from "../ui/later.ts";
import { useFormat } from "../ui/locale.tsx";
import type { CardAction } from "./card-actions.tsx";
import { ClockBand } from "./clock-band.tsx";
import { FormField, shownIn } from "./form-field.tsx";
import { PathStrip } from "./path-strip.tsx";
import { useDraft } from "./use-draft.ts";

const asked = later(() => import("./asked.tsx"));
const CardActions = laterDialog(() => import("./card-actions.tsx").then((m) => m.CardActions));

export type CardHandle = { outcome: (index: number) => void; open: (action: CardAction) => void };
type Card = NonNullable<StepCard>;
/** What somebody has typed and ticked and not handed in. */
export type Typed = { values: Record<string, unknown>; checklist: string[]; says?: Says };
/** Of an approval: why, and which of its reasons. */
export type Says = { comment?: string; reason?: string };
/** Whether a decision still has to be explained; then the place for it has the focus. */
export type Unsaid = ((decision: string | null) => boolean) | null;
type Props = {
  card: Card;
  currency: string;
  ref: Ref<CardHandle>;
  /** What was typed into each task of this visit to the inbox: a refused completion finds it again. */
  typed: Map<string, Typed>;
  /** Its place among the open tasks, from 1; 0 when it is not one of them. */
  place: { at: number; of: number };
  focused: boolean;
  onFocus: () => void;
  onRecord: () => void;
  onBack: () => void;
  onChanged: () => void;
  onComplete: (
    id: string,
    outcome: string | null,
    label: string,
    values: Record<string, unknown>,
    checklist: string[],
    says: Says,
  ) => Promise<void>;
};

/** One step, ready to act on: what, why now, until when, how, the few fields, the ways to finish, what comes after. */
export function TaskCard({
  card,
  currency,
  ref,
  typed,
  place,
  focused,
  onFocus,
  onRecord,
  onBack,
  onChanged,
  onComplete,
}: Props) {
  const t = useTranslations("inbox");
  const format = useFormat();
  const client = useTRPCClient();
  const [values, setValues] = useState<Record<string, unknown>>(() => typed.get(card.id)?.values ?? {});
  const [checked, setChecked] = useState<string[]>(() => typed.get(card.id)?.checklist ?? []);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [action, setAction] = useState<CardAction | null>(null);
  const [finished, setFinished] = useState(false);
  const draft = useDraft(card.id, card.open && card.mine && !finished, values);
  const form = useRef<HTMLDivElement>(null);
  const says = useRef<Says>(typed.get(card.id)?.says ?? {});
  const unsaid = useRef<Unsaid>(null);
  const Asked = asked.use(card.asked !== null)?.Asked;
  const Icon = card.approval ? Stamp : CheckSquare;
  const fields = card.fields.filter((f) => f.path !== card.outcomeField);

  /** A missing field does not grey the button: pressing it goes there and says why. */
  function finish(index: number) {
    const outcome = card.outcomes[index];
    if (!outcome || !card.open) return;
    const all = {
      ...values,
      ...(card.outcomeField && outcome.value !== null && { [card.outcomeField]: outcome.value }),
    };
    const missing = fields.filter((f) => f.required && !f.readOnly && isBlank(shownIn(all, f)));
    if (missing.length) {
      setErrors(Object.fromEntries(missing.map((f) => [f.path, t("missing", { field: f.label })])));
      form.current
        ?.querySelector<HTMLElement>(
          `[data-path="${missing[0]!.path}"] input, [data-path="${missing[0]!.path}"] select, [data-path="${missing[0]!.path}"] textarea`,
        )
        ?.focus();
      return;
    }
    if (unsaid.current?.(outcome.value)) return;
    setFinished(true);
    void onComplete(card.id, outcome.value, outcome.label, all, checked, says.current).finally(() =>
      setFinished(false),
    );
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
          <span className="grid size-9 shrink-0 place-items-center rounded-md bg-accent-soft text-accent-text">
            <Icon aria-hidden className="size-4.5" />
          </span>
          <div className="grid min-w-0 flex-1 gap-0.5">
            <h2 className="text-xl font-semibold">{card.title}</h2>
            <p className="text-sm">
              <Link href={`/records/${card.record.id}`} className="font-semibold text-accent-text hover:underline">
                {card.record.title}
              </Link>
              {card.record.account && <span className="text-ink-2">{` · ${card.record.account}`}</span>}
              <span className="text-ink-3">{` · ${card.processName} v${card.version}`}</span>
            </p>
            <p className="text-sm text-ink-2">
              {[
                card.amount !== null && format.money(card.amount, currency),
                card.valueAtRisk !== null && t("atRisk", { value: format.money(card.valueAtRisk, currency) }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </p>
          </div>
          {place.at > 0 && (
            <span className="hidden pt-1.5 text-xs text-ink-3 sm:inline">
              {t("place", { at: place.at, of: place.of })}
            </span>
          )}
          <Button size="small" className="hidden lg:inline-flex" aria-pressed={focused} onClick={onFocus}>
            {t("focus")}
            <Key>F</Key>
          </Button>
          <Button size="small" className="xl:hidden" onClick={onRecord}>
            {t("record")}
          </Button>
        </div>
      </header>

      {card.completedAt !== null ? (
        <p className="rounded-md bg-mute-bg px-3 py-2 text-sm text-mute">
          {t("doneBy", { name: card.completedByName ?? t("system"), when: format.dateTime(card.completedAt) })}
        </p>
      ) : (
        <WhyNow card={card} currency={currency} />
      )}
      {card.clocks.map((clock) => (
        <ClockBand key={clock.id} clock={clock} />
      ))}
      {card.guidance && <Play text={card.guidance} />}
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
                onChange={(e) => {
                  const now = e.target.checked ? [...checked, item.id] : checked.filter((c) => c !== item.id);
                  typed.set(card.id, { values, checklist: now, says: says.current });
                  setChecked(now);
                }}
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
                value={shownIn(values, field)}
                error={errors[field.path] ?? null}
                onChange={(value) => {
                  const now = { ...values, [field.path]: value };
                  typed.set(card.id, { values: now, checklist: checked, says: says.current });
                  setValues(now);
                  setErrors(Object.fromEntries(Object.entries(errors).filter(([path]) => path !== field.path)));
                }}
              />
            </div>
          ))}
        </div>
      )}
      {card.asked && Asked && (
        <Asked
          asked={card.asked}
          start={typed.get(card.id)?.says ?? {}}
          unsaid={unsaid}
          onSay={(now) => {
            says.current = now;
          }}
          send={send}
        />
      )}
      {card.open && (
        <div className="sticky -bottom-2 z-10 -mx-3.5 flex flex-wrap gap-2 border-t border-line bg-surface px-3.5 py-2 md:bottom-0 lg:static lg:mx-0 lg:border-0 lg:p-0">
          {card.outcomes.map((outcome, i) => (
            <Button
              key={outcome.value ?? "done"}
              kind={outcome.primary ? "primary" : "secondary"}
              size="large"
              className="max-lg:h-12 max-lg:flex-1"
              onClick={() => finish(i)}
            >
              {outcome.label}
              <Key>{i + 1}</Key>
            </Button>
          ))}
        </div>
      )}
      {draft !== "nothing" && (
        <p className={cn("text-xs", draft === "failed" ? "text-breach" : "text-ink-3")} role="status">
          {t(`draft.${draft}`)}
        </p>
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
            <Key>H</Key>
          </Button>
          <Button kind="quiet" onClick={() => setAction("handOver")}>
            <Hand aria-hidden className="size-4" />
            {t("handOver")}
            <Key>U</Key>
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
              <Key>B</Key>
            </Button>
          )}
        </div>
      )}
      <PathStrip path={card.path} />
      <CardActions card={card} open={action !== null} action={action} onClose={() => setAction(null)} send={send} />
    </article>
  );
}

/** Why this one, and how it came here: the reason behind its rank, then what happened last. */
function WhyNow({ card, currency }: { card: Card; currency: string }) {
  const t = useTranslations("inbox");
  const format = useFormat();
  const last = card.activity.find((a) => a.what === "finished");
  const loss = format.money(card.rank.lossPerHour, currency, true);
  const value = card.valueAtRisk === null ? null : format.money(card.valueAtRisk, currency, true);
  const sentences = [
    card.blockedReason
      ? t("blockedBy", { reason: card.blockedReason })
      : card.rank.status === "breached"
        ? value
          ? t("why.breachedWith", { value })
          : t("why.breached")
        : card.rank.lossPerHour > 0
          ? t("why.loss", { loss })
          : t("why.order"),
    last && t("why.after", { step: last.of, when: format.ago(last.at) }),
    card.mine
      ? t("whyMine", { when: format.ago(card.offeredAt) })
      : card.assigneeName
        ? t("whyOther", { name: card.assigneeName })
        : t("whyQueue", { role: card.role }),
  ];
  return (
    <p className="text-sm text-ink-2">
      <span className="font-semibold text-ink">{t("why.title")}</span> {sentences.filter(Boolean).join(" ")}
    </p>
  );
}

/** The key that does the same, where there is a keyboard to press it on. */
const Key = ({ children }: { children: React.ReactNode }) => (
  <kbd className="hidden rounded-sm border border-current px-1 text-2xs opacity-70 lg:inline">{children}</kbd>
);

/** Guidance, its first five lines or so; the rest when asked for. */
function Play({ text }: { text: string }) {
  const t = useTranslations("inbox");
  const [all, setAll] = useState(false);
  const long = text.length > 420 || text.split("\n").length > 6;
  return (
    <section aria-label={t("guidance")} className="grid gap-1.5">
      <h3 className="text-xs font-semibold text-ink-3">{t("guidance")}</h3>
      <div className={cn(long && !all && "max-h-28 overflow-hidden mask-b-from-70%")}>
        <Guidance text={text} />
      </div>
      {long && (
        <button
          type="button"
          aria-expanded={all}
          onClick={() => setAll(!all)}
          className="min-h-6 w-fit text-sm font-medium text-accent-text hover:underline"
        >
          {all ? t("less") : t("more")}
        </button>
      )}
    </section>
  );
}

const isBlank = (value: unknown) => value === null || value === undefined || value === "" || value === "none";
