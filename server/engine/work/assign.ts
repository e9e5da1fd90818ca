/**
 * Who gets the work. The order: who already worked for this role in this run, the record's owner if in the role, the
 * queue's strategy, the role's fallback, the process owner. Nobody approves their own request. Every pick is kept with the
 * pool that led to it.
 */
import type { Pick } from "../events.ts";
import type { CompiledNode } from "../graph.ts";
import type { Person } from "../world.ts";
import { type Turn, primary, recordNamed } from "../turn.ts";

const nobody: ReadonlySet<string> = new Set();
type Rule = { excluded: ReadonlySet<string>; at: number };

export function pickAssignee(
  turn: Turn,
  role: string,
  node: CompiledNode | null,
  options: { not?: string | null; sticky?: boolean } = {},
): Pick {
  const rule: Rule = { excluded: excludedFrom(turn, node, options.not ?? null), at: turn.instant };
  const first = pickForRole(turn, role, rule, options.sticky !== false);
  return first.chosen || first.rule === "pull"
    ? first
    : pickFallback(turn, role, first, rule, options.sticky !== false);
}

/** Nobody of the role is free: its fallback, that one's fallback and so on, in the end the owner of the process. */
function pickFallback(turn: Turn, role: string, first: Pick, rule: Rule, sticky: boolean): Pick {
  const tried: Pick[] = [first];
  let key = turn.process.document.roles[role]?.fallback;
  while (key && tried.length < 8 && !tried.some((p) => p.role === key)) {
    const pick = pickForRole(turn, key, rule, sticky);
    if (pick.chosen || pick.rule === "pull") return { ...pick, fallback: role };
    tried.push(pick);
    key = turn.process.document.roles[key]?.fallback;
  }
  const owner = turn.world.processOwner;
  return {
    rule: owner ? "process_owner" : "nobody",
    queue: first.queue,
    role,
    pool: first.pool,
    chosen: owner,
    ...(owner && { fallback: role }),
  };
}

function pickForRole(turn: Turn, role: string, rule: Rule, sticky: boolean): Pick {
  const { directory } = turn.world;
  const definition = turn.process.document.roles[role];
  const queueKey = definition?.queue ?? null;
  const queue = queueKey ? turn.process.document.queues[queueKey] : undefined;
  const members = membersOf(turn, role, queueKey);
  const pool = poolOf(turn, members, rule);
  const before = turn.run.workers[role];
  if (sticky && before && isFree(pool, before)) return { rule: "sticky", queue: queueKey, role, pool, chosen: before };
  const base = { queue: queueKey, role, pool };
  const free = (id: string | null | undefined): id is string => !!id && isFree(pool, id);
  const owner = ownerOf(turn, queue?.strategy === "record_owner" ? queue.ownerField : undefined);
  if (queue?.strategy === "record_owner") {
    // The owner need not be listed in the queue; being the record's owner is the membership.
    const person = owner ? directory.people.get(owner) : undefined;
    if (person && !refusal(person, rule)) return { rule: "record_owner", ...base, chosen: person.id };
  } else if (sticky && queue?.strategy !== "named" && free(owner))
    return { rule: "record_owner", ...base, chosen: owner };

  const strategy = queue?.strategy;
  switch (strategy) {
    case "pull":
      return { rule: "pull", ...base, chosen: null };
    case "named": {
      const manager = queueKey?.includes("manager") && owner ? directory.people.get(owner)?.managerId : null;
      const person = manager ? directory.people.get(manager) : undefined;
      if (person && !refusal(person, rule)) return { rule: "manager_of_owner", ...base, chosen: person.id };
      return { rule: "named", ...base, chosen: pool.find((p) => p.available)?.member ?? null };
    }
    case "round_robin": {
      const last = directory.last.get(queueKey!) ?? "";
      const from = members.indexOf(last) + 1;
      const order = [...members.slice(from), ...members.slice(0, from)];
      return { rule: "round_robin", ...base, chosen: order.find((id) => free(id)) ?? null };
    }
    case "least_loaded":
    case "record_owner":
    case undefined: {
      const available = pool.filter((p) => p.available);
      const load = (p: (typeof pool)[number]) =>
        p.open / (directory.people.get(p.member)?.capacityPerDay ?? queue?.capacityPerDay ?? 10);
      const best = available.reduce<(typeof pool)[number] | null>((a, b) => (!a || load(b) < load(a) ? b : a), null);
      return { rule: "least_loaded", ...base, chosen: best?.member ?? null };
    }
    default:
      return strategy satisfies never;
  }
}

