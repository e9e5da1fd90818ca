/** What the screens of a process read besides its document. */
import { and, asc, count, eq, isNotNull, isNull } from "drizzle-orm";
import type { Row, Store } from "../store.ts";

/** Processes for records of a type that were ever published, retired ones too. A workspace has few. */
export async function startableProcesses(
  { read, t }: Store,
  workspaceId: string,
  recordType: string,
): Promise<Row<"process">[]> {
  return read
    .select()
    .from(t.process)
    .where(
      and(
        eq(t.process.workspaceId, workspaceId),
        eq(t.process.recordType, recordType),
        isNotNull(t.process.liveVersion),
      ),
    )
    .orderBy(asc(t.process.name));
}

export async function findProcess(
  { read, t }: Store,
  workspaceId: string,
  key: string,
): Promise<Row<"process"> | null> {
  const [row] = await read
    .select()
    .from(t.process)
    .where(and(eq(t.process.workspaceId, workspaceId), eq(t.process.key, key)));
  return row ?? null;
}

/** When each version of a process was published, oldest first. */
export async function publicationsOf({ read, t }: Store, workspaceId: string, processId: string) {
  return read
    .select({ version: t.processVersion.version, publishedAt: t.processVersion.publishedAt })
    .from(t.processVersion)
    .where(and(eq(t.processVersion.workspaceId, workspaceId), eq(t.processVersion.processId, processId)))
    .orderBy(asc(t.processVersion.publishedAt), asc(t.processVersion.version));
}

/** How many records are in each step now, all versions together. Index `visit_open`. */
export async function openVisitsByNode(
  { read, t }: Store,
  workspaceId: string,
  process: string,
): Promise<Record<string, number>> {
  const rows = await read
    .select({ node: t.stepVisit.node, n: count() })
    .from(t.stepVisit)
    .where(and(eq(t.stepVisit.workspaceId, workspaceId), eq(t.stepVisit.process, process), isNull(t.stepVisit.leftAt)))
    .groupBy(t.stepVisit.node);
  return Object.fromEntries(rows.map((row) => [row.node, Number(row.n)]));
}

export type RuleUse = {
  /** Times the table was asked. */ asked: number;
  /** 0-based rule → times it counted. */ rules: Record<number, number>;
  /** Times no rule matched. */ none: number;
};

/** How often each rule of a process's decision tables counted, of one version or of all. Index `table_hit_rules`. */
export async function ruleUse(
  { read, t }: Store,
  workspaceId: string,
  process: string,
  version: number | null,
): Promise<Record<string, RuleUse>> {
  const rows = await read
    .select({ table: t.tableHit.table, rules: t.tableHit.rules, n: count() })
    .from(t.tableHit)
    .where(
      and(
        eq(t.tableHit.workspaceId, workspaceId),
        eq(t.tableHit.process, process),
        ...(version === null ? [] : [eq(t.tableHit.version, version)]),
      ),
    )
    .groupBy(t.tableHit.table, t.tableHit.rules);
  const use: Record<string, RuleUse> = {};
  for (const { table, rules, n } of rows) {
    const one = (use[table] ??= { asked: 0, rules: {}, none: 0 });
    one.asked += Number(n);
    if (rules === "") one.none += Number(n);
    else for (const rule of rules.split(",")) one.rules[Number(rule)] = (one.rules[Number(rule)] ?? 0) + Number(n);
  }
  return use;
}

/** Who has a draft of it, and how it looks. */
export async function draftsOfProcess({ read, t }: Store, workspaceId: string, processId: string) {
  return read
    .select({ memberId: t.draft.memberId, savedAt: t.draft.savedAt, document: t.draft.document })
    .from(t.draft)
    .where(and(eq(t.draft.workspaceId, workspaceId), eq(t.draft.processId, processId)));
}
