import type { Store, WriteSet, Writing } from "@/db/store.ts";

/** The store, telling what each transaction wrote once it was committed. */
export function watched<S extends Store>(store: S, tell: (sets: WriteSet[]) => void): S {
  const { begin } = store;
  return {
    ...store,
    commit: async (sets: WriteSet[]) => {
      const committed = await store.commit(sets);
      tell(sets);
      return committed;
    },
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
