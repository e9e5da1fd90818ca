import { TRPCError } from "@trpc/server";
import { beforeAll, describe, expect, it } from "vitest";
import { createKey } from "@/server/auth/api-keys.ts";
import { type Person, personOfKey } from "@/server/auth/person.ts";
import { procedureInputs } from "@/tests/support/procedure-inputs.ts";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { actions, isAction, keyAllows, type Role, roles, scopeOf } from "./authorisation.ts";
import { errorBody } from "./errors.ts";
import { appRouter, createCaller } from "./router.ts";

const paths = Object.keys(appRouter._def.procedures).sort();
function actionOf(path: string): unknown {
  const found: unknown = new Map<string, unknown>(Object.entries(appRouter._def.procedures)).get(path);
  return (found as { _def: { meta?: { action?: unknown } } } | undefined)?._def.meta?.action;
}

let server: TestServer;
let own: Side;
let foreign: Side;
let absent: Side;
beforeAll(async () => {
  server = await startServer();
  const { engine, clock, uploads } = server.services;
  ({ own, foreign, absent } = await twoWorkspaces(engine, clock.now(), "full", uploads));
});

/** What came out: a refusal's code and sentence, or the value as text. A subscription is asked once and ended. */
async function outcome(path: string, person: Person | null, input: unknown): Promise<{ code: string; text: string }> {
  const end = new AbortController();
  let at: unknown = createCaller({ services: server.services, person, signal: end.signal });
  for (const part of path.split(".")) at = (at as Record<string, unknown>)[part];
  try {
    const value: unknown = await (at as (input: unknown) => unknown)(input);
    if (typeof value === "object" && value !== null && Symbol.asyncIterator in value) {
      end.abort();
      return { code: "OK", text: "" };
    }
    expect(notPlain(value, path)).toEqual([]);
    return { code: "OK", text: JSON.stringify(value) ?? "" };
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    const { code, text } = errorBody(error, "id");
    return { code, text: code === "INTERNAL" ? String(error.cause?.stack ?? error.stack) : text };
  }
}

/** Where an answer holds what JSON would change on its way: a date, a map, no finite number. */
function notPlain(value: unknown, at: string): string[] {
  if (value === null || value === undefined || typeof value === "string" || typeof value === "boolean") return [];
  if (typeof value === "number") return Number.isFinite(value) ? [] : [at];
  if (typeof value !== "object") return [at];
  if (
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) !== Object.prototype &&
    Object.getPrototypeOf(value) !== null
  )
    return [at];
  return Object.entries(value).flatMap(([key, inner]) => notPlain(inner, `${at}.${key}`));
}

describe("the authorisation table", () => {
  it("has a row for every procedure", () => {
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !isAction(actionOf(path)))).toEqual([]);
  });

  it("gives every action to somebody, and nothing to nobody", () => {
    for (const action of actions) {
      expect(
        roles.some((role) => scopeOf(action, [role])),
        action,
      ).toBe(true);
      expect(scopeOf(action, []), action).toBeNull();
    }
  });

  it("counts the union of a person's roles, and the widest reach", () => {
    expect(scopeOf("records.read", ["rep"])).toBe("team");
    expect(scopeOf("records.read", ["rep", "ops"])).toBe("all");
    expect(scopeOf("processes.publish", ["rep", "manager"])).toBeNull();
  });

  it("lets a key do only what its scopes name", () => {
    expect(keyAllows("records.read", ["records.*"])).toBe(true);
    expect(keyAllows("records.read", ["record.*", "records", "reports.read"])).toBe(false);
    expect(keyAllows("keys.create", ["*"])).toBe(true);
    expect(keyAllows("keys.create", [])).toBe(false);
  });
});

