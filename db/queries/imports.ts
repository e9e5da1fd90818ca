/** Imports that were made, and the mappings that people saved. */
import { and, asc, desc, eq, isNotNull } from "drizzle-orm";
import type { Row, Store } from "../store.ts";

export async function findImport(
  { read, t }: Store,
  workspaceId: string,
  id: string,
): Promise<Row<"importJob"> | null> {
  const [row] = await read
    .select()
    .from(t.importJob)
    .where(and(eq(t.importJob.workspaceId, workspaceId), eq(t.importJob.id, id)));
  return row ?? null;
}

/** Of all workspaces: imports that have not ended, and that a server can go on with. The oldest first. */
export async function importsUnderWay({ read, t }: Store): Promise<Row<"importJob">[]> {
  return read
    .select()
    .from(t.importJob)
    .where(and(eq(t.importJob.state, "running"), isNotNull(t.importJob.asked)))
    .orderBy(asc(t.importJob.createdAt), asc(t.importJob.id));
}

/** The newest first. */
export async function listImports({ read, t }: Store, workspaceId: string, most: number): Promise<Row<"importJob">[]> {
  return read
    .select()
    .from(t.importJob)
    .where(eq(t.importJob.workspaceId, workspaceId))
    .orderBy(desc(t.importJob.createdAt), desc(t.importJob.id))
    .limit(most);
}

export async function savedMappings({ read, t }: Store, workspaceId: string): Promise<Row<"importMapping">[]> {
  return read
    .select()
    .from(t.importMapping)
    .where(eq(t.importMapping.workspaceId, workspaceId))
    .orderBy(asc(t.importMapping.name));
}
