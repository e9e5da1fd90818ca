/**
 * `evolve(run, event)`: the one place where state changes. It serves live work, replay and rebuilding alike.
 * It changes the given run in place, so the caller owns it (`copyRun` makes an own one). Every figure uses the event's
 * `due` where it has one: a timer handled late changes nothing. What a run is made of keeps its shape (`run-shape.ts`): a field
 * becomes undefined where it would be deleted, and JSON shows no difference.
 */
import { numberOf, tokenId, visitId } from "./counted-ids.ts";
import { followed, handedOver, workedOn } from "./handed-over.ts";
import type { Event, Facts } from "./events.ts";
import { applyMigration } from "./migrate/apply.ts";
import type { Run, RunClock, Visit, Work } from "./model.ts";
import type { ApprovalLevel, ApprovalSeat } from "./work/approval-path.ts";
import { copyRun, newRun, newToken, newVisit, newWork, none, put, without } from "./run-shape.ts";

/** The longest pause between two signs of work that still counts as work. */
const sittingMs = 30 * 60_000;

export function evolve(before: Run | null, event: Event): Run {
  const at = event.due ?? event.at;
  if (event.type === "RunStarted") return newRun(event.stream.id, event.data, at, event.at);
  if (!before) throw new Error(`${event.type} for a run that was not started`);
  if (event.type === "WorkUndone") return restoredRun(event.data.restored, event.version, at);
  if (event.type === "RunMigrated" && event.data.restored !== undefined)
    return restoredRun(event.data.restored, event.version, at);
  before.rev = event.version;
  if (at > before.lastAt) before.lastAt = at;
  before.toldAt = event.at > before.lastAt ? event.at : undefined;
  // Most facts are these two; the others are looked for one after the other.
  if (event.type === "TokenEntered") enterNode(before, event.data, at);
  else if (event.type === "TokenLeft") leaveNode(before, event.data);
  else apply(before, event, at);
  return before;
}

/** A state of before; the log goes on from where it is. */
const restoredRun = (state: string, rev: number, lastAt: number): Run => ({
  ...copyRun(JSON.parse(state) as Run),
  rev,
  lastAt,
  toldAt: undefined,
});

