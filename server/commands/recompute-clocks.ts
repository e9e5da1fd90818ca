/**
 * The clocks of a run computed anew from its log, beside those it has (semantics, section 1): shown as differences first, then
 * adopted or let be, and taken back as long as nothing has come after. Nothing is lost: each change is a fact that holds both.
 */
import { clocksOfRuns, eventsOf, findRun } from "@/db/queries/runs.ts";
import type { Row } from "@/db/store.ts";
import type { CommandOf } from "@/server/engine/commands.ts";
import type { StoredEvent } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import { type Refusal, type Run, type RunClock, refuse } from "@/server/engine/model.ts";
import {
  adopted,
  type ClockDifference,
  isAdoptable,
  pairClocks,
  replayClocks,
} from "@/server/engine/clocks/replay-clocks.ts";
import { figures, type SlaClock } from "@/server/engine/clocks/sla.ts";
import { compileVersion } from "@/server/steps/index.ts";
import type { Ask, Deps } from "./deps.ts";
import { loadWorld, mapRecords } from "./load-world.ts";
import { versionKey } from "./version-of.ts";
import { calendarAt } from "./resolve-calendar.ts";
import { versionsIn } from "./versions-in.ts";
import { warmRuns } from "./warm-runs.ts";

/** Which definitions count: those of the run's own version, or those of the version that is live now. */
export type Under = "own" | "live";

/** The most events of one run and its records that are read again. */
const mostEvents = 60_000;

type Side = {
  state: SlaClock["state"];
  startedAt: number;
  dueAt: number | null;
  breachedAt: number | null;
  stoppedAt: number | null;
  target: string | null;
  businessMs: number;
  calendar: { key: string; revision: number; zone: string } | null;
};
export type ShownDifference = {
  /** Of the clock as it stands; null where there would be one more. */
  id: string | null;
  sla: string;
  name: string;
  node: string | null;
  ended: boolean;
  was: Side | null;
  now: Side | null;
  /** Something that is shown differs. */
  differs: boolean;
  adoptable: boolean;
  /** It was adopted before, and that can be taken back. */
  revertible: boolean;
};

export type Preview = { ok: true; rev: number; version: number; differences: ShownDifference[] };

export async function previewClocks(deps: Deps, ask: Ask, runId: string, under: Under): Promise<Preview | Refusal> {
  const computed = await compute(deps, ask, runId, under);
  if (!("pairs" in computed)) return computed;
  const { run, process, pairs, events } = computed;
  const { revisions } = await deps.contexts.get(ask.workspaceId, ask.now);
  const sideOf = (clock: RunClock | null): Side | null =>
    clock && side(clock.clock, calendarAt(revisions, process.document, clock.clock.calendar), ask.now);
  return {
    ok: true,
    rev: run.rev,
    version: process.version,
    differences: pairs.map((pair) => {
      const [was, now] = [sideOf(pair.was), sideOf(pair.now)];
      return {
        id: pair.was?.id ?? null,
        sla: pair.sla,
        name: process.document.slas[pair.sla]?.name ?? pair.sla,
        node: pair.node ? (process.nodes.get(pair.node)?.node.name ?? pair.node) : null,
        ended: pair.was?.clock.stoppedAt !== undefined,
        was,
        now,
        differs: JSON.stringify(was) !== JSON.stringify(now),
        adoptable: isAdoptable(pair),
        revertible: pair.was !== null && lastRecompute(events, pair.was.id) !== null,
      };
    }),
  };
}

/** Adopts the chosen clocks as they were computed. Ended ones only where they are named: a finished cycle stays as it is. */
export async function adoptClocks(
  deps: Deps,
  ask: Ask,
  input: { runId: string; under: Under; clocks: readonly string[]; reason: string; rev: number },
): Promise<{ ok: true; adopted: number } | Refusal> {
  const computed = await compute(deps, ask, input.runId, input.under);
  if (!("pairs" in computed)) return computed;
  const chosen = computed.pairs.filter((pair) => pair.was && input.clocks.includes(pair.was.id));
  if (chosen.length !== input.clocks.length || !chosen.every(isAdoptable))
    return refuse(
      "INVALID",
      "One of these clocks cannot be adopted. Nothing was changed; look at the differences again.",
    );
  const clocks = chosen.map(({ was, now }) => ({
    id: was!.id,
    sla: was!.sla,
    node: was!.node,
    visit: was!.visit,
    was: was!.clock,
    clock: adopted(was!.clock, now!.clock),
    breachedWith: now!.clock.breachedAt === undefined ? null : (was!.breachedWith ?? now!.breachedWith ?? null),
  }));
  return submit(deps, ask, input.runId, { clocks, how: "adopted", reason: input.reason, seen: input.rev });
}

/** Puts back what stood before the last adoption of a clock, if nothing has happened to it since. */
export async function revertClock(
  deps: Deps,
  ask: Ask,
  input: { runId: string; clock: string; reason: string },
): Promise<{ ok: true; adopted: number } | Refusal> {
  const run = await findRun(deps.store, ask.workspaceId, input.runId);
  if (!run) return refuse("NOT_FOUND", "This run does not exist.");
  const events = await eventsOf(deps.store, ask.workspaceId, "run", [input.runId], mostEvents);
  const last = lastRecompute(events, input.clock);
  if (!last) return refuse("CONFLICT", "This clock has moved on since it was adopted. Compute it anew instead.");
  const { was, clock, how: _how, reason: _reason, ...place } = last.data;
  if (clock.stoppedAt !== undefined && was.stoppedAt === undefined)
    return refuse("CONFLICT", "The adoption ended this clock, and an ended clock stays ended.");
  const breachedWith = was.breachedAt === undefined ? null : place.breachedWith;
  return submit(deps, ask, input.runId, {
    clocks: [{ ...place, breachedWith, was: clock, clock: was }],
    how: "reverted",
    reason: input.reason,
    seen: run.rev,
  });
}

