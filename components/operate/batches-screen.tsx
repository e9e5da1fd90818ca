"use client";
import { ListChecks } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { buttonLook } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { Empty } from "../ui/empty.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status, type StatusKind } from "../ui/status.tsx";
import { useRefreshWhile } from "../use-refresh-while.ts";
import { cell, Head } from "./head.tsx";

type Batches = Awaited<ReturnType<Caller["batches"]["list"]>>["batches"];

export const batchLook: Record<Batches[number]["status"], StatusKind> = {
  running: "info",
  stopped: "paused",
  done: "done",
};

/** On a phone these stand under the name instead of in columns that would be out of sight. */
const isBeside = (column: string): boolean => column === "by" || column === "when" || column === "reason";

/** What was ordered over many runs, newest first, and how far it is. */
export function BatchesScreen({ batches }: { batches: Batches }) {
  const t = useTranslations("operate.batches");
  const words = useTranslations("operate.batch");
  const format = useFormat();
  useRefreshWhile(batches.some(({ status }) => status === "running"));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 p-4 md:p-6">
      <Head title={t("title")} text={t("text")} />
      {batches.length === 0 ? (
        <Empty icon={ListChecks} title={t("none")} text={t("noneText")}>
          <Link href="/operate" className={buttonLook({})}>
            {t("toRuns")}
          </Link>
        </Empty>
      ) : (
        <section
          aria-label={t("title")}
          tabIndex={0}
          className="overflow-x-auto rounded-lg border border-line bg-surface"
        >
          <table className="w-full border-collapse text-sm">
            <thead className="border-b border-line text-xs text-ink-2">
              <tr>
                {["what", "state", "progress", "by", "when", "reason"].map((name) => (
                  <th key={name} scope="col" className={cn(cell, isBeside(name) && "max-md:hidden")}>
                    {t(`columns.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {batches.map((one) => (
                <tr key={one.id} className="hover:bg-sunken">
                  <td className={cell}>
                    <Link href={`/operate/batches/${one.id}`} className="font-medium text-accent-text hover:underline">
                      {words.has(`verbs.${one.kind}`) ? words(`verbs.${one.kind}`) : one.kind}
                    </Link>
                    <span className="block text-xs text-ink-2 md:hidden">
                      {[one.by, format.moment(one.createdAt), one.reason].filter(Boolean).join(" · ")}
                    </span>
                  </td>
                  <td className={cell}>
                    <Status kind={batchLook[one.status]}>{t(`states.${one.status}`)}</Status>
                  </td>
                  <td className={`${cell} tabular-nums`}>
                    {t("progress", { done: one.total - one.waiting, total: one.total, refused: one.refused })}
                  </td>
                  <td className={`${cell} whitespace-nowrap max-md:hidden`}>{one.by}</td>
                  <td className={`${cell} whitespace-nowrap text-ink-2 max-md:hidden`}>
                    {format.moment(one.createdAt)}
                  </td>
                  <td className={`${cell} text-ink-2 max-md:hidden`}>{one.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
