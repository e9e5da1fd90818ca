/**
 * How a token moves: into a node, through its tables and actions, and on. Steps return outcomes, only the engine turns them into
 * facts: gateways in `gateways.ts`, what runs inside a node in `scopes.ts`, leaving in `leave.ts`. A failing step stops only its own
 * token.
 */
import { type Place, act, writeOutputs } from "../actions.ts";
import { askByMail } from "../work/ask-by-mail.ts";
import { handOut, pickAssignee } from "../work/assign.ts";
import { armBoundaries, armWhileActing, dueOf, keyOf } from "./boundary.ts";
import { announce, startVisitClocks } from "../clocks/clocks.ts";
import { endless } from "../chain.ts";
import { compensate } from "./compensation.ts";
import { evaluateDecisionTable, fieldsOfAnswer } from "../tables/decision-table.ts";
import { visitId } from "../counted-ids.ts";
import { placeKey } from "../evolve.ts";
import type { Facts } from "../events.ts";
import type { FeelValue } from "../expression/index.ts";
import { choose, chooseMany, mergeAll, mergeOthers } from "./gateways.ts";
import type { CompiledNode } from "../graph.ts";
import { type Arrival, type Left, cancelAll, cancelToken, finishIfOver, leaving, move, out, raise } from "./leave.ts";
import { messageAsFeel, takeEarly } from "./early-messages.ts";
import type { Visit } from "../model.ts";
import { entryUnmet, partText } from "../work/gate.ts";
import { none } from "../run-shape.ts";
import { isLevelled, openApproval, setTimeout } from "../work/open-approval.ts";
import { reviewSeat } from "../work/seats.ts";
import { closeFinished, openBody } from "./scopes.ts";
import type { Call, Outcome, Signal, Waiting } from "../step.ts";
import {
  type Turn,
  emit,
  evaluate,
  loopOf,
  nextId,
  nodeOf,
  plainOf,
  primary,
  recordNamed,
  request,
  scopeOf,
  standAt,
  workOf,
  stopOf,
} from "../turn.ts";

/** G13: automatic steps without a wait, and activations of one step without one. */
const mostAutomatic = 1000;
const mostSpins = 100;
/** How deep runs may call runs. */
const deepestCall = 16;

const nothingLeft: Left = leaving(undefined);
const noEvents: NonNullable<Waiting["events"]> = [];
const noConditions: NonNullable<Waiting["conditions"]> = [];
const noTimers: NonNullable<Waiting["timers"]> = [];

/** Moves tokens until each waits, has failed or has ended. */
export function run(turn: Turn, arrivals: Arrival[]): void {
  // One list of arrivals is worked off at a time; what comes of it waits at its end, or is the next list when none is left.
  let queue = arrivals;
  let at = 0;
  for (;;) {
    const next = queue[at++];
    if (turn.run.status !== "active") return;
    let more: Arrival[] = [];
    if (next && !inOpenScope(turn, next)) {
      // What it was in was left by an error or an event meanwhile.
      emit(turn, "TokenLeft", { token: next.token, node: next.node.id, port: "cancelled", edges: [], cancelled: true });
    } else if (next) {
      more = enter(turn, next);
    } else {
      // A branch that a join takes in late moves nothing, and may have been the last of what is around it.
      const { rev } = turn.run;
      more = whenStill(turn);
      if (more.length === 0 && turn.run.rev === rev) break;
    }
    if (at >= queue.length) {
      queue = more;
      at = 0;
    } else for (const arrival of more) queue.push(arrival);
    if (next && turn.ended) {
      queue = queue.slice(at);
      at = 0;
      drop(turn, queue);
    }
  }
  finishIfOver(turn);
}

/** What goes on when no token is about to move: what is around a scope that has ended, then joins that nothing more can reach. */
function whenStill(turn: Turn): Arrival[] {
  if (turn.run.scopes === none) return mergeOthers(turn);
  const { arrivals, finished } = closeFinished(turn);
  for (const { token, outcome } of finished)
    if (turn.run.tokens[token]) arrivals.push(...resume(turn, token, { type: "body", outcome }));
  return arrivals.length ? arrivals : mergeOthers(turn);
}

