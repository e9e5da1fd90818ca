import type { Store, WriteSet, Writing } from "@/db/store.ts";

/** The store, telling what each transaction wrote once it was committed. */
export function watched<S extends Store>(store: S, tell: (sets: WriteSet[]) => void): S {
  const { begin, turns } = store;
  const telling =
    <T>(commit: (sets: WriteSet[]) => Promise<T>) =>
    async (sets: WriteSet[]) => {
      const committed = await commit(sets);
      if (committed) tell(sets);
      return committed;
    };
  return {
    ...store,
    commit: telling(store.commit),
    ...(turns && {
      turns: {
        ...turns,
        commit: telling(turns.commit),
        async begin(workspaceId) {
          const writing = await turns.begin(workspaceId);
          if (!writing) return null;
          const sets: WriteSet[] = [];
          return {
            ...writing,
            send(made) {
              sets.push(...made);
              return writing.send(made);
            },
            async commit() {
              const committed = await writing.commit();
              if (committed) tell(sets);
              return committed;
            },
          };
        },
        hold: (workspaceId, work) => turns.hold(workspaceId, (commit) => work(telling(commit))),
      } satisfies typeof turns,
    }),
    ...(begin && {
      begin: (): Writing | null => {
        const writing = begin();
        if (!writing) return null;
        const sets: WriteSet[] = [];
        return {
          ...writing,
          add(set) {
            sets.push(set);
            writing.add(set);
          },
          async commit() {
            const committed = await writing.commit();
            if (sets.length) tell(sets);
            return committed;
          },
        };
      },
    }),
  };
}
