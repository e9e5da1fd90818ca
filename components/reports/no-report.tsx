"use client";
import { BarChart3 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { buttonLook } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";

export function NoReport() {
  const t = useTranslations("reports");
  return (
    <div className="grid gap-3 p-4 md:p-6">
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      <Empty icon={BarChart3} title={t("noProcess")} text={t("noProcessText")}>
        <Link href="/processes" className={buttonLook({ kind: "primary" })}>
          {t("toProcesses")}
        </Link>
      </Empty>
    </div>
  );
}
