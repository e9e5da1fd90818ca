/** A table of people becomes members and teams: named owners that records can have, without a sign-in until they are invited. */
import { eq } from "drizzle-orm";
import type { Row } from "@/db/store.ts";
import type { RowResult } from "@/server/interop/csv/mapping.ts";
import type { Ask, Deps } from "./deps.ts";
import { bareSet, writeUnder } from "./import-job.ts";
import { fail, jobOf, type Running } from "./import-pieces.ts";
import type { WorkspaceContext } from "./workspace-context.ts";

/** A piece of the table, in one transaction with the import's own count. People it makes have the instant at which the import began. */
export async function importPeople(deps: Deps, ask: Ask, run: Running, rows: RowResult[]): Promise<void> {
  const context = await deps.contexts.get(ask.workspaceId, ask.now);
  const { workspaceId } = ask;
  for (const row of rows)
    if (row.outcome === "error") fail(run, { row: row.row, text: row.problems.map((p) => p.text).join(" ") });
  const before = { ...run.counts };
  // As they stand when its turn has come: what somebody changed in between stays.
  const make = async () => {
    Object.assign(run.counts, before);
    const put = await peopleOf(deps, ask, context, run, rows);
    return [bareSet(workspaceId, { ...put, importJob: [jobOf(ask, run, "running")] })];
  };
  const answer = await writeUnder(deps, { workspaceId, id: run.about.id }, run.hold, make);
  if (!answer.ok) throw Object.assign(new Error(answer.text), { code: answer.code });
}

/** The members that these rows make or change, and the teams they bring along. */
async function peopleOf(
  { store, newId }: Deps,
  { workspaceId }: Ask,
  context: WorkspaceContext,
  { counts, since }: Running,
  rows: readonly RowResult[],
): Promise<{ member: Row<"member">[]; team: Row<"team">[] }> {
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
      createdAt: since,
    };
    members.set(name, made as never);
    return made;
  };
  const brought: Row<"team">[] = [];
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
    brought.push(made);
    return made;
  };
  const changed = new Map<string, Row<"member">>();
  for (const row of rows) {
    if (row.outcome === "error") continue;
    counts.total++;
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
    counts[isNew ? "created" : "updated"]++;
  }
  return { member: [...changed.values()], team: brought };
}
