/** Chance from a seed: the same seed gives the same year. */
import { seeded } from "@/server/reports/statistics.ts";

export type Chance = {
  /** Evenly in [0, 1). */
  next(): number;
  whole(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** One of the keys, by weight. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
  happens(share: number): boolean;
  /** Log-normal around its median: most a little less, a few much more. `spread` is the sigma of the logarithm. */
  around(median: number, spread?: number): number;
};

export function chanceFrom(seed: number): Chance {
  const next = seeded(seed);
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
      const entries = Object.entries(weights) as [K, number][];
      let at = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) if ((at -= weight) < 0) return key;
      return entries.at(-1)![0];
    },
    happens: (share) => next() < share,
    around(median, spread = 0.5) {
      // Box-Muller; 1 - next() keeps the logarithm finite.
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(spread * normal);
    },
  };
}
