/** Two workspaces in one database, each with one person of every role: what the rights tests walk through. */
import type { Row, Store } from "@/db/store.ts";
import { type Role, roles } from "@/server/api/authorisation.ts";
import { createKey } from "@/server/auth/api-keys.ts";
import { type Person, personOfUser } from "@/server/auth/person.ts";
import type { NewId } from "@/server/runtime/ids.ts";

/**
 * One workspace, and the ids of one thing of every kind in it. `mark` stands in the name of everything, so that an answer
 * that shows any of it can be told. A new router adds its things here.
 */
export type Side = {
  mark: string;
  workspaceId: string;
  people: Record<Role, Person>;
  memberId: string;
  keyId: string;
  teamId: string;
};

export async function twoWorkspaces(
  store: Store,
  newId: NewId,
  now: number,
): Promise<{ own: Side; foreign: Side; absent: Side }> {
  const own = await makeSide(store, newId, now, "Ownmark");
  const foreign = await makeSide(store, newId, now, "Foreignmark");
  return {
    own,
    foreign,
    absent: {
      ...own,
      mark: "Absentmark",
      workspaceId: "ws_absent",
      memberId: "mem_absent",
      keyId: "key_absent",
      teamId: "team_absent",
    },
  };
}

async function makeSide(store: Store, newId: NewId, now: number, mark: string): Promise<Side> {
  const workspaceId = newId("ws");
  const workspace: Row<"workspace"> = {
    id: workspaceId,
    name: mark,
    zone: "Europe/Berlin",
    locale: "en",
    currency: "EUR",
    country: "DE",
    demo: false,
    settings: {},
    createdAt: now,
  };
  const team = {
    workspaceId,
    id: newId("team"),
    name: `${mark} team`,
    managerId: null,
    zone: "Europe/Berlin",
    calendar: null,
  };
  const members = roles.map(
    (role): Row<"member"> =>
      member({
        workspaceId,
        id: newId("mem"),
        userId: newId("usr"),
        name: `${mark} ${role}`,
        email: `${role}@${mark.toLowerCase()}.test`,
        roles: [role],
        createdAt: now,
      }),
  );
  await store.commit([
    { workspaceId, guards: [], events: [], put: { workspace: [workspace], member: members, team: [team] }, drop: {} },
  ]);
  const people = Object.fromEntries(
    await Promise.all(members.map(async (row) => [row.roles[0], await personOfUser(store, String(row.userId))])),
  ) as Record<Role, Person>;
  const memberId = people.rep.memberId;
  const key = await createKey(store, newId, now, {
    workspaceId,
    memberId: people.admin.memberId,
    name: `${mark} key`,
    scopes: ["*"],
    days: 30,
  });
  return { mark, workspaceId, people, memberId, keyId: key.id, teamId: team.id };
}

const member = (
  who: Pick<Row<"member">, "workspaceId" | "id" | "userId" | "name" | "email" | "roles" | "createdAt">,
): Row<"member"> => ({
  ...who,
  processRoles: [],
  teamId: null,
  managerId: null,
  backupId: null,
  zone: "Europe/Berlin",
  country: "DE",
  locale: "en",
  theme: "system",
  capacityPerDay: null,
  status: "active",
});