type Other = Exclude<Event, { type: "RunStarted" | "WorkUndone" | "TokenEntered" | "TokenLeft" }>;
function apply(run: Run, event: Other, at: number): void {
  switch (event.type) {
    case "RunCompleted":
      run.status = "completed";
      run.end = event.data.end;
      run.outcome = event.data.outcome;
      run.endedAt = at;
      return;
    case "RunRemoved":
    case "RunCancelled":
      run.status = "cancelled";
      run.endedAt = at;
      return;
    case "RunSuspended":
      run.status = "suspended";
      return;
    case "RunResumed":
      run.status = "active";
      run.kept = undefined;
      return;
    case "NewsKept":
      run.kept = [...(run.kept ?? []), event.data.news];
      return;
    case "RunMigrated":
      return applyMigration(run, event.data);
    case "TokenHeld": {
      const { token, node, edge, scope } = event.data;
      const held = run.tokens[token];
      count(run, "token", token);
      const since = held?.state === "held" && held.node === node ? held.since : at;
      run.tokens = put(run.tokens, token, newToken(token, node, edge, "held", since, undefined, scope));
      return;
    }
    case "JoinPassed": {
      const { node, scope, open } = event.data;
      const place = joinKey(node, scope);
      run.passed = open.length ? { ...run.passed, [place]: open } : without(run.passed, place);
      return;
    }
    case "LoopStarted": {
      const { token, as, records, items } = event.data;
      const owner = run.tokens[token];
      // Told again while it is open: items were added.
      if (owner)
        owner.loop = owner.loop
          ? { ...owner.loop, items }
          : { as, records, items, opened: 0, success: 0, neutral: 0, negative: 0 };
      return;
    }
    case "ScopeOpened": {
      const { id, node, token, scope, index, item } = event.data;
      count(run, "scope", id);
      const around = scope ? (run.scopes[scope]?.at ?? "") : "";
      const own = index === undefined ? around : around ? `${around}.${index}` : String(index);
      run.scopes = {
        ...run.scopes,
        [id]: {
          id,
          node,
          token,
          parent: scope ?? null,
          ...(index !== undefined && { index }),
          ...(item !== undefined && { item }),
          at: own,
          lastEnd: null,
        },
      };
      // A list has an end, so going through one is no endless loop.
      if (index !== undefined) run.automatic = 0;
      const owner = run.tokens[token];
      if (owner?.loop) owner.loop = { ...owner.loop, opened: owner.loop.opened + 1 };
      return;
    }
    case "ScopeClosed": {
      const scope = run.scopes[event.data.id];
      if (!scope) return;
      const owner = run.tokens[scope.token];
      const outcome = scope.lastEnd?.outcome ?? "neutral";
      if (owner?.loop && event.data.how === "completed")
        owner.loop = { ...owner.loop, [outcome]: owner.loop[outcome] + 1 };
      run.scopes = without(run.scopes, scope.id);
      for (const place of Object.keys(run.passed))
        if (place.endsWith(`@${scope.id}`)) run.passed = without(run.passed, place);
      return;
    }
    case "BoundaryArmed": {
      const { token, boundary, key, holds } = event.data;
      const host = run.tokens[token];
      if (host)
        host.armed = {
          ...host.armed,
          [boundary]: { ...(key !== undefined && { key }), ...(holds !== undefined && { holds }) },
        };
      return;
    }
    case "CompensationDone": {
      const { visit, action, done } = event.data;
      run.compensable = run.compensable.flatMap((one) =>
        one.visit !== visit ? [one] : done ? [] : [{ ...one, action: action + 1 }],
      );
      return;
    }
    case "ActionReached": {
      const token = run.tokens[event.data.token];
      if (token)
        Object.assign(token, {
          phase: event.data.phase,
          action: event.data.action,
          port: event.data.port,
          outcome: event.data.outcome,
        });
      return;
    }
    case "WaitStarted": {
      const token = run.tokens[event.data.token];
      waited(run);
      if (token)
        Object.assign(token, { events: event.data.events, keys: event.data.keys, condition: event.data.condition });
      return;
    }
    case "VariablesSet":
      run.variables = { ...run.variables, ...event.data.values };
      return;
    case "RelatedBound":
      if (event.data.made && event.data.id) run.made = { ...run.made, [event.data.name]: event.data.id };
      else run.related = { ...run.related, [event.data.name]: event.data.id };
      return;
    case "StepPaused": {
      const visit = run.visits[event.data.visit];
      if (visit && visit.pausedAt === undefined) {
        rest(visit, at);
        Object.assign(visit, { pausedAt: at, pausedBy: event.data.by, pauseReason: event.data.reason });
        for (const work of workOf(run, visit.id))
          if (event.data.by === "member") Object.assign(work, { state: "paused", blockedReason: event.data.reason });
      }
      return;
    }
    case "StepResumed": {
      const visit = run.visits[event.data.visit];
      if (!visit) return;
      if (visit.pausedAt !== undefined) visit.blockedMs += at - visit.pausedAt;
      visit.pausedAt = undefined;
      visit.pausedBy = undefined;
      visit.pauseReason = undefined;
      for (const work of workOf(run, visit.id)) {
        if (work.state !== "paused") continue;
        work.state = work.startedAt !== undefined ? "in_progress" : work.assignee ? "claimed" : "open";
        work.blockedReason = undefined;
      }
      return;
    }
    case "WorkOffered": {
      const { work } = event.data;
      count(run, "work", work);
      waited(run);
      run.work = put(run.work, work, newWork(event.data, at));
      return;
    }
    case "WorkAssigned": {
      const work = run.work[event.data.work];
      if (!work) return;
      const visit = run.visits[work.visit];
      if (visit) {
        rest(visit, at);
        visit.assignee = event.data.assignee ?? undefined;
      }
      work.assignee = event.data.assignee;
      work.for = event.data.for;
      if (work.state !== "paused") work.state = event.data.assignee ? "claimed" : "open";
      return;
    }
    case "WorkStarted":
      begin(run, run.work[event.data.work], at);
      return;
    case "WorkSaved": {
      const work = run.work[event.data.work];
      begin(run, work, at);
      if (work) work.draft = event.data.draft;
      return;
    }
    case "WorkRecorded": {
      const visit = run.visits[event.data.visit];
      if (!visit) return;
      const { startedAt, touchMs, blockedMs, owner } = event.data;
      Object.assign(visit, {
        touchMs,
        blockedMs,
        ...(startedAt !== null && { startedAt }),
        ...(owner && { assignee: owner }),
      });
      return;
    }
    case "WorkSnoozed": {
      const work = run.work[event.data.work];
      if (!work) return;
      work.snoozedUntil = event.data.until ?? undefined;
      return;
    }
    case "WorkPrioritised": {
      const work = run.work[event.data.work];
      if (work) work.priority = event.data.priority;
      return;
    }
    case "WorkCompleted": {
      const work = run.work[event.data.work];
      if (!work) return;
      run.handoffs &&= workedOn(run.handoffs, work, event.data.outcome);
      begin(run, work, at);
      const visit = run.visits[work.visit];
      if (visit) {
        rest(visit, at);
        if (visit.pausedAt !== undefined) {
          visit.blockedMs += at - visit.pausedAt;
          visit.pausedAt = undefined;
        }
      }
      if (event.actor.kind === "member") {
        run.lastHuman = event.actor.id;
        run.workers = put(run.workers, work.role, event.actor.id);
        if (visit) visit.assignee = event.actor.id;
      }
      run.work = without(run.work, event.data.work);
      return;
    }
    case "WorkCancelled": {
      const work = run.work[event.data.work];
      const visit = work && run.visits[work.visit];
      if (visit) rest(visit, at);
      run.work = without(run.work, event.data.work);
      return;
    }
    case "ClockStarted":
      count(run, "clock", event.data.id);
      run.clocks = put(run.clocks, event.data.id, clockOf(event.data));
      return;
    case "ClockPaused":
    case "ClockResumed":
    case "ClockWarned":
    case "ClockBreached":
    case "ClockRetargeted":
    case "ClockRecomputed": {
      const clock = run.clocks[event.data.id];
      if (!clock) return;
      const next = { ...clock, clock: event.data.clock };
      if (event.type === "ClockBreached") next.breachedWith = event.data.assignee;
      if (event.type === "ClockPaused") next.pausedBy = event.data.by;
      if (event.type === "ClockResumed") next.pausedBy = undefined;
      if (event.type === "ClockRecomputed") next.breachedWith = event.data.breachedWith;
      run.clocks[clock.id] = next;
      // Computed anew it may turn out to have ended.
      if (event.data.clock.stoppedAt !== undefined && event.type === "ClockRecomputed") {
        run.ended = put(run.ended, clock.sla, (run.ended[clock.sla] ?? 0) + 1);
        const visit = clock.visit ? run.visits[clock.visit] : undefined;
        if (visit) visit.ended = [...(visit.ended ?? []), clock.sla];
        run.clocks = without(run.clocks, clock.id);
      }
      return;
    }
    case "ClockRearmed": {
      const clock = run.clocks[event.data.id];
      if (clock) run.clocks[clock.id] = { ...clock, resetHeld: undefined };
      return;
    }
    case "ClockCompleted":
    case "ClockCancelled": {
      const clock = run.clocks[event.data.id];
      if (clock) run.ended = put(run.ended, clock.sla, (run.ended[clock.sla] ?? 0) + 1);
      const visit = clock?.visit ? run.visits[clock.visit] : undefined;
      if (clock && event.data.free) {
        run.free = { ...run.free, [clock.sla]: (run.free?.[clock.sla] ?? 0) + 1 };
        if (event.data.free === "anew")
          run.reopened = { ...run.reopened, [clock.visit ? `${clock.sla}/${clock.visit}` : clock.sla]: at };
      } else if (clock && visit) visit.ended = [...(visit.ended ?? []), clock.sla];
      run.clocks = without(run.clocks, event.data.id);
      return;
    }
    case "TimerSet":
      count(run, "timer", event.data.id);
      run.timers = put(run.timers, event.data.id, { ...event.data });
      return;
    case "TimerFired":
    case "TimerCancelled":
      run.timers = without(run.timers, event.data.id);
      return;
    case "MessageReceived": {
      const { event: name, id = name, payload, key } = event.data;
      if (event.data.id) count(run, "message", id);
      run.messages = {
        ...run.messages,
        [id]: { at, payload, ...(event.data.id && { event: name }), ...(key !== undefined && { key }) },
      };
      return;
    }
    case "MessageConsumed":
      run.messages = without(run.messages, event.data.id ?? event.data.event);
      return;
    case "MessageExpired":
      run.messages = without(run.messages, event.data.id);
      return;
    case "LatchSet": {
      const { visit: id } = event.data;
      const visit = id ? run.visits[id] : undefined;
      if (visit) visit.latches = { ...visit.latches, [event.data.event]: event.data.at };
      else if (!id) run.latches = { ...run.latches, [event.data.event]: event.data.at };
      return;
    }
    case "EffectRequested": {
      count(run, "effect", event.data.id);
      const token = event.data.token && run.tokens[event.data.token];
      if (token) token.effect = event.data.id;
      return;
    }
    case "EffectAnswered":
      for (const token of Object.values(run.tokens)) if (token.effect === event.data.id) token.effect = undefined;
      return;
    case "ChildStarted": {
      const token = run.tokens[event.data.token];
      waited(run);
      if (token) token.child = event.data.child;
      return;
    }
    case "IncidentRaised": {
      const { id, token, node, code, text, mail, sent, sla } = event.data;
      count(run, "incident", id);
      const kept = {
        id,
        token,
        node,
        code,
        text,
        at,
        ...(mail && { mail }),
        ...(sent && { sent }),
        ...(sla && { sla }),
      };
      run.incidents = put(run.incidents, id, kept);
      const held = run.tokens[token];
      if (held) held.state = "failed";
      return;
    }
    case "IncidentResolved": {
      const incident = run.incidents[event.data.id];
      const token = incident && run.tokens[incident.token];
      if (token) token.state = "in";
      // Who retries at a cap lets it go round as often again.
      if (incident?.code === "LOOP_CAP" || event.data.how === "run") run.reworks = none;
      // What joins still waited for is of a round that is over.
      if (event.data.how === "run") {
        run.passed = none;
        run.lastEnd = null;
      }
      waited(run);
      run.incidents = without(run.incidents, event.data.id);
      return;
    }
    case "HandoffSubmitted":
    case "HandoffAccepted":
    case "HandoffRejected":
      run.handoffs = handedOver(run.handoffs, event);
      return;
    case "ReworkStarted":
      if (event.data.counted)
        run.reworks = { ...run.reworks, [event.data.edge]: (run.reworks[event.data.edge] ?? 0) + 1 };
      return;
    case "ApprovalPlanned": {
      const visit = run.visits[event.data.visit];
      const { requester, levels } = event.data;
      if (visit) visit.approval = { requester, at, level: -1, levels };
      return;
    }
    case "ApprovalLevelOpened": {
      const { level, required, seats } = event.data;
      waited(run);
      changeLevel(run, event.data.visit, level, (one) => ({ ...one, required, seats }));
      return;
    }
    case "ApprovalRequested": {
      const { visit, seat, work } = event.data;
      changeSeat(run, visit, seat, { work });
      return;
    }
    case "ApprovalDecided": {
      const { visit, seat, decision, by, comment, reason } = event.data;
      changeSeat(run, visit, seat, {
        decision,
        by,
        at,
        ...(event.data.for && { for: event.data.for }),
        ...(comment && { comment }),
        ...(reason && { reason }),
      });
      return;
    }
    case "ApprovalLevelClosed": {
      const { visit, level, spared } = event.data;
      changeLevel(run, visit, level, (one) => ({
        ...one,
        seats: (one.seats ?? []).map((seat) => (spared.includes(seat.id) ? { ...seat, spared: true } : seat)),
      }));
      return;
    }
    case "ApprovalSettled":
    case "ApprovalWithdrawn": {
      const visit = run.visits[event.data.visit];
      const settled =
        event.type === "ApprovalSettled"
          ? { decision: event.data.decision, why: event.data.why, at }
          : ({ decision: "withdrawn", why: "withdrawn", at } as const);
      if (visit?.approval) visit.approval = { ...visit.approval, settled };
      return;
    }
    case "DecisionMade":
    case "PersonPicked":
    case "RunJumped":
    case "GoalReached":
    case "BoundaryFired":
    case "ErrorCaught":
      return; // facts for reports; the state they go with has its own
    case "ProcessPublished":
    case "ProcessRetired":
    case "SettingChanged":
    case "RecordCreated":
    case "RecordChanged":
    case "RecordLocked":
    case "RecordMerged":
    case "RecordDeleted":
      return; // other streams' facts
    default:
      event satisfies never;
  }
}

