import { eq } from "drizzle-orm";
import type { TableName } from "@/db/store.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeSetting } from "./write-setting.ts";

/** What goes: everything but the workspace, its people and how they sign in. */
const cleared: readonly TableName[] = [
  "event",
  "logHead",
  "receipt",
  "run",
  "runLink",
  "stepVisit",
  "workItem",
  "slaClock",
  "incident",
  "tableHit",
  "pick",
  "job",
  "record",
  "recordLink",
  "recordKey",
  "process",
  "processVersion",
  "draft",
  "queue",
  "calendar",
  "absence",
  "delegation",
  "notice",
  "importJob",
  "importRow",
  "importMapping",
  "apiKey",
  "connection",
  "webhookReceipt",
  "audit",
  "batch",
  "batchItem",
  "lineStop",
  "stepDay",
  "stepTime",
];

/**
 * Empties the demo workspace: its people stay and can sign in, the log begins anew with the fact that it was cleared. Refused in
 * a workspace that is not a demo, and when `typed` is not its name.
 */
export async function clearDemo(deps: Deps, ask: Ask, typed: string): Promise<{ ok: true } | Refusal> {
  const { store } = deps;
  const { workspace } = store.t;
  return writeSetting(deps, ask, async () => {
    const [row] = await store.read.select().from(workspace).where(eq(workspace.id, ask.workspaceId));
    if (!row?.demo)
      return refuse("INVALID", "Only a demo can be cleared, and this workspace is real. Nothing was changed.");
    if (typed.trim() !== row.name)
      return refuse("INVALID", `To clear the demo, write its name exactly: ${row.name}. Nothing was changed.`);
    return { ok: true, setting: "demo", from: "filled", to: "cleared", clear: cleared };
  });
}
