"use client";
import { CheckCircle2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { useAct } from "../use-act.ts";
import { Button, buttonLook } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { toast } from "../ui/toast.tsx";
import { cell, Figure, Head } from "./head.tsx";
import { FilterChoice, OperateRow, ReasonLine } from "./parts.tsx";

type Totals = Awaited<ReturnType<Caller["jobs"]["totals"]>>;
type List = Awaited<ReturnType<Caller["jobs"]["list"]>>;
type Job = List["jobs"][number];
export type JobsAsked = { state: string; kind: string; process: string; after: string };
const states = ["due", "later", "retrying", "dead"] as const;

/** Timers and effects: what waits, what is late, what was given up and can be sent once more. */
export function JobsScreen({ asked, totals, list }: { asked: JobsAsked; totals: Totals; list: List }) {
  const t = useTranslations("operate.jobs");
  const format = useFormat();
  const router = useRouter();
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [discarding, setDiscarding] = useState<readonly string[] | "all" | null>(null);
  const go = (more: Partial<JobsAsked>) => {
    const parts = Object.entries({ ...asked, after: "", ...more }).filter(([, value]) => value !== "");
    router.push(parts.length ? `/operate/jobs?${new URLSearchParams(parts).toString()}` : "/operate/jobs");
  };
  const which = (ids: readonly string[] | "all") => ({
    ...(ids === "all" ? {} : { ids: [...ids] }),
    ...(asked.kind && { kind: asked.kind }),
    ...(asked.process && { process: asked.process }),
  });
  const told = (answer: { done: number; refused: { text: string }[] }) =>
    toast([t("told", { done: answer.done, refused: answer.refused.length }), answer.refused[0]?.text].join(" ").trim());
  const replay = (ids: readonly string[] | "all") =>
    void act(async () => told(await client.jobs.replay.mutate(which(ids))));
  const sum = (of: (kind: Totals["kinds"][number]) => number) => totals.kinds.reduce((all, one) => all + of(one), 0);
  const oldest = Math.min(...totals.kinds.flatMap(({ oldestDue }) => oldestDue ?? []), totals.now);
  const kindOf = (kind: string) => (t.has(`kinds.${kind}`) ? t(`kinds.${kind}`) : kind);
  const select = (name: "state" | "kind" | "process", options: { value: string; label: string }[]) => (
    <FilterChoice
      label={t(name)}
      all={t("all")}
      value={asked[name]}
      options={options}
      onChange={(value) => go({ [name]: value })}
    />
  );
  const dead = list.jobs.filter(({ deadAt }) => deadAt !== null);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 p-4 md:p-6">
      <Head title={t("title")} text={t("text")} />
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-5">
        <Figure name={t("waiting")} value={format.number(sum(({ waiting }) => waiting))} />
        <Figure name={t("due")} value={format.number(sum(({ due }) => due))} />
        <Figure name={t("lag")} value={lagText(totals.now - oldest, format)} note={t("lagNote")} />
        <Figure name={t("retrying")} value={format.number(sum(({ retrying }) => retrying))} />
        <Figure name={t("dead")} value={format.number(sum((one) => one.dead))} />
      </dl>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-2">
        <Table
          label={t("byKind")}
          columns={["kind", "waiting", "due", "retrying", "dead", "nextDue"]}
          rows={totals.kinds.map((one) => ({
            key: one.kind,
            cells: [kindOf(one.kind), one.waiting, one.due, one.retrying, one.dead, one.nextDue],
          }))}
        />
        <Table
          label={t("timers")}
          columns={["process", "waiting", "late", "nextDue"]}
          rows={totals.timers.map((one) => ({
            key: one.process,
            cells: [one.name, one.waiting, one.late, one.nextDue],
          }))}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-3">
        {select(
          "state",
          states.map((value) => ({ value, label: t(`states.${value}`) })),
        )}
        {select(
          "kind",
          totals.kinds.map(({ kind }) => ({ value: kind, label: kindOf(kind) })),
        )}
        {select(
          "process",
          totals.timers.map(({ process, name }) => ({ value: process, label: name })),
        )}
      </div>
      {dead.length > 0 && (
        <div className="flex flex-wrap gap-2">
          <Button kind="primary" disabled={busy} onClick={() => replay("all")}>
            {t("replayAll")}
          </Button>
          <Button disabled={busy} onClick={() => setDiscarding("all")}>
            {t("discardAll")}
          </Button>
        </div>
      )}
      {discarding && (
        <ReasonLine
          label={t("discardReason")}
          doIt={t("discardNow")}
          busy={busy}
          className="rounded-lg border border-line bg-surface p-3"
          onReason={(reason) => {
            const ids = discarding;
            setDiscarding(null);
            void act(async () => told(await client.jobs.discard.mutate({ ...which(ids), reason })));
          }}
        >
          <Button kind="quiet" className="h-9" onClick={() => setDiscarding(null)}>
            {t("keep")}
          </Button>
        </ReasonLine>
      )}
      {list.jobs.length === 0 ? (
        <Empty icon={CheckCircle2} title={t("none")} text={t("noneText")} />
      ) : (
        <ul aria-label={t("title")} className="divide-y divide-line rounded-lg border border-line bg-surface">
          {list.jobs.map((job) => (
            <Row
              key={job.id}
              job={job}
              kind={kindOf(job.kind)}
              now={list.now}
              busy={busy}
              onReplay={() => replay([job.id])}
              onDiscard={() => setDiscarding([job.id])}
            />
          ))}
        </ul>
      )}
      {list.next && (
        <Link
          href={`/operate/jobs?${new URLSearchParams({ ...asked, after: `${list.next.at}.${list.next.id}` }).toString()}`}
          className={buttonLook({ className: "w-fit" })}
        >
          {t("next")}
        </Link>
      )}
    </div>
  );
}

