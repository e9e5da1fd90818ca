/** How far each workspace's time is ahead of the machine's, and whether it is one for practice: kept with its settings. */
import { eq } from "drizzle-orm";
import type { Store } from "../store.ts";

export type ClockSetting = { workspaceId: string; name: string; demo: boolean; practice: boolean; ahead: number };

/** Of one workspace, or of all. */
export async function clockSettings({ read, t }: Store, workspaceId?: string): Promise<ClockSetting[]> {
  const columns = {
    id: t.workspace.id,
    name: t.workspace.name,
    demo: t.workspace.demo,
    settings: t.workspace.settings,
  };
  const all = read.select(columns).from(t.workspace);
  const rows = await (workspaceId ? all.where(eq(t.workspace.id, workspaceId)) : all);
  return rows.map(({ id, name, demo, settings }) => ({
    workspaceId: id,
    name,
    demo,
    practice: settings.practice === true,
    ahead: typeof settings.clock_ahead_ms === "number" ? settings.clock_ahead_ms : 0,
  }));
}
