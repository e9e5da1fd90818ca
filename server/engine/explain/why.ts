/**
 * Why a token is where it is: every stay on its way, from the start of the run on. Each says when it was entered, what held it at
 * the gate, what tables said, who had it and why, how it was left, and by which other exits it was not left and why. Everything names
 * the event it stands on.
 */
import type { Evaluated, Facts, Pick, StoredEvent } from "../events.ts";
import type { CompiledProcess } from "../graph.ts";
import type { Actor, Plain, Run } from "../model.ts";
import type { World } from "../world.ts";
import { instantOfEvent, livedEvents, runsBefore } from "./past.ts";
import { tableMisses, type TableSaid } from "./table-miss.ts";
import { type NotTaken, exitsNotTaken } from "./why-not.ts";

/** Who got the work and why: the rule that picked, with the pool as it was. */
export type Assigned = {
  seq: number;
  at: number;
  to: string | null;
  from: string | null;
  why: Facts["WorkAssigned"]["why"];
  by: Actor;
  pick: Pick | null;
  note: string | null;
};

/** What made a token leave. `choice`: a condition of a gateway; `passed`: it had nothing to wait for. */
export type LeftBy =
  | "choice"
  | "passed"
  | "work"
  | "timer"
  | "message"
  | "news"
  | "condition"
  | "boundary"
  | "late"
  | "error"
  | "child"
  | "inside"
  | "skip_rule"
  | "skipped"
  | "jumped"
  | "goal"
  | "retried"
  | "joined";

export type Left = {
  seq: number;
  at: number;
  by: LeftBy;
  /** The event that made it leave: the completion, the ring, the message. */
  because: number | null;
  actor: Actor;
  port: string;
  edge: string | null;
  /** A person's answer, a message's name, an error's code, the reason of a move. */
  text: string | null;
  /** The branch that was true, or the condition that came true, with the values then. */
  condition: Evaluated | null;
  others: NotTaken[];
};

export type Stay = {
  node: string;
  token: string;
  seq: number;
  at: number;
  /** Which time this step was entered; null at gateways. */
  no: number | null;
  rework: boolean;
  /** The gate that held it first, and until when; null: it let it in at once. */
  held: { seq: number; at: number; until: number | null; criteria: Evaluated; missing: string[] } | null;
  tables: TableSaid[];
  assigned: Assigned[];
  /** Null where it stands now. */
  left: Left | null;
};

export type Why = {
  token: string;
  started: {
    seq: number;
    at: number;
    actor: Actor;
    trigger: string;
    version: number;
    parent: string | null;
  };
  /** The oldest first; the last is where it is. */
  way: Stay[];
};

export type Past = {
  process: CompiledProcess;
  /** The run's events and those of its records, in the order of the log. */
  events: readonly StoredEvent[];
  world: World;
};

type Of<T extends StoredEvent["type"]> = Extract<StoredEvent, { type: T }>;
type Entered = Of<"TokenEntered"> | Of<"TokenHeld">;

/** The way of one token, or of the last one that a run which is over had. Null: nothing of it is in the log. */
export function whyHere(past: Past, token: string | null): Why | null {
  const events = livedEvents(past.events);
  const run = events.filter((e) => e.stream.kind === "run");
  const started = run.find((e): e is Of<"RunStarted"> => e.type === "RunStarted");
  if (!started) return null;
  const stays = lineage(run, token);
  const before = runsBefore(events, lookedAt(run, stays));
  const way = stays.map(({ entered, left, until }) => stayOf({ ...past, events }, run, entered, left, until, before));
  return {
    token: token ?? way.at(-1)?.token ?? "",
    started: {
      seq: started.seq,
      at: instantOfEvent(started),
      actor: started.actor,
      trigger: started.data.trigger.event,
      version: started.data.version,
      parent: started.data.parent?.run ?? null,
    },
    way,
  };
}

type Found = { entered: Entered; left: Of<"TokenLeft"> | null; until: number };

/** Stays of the token and of those it came from, the oldest first. `until`: the number of the event that ended the stay. */
function lineage(run: readonly StoredEvent[], token: string | null): Found[] {
  const isEntered = (e: StoredEvent): e is Entered => e.type === "TokenEntered" || e.type === "TokenHeld";
  const last = run.findLast((e): e is Entered => isEntered(e) && (token === null || e.data.token === token));
  const stays: Found[] = [];
  let entered: Entered | undefined = last;
  let left: Of<"TokenLeft"> | null =
    token === null && last
      ? (run.find(
          (e): e is Of<"TokenLeft"> => e.type === "TokenLeft" && e.seq > last.seq && e.data.token === last.data.token,
        ) ?? null)
      : null;
  // As many rounds as there are events: an endless chain cannot be drawn from a finite log.
  for (let n = 0; entered && n < run.length; n++) {
    const here: Entered = entered;
    stays.unshift({ entered: here, left, until: left?.seq ?? Number.MAX_SAFE_INTEGER });
    const before = whatLedTo(run, here);
    if (!before) break;
    left = before.left;
    entered = run.findLast(
      (e): e is Entered =>
        isEntered(e) && e.seq < before.seq && e.data.token === before.token && e.data.node === before.node,
    );
    // Held and then let in is one stay: it begins at the gate, but counts by its entry.
  }
  return stays;
}

