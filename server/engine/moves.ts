/**
 * How a token moves: into a node, through its tables and actions, out by an edge. Steps return outcomes, only this file
 * turns them into facts. A failing step stops only its own token.
 */
import { type Place, act, setBack, writeOutputs } from "./actions.ts";
import { handOut, pickAssignee } from "./assign.ts";
import { always } from "./calendar.ts";
import { dueAt, parseTarget } from "./calendar-target.ts";
import { announce, endClock, endVisitClocks, startVisitClocks } from "./clocks.ts";
import { evaluateDecisionTable } from "./decision-table.ts";
import type { Evaluated, Facts } from "./events.ts";
import { type CompiledEdge, type CompiledNode, edgeAt } from "./graph.ts";
import type { Token, Visit } from "./model.ts";
import type { BoundaryTimer } from "./process.ts";
import { lockRecord } from "./records.ts";
import { instantOf } from "./instant.ts";
import type { Outcome, Signal, Waiting } from "./step.ts";
import { type Turn, emit, evaluate, nextId, nodeOf, primary, recordNamed, request, scopeOf, workOf } from "./turn.ts";

/** G13: automatic steps without a wait, and activations of one step without one. */
const mostAutomatic = 1000;
const mostSpins = 100;

export type Arrival = { token: string; node: CompiledNode; edge: string | null; from: string | null };

/** Moves tokens until each waits, has failed or has ended. */
export function run(turn: Turn, arrivals: Arrival[]): void {
  const queue = [...arrivals];
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (turn.run.status !== "active") return;
    queue.push(...enter(turn, next));
    if (turn.ended) dropped(turn, queue.splice(0));
  }
  finishIfOver(turn);
}

/** Tokens on their way when an end of the whole run is reached are over too. */
function dropped(turn: Turn, arrivals: Arrival[]): void {
  for (const { token, node } of arrivals)
    emit(turn, "TokenLeft", { token, node: node.id, port: "cancelled", edges: [], cancelled: true });
  turn.ended = false;
}

function enter(turn: Turn, { token, node, edge, from }: Arrival): Arrival[] {
  if (turn.run.automatic >= mostAutomatic || (turn.run.spins[node.id] ?? 0) >= mostSpins) {
    emit(turn, "TokenEntered", { token, node: node.id, edge, from });
    raise(
      turn,
      token,
      node,
      "ENDLESS_LOOP",
      `“${node.node.name}” was reached again and again without any wait between. Change the conditions of the loop, then retry.`,
    );
    return [];
  }
  if (node.entry) {
    const gate = evaluate(turn, node.entry);
    if (!gate.isTrue) {
      const held = turn.run.tokens[token];
      if (held?.state !== "held" || held.node !== node.id)
        emit(turn, "TokenHeld", { token, node: node.id, edge, criteria: gate.seen, missing: missingParts(turn, node) });
      return [];
    }
  }
  if (!node.isStep) {
    emit(turn, "TokenEntered", { token, node: node.id, edge, from });
    return follow(turn, token, node, node.definition.enter(node.node, node.config));
  }
  const id = nextId(turn, "visit");
  const value = turn.process.valueAtRisk ? evaluate(turn, turn.process.valueAtRisk).value : null;
  const no = (turn.run.visited[node.id] ?? 0) + 1;
  const place = calendarOf(turn, node);
  emit(turn, "TokenEntered", {
    token,
    node: node.id,
    edge,
    from,
    visit: {
      id,
      no,
      valueAtRisk: typeof value === "number" ? value : null,
      assumed: typeof value !== "number",
      rework: no > 1,
      ...(place && { calendar: { key: place.key, zone: place.zone } }),
    },
  });
  if (node.skip && evaluate(turn, node.skip, turn.run.visits[id]).isTrue) {
    const port = firstPort(node);
    return out(turn, token, node, port, { visit: id, skipped: true });
  }
  announce(turn, "step.entered", id);
  startVisitClocks(turn, node, id);
  return work(turn, token, node, "enter", 0);
}

