/**
 * Who gets the work. The order: who already worked for this role (in the run, or on the record), the record's owner if in the pool,
 * the queue's strategy, the role's fallback and its fallback in turn, the process owner, an admin: it always ends in a person.
 * Nobody approves their own request. Every pick is kept with the pool that led to it, what was tried before, and who was next.
 */
import { localDay } from "../calendar/zone.ts";
import type { Pick, Tried } from "../events.ts";
import type { CompiledNode } from "../graph.ts";
import type { Turn } from "../turn.ts";
import { type Named, expressionNamed, managerNamed, territoryNamed } from "./named-person.ts";
import { type QueueRule, ruleOf } from "./queue-settings.ts";
import { type Asked, askedOf, orStandIn, ownerOf, refusal, seatsOf } from "./pool.ts";
import { noTurns, turnsAfter, whoseTurn } from "./turns.ts";

/** One place to look for somebody: a role with its queue, or a queue that a rule named. */
type Place = { role: string; queue: string | null };
type Looking = { asked: Asked; sticky: boolean; tried: Tried[]; seen: Set<string> };

export function pickAssignee(
  turn: Turn,
  role: string,
  node: CompiledNode | null,
  options: { not?: string | null; sticky?: boolean } = {},
): Pick {
  const { roles } = turn.process.document;
  const looking: Looking = {
    asked: askedOf(turn, node, options.not ?? null),
    sticky: options.sticky !== false,
    tried: [],
    seen: new Set(),
  };
  let first: Pick | null = null;
  for (let key: string | undefined = role, steps = 0; key && steps < 8; key = roles[key]?.fallback, steps++) {
    if (looking.seen.has(`role/${key}`)) break;
    const place = { role: key, queue: roles[key]?.queue ?? null };
    looking.seen.add(`role/${key}`).add(placeKey(place));
    const pick = lookIn(turn, place, looking);
    if (pick.chosen || pick.rule === "pull") return told(pick, key === role ? null : role, looking);
    first ??= pick;
  }
  const { queue = null, pool = [] } = first ?? {};
  return told({ role, queue, pool, ...lastResort(turn, looking.asked) }, role, looking);
}

const placeKey = ({ role, queue }: Place) => `place/${role}/${queue}`;

const told = (pick: Pick, fallback: string | null, { tried }: Looking): Pick => ({
  ...pick,
  ...(fallback !== null && (pick.chosen || pick.rule === "pull") && { fallback }),
  ...(tried.length > 0 && { tried }),
});

/** The process owner or who stands in for them, else the first admin who may; when all are away, it waits for the first of them. */
function lastResort(turn: Turn, asked: Asked): { rule: string; chosen: string | null; inFor?: string } {
  const { processOwner, directory } = turn.world;
  const owner = processOwner ? orStandIn(turn, processOwner, asked) : "gone";
  if (typeof owner === "object") return { rule: "process_owner", ...owner };
  const may = directory.admins.find((id) => refusal(directory.people.get(id), asked) === null);
  if (may) return { rule: "admin", chosen: may };
  const waits = [processOwner, ...directory.admins].find((id) => id && directory.people.get(id)?.active);
  return waits ? { rule: waits === processOwner ? "process_owner" : "admin", chosen: waits } : nobody;
}
const nobody = { rule: "nobody", chosen: null };

function lookIn(turn: Turn, { role, queue }: Place, looking: Looking): Pick {
  const { asked, tried } = looking;
  const rule = ruleOf(queue ? turn.process.document.queues[queue] : undefined, settingsOf(turn, queue));
  const members = membersOf(turn, role, queue);
  const pool = seatsOf(turn, members, queue, rule, asked);
  const base = { queue, role, pool };
  const comesFirst = looking.sticky && stickyOf(rule) !== "off" ? whoComesFirst(turn, base, rule) : null;
  if (comesFirst) return { ...base, ...comesFirst };
  const found = byStrategy(turn, base, rule, looking);
  if (found.chosen || found.rule === "pull") return { ...base, ...found };
  const anybody = pool.length > 0 ? "nobody_free" : "nobody_in";
  if (found.rule !== "moved")
    tried.push({
      role,
      queue,
      rule: found.rule,
      why: found.why ?? anybody,
      ...(found.said && { said: found.said }),
    });
  return { ...base, rule: found.rule, chosen: null };
}

/** A rule that names somebody means them, unless it is said that who worked on it before comes first. */
const stickyOf = ({ sticky, strategy }: QueueRule) =>
  sticky ?? (strategy === "manager" || strategy === "territory" || strategy === "expression" ? "off" : "run");

/** Who worked for the role before, else the record's owner: as long as they are in the pool and can take it. */
function whoComesFirst(turn: Turn, { role, pool }: Pool, rule: QueueRule): Found | null {
  const free = (id: string | null | undefined): id is string =>
    !!id && pool.some((p) => p.member === id && p.available);
  const before = turn.run.workers[role];
  if (free(before)) return { rule: "sticky", chosen: before };
  if (rule.sticky === "record" || rule.sticky === "account") {
    const held = turn.world.heldBefore(turn.run.recordId, role, rule.sticky);
    if (free(held)) return { rule: rule.sticky === "record" ? "sticky_record" : "sticky_account", chosen: held };
  }
  if (rule.strategy === "round_robin" || rule.strategy === "least_loaded" || rule.strategy === "pull") {
    const owner = ownerOf(turn);
    if (free(owner)) return { rule: "record_owner", chosen: owner };
  }
  return null;
}

