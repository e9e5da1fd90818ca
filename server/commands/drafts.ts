/** A person's own draft of a process: loaded, saved against the revision it was based on, thrown away. */
import { and, eq } from "drizzle-orm";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import { type Process, processSchema } from "@/server/engine/process.ts";
import type { Ask, Deps } from "./deps.ts";

export type Draft = {
  processId: string;
  memberId: string;
  baseVersion: number | null;
  revision: number;
  document: Process;
  savedAt: number;
};

export async function findDraft(
  { store: { read, t } }: Pick<Deps, "store">,
  workspaceId: string,
  processId: string,
  memberId: string,
): Promise<Draft | null> {
  const [row] = await read
    .select()
    .from(t.draft)
    .where(and(eq(t.draft.workspaceId, workspaceId), eq(t.draft.processId, processId), eq(t.draft.memberId, memberId)));
  return row ?? null;
}

/**
 * Saves the draft of the asking member. `revision`: the one it was loaded with (0 = there was none); another one is a
 * conflict, and nothing is overwritten.
 */
export async function saveDraft(
  { store, loop, newId }: Deps,
  ask: Ask,
  memberId: string,
  input: { processId: string; revision: number; document: Process; baseVersion: number | null },
): Promise<{ ok: true; revision: number; savedAt: number } | Refusal> {
  const { read, t } = store;
  const parsed = processSchema.safeParse(input.document);
  if (!parsed.success)
    return refuse(
      "INVALID",
      `This draft cannot be kept: ${parsed.error.issues[0]?.path.join(".") ?? ""} ${parsed.error.issues[0]?.message ?? ""}. What was saved before is still there.`,
    );
  const answer = await loop.write({
    workspaceId: ask.workspaceId,
    id: ask.commandId ?? newId("cmd"),
    make: async () => {
      const [process] = await read
        .select({ id: t.process.id, key: t.process.key })
        .from(t.process)
        .where(and(eq(t.process.workspaceId, ask.workspaceId), eq(t.process.id, input.processId)));
      if (!process) return refuse("NOT_FOUND", "This process does not exist.");
      const kept = await findDraft({ store }, ask.workspaceId, input.processId, memberId);
      if ((kept?.revision ?? 0) !== input.revision)
        return refuse(
          "CONFLICT",
          "This draft was changed in another window. Nothing was overwritten; choose which one to keep.",
          { revision: kept?.revision ?? 0 },
        );
      const revision = input.revision + 1;
      const row = {
        workspaceId: ask.workspaceId,
        processId: input.processId,
        memberId,
        baseVersion: input.baseVersion,
        revision,
        document: { ...parsed.data, key: process.key },
        savedAt: ask.now,
      };
      return {
        ok: true,
        value: { revision },
        sets: [
          {
            workspaceId: ask.workspaceId,
            guards: [{ table: "draft", id: `${input.processId}\u0000${memberId}`, was: input.revision }],
            events: [],
            put: { draft: [row] },
            drop: {},
          },
        ],
      };
    },
  });
  return answer.ok ? { ok: true, revision: (answer.value as { revision: number }).revision, savedAt: ask.now } : answer;
}

export async function discardDraft(
  { loop, newId }: Deps,
  ask: Ask,
  memberId: string,
  processId: string,
): Promise<{ ok: true } | Refusal> {
  const answer = await loop.write({
    workspaceId: ask.workspaceId,
    id: ask.commandId ?? newId("cmd"),
    make: async () => ({
      ok: true,
      value: null,
      sets: [
        {
          workspaceId: ask.workspaceId,
          guards: [],
          events: [],
          put: {},
          drop: { draft: [[ask.workspaceId, processId, memberId]] },
        },
      ],
    }),
  });
  return answer.ok ? { ok: true } : answer;
}