/** Runs the node's tables and actions from `index` on, then what comes after them. */
export function work(
  turn: Turn,
  token: string,
  node: CompiledNode,
  phase: "enter" | "complete",
  index: number,
  port = "done",
  outcome: string | null = null,
): Arrival[] {
  const place = placeOf(turn, token, node);
  if (phase === "enter" && index === 0) {
    for (const table of node.tables) {
      const result = evaluateDecisionTable(table, scopeOf(turn, place.visit));
      const wrong =
        result.error ??
        (Array.isArray(result.outputs)
          ? "its hit policy gives a list, which no field takes"
          : writeOutputs(turn, result.outputs, place));
      if (wrong)
        return raise(
          turn,
          token,
          node,
          "TABLE_FAILED",
          `The decision table ${table.name ?? table.key} gave no usable answer: ${wrong}`,
        );
    }
  }
  const actions = (phase === "enter" ? node.node.actions : node.node.onComplete) ?? [];
  for (let i = index; i < actions.length; i++) {
    const result = act(turn, actions[i]!, place);
    if (result.done) continue;
    emit(turn, "ActionReached", { token, phase, action: i, port, outcome });
    return result.waits ? [] : raise(turn, token, node, result.code, result.text);
  }
  return phase === "enter"
    ? follow(turn, token, node, node.definition.enter(node.node, node.config))
    : out(turn, token, node, port, { visit: place.visit?.id, outcome });
}

/** What a step said, as moves. */
function follow(turn: Turn, token: string, node: CompiledNode, outcome: Outcome): Arrival[] {
  const visit = turn.run.tokens[token]?.visit;
  switch (outcome.type) {
    case "leave":
      return (node.node.onComplete?.length ?? 0) > 0 && node.isStep
        ? work(turn, token, node, "complete", 0, outcome.port)
        : out(turn, token, node, outcome.port, { visit });
    case "choose":
      return choose(turn, token, node);
    case "split":
      return move(turn, token, node, "all", node.out, {});
    case "merge":
      return merge(turn, node);
    case "wait":
      return stay(turn, token, node, outcome.waiting);
    case "end":
      emit(turn, "TokenLeft", { token, node: node.id, port: "end", edges: [], ended: true });
      turn.lastEnd = { node: node.id, outcome: outcome.outcome };
      if (outcome.terminate) {
        cancelAll(turn, "the run was ended");
        turn.ended = true;
      }
      return [];
    case "fail":
      return raise(turn, token, node, outcome.code, outcome.text);
    default:
      return outcome satisfies never;
  }
}

/** Exclusive choice: in stated order, the first true one; none and no otherwise is an incident, never a silent stop. */
function choose(turn: Turn, token: string, node: CompiledNode): Arrival[] {
  const conditions: Evaluated[] = [];
  for (const edge of node.out) {
    if (edge.otherwise || (!edge.condition && !edge.when))
      return move(turn, token, node, edge.id, [edge], { conditions });
    const looked = edge.condition ? evaluate(turn, edge.condition) : null;
    if (looked) {
      looked.seen.edge = edge.id;
      conditions.push(looked.seen);
    }
    if (looked?.isTrue) return move(turn, token, node, edge.id, [edge], { conditions });
  }
  return raise(
    turn,
    token,
    node,
    "NO_BRANCH",
    `No branch of “${node.node.name}” fits this record, and none is marked otherwise.`,
  );
}

/** AND join: the oldest token of each incoming edge; the rest queue for the next round. */
function merge(turn: Turn, node: CompiledNode): Arrival[] {
  const standing = Object.values(turn.run.tokens).filter((t) => t.node === node.id && t.state === "in");
  const round: Token[] = [];
  for (const edge of node.in) {
    const first = standing
      .filter((t) => t.edge === edge.id)
      .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))[0];
    if (!first) return [];
    round.push(first);
  }
  const [kept, ...eaten] = round;
  if (!kept) return [];
  const edge = edgeAt(node, "done") ?? node.out[0];
  return edge
    ? move(turn, kept.id, node, "done", [edge], { merged: eaten.map((t) => t.id) })
    : raise(turn, kept.id, node, "NO_EXIT", `Nothing follows “${node.node.name}”.`);
}

