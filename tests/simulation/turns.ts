/**
 * Turns of two servers as PostgreSQL gives them, over one file: a workspace's log is taken by one at a time, and who finds its head
 * where it was left is alone with it.
 */
import type { Store, Turns } from "@/db/store.ts";

type Head = (workspaceId: string) => string;

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

/** One server's. `head`: the newest hash of a workspace's log, as it is stored. News is heard at once in the simulated world. */
export function turnsOf(commit: Store["commit"], head: Head, lock: ReturnType<typeof headLock>): Turns {
  const left = new Map<string, { hash: string; mine: boolean }>();
  const written = (workspaceId: string, before: string) => {
    left.set(workspaceId, { hash: head(workspaceId), mine: left.get(workspaceId)?.hash === before });
  };
  return {
    isMine: (workspaceId) => left.get(workspaceId)?.mine === true,
    commit: async (sets) => {
      const [first] = sets;
      if (!first) return { lost: [], seq: 0 };
      return lock(first.workspaceId, async () => {
        const before = head(first.workspaceId);
        if (left.get(first.workspaceId)?.hash !== before) {
          left.set(first.workspaceId, { hash: "", mine: false });
          return null;
        }
        const done = await commit(sets);
        written(first.workspaceId, before);
        return done;
      });
    },
    hold: (workspaceId, work) =>
      lock(workspaceId, async () => {
        const before = head(workspaceId);
        const value = await work(commit);
        written(workspaceId, before);
        return value;
      }),
  };
}
