"use client";
import { Lock } from "lucide-react";
import { useTranslations } from "use-intl";
import { Empty } from "../ui/empty.tsx";

/** Instead of a screen that this person's roles do not open. */
export function NoRight() {
  const t = useTranslations("errors");
  return <Empty icon={Lock} title={t("noRight")} text={t("noRightText")} />;
}