function enterNode(run: Run, { token, node, edge, visit, scope, alone }: Facts["TokenEntered"], at: number): void {
  const { counters } = run;
  if (token === tokenId(counters.token + 1)) counters.token++;
  else count(run, "token", token);
  run.tokens = put(run.tokens, token, newToken(token, node, edge, "in", at, visit?.id, scope, alone));
  run.automatic += 1;
  const place = placeKey(run, node, scope);
  run.spins = put(run.spins, place, (run.spins[place] ?? 0) + 1);
  if (!visit) return;
  if (visit.id === visitId(counters.visit + 1)) counters.visit++;
  else count(run, "visit", visit.id);
  run.visited = put(run.visited, place, visit.no);
  run.visits = put(run.visits, visit.id, newVisit(visit, node, token, at));
}

function leaveNode(run: Run, data: Facts["TokenLeft"]): void {
  const { token, node, visit, merged, end, compensable } = data;
  if (run.handoffs) run.handoffs = followed(run.handoffs, data);
  if (end || compensable) {
    const scope = run.tokens[token]?.scope ?? null;
    if (end && scope && run.scopes[scope])
      run.scopes = { ...run.scopes, [scope]: { ...run.scopes[scope]!, lastEnd: { node, outcome: end } } };
    else if (end) run.lastEnd = { node, outcome: end };
    if (compensable && visit) run.compensable = [...run.compensable, { visit, node, scope, action: 0 }];
  }
  run.tokens = without(run.tokens, token);
  if (merged) for (const id of merged) run.tokens = without(run.tokens, id);
  if (visit) run.visits = without(run.visits, visit);
}

