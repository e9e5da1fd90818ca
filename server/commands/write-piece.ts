/** One piece of an import of records: which record each row is, and all of them written with the import's own count. */
import { recordsById } from "@/db/queries/world.ts";
import type { Row } from "@/db/store.ts";
import type { EngineRecord, Values } from "@/server/engine/model.ts";
import type { RowResult } from "@/server/interop/csv/mapping.ts";
import type { Answer } from "./command-loop.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeUnder } from "./import-job.ts";
import { fail, type Fresh, jobOf, openLinks, type Running, startRuns } from "./import-pieces.ts";
import { engineRecord, prefixOf } from "./load-world.ts";
import { recordSet } from "./record-writes.ts";

/** A row as it is written: under which id, naming whom, and what waits for a row further down. */
type Planned = {
  row: Exclude<RowResult, { outcome: "error" }>;
  id: string;
  links: { field: string; id: string }[];
  open: { field: string; text: string }[];
};

/**
 * Writes a piece with the import's own count, then starts its runs. Each time its turn comes it is made anew from the records as they
 * stand, so that what somebody wrote meanwhile stays. Rows whose record is gone, held by an approval or written again before every try are left out.
 */
export async function writePiece(
  deps: Deps,
  ask: Ask,
  run: Running,
  some: RowResult[],
  cells: ReadonlyMap<number, string[]>,
): Promise<void> {
  const failed = (row: number, text: string) =>
    fail(run, { row, text, ...(cells.has(row) && { cells: cells.get(row)! }) });
  let planned = some.flatMap((row): Planned[] => {
    if (row.outcome !== "error") return [plan(deps, run, row)];
    failed(row.row, row.problems.map((p) => p.text).join(" "));
    return [];
  });
  for (;;) {
    const { answer, made } = await writePlanned(deps, ask, run, planned, failed);
    if (answer.ok) return startRuns(deps, ask, run, made.fresh);
    const now = answer.code === "CONFLICT" ? await versionsOf(deps, ask, planned) : made.seen;
    const busy = new Set([...made.seen].flatMap(([id, version]) => (now.get(id) === version ? [] : [id])));
    // Not because of a record: another server has taken the import over, or the disk is full.
    if (busy.size === 0) throw Object.assign(new Error(answer.text), { code: answer.code });
    for (const { id, row } of planned)
      if (busy.has(id))
        failed(row.row, "Somebody else kept changing this record meanwhile. Import this row once more.");
    planned = planned.filter(({ id }) => !busy.has(id));
  }
}

function plan(deps: Deps, run: Running, row: Planned["row"]): Planned {
  const { keys, about } = run;
  const id = row.outcome === "update" ? row.id : deps.newId(prefixOf(about.mapping.recordType));
  const open = openLinks(run, row);
  const links = row.links.flatMap((link) =>
    open.includes(link) ? [] : [{ field: link.field, id: keys.get(link.text)! }],
  );
  if (row.key) keys.set(row.key, id);
  return { row, id, links, open: open.map(({ field, text }) => ({ field, text })) };
}

/** What a piece became at its last try. `seen`: the records that it changes, with the version it read. */
type Made = { fresh: Fresh[]; seen: Map<string, number> };

async function writePlanned(
  deps: Deps,
  ask: Ask,
  run: Running,
  planned: readonly Planned[],
  failed: (row: number, text: string) => void,
): Promise<{ answer: Answer; made: Made }> {
  const { model, about } = run;
  const type = about.mapping.recordType;
  const commandId = deps.newId("cmd");
  const before = { counts: { ...run.counts }, problems: [...run.problems] };
  let made: Made = { fresh: [], seen: new Map() };
  let later = new Map<string, { row: Row<"importRow">; links: Planned["open"] }>();
  const make = async () => {
    Object.assign(run.counts, before.counts);
    run.problems = [...before.problems];
    later = new Map();
    const stored = await storedOf(deps, ask, planned);
    made = { fresh: [], seen: new Map([...stored].map(([id, { version }]) => [id, version])) };
    const gone = new Set(planned.flatMap(({ row, id }) => (row.outcome === "update" && !stored.has(id) ? [id] : [])));
    const written: Parameters<typeof recordSet>[2] = [];
    const importRow: Row<"importRow">[] = [];
    for (const { row, id, links, open } of planned) {
      if (gone.has(id)) {
        failed(row.row, "This record was deleted meanwhile. Import this row once more to make it anew.");
        continue;
      }
      const was = stored.get(id);
      if (was?.lockedBy) {
        failed(
          row.row,
          "This record is held by a running approval and can only be read. Import this row once more when it is decided.",
        );
        continue;
      }
      const values: Values = { ...(was?.values ?? model.defaults(type)), ...row.values };
      for (const link of links) if (!gone.has(link.id)) values[link.field] = link.id;
      const after: EngineRecord = {
        ...was,
        type,
        id,
        version: (was?.version ?? 0) + 1,
        createdAt: was?.createdAt ?? createdAt(values, ask.now),
        values: model.derive(type, values, ask.now),
      };
      if (!was) made.fresh.push({ row: row.row, record: after });
      written.push({ before: was, after, source: `import:${about.mapping.source}`, tell: false });
      const kept = {
        workspaceId: ask.workspaceId,
        importId: about.id,
        row: row.row,
        recordId: id,
        before: was?.values ?? null,
        version: after.version,
      };
      importRow.push(kept);
      if (open.length) later.set(id, { row: kept, links: open });
      run.counts.total++;
      run.counts[was ? "updated" : "created"]++;
    }
    const set = recordSet({ ...ask, commandId }, model, written);
    return [{ ...set, put: { ...set.put, importRow, importJob: [jobOf(ask, run, "running")] } }];
  };
  const own = { workspaceId: ask.workspaceId, id: about.id };
  const answer = await writeUnder(deps, own, run.hold, make, commandId);
  if (answer.ok) for (const [id, one] of later) run.later.set(id, one);
  else {
    Object.assign(run.counts, before.counts);
    run.problems = before.problems;
  }
  return { answer, made };
}

async function storedOf(
  { store }: Deps,
  { workspaceId }: Ask,
  planned: readonly Planned[],
): Promise<Map<string, EngineRecord>> {
  const ids = planned.flatMap(({ row, id }) => (row.outcome === "update" ? [id] : []));
  const rows = ids.length ? await recordsById(store, { workspaceId, ids }) : [];
  return new Map(rows.map((row) => [row.id, engineRecord(row)]));
}

const versionsOf = async (deps: Deps, ask: Ask, planned: readonly Planned[]): Promise<Map<string, number>> =>
  new Map([...(await storedOf(deps, ask, planned))].map(([id, { version }]) => [id, version]));

/** A table that says when the record began is believed; a date of the future is not. */
function createdAt(values: Values, now: number): number {
  const date = values.x_engage_date;
  const at = typeof date === "string" ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(at) && at < now ? at : now;
}
