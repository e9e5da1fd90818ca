/**
 * A commit: guards, rows, the events and the news of it, in one transaction. It begins with the heads of the logs it appends to, so
 * one server writes to a workspace at a time, and two never wait for each other in a ring; guarded rows are locked in id order.
 */
import postgres from "postgres";
import { adding, counterNames } from "../adding.ts";
import { chain } from "../chain.ts";
import { tables } from "../schema.postgres.ts";
import type { Change, Committed, Store, TableName, Turns, WriteSet } from "../store.ts";
import { type Sql, dropRows, guard, headOf, latest, goOnRuns, putEvents, putRows } from "./statements.ts";

type Head = { seq: number; hash: string };
type Chained = ReturnType<typeof chain> & { workspaceId: string; before: Head };
type Done = { lost: number[]; chains: Chained[] };

/** `heard`: what was written to a workspace's log up to this number is known here; null for whatever was. */
export function commitsOf(
  sql: postgres.Sql,
  heard: (workspaceId: string, seq: number | null) => Promise<void>,
): { commit: Store["commit"]; turns: Turns } {
  /**
   * The head of each log as this server left it, and whether it was still there when this server wrote again: then nobody else
   * seems to write to it.
   */
  const heads = new Map<string, Head & { mine: boolean }>();

  /** After the transaction. */
  function written({ lost, chains }: Done): Committed {
    for (const { workspaceId, before, head } of chains) {
      const mine = heads.get(workspaceId)?.hash === before.hash;
      heads.set(workspaceId, { ...head, mine });
    }
    return { lost, seq: chains.at(-1)?.head.seq ?? 0 };
  }

  const isWhereWeLeftIt = (workspaceId: string, { seq, hash }: Head) => {
    const known = heads.get(workspaceId);
    return known !== undefined && known.seq === seq && known.hash === hash;
  };
  const notAlone = (sets: readonly WriteSet[]) => {
    for (const { workspaceId } of sets) {
      const known = heads.get(workspaceId);
      if (known) heads.set(workspaceId, { ...known, mine: false });
    }
  };

  async function commit(sets: WriteSet[]): Promise<Committed> {
    return written(await sql.begin(async (tx) => commitWith(tx, sets, await lockHeads(tx, sets))));
  }

  /** All statements in one go, as if every head and run were where they were left. Null, with nothing written, when one was not. */
  async function commitAtOnce(sets: WriteSet[]): Promise<Done | null> {
    const surprise = new Error("Somebody else wrote meanwhile.");
    try {
      return await sql.begin(async (tx) => {
        const there: Promise<boolean>[] = [];
        const chains = chainsOf(sets).map(({ workspaceId, events }) => {
          const before = heads.get(workspaceId)!;
          const chained = chain(workspaceId, before, events);
          there.push(moveHead(tx, workspaceId, before, chained.head));
          return { workspaceId, before, ...chained };
        });
        // Guard and row in one: a run that has moved on is not there to be written, and is missed in the count.
        const guards = sets.flatMap((set) => set.guards);
        const runs = sets.flatMap(({ put }) => put.run ?? []);
        there.push(goOnRuns(tx, runs, guards));
        const sent = [...putSets(tx, sets, ["run"]), ...chains.map((chained) => putEvents(tx, chained))];
        sent.push(...addSets(tx, sets));
        for (const change of changesOf(sets, chains)) sent.push(notify(tx, change));
        await Promise.all(sent);
        if ((await Promise.all(there)).includes(false)) throw surprise;
        return { lost: [], chains };
      });
    } catch (error) {
      // Events under numbers that another server has given out cannot be written.
      if (error !== surprise && !isTaken(error)) throw error;
      return null;
    }
  }

  /** The same for sets that guard other things than runs: these are looked at one kind after the other. */
  const commitWhereLeft = (sets: WriteSet[]): Promise<Done | null> =>
    sql.begin(async (tx) => {
      const locked = await lockHeads(tx, sets);
      for (const [workspaceId, head] of locked) if (!isWhereWeLeftIt(workspaceId, head)) return null;
      return commitWith(tx, sets, locked);
    });

  return {
    commit,
    turns: {
      isMine: (workspaceId) => heads.get(workspaceId)?.mine === true,
      async commit(sets) {
        const known = chainsOf(sets).every(({ workspaceId }) => heads.has(workspaceId));
        const done = known ? await (goesOn(sets) ? commitAtOnce(sets) : commitWhereLeft(sets)) : null;
        if (done) return written(done);
        notAlone(sets);
        return null;
      },
      async hold(workspaceId, work) {
        const { value, done } = await sql.begin(async (tx) => {
          // A server whose machine has vanished says nothing: its turn ends all the same.
          const [, [head]] = await Promise.all([
            tx`set local idle_in_transaction_session_timeout = '60s'`,
            headOf(tx, workspaceId),
          ]);
          if (!isWhereWeLeftIt(workspaceId, head!)) await heard(workspaceId, heads.has(workspaceId) ? head!.seq : null);
          const done: Done[] = [];
          const value = await work(async (sets) => {
            const one = await commitWith(tx, sets, await lockHeads(tx, sets));
            done.push(one);
            return { lost: one.lost, seq: one.chains.at(-1)?.head.seq ?? 0 };
          });
          // As one thing: a promise in what is answered would be waited for as if it were a statement.
          return { value, done };
        });
        done.forEach(written);
        return value;
      },
    },
  };
}

/** Whether they guard nothing but runs that go on. */
const goesOn = (sets: readonly WriteSet[]): boolean =>
  sets.every(
    ({ guards, put }) =>
      guards.length === (put.run?.length ?? 0) &&
      guards.every(({ table, id, was }) => table === "run" && was > 0 && put.run?.some((run) => run.id === id)),
  );

/** The heads of the logs that are appended to, locked until the commit, in the order of the workspaces. */
async function lockHeads(tx: Sql, sets: readonly WriteSet[]): Promise<Map<string, Head>> {
  const locked = new Map<string, Head>();
  for (const { workspaceId } of chainsOf(sets)) locked.set(workspaceId, (await headOf(tx, workspaceId))[0]!);
  return locked;
}

const moveHead = async (tx: Sql, workspaceId: string, from: Head, to: Head): Promise<boolean> =>
  (
    await tx`update log_head set seq = ${to.seq}, hash = ${to.hash} where workspace_id = ${workspaceId} and seq = ${from.seq} and hash = ${from.hash}`
  ).count === 1;

/** The sets whose guards hold: their rows, their events. */
async function commitWith(tx: Sql, sets: WriteSet[], heads: ReadonlyMap<string, Head>): Promise<Done> {
  const lost = await guard(tx, sets);
  const kept = sets.filter((_, i) => !lost.has(i));
  // Sent one after the other without waiting for an answer between: a round trip takes longer than most statements.
  const sent = putSets(tx, kept);
  const chains = chainsOf(kept).map(({ workspaceId, events }) => {
    const before = heads.get(workspaceId)!;
    const chained = chain(workspaceId, before, events);
    sent.push(putEvents(tx, chained), moveHead(tx, workspaceId, before, chained.head));
    return { workspaceId, before, ...chained };
  });
  sent.push(...addSets(tx, kept));
  for (const change of changesOf(kept, chains)) sent.push(notify(tx, change));
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

/** Sends what the counters grow by.  */
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

const notify = (tx: Sql, change: Change): Promise<unknown> =>
  tx`select pg_notify('millrace', ${JSON.stringify(change)})`.execute();

/** A row with this key is there already. */
const isTaken = (error: unknown): boolean => error instanceof postgres.PostgresError && error.code === "23505";