/** The queue's members if it has any, else everybody who works for the role. */
export function membersOf(turn: { world: Turn["world"] }, role: string, queue: string | null): readonly string[] {
  const queued = queue ? turn.world.directory.queue(queue) : [];
  return queued.length ? queued : turn.world.directory.role(role);
}

function poolOf(turn: Turn, members: readonly string[], rule: Rule): Pick["pool"] {
  const pool: Pick["pool"] = [];
  for (const id of members) pool.push(seat(turn, id, rule));
  return pool;
}

function isFree(pool: Pick["pool"], id: string): boolean {
  for (const seat of pool) if (seat.member === id) return seat.available;
  return false;
}

function seat(turn: Turn, id: string, rule: Rule): Pick["pool"][number] {
  const { directory } = turn.world;
  const person = directory.people.get(id);
  const open = directory.open.get(id) ?? 0;
  const reason = person ? refusal(person, rule) : "no longer here";
  if (reason === null && person!.capacityPerDay === null) return { member: id, open, available: true };
  const capped =
    !reason && person?.capacityPerDay != null && (directory.today.get(id) ?? 0) >= person.capacityPerDay
      ? "today's cap is reached"
      : reason;
  return { member: id, open, available: !capped, ...(capped && { reason: capped }) };
}

/** Null, or why this person cannot take work now. */
function refusal(person: Person, rule: Rule): string | null {
  if (!person.active) return "not active";
  for (const { from, to } of person.absences) if (from <= rule.at && rule.at < to) return "away";
  return rule.excluded.has(person.id) ? "may not approve their own request" : null;
}

function excludedFrom(turn: Turn, node: CompiledNode | null, not: string | null): ReadonlySet<string> {
  if (!not && node?.node.kind !== "approval") return nobody;
  const excluded = new Set<string>(not ? [not] : []);
  if (node?.node.kind === "approval" && node.config.selfApproval !== "allow") {
    const owner = ownerOf(turn);
    if (owner) excluded.add(owner);
    if (turn.run.lastHuman) excluded.add(turn.run.lastHuman);
  }
  return excluded;
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

/** Counts handed-out work, so that the next pick in the same group sees it. */
export function handOut(turn: Turn, pick: Pick): void {
  const { directory } = turn.world;
  if (!pick.chosen) return;
  directory.open.set(pick.chosen, (directory.open.get(pick.chosen) ?? 0) + 1);
  directory.today.set(pick.chosen, (directory.today.get(pick.chosen) ?? 0) + 1);
  if (pick.rule === "round_robin" && pick.queue) directory.last.set(pick.queue, pick.chosen);
}

/** Whom a `notify` or `escalate` reaches: member ids. An unknown role reaches the process owner. */
export function recipients(turn: Turn, to: string, assignee: string | null): string[] {
  if (to === "assignee" || to === "approver") return assignee ? [assignee] : [];
  if (to === "owner") return [ownerOf(turn)].flatMap((id) => id ?? []);
  const role = turn.process.document.roles[to];
  const worker = turn.run.workers[to];
  if (role && worker) return [worker];
  const members = role ? membersOf(turn, to, role.queue ?? null) : [];
  const available = members.filter((id) => turn.world.directory.people.get(id)?.active);
  if (available.length) return available.slice(0, 10);
  return turn.world.processOwner ? [turn.world.processOwner] : [];
}
