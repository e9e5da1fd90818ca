/** Five classes of heat with round borders, so that a legend can name them. */
export type HeatScale = { borders: readonly number[]; classOf(value: number): 1 | 2 | 3 | 4 | 5 };

/** From 0 to the largest value; borders are multiples of a round number. */
export function heatScale(values: readonly number[]): HeatScale {
  const step = roundUp(Math.max(0, ...values) / 5);
  const borders = [1, 2, 3, 4].map((i) => Number((i * step).toPrecision(6)));
  return {
    borders,
    classOf: (value) => {
      const found = borders.findIndex((border) => value < border);
      return (found < 0 ? 5 : found + 1) as 1 | 2 | 3 | 4 | 5;
    },
  };
}

function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((m) => m * power).find((m) => m >= value * 0.999)!;
}

export const heatLook = {
  1: "bg-heat-1",
  2: "bg-heat-2",
  3: "bg-heat-3",
  4: "bg-heat-4",
  5: "bg-heat-5",
} as const;
