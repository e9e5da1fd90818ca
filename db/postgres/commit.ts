/**
 * A commit: guards, rows, the heads of the logs, the events and the news of it, in one transaction. Guarded rows are locked in id
 * order, so two nodes never wait for each other in a ring; a workspace's head is taken after the rows and numbers the events then.
 */
import postgres from "postgres";
import { adding, counterNames } from "../adding.ts";
import { chain } from "../chain.ts";
import { tables } from "../schema.postgres.ts";
import type { Change, Committed, TableName, WriteSet } from "../store.ts";
import { type Sql, dropRows, guard, headOf, latest, goOnRuns, putEvents, putRows } from "./statements.ts";

/** `me`: what this server calls itself, so that it knows its own news. */
export function commitsOf(sql: postgres.Sql, me: string): (sets: WriteSet[]) => Promise<Committed> {
  /**
   * The head of each log as this server left it, and whether it was still there when this server wrote again: then nobody else
   * seems to write to it, and it need not be asked for.
   */
  const heads = new Map<string, Head & { alone: boolean }>();

  async function commit(sets: WriteSet[]): Promise<Committed> {
    const { lost, chains } = (await commitAtOnce(sets)) ?? (await sql.begin((tx) => commitWith(tx, sets, me)));
    for (const { workspaceId, before, head } of chains) {
      const alone = heads.get(workspaceId)?.hash === before.hash;
      heads.set(workspaceId, { ...head, alone });
    }
    return { lost, seq: chains.at(-1)?.head.seq ?? 0 };
  }

  /**
   * All statements of a commit in one go, as if every guard held and the logs' heads were where this server left them. Null, with
   * nothing written, when that was not so: then it is done step by step.
   */
  async function commitAtOnce(sets: WriteSet[]): Promise<Done | null> {
    // Other rows than runs are locked, and new ones tried, one after the other, before the log's head.
    const plain = sets.every(
      ({ guards, put, events, workspaceId }) =>
        guards.every(({ table, id, was }) => table === "run" && was > 0 && put.run?.some((run) => run.id === id)) &&
        guards.length === (put.run?.length ?? 0) &&
        (events.length === 0 || heads.get(workspaceId)?.alone),
    );
    if (!plain) return null;
    const surprise = new Error("Somebody else wrote meanwhile.");
    try {
      return await sql.begin(async (tx) => {
        // Guard and row in one: a run that has moved on is not there to be written, and is missed in the count.
        const runs = sets.flatMap(({ put }) => put.run ?? []);
        const moved = [
          goOnRuns(
            tx,
            runs,
            sets.flatMap(({ guards }) => guards),
          ),
        ];
        const sent: Promise<unknown>[] = putSets(tx, sets, ["run"]);
        const chains = chainsOf(sets).map(({ workspaceId, events }) => {
          const before = heads.get(workspaceId)!;
          const chained = chain(workspaceId, before, events);
          const { seq, hash } = chained.head;
          moved.push(
            tx`update log_head set seq = ${seq}, hash = ${hash} where workspace_id = ${workspaceId} and seq = ${before.seq} and hash = ${before.hash}`
              .execute()
              .then(({ count }) => count === 1),
          );
          sent.push(putEvents(tx, chained));
          return { workspaceId, before, ...chained };
        });
        sent.push(...addSets(tx, sets));
        for (const change of changesOf(sets, chains)) sent.push(notify(tx, me, change));
        await Promise.all(sent);
        if ((await Promise.all(moved)).includes(false)) throw surprise;
        return { lost: [], chains };
      });
    } catch (error) {
      // Events under numbers that another server has given out cannot be written; nor are runs locked in any order here.
      if (error !== surprise && !isTaken(error) && !isDeadlock(error)) throw error;
      for (const { workspaceId } of sets) heads.delete(workspaceId);
      return null;
    }
  }

  return commit;
}

