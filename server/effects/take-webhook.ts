/** What a message that came in does: it wakes who waits for it, or makes or changes a record. Done once, however often it is tried. */
import { findConnection, findReceipt, isTaken, openRunsOf, recordsWhere } from "@/db/queries/connections.ts";
import { runsOfRecord } from "@/db/queries/runs.ts";
import type { Row } from "@/db/store.ts";
import { changeRecord } from "@/server/commands/change-record.ts";
import { createRecord } from "@/server/commands/create-record.ts";
import type { Answer } from "@/server/commands/command-loop.ts";
import type { Deps } from "@/server/commands/deps.ts";
import { engineRecord, prefixOf } from "@/server/commands/load-world.ts";
import { waitingMessage } from "@/server/commands/receive-webhook.ts";
import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";
import type { Taking } from "@/server/engine/connection.ts";
import { compile, type FeelValue, textOf, toFeel } from "@/server/engine/expression/index.ts";
import { awaits } from "@/server/engine/flow/messages.ts";
import type { Actor, Plain, Values } from "@/server/engine/model.ts";
import { plainOf } from "@/server/engine/turn.ts";
import { fingerprint } from "@/server/runtime/ids.ts";
import { waits } from "./ladder.ts";

type Done = { done: true } | { again: { dueAt: number; error: string } } | { dead: string };
/** `later`: nobody waits for it yet. */
type Taken = { how: "done"; note: string | null } | { how: "failed" | "later"; text: string };
type Given = {
  deps: Deps;
  context: WorkspaceContext;
  workspaceId: string;
  actor: Actor;
  /** Names the commands of this message: a second try does nothing twice. */
  cause: string;
  now: number;
  body: Plain;
};

export async function takeWebhook(deps: Deps, job: Row<"job">, now: number): Promise<Done> {
  const { workspaceId } = job;
  const waiting = waitingMessage.parse(job.payload);
  const row = await findConnection(deps.store, workspaceId, waiting.connection);
  const taken: Taken =
    row?.config.kind === "hook"
      ? await take(row.config.takes, {
          deps,
          context: await deps.contexts.get(workspaceId, now),
          workspaceId,
          actor: { kind: "api", id: row.id },
          cause: `hook${fingerprint(`${row.id}/${waiting.message}`).slice(0, 24)}`,
          now,
          body: waiting.body,
        })
      : { how: "failed", text: "The connection it came by was removed." };
  const wait = waits[job.attempts ?? 0];
  if (taken.how === "later" && wait !== undefined) return { again: { dueAt: now + wait, error: taken.text } };
  const state = taken.how === "done" ? "done" : taken.how === "later" ? "nobody" : "failed";
  await note(deps, workspaceId, waiting.receipt, state, taken.how === "done" ? taken.note : taken.text);
  return taken.how === "done" ? { done: true } : { dead: taken.text };
}

async function note(
  { store }: Deps,
  workspaceId: string,
  id: string,
  state: Row<"webhookReceipt">["state"],
  said: string | null,
): Promise<void> {
  const receipt = await findReceipt(store, workspaceId, id);
  if (receipt)
    await store.commit([
      { workspaceId, guards: [], events: [], put: { webhookReceipt: [{ ...receipt, state, note: said }] }, drop: {} },
    ]);
}

function take(takes: Taking, given: Given): Promise<Taken> {
  switch (takes.what) {
    case "message":
      return takes.record ? toRecord(takes, takes.record, given) : toWhoeverWaits(takes, given);
    case "record":
      return intoRecord(takes, given);
    default:
      return takes satisfies never;
  }
}

/** A message for the open runs of one record. Where none takes it, processes that it starts are told. */
async function toRecord(
  { event, key }: Extract<Taking, { what: "message" }>,
  { type, field, value }: { type: string; field: string; value: string },
  given: Given,
): Promise<Taken> {
  const { deps, workspaceId, now } = given;
  const found = await recordOf({ type, field, value }, given);
  if (!found.ok) return { how: "failed", text: found.text };
  if (!found.record) return { how: "later", text: `There is no ${type} whose ${field} is “${found.value}”.` };
  const correlation = keyOf(key, given);
  if (!correlation.ok) return { how: "failed", text: correlation.text };
  const runs = (await runsOfRecord(deps.store, workspaceId, found.record.id)).filter(({ endedAt }) => endedAt === null);
  let takers = 0;
  for (const { id } of runs) {
    const answer = await deliver({ id: `${given.cause}.${id}`, runId: id, event, key: correlation.value }, given);
    if (answer.ok) takers += 1;
  }
  if (takers > 0) return { how: "done", note: takers === 1 ? "One run took it." : `${takers} runs took it.` };
  const payload = { effect: "", at: now, kind: "emit", event, recordType: type, recordId: found.record.id };
  const job = { id: `${workspaceId}:${given.cause}:emit`, workspaceId, kind: "emit", runId: null, payload };
  const fresh = { ...job, dueAt: now, lease: 0, attempts: 0, deadAt: null, lastError: null };
  await deps.store.commit([{ workspaceId, guards: [], events: [], put: { job: [fresh] }, drop: {} }]);
  return { how: "done", note: "No open run waited for it. Processes that it starts were told." };
}

/** A message by its key alone: the oldest run that waits for it takes it. */
async function toWhoeverWaits({ event, key }: Extract<Taking, { what: "message" }>, given: Given): Promise<Taken> {
  const { deps, context, workspaceId } = given;
  const correlation = keyOf(key, given);
  if (!correlation.ok) return { how: "failed", text: correlation.text };
  const processes = [...context.owners.keys()];
  for (let after = ""; processes.length > 0; ) {
    const runs = await openRunsOf(deps.store, { workspaceId, processes, after, limit: 500 });
    for (const { id, state } of runs) {
      if (!awaits(state, event, correlation.value)) continue;
      // One command for whichever run it is: tried again after a crash, it finds that another took it.
      const answer = await deliver({ id: given.cause, runId: id, event, key: correlation.value }, given);
      if (answer.ok || answer.code === "IDEMPOTENCY_MISMATCH") return { how: "done", note: "One run took it." };
    }
    if (runs.length < 500) break;
    after = runs.at(-1)!.id;
  }
  return { how: "later", text: "No run waits for it." };
}

