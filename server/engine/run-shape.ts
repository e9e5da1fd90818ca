/**
 * What a run is made of, in its full shape: every field stands in it from the start, unset ones as undefined, and is written out
 * here. The machine reads objects of one known shape several times faster, and makes them ten to twenty times faster than it spreads
 * others; a run is copied for every command.
 */
import type { Facts } from "./events.ts";
import type { Run, Token, Visit, Work } from "./model.ts";

/** Every field of T, those that may be absent too: one that is forgotten here is an error. */
type Every<T> = { [K in keyof Required<T>]: T[K] };

/**
 * The one empty map: a run has ten of them most of the time, and half a million live runs are kept in memory. It is frozen, so who
 * adds to a map does it with `put`.
 */
export const none: Record<string, never> = Object.freeze({});
const noSteps: Run["compensable"] = [];
Object.freeze(noSteps);

/** The map with this entry: itself, unless it is the empty one. */
export function put<T>(map: Record<string, T>, id: string, value: T): Record<string, T> {
  // Set on an object that is there: a literal with a computed key is made ten times slower.
  const own: Record<string, T> = map === none ? {} : map;
  own[id] = value;
  return own;
}

export const newRun = (id: string, data: Facts["RunStarted"], at: number, toldAt = at): Every<Run> => ({
  id,
  workspaceId: data.workspaceId,
  process: data.process,
  version: data.version,
  recordType: data.recordType,
  recordId: data.recordId,
  status: "active",
  end: null,
  outcome: null,
  rev: 1,
  startedAt: at,
  endedAt: null,
  lastAt: at,
  toldAt: toldAt > at ? toldAt : undefined,
  trigger: data.trigger,
  parent: data.parent,
  variables: data.variables,
  related: data.related,
  made: none,
  counters: { token: 0, visit: 0, work: 0, clock: 0, timer: 0, incident: 0, effect: 0, scope: 0, message: 0 },
  tokens: none,
  visits: none,
  work: none,
  clocks: none,
  timers: none,
  incidents: none,
  visited: none,
  automatic: 0,
  spins: none,
  workers: none,
  latches: none,
  ended: none,
  free: undefined,
  reopened: undefined,
  messages: none,
  kept: undefined,
  lastHuman: null,
  scopes: none,
  passed: none,
  handoffs: undefined,
  reworks: none,
  compensable: noSteps,
  lastEnd: null,
});

export const newToken = (
  id: string,
  node: string,
  edge: string | null,
  state: Token["state"],
  since: number,
  visit?: string,
  scope?: string,
  alone?: boolean,
): Every<Token> => ({
  id,
  node,
  state,
  since,
  edge,
  visit,
  events: undefined,
  keys: undefined,
  condition: undefined,
  action: undefined,
  phase: undefined,
  port: undefined,
  outcome: undefined,
  effect: undefined,
  child: undefined,
  scope,
  alone,
  loop: undefined,
  armed: undefined,
});

export const newVisit = (
  { id, no, valueAtRisk, rework, calendar }: NonNullable<Facts["TokenEntered"]["visit"]>,
  node: string,
  token: string,
  enteredAt: number,
): Every<Visit> => ({
  id,
  node,
  no,
  token,
  enteredAt,
  startedAt: undefined,
  pausedAt: undefined,
  pausedBy: undefined,
  pauseReason: undefined,
  blockedMs: 0,
  touchMs: 0,
  activeSince: undefined,
  assignee: undefined,
  calendar,
  valueAtRisk,
  rework,
  ended: undefined,
  latches: undefined,
  approval: undefined,
});

export const newWork = (
  { work: id, token, visit, node, role, queue, approval, priority }: Facts["WorkOffered"],
  offeredAt: number,
): Every<Work> => ({
  id,
  token,
  visit,
  node,
  role,
  queue,
  approval,
  state: "open",
  assignee: null,
  offeredAt,
  startedAt: undefined,
  snoozedUntil: undefined,
  draft: undefined,
  priority,
  blockedReason: undefined,
  for: undefined,
});

/**
 * An own copy of a run that `evolve` may change: its maps, and the tokens, visits and tasks in them. Every other value is replaced,
 * never changed in place.
 */
