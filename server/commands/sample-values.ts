import { findRecord, referringRecords } from "@/db/queries/records.ts";
import type { Row, Store } from "@/db/store.ts";
import { feelToJson } from "@/server/engine/expression/index.ts";
import type { Process } from "@/server/engine/process.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import { recordAt } from "./load-world.ts";

/**
 * What the names of a process's expressions read on one record: the record and those related to it, in the encoding of
 * `feelToJson`. For looking while one draws; a run binds its related records itself.
 */
export async function sampleValues(
  store: Store,
  model: RecordRules,
  workspaceId: string,
  record: Row<"record">,
  related: Process["related"],
  now: number,
): Promise<Record<string, unknown>> {
  const found = await sampleRecords(store, workspaceId, record, related);
  return Object.fromEntries(
    [...found].map(([name, row]) => [name, row ? feelToJson(model.toFeel(recordAt(model, row, now))) : null]),
  );
}

/** The record and those related to it, by the names a process has for them. */
async function sampleRecords(
  store: Store,
  workspaceId: string,
  record: Row<"record">,
  related: Process["related"],
): Promise<Map<string, Row<"record"> | null>> {
  const found = new Map<string, Row<"record"> | null>([[record.type, record]]);
  for (const [name, rule] of Object.entries(related)) {
    const [from = record.type, field] = (rule.path ?? "").split(".");
    if (field !== undefined) {
      const id = found.get(from)?.values[field];
      found.set(name, typeof id === "string" ? await findRecord(store, workspaceId, id) : null);
      continue;
    }
    const base = found.get(rule.of ?? record.type);
    const referring = base ? await referringRecords(store, workspaceId, base.id) : [];
    found.set(name, referring.find((one) => one.type === (rule.newest ?? name)) ?? null);
  }
  return found;
}
