/**
 * The words of the engine. One word per idea, everywhere.
 *
 * - process: a named, owned way of working for one record type. version: an immutable published process document.
 * - run: one record going through one version. token: where in the graph it stands; a run may have several.
 * - visit: one stay of a token in one step, the unit of every time figure.
 * - work: human work produced by a visit. clock: one SLA on one subject. timer: an instant at which the engine is to look again.
 * - incident: a token that cannot go on until somebody retries it. effect: something outside that was asked for.
 * - record: one object of the business (lead, opportunity …). world: what a decision may know besides the run.
 *
 * Instants are UTC epoch ms, durations ms. Ids inside a run are counted (t1, v1, w1, c1, m1, i1, e1), so the same commands
 * give the same log.
 */
import type { SlaClock } from "./clocks/sla.ts";
import type { Outgoing } from "./events.ts";
import type { Action } from "./process.ts";
import type { Approval } from "./work/approval-path.ts";

/** Plain JSON: what records, variables and events hold. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };
export type Values = Record<string, Plain>;

export type Actor =
  | { kind: "member"; id: string }
  | { kind: "system" }
  | { kind: "automation"; id: string }
  | { kind: "import"; id: string }
  | { kind: "api"; id: string };

/** A record as the engine sees it. `version` rises with each change. `lockedBy`: the run that holds it read-only for people. */
export type EngineRecord = {
  type: string;
  id: string;
  version: number;
  values: Values;
  createdAt: number;
  /** Time of its newest fact. */
  changedAt?: number;
  lockedBy?: string;
};

export type Token = {
  id: string;
  node: string;
  /** `held`: stands before the node because its entry criteria are not met. `in`: inside. `failed`: an incident is open. */
  state: "held" | "in" | "failed";
  since: number;
  edge: string | null;
  visit?: string;
  /** Public events it waits for, the key a message of each must carry (null = any), and whether it waits for conditions. */
  events?: string[];
  keys?: Plain[];
  condition?: boolean;
  /** Index of the action to go on with after an outside answer or a retry. */
  action?: number;
  phase?: "enter" | "complete";
  port?: string;
  outcome?: string | null;
  effect?: string;
  /** The effect that started the run it waits for. */
  child?: string;
  /** The scope it is in; none = the run itself. */
  scope?: string;
  /** Put there by hand: it ends when its step is left. */
  alone?: boolean;
  /** What it goes through, standing at a for-each: all items, and how many scopes were opened and have ended, by outcome. */
  loop?: Loop;
  /** Its boundary events that look out for more than time: the key of a message, whether a condition held when last looked at. */
  armed?: Record<string, { key?: Plain; holds?: boolean }>;
};

export type Loop = {
  as: string;
  records: boolean;
  items: Plain[];
  opened: number;
  success: number;
  neutral: number;
  negative: number;
};

/** One round of the nodes inside a for-each or an inline sub-process; its tokens name it. */
export type RunScope = {
  id: string;
  /** The node it is inside of, and the token that stands there. */
  node: string;
  token: string;
  parent: string | null;
  index?: number;
  item?: Plain;
  /** Which instance of all the for-eaches around it: "0.2"; empty in none. Counts of visits are kept apart by it. */
  at: string;
  lastEnd: End | null;
};
export type End = { node: string; outcome: "success" | "neutral" | "negative" };

export type Visit = {
  id: string;
  node: string;
  no: number;
  token: string;
  enteredAt: number;
  startedAt?: number;
  /** Set while blocked. */
  pausedAt?: number;
  pausedBy?: "member" | "clock";
  pauseReason?: string;
  blockedMs: number;
  /** Sum of closed active intervals; `activeSince` is the open one. */
  touchMs: number;
  activeSince?: number;
  assignee?: string;
  calendar?: { key: string; zone: string };
  valueAtRisk: number | null;
  rework: boolean;
  /** SLAs whose clock on this visit has ended: they do not attach again. */
  ended?: string[];
  /** When events of this visit that some SLA starts, pauses or stops with last happened. */
  latches?: Record<string, number>;
  /** Of an approval with several approvers: who has decided and who is still to decide. */
  approval?: Approval;
};

export type WorkState = "open" | "claimed" | "in_progress" | "paused";
export type Work = {
  id: string;
  token: string;
  visit: string;
  node: string;
  role: string;
  queue: string | null;
  approval: boolean;
  state: WorkState;
  assignee: string | null;
  offeredAt: number;
  startedAt?: number;
  snoozedUntil?: number;
  draft?: Values;
  priority: number;
  blockedReason?: string;
  /** The person in whose place the assignee decides. */
  for?: string;
};

export type Timer = {
  id: string;
  due: number;
  name: string;
  token?: string;
  clock?: string;
  work?: string;
  /** `set F to V until D`: what F was before, and V, for as long as nobody writes something else. */
  back?: { field: string; was: Plain; set: Plain };
};
export type Incident = {
  id: string;
  /** Empty when no token is stopped. */
  token: string;
  node: string;
  code: string;
  text: string;
  at: number;
  /** The letter that could not be sent. */
  mail?: { to: string; template: string; values: Values; node?: string } | undefined;
  /** The call or message that was given up while no token waited for it. */
  sent?: Outgoing | undefined;
  /** The action of a clock that failed while no token waited for it. */
  sla?: { clock: string; action: Action } | undefined;
};

