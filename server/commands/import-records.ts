/**
 * Imports a table as records: rows are read, mapped and written piece by piece, each piece whole or not at all. Rows that do not
 * fit are left out and named; the rest is in. What an import made or changed is kept, so that it can be taken back.
 */
import { and, eq } from "drizzle-orm";
import { recordsOfType } from "@/db/queries/records.ts";
import type { Row, Store, WriteSet } from "@/db/store.ts";
import { type EngineRecord, type Plain, type Refusal, refuse, type Values } from "@/server/engine/model.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import { importFields } from "@/server/interop/csv/import-fields.ts";
import { createRowMapper } from "@/server/interop/csv/map-records.ts";
import type { Mapping, RowResult } from "@/server/interop/csv/mapping.ts";
import { lookupsOf, type NamedRecord } from "@/server/interop/csv/named-records.ts";
import { readCsv } from "@/server/interop/csv/read-csv.ts";
import type { FileBytes } from "@/server/interop/unpack.ts";
import { withCustomFields } from "@/server/records/custom-fields.ts";
import { standardModel } from "@/server/records/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { importPeople } from "./import-people.ts";
import { engineRecord, prefixOf } from "./load-world.ts";
import { recordSet } from "./record-writes.ts";
import { writeSetting } from "./write-setting.ts";

export type ImportResult = {
  ok: true;
  importId: string;
  total: number;
  created: number;
  updated: number;
  failed: number;
  started: number;
  problems: { row: number; text: string }[];
};
export type ImportInput = {
  fileName: string;
  bytes: FileBytes;
  mapping: Mapping /** start a run of this process for every new record */;
  start?: string | undefined;
  onProgress?: (done: number) => void;
};

const pieceSize = 500;
const mostProblems = 1000;

export async function importRecords(deps: Deps, ask: Ask, input: ImportInput): Promise<ImportResult | Refusal> {
  const { mapping } = input;
  const fields = await ensureFields(deps, ask, mapping);
  if (!fields.ok) return fields;
  const file = await readCsv(input.bytes);
  if (!file.ok) return refuse("INVALID", file.problem.text);
  const context = await deps.contexts.get(ask.workspaceId, ask.now);
  const live = input.start ? context.live.get(input.start) : undefined;
  if (input.start && !live)
    return refuse("NOT_FOUND", `There is no published process ${input.start}. Nothing was imported.`);
  const named = await namesOf(deps.store, ask.workspaceId, mapping);
  const { fields: known, parse } = importFields(mapping.recordType, fields.model, {});
  const lookups = lookupsOf(named);
  const prepared = createRowMapper(mapping, { columns: file.columns, fields: known, parse, lookups });
  if (!prepared.ok)
    return refuse(
      "INVALID",
      `${prepared.problems[0]?.text ?? "The mapping does not fit the file."} Nothing was imported.`,
    );
  const importId = deps.newId("imp");
  const result: ImportResult = {
    ok: true,
    importId,
    total: 0,
    created: 0,
    updated: 0,
    failed: 0,
    started: 0,
    problems: [],
  };
  const existing = new Map(
    (await recordsOfType(deps.store, ask.workspaceId, mapping.recordType)).map((row) => [row.id, engineRecord(row)]),
  );
  const keys = new Map<string, string>();
  const later: { id: string; field: string; text: string }[] = [];
  for await (const piece of file.pieces) {
    if (piece.type === "refused") {
      await note(deps, ask, input, result, "refused");
      return refuse(
        "INVALID",
        `${piece.problem.text} ${result.created + result.updated} records were imported before it; undo the import ${importId} to take them back.`,
      );
    }
    for (const problem of piece.problems) fail(result, problem.row ?? 0, problem.text);
    const rows = piece.rows.map((row) => prepared.mapper.map(row));
    for (let i = 0; i < rows.length; i += pieceSize) {
      const some = rows.slice(i, i + pieceSize);
      if (mapping.recordType === "user") await importPeople(deps, ask, some, result);
      else
        await writePiece(deps, ask, {
          mapping,
          importId,
          some,
          existing,
          keys,
          later,
          model: context.model,
          result,
          live,
        });
      input.onProgress?.(result.total);
    }
  }
  await linkLater(deps, ask, context.model, later, keys, existing);
  await note(deps, ask, input, result, "done");
  return result;
}