describe.each(paths)("%s", (path) => {
  const input = (side: Side) => {
    const make = procedureInputs[path];
    if (!make) throw new Error(`tests/support/procedure-inputs.ts has no input for ${path}.`);
    return make(side);
  };
  const allowed = (role: Role) => {
    const action = actionOf(path);
    return isAction(action) && scopeOf(action, [role]) !== null;
  };

  it("is closed to strangers", async () => {
    expect((await outcome(path, null, input(own))).code).toBe("SIGN_IN");
  });

  it.each(roles.map((role) => [role]))("obeys the table for %s", async (role) => {
    const found = await outcome(path, own.people[role], input(own));
    if (allowed(role))
      expect([found.code, found.text]).not.toEqual([
        expect.stringMatching(/^(NOT_ALLOWED|SIGN_IN|INTERNAL)$/),
        expect.anything(),
      ]);
    else expect(found.code).toBe("NOT_ALLOWED");
  });

  it.each(roles.map((role) => [role]))("keeps a foreign workspace from %s as if it were not there", async (role) => {
    const [onForeign, onAbsent] = [
      await outcome(path, own.people[role], input(foreign)),
      await outcome(path, own.people[role], input(absent)),
    ];
    expect(onForeign.text).not.toContain(foreign.mark);
    expect(onForeign.code).toBe(onAbsent.code);
    if (onForeign.code !== "OK") expect(onForeign.text).toBe(onAbsent.text);
  });

  it("is closed to a key without its scope", async () => {
    const { store, newId, clock } = server.services;
    const { secret } = await createKey(store, newId, clock.now(), {
      workspaceId: own.workspaceId,
      memberId: own.people.admin.memberId,
      name: "narrow",
      scopes: ["demo.clear"],
      days: 1,
    });
    const person = await personOfKey(store, secret, clock.now());
    expect(person).not.toBeNull();
    if (actionOf(path) !== "demo.clear") expect((await outcome(path, person, input(own))).code).toBe("NOT_ALLOWED");
  });
});

describe("a key", () => {
  const day = 86_400_000;
  it("ends at its date, when it is revoked, and when its owner leaves", async () => {
    const { store, newId, clock } = server.services;
    const now = clock.now();
    const make = () =>
      createKey(store, newId, now, {
        workspaceId: own.workspaceId,
        memberId: own.people.ops.memberId,
        name: "k",
        scopes: ["*"],
        days: 10,
      });
    const [dated, revoked, leaver] = [await make(), await make(), await make()];
    expect(await personOfKey(store, dated.secret, now + 10 * day - 1)).toMatchObject({
      memberId: own.people.ops.memberId,
      key: { id: dated.id },
    });
    expect(await personOfKey(store, dated.secret, now + 10 * day)).toBeNull();
    expect(await outcome("keys.revoke", own.people.admin, { id: revoked.id })).toMatchObject({ code: "OK" });
    expect(await personOfKey(store, revoked.secret, now)).toBeNull();
    const [row] = (await store.read.select().from(store.t.member)).filter((one) => one.id === own.people.ops.memberId);
    if (!row) throw new Error("no member");
    await store.commit([
      {
        workspaceId: own.workspaceId,
        guards: [],
        events: [],
        put: { member: [{ ...row, status: "inactive" }] },
        drop: {},
      },
    ]);
    expect(await personOfKey(store, leaver.secret, now)).toBeNull();
  });

  it("is kept as a hash only", async () => {
    const { store, newId, clock } = server.services;
    const { id, secret } = await createKey(store, newId, clock.now(), {
      workspaceId: own.workspaceId,
      memberId: own.memberId,
      name: "k",
      scopes: ["*"],
      days: 1,
    });
    const row = (await store.read.select().from(store.t.apiKey)).find((one) => one.id === id);
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(row)).not.toContain(secret.slice(3));
  });
});

describe("a refused right", () => {
  it("is written into the audit", async () => {
    await outcome("keys.list", own.people.rep, undefined);
    const { store } = server.services;
    const rows = (await store.read.select().from(store.t.audit)).filter((row) => row.action === "keys.read" && !row.ok);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map((row) => row.workspaceId)).toContain(own.workspaceId);
  });
});
