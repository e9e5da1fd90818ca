/**
 * `evolve(run, event)`: the one place where state changes. It serves live work, replay and rebuilding alike.
 * It changes the given run in place, so the caller owns it (`copyRun` makes an own one). Every figure uses the event's
 * `due` where it has one: a timer handled late changes nothing. What a run is made of keeps its shape (`run-shape.ts`): a field
 * becomes undefined where it would be deleted, and JSON shows no difference. What facts about work, approvals and clocks change is
 * told in their rooms.
 */
import { evolveClock } from "./clocks/evolve-clock.ts";
import { tokenId, visitId } from "./counted-ids.ts";
import { count, waited } from "./counting.ts";
import { followed, handedOver } from "./handed-over.ts";
import type { Event, Facts } from "./events.ts";
import { applyMigration } from "./migrate/apply.ts";
import type { Run } from "./model.ts";
import { evolveApproval } from "./work/evolve-approval.ts";
import { evolveWork } from "./work/evolve-work.ts";
import { copyRun, newRun, newToken, newVisit, none, put, without } from "./run-shape.ts";

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
    case "StepPaused":
    case "StepResumed":
    case "WorkOffered":
    case "WorkAssigned":
    case "WorkStarted":
    case "WorkSaved":
    case "WorkRecorded":
    case "WorkSnoozed":
    case "WorkPrioritised":
    case "WorkCompleted":
    case "WorkCancelled":
      return evolveWork(run, event, at);
    case "ClockStarted":
    case "ClockPaused":
    case "ClockResumed":
    case "ClockWarned":
    case "ClockBreached":
    case "ClockRetargeted":
    case "ClockRecomputed":
    case "ClockRearmed":
    case "ClockCompleted":
    case "ClockCancelled":
      return evolveClock(run, event, at);
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
    case "ApprovalPlanned":
    case "ApprovalLevelOpened":
    case "ApprovalRequested":
    case "ApprovalDecided":
    case "ApprovalLevelClosed":
    case "ApprovalSettled":
    case "ApprovalWithdrawn":
      return evolveApproval(run, event, at);
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

/** Where visits and activations are counted: by node, apart for each instance of the for-eaches around it. */
export function placeKey(run: Run, node: string, scope: string | undefined | null): string {
  const at = scope ? run.scopes[scope]?.at : "";
  return at ? `${node}@${at}` : node;
}

export const joinKey = (node: string, scope: string | undefined | null): string => (scope ? `${node}@${scope}` : node);
