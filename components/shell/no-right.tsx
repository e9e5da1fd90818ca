"use client";
import { Lock } from "lucide-react";
import { useTranslations } from "use-intl";
import { Empty } from "../ui/empty.tsx";

/** Instead of a screen that this person's roles do not open. */
export function NoRight() {
  const t = useTranslations("errors");
  return (
    <>
      <h1 className="sr-only">{t("noRight")}</h1>
      <Empty icon={Lock} title={t("noRight")} text={t("noRightText")} />
    </>
  );
}
