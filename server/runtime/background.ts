/** Work that goes on after its caller was answered. It ends before the server does. */
export type Background = {
  /** One piece of work under a name at a time. What it throws is reported, and reaches nobody else. */
  run(id: string, work: () => Promise<void>): void;
  has(id: string): boolean;
  /** Asks what takes long, and can go on after a restart, to end at the next good moment. */
  leave(): void;
  isLeaving(): boolean;
  idle(): Promise<void>;
};

export function openBackground(onError: (error: unknown) => void): Background {
  let leaving = false;
  const running = new Map<string, Promise<void>>();
  return {
    run(id, work) {
      const ended = work()
        .catch(onError)
        .finally(() => running.delete(id));
      running.set(id, ended);
    },
    has: (id) => running.has(id),
    leave() {
      leaving = true;
    },
    isLeaving: () => leaving,
    async idle() {
      await Promise.all(running.values());
    },
  };
}
