/** Records, their references to each other, and the keys by which duplicates are found. */
import type { Values } from "@/server/engine/model.ts";
import type { Kit } from "./kit.ts";

export const makeRecordTables = (k: Kit) => {
  const record = k.table(
    "record",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      type: k.text("type").notNull(),
      version: k.int("version").notNull(),
      title: k.text("title").notNull(),
      /** Folded title, e-mail, domain, number: what the search looks in. */
      search: k.text("search").notNull(),
      ownerId: k.text("owner_id"),
      accountId: k.text("account_id"),
      /** Status, stage or lifecycle: what lists group by. */
      status: k.text("status"),
      /** Amount in the workspace's base currency, for sorting. */
      amount: k.real("amount"),
      /** Id in the system it came from, unique per type. */
      externalId: k.text("external_id"),
      lockedBy: k.text("locked_by"),
      values: k.json<Values>("values").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      deletedAt: k.time("deleted_at"),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.id] }),
      k.index("record_list").on(t.workspaceId, t.type, t.createdAt),
      k.index("record_account").on(t.workspaceId, t.accountId),
      k.uniqueIndex("record_external").on(t.workspaceId, t.type, t.externalId),
    ],
  );
  /** A reference from one record's field to another: how related records are found. */
  const recordLink = k.table(
    "record_link",
    {
      workspaceId: k.text("workspace_id").notNull(),
      fromId: k.text("from_id").notNull(),
      field: k.text("field").notNull(),
      toId: k.text("to_id").notNull(),
      fromType: k.text("from_type").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.fromId, t.field] }),
      k.index("link_to").on(t.workspaceId, t.toId, t.fromType),
    ],
  );

  /** Normalised e-mail, phone, domain and name keys: how duplicates are found. */
  const recordKey = k.table(
    "record_key",
    {
      workspaceId: k.text("workspace_id").notNull(),
      key: k.text("key").notNull(),
      recordId: k.text("record_id").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.key, t.recordId] }),
      k.index("key_record").on(t.workspaceId, t.recordId),
    ],
  );
  return { record, recordLink, recordKey };
};
