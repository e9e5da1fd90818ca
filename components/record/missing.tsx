import { AlertCircle } from "lucide-react";
import { useTranslations } from "use-intl";
import type { RecordView } from "./record-screen.tsx";

type Part = RecordView["runs"][number]["where"][number]["parts"][number];

/** What has to be true before the step can start, with what stands in the record now. */
export function Missing({ step, parts }: { step: string; parts: readonly Part[] }) {
  const t = useTranslations("record");
  return (
    <section aria-label={t("missingTitle")} className="rounded-md border border-line">
      <h3 className="flex flex-wrap items-baseline gap-2 border-b border-line px-3 py-2 text-sm font-semibold">
        {t("missingTitle")}
        <span className="text-xs font-normal text-ink-3">{t("missingBefore", { step })}</span>
      </h3>
      <ul>
        {parts.map((part) => (
          <li
            key={part.text}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 text-sm last:border-0"
          >
            <span className="inline-flex h-5 items-center gap-1 rounded-full bg-breach-bg px-2 text-2xs font-semibold text-breach">
              <AlertCircle aria-hidden className="size-3" />
              {t("required")}
            </span>
            {part.fields.map((field) => (
              <span key={field.path}>
                <strong className="font-semibold">{field.label}</strong>
                <span className="text-ink-2">{` ${t("isNow", { value: field.value ?? t("empty") })}`}</span>
              </span>
            ))}
            <code className="ml-auto font-mono text-xs text-ink-3">{part.text}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
