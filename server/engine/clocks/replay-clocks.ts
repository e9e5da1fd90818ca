/**
 * A run's clocks computed anew from its log: the same facts, in their order, with the records as they were then, looked at under
 * the definitions and calendars that are given. Nothing is written; what comes out stands beside what the run has.
 */
import {
  announceAll,
  endClock,
  endVisitClocks,
  reviewClocks,
  ringClock,
  startRunClocks,
  startVisitClocks,
  holdClocks,
  releaseClocks,
} from "./clocks.ts";
import { isVisitEvent } from "./compile-sla.ts";
import type { StoredEvent } from "../events.ts";
import { evolve } from "../evolve.ts";
import type { CompiledProcess } from "../graph.ts";
import type { EngineRecord, Run, RunClock, Timer } from "../model.ts";
import { closeClocks, openClocks, rebaseClocks } from "../migrate/clocks.ts";
import type { VersionRef } from "../migrate/map.ts";
import { quietTurn } from "../quiet-turn.ts";
import { emit, type Turn } from "../turn.ts";
import type { Records, World } from "../world.ts";

export type ReplayInput = {
  /** The version the run was started under. */
  process: CompiledProcess;
  /** Versions that a migration led to, with the same promises that count. */
  versions?: (ref: VersionRef) => CompiledProcess | null;
  /** Every event of the run and of the records it looks at, by their number in the log. */
  events: readonly StoredEvent[];
  world: World;
  /** Those records as the replay goes: it changes them. */
  records: Records;
  /** Up to when time passes. */
  until: number;
};

/** Every clock in the order they began, ended ones with their end. */
export function replayClocks({ process, versions, events, world, records, until }: ReplayInput): RunClock[] {
  const facts = withoutUndone(events);
  const first = facts.findIndex((event) => event.type === "RunStarted");
  const started = facts[first];
  if (started?.type !== "RunStarted") return [];
  const skipped = skippedOnEntry(facts);
  for (const event of facts.slice(0, first)) recordOf(event, records);
  const turn = quietTurn(process, evolve(null, started), { ...world, records }, instantOf(started));
  const ended: RunClock[] = [];
  // What a run wrote itself it has heard of where its own log says so.
  const own = new Set(facts.flatMap((event) => (event.stream.kind === "run" ? (event.cause ?? []) : [])));
  const told = new Set<string>();
  const tell = (names: readonly string[], visit?: string, node?: string) => {
    const fresh = names.filter((name) => visit || !told.has(`${name}@${turn.instant}`));
    for (const name of fresh) told.add(`${name}@${turn.instant}`);
    if (fresh.length) announceAll(turn, fresh, visit, node);
  };
  turn.watch = {
    before(event, run) {
      if ((event.type === "ClockCompleted" || event.type === "ClockCancelled") && run?.clocks[event.data.id])
        ended.push({ ...run.clocks[event.data.id]!, clock: event.data.clock });
    },
    after() {},
  };
  startRunClocks(turn);
  told.add(`${started.data.trigger.event}@${turn.instant}`);
  tell(["run.started"]);
  let dirty = true;
  facts.slice(first + 1).forEach((event, i) => {
    const at = Math.max(turn.instant, instantOf(event));
    const before = facts[first + i];
    // What one command did is looked at when all of it is done.
    if (dirty && (before?.cause !== event.cause || at > turn.instant)) {
      reviewClocks(turn);
      dirty = false;
    }
    pass(turn, at);
    turn.now = turn.instant = at;
    if (event.type === "RunMigrated") crossOver(turn, event, versions?.(event.data.to) ?? null);
    else apply(turn, event, { records, skipped, own, tell });
    dirty = true;
  });
  if (dirty && turn.run.status === "active") reviewClocks(turn);
  pass(turn, until);
  return [...ended, ...Object.values(turn.run.clocks)].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
}

const instantOf = (event: StoredEvent): number => event.due ?? event.at;

/** The run goes on under another version: its clocks are closed, kept and opened as they were then. */
function crossOver(turn: Turn, event: StoredEvent<"RunMigrated">, target: CompiledProcess | null): void {
  const { map, rebase = [] } = event.data;
  if (!map || !target) return;
  const source = turn.process;
  const stood = new Map(Object.values(turn.run.visits).map(({ id, node }) => [id, node]));
  closeClocks(turn, target, map);
  turn.process = target;
  turn.run = evolve(turn.run, event);
  rebaseClocks(turn, rebase, map);
  openClocks(turn, source, map, stood);
}

