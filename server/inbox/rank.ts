/**
 * The order of an inbox (ux, section 4): breached, at risk, the rest; inside each by value lost per hour, then by age. Until odds
 * are fitted, value lost per hour = value at risk ÷ work time left; a task without a due time counts as five working days.
 */

export type Ranked = {
  status: "breached" | "at_risk" | "on_track" | "paused" | "none" /** currency per hour */;
  lossPerHour: number;
  band: number;
};
export type RankInput = {
  dueAt: number | null;
  atRiskAt: number | null;
  paused: boolean;
  valueAtRisk: number | null;
  offeredAt: number;
  priority: number /** open ms from now to due; null without a due time */;
  leftMs: number | null;
};

const noDueMs = 5 * 8 * 3_600_000;
/** A task that is nearly or long overdue would divide by nothing: less than a quarter of an hour counts as that. */
const leastMs = 15 * 60_000;

export function rankOf(item: RankInput, now: number): Ranked {
  const status = statusOf(item, now);
  const left = Math.max(leastMs, item.leftMs ?? noDueMs);
  const band = (status === "breached" ? 0 : status === "at_risk" ? 1 : 2) - (item.priority > 0 ? 0.5 : 0);
  return { status, lossPerHour: (item.valueAtRisk ?? 0) / (left / 3_600_000), band };
}

export function statusOf(
  { dueAt, atRiskAt, paused }: Pick<RankInput, "dueAt" | "atRiskAt" | "paused">,
  now: number,
): Ranked["status"] {
  if (dueAt !== null && now > dueAt) return "breached";
  if (paused) return "paused";
  if (dueAt === null) return "none";
  return atRiskAt !== null && now >= atRiskAt ? "at_risk" : "on_track";
}

export const byRank = (
  a: { rank: Ranked; offeredAt: number; id: string },
  b: { rank: Ranked; offeredAt: number; id: string },
): number =>
  a.rank.band - b.rank.band ||
  b.rank.lossPerHour - a.rank.lossPerHour ||
  a.offeredAt - b.offeredAt ||
  (a.id < b.id ? -1 : 1);

export type Split = "now" | "today" | "waiting" | "snoozed" | "done";

/** Which list an open task belongs to. */
export function splitOf(
  item: { status: Ranked["status"]; snoozedUntil: number | null; state: string },
  now: number,
): Split {
  if (item.snoozedUntil !== null && item.snoozedUntil > now) return "snoozed";
  if (item.state === "paused") return "waiting";
  return item.status === "breached" || item.status === "at_risk" ? "now" : "today";
}