/** Tokens on their way when a terminating end is reached are over too. */
function drop(turn: Turn, queue: Arrival[]): void {
  const ended = turn.ended?.scope ?? null;
  turn.ended = null;
  for (const arrival of queue.splice(0)) {
    // Those in a scope inside one that was ended have lost it.
    const gone = ended === null || arrival.scope === ended || !inOpenScope(turn, arrival);
    if (gone)
      emit(turn, "TokenLeft", {
        token: arrival.token,
        node: arrival.node.id,
        port: "cancelled",
        edges: [],
        cancelled: true,
      });
    else queue.push(arrival);
  }
}

const inOpenScope = (turn: Turn, { scope }: Arrival) => scope === null || turn.run.scopes[scope] !== undefined;

function enter(turn: Turn, { token, node, edge, from, scope, alone }: Arrival): Arrival[] {
  turn.scope = scope;
  const here = placeKey(turn.run, node.id, scope);
  if (turn.run.automatic >= mostAutomatic || (turn.run.spins[here] ?? 0) >= mostSpins) {
    emit(turn, "TokenEntered", entered(token, node, edge, from, scope));
    return raise(
      turn,
      token,
      node,
      "ENDLESS_LOOP",
      `“${node.node.name}” was reached again and again without any wait between. Change the conditions of the loop, then retry.`,
    );
  }
  const stop = node.isStep ? stopOf(turn, node.id) : null;
  if (stop) {
    const held = turn.run.tokens[token];
    const criteria = { text: "", inputs: {}, result: false };
    if (held?.state !== "held" || held.node !== node.id)
      emit(turn, "TokenHeld", {
        token,
        node: node.id,
        edge,
        criteria,
        missing: [],
        stopped: stop.reason,
        ...(scope !== null && { scope }),
      });
    return [];
  }
  if (!alone && (node.entry || node.node.gate?.entry?.length)) {
    const gate = node.entry ? evaluate(turn, node.entry) : null;
    const unmet = gate?.isTrue === false || node.node.gate?.entry?.length ? entryUnmet(turn, node) : [];
    if (gate?.isTrue === false || unmet.length) {
      const held = turn.run.tokens[token];
      if (held?.state !== "held" || held.node !== node.id)
        emit(turn, "TokenHeld", {
          token,
          node: node.id,
          edge,
          criteria: gate?.seen ?? { text: "", inputs: {}, result: false },
          missing: unmet.map(partText),
          unmet,
          ...(scope !== null && { scope }),
        });
      return [];
    }
  }
  if (!node.isStep) {
    emit(turn, "TokenEntered", entered(token, node, edge, from, scope));
    return follow(turn, token, node, onEntry(node));
  }
  const id = visitId(turn.run.counters.visit + 1);
  const value = turn.process.valueAtRisk ? evaluate(turn, turn.process.valueAtRisk).value : null;
  const no = (turn.run.visited[here] ?? 0) + 1;
  const place = calendarOf(turn, node);
  const valueAtRisk = typeof value === "number" ? value : null;
  emit(
    turn,
    "TokenEntered",
    entered(token, node, edge, from, scope, alone, {
      id,
      no,
      valueAtRisk,
      assumed: valueAtRisk === null,
      rework: no > 1,
      calendar: place ? { key: place.key, zone: place.zone } : undefined,
    }),
  );
  if (node.skip && evaluate(turn, node.skip, turn.run.visits[id]).isTrue)
    return out(turn, token, node, firstPort(node), { visit: id, skipped: true });
  announce(turn, "step.entered", id);
  startVisitClocks(turn, node, id);
  return work(turn, token, node, "enter", 0);
}

