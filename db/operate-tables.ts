/** Tables of those who run the product: batches over runs, what is stopped or held back, and what a new release sees to once. */
import type { Plain } from "@/server/engine/model.ts";
import type { Kit } from "./kit.ts";

export const makeOperateTables = (k: Kit) => {
  /** One order to do the same thing to many runs. How far it is follows from its items. */
  const batch = k.table(
    "batch",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      kind: k.text("kind").notNull(),
      /** Which runs: the filter as it was asked; relative ages count from `created_at`. */
      filter: k.json<Plain>("filter").notNull(),
      params: k.json<Plain>("params").notNull(),
      askedBy: k.text("asked_by").notNull(),
      reason: k.text("reason").notNull(),
      /** `stopped`: by a person, or because it could not go on. */
      status: k.text("status").$type<"running" | "stopped" | "done">().notNull(),
      /** All its runs are written down as items. */
      gathered: k.bool("gathered").notNull(),
      /** Why it stopped. */
      text: k.text("text"),
      createdAt: k.time("created_at").notNull(),
      endedAt: k.time("ended_at"),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.id] }), k.index("batch_list").on(t.workspaceId, t.createdAt)],
  );
  const batchItem = k.table(
    "batch_item",
    {
      workspaceId: k.text("workspace_id").notNull(),
      batchId: k.text("batch_id").notNull(),
      runId: k.text("run_id").notNull(),
      status: k.text("status").$type<"waiting" | "done" | "skipped" | "refused">().notNull(),
      /** Why it was skipped or refused, or what came of it. */
      text: k.text("text"),
      at: k.time("at"),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.batchId, t.runId] }),
      // The next ones to do, and how many of each there are.
      k.index("batch_item_status").on(t.workspaceId, t.batchId, t.status),
    ],
  );
  /** Workspaces from which nothing goes out: set by a restore, released by an admin. */
  const outgoingHold = k.table("outgoing_hold", {
    workspaceId: k.text("workspace_id").primaryKey(),
    since: k.time("since").notNull(),
    /** When the backup was made that was restored. */
    backupAt: k.time("backup_at").notNull(),
  });
  /** A step (or, without one, a whole process) into and out of which nothing goes. */
  const lineStop = k.table(
    "line_stop",
    {
      workspaceId: k.text("workspace_id").notNull(),
      process: k.text("process").notNull(),
      /** Empty: the whole process. */
      node: k.text("node").notNull(),
      reason: k.text("reason").notNull(),
      clocks: k.text("clocks").$type<"pause" | "go_on">().notNull(),
      stoppedBy: k.text("stopped_by").notNull(),
      at: k.time("at").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.process, t.node] })],
  );
  /** What a release does once to what an earlier one left in a workspace: how far it is. */
  const upkeep = k.table(
    "upkeep",
    {
      workspaceId: k.text("workspace_id").notNull(),
      name: k.text("name").notNull(),
      /** The run that was seen to last, in the order of their ids. */
      after: k.text("after").notNull(),
      doneAt: k.time("done_at"),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.name] })],
  );
  return { batch, batchItem, outgoingHold, lineStop, upkeep };
};
