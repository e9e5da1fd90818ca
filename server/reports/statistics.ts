/** The few statistics reports use. All of them are exact, seeded and free of I/O. */

/** Linear interpolation between order statistics (type 7). `sorted` ascending; null when empty. */
export function percentile(sorted: readonly number[], p: number): number | null {
  if (sorted.length === 0) return null;
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  const a = sorted[low]!;
  const b = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return a + (b - a) * (at - low);
}

export const ascending = (values: Iterable<number>): number[] =>
  Float64Array.from(values).sort() as unknown as number[];

/** A small seeded generator (mulberry32): the same seed gives the same interval in every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * 95 % bootstrap interval of a sum over visits: visits are drawn with replacement, percentile method. Above 2,000 values the
 * normal approximation gives the same to three digits at a fraction of the time.
 */
export function sumInterval(values: readonly number[], seed = 1, draws = 400): [number, number] {
  const n = values.length;
  if (n < 2) {
    const only = values[0] ?? 0;
    return [only, only];
  }
  const sum = values.reduce((a, b) => a + b, 0);
  if (n > 2000) {
    const mean = sum / n;
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
    const half = 1.96 * deviation * Math.sqrt(n);
    return [Math.max(0, sum - half), sum + half];
  }
  const next = seeded(seed);
  const sums = new Float64Array(draws);
  for (let i = 0; i < draws; i++) {
    let drawn = 0;
    for (let j = 0; j < n; j++) drawn += values[Math.floor(next() * n)]!;
    sums[i] = drawn;
  }
  const sorted = Array.from(sums.sort());
  return [percentile(sorted, 0.025)!, percentile(sorted, 0.975)!];
}