function fail(result: ImportResult, row: number, text: string): void {
  result.total++;
  result.failed++;
  if (result.problems.length < mostProblems) result.problems.push({ row, text });
}

type Piece = {
  mapping: Mapping;
  importId: string;
  some: RowResult[];
  existing: Map<string, EngineRecord>;
  keys: Map<string, string>;
  later: { id: string; field: string; text: string }[];
  model: RecordRules;
  result: ImportResult;
  live: { key: string; version: number; recordType: string } | undefined;
};

async function writePiece(
  deps: Deps,
  ask: Ask,
  { mapping, importId, some, existing, keys, later, model, result, live }: Piece,
): Promise<void> {
  const source = `import:${mapping.source}`;
  const written: Parameters<typeof recordSet>[2] = [];
  const rows: Row<"importRow">[] = [];
  const fresh: string[] = [];
  for (const row of some) {
    if (row.outcome === "error") {
      fail(result, row.row, row.problems.map((p) => p.text).join(" "));
      continue;
    }
    result.total++;
    const before = row.outcome === "update" ? existing.get(row.id) : undefined;
    const id = before?.id ?? deps.newId(prefixOf(mapping.recordType));
    const values: Values = { ...(before?.values ?? model.defaults(mapping.recordType)), ...row.values };
    for (const link of row.links) {
      const [found] = link.type === mapping.recordType ? [keys.get(link.text)] : [];
      if (found) values[link.field] = found;
      else later.push({ id, field: link.field, text: link.text });
    }
    const after: EngineRecord = {
      type: mapping.recordType,
      id,
      version: (before?.version ?? 0) + 1,
      createdAt: before?.createdAt ?? createdAt(values, ask.now),
      values: model.derive(mapping.recordType, values, ask.now),
    };
    existing.set(id, after);
    if (row.key) keys.set(row.key, id);
    if (!before) fresh.push(id);
    written.push({ before, after, source, tell: false });
    rows.push({
      workspaceId: ask.workspaceId,
      importId,
      row: row.row,
      recordId: id,
      before: before?.values ?? null,
      version: after.version,
    });
    result[before ? "updated" : "created"]++;
  }
  if (written.length === 0) return;
  const commandId = deps.newId("cmd");
  const set = recordSet({ ...ask, commandId }, model, written);
  const answer = await deps.loop.write({
    workspaceId: ask.workspaceId,
    id: commandId,
    make: async () => ({ ok: true, value: null, sets: [{ ...set, put: { ...set.put, importRow: rows } }] }),
  });
  if (!answer.ok) throw Object.assign(new Error(answer.text), { code: answer.code });
  if (!live) return;
  const answers = await Promise.all(
    fresh.map((recordId) =>
      deps.loop.submit({
        id: deps.newId("cmd"),
        workspaceId: ask.workspaceId,
        runId: deps.newId("run"),
        at: ask.now,
        actor: { kind: "import", id: importId },
        type: "startRun",
        process: live.key,
        version: live.version,
        recordType: live.recordType,
        recordId,
        trigger: { event: "import", at: ask.now },
      }),
    ),
  );
  result.started += answers.filter((a) => a.ok).length;
}

/** A table that says when the record began is believed; a date of the future is not. */
function createdAt(values: Values, now: number): number {
  const date = values.x_engage_date;
  const at = typeof date === "string" ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(at) && at < now ? at : now;
}

