"use client";
import { Copy } from "lucide-react";
import { useTranslations } from "use-intl";
import { refusalOf } from "../api.tsx";
import { toast } from "../ui/toast.tsx";

/** A text that is taken elsewhere: shown whole, with a button that copies it. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const t = useTranslations("settings.connections");
  return (
    <p className="flex min-w-0 items-start gap-1">
      <code className="min-w-0 rounded-md bg-sunken px-2 py-1 text-xs break-all">{text}</code>
      <button
        type="button"
        aria-label={t("copyOf", { label })}
        title={t("copyOf", { label })}
        className="grid size-7 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink"
        onClick={() =>
          void navigator.clipboard.writeText(text).then(
            () => toast(t("copied")),
            (failed: unknown) => toast.error(refusalOf(failed).text),
          )
        }
      >
        <Copy aria-hidden className="size-3.5" />
      </button>
    </p>
  );
}
