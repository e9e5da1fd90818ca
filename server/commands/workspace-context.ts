/**
 * What rarely changes in a workspace, loaded once and kept until a fact says that it changed: people, queues, calendars,
 * published processes, and how much open work each person has.
 */
import { and, eq, gte, isNotNull } from "drizzle-orm";
import { isRole, type Role } from "@/server/api/authorisation.ts";
import { openWorkByPerson } from "@/db/queries/people.ts";
import { lastTurns, pickedSince } from "@/db/queries/picks.ts";
import type { Store, TableName, WriteSet } from "@/db/store.ts";
import { localDay, startOfDay } from "@/server/engine/calendar/zone.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Process, ProcessCalendar } from "@/server/engine/process.ts";
import type { Directory, LineStop, Person, RecordRules } from "@/server/engine/world.ts";
import { turnsAfter } from "@/server/engine/work/turns.ts";
import type { RecordModel } from "@/server/records/model.ts";
import { workspaceModel, workspaceRules } from "@/server/records/rules.ts";
import { compileVersion } from "@/server/steps/index.ts";

export type LiveProcess = {
  id: string;
  key: string;
  name: string;
  version: number;
  recordType: string;
  ownerId: string | null;
  compiled: CompiledProcess;
};
export type WorkspaceContext = {
  /** The rules of records, with this workspace's own fields, currency and rates. */
  model: RecordRules;
  /** The record types with their fields as data, this workspace's own among them. */
  fields: RecordModel;
  id: string;
  name: string;
  zone: string;
  country: string;
  currency: string;
  locale: string;
  settings: Record<string, unknown>;
  directory: Directory;
  /** Zone of each team by id: for calendars that run in the team's. */
  teamZones: Map<string, string>;
  /** Key of each team's calendar by id, of those that have one. */
  teamCalendars: Map<string, string>;
  /** The revision in force of each calendar of the workspace, and every revision by `key@revision`. */
  calendars: Map<string, { revision: number; definition: ProcessCalendar }>;
  revisions: Map<string, ProcessCalendar>;
  /** When a revision of a calendar begins to count that did not at the time of loading. */
  until: number;
  live: Map<string, LiveProcess>;
  owners: Map<string, string | null>;
  /** Keys of the workspace's queues. */
  queues: readonly string[];
  /** What is stopped, by process and step; the step "" is the whole process. */
  stops: Map<string, Map<string, LineStop & { at: number }>>;
  /** Kind of each connection by key. */
  connections: Map<string, string>;
  /** Roles of the members that may still sign in, for what automations may do in their name. */
  roles: Map<string, readonly Role[]>;
};

export type Contexts = {
  get(workspaceId: string, now: number): Promise<WorkspaceContext>;
  /** A version of a process, compiled once. */
  version(workspaceId: string, key: string, version: number): Promise<CompiledProcess | null>;
  /** Who published a version that was asked for before; null where nobody did (shipped, imported). */
  publisherOf(workspaceId: string, key: string, version: number): string | null;
  forget(workspaceId: string): void;
  /** Somebody else has handed out work: what everybody has, and whose turn it is, is read anew. */
  recount(workspaceId: string): void;
  /** After a write that is no run's command: forgets what it may have changed, and counts everybody's open work anew. */
  written(workspaceId: string, sets: readonly WriteSet[]): void;
};

/** What a context is made of, but for the open work. */
const sources: readonly TableName[] = [
  "workspace",
  "member",
  "absence",
  "delegation",
  "team",
  "queue",
  "calendar",
  "process",
  "processVersion",
  "lineStop",
  "connection",
];

/** `recount`: what is to be read anew at the next use; whose turn it is only where somebody else gave some. */
type Known = { day: number; until: number; loading: Promise<WorkspaceContext>; recount: null | "work" | "turns" };

