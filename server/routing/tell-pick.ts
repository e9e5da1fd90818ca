/** A pick in names instead of ids: what the record's page, the ledger and the try-out show. */
import type { Event, Pick, Seat } from "@/server/engine/events.ts";
import type { Plain } from "@/server/engine/model.ts";

export type PickNames = {
  person(id: string): string;
  queue(key: string): string;
  role(key: string): string;
  /** A sentence of an earlier release, where a code stands now, in the reader's language. */
  say?(sentence: string): string;
};

export type ToldPick = ReturnType<typeof tellPick>;

export function tellPick(pick: Pick, { person, queue, role, say = (text) => text }: PickNames) {
  const named = (id: string | null | undefined) => (id ? person(id) : null);
  // A rule says whom it names; the log has their id.
  const result = (value: Plain): string | null =>
    value === null ? null : typeof value === "string" ? person(value) : JSON.stringify(value);
  const said = (of: Pick["said"]) =>
    of
      ? {
          rule: of.rule ?? null,
          name: of.name ?? null,
          text: of.text ?? null,
          inputs: Object.entries(of.inputs ?? {}).map(([name, value]) => ({ name, value })),
          result: result(of.result),
        }
      : null;
  return {
    rule: pick.rule,
    queue: pick.queue ? queue(pick.queue) : null,
    role: role(pick.role),
    chosen: named(pick.chosen),
    fallback: pick.fallback ? role(pick.fallback) : null,
    next: named(pick.next),
    inFor: named(pick.inFor),
    turn: pick.turn ?? null,
    said: said(pick.said),
    tried: (pick.tried ?? []).map((one) => ({
      role: role(one.role),
      queue: one.queue ? queue(one.queue) : null,
      rule: one.rule,
      why: one.why,
      said: said(one.said),
    })),
    pool: pick.pool.map((seat: Seat) => ({
      id: seat.member,
      name: person(seat.member),
      open: seat.open,
      available: seat.available,
      reason: seat.reason ? say(seat.reason) : null,
      weight: seat.weight ?? null,
      owed: seat.owed ?? null,
      today: seat.today ?? null,
      cap: seat.cap ?? null,
      skill: seat.skill ?? null,
    })),
  };
}

/** The pick that a fact of a run holds. */
export function pickTold(event: Event, names: PickNames): ToldPick | null {
  const pick =
    event.type === "WorkAssigned" || event.type === "WorkOffered" || event.type === "PersonPicked"
      ? event.data.pick
      : undefined;
  return pick ? tellPick(pick, names) : null;
}
