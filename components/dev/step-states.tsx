"use client";
import { useTranslations } from "use-intl";
import type { InboxRow } from "@/server/inbox/read-inbox.ts";
import { type StepKindId, stepKinds } from "@/server/engine/process.ts";
import { PathStrip } from "../inbox/path-strip.tsx";
import { Queue } from "../inbox/queue.tsx";
import { TaskCard, type Typed } from "../inbox/task-card.tsx";
import { StepFace } from "../process/step-face.tsx";
import { ClockStatus } from "../record/clock-status.tsx";
import { Rounds, TokenFlow } from "../record/token-flow.tsx";
import { Where } from "../record/where.tsx";
import { useFormat } from "../ui/locale.tsx";
import { clocks, flowOf, rows, task, wheres } from "./made-up.ts";

const states = ["on_track", "at_risk", "breached", "paused", "blocked"] as const;
const isHuman = (kind: StepKindId): kind is "task" | "approval" => kind === "task" || kind === "approval";
/** Kinds in which nothing stays have no clock: they are drawn empty or stuck. */
const holds = (kind: StepKindId) => isHuman(kind) || kind === "wait" || kind === "subprocess";

/** Every kind of step in every state it can be in, made of the components that the screens use. Nothing here can be pressed. */
export function StepStates() {
  const t = useTranslations("steps");
  const kindName = useTranslations("processes.kinds");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8 p-4 md:p-6">
      <header className="grid max-w-2xl gap-1">
        <h1 className="text-xl font-semibold">{t("title")}</h1>
        <p className="text-sm text-ink-2">{t("text")}</p>
        <nav aria-label={t("kinds")} className="flex flex-wrap gap-x-3 gap-y-1 text-sm">
          {stepKinds.map((kind) => (
            <a key={kind} href={`#kind-${kind}`} className="text-accent-text hover:underline">
              {kindName(kind)}
            </a>
          ))}
        </nav>
      </header>
      {stepKinds.map((kind) => (
        <section key={kind} aria-labelledby={`kind-${kind}`} className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <h2 id={`kind-${kind}`} className="text-lg font-semibold">
            {kindName(kind)}
          </h2>
          <div inert className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <MapCards kind={kind} />
            {isHuman(kind) && <InInbox kind={kind} />}
            <OnRecord kind={kind} />
          </div>
        </section>
      ))}
    </div>
  );
}

function MapCards({ kind }: { kind: StepKindId }) {
  const t = useTranslations("steps");
  const status = useTranslations("status");
  const face = { name: t("name"), kind, role: isHuman(kind) ? t("role") : "", stuck: 0, state: null };
  const shown = [
    { id: "empty", wip: 0, ...face, sla: holds(kind) ? "8h" : "" },
    ...(holds(kind)
      ? states.map((state, i) => ({
          id: state,
          ...face,
          sla: "8h",
          wip: 4 + i * 9,
          state: { kind: state, word: `${i + 2} ${status(state).toLowerCase()}` },
        }))
      : []),
    ...(kind === "end" || kind === "start" ? [] : [{ id: "incident", ...face, sla: "", wip: 12, stuck: 3 }]),
  ];
  return (
    <Part title={t("map")}>
      <div className="flex flex-wrap gap-4">
        {shown.map(({ id, ...props }) => (
          <figure key={id} className="grid gap-1">
            <StepFace {...props} />
            <figcaption className="text-xs text-ink-2">{t(`states.${id}`)}</figcaption>
          </figure>
        ))}
      </div>
    </Part>
  );
}

function InInbox({ kind }: { kind: "task" | "approval" }) {
  const t = useTranslations("steps");
  const { now } = useFormat();
  const words = {
    title: t("name"),
    record: t("record_title"),
    process: t("process"),
    reason: t("reason"),
    role: t("role"),
    sla: t("sla"),
    next: t("next"),
    branch: t("branch"),
    previous: t("previous"),
    guidance: t("guidance"),
    check: t("check"),
  };
  const list: InboxRow[] = rows(kind, words, now);
  return (
    <>
      <Part title={t("inbox")}>
        <div className="max-w-md overflow-hidden rounded-lg border border-line bg-surface">
          <Queue rows={list} selected={list[1]?.id ?? null} currency="USD" onSelect={nothing} />
        </div>
      </Part>
      <Part title={t("card")}>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-2">
          {(["on_track", "breached", "blocked", "done"] as const).map((state) => (
            <TaskCard
              key={state}
              card={task(kind, state, words, now)}
              currency="USD"
              ref={null}
              typed={untyped}
              place={{ at: 1, of: 4 }}
              focused={false}
              onFocus={nothing}
              onRecord={nothing}
              onBack={nothing}
              onChanged={nothing}
              onComplete={async () => {}}
            />
          ))}
        </div>
      </Part>
    </>
  );
}

function OnRecord({ kind }: { kind: StepKindId }) {
  const t = useTranslations("steps");
  const { now } = useFormat();
  const name = t("name");
  const words = { name, previous: t("previous"), next: t("next"), item: t("record_title") };
  const line = (state: "done" | "skipped" | "now" | "stuck") => [
    { node: "before", name: t("previous"), kind: "task", state: "done" as const, at: now },
    { node: "it", name, kind, state, at: now },
    { node: "after", name: t("next"), kind: "task", state: "likely" as const, at: null },
  ];
  const lines = holds(kind) ? (["now", "done", "skipped", "stuck"] as const) : (["stuck"] as const);
  if (kind === "start" || kind === "end") return null;
  return (
    <Part title={t("record")}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3 md:grid-cols-2">
        {lines.map((state) => (
          <div
            key={state}
            className="grid grid-cols-[minmax(0,1fr)] gap-2 rounded-lg border border-line bg-surface p-3"
          >
            <p className="text-xs text-ink-2">{t(`lines.${state}`)}</p>
            <PathStrip path={line(state)} />
          </div>
        ))}
        {wheres(kind, { name, role: t("role"), branch: t("branch"), incident: t("incident") }, now).map((where) => (
          <Where
            key={where.state}
            where={where}
            {...(where.state !== "failed" &&
              where.state !== "held" && {
                before: <Rounds flow={flowOf(kind, words, now)} />,
                after: <TokenFlow flow={flowOf(kind, words, now)} called={[]} />,
              })}
          />
        ))}
      </div>
      {holds(kind) && (
        <p className="flex flex-wrap items-center gap-2 text-xs text-ink-2">
          {t("clocks")}
          {clocks(now).map((clock) => (
            <ClockStatus key={`${clock.state}/${clock.dueAt}/${clock.breachedAt}`} clock={clock} />
          ))}
        </p>
      )}
    </Part>
  );
}

const Part = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
    <h3 className="text-xs font-semibold text-ink-2">{title}</h3>
    {children}
  </div>
);

const untyped = new Map<string, Typed>();
function nothing(): void {}
