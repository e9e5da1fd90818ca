"use client";
import { useRouter } from "next/navigation";
import { startTransition } from "react";
import { useTranslations } from "use-intl";
import { Front } from "@/components/shell/front.tsx";
import { Button } from "@/components/ui/button.tsx";

export default function Failed({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations("errors");
  const router = useRouter();
  const away = error.digest === "UNAVAILABLE";
  return (
    <Front title={t(away ? "away" : "failed")}>
      <p className="text-sm text-ink-2">{away ? t("awayText") : t("failedText", { id: error.digest ?? "-" })}</p>
      <Button
        kind="primary"
        // What failed was made on the server: it is asked for once more.
        onClick={() =>
          startTransition(() => {
            router.refresh();
            reset();
          })
        }
      >
        {t("again")}
      </Button>
    </Front>
  );
}
