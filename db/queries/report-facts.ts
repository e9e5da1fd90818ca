/** Facts of reports besides visits and clocks: edges that were taken, publishings, calendars of teams. */
import { and, desc, eq, gte, inArray, isNotNull, lt, notInArray } from "drizzle-orm";
import type { StoredEvent } from "@/server/engine/events.ts";
import { storedEvent } from "../chain.ts";
import type { Row, Store } from "../store.ts";
import { findRecords } from "./records.ts";
import type { ReportFilter } from "./reports.ts";

/** The calendar of each team that has one. */
export async function teamCalendars({ read, t }: Store, workspaceId: string): Promise<Map<string, string>> {
  const rows = await read
    .select({ id: t.team.id, calendar: t.team.calendar })
    .from(t.team)
    .where(and(eq(t.team.workspaceId, workspaceId), isNotNull(t.team.calendar)));
  return new Map(rows.flatMap((row) => (row.calendar ? [[row.id, row.calendar] as const] : [])));
}

export const teamNames = ({ read, t }: Store, workspaceId: string) =>
  read.select({ id: t.team.id, name: t.team.name }).from(t.team).where(eq(t.team.workspaceId, workspaceId));

/** Which edges tokens took in the period. Index `event_stream`, by the runs that were open in it. */
export async function edgesTaken(
  { read, t }: Store,
  workspaceId: string,
  runIds: readonly string[],
  { from, to }: Pick<ReportFilter, "from" | "to">,
): Promise<{ runId: string; edges: string[] }[]> {
  const taken: { runId: string; edges: string[] }[] = [];
  for (let i = 0; i < runIds.length; i += 500) {
    const rows = await read
      .select({ runId: t.event.streamId, data: t.event.data })
      .from(t.event)
      .where(
        and(
          eq(t.event.workspaceId, workspaceId),
          eq(t.event.streamKind, "run"),
          inArray(t.event.streamId, runIds.slice(i, i + 500)),
          eq(t.event.type, "TokenLeft"),
          gte(t.event.at, from),
          lt(t.event.at, to),
        ),
      );
    for (const { runId, data } of rows) taken.push({ runId, edges: edgesOf(data) });
  }
  return taken;
}

function edgesOf(data: unknown): string[] {
  const edges = typeof data === "object" && data !== null && "edges" in data ? data.edges : null;
  return Array.isArray(edges) ? edges.filter((edge) => typeof edge === "string") : [];
}

/**
 * What these runs handed over and what became of it, until an instant; and which completions were taken back. In the order of the
 * log. Index `event_stream`.
 */
export async function handoffEvents(
  { read, t }: Store,
  workspaceId: string,
  runIds: readonly string[],
  to: number,
): Promise<StoredEvent[]> {
  const found: Row<"event">[] = [];
  for (let i = 0; i < runIds.length; i += 500)
    found.push(
      ...(await read
        .select()
        .from(t.event)
        .where(
          and(
            eq(t.event.workspaceId, workspaceId),
            eq(t.event.streamKind, "run"),
            inArray(t.event.streamId, runIds.slice(i, i + 500)),
            inArray(t.event.type, ["HandoffSubmitted", "HandoffAccepted", "HandoffRejected", "WorkUndone"]),
            lt(t.event.at, to),
          ),
        )),
    );
  return found.sort((a, b) => a.seq - b.seq).map(storedEvent);
}

/** When each version of a process went live, newest first. */
export async function publishings({ read, t }: Store, workspaceId: string, process: string) {
  return read
    .select({
      version: t.processVersion.version,
      note: t.processVersion.note,
      publishedAt: t.processVersion.publishedAt,
    })
    .from(t.processVersion)
    .innerJoin(
      t.process,
      and(eq(t.process.workspaceId, t.processVersion.workspaceId), eq(t.process.id, t.processVersion.processId)),
    )
    .where(and(eq(t.process.workspaceId, workspaceId), eq(t.process.key, process)))
    .orderBy(desc(t.processVersion.version));
}

/** These records, those that name one of them, and those that any of these name: two steps along references. */
export async function linkedRecords(
  store: Store,
  workspaceId: string,
  ids: readonly string[],
): Promise<Row<"record">[]> {
  const { read, t } = store;
  const known = new Set(ids);
  const follow = async (from: readonly string[], to: "naming" | "named") => {
    const column = to === "naming" ? t.recordLink.toId : t.recordLink.fromId;
    const other = to === "naming" ? t.recordLink.fromId : t.recordLink.toId;
    for (let i = 0; i < from.length; i += 500) {
      const rows = await read
        .select({ id: other })
        .from(t.recordLink)
        .where(
          and(
            eq(t.recordLink.workspaceId, workspaceId),
            inArray(column, from.slice(i, i + 500)),
            // Accounts and people are named by everything; no figure asks for them.
            notInArray(t.recordLink.field, ["account_id", "owner_id"]),
          ),
        );
      for (const row of rows) known.add(row.id);
    }
  };
  await follow(ids, "naming");
  await follow([...known], "named");
  const all = [...known];
  const records: Row<"record">[] = [];
  for (let i = 0; i < all.length; i += 500)
    records.push(...(await findRecords(store, workspaceId, all.slice(i, i + 500))));
  return records;
}
