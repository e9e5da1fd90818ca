/** Tables of outside systems and of what comes from them. */
import type { ConnectionConfig } from "@/server/engine/connection.ts";
import type { Kit } from "./kit.ts";

export const makeConnectionTables = (k: Kit) => {
  /** An outside system: whom calls may go to, or who may send us messages. Its secret is sealed for this row and host. */
  const connection = k.table(
    "connection",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      /** What processes name it by. */
      key: k.text("key").notNull(),
      name: k.text("name").notNull(),
      /** `name` or `name:port`; empty for one that only sends us messages. */
      host: k.text("host").notNull(),
      config: k.json<ConnectionConfig>("config").notNull(),
      secret: k.text("secret"),
      createdAt: k.time("created_at").notNull(),
      changedAt: k.time("changed_at").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.id] }), k.uniqueIndex("connection_key").on(t.workspaceId, t.key)],
  );
  /** What came in by a connection, each time it came; `message` is the sender's own id of it. */
  const webhookReceipt = k.table(
    "webhook_receipt",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      connectionId: k.text("connection_id").notNull(),
      message: k.text("message").notNull(),
      at: k.time("at").notNull(),
      bytes: k.int("bytes").notNull(),
      state: k.text("state").$type<"queued" | "done" | "failed" | "nobody" | "again" | "other">().notNull(),
      note: k.text("note"),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.id] }),
      // What came in by one connection, the newest first.
      k.index("receipt_at").on(t.workspaceId, t.connectionId, t.at),
    ],
  );
  return { connection, webhookReceipt };
};
