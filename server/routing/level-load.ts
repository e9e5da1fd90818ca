/**
 * Evening out open work: from whoever has most for their weight to whoever has least, one task at a time, as long as it makes the
 * fuller of the two less full than the other was. Whoever is away gives everything and takes nothing. Tasks that were begun stay, and
 * the least urgent go first: what is due soon is not torn from whoever knows it.
 */
export type Loaded = { id: string; weight: number; available: boolean };
export type Movable = { id: string; assignee: string; begun: boolean; dueAt: number | null; offeredAt: number };
export type Move = { id: string; from: string; to: string };

export function levelLoad(
  people: readonly Loaded[],
  tasks: readonly Movable[],
  { from = null, to = null, most }: { from?: string | null; to?: string | null; most: number },
): Move[] {
  const load = new Map(people.map(({ id }) => [id, 0]));
  for (const { assignee } of tasks) if (load.has(assignee)) load.set(assignee, load.get(assignee)! + 1);
  const movable = new Map(
    people.map(({ id }) => [id, tasks.filter((t) => t.assignee === id && !t.begun).sort(lastFirst)]),
  );
  const givers = people.filter(({ id }) => from === null || id === from);
  const takers = people.filter(({ id, available, weight }) => available && weight > 0 && (to === null || id === to));
  const full = ({ id, weight, available }: Loaded, more: number) =>
    available && weight > 0 ? (load.get(id)! + more) / weight : Infinity;
  const moves: Move[] = [];
  while (moves.length < most) {
    const giver = mostFull(
      givers.filter(({ id }) => movable.get(id)!.length > 0 && id !== to),
      (one) => full(one, 0),
    );
    const taker = mostFull(
      takers.filter(({ id }) => id !== giver?.id && id !== from),
      (one) => -full(one, 1),
    );
    // Between two named people as many go as were asked for.
    const named = from !== null && to !== null;
    if (!giver || !taker || (!named && full(taker, 1) >= full(giver, 0))) break;
    const task = movable.get(giver.id)!.shift()!;
    load.set(giver.id, load.get(giver.id)! - 1);
    load.set(taker.id, load.get(taker.id)! + 1);
    moves.push({ id: task.id, from: giver.id, to: taker.id });
  }
  return moves;
}

/** The first of those with the highest value. */
function mostFull(people: readonly Loaded[], value: (one: Loaded) => number): Loaded | null {
  return people.reduce<Loaded | null>((best, one) => (best && value(best) >= value(one) ? best : one), null);
}

/** Due last, or not at all, first; of those the newest. */
const lastFirst = (a: Movable, b: Movable) =>
  (b.dueAt ?? Infinity) === (a.dueAt ?? Infinity)
    ? b.offeredAt - a.offeredAt
    : (b.dueAt ?? Infinity) - (a.dueAt ?? Infinity);
