import { eq } from "drizzle-orm";
import type { Row } from "@/db/store.ts";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { recountJob } from "./recount.ts";
import { writeSetting } from "./write-setting.ts";

export type WorkspacePatch = Partial<Pick<Row<"workspace">, "name" | "zone" | "locale" | "currency" | "country">> & {
  /** Record type → what one of them counts as while it has no value of its own, in the workspace's currency. */
  defaultValueAtRisk?: Record<string, number>;
  /** For so many hours runs that were moved to another version can be moved back. */
  undoMigrationHours?: number;
};

/** Changes what holds for the whole workspace. Amounts are kept in minor units of its currency, so that one stays once records have any. */
export async function changeWorkspace(deps: Deps, ask: Ask, patch: WorkspacePatch): Promise<{ ok: true } | Refusal> {
  const { read, t } = deps.store;
  return writeSetting(deps, ask, async () => {
    const [before] = await read.select().from(t.workspace).where(eq(t.workspace.id, ask.workspaceId));
    if (!before) return refuse("NOT_FOUND", "This workspace does not exist, or you may not see it.");
    const { defaultValueAtRisk, undoMigrationHours, ...plain } = patch;
    if (plain.currency && plain.currency !== before.currency) {
      const [record] = await read
        .select({ id: t.record.id })
        .from(t.record)
        .where(eq(t.record.workspaceId, ask.workspaceId))
        .limit(1);
      if (record)
        return refuse(
          "CONFLICT",
          "The currency can be changed only while there are no records: their amounts would mean something else. Nothing was changed.",
        );
    }
    // Its days begin at another hour.
    const moved = plain.zone !== undefined && plain.zone !== before.zone;
    const after = {
      ...before,
      ...plain,
      settings: {
        ...before.settings,
        ...(defaultValueAtRisk && { default_value_at_risk: defaultValueAtRisk }),
        ...(undoMigrationHours !== undefined && { undo_migration_hours: undoMigrationHours }),
      },
    };
    const put = { workspace: [after], ...(moved && { job: [recountJob(ask.workspaceId, ask.now)] }) };
    const drop = moved ? { dayCount: [[ask.workspaceId]] } : {};
    return { ok: true, setting: "workspace", from: visible(before), to: visible(after), put, drop };
  });
}

const visible = ({ name, zone, locale, currency, country, settings }: Row<"workspace">): Plain => ({
  name,
  zone,
  locale,
  currency,
  country,
  default_value_at_risk: settings.default_value_at_risk ?? null,
  undo_migration_hours: settings.undo_migration_hours ?? null,
});