/** References to rows that came later in the same table. */
async function linkLater(
  deps: Deps,
  ask: Ask,
  model: RecordRules,
  later: Piece["later"],
  keys: Map<string, string>,
  existing: Map<string, EngineRecord>,
): Promise<void> {
  const written: Parameters<typeof recordSet>[2] = [];
  for (const { id, field, text } of later) {
    const [to, before] = [keys.get(text), existing.get(id)];
    if (!to || !before) continue;
    const after = { ...before, version: before.version + 1, values: { ...before.values, [field]: to } };
    existing.set(id, after);
    written.push({ before, after, source: "import", tell: false });
  }
  if (written.length === 0) return;
  const commandId = deps.newId("cmd");
  await deps.loop.write({
    workspaceId: ask.workspaceId,
    id: commandId,
    make: async () => ({ ok: true, value: null, sets: [recordSet({ ...ask, commandId }, model, written)] }),
  });
}

/** Everything rows may be named by: records of the types the mapping looks up, people and teams. */
async function namesOf(store: Store, workspaceId: string, mapping: Mapping): Promise<NamedRecord[]> {
  const asked = [
    ...mapping.columns.flatMap((c) => (c.lookup ? [c.lookup] : [])),
    ...(mapping.keyField ? [{ type: mapping.recordType, by: mapping.keyField }] : []),
  ];
  const names: NamedRecord[] = [];
  for (const { type, by } of asked) {
    if (type === "user")
      for (const m of await store.read
        .select({ id: store.t.member.id, name: store.t.member.name, email: store.t.member.email })
        .from(store.t.member)
        .where(eq(store.t.member.workspaceId, workspaceId)))
        names.push({ type, by, name: by === "email" ? m.email : m.name, id: m.id });
    else if (type === "team")
      for (const t of await store.read
        .select({ id: store.t.team.id, name: store.t.team.name })
        .from(store.t.team)
        .where(eq(store.t.team.workspaceId, workspaceId)))
        names.push({ type, by, name: t.name, id: t.id });
    else
      for (const row of await recordsOfType(store, workspaceId, type))
        if (typeof row.values[by] === "string") names.push({ type, by, name: row.values[by], id: row.id });
  }
  return names;
}

/** Makes the workspace's own fields that the mapping fills. */
async function ensureFields(
  deps: Deps,
  ask: Ask,
  mapping: Mapping,
): Promise<{ ok: true; model: typeof standardModel } | Refusal> {
  const { store } = deps;
  const [workspace] = await store.read
    .select()
    .from(store.t.workspace)
    .where(eq(store.t.workspace.id, ask.workspaceId));
  if (!workspace) return refuse("NOT_FOUND", "This workspace does not exist.");
  const had = Array.isArray(workspace.settings.custom_fields) ? workspace.settings.custom_fields : [];
  const has = (key: string) =>
    had.some(
      (f) =>
        typeof f === "object" &&
        f !== null &&
        !Array.isArray(f) &&
        f.key === key &&
        f.recordType === mapping.recordType,
    );
  const missing = (mapping.customFields ?? [])
    .filter((f) => !has(f.key))
    .map((f) => ({ ...f, recordType: mapping.recordType }));
  const all = [...had, ...(JSON.parse(JSON.stringify(missing)) as Plain[])];
  const model = withCustomFields(standardModel, all);
  if (!model.ok) return refuse("INVALID", model.problems[0]?.text ?? "A custom field of the mapping is not valid.");
  if (missing.length === 0) return { ok: true, model: model.model };
  const answer = await writeSetting(deps, { ...ask, commandId: undefined }, async () => ({
    ok: true,
    setting: `custom_fields:${mapping.recordType}`,
    from: had,
    to: all,
    put: { workspace: [{ ...workspace, settings: { ...workspace.settings, custom_fields: all } }] },
  }));
  return answer.ok ? { ok: true, model: model.model } : answer;
}

