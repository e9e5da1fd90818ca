import { BarChart3, type LucideIcon, RotateCw } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { Button, buttonLook } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import type { To } from "./report-screen.tsx";
import type { ReportState } from "./report-state.ts";

/** Nothing in the period, or nothing that the filter leaves: a year of everything is one click away. */
export function NothingCounted({ state, to }: { state: ReportState; to: To }) {
  const t = useTranslations("reports");
  return (
    <Empty icon={BarChart3} title={t("empty")} text={t(state.seg || state.v ? "emptyFiltered" : "emptyText")}>
      <Link
        className={buttonLook({ kind: "primary" })}
        href={to({ days: 365, from: null, to: null, v: null, seg: null })}
      >
        {t("showYear")}
      </Link>
    </Empty>
  );
}

/** One tab could not be read just now; the rest of the report is there. */
export function Unread({ icon, title }: { icon: LucideIcon; title: string }) {
  const t = useTranslations("reports.flow");
  const router = useRouter();
  return (
    <Empty icon={icon} title={title} text={t("unreadText")}>
      <Button kind="primary" onClick={() => router.refresh()}>
        <RotateCw aria-hidden className="size-4" />
        {t("again")}
      </Button>
    </Empty>
  );
}
