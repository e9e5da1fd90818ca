/**
 * What the system does at a step, in order. An action that needs an answer from outside stops the list; the answer goes on
 * with the next. An action that fails raises an incident on its token only; a retry goes on with the same action.
 */
import { handOut, pickAssignee, recipients } from "./work/assign.ts";
import { askByMail, decisionPage } from "./work/ask-by-mail.ts";
import { reassignApprovers } from "./work/seats.ts";
import { announce } from "./clocks/clocks.ts";
import { parseTarget } from "./calendar/calendar-target.ts";
import { type FeelValue, toFeel } from "./expression/index.ts";
import type { CompiledNode } from "./graph.ts";
import { instantOf } from "./calendar/instant.ts";
import type { Plain, Timer, Values, Visit } from "./model.ts";
import { endless, setsOff } from "./chain.ts";
import { convert } from "./convert.ts";
import { type Made, create } from "./create.ts";
import type { Hop } from "./events.ts";
import { callOut } from "./outgoing.ts";
import type { Action } from "./process.ts";
import { mayNot } from "./publisher.ts";
import { bind, changeRecord, createRecord, linksFor, lockRecord, rebind, writeField } from "./records.ts";
import { type Turn, emit, evaluate, nextId, nodeOf, primary, recordNamed, request, standAt } from "./turn.ts";

export type Done =
  | { done: true }
  | { done: false; waits: true }
  | { done: false; waits: false; code: string; text: string; thrown?: boolean; cycle?: readonly Hop[] };
const done: Done = { done: true };
const failed = (code: string, text: string, thrown = false) => ({
  done: false as const,
  waits: false as const,
  code,
  text,
  thrown,
});

export type Place = {
  token: string | null;
  node: CompiledNode | null;
  visit: Visit | null;
  assignee: string | null;
  work?: string | undefined;
};

const madeOr = (wrong: Made): Done => (wrong ? failed(wrong.code, wrong.text) : done);

/**
 * One action. `when` false or null: passed over. `once` names the place in the run where a token stands at it, so that the same call
 * asked there again can be told; an action of an SLA has none.
 */
export function act(turn: Turn, action: Action, place: Place, once: string | null = null): Done {
  standAt(turn, place.token);
  if (action.when?.trim()) {
    const condition = turn.process.expression(action.when);
    if (!condition) return failed("BROKEN_EXPRESSION", `The condition “${action.when}” cannot be read.`);
    if (!evaluate(turn, condition, place.visit).isTrue) return done;
  }
  const barred = mayNot(turn, action.verb) ?? (setsOff(action.verb) ? endless(turn, place.node) : null);
  if (barred) return { ...failed(barred.code, barred.text), ...barred };
  const page = place.work ? `/inbox/${turn.run.id}.${place.work}` : `/records/${turn.run.recordId}`;
  const title = place.node?.node.name ?? turn.process.document.name;
  switch (action.verb) {
    case "throw":
      return failed(action.code, action.text ?? `“${title}” threw the error ${action.code}.`, true);
    case "compensate":
      return done; // goes through other steps' actions, so it is done where those are (`moves.ts`)
    case "set":
      return set(turn, action, place);
    case "create":
      return madeOr(create(turn, action, place, sourceOf(turn, place)));
    case "match":
      return match(turn, action.type);
    case "assign":
      return assign(turn, action, place);
    case "notify":
      for (const to of recipients(turn, action.to, place.assignee))
        request(turn, { kind: "notice", to, title, text: action.text ?? "", urgency: "info", link: page });
      return done;
    case "escalate":
      for (const to of recipients(turn, action.to, place.assignee))
        request(turn, { kind: "notice", to, title, text: action.text ?? "", urgency: "breach", link: page });
      if (place.work && turn.run.work[place.work])
        emit(turn, "WorkPrioritised", { work: place.work, priority: turn.run.work[place.work]!.priority + 1 });
      return done;
    case "send_template": {
      const record = primary(turn);
      const to = action.to
        ? recipients(turn, action.to, place.assignee).join(",")
        : typeof record?.values.email === "string"
          ? record.values.email
          : "";
      request(turn, {
        kind: "mail",
        to,
        template: action.template,
        values: {
          ...(record && { title: turn.world.model.title(record.type, record.values) }),
          ...(place.work && place.node?.node.kind === "approval" && { page: decisionPage(turn.run, place.work) }),
        },
        ...(place.node && { node: place.node.node.id }),
      });
      announce(turn, "reminder.sent", place.visit?.id);
      return done;
    }
    case "connector":
    case "http":
    case "chat":
      return callOut(turn, action, place, once);
    case "link":
      return link(turn, action, place);
    case "convert":
      return madeOr(convert(turn, !action.withoutOpportunity, place, sourceOf(turn, place)));
    case "start_process":
      return startProcess(turn, action);
    case "emit":
      if (!turn.emitted?.has(action.event)) {
        (turn.emitted ??= new Set()).add(action.event);
        request(turn, {
          kind: "emit",
          event: action.event,
          recordType: turn.run.recordType,
          recordId: turn.run.recordId,
        });
        announce(turn, action.event);
      }
      return done;
    case "lock":
    case "unlock": {
      const record = recordNamed(turn, action.object);
      if (record) lockRecord(turn, record, action.verb === "lock" ? turn.run.id : null);
      return done;
    }
    case "reassign":
      if (place.visit?.approval && place.node) reassignApprovers(turn, place.visit.id, place.node, action.role);
      else if (place.work) reassign(turn, place.work, place.node, action.role);
      return done;
    case "log":
      request(turn, {
        kind: "notice",
        to: turn.world.processOwner ?? "",
        title,
        text: action.text,
        urgency: "info",
        link: page,
      });
      return done;
    default:
      return action satisfies never;
  }
}

