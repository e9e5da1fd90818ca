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
