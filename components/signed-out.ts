/** Whether the server has said that nobody is signed in any more; every call says what it heard. */
const listeners = new Set<() => void>();
let out = false;

export const signedOut = {
  is: () => out,
  listen(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  set(next: boolean): void {
    if (out === next) return;
    out = next;
    for (const listener of listeners) listener();
  },
};
