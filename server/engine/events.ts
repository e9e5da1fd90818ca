/**
 * The closed list of facts. Events are appended and never edited; a changed meaning is a new type.
 * `at` is when it was processed, `due` the computed instant a timer's fact belongs to (the one every figure uses).
 */
import type { Actor, Incident, Plain, Values } from "./model.ts";
import type { SlaClock } from "./clocks/sla.ts";
import type { ApprovalDecision } from "./work/approval.ts";
import type { Unmet } from "./work/gate.ts";
import type { ApprovalSeat, AskedLevel } from "./work/approval-path.ts";
import type { MigrationMap, VersionRef } from "./migrate/map.ts";

export type StreamKind = "run" | "record" | "process" | "workspace";
export type Stream = { kind: StreamKind; id: string };

/** One condition as it was looked at: its text, what it read, what came out. N4 reads these. */
export type Evaluated = { text: string; inputs: Values; result: Plain; error?: string; edge?: string };

/** Why a clock moved: which of its conditions, by what event, with the values that its conditions read. */
export type ClockWhy = {
  clause:
    | "start"
    | "stop"
    | "pause"
    | "resume"
    | "reset"
    | "cancel"
    | "start_gone"
    | "goal"
    | "visit"
    | "run"
    | "migrated"
    | "hold";
  event?: string;
  seen?: Evaluated[];
};

/** One of those who could have been picked, as they stood at that moment. */
export type Seat = {
  member: string;
  /** Tasks they had open. */
  open: number;
  available: boolean;
  /** Why not: see `Unavailable`; a sentence in the logs of earlier releases. */
  reason?: string;
  /** Their share in weighted round robin. */
  weight?: number;
  /** Picks they were behind (+) or ahead (-) of their share before this one. */
  owed?: number;
  /** What they were given that day, where a cap counts, and the cap. */
  today?: number;
  cap?: number;
  /** The tag they lack. */
  skill?: string;
};

/** A rule that was tried and led to nobody: its role, and why. */
export type Tried = { role: string; queue: string | null; rule: string; why: string; said?: Said };

/** The territory rule (1-based, by name) or the expression that named somebody, with what it read. */
export type Said = { rule?: number; name?: string; text?: string; inputs?: Values; result: Plain };

/** How an assignee was picked: the rule, who was in the pool with what load, and who won. */
export type Pick = {
  rule: string;
  queue: string | null;
  role: string;
  pool: Seat[];
  chosen: string | null;
  /** The role it was meant for, when another one of the chain of fallbacks took it. */
  fallback?: string;
  /** Who was next. */
  next?: string;
  /** Who it was meant for: they are away, the chosen one stands in. */
  inFor?: string;
  /** Which turn of the queue this was, counted from 1. */
  turn?: number;
  said?: Said;
  tried?: Tried[];
};

