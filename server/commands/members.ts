/**
 * Adding and changing the people of a workspace. Each change is a fact of the workspace's log, without names or addresses:
 * those stay in the row, so that a person can be forgotten.
 */
import { eq } from "drizzle-orm";
import type { Row, Store, WriteSet } from "@/db/store.ts";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { reviewApprovers } from "./review-approvers.ts";
import { settingSet } from "./write-setting.ts";

export type NewMember = Pick<
  Row<"member">,
  "userId" | "name" | "email" | "roles" | "processRoles" | "teamId" | "managerId" | "zone" | "country" | "locale"
>;
export type MemberPatch = Partial<
  Pick<
    Row<"member">,
    | "name"
    | "roles"
    | "processRoles"
    | "teamId"
    | "managerId"
    | "backupId"
    | "zone"
    | "country"
    | "locale"
    | "theme"
    | "capacityPerDay"
    | "skills"
    | "status"
  >
>;

/** Refused when somebody here has that e-mail already. */
export async function addMember(deps: Deps, ask: Ask, who: NewMember): Promise<{ ok: true; id: string } | Refusal> {
  const { store, loop, newId } = deps;
  const id = newId("mem");
  const commandId = ask.commandId ?? newId("cmd");
  const answer = await loop.write({
    workspaceId: ask.workspaceId,
    id: commandId,
    make: async () => {
      const people = await membersOf(store, ask.workspaceId);
      if (people.some((one) => one.email.toLowerCase() === who.email.toLowerCase()))
        return refuse("CONFLICT", "Somebody here has this e-mail already. Nobody was added.");
      const missing = unknownIn(people, await teamIds(store, ask.workspaceId), who);
      if (missing) return missing;
      const row: Row<"member"> = {
        ...who,
        workspaceId: ask.workspaceId,
        id,
        email: who.email.toLowerCase(),
        backupId: null,
        theme: "system",
        capacityPerDay: null,
        status: "active",
        createdAt: ask.now,
      };
      return { ok: true, value: { id }, sets: [await memberSet(store, { ...ask, commandId }, null, row)] };
    },
  });
  return answer.ok ? { ok: true, id } : answer;
}

/** Refused when it would leave the workspace without an admin. `endSessions`: their rights changed, so they sign in anew. */
export async function changeMember(
  deps: Deps,
  ask: Ask,
  id: string,
  patch: MemberPatch,
): Promise<{ ok: true; userId: string | null; endSessions: boolean } | Refusal> {
  const { store, loop, newId } = deps;
  const commandId = ask.commandId ?? newId("cmd");
  let ended = { userId: null as string | null, endSessions: false };
  const answer = await loop.write({
    workspaceId: ask.workspaceId,
    id: commandId,
    make: async () => {
      const people = await membersOf(store, ask.workspaceId);
      const before = people.find((one) => one.id === id);
      if (!before) return refuse("NOT_FOUND", "This person does not exist, or you may not see them.");
      const missing = unknownIn(people, await teamIds(store, ask.workspaceId), {
        teamId: null,
        managerId: null,
        ...patch,
      });
      if (missing) return missing;
      const after = { ...before, ...patch };
      const admins = people
        .map((one) => (one.id === id ? after : one))
        .filter((one) => one.status === "active" && one.userId && one.roles.includes("admin"));
      if (admins.length === 0)
        return refuse(
          "NOT_ALLOWED",
          "This would leave nobody who may change people and settings. Nothing was changed; make somebody else an admin first.",
        );
      ended = {
        userId: before.userId,
        endSessions:
          after.status !== before.status || [...after.roles].sort().join() !== [...before.roles].sort().join(),
      };
      return { ok: true, value: null, sets: [await memberSet(store, { ...ask, commandId }, before, after)] };
    },
  });
  if (!answer.ok) return answer;
  if (patch.status === "inactive") await reviewApprovers(deps, ask, id, true);
  return { ok: true, ...ended };
}

const membersOf = (store: Store, workspaceId: string) =>
  store.read.select().from(store.t.member).where(eq(store.t.member.workspaceId, workspaceId));

async function teamIds(store: Store, workspaceId: string): Promise<Set<string>> {
  const rows = await store.read
    .select({ id: store.t.team.id })
    .from(store.t.team)
    .where(eq(store.t.team.workspaceId, workspaceId));
  return new Set(rows.map((row) => row.id));
}

/** A team or colleague that this workspace does not have. */
function unknownIn(
  people: { id: string }[],
  teams: Set<string>,
  who: {
    teamId?: string | null | undefined;
    managerId?: string | null | undefined;
    backupId?: string | null | undefined;
  },
): Refusal | null {
  if (who.teamId && !teams.has(who.teamId))
    return refuse("NOT_FOUND", "This team does not exist. Nothing was changed.");
  for (const id of [who.managerId, who.backupId])
    if (id && !people.some((one) => one.id === id))
      return refuse("NOT_FOUND", "This colleague does not exist. Nothing was changed.");
  return null;
}

const memberSet = (
  store: Store,
  ask: Ask & { commandId: string },
  before: Row<"member"> | null,
  after: Row<"member">,
): Promise<WriteSet> =>
  settingSet(
    store,
    ask,
    { setting: `member.${after.id}`, from: before && visible(before), to: visible(after) },
    { put: { member: [after] }, drop: {} },
  );

/** What of a person may stand in the log for good. */
const visible = ({
  roles,
  processRoles,
  teamId,
  managerId,
  backupId,
  zone,
  status,
  capacityPerDay,
  skills,
}: Row<"member">): Plain => ({
  roles,
  processRoles,
  teamId: teamId ?? null,
  managerId: managerId ?? null,
  backupId: backupId ?? null,
  zone,
  status,
  capacityPerDay: capacityPerDay ?? null,
  ...(skills?.length && { skills }),
});
