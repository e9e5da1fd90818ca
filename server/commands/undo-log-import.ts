import { and, asc, eq, inArray } from "drizzle-orm";
import type { Row, WriteSet } from "@/db/store.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import { emptyTally, tallyChange } from "@/server/engine/tally.ts";
import type { Ask, Deps } from "./deps.ts";
import { runOfRow, takenBack } from "./import-job.ts";

const pieceSize = 200;

/**
 * Takes an imported log back: its runs with all their rows, its records that nobody has changed since, and the process that was
 * made of it, unless other runs use it. The facts stay in the log, each followed by one that says that it was taken back.
 */
export async function undoLogImport(
  deps: Deps,
  ask: Ask,
  importId: string,
): Promise<{ ok: true; removed: number; kept: number; retired: boolean } | Refusal> {
  const { read, t } = deps.store;
  const own = eq(t.importJob.workspaceId, ask.workspaceId);
  const [job] = await read
    .select()
    .from(t.importJob)
    .where(and(own, eq(t.importJob.id, importId)));
  if (!job || job.kind !== "log") return refuse("NOT_FOUND", "This import of a log does not exist.");
  if (job.undoneAt) return refuse("CONFLICT", "This import was taken back already.");
  const rows = await read
    .select()
    .from(t.importRow)
    .where(and(eq(t.importRow.workspaceId, ask.workspaceId), eq(t.importRow.importId, importId)))
    .orderBy(asc(t.importRow.row));
  const count = { removed: 0, kept: 0 };
  for (let i = 0; i < rows.length; i += pieceSize) {
    const some = rows.slice(i, i + pieceSize);
    // Of the last time it was made: it is made again when somebody else was faster.
    let gone = 0;
    const answer = await deps.loop.write({
      workspaceId: ask.workspaceId,
      id: deps.newId("cmd"),
      make: async () => {
        const { sets, removed } = await removalOf(deps, ask, some);
        gone = removed;
        return { ok: true, value: null, sets };
      },
    });
    if (!answer.ok) return answer;
    count.removed += gone;
    count.kept += some.length - gone;
  }
  const { process: key, madeProcess } = job.mapping as { process: string; madeProcess: boolean };
  const [process] = await read
    .select()
    .from(t.process)
    .where(and(eq(t.process.workspaceId, ask.workspaceId), eq(t.process.key, key)));
  const [used] = await read
    .select({ id: t.run.id })
    .from(t.run)
    .where(and(eq(t.run.workspaceId, ask.workspaceId), eq(t.run.process, key)))
    .limit(1);
  const retired = madeProcess && process !== undefined && process.status !== "retired" && !used;
  await deps.loop.write({
    workspaceId: ask.workspaceId,
    id: deps.newId("cmd"),
    make: async () => ({
      ok: true,
      value: null,
      sets: [
        {
          workspaceId: ask.workspaceId,
          guards: [],
          events: retired
            ? [
                {
                  type: "ProcessRetired",
                  stream: { kind: "process", id: process.id },
                  version: (process.liveVersion ?? 0) + 1,
                  at: ask.now,
                  actor: ask.actor,
                  cause: importId,
                  data: {},
                },
              ]
            : [],
          put: {
            importJob: [{ ...job, ...takenBack(job, ask.now) }],
            ...(retired && { process: [{ ...process, status: "retired" }] }),
          },
          drop: {},
        },
      ],
    }),
  });
  return { ok: true, ...count, retired };
}

/** The write sets that take some cases back: one a case, so that a record somebody changed meanwhile keeps only its own. */
async function removalOf(
  { store: { read, t }, contexts }: Deps,
  ask: Ask,
  rows: readonly Row<"importRow">[],
): Promise<{ sets: WriteSet[]; removed: number }> {
  const { workspaceId } = ask;
  const ids = rows.map((r) => r.recordId);
  const records = await read
    .select()
    .from(t.record)
    .where(and(eq(t.record.workspaceId, workspaceId), inArray(t.record.id, ids)));
  const runs = await read
    .select({ id: t.run.id, rev: t.run.rev, recordId: t.run.recordId })
    .from(t.run)
    .where(
      and(
        eq(t.run.workspaceId, workspaceId),
        inArray(
          t.run.id,
          rows.map((r) => runOfRow(r.importId, r.row)),
        ),
      ),
    );
  const visits = runs.length
    ? await read
        .select()
        .from(t.stepVisit)
        .where(
          and(
            eq(t.stepVisit.workspaceId, workspaceId),
            inArray(
              t.stepVisit.runId,
              runs.map((r) => r.id),
            ),
          ),
        )
    : [];
  const { zone } = await contexts.get(workspaceId, ask.now);
  const base = { at: ask.now, actor: ask.actor, cause: null };
  let removed = 0;
  const sets = rows.flatMap((row): WriteSet[] => {
    const record = records.find((r) => r.id === row.recordId);
    const run = runs.find((r) => r.id === runOfRow(row.importId, row.row));
    // A record that was here before the import stays; only its run goes.
    const untouched = !row.before && record && !record.deletedAt && record.version === row.version;
    if (untouched) removed++;
    if (!run && !untouched) return [];
    const own = run ? visits.filter((v) => v.runId === run.id) : [];
    const add = emptyTally();
    for (const visit of own) tallyChange(add, visit, undefined, zone);
    return [
      {
        workspaceId,
        guards: [
          ...(run ? [{ table: "run" as const, id: run.id, was: run.rev }] : []),
          ...(untouched ? [{ table: "record" as const, id: record.id, was: record.version }] : []),
        ],
        events: [
          ...(run
            ? [
                {
                  ...base,
                  type: "RunRemoved" as const,
                  stream: { kind: "run" as const, id: run.id },
                  version: run.rev + 1,
                  data: { reason: "import undone" },
                },
              ]
            : []),
          ...(untouched
            ? [
                {
                  ...base,
                  type: "RecordDeleted" as const,
                  stream: { kind: "record" as const, id: record.id },
                  version: record.version + 1,
                  data: { type: record.type },
                },
              ]
            : []),
        ],
        put: untouched
          ? { record: [{ ...record, version: record.version + 1, externalId: null, deletedAt: ask.now }] }
          : {},
        drop: run
          ? {
              run: [[workspaceId, run.id]],
              runLink: [[workspaceId, run.recordId, run.id]],
              stepVisit: own.map((v) => [workspaceId, v.runId, v.visit]),
            }
          : {},
        add,
      },
    ];
  });
  return { sets, removed };
}
