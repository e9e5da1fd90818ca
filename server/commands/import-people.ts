/** A table of people becomes members and teams: named owners that records can have, without a sign-in until they are invited. */
import { eq } from "drizzle-orm";
import type { Row } from "@/db/store.ts";
import type { RowResult } from "@/server/interop/csv/mapping.ts";
import type { Ask, Deps } from "./deps.ts";
import type { ImportResult } from "./import-records.ts";

export async function importPeople(deps: Deps, ask: Ask, rows: RowResult[], result: ImportResult): Promise<void> {
  const { store, loop, newId, contexts } = deps;
  const { workspaceId, now } = ask;
  const context = await contexts.get(workspaceId, now);
  const members = new Map(
    (await store.read.select().from(store.t.member).where(eq(store.t.member.workspaceId, workspaceId))).map((m) => [
      m.name,
      m,
    ]),
  );
  const teams = new Map(
    (await store.read.select().from(store.t.team).where(eq(store.t.team.workspaceId, workspaceId))).map((t) => [
      t.name,
      t,
    ]),
  );
  const memberNamed = (name: string): Row<"member"> => {
    const known = members.get(name);
    if (known) return known;
    const made: Row<"member"> = {
      workspaceId,
      id: newId("mem"),
      userId: null,
      name,
      email: "",
      roles: ["rep"],
      processRoles: ["ae"],
      teamId: null,
      managerId: null,
      backupId: null,
      zone: context.zone,
      country: context.country,
      locale: context.locale,
      theme: "system",
      capacityPerDay: null,
      status: "active",
      createdAt: now,
    };
    members.set(name, made as never);
    return made;
  };
  const teamNamed = (name: string): Row<"team"> => {
    const known = teams.get(name);
    if (known) return known;
    const made: Row<"team"> = {
      workspaceId,
      id: newId("team"),
      name,
      managerId: null,
      zone: context.zone,
      calendar: null,
    };
    teams.set(name, made as never);
    return made;
  };
  const changed = new Map<string, Row<"member">>();
  for (const row of rows) {
    result.total++;
    if (row.outcome === "error") {
      result.failed++;
      result.problems.push({ row: row.row, text: row.problems.map((p) => p.text).join(" ") });
      continue;
    }
    const name = String(row.values.name ?? row.key ?? "");
    const isNew = !members.has(name);
    const member = memberNamed(name);
    for (const link of row.links) {
      if (link.type === "user") {
        const manager = memberNamed(link.text);
        manager.roles = [...new Set([...manager.roles, "manager"])];
        changed.set(manager.id, manager);
        member.managerId = manager.id;
      } else if (link.type === "team") member.teamId = teamNamed(link.text).id;
    }
    for (const field of ["manager_id", "team_id"] as const) {
      const id = row.values[field];
      if (typeof id === "string") member[field === "manager_id" ? "managerId" : "teamId"] = id;
    }
    changed.set(member.id, member);
    result[isNew ? "created" : "updated"]++;
  }
  const put = { member: [...changed.values()], team: [...teams.values()] as Row<"team">[] };
  await loop.write({
    workspaceId,
    id: newId("cmd"),
    make: async () => ({ ok: true, value: null, sets: [{ workspaceId, guards: [], events: [], put, drop: {} }] }),
  });
}
