/**
 * Of each node the nearest one that every way from `start` leads through, itself apart; `start` and what no way leads to have none. Of
 * a join that is the split its branches come from: who passes it again is on the next round. (K. D. Cooper, T. J. Harvey,
 * K. Kennedy, "A simple, fast dominance algorithm", 2001.)
 */
export function dominators(start: string, next: (id: string) => readonly string[]): ReadonlyMap<string, string> {
  const order = lastLeftFirst(start, next);
  const place = new Map(order.map((id, i) => [id, i]));
  const before: number[][] = order.map(() => []);
  for (const [i, id] of order.entries()) for (const to of next(id)) before[place.get(to)!]!.push(i);
  /** By place in the order; -1 while none is known. Places grow along every way, but for ways back. */
  const nearest = new Int32Array(order.length).fill(-1);
  nearest[0] = 0;
  const common = (a: number, b: number): number => {
    while (a !== b)
      if (a > b) a = nearest[a]!;
      else b = nearest[b]!;
    return a;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 1; i < order.length; i++) {
      let found = -1;
      for (const from of before[i]!) if (nearest[from] !== -1) found = found === -1 ? from : common(from, found);
      if (nearest[i] === found) continue;
      nearest[i] = found;
      changed = true;
    }
  }
  return new Map(order.slice(1).map((id, i) => [id, order[nearest[i + 1]!]!]));
}

/** What can be reached, each node before those that only it leads to: the reverse of the order in which a walk leaves them. */
function lastLeftFirst(start: string, next: (id: string) => readonly string[]): string[] {
  const left: string[] = [];
  const seen = new Set([start]);
  const walk = [{ id: start, to: next(start), at: 0 }];
  for (let top = walk.at(-1); top; top = walk.at(-1)) {
    const to = top.to[top.at++];
    if (to === undefined) {
      left.push(top.id);
      walk.pop();
    } else if (!seen.has(to)) {
      seen.add(to);
      walk.push({ id: to, to: next(to), at: 0 });
    }
  }
  return left.reverse();
}
