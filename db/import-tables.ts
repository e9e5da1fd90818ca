/** Tables of imports: what was brought in and how far it came, what it wrote, and how columns become fields. */
import type { Plain, Values } from "@/server/engine/model.ts";
import type { Kit } from "./kit.ts";

export const makeImportTables = (k: Kit) => {
  const importJob = k.table(
    "import_job",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      kind: k.text("kind").notNull(),
      fileName: k.text("file_name").notNull(),
      memberId: k.text("member_id"),
      state: k.text("state").notNull(),
      total: k.int("total").notNull(),
      done: k.int("done").notNull(),
      created: k.int("created").notNull(),
      updated: k.int("updated").notNull(),
      failed: k.int("failed").notNull(),
      started: k.int("started").notNull(),
      mapping: k.json<Plain>("mapping").notNull(),
      problems: k.json<Plain>("problems").notNull(),
      createdAt: k.time("created_at").notNull(),
      endedAt: k.time("ended_at"),
      undoneAt: k.time("undone_at"),
      /** What a server needs to go on with it; null where only who began it can end it. */
      asked: k.json<Plain | null>("asked"),
      /** Counted up by each write of the server that works at it, and by whoever takes it over: who was overtaken writes nothing more. */
      lease: k.int("lease").notNull().default(0),
      /** By the server's time; another server that has the file may take it over after this. */
      heldUntil: k.time("held_until"),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.id] })],
  );
  /** Which records an import made or changed, with what stood there before: its undo. */
  const importRow = k.table(
    "import_row",
    {
      workspaceId: k.text("workspace_id").notNull(),
      importId: k.text("import_id").notNull(),
      row: k.int("row").notNull(),
      recordId: k.text("record_id").notNull(),
      before: k.json<Values | null>("before"),
      version: k.int("version").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.importId, t.row] })],
  );
  /** Saved mappings of imports, by name. */
  const importMapping = k.table(
    "import_mapping",
    {
      workspaceId: k.text("workspace_id").notNull(),
      name: k.text("name").notNull(),
      recordType: k.text("record_type").notNull(),
      mapping: k.json<Plain>("mapping").notNull(),
      savedAt: k.time("saved_at").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.name] })],
  );
  return { importJob, importRow, importMapping };
};