export function copyRun(run: Run): Every<Run> {
  return {
    id: run.id,
    workspaceId: run.workspaceId,
    process: run.process,
    version: run.version,
    recordType: run.recordType,
    recordId: run.recordId,
    status: run.status,
    end: run.end,
    outcome: run.outcome,
    rev: run.rev,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    lastAt: run.lastAt,
    toldAt: run.toldAt,
    trigger: run.trigger,
    parent: run.parent,
    variables: run.variables,
    related: run.related,
    made: run.made,
    counters: copyCounters(run.counters),
    tokens: each(run.tokens, copyToken),
    visits: each(run.visits, copyVisit),
    work: each(run.work, copyWork),
    clocks: entries(run.clocks),
    timers: entries(run.timers),
    incidents: entries(run.incidents),
    visited: entries(run.visited),
    automatic: run.automatic,
    spins: entries(run.spins),
    workers: entries(run.workers),
    latches: run.latches,
    ended: entries(run.ended),
    free: run.free,
    reopened: run.reopened,
    messages: run.messages,
    kept: run.kept,
    lastHuman: run.lastHuman,
    // Runs of earlier releases are stored without what follows.
    scopes: entries(run.scopes ?? none),
    passed: run.passed ?? none,
    handoffs: run.handoffs,
    reworks: run.reworks ?? none,
    compensable: run.compensable ?? noSteps,
    lastEnd: run.lastEnd ?? null,
  };
}

/** The map without one of its entries: to delete it from the map itself would make a slow object of it. */
export function without<T>(map: Record<string, T>, id: string): Record<string, T> {
  let rest: Record<string, T> = none;
  for (const key in map) if (key !== id) rest = put(rest, key, map[key]!);
  return rest;
}

function entries<T>(map: Record<string, T>): Record<string, T> {
  let copy: Record<string, T> = none;
  for (const key in map) copy = put(copy, key, map[key]!);
  return copy;
}

function each<T>(map: Record<string, T>, copyOf: (one: T) => T): Record<string, T> {
  let copy: Record<string, T> = none;
  for (const key in map) copy = put(copy, key, copyOf(map[key]!));
  return copy;
}

const copyCounters = ({
  token,
  visit,
  work,
  clock,
  timer,
  incident,
  effect,
  scope = 0,
  message = 0,
}: Omit<Run["counters"], "scope" | "message"> & Partial<Run["counters"]>): Run["counters"] => ({
  token,
  visit,
  work,
  clock,
  timer,
  incident,
  effect,
  scope,
  message,
});

const copyToken = (token: Token): Every<Token> => ({
  id: token.id,
  node: token.node,
  state: token.state,
  since: token.since,
  edge: token.edge,
  visit: token.visit,
  events: token.events,
  keys: token.keys,
  condition: token.condition,
  action: token.action,
  phase: token.phase,
  port: token.port,
  outcome: token.outcome,
  effect: token.effect,
  child: token.child,
  scope: token.scope,
  alone: token.alone,
  loop: token.loop,
  armed: token.armed,
});

const copyVisit = (visit: Visit): Every<Visit> => ({
  id: visit.id,
  node: visit.node,
  no: visit.no,
  token: visit.token,
  enteredAt: visit.enteredAt,
  startedAt: visit.startedAt,
  pausedAt: visit.pausedAt,
  pausedBy: visit.pausedBy,
  pauseReason: visit.pauseReason,
  blockedMs: visit.blockedMs,
  touchMs: visit.touchMs,
  activeSince: visit.activeSince,
  assignee: visit.assignee,
  calendar: visit.calendar,
  valueAtRisk: visit.valueAtRisk,
  rework: visit.rework,
  ended: visit.ended,
  latches: visit.latches,
  approval: visit.approval,
});

const copyWork = (work: Work): Every<Work> => ({
  id: work.id,
  token: work.token,
  visit: work.visit,
  node: work.node,
  role: work.role,
  queue: work.queue,
  approval: work.approval,
  state: work.state,
  assignee: work.assignee,
  offeredAt: work.offeredAt,
  startedAt: work.startedAt,
  snoozedUntil: work.snoozedUntil,
  draft: work.draft,
  priority: work.priority,
  blockedReason: work.blockedReason,
  for: work.for,
});
