import { eq } from "drizzle-orm";
import type { Row, Store } from "@/db/store.ts";
import type { Vault } from "@/server/runtime/vault.ts";
import type { OpenConnection } from "./build-call.ts";

/** The connections of a workspace with their secrets opened. What comes of it stays in memory. */
export async function openConnections(
  { read, t }: Store,
  vault: Vault,
  workspaceId: string,
): Promise<OpenConnection[]> {
  const rows = await read.select().from(t.connection).where(eq(t.connection.workspaceId, workspaceId));
  return rows.map((row) => openConnection(row, vault));
}

export const openConnection = (row: Row<"connection">, vault: Vault): OpenConnection => ({
  id: row.id,
  key: row.key,
  name: row.name,
  host: row.host,
  config: row.config,
  secret: row.secret
    ? vault.open(row.secret, { workspaceId: row.workspaceId, connectionId: row.id, host: row.host })
    : null,
});