/** Lets a reference point to a record of this run, or to nothing. */
function link(turn: Turn, action: Extract<Action, { verb: "link" }>, place: Place): Done {
  const to = action.to ? recordNamed(turn, action.to) : null;
  if (action.to && !to) return failed("NO_RECORD", `There is no ${action.to} to link.`);
  const wrong = writeField(turn, action.field, to?.id ?? null, sourceOf(turn, place));
  if (wrong) return failed("VALUE_REFUSED", wrong);
  rebind(turn);
  return done;
}

function set(turn: Turn, action: Extract<Action, { verb: "set" }>, place: Place): Done {
  if (action.ifEmpty && read(turn, action.field) !== null) return done;
  const expression = turn.process.expression(action.value);
  if (!expression) return failed("BROKEN_EXPRESSION", `The value “${action.value}” of ${action.field} cannot be read.`);
  const { value, seen } = evaluate(turn, expression, place.visit);
  if (seen.error) return failed("VALUE_FAILED", `${action.field} could not be set: ${seen.error}`);
  const was = read(turn, action.field);
  const wrong = writeField(turn, action.field, value, sourceOf(turn, place));
  if (wrong) return failed("VALUE_REFUSED", wrong);
  if (action.field.endsWith("_id")) rebind(turn);
  return action.until?.trim() ? setUntil(turn, action.field, action.until, was, place) : done;
}

/** A timer puts the field back. Set again meanwhile: the last date counts, and what stood there at first comes back. */
function setUntil(turn: Turn, field: string, until: string, was: Plain, place: Place): Done {
  const expression = turn.process.expression(until);
  const day = expression ? evaluate(turn, expression, place.visit).value : null;
  const at = instantOf(day, turn.world.workspace.zone, null);
  if (at === null) return failed("NO_DATE", `The date “${until}” until which ${field} is set is empty.`);
  const earlier = Object.values(turn.run.timers).find((timer) => timer.back?.field === field);
  if (earlier) emit(turn, "TimerCancelled", { id: earlier.id });
  emit(turn, "TimerSet", {
    id: nextId(turn, "timer"),
    name: "back",
    due: Math.max(at, turn.instant),
    back: { field, was: earlier?.back ? earlier.back.was : was, set: read(turn, field) },
  });
  return done;
}

/** Puts a field back that was set until now, unless somebody has written something else since. */
export function setBack(turn: Turn, { field, was, set: value }: NonNullable<Timer["back"]>): void {
  if (JSON.stringify(read(turn, field)) !== JSON.stringify(value)) return;
  const dot = field.indexOf(".");
  const [object, name] = [field.slice(0, dot), field.slice(dot + 1)];
  const source = sourceOf(turn, null);
  if (object === "run") emit(turn, "VariablesSet", { values: { [name]: was }, cause: source });
  else {
    const record = recordNamed(turn, object);
    if (record) changeRecord(turn, record, { [name]: was }, source);
  }
  turn.dirty = true;
}

/** Duplicate and account match by the record model's keys; the world has loaded the candidates. */
function match(turn: Turn, type: string): Done {
  const record = recordNamed(turn, type);
  if (!record) return done;
  const found = turn.world.match(record);
  const changes: Values = {};
  if (found.duplicateOf && turn.world.model.hasField(type, "duplicate_of_id"))
    changes.duplicate_of_id = found.duplicateOf;
  if (
    found.account &&
    turn.world.model.hasField(type, "matched_account_id") &&
    (record.values.matched_account_id ?? null) === null
  )
    changes.matched_account_id = found.account;
  if (Object.keys(changes).length) changeRecord(turn, record, changes, `process:${turn.process.document.key}`);
  rebind(turn);
  return done;
}

