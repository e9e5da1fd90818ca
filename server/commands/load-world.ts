/**
 * Everything a group of commands needs to know, in a handful of queries for the whole group: the runs, their records and the
 * records they are related to, who else looks at those records, and possible duplicates where a process matches.
 */
import { recordsById, runStates, visitsToChange, workToChange } from "@/db/queries/world.ts";
import type { Row, Store } from "@/db/store.ts";
import type { BusinessCalendar } from "@/server/engine/calendar/calendar.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { EngineRecord, Run } from "@/server/engine/model.ts";
import type { CalendarRef, Records, World } from "@/server/engine/world.ts";
import { pastOfRecords } from "./record-past.ts";
import { publisherMay } from "./publisher-may.ts";
import { calendarAt } from "./resolve-calendar.ts";
import { isAtWork } from "./working-hours.ts";
import { aboutOf, isTriggered } from "./triggers.ts";
import { engineRecord, recordAt, type WarmRuns } from "./warm-runs.ts";
import type { Contexts, WorkspaceContext } from "./workspace-context.ts";
import { versionKey, targetOf } from "./version-of.ts";
import { placeOf } from "./place-of.ts";
import {
  loadCandidates,
  loadNewest,
  loadParts,
  matchAmong,
  recordsOf,
  referenced,
  subjectsOf,
} from "./records-beside.ts";
import { loadWatchers, loadHolders, loadActive, loadEnded } from "./runs-beside.ts";

export type Loaded = {
  runs: Map<string, Run>;
  processes: Map<string, CompiledProcess>;
  context: WorkspaceContext;
  records: Records;
  worldFor(process: CompiledProcess, records: Records): World;
  /** Whether a run was read that was not kept. */
  fresh: boolean;
  /** Two of the runs that look at a record, where there are so many. */
  watchers: Map<string, string[]>;
  /** `process/record` of every run that has not ended, for the records of the group's starts. */
  active: Set<string>;
  /** When the last run of `process/record` ended, where the process says how often a record may come in. */
  ended: Map<string, number>;
  visits: Map<string, Map<string, Row<"stepVisit">>>;
  work: Map<string, Map<string, Row<"workItem">>>;
};

export { engineRecord, recordAt };

