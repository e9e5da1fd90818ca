/** How a set of durations lies, in ms; `sd` is the sample's (n − 1), absent under two. */
export type Spread = {
  n: number;
  min: number;
  p05: number;
  p25: number;
  median: number;
  p75: number;
  p90: number;
  p95: number;
  max: number;
  mean: number;
  sd?: number;
  sum: number;
};

/** The spread of the values, undefined when there are none. Quantiles are type 7. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const sum = sumOf(sorted);
  const mean = sum / n;
  let squares = 0;
  for (const value of sorted) squares += (value - mean) ** 2;
  return {
    n,
    min: quantile(sorted, 0),
    p05: quantile(sorted, 0.05),
    p25: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    p75: quantile(sorted, 0.75),
    p90: quantile(sorted, 0.9),
    p95: quantile(sorted, 0.95),
    max: quantile(sorted, 1),
    mean,
    ...(n > 1 && { sd: Math.sqrt(squares / (n - 1)) }),
    sum,
  };
}

/**
 * Quantile of sorted values by linear interpolation between the two nearest ranks (type 7 of Hyndman and Fan, 1996).
 * NaN for no values.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - below);
}

/** Sum with compensation (Neumaier), so that a million large durations keep their milliseconds. */
function sumOf(values: Iterable<number>): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}
