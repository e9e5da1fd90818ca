/** Finishing human work: who may, what is still missing, what the form writes, and on goes the token. */
import { type Place, sourceOf } from "../actions.ts";
import { decisionOf } from "./approval.ts";
import { announce } from "../clocks/clocks.ts";
import type { CommandOf } from "../commands.ts";
import { afterVote, decisionRefusal, isLast } from "./decide-approval.ts";
import type { Facts } from "../events.ts";
import { asSaved, chosenReason, formProblems, outcomeField } from "./form.ts";
import { exitUnmet, unmetText, whoRefusal } from "./gate.ts";
import { gateFields } from "./gate-fields.ts";
import { seatOf } from "./seats.ts";
import { type Refusal, type Values, type Work, refuse } from "../model.ts";
import { cancelWorkTimers, release } from "../flow/leave.ts";
import { placeOf, resume, run as runTokens } from "../flow/moves.ts";
import { changeRecord, createRecord, createRelated, rebind } from "../records.ts";
import { type Turn, emit, nodeOf, recordNamed, standAt } from "../turn.ts";

/** Completes a task or decides an approval; a refusal when the person may not, or the form is not filled. */
export function complete(turn: Turn, item: Work, command: CommandOf<"completeWork">): Refusal | null {
  const node = nodeOf(turn, item.node);
  const me = command.actor.kind === "member" ? command.actor.id : null;
  if (
    item.approval &&
    me &&
    !turn.run.visits[item.visit]?.approval &&
    node.config.selfApproval !== "allow" &&
    (me === recordOwner(turn) || me === turn.run.lastHuman) &&
    item.assignee !== me
  )
    return refuse("NOT_ALLOWED", "Nobody approves their own request. It stays with its approver.");
  const refused = item.approval ? decisionRefusal(turn, item, command) : null;
  if (refused) return refused;
  if (item.assignee && me && item.assignee !== me && turn.world.directory.people.get(item.assignee)?.active !== true)
    release(turn, item.assignee);
  const problems = formProblems(turn, node, command.values, item.draft ?? noDraft);
  if (problems.length)
    return refuse("MISSING_FIELDS", problems[0]!.text, {
      fields: problems.map((p) => ({ field: p.field, text: p.text })),
    });
  const known = () => [
    ...(node.form?.fields.filter((f) => !f.readOnly).map((f) => f.field) ?? []),
    ...gateFields(node, turn.process, turn.run, turn.world.model),
  ];
  const values = item.draft ? { ...pickKnown(item.draft, known()), ...command.values } : command.values;
  const gate = gateRefusal(turn, item, command, values);
  if (gate) return gate;
  const levelled = turn.run.visits[item.visit]?.approval !== undefined;
  const decision = decisionOf(command.outcome);
  // One vote of several is not the decision yet.
  const voted = levelled && !isLast(turn, item, decision) ? outcomeFieldOf(turn, item) : undefined;
  write(
    turn,
    voted ? Object.fromEntries(Object.entries(values).filter(([field]) => field !== voted)) : values,
    placeOf(turn, item.token, node),
  );
  release(turn, item.assignee);
  const { token, visit } = item;
  const reason = command.comment?.trim() || command.reason || chosenReason(turn.process, node, values);
  turn.said = { ...(command.outcome && { outcome: command.outcome }), ...(reason && { reason }) };
  const seatId = seatOf(turn, item)?.id;
  cancelWorkTimers(turn, item.id);
  // The others go on: what blocked the step is over for all of them.
  if (levelled && turn.run.visits[visit]?.pausedAt !== undefined) emit(turn, "StepResumed", { visit });
  emit(turn, "WorkCompleted", {
    work: item.id,
    outcome: command.outcome,
    values,
    checklist: command.checklist || undefined,
  });
  if (item.approval) {
    emit(turn, "ApprovalDecided", decided(item, command, me, seatId));
    announce(turn, "approval.decided", visit);
  }
  // One vote of several is not the step's work: `afterVote` says when that is done.
  if (!levelled) announce(turn, "work_item.completed", visit);
  turn.dirty = true;
  if (levelled) afterVote(turn, item, command.outcome, values);
  else runTokens(turn, resume(turn, token, { type: "work", outcome: command.outcome, values }));
  return null;
}

const noDraft: Values = {};