/** The token and node from which this one was entered, and the event by which it was left. */
function whatLedTo(
  run: readonly StoredEvent[],
  entered: Entered,
): { token: string; node: string; seq: number; left: Of<"TokenLeft"> | null } | null {
  const { token, node, edge, scope } = entered.data;
  // The same token at the same node before: the gate that held it, or a retry.
  const earlier = run.findLast(
    (e): e is Entered =>
      (e.type === "TokenHeld" || e.type === "TokenEntered") &&
      e.seq < entered.seq &&
      e.data.token === token &&
      e.data.node === node &&
      e.data.edge === edge &&
      !run.some((l) => l.type === "TokenLeft" && l.data.token === token && l.seq > e.seq && l.seq < entered.seq),
  );
  if (earlier) return whatLedTo(run, earlier);
  if (edge !== null) {
    const left = run.findLast(
      (e): e is Of<"TokenLeft"> => e.type === "TokenLeft" && e.seq < entered.seq && e.data.edges.includes(edge),
    );
    const fired = run.findLast(
      (e): e is Of<"BoundaryFired"> => e.type === "BoundaryFired" && e.seq < entered.seq && e.data.beside === token,
    );
    if (fired && (!left || fired.seq > left.seq)) {
      const at = run.findLast(
        (e): e is Of<"TokenEntered"> =>
          e.type === "TokenEntered" && e.seq < fired.seq && e.data.token === fired.data.token,
      );
      return at ? { token: at.data.token, node: at.data.node, seq: fired.seq, left: null } : null;
    }
    return left ? { token: left.data.token, node: left.data.node, seq: left.seq, left } : null;
  }
  const jumped = run.findLast(
    (e): e is Of<"RunJumped"> => e.type === "RunJumped" && e.seq < entered.seq && e.data.token === token,
  );
  if (jumped) {
    const left = run.find(
      (e): e is Of<"TokenLeft"> =>
        e.type === "TokenLeft" && e.seq > jumped.seq && e.seq < entered.seq && e.data.node === jumped.data.from,
    );
    return left ? { token: left.data.token, node: left.data.node, seq: left.seq, left } : null;
  }
  const goal = run.findLast(
    (e): e is Of<"GoalReached"> => e.type === "GoalReached" && e.seq < entered.seq && e.data.token === token,
  );
  if (goal) {
    // Every token was taken off for it: the first of them stands for all.
    const left = run.find(
      (e): e is Of<"TokenLeft"> => e.type === "TokenLeft" && e.seq > goal.seq && e.seq < entered.seq,
    );
    return left ? { token: left.data.token, node: left.data.node, seq: left.seq, left } : null;
  }
  const opened = scope && run.find((e): e is Of<"ScopeOpened"> => e.type === "ScopeOpened" && e.data.id === scope);
  return opened ? { token: opened.data.token, node: opened.data.node, seq: opened.seq, left: null } : null;
}

/** Numbers of the events before which the run's state is asked for: where a branch was chosen and where a table was asked. */
const lookedAt = (run: readonly StoredEvent[], stays: readonly Found[]): number[] => [
  ...stays.flatMap(({ left }) => (left ? left.seq : [])),
  ...run.flatMap((e) => (e.type === "DecisionMade" ? e.seq : [])),
];

function stayOf(
  past: Past,
  run: readonly StoredEvent[],
  entered: Entered,
  left: Of<"TokenLeft"> | null,
  until: number,
  before: ReadonlyMap<number, Run>,
): Stay {
  const { token, node } = entered.data;
  const held = gateOf(run, entered);
  const from = held?.seq ?? entered.seq;
  const during = run.filter((e) => e.seq >= from && e.seq <= until);
  const visit = entered.type === "TokenEntered" ? entered.data.visit : undefined;
  const offered = during.find((e): e is Of<"WorkOffered"> => e.type === "WorkOffered" && e.data.visit === visit?.id);
  return {
    node,
    token,
    seq: entered.seq,
    at: instantOfEvent(entered),
    no: visit?.no ?? null,
    rework: visit?.rework ?? false,
    held,
    tables: during.flatMap((e) => {
      if (e.type !== "DecisionMade" || e.data.token !== token || e.data.node !== node) return [];
      const then = before.get(e.seq);
      return then ? [tableMisses(past, e, then)] : [];
    }),
    assigned: offered ? assignmentsOf(during, offered.data.work) : [],
    left: left && leftOf(past, during, entered, left, before.get(left.seq) ?? null),
  };
}

