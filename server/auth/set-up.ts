/** The first person on an empty server makes the workspace and their own account; afterwards nobody can. */
import { z } from "zod";
import type { Row, Store } from "@/db/store.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import type { NewId } from "@/server/runtime/ids.ts";
import { isZone } from "@/server/records/places.ts";
import { passwordRule } from "./password.ts";
import type { Sessions } from "./sessions.ts";

export const setUpInput = z.strictObject({
  workspace: z.string().trim().min(1).max(80),
  name: z.string().trim().min(1).max(80),
  email: z.email().max(200),
  password: z.string().min(passwordRule.min).max(passwordRule.max),
  zone: z.string().min(1).max(60).refine(isZone, "unknown time zone"),
  locale: z.enum(["en", "vi"]),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default("USD"),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default("US"),
});
export type SetUp = z.infer<typeof setUpInput>;

type Needs = { store: Store; sessions: Sessions; newId: NewId; now: number };

/** True while no workspace exists. */
export async function isEmpty(store: Store): Promise<boolean> {
  const rows = await store.read.select({ id: store.t.workspace.id }).from(store.t.workspace).limit(1);
  return rows.length === 0;
}

/**
 * Makes workspace, sign-in and member. Two people racing meet at the one row of `installation`: the second is refused and
 * nothing of theirs is kept.
 */
export async function setUp(
  { store, sessions, newId, now }: Needs,
  input: SetUp,
): Promise<{ ok: true; workspaceId: string; memberId: string } | Refusal> {
  if (!(await isEmpty(store))) return taken();
  const workspaceId = newId("ws");
  const memberId = newId("mem");
  if (!(await claim(store, { workspaceId, slot: "first", at: now })))
    return (await isEmpty(store)) ? beingTaken() : taken();
  const { name, email, zone, locale, currency, country } = input;
  // There is no workspace yet: a sign-in with this e-mail is what a set-up left that died between its two writes.
  await sessions.forgetUser(email);
  const userId = await sessions.addUser({ email, name, password: input.password });
  if (!userId) return refuse("CONFLICT", "This e-mail already has a sign-in here. Sign in with it.");
  const workspace: Row<"workspace"> = {
    id: workspaceId,
    name: input.workspace,
    zone,
    locale,
    currency,
    country,
    demo: false,
    settings: {},
    createdAt: now,
  };
  await store.commit([
    {
      workspaceId,
      guards: [],
      events: [],
      put: {
        workspace: [workspace],
        dayCount: [{ workspaceId, zone }],
        member: [owner({ workspaceId, id: memberId, userId, name, email, zone, country, locale, createdAt: now })],
      },
      drop: {},
    },
  ]);
  return { ok: true, workspaceId, memberId };
}

const taken = () =>
  refuse(
    "NOT_ALLOWED",
    "This server is set up already, so nothing was made. Ask an admin of the workspace for an account.",
  );

const beingTaken = () =>
  refuse("UNAVAILABLE", "This server is being set up at this moment, so nothing was made. Try again in a minute.");

/** The owner holds every role: alone in a new workspace, one does the whole loop. */
const owner = (
  who: Pick<
    Row<"member">,
    "workspaceId" | "id" | "userId" | "name" | "email" | "zone" | "country" | "locale" | "createdAt"
  >,
): Row<"member"> => ({
  ...who,
  email: who.email.toLowerCase(),
  roles: ["admin", "ops", "manager", "rep"],
  processRoles: [],
  teamId: null,
  managerId: null,
  backupId: null,
  theme: "system",
  capacityPerDay: null,
  status: "active",
});

/** A claim whose owner never finished (a kill between the two writes) is taken over after a minute. */
async function claim(store: Store, row: Row<"installation">): Promise<boolean> {
  const [held] = await store.read.select().from(store.t.installation).limit(1);
  if (held && row.at - held.at < 60_000) return false;
  try {
    await store.commit([
      {
        workspaceId: row.workspaceId,
        guards: [],
        events: [],
        put: { installation: [row] },
        drop: held ? { installation: [[held.workspaceId]] } : {},
      },
    ]);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

const isDuplicate = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "code" in error &&
  (error.code === "SQLITE_CONSTRAINT_UNIQUE" || error.code === "23505");
