/**
 * Turns of two servers as PostgreSQL gives them, over one file: a workspace's log is taken by one at a time, and who finds its head
 * where it was left is alone with it.
 */
import type { Piecewise, Store, Turns, WriteSet } from "@/db/store.ts";

/** What is stored: the newest hash of a workspace's log, and the lease of a job that is there. */
type Stored = { head(workspaceId: string): string; lease(workspaceId: string, job: string): number | undefined };

/** A lock for each workspace: whoever waits for it has it after those who came before. */
export function headLock() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(workspaceId: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(workspaceId) ?? Promise.resolve();
    const mine = before.then(work);
    last.set(
      workspaceId,
      mine.catch(() => {}),
    );
    return mine;
  };
}

/** One server's. News is heard at once in the simulated world. */
export function turnsOf(commit: Store["commit"], { head, lease }: Stored, lock: ReturnType<typeof headLock>): Turns {
  const left = new Map<string, { hash: string; mine: boolean }>();
  const written = (workspaceId: string, before: string) => {
    left.set(workspaceId, { hash: head(workspaceId), mine: left.get(workspaceId)?.hash === before });
  };
  const isWhereLeft = (workspaceId: string): boolean => {
    if (left.get(workspaceId)?.hash === head(workspaceId)) return true;
    left.set(workspaceId, { hash: "", mine: false });
    return false;
  };
  /** Of what nobody needs the log to write. */
  const stands = ({ workspaceId, guards }: WriteSet): boolean =>
    guards.every(({ table, id, was }) => table !== "job" || lease(workspaceId, id) === was);

  /** While the log is held: `end` lets go of it. */
  function inPieces(workspaceId: string, end: () => void): Piecewise {
    const all: WriteSet[] = [];
    const before = head(workspaceId);
    return {
      send: async (sets) => void all.push(...sets),
      abandon: end,
      async commit() {
        try {
          if (!all.every(stands)) return null;
          const done = await commit(all);
          written(workspaceId, before);
          return done;
        } finally {
          end();
        }
      },
    };
  }

  return {
    isMine: (workspaceId) => left.get(workspaceId)?.mine === true,
    commit: async (sets) => {
      const [first] = sets;
      if (!first) return { lost: [], seq: 0 };
      return lock(first.workspaceId, async () => {
        const before = head(first.workspaceId);
        if (!isWhereLeft(first.workspaceId)) return null;
        const done = await commit(sets);
        written(first.workspaceId, before);
        return done;
      });
    },
    begin: (workspaceId) =>
      new Promise((begun) => {
        void lock(workspaceId, async () => {
          if (!isWhereLeft(workspaceId)) return begun(null);
          await new Promise<void>((end) => begun(inPieces(workspaceId, end)));
        });
      }),
    hold: (workspaceId, work) =>
      lock(workspaceId, async () => {
        const before = head(workspaceId);
        const value = await work(commit);
        written(workspaceId, before);
        return value;
      }),
  };
}
