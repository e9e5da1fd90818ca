/**
 * Where runs stand. In a step it is an open visit; at a gateway, at an event or held before a step there is none, and only the
 * run's own state tells: those are looked for among the open runs of the process.
 */
import { and, eq, gte, inArray, isNull, lte, type SQL, sql } from "drizzle-orm";
import type { Store } from "../store.ts";
import type { RunFilter } from "./run-search.ts";

/** Where some runs stand, the longest first, and whether that is late. */
export async function standsOf({ read, t }: Store, workspaceId: string, runs: readonly string[]) {
  if (runs.length === 0) return [];
  const visits = await read
    .select({
      runId: t.stepVisit.runId,
      node: t.stepVisit.node,
      enteredAt: t.stepVisit.enteredAt,
      dueAt: t.stepVisit.dueAt,
      breachedAt: t.stepVisit.breachedAt,
      pausedAt: t.stepVisit.pausedAt,
    })
    .from(t.stepVisit)
    .where(
      and(eq(t.stepVisit.workspaceId, workspaceId), inArray(t.stepVisit.runId, [...runs]), isNull(t.stepVisit.leftAt)),
    );
  const states = await read
    .select({ id: t.run.id, state: t.run.state })
    .from(t.run)
    .where(and(eq(t.run.workspaceId, workspaceId), inArray(t.run.id, [...runs]), isNull(t.run.endedAt)));
  const between = states.flatMap(({ id, state }) =>
    Object.values(state.tokens).flatMap(({ visit, node, since }) =>
      visit ? [] : [{ runId: id, node, enteredAt: since, dueAt: null, breachedAt: null, pausedAt: null }],
    ),
  );
  return [...visits, ...between].sort((a, b) => a.enteredAt - b.enteredAt);
}

/** Of each run that stands somewhere (in `node`, where that is asked): since when, in the place it has been in longest. */
export function standingSince({ read, t, dialect }: Store, workspaceId: string, { process, node }: RunFilter) {
  const visits = read
    .select({ runId: t.stepVisit.runId, since: sql<number>`min(${t.stepVisit.enteredAt})`.as("since") })
    .from(t.stepVisit)
    .where(
      and(
        eq(t.stepVisit.workspaceId, workspaceId),
        process ? eq(t.stepVisit.process, process) : undefined,
        node ? eq(t.stepVisit.node, node) : undefined,
        isNull(t.stepVisit.leftAt),
      ),
    )
    .groupBy(t.stepVisit.runId);
  if (!node) return visits.as("standing");
  const tokens = read
    .select({
      runId: t.run.id,
      since:
        sql<number>`(select min(${sinceOf(dialect)}) from ${tokensOf({ t, dialect })} where ${at(dialect, node)})`.as(
          "since",
        ),
    })
    .from(t.run)
    .where(openWith({ t, dialect }, workspaceId, process, node));
  const places = visits.unionAll(tokens).as("places");
  return read
    .select({ runId: places.runId, since: sql<number>`min(${places.since})`.as("since") })
    .from(places)
    .groupBy(places.runId)
    .as("standing");
}

/** Runs that stand in the step, or in any so long. Indexes `visit_open` and `run_open`. */
export function standingIn(store: Store, workspaceId: string, filter: RunFilter, now: number): SQL | undefined {
  const { read, t } = store;
  const { node, process, atLeastInStep, atMostInStep } = filter;
  if (!node && atLeastInStep === undefined && atMostInStep === undefined) return undefined;
  const [to, from] = [atLeastInStep, atMostInStep].map((age) => (age === undefined ? null : now - age));
  const visits = read
    .select({ id: t.stepVisit.runId })
    .from(t.stepVisit)
    .where(
      and(
        eq(t.stepVisit.workspaceId, workspaceId),
        process ? eq(t.stepVisit.process, process) : undefined,
        node ? eq(t.stepVisit.node, node) : undefined,
        isNull(t.stepVisit.leftAt),
        to == null ? undefined : lte(t.stepVisit.enteredAt, to),
        from == null ? undefined : gte(t.stepVisit.enteredAt, from),
      ),
    );
  if (!node) return inArray(t.run.id, visits);
  const since = sinceOf(store.dialect);
  const tokens = read
    .select({ id: t.run.id })
    .from(t.run)
    .where(
      openWith(
        store,
        workspaceId,
        process,
        node,
        to == null ? undefined : sql`${since} <= ${to}`,
        from == null ? undefined : sql`${since} >= ${from}`,
      ),
    );
  return inArray(t.run.id, visits.unionAll(tokens));
}

/** Open runs that have a token at the node which is in no visit. */
function openWith(
  { t, dialect }: Pick<Store, "t" | "dialect">,
  workspaceId: string,
  process: string | undefined,
  node: string,
  ...more: (SQL | undefined)[]
): SQL | undefined {
  return and(
    eq(t.run.workspaceId, workspaceId),
    process ? eq(t.run.process, process) : undefined,
    isNull(t.run.endedAt),
    sql`exists (select 1 from ${tokensOf({ t, dialect })} where ${and(at(dialect, node), ...more)})`,
  );
}

const tokensOf = ({ t, dialect }: Pick<Store, "t" | "dialect">): SQL =>
  dialect === "sqlite"
    ? sql`json_each(${t.run.state}, '$.tokens') as token`
    : sql`jsonb_each(${t.run.state} -> 'tokens') as token`;

const at = (dialect: Store["dialect"], node: string): SQL =>
  dialect === "sqlite"
    ? sql`json_extract(token.value, '$.node') = ${node} and json_extract(token.value, '$.visit') is null`
    : sql`token.value ->> 'node' = ${node} and token.value ->> 'visit' is null`;

const sinceOf = (dialect: Store["dialect"]): SQL =>
  dialect === "sqlite" ? sql`json_extract(token.value, '$.since')` : sql`(token.value ->> 'since')::numeric`;
