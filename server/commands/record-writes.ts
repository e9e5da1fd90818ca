/** The rows and facts of a record that was made or changed outside a run. Other runs and triggers are told by a job. */
import type { WriteSet } from "@/db/store.ts";
import type { Event } from "@/server/engine/events.ts";
import type { Actor, EngineRecord } from "@/server/engine/model.ts";
import { changesOf } from "@/server/engine/records.ts";
import { keyRows, linkRows, newJobRow, recordRow } from "@/server/engine/rows.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import { goneRows } from "./batch.ts";
import type { Ask } from "./deps.ts";

type Written = {
  before: EngineRecord | undefined;
  after: EngineRecord;
  source: string /** tell other runs and start triggers */;
  tell: boolean;
};

export function recordSet(ask: Ask & { commandId: string }, model: RecordRules, given: Written[]): WriteSet {
  const { workspaceId, now, actor, commandId } = ask;
  const written = given.map(({ before, after, ...how }) => ({
    ...how,
    before,
    // Its time never runs back: what waited its turn carries an earlier one.
    after: { ...after, changedAt: Math.max(now, before?.changedAt ?? 0) },
  }));
  const events = written.map((w) => recordEvent(w, w.after.changedAt, actor, commandId));
  const changed = written.map(({ before, after }) => ({ id: after.id, was: before?.version ?? 0, before, after }));
  return {
    workspaceId,
    guards: changed.map(({ id, was }) => ({ table: "record" as const, id, was })),
    events,
    put: {
      record: written.map(({ after }) => recordRow(workspaceId, after, model, now)),
      recordLink: written.flatMap(({ after }) => linkRows(workspaceId, after, model)),
      recordKey: written.flatMap(({ after }) => keyRows(workspaceId, after, model)),
      job: written.filter((w) => w.tell).map(({ before, after }) => tellJob(workspaceId, before, after, model, now)),
    },
    drop: goneRows(workspaceId, changed, model),
  };
}

function recordEvent({ before, after, source }: Written, at: number, actor: Actor, cause: string): Event {
  const base = { stream: { kind: "record" as const, id: after.id }, version: after.version, at, actor, cause };
  return before
    ? {
        ...base,
        type: "RecordChanged",
        data: { type: after.type, changes: changesOf(before.values, after.values), source },
      }
    : { ...base, type: "RecordCreated", data: { type: after.type, values: after.values, source } };
}

function tellJob(
  workspaceId: string,
  before: EngineRecord | undefined,
  after: EngineRecord,
  model: RecordRules,
  now: number,
) {
  const events = [
    ...(before ? [] : ["record.created"]),
    ...model.businessEvents(after.type, before?.values ?? null, after.values),
  ];
  return newJobRow({
    id: `${workspaceId}:${after.id}:${after.version}`,
    workspaceId,
    kind: "record_changed",
    payload: {
      effect: "",
      at: now,
      kind: "record_changed",
      recordType: after.type,
      recordId: after.id,
      events,
      created: !before,
    },
    dueAt: now,
  });
}
