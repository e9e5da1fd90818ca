import type { Kit } from "./kit.ts";

/** Whose approvals somebody else decides, from when to when. The reason is there for both of them to read. */
export const delegationTable = (k: Kit) =>
  k.table(
    "delegation",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      memberId: k.text("member_id").notNull(),
      delegateId: k.text("delegate_id").notNull(),
      from: k.time("from_at").notNull(),
      to: k.time("to_at").notNull(),
      reason: k.text("reason").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.id] }),
      k.index("delegation_member").on(t.workspaceId, t.memberId),
    ],
  );
