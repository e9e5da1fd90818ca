/**
 * Weighted round robin. With W the sum of the weights of those who can take work now, each of them is owed w/W of every pick, and
 * whoever is picked has had one: owed' = owed + w/W − [picked]. Those who cannot take it owe and are owed nothing for it, so nobody
 * comes back from a holiday to a flood.
 *
 * Who is picked: of those who would not get ahead of their share by a whole pick (owed + w/W > 0), the one who would first fall
 * behind by a whole one, after ⌈(1 − owed) / (w/W)⌉ picks; the first in the queue's order when several would. That is earliest
 * deadline first over the windows of proportionate progress (Baruah, Cohen, Plaxton, Varvel 1996, Algorithmica 15): while the same
 * people are available, nobody is ever a whole pick off their exact share, over any number of picks. Equal weights take turns in
 * the queue's order.
 */
import type { Pick, Seat } from "../events.ts";

export type Turns = { given: number; owed: ReadonlyMap<string, number> };

export const noTurns: Turns = { given: 0, owed: new Map() };

/** Shares are fractions; what is smaller than this is the rounding of them. */
const grain = 1e-6;
const rounded = (n: number) => Math.round(n * 1e9) / 1e9 + 0;

/** Whose turn it is among the available seats, and who would be next if they could not; null without anybody. */
export function whoseTurn(pool: readonly Seat[]): { chosen: string | null; next: string | null } {
  const free = pool.filter(({ available }) => available);
  const chosen = first(free, free);
  return {
    chosen: chosen?.member ?? null,
    next:
      first(
        free.filter((seat) => seat !== chosen),
        free,
      )?.member ?? null,
  };
}

function first(seats: readonly Seat[], free: readonly Seat[]): Seat | null {
  const all = sumOf(free);
  const due = seats.map((seat) => {
    const share = weightOf(seat) / all;
    const owed = seat.owed ?? 0;
    return { seat, ahead: owed + share <= grain, after: Math.ceil((1 - owed) / share - grain), owed: owed + share };
  });
  // After people came and went everybody may be ahead: then the one who is least.
  const mayTake = due.filter(({ ahead }) => !ahead);
  if (mayTake.length === 0)
    return due.reduce<(typeof due)[number] | null>((a, b) => (!a || b.owed > a.owed ? b : a), null)?.seat ?? null;
  return mayTake.reduce((a, b) => (b.after < a.after ? b : a)).seat;
}

/** How everybody of the queue stands after a pick, from the pick alone: the newest one in the log is the queue's state. */
export function turnsAfter(pick: Pick): Turns {
  const all = sumOf(pick.pool.filter(({ available }) => available));
  const owed = new Map(
    pick.pool.map((seat) => {
      const before = seat.owed ?? 0;
      const share = seat.available ? weightOf(seat) / all : 0;
      return [seat.member, rounded(before + share - (seat.member === pick.chosen ? 1 : 0))] as const;
    }),
  );
  return { given: pick.turn ?? 0, owed };
}

const weightOf = (seat: Seat) => seat.weight ?? 1;
const sumOf = (seats: readonly Seat[]) => seats.reduce((sum, seat) => sum + weightOf(seat), 0);
