import { and, eq } from "drizzle-orm";
import type { Row } from "@/db/store.ts";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeSetting } from "./write-setting.ts";

export type TeamInput = Pick<Row<"team">, "name" | "managerId" | "zone" | "calendar">;

/** Makes a team (`id` null) or changes one. Two teams of one name are refused: people could not tell them apart. */
export async function saveTeam(
  deps: Deps,
  ask: Ask,
  id: string | null,
  input: TeamInput,
): Promise<{ ok: true; id: string } | Refusal> {
  const { read, t } = deps.store;
  const teamId = id ?? deps.newId("team");
  const saved = await writeSetting(deps, ask, async () => {
    const teams = await read.select().from(t.team).where(eq(t.team.workspaceId, ask.workspaceId));
    const before = teams.find((team) => team.id === teamId) ?? null;
    if (id && !before) return refuse("NOT_FOUND", "This team does not exist, or you may not see it.");
    if (teams.some((team) => team.id !== teamId && team.name.toLowerCase() === input.name.toLowerCase()))
      return refuse("CONFLICT", "There is a team of this name already. Nothing was changed; choose another name.");
    if (input.managerId && !(await isMember(deps, ask.workspaceId, input.managerId)))
      return refuse("NOT_FOUND", "This colleague does not exist. Nothing was changed.");
    if (input.calendar && !(await isCalendar(deps, ask.workspaceId, input.calendar)))
      return refuse("NOT_FOUND", "This calendar does not exist. Nothing was changed.");
    const after = { workspaceId: ask.workspaceId, id: teamId, ...input };
    return {
      ok: true,
      setting: `team.${teamId}`,
      from: before && visible(before),
      to: visible(after),
      put: { team: [after] },
    };
  });
  return saved.ok ? { ok: true, id: teamId } : saved;
}

/** Removes a team nobody is in. */
export async function removeTeam(deps: Deps, ask: Ask, id: string): Promise<{ ok: true } | Refusal> {
  const { read, t } = deps.store;
  return writeSetting(deps, ask, async () => {
    const [team] = await read
      .select()
      .from(t.team)
      .where(and(eq(t.team.workspaceId, ask.workspaceId), eq(t.team.id, id)));
    if (!team) return refuse("NOT_FOUND", "This team does not exist, or you may not see it.");
    const members = await read
      .select({ id: t.member.id })
      .from(t.member)
      .where(and(eq(t.member.workspaceId, ask.workspaceId), eq(t.member.teamId, id)));
    if (members.length)
      return refuse(
        "CONFLICT",
        `${members.length === 1 ? "One person is" : `${members.length} people are`} still in this team. Nothing was removed; move them to another team first.`,
      );
    return {
      ok: true,
      setting: `team.${id}`,
      from: visible(team),
      to: null,
      drop: { team: [[ask.workspaceId, id]] },
    };
  });
}

async function isMember({ store: { read, t } }: Deps, workspaceId: string, id: string): Promise<boolean> {
  const rows = await read
    .select({ id: t.member.id })
    .from(t.member)
    .where(and(eq(t.member.workspaceId, workspaceId), eq(t.member.id, id)));
  return rows.length > 0;
}

async function isCalendar({ store: { read, t } }: Deps, workspaceId: string, key: string): Promise<boolean> {
  const rows = await read
    .select({ key: t.calendar.key })
    .from(t.calendar)
    .where(and(eq(t.calendar.workspaceId, workspaceId), eq(t.calendar.key, key)))
    .limit(1);
  return rows.length > 0;
}

const visible = ({ name, managerId, zone, calendar }: TeamInput): Plain => ({
  name,
  managerId: managerId ?? null,
  zone,
  calendar: calendar ?? null,
});