type Facts = {
  RunStarted: {
    workspaceId: string;
    process: string;
    version: number;
    recordType: string;
    recordId: string;
    trigger: { event: string; at: number };
    variables: Values;
    related: Record<string, string | null>;
    parent: { run: string; token: string; depth?: number } | null;
  };
  RunCompleted: { end: string; outcome: "success" | "neutral" | "negative" };
  RunCancelled: { reason: string };
  /** Somebody moved the run by hand, against what is drawn: a deviation. `to`: the node it went to. */
  RunJumped: {
    how: "jump" | "skip" | "add" | "add_item";
    token: string;
    from: string | null;
    to: string;
    reason: string;
  };
  /** A goal was met: what was open is cancelled, the run goes to this end. */
  GoalReached: { node: string; token: string; condition?: Evaluated; event?: string };
  /** An import was taken back: the run and its rows are no more; its facts stay in the log. */
  RunRemoved: { reason: string };
  /**
   * From here on the run follows another version (or process); `how` undone: what a migration did was taken back, `restored` is the
   * state before it. `map`: what stood in the run, by its old name → by its new one; what is missing became nothing.
   */
  RunMigrated: {
    how: "migrated" | "undone";
    from: VersionRef;
    to: VersionRef;
    reason: string;
    /** Where the run's log stood before anything of it: what was closed for it stands in between. */
    before?: number;
    map?: MigrationMap;
    /** Variables that the run did not have, with what they begin with. */
    variables?: Values;
    /** Which of the definition's targets an open clock counts as, by `sla/visit`: its target itself stays. */
    clocks?: Record<string, number>;
    /** Tasks that are handed out anew or whose form begins empty. */
    work?: Record<string, { role?: string; queue?: string | null; draft?: null }>;
    /** Whom the seats of approvals ask now that are handed out anew, by their work: a role, `*role` or `@member`. */
    seats?: Record<string, string>;
    /** What the steps inside a for-each call its item now, by the token that stands at it. */
    loops?: Record<string, string>;
    /** Promises of the source whose clocks took the new target, with what had elapsed. */
    rebase?: string[];
    restored?: string;
  };
  /** `clocks`: the open ones stand still until it is resumed (`pause`), or count on. */
  RunSuspended: { reason: string; clocks?: "pause" | "go_on" };
  RunResumed: Record<string, never>;
  /** Heard while the run was suspended: it counts from when the run goes on. */
  NewsKept: { news: News };
  /** A token stands before a node: its entry criteria are false. `missing` says which parts. */
  TokenHeld: {
    token: string;
    node: string;
    edge: string | null;
    criteria: Evaluated;
    missing: string[];
    /** The step is stopped, by its operators and for this reason; its criteria were not looked at. */
    stopped?: string;
    /** The same with the fields that would meet each part. */
    unmet?: Unmet[];
    scope?: string;
  };
  TokenEntered: {
    token: string;
    node: string;
    edge: string | null;
    from: string | null;
    /** The scope it is in: one round of a for-each or inline sub-process. */
    scope?: string;
    /** Put there by hand beside what runs: it ends when the step is left. */
    alone?: boolean;
    visit?: {
      id: string;
      no: number;
      valueAtRisk: number | null;
      assumed: boolean;
      rework: boolean;
      calendar?: { key: string; zone: string };
    };
  };
  /** `edges`: every edge taken; `merged`: tokens that a join ate. `skipped`: the skip condition was true. */
  TokenLeft: {
    token: string;
    node: string;
    port: string;
    edges: string[];
    visit?: string;
    outcome?: string | null;
    skipped?: boolean;
    conditions?: Evaluated[];
    merged?: string[];
    ended?: boolean;
    /** What the end it came to counts as. */
    end?: "success" | "neutral" | "negative";
    cancelled?: boolean;
    /** A step whose `compensate` actions are kept for later. */
    compensable?: boolean;
  };
  /** An n-of-m join went on; the edges in `open` may still bring tokens, which are taken in without effect. */
  JoinPassed: { node: string; scope?: string; open: string[] };
  /** A token went in where the nodes inside are done once for each item. */
  LoopStarted: { token: string; as: string; records: boolean; items: Plain[] };
  ScopeOpened: { id: string; node: string; token: string; scope?: string; index?: number; item?: Plain };
  ScopeClosed: { id: string; how: "completed" | "cancelled" };
  /** A boundary event of a step looks out: for a message with this key, for a condition that is false or true now. */
  BoundaryArmed: { token: string; boundary: string; key?: Plain; holds?: boolean };
  /** `beside`: the further token that goes on from there while the step stays open. */
  BoundaryFired: { token: string; boundary: string; beside?: string; condition?: Evaluated };
  /** An error that a boundary event took. */
  ErrorCaught: { token: string; boundary: string; code: string; text: string };
  /** What a completed step left to be done was done, action by action; `done`: all of it. */
  CompensationDone: { visit: string; node: string; action: number; done: boolean };
  /** The engine reached this action of the node and waits, or went past it. */
  ActionReached: { token: string; phase: "enter" | "complete"; action: number; port: string; outcome: string | null };
  /**
   * A decision table was asked: what its inputs held, which rules counted (0-based; none = no rule matched), what they gave.
   * `error`: why it gave no usable answer.
   */
  DecisionMade: {
    token: string;
    node: string;
    visit?: string;
    table: string;
    inputs: Values;
    rules: number[];
    outputs: Values;
    error?: string;
  };
  /** `keys`: what the message of that place in `events` must carry; null = any. */
  WaitStarted: { token: string; events: string[]; condition: boolean; keys?: Plain[] };
  VariablesSet: { values: Values; cause: string };
  /** `made`: this run created the record. */
  RelatedBound: { name: string; id: string | null; made?: boolean };
  StepPaused: { visit: string; by: "member" | "clock"; reason: string };
  StepResumed: { visit: string };
  WorkOffered: {
    work: string;
    token: string;
    visit: string;
    node: string;
    role: string;
    queue: string | null;
    approval: boolean;
    priority: number;
    /** The pool it waits in, when nobody was picked. */
    pick?: Pick;
  };
  WorkAssigned: {
    work: string;
    assignee: string | null;
    from: string | null;
    why: "rule" | "claim" | "release" | "hand_over" | "escalation" | "rebalance";
    note?: string;
    pick?: Pick;
    /** An approval: the person in whose place the assignee decides. */
    for?: string;
  };
  /** An action picked somebody and wrote them into a field of a record (`object.field`). */
  PersonPicked: { token: string | null; node: string | null; field: string; pick: Pick };
  WorkStarted: { work: string };
  WorkSaved: { work: string; draft: Values };
  WorkSnoozed: { work: string; until: number | null; reason?: string };
  WorkPrioritised: { work: string; priority: number };
  WorkCompleted: { work: string; outcome: string | null; values: Values; checklist?: string[] };
  WorkCancelled: { work: string; reason: string };
  /** What another system recorded of a visit: when work began (null = it did not say), how long it took, who had it. */
  WorkRecorded: {
    visit: string;
    startedAt: number | null;
    touchMs: number;
    blockedMs: number;
    owner: string | null;
  };
  /** Everything the completion caused is taken back; `restored` is the run's state before it. */
  WorkUndone: { work: string; undone: number; restored: string };
  /** `visit`, `seat`, `for`: of an approval with several approvers. */
  ApprovalRequested: { work: string; approver: string | null; visit?: string; seat?: string; for?: string };
  ApprovalDecided: {
    work: string;
    decision: ApprovalDecision;
    by: string;
    visit?: string;
    seat?: string;
    /** The person in whose place it was decided. */
    for?: string;
    comment?: string;
    reason?: string;
  };
  /** Who is asked, level after level. `matrix`: the decision table that said so. */
  ApprovalPlanned: {
    visit: string;
    node: string;
    requester: string | null;
    levels: AskedLevel[];
    matrix?: string;
  };
  ApprovalLevelOpened: { visit: string; level: number; required: number; seats: ApprovalSeat[] };
  /** The outcome of a level is certain: `spared` are the seats that were not needed for it. */
  ApprovalLevelClosed: { visit: string; level: number; decision: ApprovalDecision; spared: string[] };
  ApprovalSettled: { visit: string; decision: ApprovalDecision; why: "votes" | "timeout" };
  /** The requester, or somebody with the right to, takes the request back. */
  ApprovalWithdrawn: { token: string; node: string; visit: string; by: string; reason?: string };
  /** An edge on which responsibility changes role was taken. */
  HandoffSubmitted: { edge: string; artefact: string; token?: string };
  /** Who it went to began the work, or approved. `by`: the member. */
  HandoffAccepted: { edge: string; artefact: string; token: string; by?: string };
  /** The rework edge `back` leads to whoever handed over. `outcome`, `reason`: what the receiver chose and said. */
  HandoffRejected: {
    edge: string;
    artefact: string;
    token: string;
    back: string;
    by?: string;
    outcome?: string;
    reason?: string;
  };
  /** `counted`: the edge has a cap. */
  ReworkStarted: { edge: string; from: string; to: string; counted?: boolean };
  ClockStarted: {
    id: string;
    sla: string;
    node: string | null;
    visit: string | null;
    clock: SlaClock;
    why?: ClockWhy;
    resetHeld?: boolean;
  };
  /** `hold`: its run was suspended, or its step stopped. */
  ClockPaused: { id: string; clock: SlaClock; by?: "event" | "condition" | "hold"; why?: ClockWhy };
  ClockResumed: { id: string; clock: SlaClock; why?: ClockWhy };
  /** `rung`: the rung of the ladder, where it is none of the warnings. `quiet`: it was past when the clock was attached, and nobody is told. */
  ClockWarned: { id: string; percent: number; clock: SlaClock; rung?: string; quiet?: boolean };
  ClockBreached: { id: string; assignee: string | null; clock: SlaClock; quiet?: boolean };
  /** `free`: another may attach, at any time or by a newer start. */
  ClockCompleted: { id: string; clock: SlaClock; free?: "again" | "anew"; why?: ClockWhy };
  ClockCancelled: { id: string; clock: SlaClock; free?: "again" | "anew"; why?: ClockWhy };
  /** Another of its targets fits now. */
  ClockRetargeted: { id: string; clock: SlaClock; why?: ClockWhy };
  /** Its reset condition no longer holds: the next time it does, it counts. */
  ClockRearmed: { id: string };
  /**
   * Computed anew from the log and adopted (or that taken back): `clock` counts from now on, `was` is what stood there. What the
   * row needs of an ended clock is said again: the run does not keep those.
   */
  ClockRecomputed: {
    id: string;
    sla: string;
    node: string | null;
    visit: string | null;
    was: SlaClock;
    clock: SlaClock;
    breachedWith: string | null;
    how: "adopted" | "reverted";
    reason: string;
  };
  TimerSet: {
    id: string;
    name: string;
    due: number;
    token?: string;
    clock?: string;
    work?: string;
    back?: { field: string; was: Plain; set: Plain };
  };
  TimerFired: { id: string; due: number };
  TimerCancelled: { id: string };
  /** A public event that some SLA of the process names has happened. */
  LatchSet: { event: string; at: number /** an event of one stay in a step */; visit?: string };
  /** `child`: the effect that starts it (in older logs the run and token). */
  ChildStarted: { token: string; child: string };
  MessageReceived: { event: string; payload: Values; id?: string; key?: Plain };
  MessageConsumed: { event: string; token: string; id?: string };
  /** It waited its time and no step took it. */
  MessageExpired: { event: string; id: string };
  EffectRequested: { id: string; effect: Effect; token: string | null };
  EffectAnswered: { id: string; ok: boolean; result: Plain };
  /**
   * `mail`, `sent`: the letter or call that was given up; no token (`token` is empty) waits for it. `cycle`: the steps that set each
   * other off.
   */
  IncidentRaised: {
    id: string;
    token: string;
    node: string;
    code: string;
    text: string;
    mail?: Incident["mail"];
    sent?: Outgoing;
    sla?: Incident["sla"];
    cycle?: readonly Hop[];
  };
  /** `how`: how it goes on, where somebody chose otherwise than with the same action; `reason`: why it was skipped. */
  IncidentResolved: { id: string; how?: "step" | "run" | "skip"; reason?: string };
  ProcessPublished: { version: number; note: string; changes: number };
  ProcessRetired: Record<string, never>;
  SettingChanged: { setting: string; from: Plain; to: Plain };
  RecordCreated: { type: string; values: Values; source: string };
  RecordChanged: { type: string; changes: Record<string, { from: Plain; to: Plain }>; source: string };
  RecordLocked: { type: string; run: string | null };
  RecordMerged: { type: string; into: string };
  RecordDeleted: { type: string };
};
export type EventType = keyof Facts;