/** `assign F from Q`: into a field. `assign to …`: the routing rule into the record's owner, told as `work_item.assigned`. */
function assign(turn: Turn, action: Extract<Action, { verb: "assign" }>, place: Place): Done {
  const queueRole = action.queue ? turn.process.document.queues[action.queue]?.role : undefined;
  const role =
    action.role ?? queueRole ?? nextHumanRole(turn, place.node) ?? Object.keys(turn.process.document.roles)[0];
  if (!role) return failed("NO_ROLE", "There is no role to assign to.");
  const pick = pickAssignee(turn, role, null, { sticky: false });
  handOut(turn, pick);
  if (!pick.chosen)
    return failed(
      "NOBODY",
      `Nobody can take this: ${role} has no available member, no fallback and the process has no owner.`,
    );
  const field = action.field ?? `${turn.run.recordType}.owner_id`;
  emit(turn, "PersonPicked", { token: place.token ?? null, node: place.node?.id ?? null, field, pick });
  const wrong = writeField(turn, field, pick.chosen, sourceOf(turn, place));
  if (wrong) return failed("VALUE_REFUSED", wrong);
  announce(turn, "work_item.assigned", place.visit?.id);
  return done;
}

/** The role of the first human step after this node. */
function nextHumanRole(turn: Turn, node: CompiledNode | null): string | undefined {
  const seen = new Set<string>();
  const queue = node ? [node.id] : [];
  while (queue.length) {
    const current = turn.process.nodes.get(queue.shift()!)!;
    if (seen.has(current.id)) continue;
    seen.add(current.id);
    if (current.id !== node?.id && current.isHuman && current.node.role) return current.node.role;
    queue.push(...current.out.map((e) => e.to));
  }
  return undefined;
}

export function reassign(turn: Turn, workId: string, node: CompiledNode | null, role?: string): void {
  const work = turn.run.work[workId];
  if (!work) return;
  let pick = pickAssignee(turn, role ?? work.role, node, { not: work.assignee, sticky: false });
  // Nobody else in the role: its fallback, else it stays where it is.
  const fallback = turn.process.document.roles[role ?? work.role]?.fallback;
  if (!pick.chosen && fallback) pick = pickAssignee(turn, fallback, node, { not: work.assignee, sticky: false });
  if (!pick.chosen || pick.chosen === work.assignee) return;
  handOut(turn, pick);
  emit(turn, "WorkAssigned", { work: workId, assignee: pick.chosen, from: work.assignee, why: "escalation", pick });
  announce(turn, work.assignee ? "work_item.reassigned" : "work_item.assigned", work.visit);
  askByMail(turn, nodeOf(turn, work.node), workId, pick.chosen);
}

function startProcess(turn: Turn, action: Extract<Action, { verb: "start_process" }>): Done {
  const live = turn.world.live(action.process);
  if (!live)
    return failed(
      "NO_LIVE_VERSION",
      `The process ${action.process} has no published version yet. Publish it, then retry.`,
    );
  const target =
    live.recordType === turn.run.recordType
      ? primary(turn)
      : (recordNamed(turn, live.recordType) ?? createFor(turn, live.recordType));
  if (!target) return failed("NO_RECORD", `There is no ${live.recordType} to start ${action.process} for.`);
  const after = action.after ? parseTarget(action.after, false) : null;
  request(turn, {
    kind: "start_process",
    process: action.process,
    recordType: target.type,
    recordId: target.id,
    ...(after && "ms" in after && { after: turn.instant + after.ms }),
  });
  return done;
}

function createFor(turn: Turn, type: string) {
  if (!turn.world.model.knows(type)) return null;
  const record = createRecord(turn, type, linksFor(turn, type), sourceOf(turn, null));
  bind(turn, type, record.id);
  rebind(turn);
  return record;
}

function read(turn: Turn, path: string): Plain {
  const dot = path.indexOf(".");
  const object = path.slice(0, dot);
  return (
    (object === "run"
      ? turn.run.variables[path.slice(dot + 1)]
      : recordNamed(turn, object)?.values[path.slice(dot + 1)]) ?? null
  );
}

/** Puts a decision table's outputs where they belong. */
export function writeOutputs(turn: Turn, outputs: Record<string, FeelValue>, place: Place): string | null {
  for (const [field, value] of Object.entries(outputs)) {
    const wrong = writeField(turn, field, value ?? toFeel(null), sourceOf(turn, place));
    if (wrong) return wrong;
  }
  return null;
}

export const sourceOf = (turn: Turn, place: Place | null): string =>
  `step:${turn.process.document.key}/${place?.node?.id ?? ""}`;