export async function loadWorld(
  store: Store,
  contexts: Contexts,
  workspaceId: string,
  commands: readonly RunCommand[],
  now: number,
  warm: WarmRuns,
  /** A process that is not published: it stands for its own key and version. */
  drawn?: CompiledProcess,
): Promise<Loaded> {
  const context = await contexts.get(workspaceId, now);
  const { model } = context;
  const runIds = [...new Set(commands.map((c) => c.runId))];
  const undone = new Set(
    commands.flatMap((c) => (c.type === "undoWork" || c.type === "undoMigration" ? [c.runId] : [])),
  );
  const loadedRecords = new Map<string, EngineRecord>();
  const load = async (ids: Iterable<string>) => {
    const missing = new Set<string>();
    for (const id of ids) {
      if (loadedRecords.has(id)) continue;
      const record = warm.record(workspaceId, id);
      if (record) loadedRecords.set(id, record);
      else missing.add(id);
    }
    if (missing.size === 0) return;
    const rows = await recordsById(store, { workspaceId, ids: [...missing] });
    for (const row of rows) {
      const record = engineRecord(row);
      loadedRecords.set(row.id, record);
      warm.keepRecord(workspaceId, record);
    }
  };
  // What is kept has only open rows.
  const found = warm.found(
    workspaceId,
    runIds.filter((id) => !undone.has(id)),
  );
  const foreseen = [...new Set(found.flatMap(({ run }) => recordsOf(run)))];
  // At once, as on PostgreSQL each question is a round trip: a run that turns out to have moved on looks at hardly anything else.
  const [known, watchedOf] = await Promise.all([
    warm.current(store, workspaceId, found),
    loadWatchers(store, workspaceId, foreseen),
    load(foreseen),
  ]);
  const runs = new Map(known.map(({ run }) => [run.id, run]));
  const cold = runIds.filter((id) => !runs.has(id));
  const runRows = cold.length ? await runStates(store, { workspaceId, runs: cold }) : [];
  for (const { state } of runRows) runs.set(state.id, state);

  const processes = new Map<string, CompiledProcess>();
  if (drawn) processes.set(versionKey(drawn.document.key, drawn.version), drawn);
  const wanted = [
    ...[...runs.values()].map((r) => [r.process, r.version] as const),
    ...commands.flatMap((c) => (c.type === "startRun" ? [[c.process, c.version] as const] : [])),
    ...commands.flatMap((c) => {
      const to = targetOf(c);
      return to ? [[to.process, to.version] as const] : [];
    }),
  ];
  for (const [key, version] of wanted) {
    if (processes.has(versionKey(key, version))) continue;
    const compiled = await contexts.version(workspaceId, key, version);
    if (compiled) processes.set(versionKey(key, version), compiled);
  }

  const newest = new Map<string, EngineRecord[]>();
  const subjects = subjectsOf(runs, commands, processes);
  await load([
    ...subjects.flatMap(recordsOf),
    ...commands.flatMap((c) => (c.type === "undoWork" ? [...c.records, ...(c.made ?? [])].map((r) => r.id) : [])),
  ]);
  // References lead to further records, and those to further ones: a related name may build on another.
  for (let round = 0; round < 3; round++) {
    const ids = subjects.flatMap((s) => referenced(s, loadedRecords));
    const before = loadedRecords.size;
    await load(ids);
    await loadNewest(store, workspaceId, subjects, loadedRecords, newest);
    if (loadedRecords.size === before) break;
  }
  await loadParts(store, workspaceId, loadedRecords, newest, model);
  const candidates = await loadCandidates(store, workspaceId, subjects, loadedRecords, model);
  // A match may bind one of them in this very turn: what follows must be able to look at it.
  for (const candidate of candidates) if (!loadedRecords.has(candidate.id)) loadedRecords.set(candidate.id, candidate);
  // After the runs, so that a row is never older than its run.
  const asked = new Set(foreseen);
  const [watchedElse, active, ended, { visits, work }] = await Promise.all([
    loadWatchers(
      store,
      workspaceId,
      [...loadedRecords.keys()].filter((id) => !asked.has(id)),
    ),
    loadActive(store, workspaceId, commands, runs),
    loadEnded(store, workspaceId, commands, processes),
    loadRows(
      store,
      workspaceId,
      runRows.map(({ state }) => state.id),
      [...undone],
    ),
  ]);
  const watchers = new Map([...watchedOf, ...watchedElse]);
  for (const one of known) {
    visits.set(one.run.id, new Map(one.visits));
    work.set(one.run.id, new Map(one.work));
  }

  // Only a process that counts pauses of before a clock was attached looks back.
  const looksBack = [...processes.values()].some(({ slas }) => [...slas.values()].some(({ sla }) => sla.retroPause));
  const past = looksBack ? await pastOfRecords(store, workspaceId, [...loadedRecords.keys()]) : null;

  const held = await loadHolders(store, context, subjects, loadedRecords);
  const clockCalendar = (process: CompiledProcess, ref: CalendarRef): BusinessCalendar =>
    calendarAt(context.revisions, process.document, ref);

  const worldFor = (process: CompiledProcess, records: Records): World => ({
    workspace: { id: workspaceId, zone: context.zone, country: context.country, currency: context.currency },
    model,
    records,
    directory: context.directory,
    processOwner: context.owners.get(process.document.key) ?? null,
    publisherMay: (right, owner) =>
      publisherMay(
        context,
        {
          process: process.document.key,
          publisher: contexts.publisherOf(workspaceId, process.document.key, process.version),
        },
        right,
        owner,
      ),
    atWork: (member, at) => isAtWork(context, member, at),
    heldBefore: held,
    newest(type, to) {
      const references = model.references(type);
      const made: EngineRecord[] = [];
      for (const r of records.values())
        if (r.type === type && references.some((ref) => r.values[ref.field] === to)) made.push(r);
      const known = newest.get(`${type}/${to}`) ?? [];
      const all = new Map([...known, ...made].map((r) => [r.id, records.get(r.id) ?? r]));
      return [...all.values()].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
    },
    calendar(of, key, { record, assignee }) {
      // A calendar of the workspace: made for this process, or shared under the plain key.
      const name = key && context.calendars.has(`${of.document.key}.${key}`) ? `${of.document.key}.${key}` : key;
      const bound = name ? context.calendars.get(name) : undefined;
      const definition = bound?.definition ?? (key ? of.document.calendars[key] : undefined);
      if (!key || !name || !definition) return null;
      const place = placeOf(definition.zone, record, assignee, context, model, records);
      const ref: CalendarRef = {
        key: bound ? name : key,
        revision: bound?.revision ?? 0,
        zone: place.zone,
        country:
          definition.holidays === "by_country"
            ? place.country
            : definition.holidays === "none"
              ? ""
              : definition.holidays,
      };
      return { calendar: clockCalendar(of, ref), key, zone: place.zone, ref };
    },
    calendarAt: clockCalendar,
    ...stopsOf(context, process.document.key),
    ...(past && { past: (id: string) => past.get(id) ?? [] }),
    version: (key, version) => processes.get(versionKey(key, version)) ?? null,
    live: (key) => {
      const live = context.live.get(key);
      return live ? { key, version: live.version, recordType: live.recordType } : null;
    },
    watched(run, recordType, recordId, events, created) {
      const values = records.get(recordId)?.values ?? {};
      const about = aboutOf(recordType, recordId, values, events);
      // A run may look for the newest contract of its deal: one that names the deal is news to it.
      for (const { field } of model.references(recordType))
        if (watchers.get(String(values[field]))?.some((watcher) => watcher !== run?.id)) return true;
      if (about.some(({ id }) => watchers.get(id)?.some((watcher) => watcher !== run?.id))) return true;
      for (const live of context.live.values())
        if (
          about.some((one) => isTriggered(live.compiled, one.type, one.events, one.id === recordId && created, model))
        )
          return true;
      return false;
    },
    match: (record) => matchAmong(record, candidates, model),
    recordId: (type, command, n) => `${prefixOf(type)}_${command.replaceAll(/\W/g, "_")}${n ? `_${n}` : ""}`,
  });

  return {
    runs,
    processes,
    context,
    records: mapRecords(loadedRecords),
    worldFor,
    watchers,
    fresh: cold.length > 0,
    active,
    ended,
    visits,
    work,
  };
}