/** An approval is replaced, never changed: a copied run shares it. */
function changeLevel(run: Run, id: string, level: number, change: (level: ApprovalLevel) => ApprovalLevel): void {
  const visit = run.visits[id];
  if (!visit?.approval) return;
  visit.approval = {
    ...visit.approval,
    level,
    levels: visit.approval.levels.map((one, i) => (i === level ? change(one) : one)),
  };
}

function changeSeat(run: Run, visit: string | undefined, seat: string | undefined, to: Partial<ApprovalSeat>): void {
  const level = visit ? run.visits[visit]?.approval?.level : undefined;
  if (!visit || !seat || level === undefined) return;
  changeLevel(run, visit, level, (one) => ({
    ...one,
    seats: (one.seats ?? []).map((own) => (own.id === seat ? { ...own, ...to } : own)),
  }));
}

/** Where visits and activations are counted: by node, apart for each instance of the for-eaches around it. */
export function placeKey(run: Run, node: string, scope: string | undefined | null): string {
  const at = scope ? run.scopes[scope]?.at : "";
  return at ? `${node}@${at}` : node;
}

export const joinKey = (node: string, scope: string | undefined | null): string => (scope ? `${node}@${scope}` : node);

/** Counted ids: the counter stands at the highest number seen. */
function count(run: Run, kind: keyof Run["counters"], id: string): void {
  const n = numberOf(id);
  if (n > run.counters[kind]) run.counters[kind] = n;
}

/** Something outside the run is needed next: the bounds on endless loops start anew. */
function waited(run: Run): void {
  run.automatic = 0;
  run.spins = none;
}

const clockOf = ({ id, sla, node, visit, clock, resetHeld }: Facts["ClockStarted"]): RunClock => ({
  id,
  sla,
  node,
  visit,
  clock,
  ...(resetHeld && { resetHeld }),
});

const workOf = (run: Run, visit: string) => Object.values(run.work).filter((w) => w.visit === visit);

/** A sign of work: the visit is started, and the time since the last sign counts as touch. */
function begin(run: Run, work: Work | undefined, at: number): void {
  if (!work) return;
  work.startedAt ??= at;
  if (work.state !== "paused") work.state = "in_progress";
  const visit = run.visits[work.visit];
  if (!visit) return;
  visit.startedAt ??= at;
  rest(visit, at);
  if (visit.pausedAt === undefined) visit.activeSince = at;
}

/** Closes the open active interval; a gap of more than 30 minutes without a sign counts as 30 minutes. */
function rest(visit: Visit, at: number): void {
  if (visit.activeSince === undefined) return;
  visit.touchMs += Math.min(Math.max(0, at - visit.activeSince), sittingMs);
  visit.activeSince = undefined;
}
