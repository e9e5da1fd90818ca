/**
 * Takes a completion back before ten seconds have passed, which is when what leaves the house because of it is due: the run as it was
 * is rebuilt from its log, and only if everything since was caused by that completion and nothing has left or is on its way.
 */
import { and, eq } from "drizzle-orm";
import { eventsOf, runsOfRecord } from "@/db/queries/runs.ts";
import { recordsById } from "@/db/queries/world.ts";
import type { Row } from "@/db/store.ts";
import { findWork } from "@/db/queries/inbox.ts";
import { jobIdOf, leavesHouse, undoMs } from "@/server/engine/leaving.ts";
import { evolve } from "@/server/engine/evolve.ts";
import { copyRun } from "@/server/engine/run-shape.ts";
import { type Plain, type Refusal, type Run, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";

export async function undoWork(
  { store, loop, contexts, newId }: Deps,
  ask: Ask,
  id: string,
): Promise<{ ok: true } | Refusal> {
  const [runId = "", work = ""] = id.split(".");
  const { workspaceId, now, actor } = ask;
  // Asked again because the answer was lost: it is done, and what it left would be refused.
  if (ask.commandId && (await isDone(store, workspaceId, runId, ask.commandId))) return { ok: true };
  const row = await findWork(store, workspaceId, runId, work);
  if (!row || row.completedBy !== (actor.kind === "member" ? actor.id : ""))
    return refuse("NOT_FOUND", "This task does not exist, or you did not complete it.");
  if (row.completedAt === null || row.completedAt === undefined || now - row.completedAt >= undoMs)
    return refuse(
      "UNDO_REFUSED",
      "More than ten seconds have passed, and the next steps are under way. Nothing was undone.",
    );
  const events = await eventsOf(store, workspaceId, "run", [runId], 60_000);
  // The last: it may have been taken back and completed again.
  const at = events.findLastIndex((e) => e.type === "WorkCompleted" && e.data.work === work);
  const cause = events[at]?.cause;
  if (at < 0 || !cause) return refuse("UNDO_REFUSED", "This completion cannot be found any more. Nothing was undone.");
  const first = events.findIndex((e) => e.cause === cause);
  const later = events.slice(first);
  if (later.some((e) => e.cause !== cause))
    return refuse("UNDO_REFUSED", "Something else has happened since. Nothing was undone.");
  if (
    later.some(
      (e) => e.type === "EffectRequested" && (e.data.effect.kind === "start_process" || e.data.effect.kind === "emit"),
    )
  )
    return refuse("UNDO_REFUSED", "Other processes were told already. Nothing was undone.");
  let before: Run | null = null;
  for (const event of events.slice(0, first)) before = evolve(before && copyRun(before), event);
  if (!before) return refuse("UNDO_REFUSED", "There is nothing before this. Nothing was undone.");
  const { records, made } = await writtenBy({ store }, workspaceId, cause, later);
  for (const { id: record } of made) {
    const [other] = (await runsOfRecord(store, workspaceId, record)).filter((run) => run.id !== runId);
    if (other) return workedOn({ store, contexts }, other);
  }
  const answer = await loop.submit({
    id: ask.commandId ?? newId("cmd"),
    workspaceId,
    runId,
    at: now,
    actor,
    type: "undoWork",
    work,
    before,
    records,
    made,
    undone: events[at]!.seq,
    leaving: later.flatMap((e) =>
      e.type === "EffectRequested" && leavesHouse(e.data.effect.kind)
        ? [jobIdOf(workspaceId, runId, "effect", e.data.id)]
        : [],
    ),
    seen: events.at(-1)!.version,
  });
  return answer.ok ? { ok: true } : answer;
}

async function isDone(store: Deps["store"], workspaceId: string, runId: string, command: string): Promise<boolean> {
  const events = await eventsOf(store, workspaceId, "run", [runId], 60_000);
  return events.some((event) => event.type === "WorkUndone" && event.cause === command);
}

type Changes = { type: string; id: string; changes: Record<string, { from: Plain; to: Plain }> };

/** Says which process is at work on a record already. */
async function workedOn(
  { store, contexts }: Pick<Deps, "store" | "contexts">,
  { workspaceId, process, version, recordId }: Row<"run">,
): Promise<Refusal> {
  const name = (await contexts.version(workspaceId, process, version))?.document.name ?? process;
  const [row] = await recordsById(store, { workspaceId, ids: [recordId] });
  return refuse("UNDO_REFUSED", `“${name}” works on “${row?.title ?? recordId}” already. Nothing was undone.`);
}

/** Records the completion made, and record fields it wrote, found among the records the run looks at. */
async function writtenBy(
  { store }: Pick<Deps, "store">,
  workspaceId: string,
  cause: string,
  later: Awaited<ReturnType<typeof eventsOf>>,
): Promise<{ records: Changes[]; made: { type: string; id: string; version: number }[] }> {
  const ids = new Set<string>();
  for (const event of later)
    if (event.type === "EffectRequested" && event.data.effect.kind === "record_changed")
      ids.add(event.data.effect.recordId);
  const [run] = later;
  if (run) for (const { recordId } of await linked(store, workspaceId, run.stream.id)) ids.add(recordId);
  const events = (await eventsOf(store, workspaceId, "record", [...ids])).filter((e) => e.cause === cause);
  const merged = new Map<string, Changes>();
  const made = new Map<string, { type: string; id: string; version: number }>();
  for (const event of events) {
    const { id } = event.stream;
    if (event.type === "RecordCreated") made.set(id, { type: event.data.type, id, version: event.version });
    else if (made.has(id)) made.set(id, { ...made.get(id)!, version: event.version });
    if (event.type !== "RecordChanged" || made.has(id)) continue;
    const known = merged.get(event.stream.id) ?? { type: event.data.type, id: event.stream.id, changes: {} };
    for (const [field, { from, to }] of Object.entries(event.data.changes))
      known.changes[field] = { from: known.changes[field]?.from ?? from, to };
    merged.set(event.stream.id, known);
  }
  return { records: [...merged.values()], made: [...made.values()] };
}

function linked({ read, t }: Deps["store"], workspaceId: string, runId: string) {
  return read
    .select({ recordId: t.runLink.recordId })
    .from(t.runLink)
    .where(and(eq(t.runLink.workspaceId, workspaceId), eq(t.runLink.runId, runId)));
}
