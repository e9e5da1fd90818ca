/** Records beside the one that is written: what its derived fields are computed from, and those that are computed from it. */
import { recordsById, recordsReferring } from "@/db/queries/world.ts";
import type { Store } from "@/db/store.ts";
import type { EngineRecord, Values } from "@/server/engine/model.ts";
import type { Beside, RecordRules } from "@/server/engine/world.ts";
import { engineRecord } from "./load-world.ts";

/** What a record is derived from. `now`: a part that is being written counts as it will stand. */
export async function besideOf(
  store: Store,
  workspaceId: string,
  model: RecordRules,
  { type, id, values }: { type: string; id: string; values: Values },
  now?: EngineRecord,
): Promise<Beside> {
  const beside: Beside = {};
  if (typeof values.quote_id === "string")
    beside.quote = (await recordsWith(store, workspaceId, [values.quote_id]))[0]?.values ?? null;
  for (const part of model.parts(type)) {
    const stored = await referring(store, workspaceId, part.type, part.field, id);
    const written = now?.type === part.type ? now : null;
    const rest = written ? stored.filter((one) => one.id !== written.id) : stored;
    beside[part.as] = [...rest, ...(written?.values[part.field] === id ? [written] : [])].map((one) => one.values);
  }
  return beside;
}

/** The quotes, invoices, accounts … that add this record up, before and after its change, as they stand with it. */
export async function wholesOf(
  store: Store,
  workspaceId: string,
  model: RecordRules,
  before: EngineRecord | undefined,
  after: EngineRecord,
  at: number,
): Promise<{ before: EngineRecord; after: EngineRecord }[]> {
  const rules = model.wholes(after.type);
  const ids = new Set(
    rules.flatMap(({ field }) => [before?.values[field], after.values[field]]).filter((id) => typeof id === "string"),
  );
  if (ids.size === 0) return [];
  const found = await recordsWith(store, workspaceId, [...ids]);
  const changed: { before: EngineRecord; after: EngineRecord }[] = [];
  for (const record of found) {
    if (!rules.some(({ type }) => type === record.type)) continue;
    const beside = await besideOf(store, workspaceId, model, record, after);
    const values = model.derive(record.type, record.values, at, record.values, beside);
    if (JSON.stringify(values) !== JSON.stringify(record.values))
      changed.push({ before: record, after: { ...record, version: record.version + 1, values } });
  }
  return changed;
}

async function recordsWith(store: Store, workspaceId: string, ids: string[]): Promise<EngineRecord[]> {
  return (await recordsById(store, { workspaceId, ids })).map(engineRecord);
}

async function referring(
  store: Store,
  workspaceId: string,
  type: string,
  field: string,
  to: string,
): Promise<EngineRecord[]> {
  const rows = await recordsReferring(store, { workspaceId, type, to: [to] });
  return rows.flatMap(({ record, by }) => (by === field ? [engineRecord(record)] : []));
}