async function note(
  deps: Deps,
  ask: Ask,
  { fileName, mapping }: ImportInput,
  result: ImportResult,
  state: string,
): Promise<void> {
  const row: Row<"importJob"> = {
    workspaceId: ask.workspaceId,
    id: result.importId,
    kind: "records",
    fileName,
    memberId: ask.actor.kind === "member" ? ask.actor.id : null,
    state,
    total: result.total,
    done: result.total,
    created: result.created,
    updated: result.updated,
    failed: result.failed,
    started: result.started,
    mapping: JSON.parse(JSON.stringify(mapping)) as Plain,
    problems: result.problems as unknown as Plain,
    createdAt: ask.now,
    endedAt: ask.now,
    undoneAt: null,
  };
  await deps.loop.write({
    workspaceId: ask.workspaceId,
    id: deps.newId("cmd"),
    make: async () => ({
      ok: true,
      value: null,
      sets: [{ workspaceId: ask.workspaceId, guards: [], events: [], put: { importJob: [row] }, drop: {} }],
    }),
  });
}

/** Takes an import back: what it made goes, what it changed gets its old values, unless somebody has changed it since. */
export async function undoImport(
  deps: Deps,
  ask: Ask,
  importId: string,
): Promise<{ ok: true; removed: number; restored: number; kept: number } | Refusal> {
  const { store, loop, newId } = deps;
  const [job] = await store.read
    .select()
    .from(store.t.importJob)
    .where(and(eq(store.t.importJob.workspaceId, ask.workspaceId), eq(store.t.importJob.id, importId)));
  if (!job) return refuse("NOT_FOUND", "This import does not exist.");
  if (job.undoneAt) return refuse("CONFLICT", "This import was taken back already.");
  const rows = await store.read
    .select()
    .from(store.t.importRow)
    .where(and(eq(store.t.importRow.workspaceId, ask.workspaceId), eq(store.t.importRow.importId, importId)));
  const { model } = await deps.contexts.get(ask.workspaceId, ask.now);
  const count = { removed: 0, restored: 0, kept: 0 };
  for (let i = 0; i < rows.length; i += pieceSize) {
    const commandId = newId("cmd");
    const ids = new Set(rows.slice(i, i + pieceSize).map((r) => r.recordId));
    const found = new Map<string, Row<"record">>();
    for (const row of await store.read
      .select()
      .from(store.t.record)
      .where(
        and(
          eq(store.t.record.workspaceId, ask.workspaceId),
          eq(store.t.record.type, (job.mapping as { recordType: string }).recordType),
        ),
      ))
      if (ids.has(row.id)) found.set(row.id, row);
    const sets: WriteSet[] = [];
    for (const row of rows.slice(i, i + pieceSize)) {
      const now = found.get(row.recordId);
      if (!now || now.deletedAt || now.version !== row.version) count.kept++;
      else if (row.before) {
        const before = engineRecord(now);
        sets.push(
          recordSet({ ...ask, commandId }, model, [
            {
              before,
              after: { ...before, version: before.version + 1, values: row.before },
              source: "import undo",
              tell: false,
            },
          ]),
        );
        count.restored++;
      } else {
        sets.push({
          workspaceId: ask.workspaceId,
          guards: [{ table: "record", id: now.id, was: now.version }],
          events: [
            {
              type: "RecordDeleted",
              stream: { kind: "record", id: now.id },
              version: now.version + 1,
              at: ask.now,
              actor: ask.actor,
              cause: commandId,
              data: { type: now.type },
            },
          ],
          put: { record: [{ ...now, version: now.version + 1, externalId: null, deletedAt: ask.now }] },
          drop: {},
        });
        count.removed++;
      }
    }
    const answer = await loop.write({
      workspaceId: ask.workspaceId,
      id: commandId,
      make: async () => ({ ok: true, value: null, sets }),
    });
    if (!answer.ok) return answer;
  }
  await loop.write({
    workspaceId: ask.workspaceId,
    id: newId("cmd"),
    make: async () => ({
      ok: true,
      value: null,
      sets: [
        {
          workspaceId: ask.workspaceId,
          guards: [],
          events: [],
          put: { importJob: [{ ...job, state: "undone", undoneAt: ask.now }] },
          drop: {},
        },
      ],
    }),
  });
  return { ok: true, ...count };
}
