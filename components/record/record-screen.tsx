"use client";
import { AlertOctagon, CircleHelp, GitBranch, Hand, History as Clock, Mail, Play } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useMemo, useState } from "react";
import { toast } from "../ui/toast.tsx";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { AskedLevels } from "../approval/asked-levels.tsx";
import { Withdraw } from "../approval/withdraw.tsx";
import { decimalsOf } from "../inbox/form-field.tsx";
import { PracticeClock } from "../practice-clock.tsx";
import { Button, buttonLook } from "../ui/button.tsx";
import { laterDialog } from "../ui/dialog.tsx";
import { useFormat } from "../ui/locale.tsx";
import { HoldRun } from "../operate/hold-run.tsx";
import { Status, type StatusKind } from "../ui/status.tsx";
import { useAct } from "../use-act.ts";
import { ClockCard } from "./clock-card.tsx";
import { FieldList } from "./field-list.tsx";
import { History } from "./history.tsx";
import { MessageDialog } from "./message-dialog.tsx";
import { Missing } from "./missing.tsx";
import { MoveDialog } from "./move-dialog.tsx";
import { RecomputeDialog } from "./recompute-dialog.tsx";
import { RunFlow } from "./run-flow.tsx";
import { RunPath } from "./run-path.tsx";
import { Rounds, TokenFlow } from "./token-flow.tsx";
import { UnattachedList } from "./unattached.tsx";
import { Where } from "./where.tsx";

/** Asked for by a click: its code comes then. */
const WhyDialog = laterDialog(() => import("./why-dialog.tsx").then((m) => m.WhyDialog));
const NoRunDialog = laterDialog(() => import("./no-run-dialog.tsx").then((m) => m.NoRunDialog));
const RunVersionDialog = laterDialog(() => import("../migrate/run-version-dialog.tsx").then((m) => m.RunVersionDialog));

export type RecordView = Awaited<ReturnType<Caller["records"]["read"]>>;