function stopsOf({ stops }: WorkspaceContext, process: string): Pick<World, "stopped"> {
  const own = stops.get(process);
  return own ? { stopped: (node) => own.get(node) ?? own.get("") ?? null } : {};
}

export const mapRecords = (map: Map<string, EngineRecord>): Records => ({
  get: (id) => map.get(id),
  has: (id) => map.has(id),
  set: (id, record) => void map.set(id, record),
  remove: (id) => void map.delete(id),
  values: () => map.values(),
});

/** Ids say what they name: the type's first three letters, but for the few that would be the same. */
export const prefixOf = (type: string) => ({ contact: "con", contract: "ctr" })[type] ?? type.slice(0, 3);

/** Rows of open visits and open work as stored: projections add to them. An undo opens closed ones again, and needs all. */
async function loadRows(
  store: Store,
  workspaceId: string,
  runIds: string[],
  undone: string[],
): Promise<Pick<Loaded, "visits" | "work">> {
  const visits: Loaded["visits"] = new Map();
  const work: Loaded["work"] = new Map();
  if (runIds.length === 0) return { visits, work };
  const [visitRows, workRows] = await Promise.all([
    visitsToChange(store, { workspaceId, runs: runIds, whole: undone }),
    workToChange(store, { workspaceId, runs: runIds, whole: undone }),
  ]);
  for (const row of visitRows) visits.set(row.runId, (visits.get(row.runId) ?? new Map()).set(row.visit, row));
  for (const row of workRows) work.set(row.runId, (work.get(row.runId) ?? new Map()).set(row.work, row));
  return { visits, work };
}
