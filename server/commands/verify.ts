/**
 * The proof that nothing was lost or changed unseen: every hash of the log follows from the one before, every run's state is
 * what its events rebuild, every record's values are what its events say, and every projected row is what rebuilding gives.
 */
import { eq } from "drizzle-orm";
import { canonical, chainHash, genesis, storedEvent } from "@/db/chain.ts";
import { adding, counterNames } from "@/db/adding.ts";
import { logPages } from "@/db/queries/runs.ts";
import { countedIn, storedCounters, zoneOf } from "@/db/queries/step-days.ts";
import type { CounterName, Row, Store } from "@/db/store.ts";
import type { StoredEvent } from "@/server/engine/events.ts";
import { evolve } from "@/server/engine/evolve.ts";
import type { Plain, Run, Values } from "@/server/engine/model.ts";
import { projectRun } from "@/server/engine/project.ts";
import { copyRun } from "@/server/engine/run-shape.ts";
import { sumVisits } from "./recount.ts";
import type { Contexts } from "./workspace-context.ts";

export type Verdict = { ok: boolean; events: number; runs: number; records: number; rows: number; problems: string[] };

/** Stops at the first broken link of the chain: what follows it proves nothing. */
export async function verifyWorkspace(
  { store, contexts }: { store: Store; contexts: Contexts },
  workspaceId: string,
): Promise<Verdict> {
  const problems: string[] = [];
  const rebuilt = new Map<string, Rebuilt>();
  const records = new Map<string, { values: Values; version: number; lockedBy: string | null }>();
  const zone = await zoneOf(store, workspaceId);
  let previous = genesis;
  let events = 0;
  for await (const page of logPages(store, workspaceId)) {
    for (const row of page) {
      if (row.seq !== events + 1) return broken(`Event ${events + 1} is missing.`);
      const { hash, ...facts } = row;
      if (chainHash(previous, facts) !== hash)
        return broken(`Event ${row.seq} (${row.type}) was changed after it was written.`);
      previous = hash;
      events++;
      const event = storedEvent(row);
      if (event.stream.kind === "run") await applyToRun(rebuilt, event, contexts, workspaceId, zone);
      if (event.stream.kind === "record") applyToRecord(records, event);
    }
  }
  const [head] = await store.read.select().from(store.t.logHead).where(eq(store.t.logHead.workspaceId, workspaceId));
  if (head && (head.seq !== events || head.hash !== previous))
    problems.push(`The log's head says ${head.seq} events, there are ${events}.`);
  problems.push(
    ...(await compareRuns(store, workspaceId, rebuilt)),
    ...(await compareRecords(store, workspaceId, records)),
  );
  const { count, different } = await compareRows(store, workspaceId, rebuilt);
  problems.push(...different, ...(await compareDays(store, workspaceId)));
  return {
    ok: problems.length === 0,
    events,
    runs: rebuilt.size,
    records: records.size,
    rows: count,
    problems: problems.slice(0, 100),
  };

  function broken(text: string): Verdict {
    return { ok: false, events, runs: rebuilt.size, records: records.size, rows: 0, problems: [text] };
  }
}

type Rebuilt = {
  run: Run;
  visits: Map<string, Row<"stepVisit">>;
  work: Map<string, Row<"workItem">>;
  clocks: Map<string, Row<"slaClock">>;
  hits: Map<number, Row<"tableHit">>;
  picks: Map<number, Row<"pick">>;
  timers: Set<string>;
};

async function applyToRun(
  rebuilt: Map<string, Rebuilt>,
  event: StoredEvent,
  contexts: Contexts,
  workspaceId: string,
  zone: string,
): Promise<void> {
  // An import that was taken back leaves no rows.
  if (event.type === "RunRemoved") return void rebuilt.delete(event.stream.id);
  const known = rebuilt.get(event.stream.id);
  const start = event.type === "RunStarted" ? event.data : null;
  const process = await contexts.version(
    workspaceId,
    known?.run.process ?? start!.process,
    known?.run.version ?? start!.version,
  );
  if (!process) throw new Error(`the version of run ${event.stream.id} is gone`);
  const state: Omit<Rebuilt, "run"> = known ?? {
    visits: new Map(),
    work: new Map(),
    clocks: new Map(),
    hits: new Map(),
    picks: new Map(),
    timers: new Set(),
  };
  const projection = projectRun(process, workspaceId, event.stream.id, state, zone);
  projection.before(event, known?.run ?? null);
  const run = evolve(known?.run ?? null, event);
  projection.after(event, run);
  const { put, drop } = projection.rows();
  for (const row of put.stepVisit ?? []) state.visits.set(row.visit, row);
  for (const row of put.workItem ?? []) state.work.set(row.work, row);
  for (const row of put.slaClock ?? []) state.clocks.set(row.clock, row);
  for (const row of put.tableHit ?? []) state.hits.set(row.no, row);
  for (const key of drop.tableHit ?? []) state.hits.delete(Number(key[2]));
  for (const row of put.pick ?? []) state.picks.set(row.no, row);
  for (const key of drop.pick ?? []) state.picks.delete(Number(key[2]));
  for (const key of drop.stepVisit ?? []) state.visits.delete(String(key[2]));
  for (const key of drop.workItem ?? []) state.work.delete(String(key[2]));
  for (const key of drop.slaClock ?? []) state.clocks.delete(String(key[2]));
  rebuilt.set(event.stream.id, { ...state, run });
}

