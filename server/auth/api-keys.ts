/** Keys for programs: shown once, kept as a hash, limited to scopes, ended by a date or by hand. */
import { and, desc, eq } from "drizzle-orm";
import type { Row, Store } from "@/db/store.ts";
import type { Actor } from "@/server/engine/model.ts";
import { fingerprint, type NewId, newSecret } from "@/server/runtime/ids.ts";

const day = 24 * 60 * 60 * 1000;
/** Longest life of a key: a year. */
export const longestKeyDays = 365;

export type NewKey = { workspaceId: string; memberId: string; name: string; scopes: string[]; days: number };

/** Makes a key. `secret` is the only copy. */
export async function createKey(
  store: Store,
  newId: NewId,
  now: number,
  { days, ...key }: NewKey,
): Promise<{ id: string; secret: string; expiresAt: number }> {
  const secret = `mr_${newSecret()}`;
  const row: Row<"apiKey"> = {
    ...key,
    id: newId("key"),
    hash: fingerprint(secret),
    createdAt: now,
    expiresAt: now + Math.min(days, longestKeyDays) * day,
    revokedAt: null,
    lastUsedAt: null,
  };
  const audit = {
    workspaceId: key.workspaceId,
    id: newId("aud"),
    at: now,
    actor: { kind: "member" as const, id: key.memberId },
    action: "keys.create",
    subject: row.id,
    ok: true,
    detail: `${key.name}: ${key.scopes.join(", ")}`,
  };
  await store.commit([
    { workspaceId: key.workspaceId, guards: [], events: [], put: { apiKey: [row], audit: [audit] }, drop: {} },
  ]);
  return { id: row.id, secret, expiresAt: row.expiresAt };
}

/** Every key of the workspace, newest first, without what could be used to sign in. */
export function listKeys(store: Store, workspaceId: string) {
  const { apiKey } = store.t;
  return store.read
    .select({
      id: apiKey.id,
      name: apiKey.name,
      memberId: apiKey.memberId,
      scopes: apiKey.scopes,
      createdAt: apiKey.createdAt,
      expiresAt: apiKey.expiresAt,
      revokedAt: apiKey.revokedAt,
    })
    .from(apiKey)
    .where(eq(apiKey.workspaceId, workspaceId))
    .orderBy(desc(apiKey.createdAt));
}

/** Ends a key at once. False when the workspace has no such key. */
export async function revokeKey(
  store: Store,
  newId: NewId,
  now: number,
  { workspaceId, id, actor }: { workspaceId: string; id: string; actor: Actor },
): Promise<boolean> {
  const { apiKey } = store.t;
  const [row] = await store.read
    .select()
    .from(apiKey)
    .where(and(eq(apiKey.workspaceId, workspaceId), eq(apiKey.id, id)));
  if (!row) return false;
  if (row.revokedAt === null)
    await store.commit([
      {
        workspaceId,
        guards: [],
        events: [],
        put: {
          apiKey: [{ ...row, revokedAt: now }],
          audit: [
            {
              workspaceId,
              id: newId("aud"),
              at: now,
              actor,
              action: "keys.revoke",
              subject: id,
              ok: true,
              detail: row.name,
            },
          ],
        },
        drop: {},
      },
    ]);
  return true;
}