/** What comes to a run without anybody asking: an answer, the end of a called run, the change of a record. */
export type News =
  | { type: "effectAnswered"; effect: string; ok: boolean; result: Plain }
  | {
      type: "childEnded";
      token: string;
      child: string;
      outcome: string | null;
      variables?: Values;
      error?: { code: string; text: string };
    }
  | { type: "recordChanged"; recordType: string; recordId: string; events: string[]; since: number };

/** What the engine asks of the world outside. The dispatcher sends it after the commit; answers come back as commands. */
export type Effect =
  | { kind: "notice"; to: string; title: string; text: string; urgency: "info" | "warn" | "breach"; link: string }
  | { kind: "mail"; to: string; template: string; values: Values /** the step that asked */; node?: string }
  | ({ kind: "http"; method: string; url: string; body: Plain } & {
      connection?: string;
      headers?: Record<string, string>;
      expect?: number[];
    } & CallTerms)
  | ({ kind: "connector"; connector: string; operation: string; values: Values } & CallTerms)
  | ({ kind: "chat"; connection: string; text: string } & CallTerms)
  | {
      kind: "start_process";
      process: string;
      recordType: string;
      recordId: string;
      after?: number;
      when?: string;
      parent?: { run: string; token: string; depth?: number };
      /** A fixed version; the live one without. */
      version?: number;
      variables?: Values;
      chain?: readonly Hop[];
    }
  | {
      kind: "child_ended";
      run: string;
      token: string;
      outcome: string | null;
      variables?: Values;
      /** The error it ended with. */
      error?: { code: string; text: string };
      chain?: readonly Hop[];
    }
  /** The step that called it was left: the called run is cancelled. */
  | { kind: "cancel_child" /** The effect that started it. */; child: string; reason: string }
  | ({ kind: "emit"; event: string; recordType: string; recordId: string } & Chained)
  /** Other runs and start triggers are told of a record's change, with the original instant. */
  | ({ kind: "record_changed"; recordType: string; recordId: string; events: string[]; created: boolean } & Chained);