function applyToRecord(
  records: Map<string, { values: Values; version: number; lockedBy: string | null }>,
  event: StoredEvent,
): void {
  const { id } = event.stream;
  const record = records.get(id);
  if (event.type === "RecordCreated")
    records.set(id, { values: { ...event.data.values }, version: event.version, lockedBy: null });
  else if (record && event.type === "RecordChanged") {
    for (const [field, { to }] of Object.entries(event.data.changes)) record.values[field] = to;
    record.version = event.version;
  } else if (record && event.type === "RecordLocked")
    Object.assign(record, { lockedBy: event.data.run, version: event.version });
  else if (event.type === "RecordDeleted") records.delete(id);
}

async function compareRuns({ read, t }: Store, workspaceId: string, rebuilt: Map<string, Rebuilt>): Promise<string[]> {
  const rows = await read
    .select({ id: t.run.id, state: t.run.state })
    .from(t.run)
    .where(eq(t.run.workspaceId, workspaceId));
  const problems = rows.flatMap(({ id, state }) =>
    isSame(state, rebuilt.get(id)?.run) ? [] : [`Run ${id} is not what its events say.`],
  );
  const stored = new Set(rows.map((r) => r.id));
  for (const id of rebuilt.keys()) if (!stored.has(id)) problems.push(`Run ${id} is in the log, but not in the table.`);
  return problems;
}

async function compareRecords(
  { read, t }: Store,
  workspaceId: string,
  records: Map<string, { values: Values; version: number }>,
): Promise<string[]> {
  const rows = await read
    .select({ id: t.record.id, values: t.record.values, version: t.record.version, deletedAt: t.record.deletedAt })
    .from(t.record)
    .where(eq(t.record.workspaceId, workspaceId));
  return rows.flatMap((row) => {
    if (row.deletedAt !== null) return [];
    const said = records.get(row.id);
    return said && said.version === row.version && same(withoutNulls(row.values), withoutNulls(said.values))
      ? []
      : [`Record ${row.id} is not what its events say.`];
  });
}

async function compareRows(
  { read, t }: Store,
  workspaceId: string,
  rebuilt: Map<string, Rebuilt>,
): Promise<{ count: number; different: string[] }> {
  const different: string[] = [];
  let count = 0;
  const check = (kind: string, id: string, row: object, again: object | undefined) => {
    count++;
    if (!again || !same(withoutNulls(row), withoutNulls(again)))
      different.push(`${kind} ${id} is not what its events rebuild.`);
  };
  for (const row of await read.select().from(t.stepVisit).where(eq(t.stepVisit.workspaceId, workspaceId)))
    if (rebuilt.has(row.runId))
      check("Visit", `${row.runId}.${row.visit}`, row, rebuilt.get(row.runId)!.visits.get(row.visit));
  for (const row of await read.select().from(t.workItem).where(eq(t.workItem.workspaceId, workspaceId)))
    if (rebuilt.has(row.runId))
      check("Task", `${row.runId}.${row.work}`, row, rebuilt.get(row.runId)!.work.get(row.work));
  for (const row of await read.select().from(t.slaClock).where(eq(t.slaClock.workspaceId, workspaceId)))
    if (rebuilt.has(row.runId))
      check("Clock", `${row.runId}.${row.clock}`, row, rebuilt.get(row.runId)!.clocks.get(row.clock));
  for (const row of await read.select().from(t.tableHit).where(eq(t.tableHit.workspaceId, workspaceId)))
    if (rebuilt.has(row.runId))
      check("Decision", `${row.runId}.${row.no}`, row, rebuilt.get(row.runId)!.hits.get(row.no));
  for (const row of await read.select().from(t.pick).where(eq(t.pick.workspaceId, workspaceId)))
    if (rebuilt.has(row.runId)) check("Pick", `${row.runId}.${row.no}`, row, rebuilt.get(row.runId)!.picks.get(row.no));
  return { count, different };
}

/** Counters are sums over visits, in the zone in which they are counted. */
async function compareDays(store: Store, workspaceId: string): Promise<string[]> {
  const zone = await countedIn(store, workspaceId);
  if (zone === null) return [];
  const sums = await sumVisits(store, workspaceId, zone);
  const stored = adding();
  stored.add(await storedCounters(store, workspaceId));
  return counterNames.flatMap((name) => {
    const said = new Map(sums.rows(name).map((row) => [canonical(placeOf(row)), canonical({ ...row })]));
    const wrong = stored.rows(name).filter((row) => {
      const place = canonical(placeOf(row));
      const same = said.get(place) === canonical({ ...row });
      if (same) said.delete(place);
      return !same;
    });
    return [...new Set([...wrong.map((row) => canonical(placeOf(row))), ...said.keys()])].map(
      (place) => `The counter ${place} is not the sum of its visits.`,
    );
  });
}

const placeOf = (row: Row<CounterName>): Plain => ({
  process: row.process,
  version: row.version,
  node: row.node,
  day: row.day,
  bucket: "bucket" in row ? Number(row.bucket) : null,
});

/** Runs that an earlier release stored lack what came later. */
const isSame = (stored: Run, again: Run | undefined) =>
  again !== undefined &&
  same(copyRun(stored), copyRun({ ...again, toldAt: stored.toldAt === undefined ? undefined : again.toldAt }));

const same = (a: unknown, b: unknown): boolean => canonical(plain(a)) === canonical(plain(b));
/** What JSON keeps: rows that come from two databases differ in nothing else. */
const plain = (value: unknown): Plain => JSON.parse(JSON.stringify(value ?? null)) as Plain;
const withoutNulls = (row: object): object =>
  Object.fromEntries(Object.entries(row).filter(([, v]) => v !== null && v !== undefined));
