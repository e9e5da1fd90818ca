/** Who is asking: read afresh at every request, so that a changed role or a leaver's end binds at once. */
import { and, eq, gt, isNull } from "drizzle-orm";
import type { Store } from "@/db/store.ts";
import type { Actor } from "@/server/engine/model.ts";
import { fingerprint } from "@/server/runtime/ids.ts";
import { isRole, type Role } from "@/server/api/authorisation.ts";

export type Person = {
  workspaceId: string;
  memberId: string;
  userId: string | null;
  name: string;
  email: string;
  roles: Role[];
  /** Roles of processes this person works for ("ae", "legal"). */
  processRoles: string[];
  teamId: string | null;
  zone: string;
  country: string;
  locale: string;
  theme: string;
  /** Set when a key asks: it may do what its owner may, and of that only what its scopes name. */
  key: { id: string; scopes: string[] } | null;
};

/** Active members only. Null when the sign-in belongs to nobody in a workspace any more. */
export async function personOfUser(store: Store, userId: string): Promise<Person | null> {
  const { member } = store.t;
  const [row] = await store.read
    .select()
    .from(member)
    .where(and(eq(member.userId, userId), eq(member.status, "active")))
    .orderBy(member.createdAt)
    .limit(1);
  return row ? { ...personOf(row), key: null } : null;
}

/** Null for a key that is unknown, revoked, expired, or whose owner has left. */
export async function personOfKey(store: Store, secret: string, now: number): Promise<Person | null> {
  const { apiKey, member } = store.t;
  const [key] = await store.read
    .select()
    .from(apiKey)
    .where(and(eq(apiKey.hash, fingerprint(secret)), isNull(apiKey.revokedAt), gt(apiKey.expiresAt, now)));
  if (!key) return null;
  const [row] = await store.read
    .select()
    .from(member)
    .where(and(eq(member.workspaceId, key.workspaceId), eq(member.id, key.memberId), eq(member.status, "active")));
  return row ? { ...personOf(row), key: { id: key.id, scopes: key.scopes } } : null;
}

/** How the log names this person. */
export const actorOf = (person: Person): Extract<Actor, { kind: "member" | "api" }> =>
  person.key ? { kind: "api", id: person.key.id } : { kind: "member", id: person.memberId };

function personOf(row: Store["t"]["member"]["$inferSelect"]): Omit<Person, "key"> {
  return {
    workspaceId: row.workspaceId,
    memberId: row.id,
    userId: row.userId,
    name: row.name,
    email: row.email,
    roles: row.roles.filter(isRole),
    processRoles: row.processRoles,
    teamId: row.teamId,
    zone: row.zone,
    country: row.country,
    locale: row.locale,
    theme: row.theme,
  };
}

/** The language their screens and mails are written in. */
export const languageOf = ({ locale }: Pick<Person, "locale">): "en" | "vi" => (locale === "vi" ? "vi" : "en");
