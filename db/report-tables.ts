/** Counters that reports read instead of counting visits anew: they are added to in the transaction of each step. */
import type { Kit } from "./kit.ts";

export const makeReportTables = (k: Kit) => {
  /** What came into a step and left it on one day of the workspace's zone. Every other column than the key is a sum over visits. */
  const stepDay = k.table(
    "step_day",
    {
      workspaceId: k.text("workspace_id").notNull(),
      process: k.text("process").notNull(),
      /** Days since 1970-01-01 of the local date: of the entry for arrivals, of the leaving for the rest. */
      day: k.int("day").notNull(),
      node: k.text("node").notNull(),
      version: k.int("version").notNull(),
      arrivals: k.long("arrivals").notNull(),
      /** Those of the arrivals that came in anew for rework. */
      reworks: k.long("reworks").notNull(),
      /** Left with their work done; passed over; taken away. */
      completions: k.long("completions").notNull(),
      skips: k.long("skips").notNull(),
      cancellations: k.long("cancellations").notNull(),
      /** ms from entry to leaving of the completions, and their parts: blocked, and worked on. */
      sojournMs: k.long("sojourn_ms").notNull(),
      blockedMs: k.long("blocked_ms").notNull(),
      touchMs: k.long("touch_ms").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.process, t.day, t.node, t.version] })],
  );
  /** How many of a day's completions took how long: `bucket` as in server/engine/tally. */
  const stepTime = k.table(
    "step_time",
    {
      workspaceId: k.text("workspace_id").notNull(),
      process: k.text("process").notNull(),
      day: k.int("day").notNull(),
      node: k.text("node").notNull(),
      version: k.int("version").notNull(),
      bucket: k.int("bucket").notNull(),
      n: k.long("n").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.process, t.day, t.node, t.version, t.bucket] })],
  );
  /** In which zone's days a workspace's visits are counted. Absent while what an earlier release left is not counted yet. */
  const dayCount = k.table("day_count", {
    workspaceId: k.text("workspace_id").primaryKey(),
    zone: k.text("zone").notNull(),
  });
  return { stepDay, stepTime, dayCount };
};