function stay(turn: Turn, token: string, node: CompiledNode, waiting: Waiting): Arrival[] {
  const place = placeOf(turn, token, node);
  if (waiting.condition !== undefined || waiting.events) {
    if (node.condition && evaluate(turn, node.condition, place.visit).isTrue)
      return resume(turn, token, { type: "condition" });
    emit(turn, "WaitStarted", { token, events: waiting.events ?? [], condition: waiting.condition !== undefined });
    const early = waiting.events?.find((event) => turn.run.messages[event] !== undefined);
    if (early) {
      emit(turn, "MessageConsumed", { event: early, token });
      return resume(turn, token, { type: "event", event: early });
    }
  } else if (!waiting.work && !waiting.call) emit(turn, "WaitStarted", { token, events: [], condition: false });
  for (const timer of waiting.timers ?? []) {
    const due = dueOf(turn, timer, place);
    if (typeof due === "string") return raise(turn, token, node, "NO_DATE", due);
    emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: timer.name, due, token });
  }
  for (const timer of node.boundary) setBoundary(turn, token, timer, place);
  if (waiting.work) offer(turn, token, node, waiting.work.approval);
  if (waiting.call) return call(turn, token, node, waiting.call);
  return [];
}

/** Sets the timer on the edge of a step: at its start and, if it repeats, each time it has rung. */
export function setBoundary(turn: Turn, token: string, timer: BoundaryTimer, place: Place): void {
  const due = dueOf(turn, timer, place);
  if (typeof due === "number")
    emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: `boundary:${timer.id}`, due, token });
}

/** When a timer rings: a date is 00:00 of that day in the calendar's zone, moved to the next opening; a past one at once. */
function dueOf(
  turn: Turn,
  timer: { after?: string | undefined; until?: string | undefined; calendar?: string | undefined },
  place: Place,
): number | string {
  const calendar = turn.world.calendar(turn.process, timer.calendar, {
    record: primary(turn),
    assignee: place.assignee,
  });
  if (timer.until?.trim()) {
    const expression = turn.process.expression(timer.until);
    const value = expression ? evaluate(turn, expression, place.visit).value : null;
    const at = instantOf(value, calendar?.zone ?? turn.world.workspace.zone, calendar?.calendar ?? null);
    return at === null ? `The date “${timer.until}” of this wait is empty.` : Math.max(at, turn.instant);
  }
  const target = parseTarget(timer.after ?? "", calendar !== null);
  return "kind" in target && calendar
    ? dueAt(calendar.calendar, target, turn.instant)
    : "kind" in target
      ? dueAt(always, target, turn.instant)
      : `“${timer.after}” is not a duration.`;
}

function offer(turn: Turn, token: string, node: CompiledNode, approval: boolean): void {
  const id = nextId(turn, "work");
  const role = node.node.role ?? Object.keys(turn.process.document.roles)[0] ?? "process_owner";
  const visit = turn.run.tokens[token]!.visit!;
  const pick = pickAssignee(turn, role, node);
  emit(turn, "WorkOffered", { work: id, token, visit, node: node.id, role, queue: pick.queue, approval, priority: 0 });
  if (approval) emit(turn, "ApprovalRequested", { work: id, approver: pick.chosen });
  if (!pick.chosen) return;
  handOut(turn, pick);
  emit(turn, "WorkAssigned", { work: id, assignee: pick.chosen, from: null, why: "rule", pick });
  announce(turn, "work_item.assigned", visit);
}

/** A called process for the same record or a related one, created if absent; the child counts at once. */
function call(
  turn: Turn,
  token: string,
  node: CompiledNode,
  called: { process: string; record: "same" | "related" },
): Arrival[] {
  const live = turn.world.live(called.process);
  if (!live)
    return raise(
      turn,
      token,
      node,
      "NO_LIVE_VERSION",
      `The process ${called.process} has no published version yet. Publish it, then retry.`,
    );
  const record = live.recordType === turn.run.recordType ? primary(turn) : recordNamed(turn, live.recordType);
  if (!record) return raise(turn, token, node, "NO_RECORD", `There is no ${live.recordType} for ${called.process}.`);
  emit(turn, "ChildStarted", { token, child: `${turn.run.id}/${token}` });
  request(turn, {
    kind: "start_process",
    process: called.process,
    recordType: record.type,
    recordId: record.id,
    parent: { run: turn.run.id, token },
  });
  return [];
}