/** One record: its path, where it is and why, its clocks, its fields, everything that happened. */
export function RecordScreen({
  record,
  mayRetry,
  maySend,
  mayRecompute,
}: {
  record: RecordView;
  mayRetry: boolean;
  maySend: boolean;
  mayRecompute: boolean;
}) {
  const t = useTranslations("record");
  const n = useTranslations("noRun");
  const v = useTranslations("runVersion");
  const format = useFormat();
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [recomputed, setRecomputed] = useState<string | null>(null);
  const byName = useMemo(() => new Map(record.fields.map((field) => [field.name, field.label])), [record.fields]);
  const [whyNot, setWhyNot] = useState(false);
  const [versioned, setVersioned] = useState<string | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const [moving, setMoving] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  /** Tells whether it went on or stands before the reason again. */
  async function retry(id: string, incident: string) {
    const { retried } = await client.incidents.retry.mutate({ id, incident });
    const [first] = retried;
    if (first?.result === "moved") toast(t("movedOn"));
    else toast.error(first?.text ?? t("stuck"));
  }
  const labels = new Map(record.fields.map((field) => [`${record.type}.${field.name}`, field.label]));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4 md:p-6">
      <header className="flex flex-wrap items-start gap-2">
        <div className="grid gap-0.5">
          <h1 className="text-xl font-semibold">{record.title}</h1>
          <p className="text-sm text-ink-3">
            {[record.typeLabel, record.status, record.owner, t("updated", { when: format.ago(record.updatedAt) })]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <div className="ml-auto flex flex-wrap gap-2">
          {maySend && record.runs.some((run) => run.awaits.length > 0) && (
            <Button onClick={() => setSending(true)}>
              <Mail aria-hidden className="size-4" />
              {t("message.open")}
            </Button>
          )}
          {record.startable
            .filter((p) => !p.running)
            .map((p) => (
              <Button
                key={p.key}
                disabled={busy}
                onClick={() => void act(() => client.runs.start.mutate({ process: p.key, recordId: record.id }))}
              >
                <Play aria-hidden className="size-4" />
                {t("start", { process: p.name })}
              </Button>
            ))}
        </div>
      </header>
      <PracticeClock />
      {record.lockedBy && <p className="rounded-md bg-info-bg px-3 py-2 text-sm text-info">{t("locked")}</p>}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_340px]">
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          {record.runs.length === 0 && (
            <p className="rounded-lg border border-line bg-surface p-4 text-sm text-ink-2">{t("noRuns")}</p>
          )}
          {record.runs.every((run) => run.endedAt !== null) && (
            <Button size="small" className="justify-self-start" onClick={() => setWhyNot(true)}>
              <CircleHelp aria-hidden className="size-3.5" />
              {n("open")}
            </Button>
          )}
          {record.runs.map((run) => (
            <section
              key={run.id}
              id={run.id}
              aria-label={run.processName}
              className="grid grid-cols-[minmax(0,1fr)] gap-3 rounded-lg border border-line bg-surface p-4"
            >
              <div className="flex flex-wrap items-center gap-2">
                <h2 className="text-sm font-semibold">{`${run.processName} v${run.version}`}</h2>
                <Status kind={statusOf(run)}>
                  {statusOf(run) === "breached"
                    ? t("stuck")
                    : statusOf(run) === "blocked"
                      ? t("blocked")
                      : statusOf(run) === "at_risk"
                        ? t("held")
                        : t(`run.${run.status}`)}
                </Status>
                <Button size="small" kind="quiet" onClick={() => setAsked(run.id)}>
                  <CircleHelp aria-hidden className="size-3.5" />
                  {t("why")}
                </Button>
                <Link
                  className={buttonLook({ kind: "quiet", size: "small" })}
                  href={`/records/${record.id}/then?run=${run.id}`}
                >
                  <Clock aria-hidden className="size-3.5" />
                  {t("then")}
                </Link>
                {run.moves && (run.moves.tokens.length > 0 || run.moves.steps.length > 0) && (
                  <Button size="small" kind="quiet" onClick={() => setMoving(run.id)}>
                    <Hand aria-hidden className="size-3.5" />
                    {t("move.open")}
                  </Button>
                )}
                <span className="ml-auto text-xs text-ink-3">
                  {t("started", { when: format.dateTime(run.startedAt) })}
                </span>
              </div>
              <RunPath path={run.path} />
              <RunFlow run={run} />
              {run.where.slice(0, whole.has(run.id) ? undefined : mostPlaces).map((where) => {
                const flow = run.flow?.tokens.find((one) => one.token === where.token);
                return (
                  <div key={where.token} className="grid grid-cols-[minmax(0,1fr)] gap-2">
                    <Where
                      where={where}
                      labels={labels}
                      {...(flow && {
                        before: <Rounds flow={flow} />,
                        after: <TokenFlow flow={flow} called={run.children} />,
                      })}
                    />
                    {where.parts.length > 0 && <Missing step={where.name} parts={where.parts} />}
                  </div>
                );
              })}
              {run.asked.map((asked) => (
                <div key={asked.token} className="grid grid-cols-[minmax(0,1fr)] gap-2">
                  <AskedLevels asked={asked} />
                  <Withdraw
                    asked={asked}
                    withdraw={(reason) =>
                      act(() =>
                        client.runs.withdraw.mutate({ id: run.id, token: asked.token, ...(reason && { reason }) }),
                      )
                    }
                  />
                </div>
              ))}
              {run.where.length > mostPlaces && !whole.has(run.id) && (
                <Button
                  size="small"
                  kind="quiet"
                  className="justify-self-start"
                  onClick={() => setWhole(new Set([...whole, run.id]))}
                >
                  {t("flow.more", { n: run.where.length - mostPlaces })}
                </Button>
              )}
              {mayRetry && (
                <div className="flex flex-wrap gap-2">
                  <HoldRun id={run.id} status={run.status} />
                  {run.endedAt === null && (
                    <Button size="small" kind="quiet" onClick={() => setVersioned(run.id)}>
                      <GitBranch aria-hidden className="size-3.5" />
                      {v("open")}
                    </Button>
                  )}
                </div>
              )}
              {run.incidents.map((incident) => (
                <p
                  key={incident.id}
                  className="flex items-center gap-2 rounded-md bg-breach-bg px-3 py-2 text-sm text-breach"
                >
                  <AlertOctagon aria-hidden className="size-4 shrink-0" />
                  {incident.text}
                  {mayRetry && (
                    <Button
                      size="small"
                      className="ml-auto"
                      disabled={busy}
                      onClick={() => void act(() => retry(run.id, incident.id))}
                    >
                      {t("retry")}
                    </Button>
                  )}
                </p>
              ))}
              {run.work.map((work) => (
                <p key={work.id} className="text-sm">
                  <Link href={`/inbox?task=${work.id}`} className="font-semibold text-accent-text hover:underline">
                    {work.name}
                  </Link>
                  <span className="text-ink-2">
                    {[itemOf(run, work.token) ?? "", work.assignee ?? t("nobody")]
                      .filter(Boolean)
                      .map((part) => ` – ${part}`)
                      .join("")}
                  </span>
                </p>
              ))}
              {(run.clocks.length > 0 || run.unattached.length > 0) && (
                <section aria-label={t("clocks")} className="grid gap-1">
                  <div className="flex items-center gap-2">
                    <h3 className="text-xs font-semibold text-ink-3">{t("clocks")}</h3>
                    {mayRecompute && run.clocks.length > 0 && (
                      <Button size="small" className="ml-auto" onClick={() => setRecomputed(run.id)}>
                        {t("recompute")}
                      </Button>
                    )}
                  </div>
                  <ul>
                    {run.clocks.map((clock) => (
                      <ClockCard key={clock.id} clock={clock} names={run.names} labels={byName} recordId={record.id} />
                    ))}
                  </ul>
                  <UnattachedList list={run.unattached} names={run.names} labels={byName} />
                </section>
              )}
            </section>
          ))}
          <History record={record} />
        </div>
        <aside className="grid gap-4">
          <FieldList record={record} decimals={decimalsOf(record.currency)} />
          {record.related.length > 0 && (
            <section aria-label={t("related")} className="rounded-lg border border-line bg-surface p-4">
              <h2 className="mb-2 text-sm font-semibold">{t("related")}</h2>
              <ul className="grid gap-1 text-sm">
                {record.related.map((r) => (
                  <li key={r.id} className="flex gap-2">
                    <Link href={`/records/${r.id}`} className="truncate font-medium text-accent-text hover:underline">
                      {r.title}
                    </Link>
                    <span className="ml-auto text-xs text-ink-3">{r.typeLabel}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </aside>
      </div>
      {asked && <WhyDialog open runId={asked} currency={record.currency} onClose={() => setAsked(null)} />}
      <NoRunDialog recordId={record.id} currency={record.currency} open={whyNot} onClose={() => setWhyNot(false)} />
      {versioned && (
        <RunVersionDialog
          open
          runId={versioned}
          name={record.runs.find(({ id }) => id === versioned)?.processName ?? ""}
          onClose={() => setVersioned(null)}
        />
      )}
      {recomputed && <RecomputeDialog runId={recomputed} onClose={() => setRecomputed(null)} />}
      {record.runs.map(
        (run) =>
          run.moves &&
          moving === run.id && (
            <MoveDialog key={run.id} run={{ ...run, moves: run.moves }} open onClose={() => setMoving(null)} />
          ),
      )}
      {sending && <MessageDialog record={record} open onClose={() => setSending(false)} />}
    </div>
  );
}

/** A run in a long list stands in many places: the first are shown. */
const mostPlaces = 12;

/** The item that a token is about. */
const itemOf = (run: RecordView["runs"][number], token: string): string | null =>
  run.flow?.tokens.find((one) => one.token === token)?.inside.at(-1)?.item ?? null;

/** Stuck before blocked before held: what has to be done first. */
function statusOf(run: RecordView["runs"][number]): StatusKind {
  if (run.status === "completed") return "done";
  if (run.status === "suspended") return "paused";
  if (run.incidents.length) return "breached";
  if (run.where.some((w) => w.blocked?.by === "member")) return "blocked";
  if (run.where.some((w) => w.state === "held")) return "at_risk";
  return "info";
}
