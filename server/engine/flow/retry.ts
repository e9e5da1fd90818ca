/**
 * What somebody does about an incident (G3): the same action once more, its step or the whole run from the start, or on with the
 * next action; values that were wrong are put right in the same command.
 */
import { sourceOf } from "../actions.ts";
import type { CommandOf } from "../commands.ts";
import { cancelAll, cancelToken } from "./leave.ts";
import { type Incident, type Plain, type Refusal, type Values, refuse } from "../model.ts";
import { run as runTokens, work as workOn } from "./moves.ts";
import { changeRecord, checkVariable, rebind } from "../records.ts";
import { type Turn, emit, freshToken, nodeOf, recordNamed, stopOf, stoppedRefusal } from "../turn.ts";
import { openApproval } from "../work/open-approval.ts";
import { retryOfClock } from "../clocks/sla-actions.ts";
import { outgoingOf, sendAgain } from "../work/undelivered.ts";

export function retry(turn: Turn, command: CommandOf<"retryIncident">): Refusal | null {
  const { incident: id, how = "action", reason, values } = command;
  const incident = turn.run.incidents[id];
  if (!incident) return refuse("CONFLICT", "This incident was resolved already.", { incident: id });
  const outgoing = outgoingOf(incident) !== undefined;
  if (turn.run.status === "suspended" && !outgoing)
    return refuse("UNAVAILABLE", "This run is suspended. Resume it first; nothing was tried again.");
  if (!outgoing && stopOf(turn, incident.node)) return stoppedRefusal(turn, incident.node);
  if (how === "skip" && !reason?.trim())
    return refuse("INVALID", "Say why the action is skipped: it stands in the history. Nothing was changed.");
  const mended = values && Object.keys(values).length > 0 ? mend(turn, values) : null;
  if (mended) return mended;
  if (outgoing) {
    if (how === "skip") emit(turn, "IncidentResolved", { id, how, reason: reason! });
    else sendAgain(turn, incident);
    return null;
  }
  if (incident.sla) return retryOfClock(turn, { ...incident, sla: incident.sla }, how, reason);
  switch (how) {
    case "action":
      again(turn, incident);
      return null;
    case "skip":
      return skip(turn, incident, reason!);
    case "step":
      step(turn, incident, reason);
      return null;
    case "run":
      wholeRun(turn, incident, reason);
      return null;
    default:
      return how satisfies never;
  }
}

function resolve(turn: Turn, { id }: Incident, how?: "step" | "run" | "skip", reason?: string): void {
  emit(turn, "IncidentResolved", { id, ...(how && { how }), ...(reason?.trim() && { reason: reason.trim() }) });
  turn.dirty = true;
  rebind(turn);
}

/** Incidents of an approval that stands open already: its step is not begun anew. */
const unopened = new Set(["NO_APPROVER", "APPROVERS_UNKNOWN", "MATRIX_FAILED"]);

/** The action that failed, once more. */
function again(turn: Turn, incident: Incident): void {
  const node = nodeOf(turn, incident.node);
  const { token: tokenId } = incident;
  resolve(turn, incident);
  const token = turn.run.tokens[tokenId];
  if (!token) return;
  if (token.action !== undefined && token.phase)
    runTokens(turn, workOn(turn, tokenId, node, token.phase, token.action, token.port, token.outcome ?? null));
  // A step that failed before it waited starts over on the visit it has; a gateway is entered anew.
  else
    runTokens(
      turn,
      token.visit
        ? unopened.has(incident.code)
          ? openApproval(turn, tokenId, node)
          : workOn(turn, tokenId, node, "enter", 0)
        : [{ token: tokenId, node, edge: token.edge, from: null, scope: token.scope ?? null }],
    );
}

/** On with the action after the one that failed. */
function skip(turn: Turn, incident: Incident, reason: string): Refusal | null {
  const token = turn.run.tokens[incident.token];
  const node = token && nodeOf(turn, token.node);
  const actions = token?.phase === "complete" ? node?.node.onComplete : node?.node.actions;
  if (!token?.phase || token.action === undefined || !actions?.[token.action])
    return refuse(
      "INVALID",
      "No action failed here, so there is none to skip. Nothing was changed; move the run instead.",
    );
  const { phase, action, port, outcome } = token;
  resolve(turn, incident, "skip", reason);
  runTokens(turn, workOn(turn, token.id, node!, phase, action + 1, port, outcome ?? null));
  return null;
}

/** The step anew: what it has open is cancelled, and it is entered as another visit. */
function step(turn: Turn, incident: Incident, reason: string | undefined): void {
  const token = turn.run.tokens[incident.token];
  const node = nodeOf(turn, incident.node);
  resolve(turn, incident, "step", reason);
  if (!token) return;
  const { scope = null, edge, alone } = token;
  const fresh = freshToken(turn);
  cancelToken(turn, token, "the step was begun anew");
  runTokens(turn, [{ token: fresh, node, edge, from: null, scope, ...(alone && { alone }) }]);
}

/** The run anew from its start: records and answers stay as they are, and so do the clocks of the whole run. */
function wholeRun(turn: Turn, incident: Incident, reason: string | undefined): void {
  resolve(turn, incident, "run", reason);
  const fresh = freshToken(turn);
  cancelAll(turn, "the run was begun anew");
  runTokens(turn, [{ token: fresh, node: turn.process.start!, edge: null, from: null, scope: null }]);
}

/** Writes the values that are put right; a refusal when one does not fit, and then nothing is written. */
function mend(turn: Turn, values: Values): Refusal | null {
  const changes = new Map<string, Values>();
  for (const [path, value] of Object.entries(values)) {
    const dot = path.indexOf(".");
    const [object, name] = [path.slice(0, dot), path.slice(dot + 1)];
    const wrong = wrongValue(turn, object, name, value);
    if (wrong) return refuse("INVALID", wrong, { field: path });
    changes.set(object, { ...changes.get(object), [name]: value });
  }
  for (const [object, fields] of changes) {
    if (object === "run") emit(turn, "VariablesSet", { values: fields, cause: sourceOf(turn, null) });
    else changeRecord(turn, recordNamed(turn, object)!, fields, "person");
  }
  turn.dirty = true;
  rebind(turn);
  return null;
}

function wrongValue(turn: Turn, object: string, name: string, value: Plain): string | null {
  const { model } = turn.world;
  if (object === "run") {
    const variable = turn.process.document.variables[name];
    return variable ? checkVariable(variable, value, variable.label ?? name) : `The process has no variable ${name}.`;
  }
  const record = recordNamed(turn, object);
  if (!record) return `There is no ${object} to write ${name} to.`;
  if (!model.hasField(record.type, name)) return `There is no field ${name}.`;
  if (record.lockedBy && record.lockedBy !== turn.run.id)
    return "This record is held by a running approval and can only be read. Nothing was saved.";
  return (
    model.check(record.type, name, value) ??
    model.problems(record.type, { ...record.values, [name]: value }, record.values).find(({ field }) => field === name)
      ?.text ??
    null
  );
}
