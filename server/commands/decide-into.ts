/** One command decided in the world of its group: what it writes, and what the next of the group finds. */
import type { WriteSet } from "@/db/store.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import { layerOver } from "@/server/engine/layer.ts";
import type { VersionRef } from "@/server/engine/migrate/map.ts";
import { refuse } from "@/server/engine/model.ts";
import { projectRun } from "@/server/engine/project.ts";
import { type Changed, setOf } from "./batch.ts";
import type { Answer } from "./command-loop.ts";
import type { Loaded } from "./load-world.ts";
import { reentryRefused } from "./reentry.ts";
import { targetOf, versionKey } from "./version-of.ts";

/** `body`: the hash of what was asked, where a receipt is kept. */
export function decideInto(
  loaded: Loaded,
  write: (command: RunCommand, set: WriteSet) => void,
  command: RunCommand,
  body: string | null,
): Answer {
  const before = loaded.runs.get(command.runId) ?? null;
  const process =
    command.type === "startRun"
      ? loaded.processes.get(versionKey(command.process, command.version))
      : before
        ? loaded.processes.get(versionKey(before.process, before.version))
        : null;
  if (!process) return refuse("NOT_FOUND", before ? "The version of this run is gone." : "This run does not exist.");
  if (
    command.type === "startRun" &&
    process.document.runPolicy === "one_active_per_record" &&
    isActive(loaded, command.process, command.recordId)
  )
    return refuse("ALREADY_RUNNING", "This record is already in this process. Nothing was started.");
  const tooSoon = command.type === "startRun" ? reentryRefused(process, command, loaded.ended) : null;
  if (tooSoon) return tooSoon;
  const to = targetOf(command);
  if (to && before && to.process !== before.process && isBusyThere(loaded, to, before.recordId))
    return refuse("ALREADY_RUNNING", "This record is already in that process. Nothing was moved.");
  if (command.type === "undoWork" && command.made?.some(({ id }) => isWorkedOn(loaded, id, command.runId)))
    return refuse("UNDO_REFUSED", "Another process works on what it made already. Nothing was undone.");
  const records = layerOver(loaded.records);
  const stored = {
    visits: loaded.visits.get(command.runId) ?? new Map(),
    work: loaded.work.get(command.runId) ?? new Map(),
  };
  const other = to ? (loaded.processes.get(versionKey(to.process, to.version)) ?? null) : null;
  const projection = projectRun(process, command.workspaceId, command.runId, stored, loaded.context.zone, other);
  const decided = decide(process, before, command, loaded.worldFor(process, records), projection);
  if (!decided.ok) return decided;
  const answer: Answer = { ok: true, value: decided.answer, seq: 0 };
  if (decided.events.length === 0) return answer;
  const changed = changedRecords(decided.events, loaded.records, records);
  records.merge();
  loaded.runs.set(command.runId, decided.run);
  const rows = projection.rows();
  for (const row of rows.put.stepVisit ?? []) remember(loaded.visits, command.runId, row.visit, row);
  for (const row of rows.put.workItem ?? []) remember(loaded.work, command.runId, row.work, row);
  // What an undo took back may come again under the same name: it must not find its former row.
  for (const [, run, id] of rows.drop.stepVisit ?? []) loaded.visits.get(String(run))?.delete(String(id));
  for (const [, run, id] of rows.drop.workItem ?? []) loaded.work.get(String(run))?.delete(String(id));
  if (command.type === "startRun") loaded.active.add(`${command.process}/${command.recordId}`);
  if (to && before) {
    loaded.active.delete(`${before.process}/${before.recordId}`);
    loaded.active.add(`${decided.run.process}/${decided.run.recordId}`);
  }
  if (decided.run.endedAt !== null) {
    loaded.active.delete(`${decided.run.process}/${decided.run.recordId}`);
    loaded.ended.set(`${decided.run.process}/${decided.run.recordId}`, decided.run.endedAt);
  }
  const receipt = body === null ? null : { body, answer: decided.answer };
  const { run, events } = decided;
  write(command, setOf(command, before, run, events, rows, changed, loaded.context.model, receipt));
  return answer;
}

/** Whether a run other than this one is at work on the record; also one that began in this very group. */
const isWorkedOn = ({ watchers, active }: Loaded, record: string, run: string): boolean =>
  watchers.get(record)?.some((one) => one !== run) || [...active].some((one) => one.endsWith(`/${record}`));

/** One run a record is the rule there, and there is one. */
const isBusyThere = (loaded: Loaded, to: VersionRef, recordId: string) =>
  loaded.processes.get(versionKey(to.process, to.version))?.document.runPolicy === "one_active_per_record" &&
  isActive(loaded, to.process, recordId);

const isActive = (loaded: Loaded, process: string, recordId: string) => loaded.active.has(`${process}/${recordId}`);

function remember<T>(map: Map<string, Map<string, T>>, run: string, id: string, row: T): void {
  const rows = map.get(run) ?? new Map<string, T>();
  rows.set(id, row);
  map.set(run, rows);
}

function changedRecords(
  events: readonly { stream: { kind: string; id: string } }[],
  before: Loaded["records"],
  after: Loaded["records"],
): Changed[] {
  if (!events.some(({ stream }) => stream.kind === "record")) return [];
  const ids = new Set(events.filter((e) => e.stream.kind === "record").map((e) => e.stream.id));
  return [...ids].map((id) => {
    const [was, is] = [before.get(id), after.get(id)];
    // What was taken away was there, and its last fact is that it went.
    return is
      ? { id, was: was?.version ?? 0, after: is, before: was }
      : { id, was: was!.version, after: { ...was!, version: was!.version + 1 }, before: was, gone: true };
  });
}
