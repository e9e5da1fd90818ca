/** Work that goes on after its caller was answered. It ends before the server does. */
export type Background = {
  /** One piece of work under a name at a time. What it throws is reported, and reaches nobody else. */
  run(id: string, work: () => Promise<void>): void;
  has(id: string): boolean;
  idle(): Promise<void>;
};

export function openBackground(onError: (error: unknown) => void): Background {
  const running = new Map<string, Promise<void>>();
  return {
    run(id, work) {
      const ended = work()
        .catch(onError)
        .finally(() => running.delete(id));
      running.set(id, ended);
    },
    has: (id) => running.has(id),
    async idle() {
      await Promise.all(running.values());
    },
  };
}
