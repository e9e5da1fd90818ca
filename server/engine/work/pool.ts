/** Who could take work now, and why the others cannot. */
import { localDay } from "../calendar/zone.ts";
import type { Seat } from "../events.ts";
import type { CompiledNode } from "../graph.ts";
import { type Turn, primary, recordNamed } from "../turn.ts";
import type { Directory, Person } from "../world.ts";
import type { QueueRule } from "./queue-settings.ts";
import { noTurns } from "./turns.ts";

/** Why somebody cannot be given this work now. */
export type Unavailable = "gone" | "inactive" | "away" | "has_it" | "own" | "skill" | "weight" | "cap" | "off_hours";

/** What holds for one pick, whoever is looked at: who may not have it, when it is, what it asks for. */
export type Asked = { not: string | null; own: ReadonlySet<string>; at: number; skills: readonly string[] };

export const askedOf = (turn: Turn, node: CompiledNode | null, not: string | null): Asked => ({
  not,
  own: ownRequestOf(turn, node),
  at: turn.instant,
  skills: node?.node.skills ?? [],
});

/** Whose own request an approval is: they may not decide it. */
function ownRequestOf(turn: Turn, node: CompiledNode | null): ReadonlySet<string> {
  if (node?.node.kind !== "approval" || node.config.selfApproval === "allow") return new Set();
  return new Set([ownerOf(turn), turn.run.lastHuman].flatMap((id) => id ?? []));
}

/** The members of a pool, each as they stand. `queue` null: everybody who works for a role. */
export function seatsOf(
  turn: Turn,
  members: readonly string[],
  queue: string | null,
  rule: QueueRule,
  asked: Asked,
): Seat[] {
  const seats = members.map((id) => seatOf(turn, id, queue, rule, asked));
  if (rule.hours !== "prefer" && rule.hours !== "only") return seats;
  const timed = seats.map((seat) =>
    seat.available && !turn.world.atWork(seat.member, asked.at)
      ? { ...seat, available: false, reason: "off_hours" }
      : seat,
  );
  return rule.hours === "only" || timed.some(({ available }) => available) ? timed : seats;
}

function seatOf(turn: Turn, id: string, queue: string | null, rule: QueueRule, asked: Asked): Seat {
  const { directory } = turn.world;
  const person = directory.people.get(id);
  const weight = rule.weights?.[id] ?? 1;
  const cap = tightestCap(turn, id, queue, rule, asked);
  const lacks = asked.skills.find((skill) => !person?.skills?.some((has) => sameTag(has, skill)));
  const takesTurns = rule.strategy === "round_robin";
  const busy = lacks !== undefined ? "skill" : takesTurns && weight === 0 ? "weight" : null;
  const reason: Unavailable | null = refusal(person, asked) ?? busy ?? (cap && cap.today >= cap.cap ? "cap" : null);
  if (!reason && !takesTurns && !cap) return { member: id, open: directory.open.get(id) ?? 0, available: true };
  return {
    member: id,
    open: directory.open.get(id) ?? 0,
    available: reason === null,
    ...(reason && { reason }),
    ...(takesTurns && { weight, owed: (directory.turns.get(queue ?? "") ?? noTurns).owed.get(id) ?? 0 }),
    ...cap,
    ...(reason === "skill" && { skill: lacks! }),
  };
}

/** A person has a cap over everything, and one in the queue: the one that leaves less room, with what counts against it. */
function tightestCap(
  turn: Turn,
  id: string,
  queue: string | null,
  rule: QueueRule,
  asked: Asked,
): { today: number; cap: number } | null {
  const { directory, workspace } = turn.world;
  const person = directory.people.get(id);
  const own = person?.capacityPerDay ?? null;
  const ofQueue = rule.caps?.[id] ?? rule.cap ?? null;
  if (own === null && ofQueue === null) return null;
  const day = localDay(person?.zone ?? workspace.zone, asked.at);
  const caps = [
    ...(own === null ? [] : [{ today: handedOut(directory, id, day), cap: own }]),
    ...(ofQueue === null ? [] : [{ today: handedOut(directory, `${queue}/${id}`, day), cap: ofQueue }]),
  ];
  return caps.reduce((a, b) => (b.cap - b.today < a.cap - a.today ? b : a));
}

const sameTag = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase();

const handedOut = (directory: Directory, key: string, day: number): number => {
  const known = directory.today.get(key);
  return known?.day === day ? known.n : 0;
};

/** Null, or why this person cannot take any work of this kind now, however much they have. */
export function refusal(
  person: Person | undefined,
  asked: Asked,
): "gone" | "inactive" | "away" | "has_it" | "own" | null {
  if (!person) return "gone";
  if (!person.active) return "inactive";
  if (person.absences.some((a) => a.from <= asked.at && asked.at < a.to)) return "away";
  if (person.id === asked.not) return "has_it";
  return asked.own.has(person.id) ? "own" : null;
}

/**
 * Somebody who was named: they themselves, or who stands in for them while they are away, and for that one in turn. A string: why
 * neither can.
 */
export function orStandIn(turn: Turn, id: string, asked: Asked): { chosen: string; inFor?: string } | Unavailable {
  const { people } = turn.world.directory;
  const seen = new Set<string>();
  for (let next: string | null | undefined = id; next && !seen.has(next); next = people.get(next)?.backupId) {
    seen.add(next);
    const no = refusal(people.get(next), asked);
    if (no === null) return next === id ? { chosen: id } : { chosen: next, inFor: id };
    if (no !== "away") return next === id ? no : "away";
  }
  return "away";
}

/** The record's owner, or the member that another field of a record in reach names (`account.csm_id`). */
export function ownerOf(turn: Turn, field?: string): string | null {
  const [object, name] = field?.includes(".")
    ? [field.slice(0, field.indexOf(".")), field.slice(field.indexOf(".") + 1)]
    : [null, field ?? "owner_id"];
  const record = object ? recordNamed(turn, object) : primary(turn);
  const value = record?.values[name];
  return typeof value === "string" && turn.world.directory.people.has(value) ? value : null;
}
