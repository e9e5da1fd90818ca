/**
 * Takes an import of records back: the runs it started are cancelled, what it made goes, what it changed gets its old values.
 * A record that somebody has changed since is left as it is.
 */
import { and, asc, eq, inArray } from "drizzle-orm";
import { eventsOf } from "@/db/queries/runs.ts";
import type { Row, WriteSet } from "@/db/store.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import type { Ask, Deps } from "./deps.ts";
import { takenBack, writeJob } from "./import-job.ts";
import { engineRecord } from "./load-world.ts";
import { recordSet } from "./record-writes.ts";

const pieceSize = 500;

export type Undone = { ok: true; removed: number; restored: number; kept: number; cancelled: number };

export async function undoImport(deps: Deps, ask: Ask, importId: string): Promise<Undone | Refusal> {
  const { store, loop, newId } = deps;
  const { read, t } = store;
  const [job] = await read
    .select()
    .from(t.importJob)
    .where(and(eq(t.importJob.workspaceId, ask.workspaceId), eq(t.importJob.id, importId)));
  if (!job || job.kind !== "records") return refuse("NOT_FOUND", "This import does not exist.");
  if (job.undoneAt) return refuse("CONFLICT", "This import was taken back already.");
  if ((job.mapping as { recordType: string }).recordType === "user")
    return refuse(
      "INVALID",
      "People who were imported stay: records may be theirs. Deactivate them one by one instead.",
    );
  const rows = await read
    .select()
    .from(t.importRow)
    .where(and(eq(t.importRow.workspaceId, ask.workspaceId), eq(t.importRow.importId, importId)))
    .orderBy(asc(t.importRow.row));
  const { model } = await deps.contexts.get(ask.workspaceId, ask.now);
  const count = { removed: 0, restored: 0, kept: 0, cancelled: 0 };
  for (let i = 0; i < rows.length; i += pieceSize) {
    const some = rows.slice(i, i + pieceSize);
    count.cancelled += await cancelRuns(deps, ask, job, some);
    const commandId = newId("cmd");
    const so = { removed: 0, restored: 0, kept: 0 };
    const answer = await loop.write({
      workspaceId: ask.workspaceId,
      id: commandId,
      make: async () => {
        Object.assign(so, { removed: 0, restored: 0, kept: 0 });
        const found = await untouched(deps, ask, importId, some);
        const sets = some.flatMap((row): WriteSet[] => {
          const now = found.get(row.recordId);
          if (!now) so.kept++;
          else so[row.before ? "restored" : "removed"]++;
          return now ? [setBack({ ...ask, commandId }, model, row, now)] : [];
        });
        return { ok: true, value: null, sets };
      },
    });
    if (!answer.ok) return answer;
    for (const key of ["removed", "restored", "kept"] as const) count[key] += so[key];
  }
  await writeJob(deps, ask, importId, undefined, () => ({ ...job, ...takenBack(job, ask.now) }));
  return { ok: true, ...count };
}

/** Runs that the import started on these records and that still go on. */
async function cancelRuns(
  { store: { read, t }, loop, newId }: Deps,
  ask: Ask,
  job: Row<"importJob">,
  rows: readonly Row<"importRow">[],
): Promise<number> {
  if (job.started === 0) return 0;
  const ids = rows.filter((row) => row.before === null).map((row) => row.recordId);
  if (ids.length === 0) return 0;
  const runs = await read
    .select({ id: t.run.id, state: t.run.state, endedAt: t.run.endedAt })
    .from(t.run)
    .where(and(eq(t.run.workspaceId, ask.workspaceId), inArray(t.run.recordId, ids)));
  const own = runs.filter(
    ({ state, endedAt }) => endedAt === null && state.trigger.event === "import" && state.trigger.at === job.createdAt,
  );
  const answers = await Promise.all(
    own.map(({ id }) =>
      loop.submit({
        id: newId("cmd"),
        workspaceId: ask.workspaceId,
        runId: id,
        at: ask.now,
        actor: { kind: "import", id: job.id },
        type: "cancelRun",
        reason: "The import that started it was taken back.",
      }),
    ),
  );
  return answers.filter((answer) => answer.ok).length;
}

/** Records that nobody but the import itself (and the runs it started) has changed since. */
async function untouched(
  { store }: Deps,
  ask: Ask,
  importId: string,
  rows: readonly Row<"importRow">[],
): Promise<Map<string, Row<"record">>> {
  const { read, t } = store;
  const versions = new Map(rows.map((row) => [row.recordId, row.version]));
  const records = (
    await read
      .select()
      .from(t.record)
      .where(and(eq(t.record.workspaceId, ask.workspaceId), inArray(t.record.id, [...versions.keys()])))
  ).filter((row) => !row.deletedAt);
  const newer = records.filter((row) => row.version !== versions.get(row.id)).map((row) => row.id);
  const others = new Set<string>();
  for (const event of await eventsOf(store, ask.workspaceId, "record", newer, 100_000))
    if (
      event.version > (versions.get(event.stream.id) ?? 0) &&
      !(event.actor.kind === "import" && event.actor.id === importId)
    )
      others.add(event.stream.id);
  return new Map(records.filter((row) => !others.has(row.id)).map((row) => [row.id, row]));
}

function setBack(
  ask: Ask & { commandId: string },
  model: RecordRules,
  row: Row<"importRow">,
  now: Row<"record">,
): WriteSet {
  if (row.before) {
    const before = engineRecord(now);
    const after = { ...before, version: before.version + 1, values: row.before };
    return recordSet(ask, model, [{ before, after, source: "import undo", tell: false }]);
  }
  return {
    workspaceId: ask.workspaceId,
    guards: [{ table: "record", id: now.id, was: now.version }],
    events: [
      {
        type: "RecordDeleted",
        stream: { kind: "record", id: now.id },
        version: now.version + 1,
        at: ask.now,
        actor: ask.actor,
        cause: ask.commandId,
        data: { type: now.type },
      },
    ],
    put: { record: [{ ...now, version: now.version + 1, externalId: null, deletedAt: ask.now }] },
    drop: {},
  };
}
