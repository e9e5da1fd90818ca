"use client";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { toast } from "../ui/toast.tsx";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button, buttonLook } from "../ui/button.tsx";
import { Status } from "../ui/status.tsx";
import { useFormat } from "../ui/locale.tsx";

/** How far an import is, in words and as a bar; when it is over, what came of it and what one can do now. */
export function ImportResult({ id }: { id: string }) {
  const t = useTranslations("imports");
  const format = useFormat();
  const client = useTRPCClient();
  const cache = useQueryClient();
  const router = useRouter();
  const [undoing, setUndoing] = useState(false);
  const asked = queryOptions({ queryKey: ["imports.read", id], queryFn: () => client.imports.read.query({ id }) });
  const { data: job, error } = useQuery({
    ...asked,
    refetchInterval: (query) => (query.state.data?.state === "running" || !query.state.data ? 500 : false),
    retry: false,
  });
  const state = job?.state;
  useEffect(() => {
    if (state && state !== "running") router.refresh();
  }, [state, router]);

  async function undo() {
    setUndoing(true);
    try {
      const done = await client.imports.undo.mutate({ id });
      toast.success(
        t("undone", { removed: done.removed, restored: done.restored, kept: done.kept, cancelled: done.cancelled }),
      );
      await cache.invalidateQueries({ queryKey: asked.queryKey });
    } catch (refused) {
      toast.error(refusalOf(refused).text);
    } finally {
      setUndoing(false);
    }
  }
  // A server that is started again meanwhile goes on with the import: what was known of it stays until it answers.
  if (error && job?.state !== "running")
    return (
      <p role="alert" className="rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">
        {refusalOf(error).text}
      </p>
    );
  if (!job) return <p className="text-sm text-ink-3">{t("loading")}</p>;
  const running = job.state === "running";
  const share = job.total > 0 ? Math.min(1, job.done / job.total) : 0;
  return (
    <section aria-label={job.fileName} className="grid gap-3 rounded-lg border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 truncate text-base font-semibold">{job.fileName}</h2>
        <Status
          kind={running ? "info" : job.state === "done" ? "on_track" : job.state === "undone" ? "none" : "breached"}
        >
          {t(
            `state.${job.state === "done" || job.state === "running" || job.state === "undone" ? job.state : "stopped"}`,
          )}
        </Status>
      </div>
      {running && (
        <div
          role="progressbar"
          aria-label={t("progress")}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
          className="h-2 overflow-hidden rounded-full bg-sunken"
        >
          <div className="h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
        </div>
      )}
      <p role="status" className="text-sm text-ink-2">
        {running
          ? t(job.kind === "log" ? "runningLog" : "running", {
              done: format.number(job.done),
              total: format.number(job.total),
              started: format.number(job.started),
            })
          : t(job.kind === "log" ? "resultLog" : "result", {
              total: job.total,
              created: job.created,
              updated: job.updated,
              failed: job.failed,
              started: job.started,
            })}
      </p>
      {error && <p className="rounded-md bg-sunken px-3 py-2 text-sm text-ink-2">{t("unreachable")}</p>}
      {job.stopped && <p className="rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">{job.stopped}</p>}
      {job.state === "stopped" && !job.stopped && <p className="text-sm text-breach">{t("cutOff")}</p>}
      {job.problems.some(({ row }) => row > 0) && (
        <details className="text-sm">
          <summary className="cursor-pointer font-medium">{t("leftOut", { n: job.failed })}</summary>
          <ul className="mt-2 grid gap-1 text-xs text-ink-2">
            {job.problems
              .filter(({ row }) => row > 0)
              .map(({ row, text }) => (
                <li key={`${row}/${text}`}>{t("rowProblem", { row, text })}</li>
              ))}
          </ul>
        </details>
      )}
      {!running && (
        <div className="flex flex-wrap gap-2">
          {job.kind === "records" && job.recordType && job.recordType !== "user" && job.state !== "undone" && (
            <Link className={buttonLook({ kind: "primary" })} href={`/records?type=${job.recordType}`}>
              {t("openRecords")}
            </Link>
          )}
          {job.history && job.state !== "undone" && (
            <>
              <Link className={buttonLook({ kind: "primary" })} href={reportOf(job.history)}>
                {t("openReport")}
              </Link>
              <Link className={buttonLook({ kind: "secondary" })} href={`/processes/${job.history.processId}`}>
                {t("openProcess")}
              </Link>
            </>
          )}
          {job.failed > 0 && job.kind === "records" && (
            <a className={buttonLook({ kind: "secondary" })} href={`/api/imports/failed?id=${job.id}`} download>
              {t("download")}
            </a>
          )}
          {job.state !== "undone" && job.recordType !== "user" && job.created + job.updated > 0 && (
            <Button kind="danger" disabled={undoing} onClick={() => void undo()}>
              {undoing ? t("undoing") : t("undo")}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

/** The report of the time the log is about, a day wider on both sides, in wall time as logs are read. */
function reportOf({ processId, from, to }: { processId: string; from: number; to: number }): string {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const query = new URLSearchParams({ from: day(from - 86_400_000), to: day(to + 86_400_000), cal: "wall" });
  return `/reports/${processId}?${query.toString()}`;
}
