"use client";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { useAct } from "../use-act.ts";
import { Button } from "../ui/button.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { Figure, Head } from "./head.tsx";

type Health = Awaited<ReturnType<Caller["operate"]["health"]>>;
type MachineClock = Awaited<ReturnType<Caller["time"]["read"]>>["clock"];
type Hold = Awaited<ReturnType<Caller["operate"]["held"]>>["hold"];

/** How the server is; after a restore, what is held back and can be let go. */
export function HealthScreen({
  health,
  hold,
  clock,
  may,
}: {
  health: Health;
  hold: Hold;
  /** Null for those who may not see it. */
  clock: MachineClock | null;
  may: { release: boolean; believe: boolean };
}) {
  const t = useTranslations("operate.health");
  const format = useFormat();
  const size = (bytes: number) =>
    bytes < 10 * 1_073_741_824
      ? `${format.number(bytes / 1_048_576, bytes < 10_485_760 ? 1 : 0)} MB`
      : `${format.number(bytes / 1_073_741_824)} GB`;
  const seconds = (ms: number) => (ms < 60_000 ? `${format.number(ms / 1000, 0)} s` : format.duration(ms));
  const figures: [string, string][] = [
    ["commands", format.number(health.answeredLastMinute)],
    ["refused", format.number(health.refusedLastMinute)],
    ["jobs", format.number(health.jobs)],
    ["due", format.number(health.due)],
    ["lag", seconds(health.lag)],
    ["timerLag", seconds(health.timerLag)],
    ["dead", format.number(health.dead)],
    ["incidents", format.number(health.incidents)],
    ["batches", format.number(health.runningBatches)],
    ["events", format.number(health.events)],
    ["database", size(health.databaseBytes)],
    ["disk", health.diskFree === null ? t("elsewhere") : size(health.diskFree)],
    ["memory", size(health.memoryBytes)],
    ["uptime", seconds(health.uptimeSeconds * 1000)],
  ];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 p-4 md:p-6">
      <Head title={t("title")} text={t("text", { version: health.version })}>
        <Status kind={health.ready ? "on_track" : "breached"}>{t(health.ready ? "ready" : "full")}</Status>
      </Head>
      {clock && clock.kind !== "right" && <ClockDoubt clock={clock} mayBelieve={may.believe} />}
      {hold && <Held hold={hold} mayRelease={may.release} />}
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-5">
        {figures.map(([name, value]) => (
          <Figure key={name} name={t(name)} value={value} />
        ))}
      </dl>
      <p className="text-sm text-ink-2">{t("metrics")}</p>
    </div>
  );
}

/** The machine's clock has leapt: the engine does not follow before somebody says that it is right. */
function ClockDoubt({ clock, mayBelieve }: { clock: Exclude<MachineClock, { kind: "right" }>; mayBelieve: boolean }) {
  const t = useTranslations("operate.health");
  const format = useFormat();
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const slow = clock.kind === "behind" && clock.slow;
  const by = format.duration(Math.abs(clock.byMs));
  return (
    <section aria-labelledby="clock" className="grid gap-3 rounded-lg border border-risk bg-surface p-4 text-sm">
      <h2 id="clock" className="font-semibold">
        {t("clock")}
      </h2>
      <p>{slow ? t("clockSlow") : t(clock.kind === "ahead" ? "clockAhead" : "clockBehind", { by })}</p>
      {!slow && (
        <>
          <p className="text-ink-2">{t("clockHelp")}</p>
          {mayBelieve ? (
            <Button disabled={busy} onClick={() => void act(() => client.time.release.mutate(), t("clockBelieved"))}>
              {t("clockBelieve")}
            </Button>
          ) : (
            <p className="text-ink-2">{t("clockAskAdmin")}</p>
          )}
        </>
      )}
    </section>
  );
}

function Held({ hold, mayRelease }: { hold: NonNullable<Hold>; mayRelease: boolean }) {
  const t = useTranslations("operate.health");
  const jobs = useTranslations("operate.jobs");
  const format = useFormat();
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const kindOf = (kind: string) => (jobs.has(`kinds.${kind}`) ? jobs(`kinds.${kind}`) : kind);
  const release = (discardOld: boolean) => void act(() => client.operate.release.mutate({ discardOld }), t("released"));
  return (
    <section aria-labelledby="held" className="grid gap-3 rounded-lg border border-risk bg-surface p-4 text-sm">
      <h2 id="held" className="font-semibold">
        {t("held")}
      </h2>
      <p>{t("heldText", { backup: format.dateTime(hold.backupAt), since: format.dateTime(hold.since) })}</p>
      {hold.kinds.length === 0 ? (
        <p>{t("heldNothing")}</p>
      ) : (
        <ul className="grid gap-0.5">
          {hold.kinds.map(({ kind, n }) => (
            <li key={kind}>{t("heldKind", { kind: kindOf(kind), n })}</li>
          ))}
        </ul>
      )}
      {mayRelease ? (
        <div className="flex flex-wrap gap-2">
          <Button kind="primary" disabled={busy} onClick={() => release(true)}>
            {t("releaseNew")}
          </Button>
          <Button disabled={busy} onClick={() => release(false)}>
            {t("releaseAll")}
          </Button>
        </div>
      ) : (
        <p className="text-ink-2">{t("askAdmin")}</p>
      )}
      <p className="text-xs text-ink-3">{t("releaseHelp")}</p>
    </section>
  );
}
