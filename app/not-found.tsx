"use client";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Front } from "@/components/shell/front.tsx";

export default function NotFound() {
  const t = useTranslations("errors");
  return (
    <Front title={t("notFound")}>
      <p className="text-sm text-ink-2">{t("notFoundText")}</p>
      <Link href="/" className="text-sm font-semibold text-accent-text hover:underline">
        {t("home")}
      </Link>
    </Front>
  );
}