function gateOf(run: readonly StoredEvent[], entered: Entered): Stay["held"] {
  const { token, node } = entered.data;
  const held = run.findLast(
    (e): e is Of<"TokenHeld"> =>
      e.type === "TokenHeld" &&
      e.seq <= entered.seq &&
      e.data.token === token &&
      e.data.node === node &&
      !run.some((l) => l.type === "TokenLeft" && l.data.token === token && l.seq > e.seq && l.seq < entered.seq),
  );
  if (!held) return null;
  const { criteria, missing } = held.data;
  return {
    seq: held.seq,
    at: instantOfEvent(held),
    until: entered.type === "TokenEntered" ? instantOfEvent(entered) : null,
    criteria,
    missing,
  };
}

const assignmentsOf = (during: readonly StoredEvent[], work: string): Assigned[] =>
  during.flatMap((e) =>
    e.type === "WorkAssigned" && e.data.work === work
      ? {
          seq: e.seq,
          at: instantOfEvent(e),
          to: e.data.assignee,
          from: e.data.from,
          why: e.data.why,
          by: e.actor,
          pick: e.data.pick ?? null,
          note: e.data.note ?? null,
        }
      : [],
  );

function leftOf(
  past: Past,
  during: readonly StoredEvent[],
  entered: Entered,
  left: Of<"TokenLeft">,
  before: Run | null,
): Left {
  const { token, node, port, edges, conditions = [] } = left.data;
  const cause = causeOf(during, token, left);
  const chosen = conditions.find((seen) => seen.edge !== undefined && edges.includes(seen.edge)) ?? null;
  const compiled = past.process.nodes.get(node);
  return {
    seq: left.seq,
    at: instantOfEvent(left),
    because: cause.seq,
    actor: left.actor,
    by: cause.by,
    port,
    edge: edges[0] ?? null,
    text: cause.text,
    condition: chosen ?? cause.condition,
    others: compiled && before ? exitsNotTaken(past, compiled, { entered, left, during, before }) : [],
  };
}

type Cause = { by: LeftBy; seq: number | null; text: string | null; condition: Evaluated | null };

/** The last event of the stay that can make its token leave. */
function causeOf(during: readonly StoredEvent[], token: string, left: Of<"TokenLeft">): Cause {
  const { data } = left;
  const say = (by: LeftBy, e: StoredEvent | null, text: string | null = null, condition: Evaluated | null = null) => ({
    by,
    seq: e?.seq ?? null,
    text,
    condition,
  });
  if (data.conditions?.length) return say("choice", left);
  if (data.merged) return say("joined", left);
  const timers = new Map(during.flatMap((e) => (e.type === "TimerSet" ? [[e.data.id, e.data]] : [])));
  const works = new Set(during.flatMap((e) => (e.type === "WorkOffered" && e.data.token === token ? e.data.work : [])));
  const scopes = new Set(during.flatMap((e) => (e.type === "ScopeOpened" && e.data.token === token ? e.data.id : [])));
  const faults = new Set(
    during.flatMap((e) => (e.type === "IncidentRaised" && e.data.token === token ? e.data.id : [])),
  );
  for (const e of during.toReversed()) {
    if (e.seq >= left.seq) continue;
    switch (e.type) {
      case "WorkCompleted":
        if (works.has(e.data.work)) return say("work", e, answerOf(e.data.outcome));
        break;
      case "TimerFired": {
        const timer = timers.get(e.data.id);
        if (timer?.token === token) return say("timer", e, timer.name);
        if (timer?.clock && data.port === "late") return say("late", e);
        break;
      }
      case "MessageConsumed":
        if (e.data.token === token) return say(e.data.id ? "message" : "news", e, e.data.event);
        break;
      case "BoundaryFired":
        if (e.data.token === token && !e.data.beside)
          return say("boundary", e, e.data.boundary, e.data.condition ?? null);
        break;
      case "ErrorCaught":
        if (e.data.token === token) return say("error", e, e.data.code);
        break;
      case "RunJumped":
        if (e.data.token === token && e.data.how === "skip") return say("skipped", e, e.data.reason);
        if (e.data.from === data.node && e.data.how === "jump" && data.cancelled)
          return say("jumped", e, e.data.reason);
        break;
      case "GoalReached":
        return say("goal", e, e.data.event ?? null, e.data.condition ?? null);
      case "IncidentResolved":
        if (faults.has(e.data.id)) return say("retried", e);
        break;
      case "ScopeClosed":
        if (scopes.has(e.data.id)) return say("inside", e);
        break;
      case "ChildStarted":
        if (e.data.token === token) return say("child", e);
        break;
      case "WaitStarted":
        // It waited, and nothing that has an event of its own ended that: what it waited for became true.
        if (e.data.token === token && e.data.condition) return say("condition", e);
        break;
      default:
        break;
    }
  }
  return data.skipped ? say("skip_rule", left) : say("passed", left);
}

const answerOf = (outcome: Plain): string | null => (typeof outcome === "string" ? outcome : null);