/** In one shape, unset as undefined: the log shows no difference. */
const entered = (
  token: string,
  { id: node }: CompiledNode,
  edge: string | null,
  from: string | null,
  scope: string | null,
  alone?: boolean,
  visit?: Facts["TokenEntered"]["visit"],
): Facts["TokenEntered"] => ({
  token,
  node,
  edge,
  from,
  scope: scope ?? undefined,
  alone: alone || undefined,
  visit,
});

const onEntry = (node: CompiledNode): Outcome => (node.entered ??= node.definition.enter(node.node, node.config));

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
  standAt(turn, token);
  const actions = phase === "enter" ? node.actions : node.onComplete;
  if (actions.length === 0 && node.tables.length === 0)
    return phase === "enter"
      ? follow(turn, token, node, onEntry(node))
      : out(turn, token, node, port, leaving(visitAt(turn, token)?.id, outcome));
  const place = placeOf(turn, token, node);
  if (phase === "enter" && index === 0) {
    const round = node.tables.length ? endless(turn, node) : null;
    if (round) return raise(turn, token, node, round.code, round.text, false, round.cycle);
    for (const table of node.tables) {
      const result = evaluateDecisionTable(table, scopeOf(turn, place.visit));
      const outputs = fieldsOfAnswer(table, result);
      emit(turn, "DecisionMade", {
        token,
        node: node.id,
        ...(place.visit && { visit: place.visit.id }),
        table: table.key,
        inputs: Object.fromEntries(table.inputs.map(({ text }, i) => [text, plainOf(result.inputs[i] ?? null)])),
        rules: result.rules,
        outputs: Object.fromEntries(Object.entries(outputs).map(([field, value]) => [field, plainOf(value)])),
        ...(result.error && { error: result.error.text }),
      });
      const wrong = result.error?.text ?? writeOutputs(turn, outputs, place);
      if (wrong) {
        const rule = result.error ? result.error.rule : result.rules[0];
        return raise(
          turn,
          token,
          node,
          "TABLE_FAILED",
          rule === undefined
            ? `The decision table ${table.name ?? table.key} gave no usable answer: ${wrong}`
            : `Rule ${rule + 1} of the decision table ${table.name ?? table.key} gave no usable answer: ${wrong}`,
        );
      }
    }
  }
  for (let i = index; i < actions.length; i++) {
    const action = actions[i]!;
    const result =
      action.verb === "compensate"
        ? compensate(turn, action, place)
        : act(turn, action, place, `${place.visit?.id ?? token}.${phase}.${i}`);
    if (result.done) continue;
    emit(turn, "ActionReached", { token, phase, action: i, port, outcome });
    if (!result.waits) return raise(turn, token, node, result.code, result.text, result.thrown, result.cycle);
    armWhileActing(turn, token, node, place);
    return [];
  }
  return phase === "enter"
    ? follow(turn, token, node, onEntry(node))
    : out(turn, token, node, port, { visit: place.visit?.id, outcome });
}

/** What a step said, as moves. */
function follow(turn: Turn, token: string, node: CompiledNode, outcome: Outcome): Arrival[] {
  switch (outcome.type) {
    case "leave":
      return node.onComplete.length > 0 && node.isStep
        ? work(turn, token, node, "complete", 0, outcome.port)
        : out(turn, token, node, outcome.port, leaving(turn.run.tokens[token]?.visit));
    case "choose":
      return choose(turn, token, node);
    case "choose_many":
      return chooseMany(turn, token, node);
    case "split":
      return move(turn, token, node, "all", node.every, nothingLeft);
    case "merge":
      return outcome.mode === "all" ? mergeAll(turn, node, turn.run.tokens[token]?.scope ?? null) : [];
    case "wait":
      return stay(turn, token, node, outcome.waiting);
    case "end":
      return end(turn, token, node, outcome);
    case "fail":
      return raise(turn, token, node, outcome.code, outcome.text);
    default:
      return outcome satisfies never;
  }
}

