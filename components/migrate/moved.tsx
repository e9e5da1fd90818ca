"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { useAct } from "../use-act.ts";
import type { Batch } from "./plan.ts";

/** A move of runs: how far it is, what became of those that stayed, and the way back while there is one. */
export function Moved({
  batch,
  undone,
  undoHours,
}: {
  batch: Batch;
  /** Batches that took it back. */
  undone: readonly Batch[];
  undoHours: number;
}) {
  const t = useTranslations("migrate");
  const client = useTRPCClient();
  const format = useFormat();
  const { busy, act } = useAct();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const { data, error } = useQuery({
    queryKey: ["batches.read", batch.id],
    queryFn: () => client.batches.read.query({ id: batch.id }),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? 1000 : false),
  });
  type Ref = { process: string; version: number };
  const { from, also = [], to } = batch.params as { from: Ref; also?: { from: Ref }[]; to: Ref };
  const until = batch.createdAt + undoHours * 3_600_000;
  const now = data ?? batch;
  const running = now.status === "running";
  const doneSoFar = now.total - now.waiting;
  return (
    <section className="grid gap-2 rounded-lg border border-line bg-surface p-3 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-semibold">
          {t(from.process === to.process ? "movedFromTo" : "movedInto", {
            from: [from, ...also.map((one) => one.from)].map(({ version }) => version).join(", "),
            to: to.version,
            process: to.process,
          })}
        </h2>
        <Status kind={running ? "info" : now.status === "done" ? "done" : "paused"}>{t(`status.${now.status}`)}</Status>
        <span className="ml-auto text-xs text-ink-3">
          {[batch.by, format.dateTime(batch.createdAt)].filter(Boolean).join(" · ")}
        </span>
      </div>
      <p className="text-ink-2">{batch.reason}</p>
      {running && (
        <div className="grid gap-1">
          <progress className="h-2 w-full" aria-label={t("progress")} max={Math.max(1, now.total)} value={doneSoFar} />
          <p role="status" className="text-xs text-ink-2 tabular-nums">
            {t("doneOf", { n: format.number(doneSoFar), total: format.number(now.total) })}
          </p>
        </div>
      )}
      <p className="flex flex-wrap gap-2 tabular-nums">
        <span>{t("counts", { done: now.done, refused: now.refused, skipped: now.skipped })}</span>
      </p>
      {error && (
        <p role="alert" className="text-breach">
          {refusalOf(error).text}
        </p>
      )}
      {(data?.reasons ?? [])
        .filter(({ status, text }) => status !== "done" && text)
        .map(({ status, text, n }) => (
          <p key={`${status}${text}`} className="text-xs text-ink-2">
            {`${n} × ${text}`}
          </p>
        ))}
      {!running && now.refused + now.skipped > 0 && <Stayed id={batch.id} />}
      {undone.map((one) => (
        <TakenBack key={one.id} batch={one} />
      ))}
      {!running &&
        now.done > 0 &&
        (format.now < until ? (
          <div className="flex flex-wrap items-end gap-2">
            {asking && (
              <Field label={t("undoReason")} required className="min-w-56 flex-1">
                {(ids) => (
                  <input
                    {...ids}
                    className={inputLook}
                    maxLength={500}
                    value={reason}
                    onChange={(e) => setReason(e.target.value)}
                  />
                )}
              </Field>
            )}
            <Button
              disabled={busy || (asking && !reason.trim())}
              onClick={() =>
                asking
                  ? void act(
                      () =>
                        client.batches.start.mutate({
                          kind: "undo_migration",
                          params: { batch: batch.id },
                          filter: { process: to.process, version: to.version },
                          reason: reason.trim(),
                        }),
                      t("undoStarted"),
                    ).then((ok) => ok && setAsking(false))
                  : setAsking(true)
              }
            >
              {t("undo")}
            </Button>
            <span className="text-xs text-ink-3">{t("undoUntil", { at: format.dateTime(until) })}</span>
          </div>
        ) : (
          <p className="text-xs text-ink-3">{t("undoOver", { at: format.dateTime(until) })}</p>
        ))}
    </section>
  );
}

/** How far it was taken back, and why some of it was not. */
function TakenBack({ batch }: { batch: Batch }) {
  const t = useTranslations("migrate");
  const client = useTRPCClient();
  const { data } = useQuery({
    queryKey: ["batches.read", batch.id],
    queryFn: () => client.batches.read.query({ id: batch.id }),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? 1000 : false),
  });
  const now = data ?? batch;
  return (
    <div className="grid gap-1 rounded-md bg-sunken px-3 py-2">
      <p role="status" className="tabular-nums">
        {t(now.status === "running" ? "takingBack" : "takenBack", {
          done: now.done,
          refused: now.refused,
          reason: batch.reason,
        })}
      </p>
      {(data?.reasons ?? [])
        .filter(({ status, text }) => status === "refused" && text)
        .map(({ text, n }) => (
          <p key={text} className="text-xs text-ink-2">
            {`${n} × ${text}`}
          </p>
        ))}
    </div>
  );
}

/** Runs that were not moved, each with its reason. */
function Stayed({ id }: { id: string }) {
  const t = useTranslations("migrate");
  const client = useTRPCClient();
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["batches.items", id],
    enabled: open,
    queryFn: async () => {
      const [refused, skipped] = await Promise.all(
        (["refused", "skipped"] as const).map(async (status) => client.batches.items.query({ id, status, limit: 200 })),
      );
      return [...refused!.items, ...skipped!.items];
    },
  });
  return (
    <div className="grid gap-1">
      <Button
        kind="quiet"
        size="small"
        className="justify-self-start"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t(open ? "hideStayed" : "showStayed")}
      </Button>
      {open && error && (
        <p role="alert" className="text-xs text-breach">
          {refusalOf(error).text}
        </p>
      )}
      {open && !data && !error && <p className="text-xs text-ink-3">{t("loading")}</p>}
      {open && (
        <ul className="grid gap-1 text-xs">
          {(data ?? []).map((item) => (
            <li key={item.runId} className="flex flex-wrap gap-2">
              <Link href={`/records/${item.recordId}`} className="font-medium text-accent-text hover:underline">
                {item.title ?? item.runId}
              </Link>
              <span className="text-ink-2">{item.text}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
