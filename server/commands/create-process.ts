import { and, eq } from "drizzle-orm";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import type { Process } from "@/server/engine/process.ts";
import type { Ask, Deps } from "./deps.ts";

/** Makes a process with the asking member's draft of it. Calendars and queues it names and the workspace lacks are made, too. */
export async function createProcess(
  { store, loop, newId }: Deps,
  ask: Ask,
  memberId: string | null,
  document: Process,
): Promise<{ ok: true; processId: string } | Refusal> {
  const { read, t } = store;
  const commandId = ask.commandId ?? newId("cmd");
  const processId = `prc_${commandId.replace(/^cmd_/, "")}`;
  const answer = await loop.write({
    workspaceId: ask.workspaceId,
    id: commandId,
    make: async () => {
      const [taken] = await read
        .select({ id: t.process.id })
        .from(t.process)
        .where(and(eq(t.process.workspaceId, ask.workspaceId), eq(t.process.key, document.key)));
      if (taken)
        return refuse(
          "CONFLICT",
          `A process with the key ${document.key} exists already. Nothing was made; choose another key or open that one.`,
          { processId: taken.id },
        );
      return {
        ok: true,
        value: { processId },
        sets: [
          {
            workspaceId: ask.workspaceId,
            guards: [],
            events: [],
            put: {
              process: [
                {
                  workspaceId: ask.workspaceId,
                  id: processId,
                  key: document.key,
                  name: document.name,
                  recordType: document.recordType,
                  ownerId: memberId,
                  liveVersion: null,
                  status: "draft",
                  createdAt: ask.now,
                },
              ],
              draft: memberId
                ? [
                    {
                      workspaceId: ask.workspaceId,
                      processId,
                      memberId,
                      baseVersion: null,
                      revision: 1,
                      document,
                      savedAt: ask.now,
                    },
                  ]
                : [],
            },
            drop: {},
          },
        ],
      };
    },
  });
  return answer.ok ? { ok: true, processId: (answer.value as { processId: string }).processId } : answer;
}
