"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { useAct } from "../use-act.ts";
import { Fates } from "./run-table.tsx";

/** One run goes to another version by the proposed map, looked at first; or its last move is taken back. */
export function RunVersionDialog({
  runId,
  name,
  open,
  onClose,
}: {
  runId: string;
  /** Of its process. */
  name: string;
  open: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("runVersion");
  const m = useTranslations("migrate");
  const client = useTRPCClient();
  const format = useFormat();
  const { busy, act } = useAct();
  const [to, setTo] = useState<number | null>(null);
  const [reason, setReason] = useState("");
  const shown = useQuery({
    queryKey: ["migration.run", runId, to],
    queryFn: () => client.migration.run.query({ runId, ...(to !== null && { to }) }),
    enabled: open,
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
  const view = shown.data;
  const said = reason.trim();
  const then = (work: () => Promise<unknown>, done: string) =>
    void act(work, done).then((ok) => (ok ? onClose() : void shown.refetch()));
  return (
    <Dialog open={open} onClose={onClose} title={t("title", { name })}>
      <div className="grid gap-3">
        {shown.isPending && (
          <p role="status" className="text-sm text-ink-3">
            {t("looking")}
          </p>
        )}
        {shown.error && (
          <p role="alert" className="text-sm text-breach">
            {refusalOf(shown.error).text}
          </p>
        )}
        {view && (
          <>
            <p className="text-sm">
              {t("is", { version: view.version })}{" "}
              {view.undoable &&
                t("moved", { from: view.undoable.from.version, until: format.dateTime(view.undoable.until) })}
            </p>
            {view.versions.length === 0 && <p className="text-sm text-ink-2">{t("none")}</p>}
            {view.versions.length > 0 && (
              <Field label={m("to")}>
                {(ids) => (
                  <select
                    {...ids}
                    className={inputLook}
                    value={view.to ?? ""}
                    onChange={(e) => setTo(Number(e.target.value))}
                  >
                    {view.versions.map((version) => (
                      <option key={version} value={version}>
                        {m(version === view.live ? "liveVersion" : "version", { version })}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
            {view.preview && (
              <div role="status" className="grid gap-1 rounded-md border border-line p-3 text-sm">
                <p className="flex flex-wrap gap-1">
                  <Status kind={view.preview.verdict === "ok" ? "on_track" : "breached"}>
                    {m(`verdictOf.${view.preview.verdict}`)}
                  </Status>
                  {view.preview.goesOn && <Status kind="at_risk">{m("goesOn")}</Status>}
                </p>
                {view.preview.reasons.map(({ text }) => (
                  <p key={text} className="text-breach">
                    {text}
                  </p>
                ))}
                <div className="text-xs text-ink-2">
                  <Fates run={view.preview} />
                </div>
                {view.processId && (
                  <Link
                    href={`/processes/${view.processId}/migrate?from=${view.version}&to=${view.to}`}
                    className="text-accent-text underline underline-offset-2"
                  >
                    {t("map")}
                  </Link>
                )}
              </div>
            )}
            <Field label={t("reason")} required>
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
            <div className="flex flex-wrap justify-end gap-2">
              {view.undoable && (
                <Button
                  disabled={busy || !said}
                  onClick={() => then(() => client.migration.undo.mutate({ runId, reason: said }), t("undone"))}
                >
                  {t("undo", { from: view.undoable.from.version })}
                </Button>
              )}
              {view.to !== null && view.preview && (
                <Button
                  kind="primary"
                  disabled={busy || !said || view.preview.verdict !== "ok" || shown.isPlaceholderData}
                  onClick={() =>
                    then(
                      () => client.migration.move.mutate({ runId, to: view.to ?? 0, seen: view.rev, reason: said }),
                      t("done", { to: view.to ?? 0 }),
                    )
                  }
                >
                  {t("move", { to: view.to })}
                </Button>
              )}
            </div>
          </>
        )}
      </div>
    </Dialog>
  );
}
