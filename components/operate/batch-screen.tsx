"use client";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { useAct } from "../use-act.ts";
import { useRefreshWhile } from "../use-refresh-while.ts";
import { Button, buttonLook } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { Status, type StatusKind } from "../ui/status.tsx";
import { batchLook } from "./batches-screen.tsx";
import { cell, Figure, Head } from "./head.tsx";

type Batch = Awaited<ReturnType<Caller["batches"]["read"]>>;
type Items = Awaited<ReturnType<Caller["batches"]["items"]>>["items"];
export type ItemStatus = "waiting" | "done" | "skipped" | "refused";
/** Left out is neither done nor wrong: its own sign, without the colour of either. */
const looks: Record<ItemStatus, { kind: StatusKind; className?: string }> = {
  waiting: { kind: "none" },
  done: { kind: "on_track" },
  skipped: { kind: "blocked", className: "border-transparent bg-mute-bg text-mute" },
  refused: { kind: "breached" },
};
const statuses = ["done", "skipped", "refused", "waiting"] as const;

/** One batch: how far it is, as it goes, and what came of each run. */
export function BatchScreen({
  batch,
  items,
  next,
  status,
}: {
  batch: Batch;
  items: Items;
  next: string | null;
  status: ItemStatus | null;
}) {
  const t = useTranslations("operate.batches");
  const words = useTranslations("operate.batch");
  const format = useFormat();
  const client = useTRPCClient();
  const { busy, act } = useAct();
  useRefreshWhile(batch.status === "running");
  const done = batch.total - batch.waiting;
  const href = (to: ItemStatus | null, after = "") => {
    const parts = [...(to ? [["status", to]] : []), ...(after ? [["after", after]] : [])];
    return `/operate/batches/${batch.id}${parts.length ? `?${new URLSearchParams(parts).toString()}` : ""}`;
  };
  const name = words.has(`verbs.${batch.kind}`) ? words(`verbs.${batch.kind}`) : batch.kind;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 p-4 md:p-6">
      <Head
        title={name}
        text={t("asked", { name: batch.by ?? "", when: format.dateTime(batch.createdAt), reason: batch.reason })}
      >
        {batch.status === "running" && (
          <Button disabled={busy} onClick={() => void act(() => client.batches.stop.mutate({ id: batch.id }))}>
            {t("stop")}
          </Button>
        )}
        {batch.status === "stopped" && (
          <Button
            kind="primary"
            disabled={busy}
            onClick={() => void act(() => client.batches.goOn.mutate({ id: batch.id }))}
          >
            {t("goOn")}
          </Button>
        )}
      </Head>
      <div className="grid gap-2">
        <p role="status" className="flex flex-wrap items-center gap-2 text-sm">
          <Status kind={batchLook[batch.status]}>{t(`states.${batch.status}`)}</Status>
          {batch.gathered
            ? t("progress", { done, total: batch.total, refused: batch.refused })
            : t(batch.status === "running" ? "gathering" : "notGathered", { n: batch.total })}
        </p>
        {batch.status === "stopped" && (
          <p className="text-sm text-ink-2">
            {[batch.text, t("stopped", { n: batch.waiting })].filter(Boolean).join(" ")}
          </p>
        )}
        <progress
          aria-label={t("columns.progress")}
          value={done}
          max={Math.max(1, batch.total)}
          className="h-2 w-full"
        />
      </div>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {statuses.map((one) => (
          <Figure key={one} name={t(`items.${one}`)} value={format.number(batch[one])} />
        ))}
      </dl>
      {batch.reasons.some(({ text }) => text) && (
        <section className="grid gap-1 text-sm">
          <h2 className="font-semibold">{t("reasons")}</h2>
          <ul className="grid gap-0.5">
            {batch.reasons.flatMap(({ status: of, text, n }) =>
              text ? [<li key={`${of}${text}`}>{t("reasonOf", { n, what: t(`items.${of}`), text })}</li>] : [],
            )}
          </ul>
        </section>
      )}
      <nav aria-label={t("show")} className="flex flex-wrap gap-1">
        {[null, ...statuses].map((one) => (
          <Link
            key={one ?? "all"}
            href={href(one)}
            aria-current={status === one ? "page" : undefined}
            className={cn(
              buttonLook({ kind: "quiet", size: "small" }),
              "max-md:h-11",
              status === one && "bg-accent-soft text-accent-text",
            )}
          >
            {one ? t(`items.${one}`) : t("all")}
          </Link>
        ))}
      </nav>
      {items.length === 0 ? (
        <p className="text-sm text-ink-2">{t("noItems")}</p>
      ) : (
        <section
          aria-label={t("columns.run")}
          tabIndex={0}
          className="overflow-x-auto rounded-lg border border-line bg-surface"
        >
          <table className="w-full border-collapse text-sm">
            <thead className="border-b border-line text-xs text-ink-2">
              <tr>
                {["run", "state", "why"].map((column) => (
                  <th key={column} scope="col" className={cell}>
                    {t(`columns.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {items.map((item) => (
                <tr key={item.runId}>
                  <td className={cell}>
                    {item.recordId ? (
                      <Link href={`/records/${item.recordId}`} className="text-accent-text hover:underline">
                        {item.title ?? item.recordId}
                      </Link>
                    ) : (
                      item.runId
                    )}
                  </td>
                  <td className={cell}>
                    <Status {...looks[item.status]}>{t(`items.${item.status}`)}</Status>
                  </td>
                  <td className={`${cell} text-ink-2`}>{item.text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {next && (
        <Link href={href(status, next)} className={buttonLook({ className: "w-fit" })}>
          {t("next")}
        </Link>
      )}
    </div>
  );
}