/** A step that set something off which set off the next: how an endless chain is told. */
export type Hop = { process: string; node: string; name: string };
/** Steps that led here, the first one first; absent when a person or a clock began it. */
export type Chained = { chain?: readonly Hop[] };

/** Terms of a call that leaves the house. Fields may be absent in effects of earlier releases. */
export type CallTerms = Chained & {
  /** The place it was asked at (visit, phase, action): the same call asked there again has the same idempotency key. */
  once?: string;
  /** `first` in ms. */
  retry?: { tries?: number; first?: number; final?: number[] };
  /** The answer's content is looked at. */
  wants?: boolean;
  /** No token waits for it: given up, it is an incident that can be sent again. */
  loose?: boolean;
  /** The step that asked. */
  node?: string;
};
/** An effect that leaves the house. */
export type Outgoing = Extract<Effect, { kind: "mail" | "http" | "connector" | "chat" }>;

export type Event<T extends EventType = EventType> = {
  [K in T]: {
    type: K;
    stream: Stream;
    version: number;
    at: number;
    due?: number;
    actor: Actor;
    cause: string | null;
    data: Facts[K];
  };
}[T];

/** An event as stored: numbered in its workspace and chained. */
export type StoredEvent<T extends EventType = EventType> = Event<T> & {
  workspaceId: string;
  seq: number;
  hash: string;
};
export type { Facts };