export function workspaceContexts(store: Store): Contexts {
  const contexts = new Map<string, Known>();
  const versions = new Map<string, Promise<CompiledProcess | null>>();
  const publishers = new Map<string, string | null>();
  const dayMs = 86_400_000;
  const contextsApi: Contexts = {
    get(workspaceId, now) {
      const known = contexts.get(workspaceId);
      const day = Math.floor(now / dayMs);
      if (known && known.day === day && now < known.until) {
        if (!known.recount) return known.loading;
        const too = known.recount;
        known.recount = null;
        known.loading = known.loading.then((context) => recounted(store, context, too, now));
        known.loading.catch(() => contexts.delete(workspaceId));
        return known.loading;
      }
      const loading = loadContext(store, workspaceId, now, contextsApi.version);
      const entry: Known = { day, until: Infinity, loading, recount: null };
      contexts.set(workspaceId, entry);
      loading.then((context) => (entry.until = context.until)).catch(() => contexts.delete(workspaceId));
      return loading;
    },
    version(workspaceId, key, version) {
      const id = `${workspaceId}/${key}@${version}`;
      let loading = versions.get(id);
      if (!loading) {
        loading = loadVersion(store, workspaceId, key, version).then((row) => {
          publishers.set(id, row?.authorId ?? null);
          return row ? compileVersion(row.document, version) : null;
        });
        versions.set(id, loading);
        // A version that is not there yet may be published later.
        loading.then((found) => found ?? versions.delete(id)).catch(() => versions.delete(id));
      }
      return loading;
    },
    publisherOf: (workspaceId, key, version) => publishers.get(`${workspaceId}/${key}@${version}`) ?? null,
    forget: (workspaceId) => void contexts.delete(workspaceId),
    recount(workspaceId) {
      const known = contexts.get(workspaceId);
      if (known) known.recount = "turns";
    },
    written(workspaceId, sets) {
      const known = contexts.get(workspaceId);
      // Versions of processes never change, but where a workspace begins anew.
      if (sets.some(({ clear }) => clear?.includes("processVersion"))) {
        contexts.delete(workspaceId);
        for (const id of versions.keys()) if (id.startsWith(`${workspaceId}/`)) versions.delete(id);
      } else if (sets.some(({ put, drop }) => sources.some((table) => put[table]?.length || drop[table]?.length)))
        contexts.delete(workspaceId);
      else if (known) known.recount ??= "work";
    },
  };
  return contextsApi;
}

async function loadVersion(
  { read, t }: Store,
  workspaceId: string,
  key: string,
  version: number,
): Promise<{ document: Process; authorId: string | null } | null> {
  const [row] = await read
    .select({ document: t.processVersion.document, authorId: t.processVersion.authorId })
    .from(t.processVersion)
    .innerJoin(
      t.process,
      and(eq(t.process.workspaceId, t.processVersion.workspaceId), eq(t.process.id, t.processVersion.processId)),
    )
    .where(and(eq(t.process.workspaceId, workspaceId), eq(t.process.key, key), eq(t.processVersion.version, version)));
  return row ?? null;
}

async function loadContext(
  store: Store,
  workspaceId: string,
  now: number,
  version: Contexts["version"],
): Promise<WorkspaceContext> {
  const { read, t } = store;
  const [workspace] = await read.select().from(t.workspace).where(eq(t.workspace.id, workspaceId));
  if (!workspace) throw new Error(`There is no workspace ${workspaceId}.`);
  const members = await read.select().from(t.member).where(eq(t.member.workspaceId, workspaceId));
  const absences = await read
    .select()
    .from(t.absence)
    .where(and(eq(t.absence.workspaceId, workspaceId), gte(t.absence.to, now - 400 * 86_400_000)));
  const delegations = await read
    .select()
    .from(t.delegation)
    .where(and(eq(t.delegation.workspaceId, workspaceId), gte(t.delegation.to, now - 400 * 86_400_000)));
  const teams = await read.select().from(t.team).where(eq(t.team.workspaceId, workspaceId));
  const queues = await read.select().from(t.queue).where(eq(t.queue.workspaceId, workspaceId));
  const calendarRows = await read.select().from(t.calendar).where(eq(t.calendar.workspaceId, workspaceId));
  const processes = await read
    .select()
    .from(t.process)
    .where(and(eq(t.process.workspaceId, workspaceId), isNotNull(t.process.liveVersion)));
  const owners = await read
    .select({ key: t.process.key, ownerId: t.process.ownerId })
    .from(t.process)
    .where(eq(t.process.workspaceId, workspaceId));
  const connections = await read
    .select({ key: t.connection.key, config: t.connection.config })
    .from(t.connection)
    .where(eq(t.connection.workspaceId, workspaceId));
  const people = new Map<string, Person>(
    members.map((m) => [
      m.id,
      {
        id: m.id,
        name: m.name,
        zone: m.zone,
        country: m.country,
        managerId: m.managerId,
        teamId: m.teamId,
        backupId: m.backupId,
        capacityPerDay: m.capacityPerDay,
        active: m.status === "active",
        absences: absences.filter((a) => a.memberId === m.id).map(({ from, to }) => ({ from, to })),
        email: m.email,
        skills: m.skills ?? [],
        leadId: teams.find((team) => team.id === m.teamId)?.managerId ?? null,
        delegations: delegations
          .filter((d) => d.memberId === m.id)
          .map(({ from, to, delegateId }) => ({ from, to, delegate: delegateId })),
      },
    ]),
  );
  const byRole = new Map<string, string[]>();
  for (const m of members)
    if (m.status === "active") for (const role of m.processRoles) byRole.set(role, [...(byRole.get(role) ?? []), m.id]);
  const queueMembers = new Map(queues.map((q) => [q.key, q.members]));
  const settings = new Map(queues.map((q) => [q.key, q.settings ?? {}]));

  const calendars: WorkspaceContext["calendars"] = new Map();
  const revisions: WorkspaceContext["revisions"] = new Map();
  // The one that began to count last is in force; the number only says in which order they were written.
  for (const row of calendarRows.toSorted((a, b) => a.validFrom - b.validFrom || a.revision - b.revision)) {
    revisions.set(`${row.key}@${row.revision}`, row.definition);
    if (row.validFrom <= now) calendars.set(row.key, { revision: row.revision, definition: row.definition });
  }
  const until = Math.min(...calendarRows.map((row) => row.validFrom).filter((from) => from > now), Infinity);
  const live: WorkspaceContext["live"] = new Map();
  for (const p of processes) {
    const compiled = p.status === "retired" ? null : await version(workspaceId, p.key, p.liveVersion!);
    if (compiled)
      live.set(p.key, {
        id: p.id,
        key: p.key,
        name: p.name,
        version: p.liveVersion!,
        recordType: p.recordType,
        ownerId: p.ownerId,
        compiled,
      });
  }
  const fields = workspaceModel(workspace.settings);
  return {
    model: workspaceRules(workspace, fields),
    fields,
    id: workspaceId,
    name: workspace.name,
    zone: workspace.zone,
    country: workspace.country,
    currency: workspace.currency,
    locale: workspace.locale,
    settings: workspace.settings,
    directory: {
      people,
      queue: (key) => queueMembers.get(key) ?? [],
      role: (key) => byRole.get(key) ?? [],
      settings: (key) => settings.get(key) ?? {},
      admins: members.filter((m) => m.status === "active" && m.roles.includes("admin")).map((m) => m.id),
      ...(await countWork(store, workspaceId, people, now)),
      turns: await turnsOf(store, workspaceId, [...queueMembers.keys()]),
    },
    teamZones: new Map(teams.map((team) => [team.id, team.zone])),
    teamCalendars: new Map(teams.flatMap((team) => (team.calendar ? [[team.id, team.calendar]] : []))),
    calendars,
    revisions,
    until,
    live,
    owners: new Map(owners.map((o) => [o.key, o.ownerId])),
    queues: [...queueMembers.keys()],
    stops: await readStops(store, workspaceId),
    connections: new Map(connections.map(({ key, config }) => [key, config.kind])),
    roles: new Map(members.flatMap((m) => (m.status === "active" ? [[m.id, m.roles.filter(isRole)] as const] : []))),
  };
}

