/**
 * Which part of the visits carries more of the delay than its number explains (domain/reports, root-cause segments):
 * `lift = share of delay / share of visits`, listed from lift 1.3, n 10 and a tenth of the delay. A permutation test says how
 * likely chance alone does that; Benjamini-Hochberg over all segments tried. "Driver" is said only at q < 0.05.
 */
import { seeded } from "./statistics.ts";

export type Segment = { dimension: string; value: string };
export type Driver = Segment & {
  n: number;
  shareOfVisits: number;
  shareOfDelay: number;
  lift: number;
  q: number;
  driver: boolean;
};
export type Labelled = { delay: number; labels: Readonly<Record<string, string | null>> };

const least = { lift: 1.3, n: 10, share: 0.1 };
const draws = 2000;

export function drivers(visits: readonly Labelled[], seed = 1): Driver[] {
  const total = visits.reduce((sum, v) => sum + v.delay, 0);
  if (total <= 0 || visits.length < 2 * least.n) return [];
  const segments = new Map<string, Segment & { n: number; delay: number }>();
  for (const { delay, labels } of visits)
    for (const [dimension, value] of Object.entries(labels)) {
      if (value === null) continue;
      const key = `${dimension}\u0000${value}`;
      const found = segments.get(key) ?? { dimension, value, n: 0, delay: 0 };
      found.n++;
      found.delay += delay;
      segments.set(key, found);
    }
  // What everybody has is no segment.
  const tried = [...segments.values()].filter((s) => s.n < visits.length);
  const listed = tried
    .map((s) => ({ ...s, shareOfVisits: s.n / visits.length, shareOfDelay: s.delay / total }))
    .filter((s) => s.n >= least.n && s.shareOfDelay >= least.share && s.shareOfDelay / s.shareOfVisits >= least.lift);
  const delays = visits.map((v) => v.delay);
  const tested = listed.map((s) => ({ ...s, p: chanceOf(delays, s.n, s.delay, seed) })).sort((a, b) => a.p - b.p);
  let q = 1;
  const found: Driver[] = [];
  for (let i = tested.length - 1; i >= 0; i--) {
    const { p, delay: _delay, ...s } = tested[i]!;
    q = Math.min(q, (p * tried.length) / (i + 1));
    found.push({ ...s, lift: s.shareOfDelay / s.shareOfVisits, q, driver: q < 0.05 });
  }
  return found.sort((a, b) => Number(b.driver) - Number(a.driver) || b.lift - a.lift);
}

/** How often `n` visits drawn at random carry at least this much delay. */
function chanceOf(delays: readonly number[], n: number, delay: number, seed: number): number {
  const next = seeded(seed);
  const pool = Float64Array.from(delays);
  let as = 1;
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const j = i + Math.floor(next() * (pool.length - i));
      const picked = pool[j]!;
      pool[j] = pool[i]!;
      pool[i] = picked;
      sum += picked;
    }
    if (sum >= delay - 1e-9) as++;
  }
  return as / (draws + 1);
}
