import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Store } from "@/db/store.ts";
import { readAddress } from "@/server/http/hosts.ts";
import { countedIds, fingerprint } from "@/server/runtime/ids.ts";
import { openLog } from "@/server/runtime/log.ts";
import { cheapPasswords } from "@/tests/support/cheap-passwords.ts";
import { describeOnBoth, onSqlite } from "@/tests/support/databases.ts";
import { personOfUser } from "./person.ts";
import { openSessions } from "./sessions.ts";
import { isEmpty, setUp } from "./set-up.ts";

const at = Date.UTC(2026, 4, 4, 9);
const owner = {
  workspace: "Acme",
  name: "Linh",
  email: "Linh@Acme.test",
  password: "correct horse battery",
  zone: "Asia/Ho_Chi_Minh",
  locale: "vi",
  currency: "VND",
  country: "VN",
} as const;

function sessionsOn(store: Store, baseUrl?: string) {
  const read = readAddress({ PORT: "4000", ...(baseUrl && { BASE_URL: baseUrl }) });
  if (!read.ok) throw new Error(read.text);
  const newId = countedIds();
  const sessions = openSessions({
    store,
    newId,
    secret: "s".repeat(43),
    address: read.address,
    log: openLog("silent"),
    passwordCost: cheapPasswords,
  });
  return { sessions, newId };
}

const browser = (cookies: string[] = []) =>
  new Headers({
    origin: "http://127.0.0.1:4000",
    host: "127.0.0.1:4000",
    ...(cookies.length && { cookie: cookies.map((c) => c.split(";")[0]).join("; ") }),
  });

describeOnBoth("sign-in", (open) => {
  it("lets the first person set the server up, once, and sign in", async () => {
    const store = await open();
    const { sessions, newId } = sessionsOn(store);
    expect(await isEmpty(store)).toBe(true);
    const made = await setUp({ store, sessions, newId, now: at }, owner);
    expect(made).toMatchObject({ ok: true });
    expect(await setUp({ store, sessions, newId, now: at }, { ...owner, email: "late@acme.test" })).toMatchObject({
      ok: false,
      code: "NOT_ALLOWED",
    });

    const signedIn = await sessions.signIn("linh@acme.test", owner.password, browser());
    const who = await sessions.who(browser(signedIn?.cookies));
    expect(who?.userId).toBe(signedIn?.userId);
    expect(await personOfUser(store, String(signedIn?.userId))).toMatchObject({
      name: "Linh",
      roles: ["admin", "ops", "manager", "rep"],
      zone: "Asia/Ho_Chi_Minh",
      locale: "vi",
    });
  });

  it("lets one of two people racing for an empty server win, and keeps nothing of the other", async () => {
    const store = await open();
    const { sessions, newId } = sessionsOn(store);
    const answers = await Promise.all(
      ["a@x.test", "b@x.test"].map((email) => setUp({ store, sessions, newId, now: at }, { ...owner, email })),
    );
    expect(answers.map((answer) => answer.ok).sort()).toEqual([false, true]);
    expect(await store.read.$count(store.t.workspace)).toBe(1);
    expect(await store.read.$count(store.t.authUser)).toBe(1);
  });

  it("refuses a wrong password and an unknown person alike", async () => {
    const store = await open();
    const { sessions, newId } = sessionsOn(store);
    await setUp({ store, sessions, newId, now: at }, owner);
    expect(await sessions.signIn("linh@acme.test", "wrong horse battery", browser())).toBeNull();
    expect(await sessions.signIn("nobody@acme.test", owner.password, browser())).toBeNull();
  });

  it("keeps only the hash of a session's token, and its cookie is shut to scripts", async () => {
    const store = await open();
    const { sessions, newId } = sessionsOn(store);
    await setUp({ store, sessions, newId, now: at }, owner);
    const signedIn = await sessions.signIn("linh@acme.test", owner.password, browser());
    const cookie = signedIn?.cookies[0] ?? "";
    expect(cookie).toMatch(/^millrace=[^;]+;.*HttpOnly.*SameSite=Lax/);
    const token = decodeURIComponent(cookie.slice("millrace=".length)).split(".")[0] ?? "";
    expect(token).toHaveLength(43);
    const [row] = await store.read.select().from(store.t.authSession);
    expect(row?.token).toBe(fingerprint(token));
    expect(JSON.stringify(row)).not.toContain(token);
  });

  it("ends a session on the server at sign-out, whatever cookie is sent later", async () => {
    const store = await open();
    const { sessions, newId } = sessionsOn(store);
    await setUp({ store, sessions, newId, now: at }, owner);
    const signedIn = await sessions.signIn("linh@acme.test", owner.password, browser());
    await sessions.signOut(browser(signedIn?.cookies));
    expect(await sessions.who(browser(signedIn?.cookies))).toBeNull();
    expect(await store.read.$count(store.t.authSession)).toBe(0);
  });

  it("ends every session at a change of password", async () => {
    const store = await open();
    const { sessions, newId } = sessionsOn(store);
    await setUp({ store, sessions, newId, now: at }, owner);
    const [first, second] = [
      await sessions.signIn("linh@acme.test", owner.password, browser()),
      await sessions.signIn("linh@acme.test", owner.password, browser()),
    ];
    await sessions.setPassword(String(first?.userId), "another long password");
    expect(await sessions.who(browser(first?.cookies))).toBeNull();
    expect(await sessions.who(browser(second?.cookies))).toBeNull();
    expect(await sessions.signIn("linh@acme.test", "another long password", browser())).not.toBeNull();
  });

  it("never moves a session's end beyond seven days after its sign-in", async () => {
    const store = await open();
    const { sessions, newId } = sessionsOn(store);
    await setUp({ store, sessions, newId, now: at }, owner);
    const signedIn = await sessions.signIn("linh@acme.test", owner.password, browser());
    const [row] = await store.read.select().from(store.t.authSession);
    if (!row) throw new Error("no session");
    // Signed in seven days less an hour ago, idle for eleven and a half hours.
    const day = 24 * 60 * 60 * 1000;
    const createdAt = row.createdAt - 7 * day + 3_600_000;
    await store.commit([
      {
        workspaceId: "",
        guards: [],
        events: [],
        put: { authSession: [{ ...row, createdAt, expiresAt: row.createdAt + 1_800_000 }] },
        drop: {},
      },
    ]);
    const who = await sessions.who(browser(signedIn?.cookies), true);
    expect(who).not.toBeNull();
    const [after] = await store.read.select().from(store.t.authSession).where(eq(store.t.authSession.id, row.id));
    expect(after?.expiresAt).toBe(createdAt + 7 * day);
  });
});

describe("behind https", () => {
  const open = onSqlite();
  it("the cookie is bound to this host and to https", async () => {
    const store = await open();
    const { sessions, newId } = sessionsOn(store, "https://millrace.example.com");
    await setUp({ store, sessions, newId, now: at }, owner);
    const signedIn = await sessions.signIn(
      "linh@acme.test",
      owner.password,
      new Headers({ origin: "https://millrace.example.com" }),
    );
    expect(signedIn?.cookies[0]).toMatch(
      /^__Host-millrace=[^;]+;(?!.*Domain)(?=.*Path=\/(;|$))(?=.*HttpOnly)(?=.*Secure)/,
    );
    expect((await sessions.who(browser(signedIn?.cookies)))?.userId).toBe(signedIn?.userId);
  });
});
