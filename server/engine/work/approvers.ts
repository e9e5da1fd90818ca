/**
 * Who sits in a seat of an approval. Nobody approves their own request, nobody sits twice at one level, neither in person nor in
 * somebody's place. A person who has handed their approvals over, is away or is gone is stood in for at once.
 */
import type { Pick } from "../events.ts";
import type { CompiledNode } from "../graph.ts";
import type { Person } from "../world.ts";
import type { Turn } from "../turn.ts";
import { membersOf, pickAssignee } from "./assign.ts";
import { ownerOf } from "./pool.ts";
import { approvalOf } from "./approval-config.ts";
import { roleAsked } from "./approval-path.ts";

/** `member` null: it lies in a queue for one of its people to take. `for`: the person it was meant for. */
export type Approver = { member: string | null; for?: string; role: string; pick: Pick };

/** People who may not decide here: whoever asked, and whose record it is. */
export function excludedFrom(turn: Turn, node: CompiledNode, requester: string | null): Set<string> {
  if (approvalOf(node).selfApproval === "allow") return new Set();
  return new Set([requester, ownerOf(turn)].flatMap((id) => id ?? []));
}

/** One person for what is asked; null when there is nobody. `taken`: who sits at the level already. */
export function findApprover(
  turn: Turn,
  node: CompiledNode,
  ask: string,
  requester: string | null,
  taken: ReadonlySet<string>,
): Approver | null {
  const barred = new Set([...excludedFrom(turn, node, requester), ...taken]);
  return ask.startsWith("@")
    ? findPerson(turn, node, ask.slice(1), barred)
    : findInRole(turn, node, roleAsked(ask)!, requester, barred);
}

/** Everybody in a role, as far as they may decide; a person away with nobody in their place leaves a seat empty. */
export function findEverybody(
  turn: Turn,
  node: CompiledNode,
  role: string,
  requester: string | null,
  taken: ReadonlySet<string>,
): (Approver | null)[] {
  const excluded = excludedFrom(turn, node, requester);
  const barred = new Set([...excluded, ...taken]);
  const queue = turn.process.document.roles[role]?.queue ?? null;
  const members = membersOf(turn, role, queue).filter((id) => turn.world.directory.people.get(id)?.active);
  return members
    .filter((id) => !barred.has(id))
    .flatMap((id): (Approver | null)[] => {
      // Somebody before may stand in for this one, or the other way round.
      if (barred.has(id)) return [];
      const member = standIn(turn, id, barred);
      barred.add(id);
      if (!member) return [null];
      barred.add(member);
      const pick: Pick = { rule: "everybody", queue, role, pool: poolOf(turn, members, excluded), chosen: member };
      return [{ member, role, pick, ...(member !== id && { for: id }) }];
    });
}

/** Who decides in a person's place now: they themselves, their delegate, their backup; null when nobody may. */
export function standIn(turn: Turn, id: string, barred: ReadonlySet<string>): string | null {
  const seen = new Set<string>();
  for (let at: string | null = id; at && !seen.has(at); ) {
    const person = turn.world.directory.people.get(at);
    if (!person || (barred.has(at) && at !== id)) return null;
    seen.add(at);
    const next = replacementOf(person, turn.instant);
    if (next === undefined) return barred.has(at) ? null : at;
    at = next;
  }
  return null;
}

/** Undefined: nobody is needed. Null: somebody is, and none is named. */
function replacementOf(person: Person, at: number): string | null | undefined {
  const handed = person.delegations?.find(({ from, to }) => from <= at && at < to);
  if (handed) return handed.delegate;
  const away = !person.active || person.absences.some(({ from, to }) => from <= at && at < to);
  return away ? person.backupId : undefined;
}

/** The next instant from which somebody else decides for this person. */
export function nextChange(person: Person | undefined, after: number): number | null {
  const starts = [...(person?.absences ?? []), ...(person?.delegations ?? [])]
    .map(({ from }) => from)
    .filter((from) => from > after);
  return starts.length ? Math.min(...starts) : null;
}

/** A named person, else who stands in, else their manager, else the owner of the process. */
function findPerson(turn: Turn, node: CompiledNode, id: string, barred: ReadonlySet<string>): Approver | null {
  const role = node.node.role ?? "process_owner";
  const person = turn.world.directory.people.get(id);
  const tried: [rule: string, member: string | null | undefined][] = [
    ["named", barred.has(id) ? null : id],
    ["manager", person?.managerId],
    ["process_owner", turn.world.processOwner],
  ];
  for (const [rule, candidate] of tried) {
    const member = candidate && !barred.has(candidate) ? standIn(turn, candidate, barred) : null;
    if (!member) continue;
    const pick: Pick = {
      rule: member === id ? "named" : rule === "named" ? "stand_in" : rule,
      queue: null,
      role,
      pool: poolOf(turn, [id], barred),
      chosen: member,
      ...(rule !== "named" && { fallback: `@${id}` }),
    };
    // Whose place it is only when they could have decided: not when the fallback took it over.
    return { member, role, pick, ...(rule === "named" && member !== id && { for: id }) };
  }
  return null;
}

function findInRole(
  turn: Turn,
  node: CompiledNode,
  role: string,
  requester: string | null,
  barred: ReadonlySet<string>,
): Approver | null {
  const skipped = new Set(barred);
  for (let tries = 0; tries < 200; tries++) {
    const pick = pickAssignee(without(turn, skipped, requester), role, node);
    if (pick.rule === "pull") return { member: null, role, pick };
    const { chosen } = pick;
    // Before another role is asked, whoever is away here is stood in for.
    if (pick.fallback || !chosen) {
      const queue = turn.process.document.roles[role]?.queue ?? null;
      for (const id of membersOf(turn, role, queue)) {
        if (skipped.has(id) || !turn.world.directory.people.get(id)?.active) continue;
        const member = standIn(turn, id, barred);
        if (member) return { member, for: id, role, pick: { ...pick, rule: "stand_in", chosen: member } };
      }
    }
    if (!chosen || skipped.has(chosen)) return null;
    const member = standIn(turn, chosen, barred);
    const place = pick.inFor ?? (member === chosen ? undefined : chosen);
    if (member && !(place && barred.has(place)))
      return { member, role, pick: { ...pick, chosen: member }, ...(place && { for: place }) };
    skipped.add(chosen);
  }
  return null;
}

/** The same turn in which these people take no work: whom a role's own rules then pick. */
function without(turn: Turn, skipped: ReadonlySet<string>, requester: string | null): Turn {
  const { directory } = turn.world;
  const people = new Map(directory.people);
  for (const id of skipped) {
    const person = people.get(id);
    if (person) people.set(id, { ...person, active: false });
  }
  const owner = turn.world.processOwner;
  return {
    ...turn,
    // Whoever decided at the level before is no requester.
    run: { ...turn.run, lastHuman: requester },
    world: {
      ...turn.world,
      directory: { ...directory, people },
      processOwner: owner && people.get(owner)?.active ? owner : null,
    },
  };
}

const poolOf = (turn: Turn, members: readonly string[], barred: ReadonlySet<string>): Pick["pool"] =>
  members.map((member) => {
    const person = turn.world.directory.people.get(member);
    const away = person?.absences.some(({ from, to }) => from <= turn.instant && turn.instant < to);
    const reason = !person
      ? "no longer here"
      : !person.active
        ? "not active"
        : barred.has(member)
          ? "may not decide here"
          : away
            ? "away"
            : null;
    return { member, open: turn.world.directory.open.get(member) ?? 0, available: !reason, ...(reason && { reason }) };
  });