type Pool = { role: string; queue: string | null; pool: Pick["pool"] };
type Found = Partial<Pick> & { rule: string; chosen: string | null; why?: string };

function byStrategy(turn: Turn, base: Pool, rule: QueueRule, looking: Looking): Found {
  const { queue, pool } = base;
  const { directory } = turn.world;
  const { strategy } = rule;
  switch (strategy) {
    case "pull":
      // Somebody who is away today takes it tomorrow; a queue of nobody would keep it for ever.
      return pool.some(({ reason }) => reason !== "gone" && reason !== "inactive" && reason !== "skill")
        ? { rule: "pull", chosen: null }
        : { rule: "pull_of_nobody", chosen: null };
    case "record_owner": {
      // The owner need not be listed in the queue; being the record's owner is the membership.
      const owner = ownerOf(turn, rule.ownerField);
      if (!owner) return { rule: strategy, chosen: null, why: "no_owner" };
      const person = orStandIn(turn, owner, looking.asked);
      return typeof person === "object" ? { rule: strategy, ...person } : { rule: strategy, chosen: null, why: person };
    }
    case "named": {
      const manager = queue?.includes("manager") ? managerNamed(turn, "owner") : null;
      const found = manager?.means === "person" ? orStandIn(turn, manager.key, looking.asked) : null;
      if (found && typeof found === "object") return { rule: "manager_of_owner", ...found };
      return { rule: "named", chosen: pool.find((p) => p.available)?.member ?? null };
    }
    case "manager":
      return follow(turn, "manager", managerNamed(turn, rule.managerOf ?? "owner"), base.role, looking);
    case "territory":
      return follow(turn, "territory", territoryNamed(turn, rule), base.role, looking);
    case "expression":
      return follow(turn, "expression", expressionNamed(turn, rule.who ?? ""), base.role, looking);
    case "round_robin": {
      const turns = directory.turns.get(queue ?? "") ?? noTurns;
      const { chosen, next } = whoseTurn(pool);
      return { rule: strategy, chosen, ...(next && { next }), ...(chosen && { turn: turns.given + 1 }) };
    }
    case "least_loaded": {
      const load = (p: Pick["pool"][number]) =>
        p.open / (directory.people.get(p.member)?.capacityPerDay ?? rule.capacityPerDay ?? 10);
      // The first in order among equals.
      const [best, next] = pool.filter((p) => p.available).toSorted((a, b) => load(a) - load(b));
      return { rule: strategy, chosen: best?.member ?? null, ...(next && { next: next.member }) };
    }
    default:
      return strategy satisfies never;
  }
}

/** To whom a rule that named somebody leads: a person, or a queue or role that picks in its own way. */
function follow(turn: Turn, rule: string, named: Named, role: string, looking: Looking): Found {
  const said = named.said && { said: named.said };
  if (named.means === "nobody") return { rule, chosen: null, why: named.why, ...said };
  if (named.means === "person") {
    const person = orStandIn(turn, named.key, looking.asked);
    return typeof person === "object" ? { rule, ...person, ...said } : { rule, chosen: null, why: person, ...said };
  }
  const place: Place =
    named.means === "role"
      ? { role: named.key, queue: turn.process.document.roles[named.key]?.queue ?? null }
      : { role: turn.process.document.queues[named.key]?.role ?? role, queue: named.key };
  const key = placeKey(place);
  if (looking.seen.has(key)) return { rule, chosen: null, why: "in_a_circle", ...said };
  looking.seen.add(key);
  const pick = lookIn(turn, place, looking);
  return pick.chosen || pick.rule === "pull" ? { ...pick, ...said } : { ...pick, rule: "moved", chosen: null };
}

const settingsOf = (turn: Turn, queue: string | null) => (queue ? turn.world.directory.settings(queue) : {});

type Picking = { directory: Turn["world"]["directory"] };

/** The queue's members if it has any, else everybody who works for the role. */
export function membersOf(turn: { world: Picking }, role: string, queue: string | null): readonly string[] {
  const queued = queue ? turn.world.directory.queue(queue) : [];
  return queued.length ? queued : turn.world.directory.role(role);
}

/** Counts handed-out work, so that the next pick in the same group sees it. */
export function handOut(turn: Turn, pick: Pick): void {
  const { directory, workspace } = turn.world;
  if (!pick.chosen) return;
  directory.open.set(pick.chosen, (directory.open.get(pick.chosen) ?? 0) + 1);
  const day = localDay(directory.people.get(pick.chosen)?.zone ?? workspace.zone, turn.instant);
  for (const key of [pick.chosen, ...(pick.queue ? [`${pick.queue}/${pick.chosen}`] : [])]) {
    const known = directory.today.get(key);
    directory.today.set(key, { day, n: known?.day === day ? known.n + 1 : 1 });
  }
  if (pick.turn !== undefined && pick.queue) directory.turns.set(pick.queue, turnsAfter(pick));
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