type Head = { seq: number; hash: string };
type Chained = ReturnType<typeof chain> & { workspaceId: string; before: Head };
type Done = { lost: number[]; chains: Chained[] };

/** Step by step: the sets whose guards hold, then the rows and the logs' heads, then the events. */
async function commitWith(tx: Sql, sets: WriteSet[], me: string): Promise<Done> {
  const lost = await guard(tx, sets);
  const kept = sets.filter((_, i) => !lost.has(i));
  // Sent one after the other without waiting for an answer between: a round trip takes longer than most statements.
  const sent = putSets(tx, kept);
  const chains: Chained[] = [];
  for (const { workspaceId, events } of chainsOf(kept)) {
    const [[head]] = await Promise.all([
      headOf(tx, workspaceId),
      // After the rows, so that the head is taken last.
      ...sent.splice(0),
    ]);
    const chained = chain(workspaceId, head!, events);
    const { seq, hash } = chained.head;
    sent.push(
      putEvents(tx, chained),
      tx`update log_head set seq = ${seq}, hash = ${hash} where workspace_id = ${workspaceId}`.execute(),
    );
    chains.push({ workspaceId, before: head!, ...chained });
  }
  sent.push(...addSets(tx, kept));
  for (const change of changesOf(kept, chains)) sent.push(notify(tx, me, change));
  await Promise.all(sent);
  return { lost: [...lost], chains };
}

/** Sends what all these sets drop and put, table by table. */
function putSets(tx: Sql, sets: readonly WriteSet[], but: readonly TableName[] = []): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  for (const name of Object.keys(tables) as TableName[]) {
    if (but.includes(name)) continue;
    const keys = sets.flatMap((s) => s.drop[name] ?? []);
    if (keys.length) sent.push(dropRows(tx, name, keys));
    const rows = latest(
      name,
      sets.flatMap((s) => (s.put[name] ?? []) as Record<string, unknown>[]),
    );
    if (rows.length) sent.push(putRows(tx, name, rows));
  }
  return sent;
}

/** Sends what the counters grow by. After the logs' heads: whoever adds to a workspace's counters has its log, so that nobody waits in a ring. */
export function addSets(tx: Sql, sets: readonly WriteSet[]): Promise<unknown>[] {
  const counters = adding();
  for (const { add } of sets) counters.add(add);
  return counterNames.flatMap((name) => {
    const rows = counters.rows(name);
    return rows.length ? [putRows(tx, name, rows, "add")] : [];
  });
}

/** The events of each workspace, in the order in which the logs' heads are taken. */
const chainsOf = (sets: readonly WriteSet[]) =>
  [...new Set(sets.filter((s) => s.events.length).map((s) => s.workspaceId))].sort().map((workspaceId) => ({
    workspaceId,
    events: sets.filter((s) => s.workspaceId === workspaceId).flatMap((s) => s.events),
  }));

/** What listeners are told of each workspace. */
const changesOf = (sets: readonly WriteSet[], chains: readonly Chained[]): Change[] =>
  [...new Set(sets.map((s) => s.workspaceId))].map((workspaceId) => {
    const rows = chains.find((chained) => chained.workspaceId === workspaceId)?.rows ?? [];
    const dues = sets
      .filter((s) => s.workspaceId === workspaceId)
      .flatMap((s) => (s.put.job ?? []).map((j) => j.dueAt));
    return {
      workspaceId,
      seq: rows.at(-1)?.seq ?? 0,
      types: [...new Set(rows.map((r) => r.type))],
      jobsDue: dues.length ? Math.min(...dues) : null,
    };
  });

const notify = (tx: Sql, by: string, change: Change): Promise<unknown> =>
  tx`select pg_notify('millrace', ${JSON.stringify({ by, ...change })})`.execute();

const isDeadlock = (error: unknown): boolean => error instanceof postgres.PostgresError && error.code === "40P01";
/** A row with this key is there already. */
const isTaken = (error: unknown): boolean => error instanceof postgres.PostgresError && error.code === "23505";
