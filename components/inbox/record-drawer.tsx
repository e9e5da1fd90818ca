"use client";
import { ArrowUpRight, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { StepCard } from "@/server/inbox/read-card.ts";
import { fieldText } from "../record/field-text.ts";
import { buttonLook } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { decimalsOf } from "./form-field.tsx";

/** What one wants to know of the record while working on its step: its main fields, and what happened last. */
export function RecordDrawer({
  card,
  wideOnly,
  onClose,
}: {
  card: NonNullable<StepCard>;
  wideOnly: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("inbox");
  const words = useTranslations("record");
  const format = useFormat();
  const money = { currency: card.recordCurrency, decimals: decimalsOf(card.recordCurrency) };
  return (
    <aside
      aria-label={t("record")}
      className={cn(
        "fixed inset-y-0 right-0 z-30 grid w-80 max-w-full content-start gap-4 overflow-auto border-l border-line bg-surface p-4 shadow-overlay xl:static xl:z-auto xl:w-auto xl:shadow-none",
        wideOnly && "max-xl:hidden",
      )}
    >
      <header className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 text-sm font-semibold">{card.record.title}</h2>
        <Link href={`/records/${card.record.id}`} className={buttonLook({ size: "small" })}>
          {t("openRecord")}
          <ArrowUpRight aria-hidden className="size-3.5" />
        </Link>
        <button
          type="button"
          aria-label={t("closeRecord")}
          title={`${t("closeRecord")} (.)`}
          onClick={onClose}
          className="grid size-7 place-items-center rounded-md text-ink-2 hover:bg-sunken"
        >
          <X aria-hidden className="size-4" />
        </button>
      </header>
      <dl className="grid gap-1.5 text-sm">
        {card.recordFields.map((field) => (
          <div key={field.name} className="grid grid-cols-[38%_minmax(0,1fr)] gap-2">
            <dt className="text-ink-3">{field.label}</dt>
            <dd className="min-w-0 break-words">
              {field.link ? (
                <Link href={`/records/${field.link}`} className="text-accent-text hover:underline">
                  {String(field.value)}
                </Link>
              ) : (
                fieldText(field, format, { yes: words("yes"), no: words("no") }, money)
              )}
            </dd>
          </div>
        ))}
      </dl>
      {card.activity.length > 0 && (
        <section aria-label={t("activity")} className="grid gap-2">
          <h3 className="text-xs font-semibold text-ink-3">{t("activity")}</h3>
          <ol className="grid gap-2.5">
            {card.activity.map((event) => (
              <li key={event.seq} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-2 text-sm">
                <span className="min-w-0 font-medium break-words">{t(`did.${event.what}`, { of: event.of })}</span>
                <span className="text-xs text-ink-3">{format.ago(event.at)}</span>
                {(event.by ?? event.detail) && (
                  <span className="col-span-2 text-xs text-ink-2">
                    {[event.by, event.detail].filter(Boolean).join(" · ")}
                  </span>
                )}
              </li>
            ))}
          </ol>
        </section>
      )}
    </aside>
  );
}
