/**
 * What visits add to the counters of their days. A counter is a sum over rows of visits and nothing else: what changes a row adds
 * the difference, so that counted while it happens = counted afterwards.
 */
import type { Row } from "@/db/store.ts";
import { localDay } from "./calendar/zone.ts";

type VisitRow = Row<"stepVisit">;
/** Rows of increments: they are added to what is stored under their keys. */
export type Tally = { stepDay: Row<"stepDay">[]; stepTime: Row<"stepTime">[] };

export const emptyTally = (): Tally => ({ stepDay: [], stepTime: [] });

/**
 * Times in buckets that grow by 2 %: bucket i holds (γ^(i−1), γ^i] ms, and the value that stands for it is off by 1 % at most
 * (DDSketch: Masson, Rim and Lee, 2019). What took no time is in bucket −1.
 */
const gamma = 1.02;
const logGamma = Math.log(gamma);
export const bucketOf = (ms: number): number => (ms < 1 ? -1 : Math.ceil(Math.log(ms) / logGamma - 1e-9));
/** The ms that stand for a bucket. */
export const timeOfBucket = (bucket: number): number => (bucket < 0 ? 0 : (2 * gamma ** bucket) / (gamma + 1));

/** Adds the difference that a row makes which was `before` (undefined: not there) and is `after` (undefined: gone), in days of `zone`. */
export function tallyChange(to: Tally, before: VisitRow | undefined, after: VisitRow | undefined, zone: string): void {
  if (!(before && after && isSameArrival(before, after))) {
    if (before) arrival(to, before, zone, -1);
    if (after) arrival(to, after, zone, 1);
  }
  const left = before && isLeft(before);
  const leaves = after && isLeft(after);
  if (left && leaves && isSameLeaving(before, after)) return;
  if (left) leaving(to, before, zone, -1);
  if (leaves) leaving(to, after, zone, 1);
}

const isLeft = ({ leftAt }: VisitRow) => leftAt !== null && leftAt !== undefined;
const isSamePlace = (a: VisitRow, b: VisitRow) =>
  a.node === b.node && a.version === b.version && a.process === b.process && a.enteredAt === b.enteredAt;
const isSameArrival = (a: VisitRow, b: VisitRow) => isSamePlace(a, b) && a.rework === b.rework;
const isSameLeaving = (a: VisitRow, b: VisitRow) =>
  isSamePlace(a, b) &&
  a.leftAt === b.leftAt &&
  a.skipped === b.skipped &&
  a.cancelled === b.cancelled &&
  a.blockedMs === b.blockedMs &&
  a.touchMs === b.touchMs;

function arrival(to: Tally, visit: VisitRow, zone: string, n: 1 | -1): void {
  const row = dayRow(visit, localDay(zone, visit.enteredAt));
  row.arrivals = n;
  if (visit.rework) row.reworks = n;
  to.stepDay.push(row);
}

function leaving(to: Tally, visit: VisitRow, zone: string, n: 1 | -1): void {
  const day = localDay(zone, visit.leftAt!);
  const row = dayRow(visit, day);
  to.stepDay.push(row);
  if (visit.skipped) row.skips = n;
  else if (visit.cancelled) row.cancellations = n;
  else {
    const sojourn = visit.leftAt! - visit.enteredAt;
    row.completions = n;
    row.sojournMs = n * sojourn;
    row.blockedMs = n * visit.blockedMs;
    row.touchMs = n * visit.touchMs;
    const { workspaceId, process, node, version } = visit;
    to.stepTime.push({ workspaceId, process, day, node, version, bucket: bucketOf(sojourn), n });
  }
}

const dayRow = ({ workspaceId, process, node, version }: VisitRow, day: number): Row<"stepDay"> => ({
  workspaceId,
  process,
  day,
  node,
  version,
  arrivals: 0,
  reworks: 0,
  completions: 0,
  skips: 0,
  cancellations: 0,
  sojournMs: 0,
  blockedMs: 0,
  touchMs: 0,
});
