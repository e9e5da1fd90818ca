/** Why no process is at work on a record: each process for its type, and what of its start was not there. */
import { findJob } from "@/db/queries/jobs.ts";
import { publicationsOf, startableProcesses } from "@/db/queries/processes.ts";
import { findRecords, referringRecords } from "@/db/queries/records.ts";
import { eventsOf, runsOfRecord } from "@/db/queries/runs.ts";
import type { Row } from "@/db/store.ts";
import type { Deps } from "@/server/commands/deps.ts";
import { engineRecord } from "@/server/commands/load-world.ts";
import { type Past, foldPast } from "@/server/commands/record-past.ts";
import { comesAgainAt } from "@/server/commands/reentry.ts";
import { dailyTime, scheduleJob } from "@/server/commands/schedule.ts";
import { startGuard } from "@/server/commands/start-guard.ts";
import { aboutOf } from "@/server/commands/triggers.ts";
import type { Evaluated, StoredEvent } from "@/server/engine/events.ts";
import { type NotStarted, type Occasion, notStarted, startEvent } from "@/server/engine/explain/not-started.ts";
import type { EngineRecord, Values } from "@/server/engine/model.ts";
import { type CompiledProcess, typeOf } from "@/server/engine/graph.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import type { FieldDescription, RecordLabels } from "@/server/records/rules.ts";

export type WhyNoRun = {
  processes: {
    id: string;
    key: string;
    name: string;
    /** The version new runs would begin on; null when it is retired. */
    version: number | null;
    /** The last run for this record. */
    last: { id: string; status: string; outcome: string | null; endedAt: number | null } | null;
    reason: NotStarted;
  }[];
  /** What names in conditions are called, by `object.field`. */
  fields: Record<string, Pick<FieldDescription, "label" | "type" | "options">>;
};

export async function whyNoRun(
  { store, contexts }: Pick<Deps, "store" | "contexts">,
  row: Row<"record">,
  now: number,
  labels: RecordLabels,
): Promise<WhyNoRun> {
  const { workspaceId } = row;
  const context = await contexts.get(workspaceId, now);
  const { model, zone } = context;
  const record = engineRecord(row);
  const all = await startableProcesses(store, workspaceId, record.type);
  const runs = await runsOfRecord(store, workspaceId, record.id);
  const about = await historyAround(store, workspaceId, record, runs, model);
  const fields: WhyNoRun["fields"] = {};
  const processes: WhyNoRun["processes"] = [];
  for (const { id, key, name, status, liveVersion } of all) {
    const own = runs.filter(({ process }) => process === key);
    const [newest] = own;
    const last = newest ? { id: newest.id, startedAt: newest.startedAt, endedAt: newest.endedAt ?? null } : null;
    const told = newest && last && { ...last, status: newest.status, outcome: newest.outcome ?? null };
    const published = await publicationsOf(store, workspaceId, id);
    const live = context.live.get(key)?.compiled;
    if (!live || status === "retired") {
      const facts = await eventsOf(store, workspaceId, "process", [id]);
      const at = facts.findLast(({ type }) => type === "ProcessRetired")?.at ?? null;
      processes.push({ id, key, name, version: null, last: told ?? null, reason: { why: "retired", at } });
      continue;
    }
    const event = startEvent(live);
    const seenAt = (process: CompiledProcess, at: number, then: Values | null = null) =>
      guardSeen(process, record, about.past, then, { at, model, zone });
    const versions = await Promise.all(
      published.map(async ({ version, publishedAt }) => ({
        version,
        at: publishedAt,
        process: await contexts.version(workspaceId, key, version),
      })),
    );
    const happened =
      event === null ? [] : about.told.filter((one) => one.event === event && one.at >= (last?.startedAt ?? 0));
    // The fact that set the last run off is no new occasion.
    const since = last ? happened.filter((one) => !startedBy(one, own)) : happened;
    const occasions = since.map((one): Occasion => {
      const then = versions.findLast(({ at }) => at <= one.at);
      const starts = then?.process ? startEvent(then.process) === event : false;
      return {
        at: one.at,
        seq: one.seq,
        imported: one.imported,
        version: then?.version ?? null,
        starts,
        seen: then?.process && starts ? seenAt(then.process, one.at, one.own) : null,
        running: own.find((run) => run.startedAt <= one.at && (run.endedAt ?? Infinity) > one.at)?.id ?? null,
      };
    });
    const time = dailyTime(live.document);
    const job = since.at(-1)?.job ? await findJob(store, workspaceId, since.at(-1)!.job!) : null;
    const reason = notStarted(live, {
      now,
      last,
      again: last?.endedAt == null ? null : comesAgainAt(live, last.endedAt),
      occasions,
      since: versions.find(({ process }) => process && startEvent(process) === event)?.at ?? now,
      daily:
        time === null ? null : { next: scheduleJob(workspaceId, key, time, zone, now).dueAt, seen: seenAt(live, now) },
      news: { waiting: job !== null && job.deadAt == null, error: (job?.deadAt != null && job.lastError) || null },
    });
    const seen = "seen" in reason ? reason.seen : null;
    for (const path of Object.keys(seen?.inputs ?? {})) {
      const [object = "", field = ""] = path.split(".");
      const { label, type, options } = labels.describe(typeOf(live, { recordType: record.type }, object), field);
      fields[path] = { label, type, options };
    }
    processes.push({ id, key, name, version: liveVersion ?? null, last: told ?? null, reason });
  }
  return { processes, fields };
}