function deliver(
  { id, runId, event, key }: { id: string; runId: string; event: string; key: Plain | undefined },
  { deps, workspaceId, actor, now, body }: Given,
): Promise<Answer> {
  return deps.loop.submit({
    id,
    workspaceId,
    runId,
    at: now,
    actor,
    type: "receiveMessage",
    event,
    payload: payloadOf(body),
    ...(key !== undefined && { key }),
  });
}

const payloadOf = (body: Plain): Values =>
  body !== null && typeof body === "object" && !Array.isArray(body) ? body : { body };

/** Changes the record that is meant, or makes it. */
async function intoRecord(takes: Extract<Taking, { what: "record" }>, given: Given, again = false): Promise<Taken> {
  const { deps, context, workspaceId, actor, now, cause } = given;
  const { type, match } = takes;
  const named = match ? nameOf(match.value, given) : null;
  if (named?.ok === false) return { how: "failed", text: named.text };
  // Before the record is looked for: an id that another server has just taken belongs to what is found then.
  const as = match && named && takes.create ? await idFor(type, match.field, named.value, given) : null;
  const found = match ? await recordOf({ type, ...match }, given) : { ok: true as const, record: null };
  if (!found.ok) return { how: "failed", text: found.text };
  const values: Values = {};
  for (const [field, text] of Object.entries(takes.values)) {
    const worked = workedOut(text, given);
    if (!worked.ok) return { how: "failed", text: worked.text };
    const stored = context.model.fromFeel(takes.type, field, worked.value, found.record && engineRecord(found.record));
    if (!stored.ok) return { how: "failed", text: stored.text };
    values[field] = stored.value;
  }
  const ask = { workspaceId, actor, now, commandId: `cmd_${cause}` };
  if (found.record) {
    const changed = await changeRecord(deps, ask, { id: found.record.id, values });
    // This message was under way before, when there was no such record: it is the one it made.
    if (!changed.ok && changed.code === "IDEMPOTENCY_MISMATCH") return { how: "done", note: "A record was made." };
    return changed.ok ? { how: "done", note: "A record was changed." } : { how: "failed", text: changed.text };
  }
  if (!takes.create)
    return { how: "failed", text: `There is no ${takes.type} that this is about, and none is to be made.` };
  const made = await createRecord(deps, ask, { type: takes.type, values, source: "webhook", ...(as && { as }) });
  // Another message about the same new thing was faster: this one is about its record.
  if (!made.ok && made.code === "CONFLICT" && as && !again) return intoRecord(takes, given, true);
  return made.ok ? { how: "done", note: "A record was made." } : { how: "failed", text: made.text };
}

/**
 * The id of a record that messages find by this value and that is not there yet. It follows from the value, so that two messages
 * about one new thing, taken by two servers at the same moment, cannot both make it; the next one in line where a record of that
 * id was deleted or goes by another value now.
 */
async function idFor(type: string, field: string, value: string, { deps, workspaceId }: Given): Promise<string> {
  for (let n = 0; ; n++) {
    const id = `${prefixOf(type)}_m${fingerprint(JSON.stringify([type, field, value, n])).slice(0, 24)}`;
    if (!(await isTaken(deps.store, workspaceId, id))) return id;
  }
}

/** What the message calls the record by, as text. */
function nameOf(value: string, given: Given): { ok: true; value: string } | { ok: false; text: string } {
  const worked = workedOut(value, given);
  if (!worked.ok) return worked;
  if (worked.value === null)
    return { ok: false, text: `“${value}” is empty in this message, so no record can be found by it.` };
  return { ok: true, value: typeof worked.value === "string" ? worked.value : textOf(worked.value) };
}

type Found = { ok: true; record: Row<"record"> | null; value: string } | { ok: false; text: string };

/** The one record of the type whose field has the value that the message names. Several are a failure: nobody could say which. */
async function recordOf(
  { type, field, value }: { type: string; field: string; value: string },
  given: Given,
): Promise<Found> {
  const named = nameOf(value, given);
  if (!named.ok) return named;
  const { value: text } = named;
  const { workspaceId, deps } = given;
  const [record, another] = await recordsWhere(deps.store, { workspaceId, type, field, value: text, limit: 2 });
  if (another) return { ok: false, text: `Several records of ${type} have “${text}” as ${field}, so none was chosen.` };
  return { ok: true, record: record ?? null, value: text };
}

function keyOf(
  key: string | undefined,
  given: Given,
): { ok: true; value: Plain | undefined } | { ok: false; text: string } {
  if (!key?.trim()) return { ok: true, value: undefined };
  const worked = workedOut(key, given);
  return worked.ok ? { ok: true, value: plainOf(worked.value) } : worked;
}

function workedOut(
  text: string,
  { context, now, body }: Given,
): { ok: true; value: FeelValue } | { ok: false; text: string } {
  const compiled = compile(text);
  if (!compiled.ok) return { ok: false, text: `The expression “${text}” cannot be read.` };
  const held = toFeel(body);
  const scope = { now, zone: context.zone, get: (name: string) => (name === "body" ? held : undefined) };
  const { value, error } = compiled.expression.evaluate(scope);
  return error ? { ok: false, text: `“${text}” could not be worked out: ${error}` } : { ok: true, value };
}
