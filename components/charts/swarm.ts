/**
 * Marks of one column side by side where they would lie on each other. `levels`: 0 to 1; `lines`: how many marks fit above each other.
 * Answers how many marks each is moved to the right, or to the left (negative), around the middle.
 */
export function swarm(levels: readonly number[], lines: number): number[] {
  const inLine = new Map<number, number>();
  return levels.map((level) => {
    const line = Math.floor(level * lines);
    const nth = inLine.get(line) ?? 0;
    inLine.set(line, nth + 1);
    return nth % 2 === 1 ? (nth + 1) / 2 : nth === 0 ? 0 : -nth / 2;
  });
}
