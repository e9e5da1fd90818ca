"use client";
import { BarChart3 } from "lucide-react";
import { useTranslations } from "use-intl";
import { Empty } from "../ui/empty.tsx";

export function NoReport() {
  const t = useTranslations("reports");
  return <Empty icon={BarChart3} title={t("noProcess")} text={t("noProcessText")} />;
}
