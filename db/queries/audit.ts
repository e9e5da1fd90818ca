/** Who did what: facts of the log that people or their keys caused, and refusals of rights. */
import { and, desc, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Row, Store } from "../store.ts";

export type AuditFilter = {
  /** Types of facts; empty = none of the log. */
  types: readonly string[];
  /** Also what was refused. */
  refusals: boolean;
  /** A member, or a key. */
  actorId?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
};
/** Where the next page begins: below these. */
export type AuditCursor = { seq: number; audit: string };

/** At most `limit` of each kind, newest first. The log is read backwards by its key, refusals by index `audit_at`. */
export async function auditRows(
  { read, t }: Store,
  workspaceId: string,
  filter: AuditFilter,
  cursor: AuditCursor | null,
  limit: number,
): Promise<{ events: Row<"event">[]; refusals: Row<"audit">[] }> {
  const by = (actor: typeof t.event.actor | typeof t.audit.actor, kinds: boolean): (SQL | undefined)[] => [
    // `->>` reads a key as text on both databases; keys stay literals, so that both can plan it.
    kinds ? sql`${actor} ->> 'kind' in ('member', 'api')` : undefined,
    filter.actorId ? sql`${actor} ->> 'id' = ${filter.actorId}` : undefined,
  ];
  const events = filter.types.length
    ? await read
        .select()
        .from(t.event)
        .where(
          and(
            eq(t.event.workspaceId, workspaceId),
            inArray(t.event.type, [...filter.types] as Row<"event">["type"][]),
            cursor ? lt(t.event.seq, cursor.seq) : undefined,
            filter.from === undefined ? undefined : gte(t.event.at, filter.from),
            filter.to === undefined ? undefined : lt(t.event.at, filter.to),
            ...by(t.event.actor, true),
          ),
        )
        .orderBy(desc(t.event.seq))
        .limit(limit)
    : [];
  const refusals = filter.refusals
    ? await read
        .select()
        .from(t.audit)
        .where(
          and(
            eq(t.audit.workspaceId, workspaceId),
            cursor ? lt(t.audit.id, cursor.audit) : undefined,
            filter.from === undefined ? undefined : gte(t.audit.at, filter.from),
            filter.to === undefined ? undefined : lt(t.audit.at, filter.to),
            ...by(t.audit.actor, false),
          ),
        )
        .orderBy(desc(t.audit.id))
        .limit(limit)
    : [];
  return { events, refusals };
}

/** What a stream of the log is called, and the page that shows it. */
export type Named = Map<string, { title: string; href: string }>;

/** Runs go by the record they run for; processes and records by their own name. */
export async function namesOfStreams(
  { read, t }: Store,
  workspaceId: string,
  events: readonly Row<"event">[],
): Promise<Named> {
  const ids = (kind: string) => [...new Set(events.filter((e) => e.streamKind === kind).map((e) => e.streamId))];
  const [runs, records, processes] = [ids("run"), ids("record"), ids("process")];
  const named: Named = new Map();
  if (runs.length)
    for (const row of await read
      .select({ id: t.run.id, recordId: t.run.recordId, title: t.record.title })
      .from(t.run)
      .innerJoin(t.record, and(eq(t.record.workspaceId, t.run.workspaceId), eq(t.record.id, t.run.recordId)))
      .where(and(eq(t.run.workspaceId, workspaceId), inArray(t.run.id, runs))))
      named.set(row.id, { title: row.title, href: `/records/${row.recordId}` });
  if (records.length)
    for (const row of await read
      .select({ id: t.record.id, title: t.record.title })
      .from(t.record)
      .where(and(eq(t.record.workspaceId, workspaceId), inArray(t.record.id, records))))
      named.set(row.id, { title: row.title, href: `/records/${row.id}` });
  if (processes.length)
    for (const row of await read
      .select({ id: t.process.id, name: t.process.name })
      .from(t.process)
      .where(and(eq(t.process.workspaceId, workspaceId), inArray(t.process.id, processes))))
      named.set(row.id, { title: row.name, href: `/processes/${row.id}` });
  return named;
}
