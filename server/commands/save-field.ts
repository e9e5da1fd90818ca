import { eq } from "drizzle-orm";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import { type CustomField, customFieldSchema, withCustomFields } from "@/server/records/custom-fields.ts";
import { standardModel } from "@/server/records/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeSetting } from "./write-setting.ts";

/**
 * Adds a field of the workspace's own to a record type, or changes its labels, bounds and list. Its type stays: values of the
 * former one could not be read any more. A value of a list is retired, never taken out, while records may hold it.
 */
export async function saveField(deps: Deps, ask: Ask, field: CustomField): Promise<{ ok: true } | Refusal> {
  const { read, t } = deps.store;
  return writeSetting(deps, ask, async () => {
    const [workspace] = await read.select().from(t.workspace).where(eq(t.workspace.id, ask.workspaceId));
    if (!workspace) return refuse("NOT_FOUND", "This workspace does not exist, or you may not see it.");
    const had = customFieldsOf(workspace.settings);
    const before = had.find((one) => one.key === field.key && one.recordType === field.recordType);
    if (before && before.type !== field.type)
      return refuse(
        "INVALID",
        `The field ${field.key} holds values of the type ${before.type}. Nothing was changed; make a new field instead.`,
      );
    const kept = new Set(field.values?.map(({ value }) => value));
    const values = field.values && [
      ...field.values,
      ...(before?.values ?? [])
        .filter(({ value }) => !kept.has(value))
        .map((one) => ({ ...one, retired: true as const })),
    ];
    const saved: CustomField = { ...field, ...(values && { values }) };
    const all = before ? had.map((one) => (one === before ? saved : one)) : [...had, saved];
    const model = withCustomFields(standardModel, all);
    if (!model.ok)
      return refuse("INVALID", `${model.problems[0]?.text ?? "This field cannot be used."} Nothing was changed.`);
    return {
      ok: true,
      setting: `field.${field.recordType}.${field.key}`,
      from: before ? plainOf(before) : null,
      to: plainOf(saved),
      put: { workspace: [{ ...workspace, settings: { ...workspace.settings, custom_fields: all.map(plainOf) } }] },
    };
  });
}

/** The workspace's own fields as its settings hold them; what cannot be read is left out. */
export const customFieldsOf = (settings: Record<string, unknown>): CustomField[] =>
  (Array.isArray(settings["custom_fields"]) ? settings["custom_fields"] : []).flatMap((one) => {
    const read = customFieldSchema.safeParse(one);
    return read.success ? [read.data] : [];
  });

/** Without the keys that are undefined, as JSON holds it. */
const plainOf = (field: CustomField): Plain => JSON.parse(JSON.stringify(field)) as Plain;
