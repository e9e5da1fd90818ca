/**
 * Evening out open work: from whoever has most for their weight to whoever has least, one task at a time, as long as it makes the
 * fuller of the two less full than the other was. Whoever is away gives everything and takes nothing. Tasks that were begun stay, and
 * the least urgent go first: what is due soon is not torn from whoever knows it.
 */
export type Loaded = { id: string; weight: number; available: boolean };
/** `takers`: who may have it, where that is not everybody. */
export type Movable = {
  id: string;
  assignee: string;
  begun: boolean;
  dueAt: number | null;
  offeredAt: number;
  takers?: readonly string[];
};
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
  /** The fullest giver and the emptiest taker with a task that this one may have. */
  const step = (): { task: Movable; giver: Loaded; taker: Loaded } | null => {
    // Between two named people as many go as were asked for.
    const named = from !== null && to !== null;
    const inNeed = takers.filter(({ id }) => id !== from).toSorted((a, b) => full(a, 1) - full(b, 1));
    for (const giver of givers.filter(({ id }) => id !== to).toSorted((a, b) => full(b, 0) - full(a, 0)))
      for (const taker of inNeed) {
        if (taker.id === giver.id || (!named && full(taker, 1) >= full(giver, 0))) continue;
        const task = movable.get(giver.id)!.find(({ takers: who }) => !who || who.includes(taker.id));
        if (task) return { task, giver, taker };
      }
    return null;
  };
  for (let next = moves.length < most ? step() : null; next; next = moves.length < most ? step() : null) {
    const { task, giver, taker } = next;
    movable.set(
      giver.id,
      movable.get(giver.id)!.filter((one) => one !== task),
    );
    load.set(giver.id, load.get(giver.id)! - 1);
    load.set(taker.id, load.get(taker.id)! + 1);
    moves.push({ id: task.id, from: giver.id, to: taker.id });
  }
  return moves;
}

/** Due last, or not at all, first; of those the newest. */
const lastFirst = (a: Movable, b: Movable) =>
  (b.dueAt ?? Infinity) === (a.dueAt ?? Infinity)
    ? b.offeredAt - a.offeredAt
    : (b.dueAt ?? Infinity) - (a.dueAt ?? Infinity);
