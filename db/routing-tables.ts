/** Who takes from which queue, and what was given to whom. */
import { sql } from "drizzle-orm";
import type { QueueSettings } from "@/server/engine/work/queue-settings.ts";
import type { Kit } from "./kit.ts";

export const makeRoutingTables = (k: Kit) => {
  /** A queue of the workspace: the members that take from it, in order. Processes name it by key. */
  const queue = k.table(
    "queue",
    {
      workspaceId: k.text("workspace_id").notNull(),
      key: k.text("key").notNull(),
      name: k.text("name").notNull(),
      members: k.json<string[]>("members").notNull(),
      /** How it picks, where the workspace says otherwise than the process. */
      settings: k.json<QueueSettings>("settings"),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.key] })],
  );

  /**
   * One row for each time work was given to somebody, by a rule or by hand: who gets how much, and whose turn it is. The proof is
   * in the run's fact of this version (`no`).
   */
  const pick = k.table(
    "pick",
    {
      workspaceId: k.text("workspace_id").notNull(),
      runId: k.text("run_id").notNull(),
      no: k.int("no").notNull(),
      at: k.time("at").notNull(),
      process: k.text("process").notNull(),
      recordId: k.text("record_id").notNull(),
      role: k.text("role").notNull(),
      queue: k.text("queue"),
      /** The rule that picked; `claim`, `hand_over` or `rebalance` where a person did. */
      rule: k.text("rule").notNull(),
      member: k.text("member").notNull(),
      /** Which turn of weighted round robin it was. */
      turn: k.int("turn"),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.runId, t.no] }),
      // The newest of a queue, and the share of each of its people.
      k.index("pick_queue").on(t.workspaceId, t.queue, t.at).where(sql`queue is not null`),
      // Whose turn is next.
      k.index("pick_turn").on(t.workspaceId, t.queue, t.turn).where(sql`turn is not null`),
      // What everybody was given today.
      k.index("pick_day").on(t.workspaceId, t.at),
    ],
  );

  return { queue, pick };
};
