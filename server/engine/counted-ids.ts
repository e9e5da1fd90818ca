/** Ids counted inside a run: a letter of the kind and a number. The first of each are written down once for all runs. */
import type { Run } from "./model.ts";

const letters = {
  token: "t",
  visit: "v",
  work: "w",
  clock: "c",
  timer: "m",
  incident: "i",
  effect: "e",
  scope: "s",
  message: "n",
} as const;
export type Counted = keyof Run["counters"];

/** A run that counts further than this is rare, and gets its names made for it. */
const most = 1000;
/**
 * Names as the machine keeps them: read back as keys, each is one string, found and compared by where it stands. Of an object
 * without a prototype: any other would have to remember ten thousand ways to grow, and is slow at it from then on.
 */
function names(letter: string): string[] {
  const keys = Object.create(null) as Record<string, null>;
  for (let n = 0; n < most; n++) keys[`${letter}${n}`] = null;
  return Object.keys(keys);
}
const known = Object.fromEntries(Object.entries(letters).map(([kind, letter]) => [kind, names(letter)])) as Record<
  Counted,
  string[]
>;

/** t1, v1, w1, c1, m1 (timers), i1, e1, s1, n1 (messages) … */
export const countedId = (kind: Counted, n: number): string => (n < most ? known[kind][n]! : letters[kind] + n);

/** The same for what every step counts. */
export const tokenId = (n: number): string => (n < most ? known.token[n]! : `t${n}`);
export const visitId = (n: number): string => (n < most ? known.visit[n]! : `v${n}`);

/** The number in a counted id; NaN when it is none. */
export function numberOf(id: string): number {
  let n = 0;
  for (let i = 1; i < id.length; i++) {
    const digit = id.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    n = n * 10 + digit;
  }
  return n;
}