async function submit(
  { loop, newId }: Deps,
  ask: Ask,
  runId: string,
  command: {
    clocks: CommandClocks;
    how: "adopted" | "reverted";
    reason: string;
    seen: number;
  },
): Promise<{ ok: true; adopted: number } | Refusal> {
  const answer = await loop.submit({
    id: ask.commandId ?? newId("cmd"),
    workspaceId: ask.workspaceId,
    runId,
    at: ask.now,
    actor: ask.actor,
    type: "recomputeClocks",
    ...command,
  });
  return answer.ok ? { ok: true, adopted: command.clocks.length } : answer;
}

type CommandClocks = CommandOf<"recomputeClocks">["clocks"];

type Computed = { run: Run; process: CompiledProcess; pairs: ClockDifference[]; events: StoredEvent[] };

async function compute(deps: Deps, ask: Ask, runId: string, under: Under): Promise<Computed | Refusal> {
  const { store, contexts } = deps;
  const { workspaceId, now } = ask;
  const run = await findRun(store, workspaceId, runId);
  const own = run ? await contexts.version(workspaceId, run.process, run.version) : null;
  if (!run || !own) return refuse("NOT_FOUND", "This run does not exist.");
  const events = await eventsOf(store, workspaceId, "run", [runId], mostEvents);
  if (events.length === mostEvents)
    return refuse("TOO_LARGE", "This run has too many events to be computed anew at once.");
  const ids = recordsOf(events, run);
  const facts = await eventsOf(store, workspaceId, "record", ids, mostEvents);
  const live = under === "live" ? (await contexts.get(workspaceId, now)).live.get(run.process)?.compiled : null;
  const drawn = await versionsIn(deps, workspaceId, events);
  const promised = (version: CompiledProcess) => (live ? withPromisesOf(version, live) : version);
  const process = promised(own);
  const [first] = events;
  const begun =
    first?.type === "RunStarted" ? drawn.get(versionKey(first.data.process, first.data.version)) : undefined;
  const loaded = await loadWorld(
    store,
    contexts,
    workspaceId,
    [{ id: "preview", workspaceId, runId, at: now, actor: { kind: "system" }, type: "fireTimer", timer: "" }],
    now,
    warmRuns(false),
  );
  const records = mapRecords(new Map());
  const all = [...events, ...facts].sort((a, b) => a.seq - b.seq);
  const computed = replayClocks({
    process: promised(begun ?? own),
    versions: (to) => {
      const version = drawn.get(versionKey(to.process, to.version));
      return version ? promised(version) : null;
    },
    events: all,
    world: loaded.worldFor(process, records),
    records,
    until: now,
  });
  const rows = await clocksOfRuns(store, workspaceId, [runId]);
  const stand = rows.map(clockOf).sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  return { run, process, pairs: pairClocks(stand, computed), events };
}

/** Every record the run has looked at. */
function recordsOf(events: readonly StoredEvent[], run: Run): string[] {
  const ids = new Set([run.recordId]);
  for (const event of events) {
    if (event.type === "RunStarted") for (const id of Object.values(event.data.related)) if (id) ids.add(id);
    if (event.type === "RelatedBound" && event.data.id) ids.add(event.data.id);
  }
  return [...ids];
}

/** The run's own graph with the promises and calendars of another version: each step has those it has there. */
function withPromisesOf(own: CompiledProcess, live: CompiledProcess): CompiledProcess {
  const { slas, calendars, nodes } = live.document;
  const named = new Map(nodes.map((node) => [node.id, node.slas]));
  return compileVersion(
    {
      ...own.document,
      slas,
      calendars,
      nodes: own.document.nodes.map(({ slas: kept, ...node }) => {
        const now = named.has(node.id) ? named.get(node.id) : kept;
        return now ? { ...node, slas: now } : node;
      }),
    },
    live.version,
  );
}

const clockOf = (row: Row<"slaClock">): RunClock => ({
  id: row.clock,
  sla: row.sla,
  node: row.node ?? null,
  visit: row.visit ?? null,
  clock: row.data,
  breachedWith: row.breachedWith,
});

const side = (clock: SlaClock, calendar: Parameters<typeof figures>[1], now: number): Side => ({
  state: clock.state,
  startedAt: clock.startedAt,
  dueAt: clock.dueAt ?? null,
  breachedAt: clock.breachedAt ?? null,
  stoppedAt: clock.stoppedAt ?? null,
  target: clock.target ?? null,
  businessMs: figures(clock, calendar, now).businessMs,
  calendar: clock.calendar && {
    key: clock.calendar.key,
    revision: clock.calendar.revision,
    zone: clock.calendar.zone,
  },
});

/** The adoption that is the clock's last fact; null when something came after, or it was taken back. */
function lastRecompute(events: readonly StoredEvent[], id: string) {
  const last = events.findLast((event) => event.type.startsWith("Clock") && (event.data as { id?: string }).id === id);
  return last?.type === "ClockRecomputed" && last.data.how === "adopted" ? last : null;
}