/** The step's exit gate: who may finish it, and what is still missing with what the form would save. */
function gateRefusal(turn: Turn, item: Work, command: CommandOf<"completeWork">, values: Values): Refusal | null {
  const node = nodeOf(turn, item.node);
  if (!node.node.gate) return null;
  const who = whoRefusal(turn, node, command.actor.kind === "member" ? command.actor.id : null);
  if (who) return refuse("NOT_ALLOWED", who);
  standAt(turn, item.token);
  const saved = asSaved(turn, values);
  const visit = turn.run.visits[item.visit] ?? null;
  const unmet = exitUnmet(saved, node, visit, {
    outcome: command.outcome,
    ticked: command.checklist ?? [],
    given: values,
  });
  if (!unmet.length) return null;
  return refuse("MISSING_FIELDS", unmetText(turn, unmet[0]!), {
    fields: unmet.map((one) => ({ field: one.fields[0] ?? one.item ?? one.record ?? "", text: unmetText(turn, one) })),
    unmet: unmet.map((one) => ({ ...one })),
  });
}

/** `for`: the person in whose place it was decided, as it stands with the task or because the assignee is stood in for. */
function decided(
  item: Work,
  { outcome, comment, reason }: CommandOf<"completeWork">,
  me: string | null,
  seat: string | undefined,
): Facts["ApprovalDecided"] {
  const place = item.for ?? (item.assignee && item.assignee !== me ? item.assignee : undefined);
  return {
    work: item.id,
    decision: decisionOf(outcome),
    by: me ?? "system",
    ...(seat && { visit: item.visit, seat }),
    ...(seat && place && { for: place }),
    ...(comment?.trim() && { comment: comment.trim() }),
    ...(reason && { reason }),
  };
}

const outcomeFieldOf = (turn: Turn, item: Work): string | undefined =>
  outcomeField(turn.process, nodeOf(turn, item.node), turn.world.model, turn.run)?.field;

const pickKnown = (values: Values, fields: string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([field]) => fields.includes(field)));

function hasAny(values: Values): boolean {
  for (const _ in values) return true;
  return false;
}

function recordOwner(turn: Turn): string | null {
  const owner = turn.world.records.get(turn.run.recordId)?.values.owner_id;
  return typeof owner === "string" ? owner : null;
}

/** Saves a form: record fields grouped by record, variables together; an absent related record is created, linked. */
function write(turn: Turn, values: Values, place: Place): void {
  const source = sourceOf(turn, place);
  if (!hasAny(values)) {
    rebind(turn);
    turn.dirty = true;
    return;
  }
  const variables: Values = {};
  const byObject = new Map<string, Values>();
  for (const [path, value] of Object.entries(values)) {
    const dot = path.indexOf(".");
    const object = path.slice(0, dot);
    const field = path.slice(dot + 1);
    if (object === "run") variables[field] = value;
    else byObject.set(object, { ...byObject.get(object), [field]: value });
  }
  for (const [object, fields] of byObject) {
    const record =
      recordNamed(turn, object) ??
      (Object.values(fields).some((v) => v !== null) ? createRelated(turn, object, source) : null);
    if (record) changeRecord(turn, record, fields, source);
  }
  if (Object.keys(variables).length) emit(turn, "VariablesSet", { values: variables, cause: source });
  const touch = variables.touch_result ?? variables.call_result;
  if (typeof touch === "string" && touch !== "none") logTouch(turn, touch, place);
  rebind(turn);
  turn.dirty = true;
}

/** Saving a touch or call result also logs an activity on the record. */
function logTouch(turn: Turn, result: string, place: Place): void {
  const outcome =
    (
      {
        connected: "connected",
        replied: "replied",
        voicemail: "voicemail",
        no_answer: "no_answer",
        bad_contact_data: "wrong_number",
      } as Record<string, string>
    )[result] ?? "completed";
  const owner = turn.actor.kind === "member" ? turn.actor.id : null;
  if (!turn.world.model.knows("activity")) return;
  const values: Values = {
    type: result === "replied" ? "email" : "call",
    direction: "outbound",
    subject: place.node?.node.name ?? "",
    outcome,
    occurred_at: turn.instant,
    owner_id: owner,
    related_type: turn.run.recordType,
    related_id: turn.run.recordId,
  };
  createRecord(turn, "activity", values, sourceOf(turn, place));
  announce(turn, "activity.logged", place.visit?.id);
  if (owner) announce(turn, "activity.first_touch");
}
