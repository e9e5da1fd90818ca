/** What is kept of an import while it runs and after it: who brought which file, how far it came, and what did not fit. */
import type { Row } from "@/db/store.ts";
import type { Plain } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";

/** `running` that nobody runs any more was cut off: what it counted is in, and can be taken back. */
export type ImportState = "running" | "done" | "stopped" | "undone";
/** `cells`: the row as it stood in the file. */
export type RowProblem = { row: number; text: string; cells?: string[] };

/** Problems that are kept with an import; how many there were is counted beyond it. */
export const mostProblems = 1000;

export type ImportCounts = {
  total: number;
  done: number;
  created: number;
  updated: number;
  failed: number;
  started: number;
};

export type ImportAbout = { id: string; kind: "records" | "log"; fileName: string; mapping: Plain };

export function jobRow(
  ask: Ask,
  { id, kind, fileName, mapping }: ImportAbout,
  state: ImportState,
  counts: ImportCounts,
  problems: readonly RowProblem[],
): Row<"importJob"> {
  return {
    workspaceId: ask.workspaceId,
    id,
    kind,
    fileName,
    memberId: ask.actor.kind === "member" ? ask.actor.id : null,
    state,
    ...counts,
    mapping,
    problems: problems.map(({ row, text, cells }) => ({ row, text, ...(cells && { cells }) })),
    createdAt: ask.now,
    endedAt: state === "running" ? null : ask.now,
    undoneAt: null,
  };
}

export async function writeJob(deps: Deps, job: Row<"importJob">): Promise<void> {
  await deps.loop.write({
    workspaceId: job.workspaceId,
    id: deps.newId("cmd"),
    make: async () => ({
      ok: true,
      value: null,
      sets: [{ workspaceId: job.workspaceId, guards: [], events: [], put: { importJob: [job] }, drop: {} }],
    }),
  });
}
