/** What a visit adds to the counters of its days. */
import { expect, it } from "vitest";
import { adding } from "@/db/adding.ts";
import type { Row } from "@/db/store.ts";
import { chanceFrom } from "@/tests/support/chance.ts";
import { bucketOf, emptyTally, tallyChange, timeOfBucket } from "./tally.ts";

const hour = 3_600_000;
const zone = "Asia/Ho_Chi_Minh";
/** 2026-03-02, 16:00 UTC: 23:00 in Hanoi. */
const evening = Date.UTC(2026, 2, 2, 16);
const day = 20_514;

const visit = (of: Partial<Row<"stepVisit">> = {}): Row<"stepVisit"> => ({
  workspaceId: "ws",
  runId: "run_1",
  visit: "v1",
  process: "deal",
  version: 1,
  node: "call",
  kind: "task",
  visitNo: 1,
  recordId: "opp_1",
  enteredAt: evening,
  leftAt: null,
  blockedMs: 0,
  touchMs: 0,
  skipped: false,
  cancelled: false,
  rework: false,
  valueAssumed: false,
  startRecorded: true,
  pauses: [],
  ...of,
});
const change = (before: Row<"stepVisit"> | undefined, after: Row<"stepVisit"> | undefined) => {
  const sums = adding();
  const tally = emptyTally();
  tallyChange(tally, before, after, zone);
  sums.add(tally);
  return { days: sums.rows("stepDay"), times: sums.rows("stepTime") };
};
const place = { workspaceId: "ws", process: "deal", node: "call", version: 1 };
const nothing = {
  arrivals: 0,
  reworks: 0,
  completions: 0,
  skips: 0,
  cancellations: 0,
  sojournMs: 0,
  blockedMs: 0,
  touchMs: 0,
};

it("an entry counts on the day the wall shows, and on no other counter", () => {
  expect(change(undefined, visit())).toEqual({ days: [{ ...place, ...nothing, day, arrivals: 1 }], times: [] });
  expect(change(undefined, visit({ rework: true })).days).toEqual([
    { ...place, ...nothing, day, arrivals: 1, reworks: 1 },
  ]);
});

it("a completion counts on the day it was left, with how long it took", () => {
  const done = visit({ leftAt: evening + 2 * hour, blockedMs: hour, touchMs: 600_000 });
  expect(change(visit(), done)).toEqual({
    days: [
      { ...place, ...nothing, day: day + 1, completions: 1, sojournMs: 2 * hour, blockedMs: hour, touchMs: 600_000 },
    ],
    times: [{ ...place, day: day + 1, bucket: 798, n: 1 }],
  });
});

it("what was passed over or taken away took no time that anybody asks for", () => {
  const at = { leftAt: evening + hour / 2 };
  expect(change(visit(), visit({ ...at, skipped: true }))).toEqual({
    days: [{ ...place, ...nothing, day, skips: 1 }],
    times: [],
  });
  expect(change(visit(), visit({ ...at, cancelled: true })).days).toEqual([
    { ...place, ...nothing, day, cancellations: 1 },
  ]);
});

it("what changes nothing that is counted adds nothing", () => {
  expect(change(visit(), visit({ owner: "lan", startedAt: evening + 60_000, touchMs: 60_000 }))).toEqual({
    days: [],
    times: [],
  });
});

it("a visit that stands under another version goes from one counter to the other", () => {
  expect(change(visit(), visit({ version: 2, node: "phone" })).days).toEqual([
    { ...place, ...nothing, day, arrivals: -1 },
    { ...place, ...nothing, day, node: "phone", version: 2, arrivals: 1 },
  ]);
});

it("taken back it leaves nothing, whatever happened between (2,000 histories)", () => {
  const chance = chanceFrom(4711);
  const some = <T>(of: readonly T[]) => of[Math.floor(chance() * of.length)]!;
  for (let i = 0; i < 2000; i++) {
    const sums = adding();
    let row: Row<"stepVisit"> | undefined;
    const to = (next: Row<"stepVisit"> | undefined) => {
      const tally = emptyTally();
      tallyChange(tally, row, next, zone);
      sums.add(tally);
      row = next;
    };
    for (let n = 0; n < 5; n++)
      to(
        visit({
          version: some([1, 2]),
          node: some(["call", "phone"]),
          leftAt: some([null, evening + 1, evening + 9 * hour, evening + 90 * hour]),
          skipped: some([true, false]),
          cancelled: some([true, false]),
          rework: some([true, false]),
          touchMs: some([0, 5000]),
        }),
      );
    const once = adding();
    const tally = emptyTally();
    tallyChange(tally, undefined, row, zone);
    once.add(tally);
    expect(sums.rows("stepDay")).toEqual(once.rows("stepDay"));
    expect(sums.rows("stepTime")).toEqual(once.rows("stepTime"));
    to(undefined);
    expect([...sums.rows("stepDay"), ...sums.rows("stepTime")]).toEqual([]);
  }
});

it("the time that stands for a bucket is off by one per cent at most, from a millisecond to ten years", () => {
  expect([bucketOf(0), timeOfBucket(-1)]).toEqual([-1, 0]);
  for (let ms = 1; ms < 10 * 365 * 24 * hour; ms = Math.ceil(ms * 1.0037)) {
    const stands = timeOfBucket(bucketOf(ms));
    expect(Math.abs(stands - ms) / ms).toBeLessThanOrEqual(0.01);
  }
});
