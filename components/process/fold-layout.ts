/** A long drawing in rows that fit a wide window, for looking at: columns keep their order, each row continues the one above. */
export type Place = { id: string; x: number; y: number; width?: number; height?: number };
const card = { width: 240, height: 104 };
const between = 150;

/** `aspect`: width over height of the window. A drawing that fits well enough stays as it is. */
export function foldLayout(places: readonly Place[], aspect = 2): Place[] {
  if (places.length === 0) return [];
  const left = Math.min(...places.map((p) => p.x));
  const top = Math.min(...places.map((p) => p.y));
  const wide = (p: Place) => p.x + (p.width ?? card.width);
  const low = (p: Place) => p.y + (p.height ?? card.height);
  const width = Math.max(...places.map(wide)) - left;
  const height = Math.max(...places.map(low)) - top;
  const rows = Math.max(1, Math.min(4, Math.round(Math.sqrt(width / (aspect * (height + between))))));
  if (rows === 1) return [...places];
  const columns = [...new Set(places.map((p) => p.x))].sort((a, b) => a - b);
  // A row ends before the column that would pass its share of the width.
  const starts = [columns[0]!];
  for (const x of columns)
    if (x + card.width - starts.at(-1)! > width / rows + card.width && starts.length < rows) starts.push(x);
  const rowOf = (x: number) => starts.findLastIndex((start) => x >= start);
  // Each row is only as high as what stands in it.
  const spans = starts.map((_, row) => {
    const here = places.filter((p) => rowOf(p.x) === row);
    const highest = Math.min(...here.map((p) => p.y));
    return { top: highest, height: Math.max(...here.map(low)) - highest };
  });
  const offsets = spans.map((_, row) => spans.slice(0, row).reduce((sum, s) => sum + s.height + between, 0));
  return places.map(({ id, x, y, ...size }) => {
    const row = rowOf(x);
    return { ...size, id, x: x - starts[row]!, y: y - spans[row]!.top + offsets[row]! };
  });
}
