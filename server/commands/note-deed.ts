import type { Ask, Deps } from "./deps.ts";

/** Writes into the audit what was done outside the log: a new password, a key. */
export async function noteDeed(
  { store, newId }: Deps,
  { workspaceId, actor, now }: Ask,
  { action, subject }: { action: string; subject: string },
): Promise<void> {
  const row = { workspaceId, id: newId("aud"), at: now, actor, action, subject, ok: true, detail: null };
  await store.commit([{ workspaceId, guards: [], events: [], put: { audit: [row] }, drop: {} }]);
}
