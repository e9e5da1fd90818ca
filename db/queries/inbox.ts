/** What the inbox shows: a person's open work and what waits unassigned in the queues they take from. */
import { and, asc, desc, eq, gte, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Row, Store } from "../store.ts";
import { kept } from "./kept.ts";

/** `accountTitle`: the customer it is for, where the record names one. */
export type InboxItem = Row<"workItem"> & {
  recordTitle: string;
  recordAmount: number | null;
  accountTitle: string | null;
};

/** Open work of the person, and unassigned work of the roles they have. Indexes `work_mine` and `work_queue`. */
export function openWork(
  store: Store,
  workspaceId: string,
  memberId: string,
  roles: readonly string[],
): Promise<InboxItem[]> {
  const { workItem } = store.t;
  const mine = or(
    eq(workItem.assignee, memberId),
    roles.length ? and(isNull(workItem.assignee), inArray(workItem.role, [...roles])) : undefined,
  );
  return items(store, workspaceId, and(isNull(workItem.completedAt), mine), asc(workItem.offeredAt), 2000);
}

/** What the person finished since then, newest first. Index `work_done`. */
export function doneWork(store: Store, workspaceId: string, memberId: string, since: number): Promise<InboxItem[]> {
  const { workItem } = store.t;
  const theirs = and(eq(workItem.completedBy, memberId), gte(workItem.completedAt, since));
  return items(store, workspaceId, theirs, desc(workItem.completedAt), 200);
}

async function items(store: Store, workspaceId: string, where: SQL | undefined, order: SQL, most: number) {
  const { read, t } = store;
  const rows = await read
    .select({ item: t.workItem, title: t.record.title, amount: t.record.amount })
    .from(t.workItem)
    .innerJoin(t.record, and(eq(t.record.workspaceId, t.workItem.workspaceId), eq(t.record.id, t.workItem.recordId)))
    .where(and(eq(t.workItem.workspaceId, workspaceId), where))
    .orderBy(order)
    .limit(most);
  const accounts = await accountTitles(
    store,
    workspaceId,
    rows.map(({ item }) => item.recordId),
  );
  return rows.map(({ item, title, amount }): InboxItem => {
    const accountTitle = accounts.get(item.recordId) ?? null;
    return { ...item, recordTitle: title, recordAmount: amount, accountTitle };
  });
}

/** Names of the accounts that these records are of, by the record's id. Key `record_link` (workspace, from, field). */
export async function accountTitles(
  { read, t }: Store,
  workspaceId: string,
  recordIds: readonly string[],
): Promise<Map<string, string>> {
  if (recordIds.length === 0) return new Map();
  const rows = await read
    .select({ id: t.recordLink.fromId, title: t.record.title })
    .from(t.recordLink)
    .innerJoin(t.record, and(eq(t.record.workspaceId, t.recordLink.workspaceId), eq(t.record.id, t.recordLink.toId)))
    .where(
      and(
        eq(t.recordLink.workspaceId, workspaceId),
        eq(t.recordLink.field, "account_id"),
        inArray(t.recordLink.fromId, [...new Set(recordIds)]),
      ),
    );
  return new Map(rows.map(({ id, title }) => [id, title]));
}

/**
 * One task, whoever has it and whether or not it is done: the second of two people is told who and when. What many ask in one turn
 * of the event loop is one read.
 */
export function findWork(
  store: Store,
  workspaceId: string,
  runId: string,
  work: string,
): Promise<Row<"workItem"> | null> {
  return new Promise((found, fail) => {
    let asked = askedNow.get(store.read);
    if (!asked) {
      askedNow.set(store.read, (asked = []));
      setImmediate(() => {
        askedNow.delete(store.read);
        void answer(store, asked!);
      });
    }
    asked.push({ workspaceId, name: nameOf(runId, work), found, fail });
  });
}

type Asked = {
  workspaceId: string;
  name: string;
  found: (row: Row<"workItem"> | null) => void;
  fail: (error: unknown) => void;
};
const askedNow = new WeakMap<Store["read"], Asked[]>();
const nameOf = (runId: string, work: string) => JSON.stringify([runId, work]);

async function answer(store: Store, asked: readonly Asked[]): Promise<void> {
  const byWorkspace = new Map<string, Asked[]>();
  for (const one of asked) byWorkspace.set(one.workspaceId, [...(byWorkspace.get(one.workspaceId) ?? []), one]);
  for (const [workspaceId, own] of byWorkspace)
    try {
      const names = [...new Set(own.map(({ name }) => name))];
      const rows = await namedWork(store, { workspaceId, names: `[${names.join()}]` });
      const byName = new Map(rows.map((row) => [nameOf(row.runId, row.work), row]));
      for (const { name, found } of own) found(byName.get(name) ?? null);
    } catch (error) {
      for (const { fail } of own) fail(error);
    }
}

/** `names`: pairs of run and task, as JSON. */
const namedWork = kept<{ workspaceId: string; names: string }, Row<"workItem">>(({ dialect, read, t }, { given }) =>
  read
    .select()
    .from(t.workItem)
    .where(
      and(
        eq(t.workItem.workspaceId, given("workspaceId")),
        dialect === "sqlite"
          ? sql`(${t.workItem.runId}, ${t.workItem.work}) in (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(${given("names")}))`
          : sql`(${t.workItem.runId}, ${t.workItem.work}) in (select value ->> 0, value ->> 1 from jsonb_array_elements(${given("names")}::text::jsonb))`,
      ),
    ),
);

/** Clocks of these runs that are still counting or paused. Key `sla_clock` (workspace, run, clock). */
export async function openClocks(
  { read, t }: Store,
  workspaceId: string,
  runIds: readonly string[],
): Promise<Row<"slaClock">[]> {
  if (runIds.length === 0) return [];
  return read
    .select()
    .from(t.slaClock)
    .where(
      and(
        eq(t.slaClock.workspaceId, workspaceId),
        inArray(t.slaClock.runId, [...new Set(runIds)]),
        isNull(t.slaClock.stoppedAt),
      ),
    );
}
