/**
 * A commit: guards, rows, the events and the news of it, in one transaction. It begins with the heads of the logs it appends to, so
 * one server writes to a workspace at a time, and two never wait for each other in a ring; guarded rows are locked in id order.
 */
import type pg from "pg";
import { chain, genesis } from "../chain.ts";
import type { Committed, Store, Turns, WriteSet } from "../store.ts";
import { beginPieces } from "./pieces.ts";
import type { Sql } from "./connections.ts";
import { addSets, changesOf, moveHead, notify, putSets } from "./send.ts";
import { guard, type Head, headOf, putEvents } from "./statements.ts";
import { endWhenSilent, inTransaction } from "./transaction.ts";

type Done = { lost: number[]; chains: { workspaceId: string; before: Head; head: Head }[] };

/** `heard`: what was written to a workspace's log up to this number is known here; null for whatever was. */
export function commitsOf(
  pool: pg.Pool,
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
  const notAlone = (workspaces: Iterable<string>) => {
    for (const workspaceId of workspaces) {
      const known = heads.get(workspaceId);
      if (known) heads.set(workspaceId, { ...known, mine: false });
    }
  };

  async function commit(sets: WriteSet[]): Promise<Committed> {
    return written(await inTransaction(pool, async (tx) => commitWith(tx, sets, await lockHeads(tx, sets))));
  }

  /** As long as the heads are where they were left. */
  const commitWhereLeft = (sets: WriteSet[]): Promise<Done | null> =>
    inTransaction(pool, async (tx) => {
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
        const done = known ? await commitWhereLeft(sets) : null;
        if (done) return written(done);
        notAlone(sets.map(({ workspaceId }) => workspaceId));
        return null;
      },
      async begin(workspaceId) {
        // As it is now, before anything is read: what is written through this store meanwhile moves it, too.
        const left = heads.get(workspaceId);
        const pieces = await beginPieces(pool, workspaceId, ({ seq, hash }) => seq === left?.seq && hash === left.hash);
        if (!pieces) {
          notAlone([workspaceId]);
          return null;
        }
        return {
          ...pieces,
          async commit() {
            const done = await pieces.commit();
            if (done) return written({ lost: [], chains: [{ workspaceId, ...done }] });
            notAlone([workspaceId]);
            return null;
          },
        };
      },
      async hold(workspaceId, work) {
        const { value, done } = await inTransaction(pool, async (tx) => {
          const [, head] = await Promise.all([endWhenSilent(tx), headOf(tx, workspaceId)]);
          if (!isWhereWeLeftIt(workspaceId, head)) await heard(workspaceId, heads.has(workspaceId) ? head.seq : null);
          const done: Done[] = [];
          const value = await work(async (sets) => {
            const one = await commitWith(tx, sets, await lockHeads(tx, sets));
            done.push(one);
            return { lost: one.lost, seq: one.chains.at(-1)?.head.seq ?? 0 };
          });
          return { value, done };
        });
        done.forEach(written);
        return value;
      },
    },
  };
}

/** The heads of the logs that are appended to, locked until the commit, in the order of the workspaces. */
async function lockHeads(tx: Sql, sets: readonly WriteSet[]): Promise<Map<string, Head>> {
  const locked = new Map<string, Head>();
  for (const { workspaceId } of chainsOf(sets)) locked.set(workspaceId, await headOf(tx, workspaceId));
  return locked;
}

/** The sets whose guards hold: their rows, their events. */
async function commitWith(tx: Sql, sets: WriteSet[], heads: ReadonlyMap<string, Head>): Promise<Done> {
  const lost = await guard(tx, sets);
  const kept = sets.filter((_, i) => !lost.has(i));
  // Sent one after the other without waiting for an answer between: a round trip takes longer than most statements.
  const sent = putSets(tx, kept);
  const chains = chainsOf(kept).map(({ workspaceId, events }) => {
    const before = heads.get(workspaceId)!;
    const isNew = kept.some((set) => set.workspaceId === workspaceId && set.clear?.includes("logHead"));
    const chained = chain(workspaceId, isNew ? { seq: 0, hash: genesis } : before, events);
    sent.push(putEvents(tx, chained), moveHead(tx, workspaceId, chained.head));
    return { workspaceId, before, ...chained };
  });
  sent.push(...addSets(tx, kept));
  for (const change of changesOf(kept, chains)) sent.push(notify(tx, change));
  await Promise.all(sent);
  return { lost: [...lost], chains };
}

/** The events of each workspace, in the order in which the logs' heads are taken. */
const chainsOf = (sets: readonly WriteSet[]) =>
  [...new Set(sets.filter((s) => s.events.length).map((s) => s.workspaceId))].sort().map((workspaceId) => ({
    workspaceId,
    events: sets.filter((s) => s.workspaceId === workspaceId).flatMap((s) => s.events),
  }));