/** A plain end eats its token, a terminating one all of its scope; an error is thrown to what is around it. */
function end(turn: Turn, token: string, node: CompiledNode, outcome: Extract<Outcome, { type: "end" }>): Arrival[] {
  if (outcome.error !== undefined)
    return raise(turn, token, node, outcome.error, `The run came to the end “${node.node.name}”.`, true);
  const scope = turn.run.tokens[token]?.scope ?? null;
  emit(turn, "TokenLeft", { token, node: node.id, port: "end", edges: [], ended: true, end: outcome.outcome });
  if (!outcome.terminate) return [];
  turn.ended = { scope };
  if (scope === null) cancelAll(turn, "the run was ended");
  else
    for (const other of Object.values(turn.run.tokens))
      if (other.scope === scope) cancelToken(turn, other, "what is around it was ended");
  return [];
}

function stay(turn: Turn, token: string, node: CompiledNode, waiting: Waiting): Arrival[] {
  const place = placeOf(turn, token, node);
  const { events = noEvents, conditions = noConditions } = waiting;
  if (events.length || conditions.length) {
    const ready = conditions.find(({ text }) => conditionHolds(turn, text, place));
    if (ready) return resume(turn, token, { type: "condition", ...(ready.port && { port: ready.port }) });
    const keys = events.map(({ correlate }) => (correlate?.trim() ? keyOf(turn, correlate, place) : null));
    emit(turn, "WaitStarted", {
      token,
      events: events.map(({ event }) => event),
      condition: conditions.length > 0,
      ...(keys.some((key) => key !== null) && { keys }),
    });
    const early = takeEarly(turn, token, events, keys);
    if (early) return resume(turn, token, early.signal, messageAsFeel(early.payload));
  } else if (!waiting.work && !waiting.call && !waiting.body)
    emit(turn, "WaitStarted", { token, events: [], condition: false });
  for (const timer of waiting.timers ?? noTimers) {
    const due = dueOf(turn, timer, place);
    if (typeof due === "string") return raise(turn, token, node, "NO_DATE", due);
    emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: timer.name, due, token });
  }
  armBoundaries(turn, token, node, place);
  if (waiting.work && isLevelled(node)) return openApproval(turn, token, node);
  if (waiting.work) offer(turn, token, node, waiting.work.approval);
  if (waiting.call) return call(turn, token, node, waiting.call);
  if (waiting.body)
    return openBody(turn, token, node, waiting.body.each) ?? resume(turn, token, { type: "body", outcome: null });
  return [];
}

/** The condition a waiting token waits for that is true now. */
export function readyCondition(turn: Turn, token: string): Signal | null {
  const held = turn.run.tokens[token];
  if (!held?.condition || held.state !== "in") return null;
  const node = nodeOf(turn, held.node);
  const outcome = onEntry(node);
  const conditions = outcome.type === "wait" ? (outcome.waiting.conditions ?? []) : [];
  const place = placeOf(turn, token, node);
  const ready = conditions.find(({ text }) => conditionHolds(turn, text, place));
  return ready ? { type: "condition", ...(ready.port && { port: ready.port }) } : null;
}

function conditionHolds(turn: Turn, text: string, place: Place): boolean {
  const expression = turn.process.expression(text);
  return expression !== null && evaluate(turn, expression, place.visit).isTrue;
}

function offer(turn: Turn, token: string, node: CompiledNode, approval: boolean): void {
  const id = nextId(turn, "work");
  const role = node.node.role ?? Object.keys(turn.process.document.roles)[0] ?? "process_owner";
  const visit = turn.run.tokens[token]!.visit!;
  const pick = pickAssignee(turn, role, node);
  emit(turn, "WorkOffered", {
    work: id,
    token,
    visit,
    node: node.id,
    role,
    queue: pick.queue,
    approval,
    priority: 0,
    ...(!pick.chosen && { pick }),
  });
  if (approval) {
    emit(turn, "ApprovalRequested", { work: id, approver: pick.chosen });
    announce(turn, "approval.requested", visit);
    setTimeout(turn, token, node);
  }
  if (!pick.chosen) return;
  handOut(turn, pick);
  emit(turn, "WorkAssigned", { work: id, assignee: pick.chosen, from: null, why: "rule", pick });
  announce(turn, "work_item.assigned", visit);
  if (!approval) return;
  // Whoever is to decide may have handed that over: then it is the other one who is written to.
  reviewSeat(turn, id, node);
  if (turn.run.work[id]?.assignee === pick.chosen) askByMail(turn, node, id, pick.chosen);
}