/** A completion or migration that was undone has never been: what it did is left out, as the run has forgotten it. */
function withoutUndone(events: readonly StoredEvent[]): StoredEvent[] {
  const kept: StoredEvent[] = [];
  for (const event of events) {
    const restored = event.type === "WorkUndone" || event.type === "RunMigrated" ? event.data.restored : undefined;
    if (restored === undefined) {
      kept.push(event);
      continue;
    }
    const { rev } = JSON.parse(restored) as Run;
    for (let i = kept.length - 1; i >= 0; i--)
      if (kept[i]!.stream.kind === "run" && kept[i]!.version > rev) kept.splice(i, 1);
  }
  return kept;
}

/** Stays that their skip condition ended as they began, so that nothing lies between. One that was skipped by hand later had its clocks. */
function skippedOnEntry(facts: readonly StoredEvent[]): Set<string> {
  const skipped = new Set<string>();
  let before: StoredEvent | null = null;
  for (const event of facts) {
    if (event.stream.kind !== "run") continue;
    if (event.type === "TokenLeft" && event.data.skipped && event.data.visit && before?.type === "TokenEntered")
      skipped.add(event.data.visit);
    before = event;
  }
  return skipped;
}

/** Time passes: the clocks' own timers and reviews up to an instant, oldest first, each at its own. */
function pass(turn: Turn, to: number): void {
  for (let n = 0; n < 10_000 && turn.run.status === "active"; n++) {
    const due = Object.values(turn.run.timers)
      .filter((timer) => timer.due <= to)
      .sort((a, b) => a.due - b.due || Number(a.id.slice(1)) - Number(b.id.slice(1)))[0];
    if (!due) return;
    ring(turn, due);
  }
}

function ring(turn: Turn, timer: Timer): void {
  turn.now = turn.instant = Math.max(turn.instant, timer.due);
  emit(turn, "TimerFired", { id: timer.id, due: timer.due });
  if (timer.clock) ringClock(turn, timer.clock);
  else reviewClocks(turn);
}

type How = {
  records: Records;
  skipped: ReadonlySet<string>;
  own: ReadonlySet<string>;
  tell(names: readonly string[], visit?: string, node?: string): void;
};

/** One fact: what the run keeps of it, and what it tells the clocks. */
function apply(turn: Turn, event: StoredEvent, { records, skipped, own, tell }: How): void {
  if (event.stream.kind === "record") {
    const news = recordOf(event, records, turn.world.model);
    if (news.length && !own.has(event.cause ?? "")) tell(news);
    return;
  }
  // A step that was stopped held its clocks: nothing else of the log says so.
  const same = (clock: { policy: string; cycle: number }) => (one: RunClock) =>
    one.clock.policy === clock.policy && one.clock.cycle === clock.cycle;
  if (event.type === "ClockPaused" && event.data.by === "hold") return holdClocks(turn, same(event.data.clock));
  if (event.type === "ClockResumed" && event.data.why?.clause === "hold")
    return releaseClocks(turn, same(event.data.clock));
  // The clocks' own facts are what is computed anew.
  if (event.type.startsWith("Clock") || event.type.startsWith("Timer") || event.type === "WorkUndone") return;
  if ((event.type === "StepPaused" && event.data.by === "clock") || event.type === "RunStarted") return;
  const keep = () => {
    turn.run = evolve(turn.run, event);
  };
  switch (event.type) {
    case "LatchSet":
      if (!event.data.visit && !(isVisitEvent(event.data.event) && event.data.event.includes(":")))
        tell([event.data.event]);
      return;
    case "TokenEntered": {
      keep();
      const { node: id, visit } = event.data;
      const node = turn.process.nodes.get(id);
      if (!node || !visit || skipped.has(visit.id)) return;
      tell(["step.entered"], visit.id);
      return startVisitClocks(turn, node, visit.id);
    }
    case "TokenLeft": {
      const { visit, node } = event.data;
      const broken = event.data.cancelled || event.data.skipped;
      if (visit) endVisitClocks(turn, visit, broken ? "cancel" : "complete");
      keep();
      if (visit && !broken) tell(["step.completed"], visit, node);
      return;
    }
    case "StepPaused":
      keep();
      return tell(["step.paused"], event.data.visit);
    case "StepResumed": {
      const byMember = turn.run.visits[event.data.visit]?.pausedBy === "member";
      keep();
      return byMember ? tell(["step.resumed"], event.data.visit) : undefined;
    }
    case "WorkStarted":
      keep();
      return tell(["work_item.started"], turn.run.work[event.data.work]?.visit);
    case "WorkCompleted": {
      const visit = turn.run.work[event.data.work]?.visit;
      const oneOfSeveral = turn.run.visits[visit ?? ""]?.approval !== undefined;
      keep();
      return oneOfSeveral ? undefined : tell(["work_item.completed"], visit);
    }
    case "ApprovalSettled":
      keep();
      return event.data.why === "votes" ? tell(["work_item.completed"], event.data.visit) : undefined;
    case "WorkAssigned": {
      const { why, from } = event.data;
      keep();
      const moved = from ? "work_item.reassigned" : "work_item.assigned";
      return tell(why === "claim" ? ["work_item.claimed", moved] : [moved], turn.run.work[event.data.work]?.visit);
    }
    // An action that picks a person says that work was given out at the step where it stands.
    case "PersonPicked":
      keep();
      return tell(["work_item.assigned"], turn.run.tokens[event.data.token ?? ""]?.visit);
    case "RunSuspended":
      keep();
      return event.data.clocks === "pause" ? holdClocks(turn, () => true) : undefined;
    case "RunResumed":
      keep();
      return releaseClocks(turn, () => true);
    case "MessageReceived":
      keep();
      return tell([event.data.event]);
    case "RunCompleted":
    case "RunCancelled":
      tell([event.type === "RunCompleted" ? "run.completed" : "run.cancelled"]);
      for (const id of Object.keys(turn.run.clocks)) endClock(turn, id);
      return keep();
    default:
      return keep();
  }
}

