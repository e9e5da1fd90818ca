"use client";
import { CheckCircle2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { useAct } from "../use-act.ts";
import { Head } from "../operate/head.tsx";
import { FilterChoice, OperateRow, ReasonLine } from "../operate/parts.tsx";
import { MendPanel } from "./mend-panel.tsx";

type View = Awaited<ReturnType<Caller["incidents"]["list"]>>;
type Incident = View["incidents"][number];
type Retried = Awaited<ReturnType<Caller["incidents"]["retry"]>>["retried"];
export type IncidentAsked = { process: string; node: string; code: string };

/** Where runs are stuck, why in plain words, and what can be done: mend the cause, then let them try again. */
export function IncidentsScreen({ view, asked }: { view: View; asked: IncidentAsked }) {
  const t = useTranslations("incidents");
  const router = useRouter();
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [last, setLast] = useState<{ retried: Retried; named: Record<string, string> } | null>(null);
  const filter = {
    ...(asked.process && { process: asked.process }),
    ...(asked.node && { node: asked.node }),
    ...(asked.code && { code: asked.code }),
  };
  const go = (next: Partial<IncidentAsked>) => {
    const parts = Object.entries({ ...asked, ...next }).filter(([, value]) => value !== "");
    router.push(parts.length ? `/operate/incidents?${new URLSearchParams(parts).toString()}` : "/operate/incidents");
  };
  const retry = (work: () => Promise<{ retried: Retried }>) =>
    act(async () => {
      const named = Object.fromEntries(view.incidents.map((one) => [one.runId, one.recordTitle ?? one.recordId]));
      const { retried } = await work();
      setLast({ retried, named });
    });
  const processes = [...new Map(view.groups.map((one) => [one.process, one.processName]))];
  const within = view.groups.filter((one) => !asked.process || one.process === asked.process);
  const steps = [...new Map(within.map((one) => [one.node, one.stepName]))];
  const codes = [...new Set(within.map((one) => one.code))];
  const select = (name: "process" | "node" | "code", options: { value: string; label: string }[]) => (
    <FilterChoice
      label={t(name)}
      all={t("all")}
      value={asked[name]}
      options={options}
      onChange={(value) => go(name === "process" ? { process: value, node: "", code: "" } : { [name]: value })}
    />
  );
  const filtered = asked.process !== "" || asked.node !== "" || asked.code !== "";
  return (
    <div className="grid content-start gap-4 p-4 md:p-6">
      <Head title={t("title")} text={t("text")}>
        {view.total > 0 && (
          <Button
            kind="primary"
            disabled={busy}
            onClick={() => void retry(() => client.incidents.retryAll.mutate(filter))}
          >
            {t("retryAll", { n: Math.min(view.total, 500) })}
          </Button>
        )}
      </Head>
      {(view.groups.length > 0 || filtered) && (
        <div className="grid gap-3 sm:grid-cols-3">
          {select(
            "process",
            processes.map(([value, label]) => ({ value, label })),
          )}
          {select(
            "node",
            steps.map(([value, label]) => ({ value, label })),
          )}
          {select(
            "code",
            codes.map((value) => ({ value, label: t.has(`codes.${value}`) ? t(`codes.${value}`) : value })),
          )}
        </div>
      )}
      {last && <Outcome retried={last.retried} named={last.named} />}
      {view.total === 0 ? (
        <Empty icon={CheckCircle2} title={t("none")} text={filtered ? t("noneFiltered") : t("noneText")}>
          {filtered && <Button onClick={() => go({ process: "", node: "", code: "" })}>{t("showAll")}</Button>}
        </Empty>
      ) : (
        <>
          <p className="text-sm text-ink-2">{t("count", { n: view.total, shown: view.incidents.length })}</p>
          <ul aria-label={t("title")} className="grid gap-3">
            {view.incidents.map((one) => (
              <Row
                key={one.id}
                incident={one}
                busy={busy}
                onRetry={() =>
                  void retry(() => client.incidents.retry.mutate({ id: one.runId, incident: one.incident }))
                }
                onMend={(work) => void retry(work)}
                onCancel={(reason) =>
                  void act(
                    () => client.runs.cancel.mutate({ id: one.runId, reason }).then(() => setLast(null)),
                    t("cancelled", { record: one.recordTitle ?? one.recordId }),
                  )
                }
              />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Row({
  incident,
  busy,
  onRetry,
  onMend,
  onCancel,
}: {
  incident: Incident;
  busy: boolean;
  onRetry: () => void;
  onMend: (work: () => Promise<{ retried: Retried }>) => void;
  onCancel: (reason: string) => void;
}) {
  const t = useTranslations("incidents");
  const format = useFormat();
  const [ending, setEnding] = useState(false);
  const [mending, setMending] = useState(false);
  const title = incident.recordTitle ?? incident.recordId;
  return (
    <li className="grid gap-2 rounded-lg border border-line bg-surface p-3 text-sm">
      <OperateRow
        head={
          <>
            <Link href={`/records/${incident.recordId}`} className="font-semibold text-accent-text hover:underline">
              {title}
            </Link>
            <Status kind="breached">
              {t.has(`codes.${incident.code}`) ? t(`codes.${incident.code}`) : incident.code}
            </Status>
          </>
        }
        about={[
          `${incident.processName} v${incident.version}`,
          incident.stepName,
          t("since", { when: format.ago(incident.raisedAt) }),
          incident.owner && t("owner", { name: incident.owner }),
        ]}
        actions={
          <>
            <Button
              size="small"
              kind="primary"
              disabled={busy}
              aria-label={t("retryOf", { record: title })}
              onClick={onRetry}
            >
              {t("retry")}
            </Button>
            <Button
              size="small"
              disabled={busy}
              aria-expanded={mending}
              aria-label={t("mendOf", { record: title })}
              onClick={() => setMending(!mending)}
            >
              {t("mendOpen")}
            </Button>
            <Button
              size="small"
              kind="quiet"
              disabled={busy}
              aria-expanded={ending}
              aria-label={t("cancelOf", { record: title })}
              onClick={() => setEnding(!ending)}
            >
              {t("cancel")}
            </Button>
          </>
        }
      />
      <p className="break-words">{incident.text}</p>
      <p className="text-ink-2">
        {t.has(`help.${incident.code}`) ? t(`help.${incident.code}`) : t("help.other")}
        {incident.newer !== null && ` ${t("newer", { live: incident.newer, old: incident.version })}`}
        {incident.processId && (
          <Link
            href={`/processes/${incident.processId}?v=${incident.version}`}
            className="ml-1 text-accent-text underline"
          >
            {t("openProcess")}
          </Link>
        )}
      </p>
      {mending && (
        <MendPanel
          runId={incident.runId}
          incident={incident.incident}
          newer={incident.newer}
          busy={busy}
          onRetry={onMend}
        />
      )}
      {ending && (
        <ReasonLine
          label={t("cancelReason")}
          doIt={t("cancelNow")}
          busy={busy}
          className="border-t border-line pt-2"
          onReason={onCancel}
        />
      )}
    </li>
  );
}

/** What came of the last try. */
function Outcome({ retried, named }: { retried: Retried; named: Record<string, string> }) {
  const t = useTranslations("incidents");
  const moved = retried.filter((one) => one.result === "moved").length;
  const others = retried.filter((one) => one.result !== "moved");
  return (
    <div role="status" className="grid gap-1 rounded-md bg-info-bg px-3 py-2 text-sm text-info">
      <p className="font-semibold">{t("after", { moved, stuck: others.length })}</p>
      {others.slice(0, 5).map((one) => (
        <p key={`${one.runId}.${one.incident}`}>{`${named[one.runId] ?? one.runId}: ${one.text ?? ""}`}</p>
      ))}
      {others.length > 5 && <p>{t("more", { n: others.length - 5 })}</p>}
    </div>
  );
}
