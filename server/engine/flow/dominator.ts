/**
 * The nearest node that every way from `start` to `target` leads through, `target` itself apart; null when none leads there. Of a
 * join that is the split its branches come from: who passes it again is on the next round.
 */
export function nearestDominator(
  start: string,
  target: string,
  next: (id: string) => readonly string[],
): string | null {
  const path = shortestPath(start, target, null, next);
  return path?.findLast((id) => id !== target && shortestPath(start, target, id, next) === null) ?? null;
}

function shortestPath(
  start: string,
  target: string,
  without: string | null,
  next: (id: string) => readonly string[],
): string[] | null {
  if (start === without) return null;
  const from = new Map<string, string | null>([[start, null]]);
  for (const [id] of from) {
    if (id === target) break;
    for (const to of next(id)) if (to !== without && !from.has(to)) from.set(to, id);
  }
  if (!from.has(target)) return null;
  const path: string[] = [];
  for (let at: string | null = target; at !== null; at = from.get(at) ?? null) path.unshift(at);
  return path;
}
