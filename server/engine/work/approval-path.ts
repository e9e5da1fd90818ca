/**
 * The arithmetic of an approval with several approvers: levels one after the other, several seats beside each other in a level. Of
 * the M seats of a level N have to approve. An approver who returns the request ends it at once: what was to be approved changes.
 * A level is over as soon as its outcome is certain.
 */
import type { ApprovalDecision } from "./approval.ts";

/** How many of a level have to approve. */
export type Needs = "all" | "any" | "majority" | number;

/** One place at a level. Whoever decides on it is one person, whose work item it is. */
export type ApprovalSeat = {
  /** `2.1`: the first seat of the second level. */
  id: string;
  /** Whom the process asks: the key of a role, `*role` for everybody in it, `@member`. */
  ask: string;
  role: string;
  /** Nobody could be found for it. */
  vacant?: boolean;
  work?: string;
  decision?: ApprovalDecision;
  by?: string;
  /** The person in whose place it was decided. */
  for?: string;
  at?: number;
  comment?: string;
  reason?: string;
  /** The outcome was certain without it. */
  spared?: boolean;
};

export type AskedLevel = { name: string; ask: string[]; needs: Needs };
export type ApprovalLevel = AskedLevel & {
  /** How many of its seats have to approve, once it was opened. */
  required?: number;
  seats?: ApprovalSeat[];
};

/** The approval of one visit. `level`: the one that is open, counted from 0; -1 before the first. */
export type Approval = {
  requester: string | null;
  at: number;
  level: number;
  levels: ApprovalLevel[];
  settled?: { decision: ApprovalDecision | "withdrawn"; why: "votes" | "timeout" | "withdrawn"; at: number };
};

/** How many of so many seats have to approve: never fewer than one, never more than there are. */
export function requiredOf(needs: Needs, seats: number): number {
  const n = needs === "all" ? seats : needs === "any" ? 1 : needs === "majority" ? Math.floor(seats / 2) + 1 : needs;
  return Math.max(1, Math.min(n, Math.max(1, seats)));
}

/** What a level has come to; null while that is not certain. */
export function verdictOf(seats: readonly ApprovalSeat[], required: number): ApprovalDecision | null {
  if (seats.some(({ decision }) => decision === "returned")) return "returned";
  const approved = seats.filter(({ decision }) => decision === "approved").length;
  if (approved >= required) return "approved";
  const open = seats.filter((seat) => !seat.decision && !seat.vacant && !seat.spared).length;
  return approved + open < required ? "rejected" : null;
}

/** The seats with one more decided. */
export const withVote = (
  seats: readonly ApprovalSeat[],
  id: string,
  vote: Pick<ApprovalSeat, "decision" | "by" | "for" | "at" | "comment" | "reason">,
): ApprovalSeat[] => seats.map((seat) => (seat.id === id ? { ...seat, ...vote } : seat));

/** Everybody who sits at a level or has sat there: each of them once. `assignee`: who has a seat's work now. */
export function seatedAt(
  seats: readonly ApprovalSeat[],
  assignee: (work: string) => { member: string | null; for: string | undefined },
): Set<string> {
  const seated = new Set<string>();
  const add = (...members: (string | null | undefined)[]) => {
    for (const member of members) if (member) seated.add(member);
  };
  for (const seat of seats) {
    if (seat.decision) add(seat.by, seat.for);
    else if (seat.work && !seat.spared) {
      const now = assignee(seat.work);
      add(now.member, now.for);
    }
  }
  return seated;
}

/**
 * Levels as one line, as a decision table's cell or a person writes them: `sales_manager > 2 of *directors > finance, @mai`. Levels
 * stand in order, `,` between those who are asked together; `*` asks everybody in a role, `@` one person; `any of`, `majority of`
 * or `2 of` says how many have to approve, else all. `none` or nothing at all asks nobody.
 */
export function readLevels(text: string): ApprovalLevel[] {
  return text.split(">").flatMap((part) => {
    const level = /^\s*(?:(all|any|majority|[1-9]\d?)\s+of\s+)?(.*)$/s.exec(part.trim());
    const ask = (level?.[2] ?? "")
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== "" && one !== "none" && one !== "-");
    if (!ask.length) return [];
    const needs = level?.[1] ?? "all";
    return [{ name: "", ask, needs: /^\d/.test(needs) ? Number(needs) : (needs as Needs) }];
  });
}

/** The same the other way. */
export const writeLevels = (levels: readonly Pick<AskedLevel, "ask" | "needs">[]): string =>
  levels.map(({ ask, needs }) => (needs === "all" ? "" : `${needs} of `) + ask.join(", ")).join(" > ");

/** The key of the role that is asked, or null for one person. */
export const roleAsked = (ask: string): string | null =>
  ask.startsWith("@") ? null : ask.startsWith("*") ? ask.slice(1) : ask;

/** One more level of the same place in the order is asked together with it; what either needs is needed of both. */
export function joinLevels(levels: readonly { at: number; level: ApprovalLevel }[]): ApprovalLevel[] {
  const byPlace = new Map<number, ApprovalLevel>();
  for (const { at, level } of levels) {
    const known = byPlace.get(at);
    byPlace.set(
      at,
      known
        ? {
            name: known.name,
            ask: [...new Set([...known.ask, ...level.ask])],
            needs: known.needs === level.needs ? known.needs : "all",
          }
        : level,
    );
  }
  return [...byPlace].sort(([a], [b]) => a - b).map(([, level]) => level);
}
