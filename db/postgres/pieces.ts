/**
 * A transaction that is sent in pieces, each while the next is still being decided: the database works meanwhile. It holds the head of
 * one workspace's log from before anything is decided until it ends.
 */
import pg from "pg";
import { chain } from "../chain.ts";
import type { WriteSet } from "../store.ts";
import type { Sql } from "./connections.ts";
import { addSets, changesOf, moveHead, notify, putSets } from "./send.ts";
import { goOnRuns, guard, type Head, lockHead, putEvents } from "./statements.ts";
import { endWhenSilent, openTransaction } from "./transaction.ts";

export type Pieces = {
  send(sets: readonly WriteSet[]): Promise<void>;
  /** Where the log's head was and is now; null, with nothing written, when a guard of any set did not hold. */
  commit(): Promise<{ before: Head; head: Head } | null>;
  abandon(): void;
};

/** Null when the head is not where it is expected. */
export async function beginPieces(
  pool: pg.Pool,
  workspaceId: string,
  isExpected: (head: Head) => boolean,
): Promise<Pieces | null> {
  const { tx, commit, rollBack } = await openTransaction(pool);
  let before: Head | undefined;
  try {
    [, before] = await Promise.all([endWhenSilent(tx), lockHead(tx, workspaceId)]);
  } catch (error) {
    rollBack();
    throw error;
  }
  if (!before || !isExpected(before)) {
    rollBack();
    return null;
  }
  const left = before;
  const all: WriteSet[] = [];
  const rows: ReturnType<typeof chain>["rows"] = [];
  const sent: Promise<unknown>[] = [];
  let [head, holds] = [left, true];

  return {
    abandon: rollBack,
    async send(sets) {
      const events = sets.flatMap((set) => set.events);
      const chained = chain(workspaceId, head, events);
      head = chained.head;
      all.push(...sets);
      rows.push(...chained.rows);
      const alone = goesOn(sets);
      if (!alone && (await guard(tx, sets)).size) holds = false;
      if (!holds) return;
      const own: Promise<unknown>[] = alone ? [goOn(tx, sets).then((went) => (holds &&= went))] : [];
      own.push(...putSets(tx, sets, alone ? ["run"] : []));
      if (events.length) own.push(putEvents(tx, chained));
      // What fails is told by `commit`.
      for (const one of own) one.catch(() => {});
      sent.push(...own);
    },
    async commit() {
      try {
        if (rows.length) sent.push(moveHead(tx, workspaceId, head));
        sent.push(...addSets(tx, all));
        for (const change of changesOf(all, [{ workspaceId, rows }])) sent.push(notify(tx, change));
        await Promise.all(sent);
        if (holds) {
          await commit();
          return { before: left, head };
        }
      } catch (error) {
        // A fact or a row that is there already was not there when this was decided.
        if (!isTaken(error)) {
          rollBack();
          throw error;
        }
      }
      rollBack();
      return null;
    },
  };
}

const isTaken = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === "23505";

/** Whether they guard nothing but runs that go on. */
const goesOn = (sets: readonly WriteSet[]): boolean =>
  sets.every(
    ({ guards, put }) =>
      guards.length === (put.run?.length ?? 0) &&
      guards.every(({ table, id, was }) => table === "run" && was > 0 && put.run?.some((run) => run.id === id)),
  );

/** Guard and row in one: a run that has moved on is not there to be written, and is missed in the count. */
const goOn = (tx: Sql, sets: readonly WriteSet[]): Promise<boolean> =>
  goOnRuns(
    tx,
    sets.flatMap(({ put }) => put.run ?? []),
    sets.flatMap(({ guards }) => guards),
  );
