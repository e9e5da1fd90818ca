"use client";
import { useTranslations } from "use-intl";
import { Front } from "@/components/shell/front.tsx";
import { Button } from "@/components/ui/button.tsx";

export default function Failed({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations("errors");
  return (
    <Front title={t("failed")}>
      <p className="text-sm text-ink-2">{t("failedText", { id: error.digest ?? "-" })}</p>
      <Button kind="primary" onClick={reset}>
        {t("again")}
      </Button>
    </Front>
  );
}