/** An SLA clock of this run with what the engine needs to find it again. */
export type RunClock = {
  id: string;
  sla: string;
  node: string | null;
  visit: string | null;
  clock: SlaClock /** who had the work at the breach */;
  breachedWith?: string | null;
  /** What paused it: a pause by an event ends only by what resumes it. */
  pausedBy?: "event" | "condition" | "hold" | undefined;
  /** The reset condition held when it was last looked at: it counts again only once it has not. */
  resetHeld?: boolean | undefined;
};

export type RunStatus = "active" | "suspended" | "completed" | "cancelled";

export type Run = {
  id: string;
  workspaceId: string;
  process: string;
  version: number;
  recordType: string;
  recordId: string;
  status: RunStatus;
  /** `<end node id>` of the end that completed the run, and what it counts as. */
  end: string | null;
  outcome: "success" | "neutral" | "negative" | null;
  /** Number of events of this stream so far. */
  rev: number;
  startedAt: number;
  endedAt: number | null;
  /** The newest instant that counts: a timer rung late counts when it was due. */
  lastAt: number;
  /** Time of its newest fact, where that is later. */
  toldAt?: number | undefined;
  trigger: { event: string; at: number };
  /** `depth`: how many calls deep; a run that nobody called is 0 deep. */
  parent: { run: string; token: string; depth?: number } | null;
  variables: Values;
  /** Name → id of the related record, null while there is none. */
  related: Record<string, string | null>;
  /** Records this run created, by type: entered again, an action updates the one it made. */
  made: Record<string, string>;
  counters: {
    token: number;
    visit: number;
    work: number;
    clock: number;
    timer: number;
    incident: number;
    effect: number;
    scope: number;
    message: number;
  };
  tokens: Record<string, Token>;
  visits: Record<string, Visit>;
  work: Record<string, Work>;
  clocks: Record<string, RunClock>;
  timers: Record<string, Timer>;
  incidents: Record<string, Incident>;
  /** Visits so far by node: the next visit's number, rework, and the bound on endless loops. */
  visited: Record<string, number>;
  /** Automatic steps since a token last waited. */
  automatic: number;
  /** The same by node. */
  spins: Record<string, number>;
  /** Who already worked for a role in this run. */
  workers: Record<string, string>;
  /** Public events that the process's SLAs name, and when they last happened: an event is a latch. */
  latches: Record<string, number>;
  /** Ended clocks by SLA: a clock of the run is started once, its next cycle has the next number. */
  ended: Record<string, number>;
  /** How many of those do not keep another from attaching: cancelled while the start did not hold, or of an SLA that reopens. */
  free?: Record<string, number> | undefined;
  /** When the last cycle of an SLA that reopens ended, by SLA or `sla/visit`: only a newer start begins another. */
  reopened?: Record<string, number> | undefined;
  /** Early messages that no wait has taken yet, by id (older ones by their event's name), oldest first. */
  messages: Record<string, { at: number; payload: Values; event?: string; key?: Plain }>;
  /** What it heard while it was suspended, oldest first. */
  kept?: import("./events.ts").News[] | undefined;
  scopes: Record<string, RunScope>;
  /** n-of-m joins that went on, by node and scope: edges that may still bring a token of that round. */
  passed: Record<string, string[]>;
  /** What was handed over and may still be accepted or sent back, oldest first. */
  handoffs?: readonly Handoff[] | undefined;
  /** How often each rework edge was taken. */
  reworks: Record<string, number>;
  /** Completed steps that can be taken back, oldest first; `action`: the first that was not done yet. */
  compensable: { visit: string; node: string; scope: string | null; action: number }[];
  /** The last end that a token outside any scope came to. */
  lastEnd: End | null;
  lastHuman: string | null;
};

/** By the edge that was taken, with the token that took it. `worked`: its receiver has done the work, and leaves it. */
export type Handoff = { edge: string; artefact: string; token: string; accepted?: true; worked?: true };

/** An expected "no": a stable code and one sentence a rep can read. */
export type Refusal = { ok: false; code: RefusalCode; text: string; details?: Values };
export type RefusalCode =
  | "NOT_FOUND"
  | "CONFLICT"
  | "INVALID"
  | "MISSING_FIELDS"
  | "NOT_ALLOWED"
  | "LOCKED"
  | "RUN_OVER"
  | "ALREADY_RUNNING"
  | "UNSOUND"
  | "UNDO_REFUSED"
  | "BUSY"
  | "DISK_FULL"
  | "IDEMPOTENCY_MISMATCH"
  | "TOO_LARGE"
  | "EXPIRED"
  | "UNAVAILABLE";
export const refuse = (code: RefusalCode, text: string, details?: Values): Refusal => ({
  ok: false,
  code,
  text,
  ...(details && { details }),
});