/** A called process for the same record or a related one, created if absent; the child counts at once. */
function call(turn: Turn, token: string, node: CompiledNode, called: Call): Arrival[] {
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
  const depth = (turn.run.parent?.depth ?? 0) + 1;
  if (depth > deepestCall)
    return raise(turn, token, node, "TOO_DEEP", `Processes call each other more than ${deepestCall} deep here.`);
  const place = placeOf(turn, token, node);
  const variables = Object.fromEntries(
    Object.entries(called.input ?? {}).map(([name, text]) => {
      const expression = turn.process.expression(text);
      return [name, expression ? plainOf(evaluate(turn, expression, place.visit).value) : null];
    }),
  );
  emit(turn, "ChildStarted", { token, child: nextId(turn, "effect") });
  request(turn, {
    kind: "start_process",
    process: called.process,
    recordType: record.type,
    recordId: record.id,
    parent: { run: turn.run.id, token, depth },
    ...(called.version !== undefined && { version: called.version }),
    ...(called.input && { variables }),
  });
  return [];
}

/** A token that waited goes on. `beside`: what its mapping of outputs can name besides. */
export function resume(
  turn: Turn,
  token: string,
  signal: Signal,
  beside: Record<string, FeelValue> | null = null,
): Arrival[] {
  const held = turn.run.tokens[token]!;
  const node = nodeOf(turn, held.node);
  const wrong = mapOutput(turn, token, node, beside ?? (held.loop ? { loop: loopOf(turn, held.loop) } : null));
  if (wrong) return raise(turn, token, node, "VALUE_REFUSED", wrong);
  const outcome = node.definition.resume(node.node, node.config, signal);
  const said = signal.type === "work" || signal.type === "child" || signal.type === "body" ? signal.outcome : null;
  return outcome.type === "leave"
    ? work(turn, token, node, "complete", 0, outcome.port, said)
    : follow(turn, token, node, outcome);
}

/** Writes what a step gives back: a message's content, a called run's variables, how a for-each went. */
function mapOutput(
  turn: Turn,
  token: string,
  node: CompiledNode,
  beside: Record<string, FeelValue> | null,
): string | null {
  const { output } = node.config;
  if (!beside || !output || typeof output !== "object") return null;
  standAt(turn, token);
  const place = placeOf(turn, token, node);
  turn.beside = beside;
  const values: Record<string, FeelValue> = {};
  for (const [field, text] of Object.entries(output)) {
    const expression = turn.process.expression(String(text));
    values[field] = expression ? evaluate(turn, expression, place.visit).value : null;
  }
  turn.beside = null;
  turn.dirty = true;
  return writeOutputs(turn, values, place);
}

function visitAt(turn: Turn, token: string): Visit | null {
  const id = turn.run.tokens[token]?.visit;
  return id ? (turn.run.visits[id] ?? null) : null;
}

export const placeOf = (turn: Turn, token: string, node: CompiledNode): Place => {
  const visit = visitAt(turn, token);
  const item = visit ? workOf(turn, visit.id) : undefined;
  return { token, node, visit, assignee: item?.assignee ?? visit?.assignee ?? null, work: item?.id };
};

/** The calendar a visit is measured in, if one of its SLAs has one. */
function calendarOf(turn: Turn, node: CompiledNode) {
  if (!node.calendar) return null;
  return turn.world.calendar(turn.process, node.calendar, { record: primary(turn), assignee: null });
}

export function firstPort(node: CompiledNode): string {
  const ports = node.definition.ports(node.node, node.config);
  return Array.isArray(ports) ? (ports[0] ?? "done") : "done";
}
