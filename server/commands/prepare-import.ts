/** What rows of a table are read with: the record type's fields, the names that cells may stand for, and the mapping itself. */
import { eq } from "drizzle-orm";
import { recordsOfType } from "@/db/queries/records.ts";
import type { Store } from "@/db/store.ts";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import { importFields } from "@/server/interop/csv/import-fields.ts";
import { createRowMapper, type RowMapper } from "@/server/interop/csv/map-records.ts";
import type { FieldInfo, Lookups, Mapping } from "@/server/interop/csv/mapping.ts";
import { lookupsOf, type NamedRecord } from "@/server/interop/csv/named-records.ts";
import { withCustomFields } from "@/server/records/custom-fields.ts";
import { recordType, standardModel } from "@/server/records/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeSetting } from "./write-setting.ts";

export type PreparedImport = { ok: true; mapper: RowMapper; fields: readonly FieldInfo[]; lookups: Lookups };

/**
 * `write`: fields of the mapping that the workspace lacks are made; else they are only reckoned with. `without`: ids that no name
 * stands for, because they were not there yet when the import began.
 */
export async function prepareImport(
  deps: Deps,
  ask: Ask,
  mapping: Mapping,
  columns: readonly string[],
  { write, without }: { write: boolean; without?: ReadonlySet<string> },
): Promise<PreparedImport | Refusal> {
  if (!recordType(mapping.recordType, standardModel))
    return refuse("INVALID", `There is no record type ${mapping.recordType}. Nothing was imported.`);
  const model = await fieldsFor(deps, ask, mapping, write);
  if (!model.ok) return model;
  const { fields, parse } = importFields(mapping.recordType, model.model, {});
  const names = await namesOf(deps.store, ask.workspaceId, mapping);
  const lookups = lookupsOf(without?.size ? names.filter(({ id }) => !without.has(id)) : names);
  const prepared = createRowMapper(mapping, { columns, fields, parse, lookups });
  if (prepared.ok) return { ok: true, mapper: prepared.mapper, fields, lookups };
  return refuse(
    "INVALID",
    `${prepared.problems[0]?.text ?? "The mapping does not fit the file."} Nothing was imported.`,
  );
}

/** The record model with the workspace's own fields, those that the mapping brings along among them. */
export async function fieldsFor(
  deps: Deps,
  ask: Ask,
  mapping: Pick<Mapping, "recordType" | "customFields">,
  write: boolean,
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
  if (missing.length === 0 || !write) return { ok: true, model: model.model };
  const answer = await writeSetting(deps, { ...ask, commandId: undefined }, async () => ({
    ok: true,
    setting: `custom_fields:${mapping.recordType}`,
    from: had,
    to: all,
    put: { workspace: [{ ...workspace, settings: { ...workspace.settings, custom_fields: all } }] },
  }));
  return answer.ok ? { ok: true, model: model.model } : answer;
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