/** A token that waited goes on. */
export function resume(turn: Turn, token: string, signal: Signal): Arrival[] {
  const node = nodeOf(turn, turn.run.tokens[token]!.node);
  const outcome = node.definition.resume(node.node, node.config, signal);
  const said = signal.type === "work" ? signal.outcome : signal.type === "child" ? signal.outcome : null;
  return outcome.type === "leave"
    ? work(turn, token, node, "complete", 0, outcome.port, said)
    : follow(turn, token, node, outcome);
}

/** Leaves by a port. A port nobody drew an edge for is an incident. */
export function out(
  turn: Turn,
  token: string,
  node: CompiledNode,
  port: string,
  left: { visit?: string | undefined; outcome?: string | null; skipped?: boolean; cancelled?: boolean },
): Arrival[] {
  const edge = edgeAt(node, port) ?? (node.out.length === 1 && port === "done" ? node.out[0] : undefined);
  if (!edge)
    return raise(turn, token, node, "NO_EXIT", `Nothing is drawn for the exit “${port}” of “${node.node.name}”.`);
  return move(turn, token, node, port, [edge], left);
}

function move(
  turn: Turn,
  token: string,
  node: CompiledNode,
  port: string,
  edges: CompiledEdge[],
  left: {
    visit?: string | undefined;
    outcome?: string | null;
    skipped?: boolean;
    cancelled?: boolean;
    conditions?: Evaluated[];
    merged?: string[];
  },
): Arrival[] {
  if (left.visit) {
    closeWork(turn, left.visit, left.cancelled ? "the step was left early" : "the step was left");
    endVisitClocks(turn, left.visit, left.cancelled || left.skipped ? "cancel" : "complete");
  }
  for (const timer of Object.values(turn.run.timers))
    if (timer.token === token) emit(turn, "TimerCancelled", { id: timer.id });
  const { visit } = left;
  const gone: Facts["TokenLeft"] = { token, node: node.id, port, edges: edges.map((e) => e.id) };
  if (visit) gone.visit = visit;
  if (left.outcome !== undefined) gone.outcome = left.outcome;
  if (left.skipped) gone.skipped = true;
  if (left.cancelled) gone.cancelled = true;
  if (left.conditions) gone.conditions = left.conditions;
  if (left.merged) gone.merged = left.merged;
  emit(turn, "TokenLeft", gone);
  if (visit && !left.skipped && !left.cancelled) announce(turn, "step.completed", visit, node.id);
  for (const edge of edges) {
    if (edge.handoff) emit(turn, "HandoffSubmitted", { edge: edge.id, artefact: edge.handoff });
    if (edge.rework) emit(turn, "ReworkStarted", { edge: edge.id, from: node.id, to: edge.to });
  }
  let first = true;
  return edges.map((edge) => {
    const id = first ? token : `t${Math.max(turn.run.counters.token, turn.tokensGiven) + 1}`;
    if (!first) turn.tokensGiven = Number(id.slice(1));
    first = false;
    return { token: id, node: nodeOf(turn, edge.to), edge: edge.id, from: node.id };
  });
}

function closeWork(turn: Turn, visit: string, reason: string): void {
  for (const work of Object.values(turn.run.work)) {
    if (work.visit !== visit) continue;
    release(turn, work.assignee);
    cancelWorkTimers(turn, work.id);
    emit(turn, "WorkCancelled", { work: work.id, reason });
  }
}

/** A snoozed task that ends has nothing left to come back. */
export function cancelWorkTimers(turn: Turn, work: string): void {
  for (const timer of Object.values(turn.run.timers))
    if (timer.work === work) emit(turn, "TimerCancelled", { id: timer.id });
}

