/**
 * Runs by anything that is known of them: process, version, state, step and how long there, clocks, incidents, people, and any
 * field of their record. The same conditions serve the list, its count, the export and the batches over it.
 */
import {
  and,
  asc,
  count,
  desc,
  eq,
  exists,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  gte,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { RunStatus } from "@/server/engine/model.ts";
import type { Store } from "../store.ts";
import { standingIn, standingSince } from "./run-places.ts";
import { daysField, valueField } from "./value-field.ts";

export type FieldTest = {
  field: string;
  op: "is" | "is_not" | "contains" | "at_least" | "at_most" | "empty" | "filled";
  /** A number for amounts, an ISO date or text else; not read for `empty` and `filled`. */
  value?: string | number | boolean | undefined;
};
export type RunFilter = {
  /** Only these, whatever else is asked. */
  runs?: readonly string[] | undefined;
  process?: string | undefined;
  version?: number | undefined;
  /** On one of these. */
  versions?: readonly number[] | undefined;
  /** None: every state. */
  status?: readonly RunStatus[] | undefined;
  /** Stands in this step, at this gateway or event, or is held before it. */
  node?: string | undefined;
  /** Has stood in it (or in any step) at least, at most so long, ms of wall time. */
  atLeastInStep?: number | undefined;
  atMostInStep?: number | undefined;
  /** Has an open clock that is so. */
  sla?: "breached" | "at_risk" | "paused" | "on_track" | undefined;
  /** Has an open incident: of this code, or `any`. */
  incident?: string | undefined;
  /** Words in the sentence of an open incident. */
  error?: string | undefined;
  /** Owner of the record; `nobody` for none. */
  owner?: string | undefined;
  /** Has open work of this person. */
  assignee?: string | undefined;
  recordType?: string | undefined;
  /** In the record's title, number, e-mail …, or the id of the run or record. */
  text?: string | undefined;
  /** The same text as searches are kept: without case, accents and signs. */
  words?: string | undefined;
  /** Started in [from, to), epoch ms. */
  startedFrom?: number | undefined;
  startedTo?: number | undefined;
  /** `today`: the day it is in the workspace, in days since 1970; counts of days are those of that day. */
  fields?: { tests: readonly FieldTest[]; today: number } | undefined;
};
/** `started`: newest first; `oldest`: oldest first; `in_step`: longest in its step first. */
export type RunSort = "started" | "oldest" | "in_step";
/** Where a page ends: what it was sorted by, and the run's id. */
export type RunKey = { at: number; id: string };

export type FoundRun = {
  id: string;
  process: string;
  version: number;
  status: RunStatus;
  outcome: string | null;
  startedAt: number;
  endedAt: number | null;
  incidents: number;
  recordId: string;
  recordType: string;
  title: string | null;
  ownerId: string | null;
  amount: number | null;
  /** When it came into the step it has been in longest; null where it is in none. */
  inStepSince: number | null;
};

type Page = { sort: RunSort; after: RunKey | null; limit: number };

/** One page, in order. `after`: the key of the last row of the page before. `now`: what ages and clocks are measured at. */
export async function searchRuns(
  store: Store,
  workspaceId: string,
  filter: RunFilter,
  now: number,
  page: Page,
): Promise<FoundRun[]> {
  const rows = await searchQuery(store, workspaceId, filter, now, page);
  return rows.map((row) => ({ ...row, inStepSince: row.inStepSince === null ? null : Number(row.inStepSince) }));
}

/** Indexes `run_started`, and of what is filtered by: `visit_open`, `run_open`, `incident_open`, `work_mine`. */
export function searchQuery(store: Store, workspaceId: string, filter: RunFilter, now: number, page: Page) {
  const { read, t } = store;
  const standing = standingSince(store, workspaceId, filter);
  const by = page.sort === "in_step" ? sql`${standing.since}` : sql`${t.run.startedAt}`;
  const { after } = page;
  const next =
    after &&
    (page.sort === "started"
      ? sql`(${by} < ${after.at} or (${by} = ${after.at} and ${t.run.id} < ${after.id}))`
      : sql`(${by} > ${after.at} or (${by} = ${after.at} and ${t.run.id} > ${after.id}))`);
  const order = page.sort === "started" ? desc : asc;
  return read
    .select({ ...columns(store), inStepSince: standing.since })
    .from(t.run)
    .leftJoin(t.record, recordOf(store))
    .leftJoin(standing, eq(standing.runId, t.run.id))
    .where(
      and(
        ...conditions(store, workspaceId, filter, now),
        next ?? undefined,
        page.sort === "in_step" ? isNotNull(standing.since) : undefined,
      ),
    )
    .orderBy(order(by), order(t.run.id))
    .limit(page.limit);
}

/** How many there are; not counted beyond `most`. */
export async function countRuns(
  store: Store,
  workspaceId: string,
  filter: RunFilter,
  now: number,
  most: number,
): Promise<number> {
  const { read, t } = store;
  const found = read
    .select({ id: t.run.id })
    .from(t.run)
    .leftJoin(t.record, recordOf(store))
    .where(and(...conditions(store, workspaceId, filter, now)))
    .limit(most + 1)
    .as("found");
  const [row] = await read.select({ n: count() }).from(found);
  return Number(row?.n ?? 0);
}

/** Ids in their own order, beginning after one: how a batch writes down what it is about. */
export async function runIds(
  store: Store,
  workspaceId: string,
  filter: RunFilter,
  now: number,
  page: { after: string; limit: number },
): Promise<string[]> {
  const { read, t } = store;
  const rows = await read
    .select({ id: t.run.id })
    .from(t.run)
    .leftJoin(t.record, recordOf(store))
    .where(and(...conditions(store, workspaceId, filter, now), gt(t.run.id, page.after)))
    .orderBy(asc(t.run.id))
    .limit(page.limit);
  return rows.map((row) => row.id);
}

/** Open incidents of some runs, with their sentences. */
export async function incidentsOfRuns({ read, t }: Store, workspaceId: string, runs: readonly string[]) {
  if (runs.length === 0) return [];
  return read
    .select({
      runId: t.incident.runId,
      incident: t.incident.incident,
      node: t.incident.node,
      code: t.incident.code,
      text: t.incident.text,
      raisedAt: t.incident.raisedAt,
    })
    .from(t.incident)
    .where(
      and(eq(t.incident.workspaceId, workspaceId), inArray(t.incident.runId, [...runs]), isNull(t.incident.resolvedAt)),
    )
    .orderBy(asc(t.incident.raisedAt));
}

const columns = ({ t }: Store) => ({
  id: t.run.id,
  process: t.run.process,
  version: t.run.version,
  status: t.run.status,
  outcome: t.run.outcome,
  startedAt: t.run.startedAt,
  endedAt: t.run.endedAt,
  incidents: t.run.incidents,
  recordId: t.run.recordId,
  recordType: t.run.recordType,
  title: t.record.title,
  ownerId: t.record.ownerId,
  amount: t.record.amount,
});

const recordOf = ({ t }: Store) => and(eq(t.record.workspaceId, t.run.workspaceId), eq(t.record.id, t.run.recordId));

function conditions(store: Store, workspaceId: string, filter: RunFilter, now: number): (SQL | undefined)[] {
  const { t } = store;
  const { text, words } = filter;
  return [
    eq(t.run.workspaceId, workspaceId),
    filter.runs ? inArray(t.run.id, [...filter.runs]) : undefined,
    filter.process ? eq(t.run.process, filter.process) : undefined,
    filter.version === undefined ? undefined : eq(t.run.version, filter.version),
    filter.versions ? inArray(t.run.version, [...filter.versions]) : undefined,
    filter.status?.length ? inArray(t.run.status, [...filter.status]) : undefined,
    filter.recordType ? eq(t.run.recordType, filter.recordType) : undefined,
    filter.startedFrom === undefined ? undefined : gte(t.run.startedAt, filter.startedFrom),
    filter.startedTo === undefined ? undefined : lt(t.run.startedAt, filter.startedTo),
    filter.owner === "nobody"
      ? isNull(t.record.ownerId)
      : filter.owner
        ? eq(t.record.ownerId, filter.owner)
        : undefined,
    text
      ? or(words ? contains(sql`${t.record.search}`, words) : undefined, eq(t.run.id, text), eq(t.run.recordId, text))
      : undefined,
    standingIn(store, workspaceId, filter, now),
    withClock(store, filter.sla, now),
    withIncident(store, workspaceId, filter),
    withWork(store, workspaceId, filter.assignee),
    ...(filter.fields?.tests ?? []).map((test) => fieldTest(store, test, filter.fields!.today)),
  ];
}

/** Anywhere in it; what the text has of LIKE's own signs stands for itself. */
const contains = (column: SQL, text: string) =>
  sql`${column} like ${`%${text.toLowerCase().replaceAll(/[\\%_]/g, "\\$&")}%`} escape '\\'`;

/** A clock is late once its due instant has passed, also while the timer that says so has not rung yet. */
function withClock({ read, t, dialect }: Store, sla: RunFilter["sla"], now: number): SQL | undefined {
  if (!sla) return undefined;
  const { slaClock } = t;
  const late = or(isNotNull(slaClock.breachedAt), lt(slaClock.dueAt, now));
  const notLate = and(isNull(slaClock.breachedAt), or(isNull(slaClock.dueAt), gte(slaClock.dueAt, now)));
  const risk =
    dialect === "sqlite"
      ? sql`json_extract(${slaClock.data}, '$.atRiskAt') <= ${now}`
      : sql`(${slaClock.data} ->> 'atRiskAt')::numeric <= ${now}`;
  const noRisk =
    dialect === "sqlite"
      ? sql`coalesce(json_extract(${slaClock.data}, '$.atRiskAt'), ${now + 1}) > ${now}`
      : sql`coalesce((${slaClock.data} ->> 'atRiskAt')::numeric, ${now + 1}) > ${now}`;
  const running = eq(slaClock.state, "in_progress");
  const is = {
    breached: late,
    paused: and(eq(slaClock.state, "paused"), notLate),
    at_risk: and(running, notLate, risk),
    on_track: and(running, notLate, noRisk),
  }[sla];
  return exists(
    read
      .select({ one: sql`1` })
      .from(slaClock)
      .where(
        and(eq(slaClock.workspaceId, t.run.workspaceId), eq(slaClock.runId, t.run.id), isNull(slaClock.stoppedAt), is),
      ),
  );
}

/** Runs of which one of the rows in `of` is so. The workspace is named, so that its index is used. */
function runsOf(
  { read, t }: Store,
  workspaceId: string,
  of: Store["t"]["incident"] | Store["t"]["workItem"],
  ...so: (SQL | undefined)[]
): SQL {
  return inArray(
    t.run.id,
    read
      .select({ id: of.runId })
      .from(of)
      .where(and(eq(of.workspaceId, workspaceId), ...so)),
  );
}

function withIncident(store: Store, workspaceId: string, { incident, error }: RunFilter): SQL | undefined {
  if (!incident && !error) return undefined;
  const raised = store.t.incident;
  return runsOf(
    store,
    workspaceId,
    raised,
    isNull(raised.resolvedAt),
    incident && incident !== "any" ? eq(raised.code, incident) : undefined,
    error ? contains(sql`lower(${raised.text})`, error) : undefined,
  );
}

function withWork(store: Store, workspaceId: string, assignee: string | undefined): SQL | undefined {
  if (!assignee) return undefined;
  const { workItem } = store.t;
  return runsOf(store, workspaceId, workItem, eq(workItem.assignee, assignee), isNull(workItem.completedAt));
}

function fieldTest(store: Store, { field, op, value }: FieldTest, today: number): SQL {
  const { text, number, truth } = daysField(store, field, today) ?? valueField(store, field);
  const same =
    typeof value === "boolean"
      ? sql`coalesce(${truth} = ${String(value)}, false)`
      : typeof value === "number"
        ? sql`coalesce(${number} = ${value}, false)`
        : sql`coalesce(lower(${text}) = ${String(value ?? "").toLowerCase()}, false)`;
  switch (op) {
    case "is":
      return same;
    case "is_not":
      return sql`not ${same}`;
    case "contains":
      return contains(sql`lower(${text})`, String(value ?? ""));
    case "at_least":
      return typeof value === "number" ? sql`${number} >= ${value}` : sql`${text} >= ${String(value ?? "")}`;
    case "at_most":
      return typeof value === "number" ? sql`${number} <= ${value}` : sql`${text} <= ${String(value ?? "")}`;
    case "empty":
      return sql`coalesce(${text}, '') in ('', '[]')`;
    case "filled":
      return sql`coalesce(${text}, '') not in ('', '[]')`;
    default:
      return op satisfies never;
  }
}