/** Below a minute in seconds: there a lag is small or large. */
const lagText = (ms: number, format: ReturnType<typeof useFormat>): string =>
  ms < 60_000 ? `${format.number(Math.max(0, ms) / 1000, 0)} s` : format.duration(ms);

function Table({
  label,
  columns,
  rows,
}: {
  label: string;
  columns: readonly string[];
  rows: readonly { key: string; cells: readonly (string | number | null)[] }[];
}) {
  const t = useTranslations("operate.jobs");
  const format = useFormat();
  return (
    <section aria-label={label} tabIndex={0} className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table className="w-full border-collapse text-sm">
        <caption className="px-3 pt-2 text-left text-sm font-semibold">{label}</caption>
        <thead className="border-b border-line text-xs text-ink-2">
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={cell}>
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((value, i) => (
                <td key={columns[i]} className={`${cell} tabular-nums`}>
                  {typeof value !== "number"
                    ? value
                    : columns[i] === "nextDue"
                      ? format.moment(value)
                      : format.number(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({
  job,
  kind,
  now,
  busy,
  onReplay,
  onDiscard,
}: {
  job: Job;
  kind: string;
  now: number;
  busy: boolean;
  onReplay: () => void;
  onDiscard: () => void;
}) {
  const t = useTranslations("operate.jobs");
  const format = useFormat();
  const state = job.deadAt !== null ? "dead" : job.lastError ? "retrying" : job.dueAt <= now ? "due" : "later";
  const name = [kind, job.title ?? job.recordId].filter(Boolean).join(" · ");
  return (
    <li className="p-3 text-sm">
      <OperateRow
        head={
          <>
            <span className="font-medium">{kind}</span>
            {job.recordId && (
              <Link href={`/records/${job.recordId}`} className="text-accent-text hover:underline">
                {job.title ?? job.recordId}
              </Link>
            )}
            <Status kind={state === "dead" ? "breached" : state === "retrying" ? "at_risk" : "none"}>
              {t(`states.${state}`)}
            </Status>
          </>
        }
        about={[
          job.processName,
          job.timer ? t(`timer.${job.timer.what}`, { name: job.timer.name, step: job.timer.step }) : job.about,
          job.deadAt !== null
            ? t("givenUp", { when: format.ago(job.deadAt) })
            : t("dueAt", { when: format.dateTime(job.dueAt) }),
          job.attempts > 0 && t("tries", { n: job.attempts }),
        ]}
        actions={
          job.deadAt !== null && (
            <>
              <Button
                size="small"
                kind="primary"
                disabled={busy}
                aria-label={t("replayOf", { what: name })}
                onClick={onReplay}
              >
                {t("replay")}
              </Button>
              <Button
                size="small"
                kind="quiet"
                disabled={busy}
                aria-label={t("discardOf", { what: name })}
                onClick={onDiscard}
              >
                {t("discard")}
              </Button>
            </>
          )
        }
      >
        {job.lastError && <p className="break-words text-ink-2">{job.lastError}</p>}
      </OperateRow>
    </li>
  );
}