/** Something that was told of the record. `own`: what the record was by it. `job`: by which processes heard of it. */
type Told = {
  event: string;
  at: number;
  seq: number | null;
  imported: boolean;
  own: Values | null;
  job: string | null;
};

/** Everything that happened to a record and to those it hears of, as events that processes start by, oldest first. */
async function historyAround(
  store: Deps["store"],
  workspaceId: string,
  record: EngineRecord,
  runs: readonly Row<"run">[],
  model: RecordRules,
): Promise<{ told: Told[]; past: Past }> {
  const named = model.references(record.type).flatMap(({ field }) => {
    const id = record.values[field];
    return typeof id === "string" ? [id] : [];
  });
  const around = [
    ...(await findRecords(store, workspaceId, named)),
    ...(await referringRecords(store, workspaceId, record.id)),
  ];
  const types = new Map([[record.id, record.type], ...around.map((one) => [one.id, one.type] as const)]);
  const log = await eventsOf(store, workspaceId, "record", [...types.keys()]);
  const emitted = await eventsOf(
    store,
    workspaceId,
    "run",
    runs.map(({ id }) => id),
  );
  const hears = (id: string, type: string) => id === record.id || (type !== record.type && named.includes(id));
  const values = new Map<string, Values>();
  const told: Told[] = [];
  for (const event of log) {
    const { id } = event.stream;
    const type = types.get(id)!;
    const before = values.get(id) ?? null;
    const after = valuesAfter(before, event);
    if (!after) continue;
    values.set(id, after);
    const names = [...(before ? [] : ["record.created"]), ...model.businessEvents(type, before, after)];
    for (const one of aboutOf(type, id, after, names))
      for (const name of one.events)
        if (hears(one.id, one.type) && (name !== "record.created" || id === record.id))
          told.push({
            event: name,
            at: event.due ?? event.at,
            seq: id === record.id ? event.seq : null,
            own: id === record.id ? after : null,
            imported: "source" in event.data && String(event.data.source).startsWith("import"),
            job: `${workspaceId}:${id}:${event.version}`,
          });
  }
  for (const event of emitted) {
    const effect = event.type === "EffectRequested" ? event.data.effect : null;
    if (effect?.kind === "emit" && hears(effect.recordId, effect.recordType))
      told.push({
        event: effect.event,
        at: event.due ?? event.at,
        seq: event.seq,
        imported: false,
        own: null,
        job: null,
      });
  }
  return { told: told.sort((a, b) => a.at - b.at), past: foldPast(log) };
}

function valuesAfter(before: Values | null, event: StoredEvent): Values | null {
  if (event.type === "RecordCreated") return { ...event.data.values };
  if (event.type !== "RecordChanged" || !before) return null;
  return { ...before, ...Object.fromEntries(Object.entries(event.data.changes).map(([field, { to }]) => [field, to])) };
}

/** A run that began of this: at its instant, by its event. */
const startedBy = ({ at, event }: Told, runs: readonly Row<"run">[]): boolean =>
  runs.some(({ state: { trigger } }) => trigger.at === at && trigger.event === event);

/** What the start's condition saw of the record as it was: `then`, where that is known, else at that instant. Null without one. */
function guardSeen(
  process: CompiledProcess,
  record: EngineRecord,
  past: Past,
  then: Values | null,
  when: { at: number; model: RecordRules; zone: string },
): Evaluated | null {
  const as = (id: string, type: string): EngineRecord | null => {
    const known = past.get(id)?.findLast((one) => one.at <= when.at);
    return known ? { ...record, id, type, values: known.values } : null;
  };
  const own = then ? { ...record, values: then } : (as(record.id, record.type) ?? record);
  return startGuard(process, own, as, when).seen;
}
