/**
 * Takes a migration back within its time: the run as it was before is rebuilt from its log, and only if nothing has happened to it
 * since. How long that is possible is a setting of the workspace.
 */
import { eventsOf, findRun } from "@/db/queries/runs.ts";
import type { StoredEvent } from "@/server/engine/events.ts";
import { evolve } from "@/server/engine/evolve.ts";
import { type Refusal, type Run, refuse } from "@/server/engine/model.ts";
import { copyRun } from "@/server/engine/run-shape.ts";
import type { Ask, Deps } from "./deps.ts";
import { tryCommands } from "./try-commands.ts";

const dayHours = 24;
/** The most events of one run that are read again. */
const mostEvents = 60_000;

/** For how long a migration can be taken back, ms. */
export function undoWindow(settings: Readonly<Record<string, unknown>>): number {
  const hours = settings.undo_migration_hours;
  return (typeof hours === "number" ? hours : dayHours) * 3_600_000;
}

type Migrated = StoredEvent<"RunMigrated">;
export type Undoable = { ok: true; before: Run; migrated: Migrated; until: number; rev: number };

type UndoDeps = Pick<Deps, "store" | "contexts">;

/** The last migration of a run and the state before it, or why it cannot be taken back. */
export async function findUndoable(
  { store, contexts }: UndoDeps,
  { workspaceId, now }: Pick<Ask, "workspaceId" | "now">,
  runId: string,
): Promise<Undoable | Refusal> {
  const run = await findRun(store, workspaceId, runId);
  if (!run) return refuse("NOT_FOUND", "This run does not exist.");
  const events = await eventsOf(store, workspaceId, "run", [runId], mostEvents);
  const migrated = events.findLast((event): event is Migrated => event.type === "RunMigrated");
  if (migrated?.data.how !== "migrated" || migrated.data.before === undefined)
    return refuse("UNDO_REFUSED", "This run was not moved to another version, or that was undone. Nothing was undone.");
  const { settings } = await contexts.get(workspaceId, now);
  const until = migrated.at + undoWindow(settings);
  if (now > until)
    return refuse("UNDO_REFUSED", "The time in which this could be undone has passed. Nothing was undone.");
  const from = migrated.data.before;
  const mine = events.filter(({ version }) => version > from);
  if (mine.some(({ cause }) => cause !== migrated.cause))
    return refuse("UNDO_REFUSED", "The run has moved on since. Nothing was undone.");
  if (mine.some(({ type }) => leaves.has(type)))
    return refuse("UNDO_REFUSED", "The run went on at once when it was moved. Nothing was undone.");
  let before: Run | null = null;
  for (const event of events) if (event.version <= from) before = evolve(before && copyRun(before), event);
  return before
    ? { ok: true, before, migrated, until, rev: events.at(-1)!.version }
    : refuse("UNDO_REFUSED", "There is nothing before this. Nothing was undone.");
}

/** What a migration that moved nothing does not lead to. */
const leaves: ReadonlySet<string> = new Set([
  "TokenLeft",
  "TokenEntered",
  "EffectRequested",
  "RunCompleted",
  "RunCancelled",
]);

export async function undoMigration(
  deps: UndoDeps & Pick<Deps, "loop" | "newId">,
  ask: Ask,
  runId: string,
  reason: string,
): Promise<{ ok: true } | Refusal> {
  const found = await findUndoable(deps, ask, runId);
  return found.ok ? undoFound(deps, ask, found, reason) : found;
}

/** Takes back what was found. */
export async function undoFound(
  { loop, newId }: Pick<Deps, "loop" | "newId">,
  ask: Ask,
  found: Undoable,
  reason: string,
): Promise<{ ok: true } | Refusal> {
  const answer = await loop.submit(commandOf(ask, found, reason, ask.commandId ?? newId("cmd")));
  return answer.ok ? { ok: true } : answer;
}

/** Whether it would be taken back, decided in memory. */
export async function tryUndo(
  deps: UndoDeps,
  ask: Ask,
  found: Undoable,
  reason: string,
): Promise<{ ok: true } | Refusal> {
  const answer = (await tryCommands(deps, ask.workspaceId, [commandOf(ask, found, reason, "try")], ask.now)).get("try");
  return answer?.ok === false ? answer : { ok: true };
}

const commandOf = ({ workspaceId, now, actor }: Ask, { before, rev }: Undoable, reason: string, id: string) => ({
  id,
  workspaceId,
  runId: before.id,
  at: now,
  actor,
  type: "undoMigration" as const,
  before,
  reason,
  seen: rev,
});
