/** What is kept of an import while it runs and after it: who brought which file, how far it came, and what did not fit. */
import type { Row, WriteSet } from "@/db/store.ts";
import type { Plain } from "@/server/engine/model.ts";
import type { Answer } from "./command-loop.ts";
import type { Ask, Deps } from "./deps.ts";

/** `running` that nobody holds and that nobody can take up was cut off: what it counted is in, and can be taken back. */
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

/** An import that a server works at. One of the command line has none: whoever began it is the only one who can end it. */
export type Hold = {
  /** What it needs to go on after a restart, as it is kept: see `import-order.ts`. */
  asked: Plain;
  /** Moves on with each write under it. */
  lease: number;
  /** When the import was begun, which may be a restart ago. */
  since: number;
  /** Until when another server leaves it alone, by the server's clock. */
  until(): number;
  /** True when the server is about to end: then the import stops after the piece it is at, and goes on later. */
  isLeaving(): boolean;
  /** How far it came before; null where it begins. */
  sofar: Row<"importJob"> | null;
};

export type ImportAbout = {
  id: string;
  kind: "records" | "log";
  fileName: string;
  mapping: Plain;
  hold?: Hold | undefined;
};

export function jobRow(
  ask: Ask,
  { id, kind, fileName, mapping, hold }: ImportAbout,
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
    createdAt: hold?.since ?? ask.now,
    endedAt: state === "running" ? null : ask.now,
    undoneAt: null,
    asked: state === "running" ? (hold?.asked ?? null) : null,
    lease: hold ? hold.lease + 1 : 0,
    heldUntil: state === "running" ? (hold?.until() ?? null) : null,
  };
}

/**
 * Writes under a hold: all of it, or nothing where another server works at the import by now (its lease has moved on). The set that
 * has the import's own row comes last, because the lease moves with it. `make` is asked when its turn has come.
 */
export async function writeUnder(
  { loop, newId }: Deps,
  { workspaceId, id }: { workspaceId: string; id: string },
  hold: Hold | undefined,
  make: () => WriteSet[] | Promise<WriteSet[]>,
  commandId = newId("cmd"),
): Promise<Answer> {
  const answer = await loop.write({
    workspaceId,
    id: commandId,
    make: async () => {
      const held = hold ? [{ table: "importJob" as const, id, was: hold.lease }] : [];
      const sets = (await make()).map((set) => ({ ...set, guards: [...held, ...set.guards] }));
      return { ok: true, value: null, sets };
    },
  });
  if (answer.ok && hold) hold.lease++;
  return answer;
}

export const bareSet = (workspaceId: string, put: WriteSet["put"]): WriteSet => ({
  workspaceId,
  guards: [],
  events: [],
  put,
  drop: {},
});

/** `false`: another server works at it by now, and nothing was written. */
export async function writeJob(deps: Deps, ask: Ask, id: string, hold: Hold | undefined, row: () => Row<"importJob">) {
  const { workspaceId } = ask;
  return (await writeUnder(deps, { workspaceId, id }, hold, () => [bareSet(workspaceId, { importJob: [row()] })])).ok;
}

/** The run that an import made of a row, the same however often it is asked for. */
export const runOfRow = (importId: string, row: number) => `run_${importId.replace(/^imp_/, "")}_${row}`;

/** Nobody goes on with it, and a server that still thought it held it writes nothing more. */
export const takenBack = ({ lease }: Row<"importJob">, now: number) =>
  ({ state: "undone", undoneAt: now, asked: null, lease: (lease ?? 0) + 1, heldUntil: null }) satisfies Partial<
    Row<"importJob">
  >;
