"use client";
import { Stamp } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { DecisionView } from "@/server/inbox/decision-view.ts";
import { decimalsOf } from "../inbox/form-field.tsx";
import { fieldText } from "../record/field-text.ts";
import { buttonLook } from "../ui/button.tsx";
import { Guidance } from "../ui/guidance.tsx";
import { useFormat } from "../ui/locale.tsx";
import { AskedLevels } from "./asked-levels.tsx";
import { DecideForm } from "./decide-form.tsx";
import { DecisionState } from "./decision-state.tsx";

/** The page a mail leads to: what is asked, about which record and how much, and the decision. Works on a phone. */
export function DecideScreen({ asked }: { asked: DecisionView }) {
  const { card } = asked;
  const t = useTranslations("decide");
  const i = useTranslations("inbox");
  const format = useFormat();
  const open = asked.state === "yours" || asked.state === "free";
  return (
    <article className="mx-auto grid w-full max-w-3xl grid-cols-[minmax(0,1fr)] gap-4 p-4 md:p-6">
      <header className="flex items-start gap-3">
        <span className="grid size-9 shrink-0 place-items-center rounded-md bg-accent-soft text-accent-text">
          <Stamp aria-hidden className="size-4.5" />
        </span>
        <div className="grid min-w-0 gap-0.5">
          <h1 className="text-xl font-semibold break-words">{card.title}</h1>
          <p className="text-sm">
            <Link href={`/records/${card.record.id}`} className="font-semibold text-accent-text underline">
              {card.record.title}
            </Link>
            {card.record.account && <span className="text-ink-2">{` · ${card.record.account}`}</span>}
          </p>
          <p className="text-sm text-ink-3">{`${card.processName} v${card.version}`}</p>
        </div>
      </header>
      <DecisionState asked={asked} />
      <section aria-label={t("about")} className="grid gap-2 rounded-lg border border-line bg-surface p-4">
        <h2 className="text-sm font-semibold">{t("about")}</h2>
        <p className="text-lg font-semibold">
          {[
            card.amount !== null && format.money(card.amount, card.baseCurrency),
            card.valueAtRisk !== null && i("atRisk", { value: format.money(card.valueAtRisk, card.baseCurrency) }),
          ]
            .filter(Boolean)
            .join(" · ") || t("noAmount")}
        </p>
        <dl className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-2">
          {card.recordFields.map((field) => (
            <div key={field.name} className="grid grid-cols-[40%_minmax(0,1fr)] gap-2">
              <dt className="text-ink-3">{field.label}</dt>
              <dd className="min-w-0 break-words">
                {fieldText(
                  field,
                  format,
                  { yes: t("yes"), no: t("no") },
                  { currency: card.recordCurrency, decimals: decimalsOf(card.recordCurrency) },
                )}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {card.asked && <AskedLevels asked={card.asked} />}
      {open && card.guidance && (
        <section aria-label={i("guidance")} className="grid gap-1.5">
          <h2 className="text-sm font-semibold">{i("guidance")}</h2>
          <Guidance text={card.guidance} />
        </section>
      )}
      {open && <DecideForm card={card} free={asked.state === "free"} />}
      <p className="flex flex-wrap gap-2">
        <Link href={`/records/${card.record.id}`} className={buttonLook({ kind: "quiet" })}>
          {t("toRecord")}
        </Link>
        <Link href="/inbox" className={buttonLook({ kind: "quiet" })}>
          {t("toInbox")}
        </Link>
      </p>
    </article>
  );
}