/** A record's fact: its values from then on, and the business events it tells. */
function recordOf(event: StoredEvent, records: Records, model?: World["model"]): string[] {
  const { id } = event.stream;
  const before = records.get(id);
  const at = instantOf(event);
  const set = (record: EngineRecord) => records.set(id, record);
  if (event.type === "RecordCreated") {
    set({ type: event.data.type, id, version: event.version, values: { ...event.data.values }, createdAt: at });
    return model ? ["record.created", ...model.businessEvents(event.data.type, null, event.data.values)] : [];
  }
  if (event.type !== "RecordChanged" || !before) return [];
  const values = { ...before.values };
  for (const [field, { to }] of Object.entries(event.data.changes)) values[field] = to;
  set({ ...before, version: event.version, values });
  return model ? model.businessEvents(before.type, before.values, values) : [];
}

/** What a replay says of one clock beside what the run has of it. */
export type ClockDifference = {
  sla: string;
  node: string | null;
  visit: string | null;
  /** The clock as it stands; null: the run never had it. */
  was: RunClock | null;
  /** As computed anew; null: it would never have been attached. */
  now: RunClock | null;
};

/** Pairs what stands with what was computed: the n-th clock of an SLA on a stay (or on the run) with the n-th. */
export function pairClocks(stand: readonly RunClock[], computed: readonly RunClock[]): ClockDifference[] {
  const place = (clock: RunClock) => `${clock.sla}/${clock.visit ?? ""}`;
  const pairs = new Map<string, ClockDifference>();
  const counted = (clocks: readonly RunClock[], side: "was" | "now") => {
    const seen = new Map<string, number>();
    for (const clock of clocks) {
      const n = (seen.get(place(clock)) ?? 0) + 1;
      seen.set(place(clock), n);
      const key = `${place(clock)}/${n}`;
      const pair = pairs.get(key) ?? { sla: clock.sla, node: clock.node, visit: clock.visit, was: null, now: null };
      pairs.set(key, { ...pair, [side]: clock });
    }
  };
  counted(stand, "was");
  counted(computed, "now");
  return [...pairs.values()];
}

/** The computed clock as it would be adopted: rungs that have fired never fire again, and it tells how often it was computed anew. */
export function adopted(was: RunClock["clock"], now: RunClock["clock"]): RunClock["clock"] {
  const rang = new Set([...(now.rang ?? []), ...(was.rang ?? []), ...(was.breachedAt === undefined ? [] : ["breach"])]);
  return {
    ...now,
    cycle: was.cycle,
    fired: [...new Set([...was.fired, ...now.fired])].sort((a, b) => a - b),
    ...(rang.size && { rang: [...rang] }),
    revision: (was.revision ?? 0) + 1,
  };
}

/** Whether that can be adopted: an ended clock stays ended. */
export const isAdoptable = ({ was, now }: ClockDifference): boolean =>
  was !== null && now !== null && (was.clock.stoppedAt === undefined || now.clock.stoppedAt !== undefined);
