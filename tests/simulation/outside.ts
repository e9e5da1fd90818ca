/** The other side: takes what is sent, and answers well, badly, late, twice or never. */
import type { Outcome, Sender } from "@/server/effects/dispatch.ts";

export type Outside = {
  send: Sender;
  /** What arrived under each key: how often, and each wording it had. */
  arrived: ReadonlyMap<string, { times: number; bodies: ReadonlySet<string> }>;
  /** Lets one delayed answer go, chosen by chance. */
  answerOne(): void;
  /** From now on it takes everything and says so at once; what it still owed is answered. */
  behave(): void;
};

export function outside(chance: () => number): Outside {
  const arrived = new Map<string, { times: number; bodies: Set<string> }>();
  const owed: (() => void)[] = [];
  let behaves = false;
  const yes: Outcome = { ok: true, result: { taken: true } };
  const take = (key: string, effect: object) => {
    const seen = arrived.get(key) ?? { times: 0, bodies: new Set() };
    seen.times++;
    seen.bodies.add(JSON.stringify(contentOf(effect)));
    arrived.set(key, seen);
  };
  const later = <T>(give: () => T) => new Promise<T>((resolve) => owed.push(() => resolve(give())));
  return {
    arrived,
    send: async (effect, key): Promise<Outcome> => {
      const fate = behaves ? 0 : chance();
      if (fate < 0.4) return (take(key, effect), yes);
      if (fate < 0.6) return (take(key, effect), later(() => yes));
      // It was done, but nobody hears of it.
      if (fate < 0.68) return (take(key, effect), new Promise<never>(() => {}));
      if (fate < 0.76) return (take(key, effect), Promise.reject(new Error("socket hang up")));
      if (fate < 0.82) return (take(key, effect), later(() => "<html>" as unknown as Outcome));
      if (fate < 0.97) return { ok: false, text: "503", final: false };
      return { ok: false, text: "no", final: true };
    },
    answerOne() {
      const [go] = owed.splice(Math.floor(chance() * owed.length), 1);
      go?.();
    },
    behave() {
      behaves = true;
      for (const go of owed.splice(0)) go();
    },
  };
}

/** Of a call what the other side sees: the rest says how it is asked for, and may be another when somebody asks again. */
export function contentOf(effect: object): Record<string, unknown> {
  const beside = new Set(["once", "chain", "retry", "wants", "loose", "node"]);
  return Object.fromEntries(Object.entries(effect).filter(([name]) => !beside.has(name)));
}