async function readStops({ read, t }: Store, workspaceId: string): Promise<WorkspaceContext["stops"]> {
  const rows = await read.select().from(t.lineStop).where(eq(t.lineStop.workspaceId, workspaceId));
  const stops: WorkspaceContext["stops"] = new Map();
  for (const { process, node, reason, clocks, at } of rows)
    stops.set(
      process,
      (stops.get(process) ?? new Map<string, LineStop & { at: number }>()).set(node, { reason, clocks, at }),
    );
  return stops;
}

/** The same context with everybody's open work, or whose turn it is too, as they stand now. */
async function recounted(
  store: Store,
  context: WorkspaceContext,
  what: "work" | "turns",
  now: number,
): Promise<WorkspaceContext> {
  const { directory } = context;
  const [counts, turns] = await Promise.all([
    countWork(store, context.id, directory.people, now),
    what === "turns" ? turnsOf(store, context.id, context.queues) : directory.turns,
  ]);
  return { ...context, directory: { ...directory, ...counts, turns } };
}

async function turnsOf(store: Store, workspaceId: string, queues: readonly string[]): Promise<Directory["turns"]> {
  const picks = await lastTurns(store, workspaceId, queues);
  return new Map([...picks].map(([key, pick]) => [key, turnsAfter(pick)]));
}

/** Open work by person, and what each was given since the day began where they are. */
async function countWork(
  store: Store,
  workspaceId: string,
  people: Directory["people"],
  now: number,
): Promise<Pick<Directory, "open" | "today">> {
  const open = new Map(
    (await openWorkByPerson(store, { workspaceId })).flatMap(({ member, n }) =>
      member ? [[member, Number(n)] as const] : [],
    ),
  );
  const today: Directory["today"] = new Map();
  for (const zone of new Set([...people.values()].map((person) => person.zone))) {
    const day = localDay(zone, now);
    const since = startOfDay(zone, day);
    for (const { member, queue, n } of await pickedSince(store, { workspaceId, since })) {
      if (people.get(member)?.zone !== zone) continue;
      for (const key of [member, ...(queue ? [`${queue}/${member}`] : [])])
        today.set(key, { day, n: (today.get(key)?.n ?? 0) + Number(n) });
    }
  }
  return { open, today };
}