export const release = (turn: Turn, member: string | null): void => {
  if (member) turn.world.directory.open.set(member, Math.max(0, (turn.world.directory.open.get(member) ?? 1) - 1));
};

/** Takes a token off its node without leaving by a port: its step, work, clocks and timers are cancelled. */
export function cancelToken(turn: Turn, token: Token, reason: string): void {
  if (token.visit) {
    closeWork(turn, token.visit, reason);
    endVisitClocks(turn, token.visit, "cancel");
  }
  for (const timer of Object.values(turn.run.timers))
    if (timer.token === token.id) emit(turn, "TimerCancelled", { id: timer.id });
  for (const incident of Object.values(turn.run.incidents))
    if (incident.token === token.id) emit(turn, "IncidentResolved", { id: incident.id });
  emit(turn, "TokenLeft", {
    token: token.id,
    node: token.node,
    port: "cancelled",
    edges: [],
    ...(token.visit && { visit: token.visit }),
    cancelled: true,
  });
}

export function cancelAll(turn: Turn, reason: string): void {
  for (const token of Object.values(turn.run.tokens)) cancelToken(turn, token, reason);
}

/** No token left: the run has ended. The caller is told. */
function finishIfOver(turn: Turn): void {
  if (turn.run.status !== "active" || Object.keys(turn.run.tokens).length > 0 || !turn.lastEnd) return;
  endRun(turn);
  emit(turn, "RunCompleted", { end: turn.lastEnd.node, outcome: turn.lastEnd.outcome });
  announce(turn, "run.completed");
  tellParent(turn, turn.lastEnd.node);
}

/** The run's end cancels its clocks and timers, puts back what was set for a while and frees what it locked. */
export function endRun(turn: Turn): void {
  for (const clock of Object.values(turn.run.clocks)) endClock(turn, clock.id);
  for (const timer of Object.values(turn.run.timers)) {
    emit(turn, "TimerCancelled", { id: timer.id });
    if (timer.back) setBack(turn, timer.back);
  }
  for (const record of turn.world.records.values()) if (record.lockedBy === turn.run.id) lockRecord(turn, record, null);
}

export function tellParent(turn: Turn, outcome: string | null): void {
  if (turn.run.parent)
    request(turn, { kind: "child_ended", run: turn.run.parent.run, token: turn.run.parent.token, outcome });
}

export function raise(turn: Turn, token: string, node: CompiledNode, code: string, text: string): Arrival[] {
  emit(turn, "IncidentRaised", { id: nextId(turn, "incident"), token, node: node.id, code, text });
  if (turn.world.processOwner)
    request(turn, {
      kind: "notice",
      to: turn.world.processOwner,
      title: node.node.name,
      text,
      urgency: "breach",
      link: `/records/${turn.run.recordId}`,
    });
  return [];
}

export const placeOf = (turn: Turn, token: string, node: CompiledNode): Place => {
  const visitId = turn.run.tokens[token]?.visit;
  const visit: Visit | null = visitId ? (turn.run.visits[visitId] ?? null) : null;
  const item = visit ? workOf(turn, visit.id) : undefined;
  return { token, node, visit, assignee: item?.assignee ?? visit?.assignee ?? null, work: item?.id };
};

/** The calendar a visit is measured in: its first SLA's, else the workspace's. */
function calendarOf(turn: Turn, node: CompiledNode) {
  const key = node.slas.find((s) => s.sla.calendar)?.sla.calendar;
  return turn.world.calendar(turn.process, key, { record: primary(turn), assignee: null });
}

function firstPort(node: CompiledNode): string {
  const ports = node.definition.ports(node.node, node.config);
  return Array.isArray(ports) ? (ports[0] ?? "done") : "done";
}

/** The conjuncts of an entry gate that do not hold: what is still missing, shortest first. */
function missingParts(turn: Turn, node: CompiledNode): string[] {
  const text = node.node.entryCriteria ?? "";
  const parts = text.includes(" or ") ? [text] : text.split(/\s+and\s+/);
  return parts.filter((part) => {
    const expression = turn.process.expression(part);
    return !expression || !evaluate(turn, expression).isTrue;
  });
}
