/** Bands that lie on each other, the first one on top: where each lies, what a point hits, and a scale of whole numbers beside them. */
export type Band = { low: number[]; high: number[] };

/** `heights`: one list of values a band, all of the same length. */
export function stackBands(heights: readonly (readonly number[])[]): Band[] {
  const floor = new Array<number>(heights[0]?.length ?? 0).fill(0);
  return heights
    .toReversed()
    .map((band) => {
      const low = [...floor];
      band.forEach((height, i) => {
        floor[i]! += Math.max(0, height);
      });
      return { low, high: [...floor] };
    })
    .toReversed();
}

/** The band at a place between the points (0 is the first one) and a height; null where none is. */
export function bandAt(bands: readonly Band[], at: number, height: number): number | null {
  const [left, right] = [Math.floor(at), Math.ceil(at)];
  const between = (line: readonly number[]) => line[left]! + (line[right]! - line[left]!) * (at - left);
  const found = bands.findIndex(({ low, high }) => height >= between(low) && height < between(high));
  return found < 0 ? null : found;
}

/** The outline of a band as an SVG path over a box of `width` × `height`; a single point is as wide as the box. */
export function bandPath({ low, high }: Band, top: number, width: number, height: number): string {
  const points = (line: readonly number[]) => (line.length === 1 ? [line[0]!, line[0]!] : line);
  const length = points(high).length;
  const corner = (value: number, i: number) =>
    `${round((i * width) / (length - 1))} ${round(height - (value / top) * height)}`;
  const over = points(high).map(corner);
  const under = points(low).map(corner).toReversed();
  return `M${[...over, ...under].join("L")}Z`;
}
const round = (n: number) => Math.round(n * 10) / 10;

/** All up to each point: `start`, and what is added at every one. */
export function cumulated(start: number, added: readonly number[]): number[] {
  let sum = start;
  return added.map((n) => (sum += n));
}

/** Whole numbers from 0 to at least `most`, four to six of them where there are as many. */
export function wholeTicks(most: number): number[] {
  const least = Math.max(1, most / 5);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((m) => m * power).find((m) => m >= least * 0.999)!;
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, i) => i * step);
}

/** Places of about `count` marks along `length` points, the first and the last among them. */
export function spread(length: number, count: number): number[] {
  const marks = Math.min(length, count);
  if (marks <= 1) return length > 0 ? [0] : [];
  return Array.from({ length: marks }, (_, k) => Math.round((k * (length - 1)) / (marks - 1)));
}
