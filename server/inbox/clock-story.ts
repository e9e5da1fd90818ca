/**
 * A clock told in order: what it did, when, why, and the fact of the log that made it do so; its stretches, and every figure it has.
 * The sentences are the screen's; here is what they need.
 */
import type { Row } from "@/db/store.ts";
import { calendarAt } from "@/server/commands/resolve-calendar.ts";
import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";
import type { ClockWhy, StoredEvent } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { SlaClock } from "@/server/engine/clocks/sla.ts";
import { type ClockFigures, figures, status } from "@/server/engine/clocks/sla.ts";
import { type Band, clockBands } from "./clock-bands.ts";

const told = [
  "ClockStarted",
  "ClockPaused",
  "ClockResumed",
  "ClockWarned",
  "ClockBreached",
  "ClockRetargeted",
  "ClockRecomputed",
  "ClockCompleted",
  "ClockCancelled",
] as const;
export type ClockTurn = {
  seq: number;
  at: number;
  what: (typeof told)[number];
  /** `50 %`, `2h late`, the target it has from here on, how it was recomputed. */
  detail: string | null;
  why: ClockWhy | null;
  /** The fact that made it do so: what happened to the record or the run at that instant. */
  cause: {
    seq: number;
    type: StoredEvent["type"];
    data: unknown /** whose page tells it */;
    record: string | null;
  } | null;
  quiet: boolean;
};
export type ClockStory = ClockFigures & {
  id: string;
  sla: string;
  name: string;
  node: string | null;
  state: SlaClock["state"];
  status: ReturnType<typeof status>;
  cycle: number;
  target: string | null;
  targetMs: number;
  startedAt: number;
  stoppedAt: number | null;
  dueAt: number | null;
  originalDueAt: number;
  breachedAt: number | null;
  atRiskAt: number | null;
  calendar: { key: string; revision: number; zone: string } | null;
  definition: number | null;
  revision: number;
  turns: ClockTurn[];
  bands: Band[];
};

/** `events`: those of the run and of the records it looks at, in the order of the log. */
export function clockStory(
  context: WorkspaceContext,
  process: CompiledProcess,
  row: Row<"slaClock">,
  events: readonly StoredEvent[],
  now: number,
): ClockStory {
  const clock = row.data;
  const calendar = calendarAt(context.revisions, process.document, clock.calendar);
  const until = clock.stoppedAt ?? now;
  const open = clock.pausedAt === undefined ? [] : [[clock.pausedAt, until] as const];
  const sla = process.document.slas[row.sla];
  return {
    ...figures(clock, calendar, now),
    id: row.clock,
    sla: row.sla,
    name: sla?.name ?? row.sla,
    node: row.node ? (process.nodes.get(row.node)?.node.name ?? row.node) : null,
    state: clock.state,
    status: status(clock, now),
    cycle: clock.cycle,
    target: clock.target ?? sla?.target ?? null,
    targetMs: clock.targetMs,
    startedAt: clock.startedAt,
    stoppedAt: clock.stoppedAt ?? null,
    dueAt: clock.dueAt ?? null,
    originalDueAt: clock.originalDueAt,
    breachedAt: clock.breachedAt ?? null,
    atRiskAt: clock.atRiskAt ?? null,
    calendar: clock.calendar && {
      key: clock.calendar.key,
      revision: clock.calendar.revision,
      zone: clock.calendar.zone,
    },
    definition: clock.definition ?? row.version,
    revision: clock.revision ?? 0,
    turns: turnsOf(row.runId, row.clock, events),
    bands: clockBands(calendar, clock.startedAt, until, [...(clock.pauses ?? pausesIn(row, events)), ...open]),
  };
}

/** Pauses of a clock that does not list them itself: as its facts tell. */
function pausesIn(row: Row<"slaClock">, events: readonly StoredEvent[]): [number, number][] {
  const pauses: [number, number][] = [];
  for (const event of events) {
    if (event.stream.id !== row.runId) continue;
    const at = event.due ?? event.at;
    if (event.type === "ClockPaused" && event.data.id === row.clock) pauses.push([at, at]);
    if (event.type === "ClockResumed" && event.data.id === row.clock && pauses.length) pauses.at(-1)![1] = at;
  }
  return pauses.filter(([from, to]) => to > from);
}

function turnsOf(runId: string, id: string, events: readonly StoredEvent[]): ClockTurn[] {
  return events.flatMap((event, index): ClockTurn[] => {
    if (event.stream.id !== runId || !isTold(event) || event.data.id !== id) return [];
    const { data } = event;
    return [
      {
        seq: event.seq,
        at: event.due ?? event.at,
        what: event.type,
        detail: detailOf(event),
        why: "why" in data && data.why ? data.why : null,
        cause: causeOf(events, index),
        quiet: "quiet" in data && data.quiet === true,
      },
    ];
  });
}

type Told = Extract<StoredEvent, { type: (typeof told)[number] }>;
const isTold = (event: StoredEvent): event is Told => told.some((type) => type === event.type);

function detailOf(event: Told): string | null {
  switch (event.type) {
    case "ClockWarned":
      return event.data.rung ?? `${event.data.percent} %`;
    case "ClockStarted":
    case "ClockRetargeted":
      return event.data.clock.target ?? null;
    case "ClockRecomputed":
      return event.data.reason;
    default:
      return null;
  }
}

/** Facts of the machinery that explain nothing. */
const silent = /^(Clock|Timer|Latch|StepPaused|StepResumed|Effect|TokenHeld)/;

/**
 * The nearest fact before it of the same command; else the last change of a record at the same instant, for what other runs and
 * people did to it. Rungs ring by themselves.
 */
function causeOf(events: readonly StoredEvent[], index: number): ClockTurn["cause"] {
  const event = events[index]!;
  if (event.type === "ClockWarned" || event.type === "ClockBreached" || event.type === "ClockRecomputed") return null;
  const instant = event.due ?? event.at;
  let found: StoredEvent | null = null;
  for (let i = index - 1; i >= 0 && index - i < 500; i--) {
    const other = events[i]!;
    if (silent.test(other.type)) continue;
    const sameInstant = (other.due ?? other.at) === instant;
    if (other.cause === event.cause && sameInstant) return factOf(other);
    if (sameInstant && other.stream.kind === "record") found ??= other;
    if (!sameInstant && other.cause !== event.cause) break;
  }
  return found && factOf(found);
}

const factOf = ({ seq, type, data, stream }: StoredEvent): NonNullable<ClockTurn["cause"]> => ({
  seq,
  type,
  data,
  record: stream.kind === "record" ? stream.id : null,
});
