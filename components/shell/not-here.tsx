"use client";
import { SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { buttonLook } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";

/** Inside the shell: this address names nothing, or nothing this person may see. */
export function NotHere() {
  const t = useTranslations("errors");
  return (
    <>
      <h1 className="sr-only">{t("notFound")}</h1>
      <Empty icon={SearchX} title={t("notFound")} text={t("notFoundText")}>
        <Link href="/" className={buttonLook({})}>
          {t("home")}
        </Link>
      </Empty>
    </>
  );
}
