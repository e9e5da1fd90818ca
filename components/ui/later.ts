import { useEffect, useSyncExternalStore } from "react";

/** Does it when the browser has nothing better to do. Answers how to call it off. */
export function whenIdle(work: () => void): () => void {
  // Safari has no such call; a moment after the first picture is as good.
  if (typeof window.requestIdleCallback !== "function") {
    const timer = setTimeout(work, 300);
    return () => clearTimeout(timer);
  }
  const asked = window.requestIdleCallback(work, { timeout: 2_000 });
  return () => window.cancelIdleCallback(asked);
}

const againMs = 2_000;

/** For `lazy`, which keeps a failure for good: a line that is gone for some seconds is waited for. */
export async function patiently<T>(load: () => Promise<T>, tries = 5): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (tries <= 1) throw error;
    await new Promise((done) => setTimeout(done, againMs));
    return patiently(load, tries - 1);
  }
}

export type Later<T> = {
  /** What was loaded, or null while it is not there. Wanted: it is fetched at once and until it comes, else when idle. */
  use(wanted: boolean): T | null;
  fetch(): void;
};

/**
 * Code that the first picture does not need: fetched when the browser is idle, or at once when it is wanted. Unlike `lazy`, what
 * is there is used in the same render, and what a broken connection kept away is asked for again.
 */
export function later<T>(load: () => Promise<T>): Later<T> {
  let there: { value: T } | null = null;
  let coming = false;
  const listeners = new Set<() => void>();
  const listen = (then: () => void) => {
    listeners.add(then);
    return () => void listeners.delete(then);
  };
  function fetch(): void {
    if (there || coming) return;
    coming = true;
    load()
      .then((value) => {
        there = { value };
      })
      .catch(() => undefined)
      .finally(() => {
        coming = false;
        for (const tell of listeners) tell();
      });
  }
  return {
    fetch,
    use(wanted) {
      const got = useSyncExternalStore(
        listen,
        () => there,
        () => null,
      );
      const missing = got === null;
      useEffect(() => {
        if (!missing) return;
        if (!wanted) return whenIdle(fetch);
        fetch();
        const again = setInterval(fetch, againMs);
        return () => clearInterval(again);
      }, [missing, wanted]);
      return got ? got.value : null;
    },
  };
}
