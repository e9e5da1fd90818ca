/** One measured figure, and what it stands beside. */
export type Figure = {
  name: string;
  value: number;
  unit: string;
  reference: { name: string; value: number } | null;
  ratio: number | null;
  goal: string | null;
  ok: boolean | null;
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

/** µs a call, after a tenth of the calls as warm-up. */
export function perCall(calls: number, call: () => unknown): number {
  for (let i = 0; i < calls / 10; i++) call();
  const start = performance.now();
  for (let i = 0; i < calls; i++) call();
  return ((performance.now() - start) * 1000) / calls;
}
