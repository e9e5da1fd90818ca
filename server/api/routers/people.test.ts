import { beforeAll, describe, expect, it } from "vitest";
import { personOfUser } from "@/server/auth/person.ts";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { createCaller } from "../router.ts";

let server: TestServer;
let own: Side;
beforeAll(async () => {
  server = await startServer();
  const { engine, clock } = server.services;
  ({ own } = await twoWorkspaces(engine, clock.now()));
});

const as = (role: "admin" | "rep") =>
  createCaller({ services: server.services, person: own.people[role], signal: undefined });
const mai = {
  name: "Mai Nguyễn",
  email: "Mai@acme.test",
  password: "a long password",
  roles: ["rep" as const],
  processRoles: ["ae"],
  teamId: null,
  managerId: null,
  zone: "Asia/Ho_Chi_Minh",
  country: "VN",
  locale: "vi" as const,
};
const browser = (cookies: string[] = []) =>
  new Headers({
    origin: server.url,
    host: new URL(server.url).host,
    cookie: cookies.map((one) => one.split(";")[0]).join("; "),
  });

describe("people", () => {
  it("are added with a first password, sign in, and lose their session with a change of role", async () => {
    const { sessions, store } = server.services;
    const { id } = await as("admin").people.add(mai);
    const signedIn = await sessions.signIn("mai@acme.test", mai.password, browser());
    expect(await personOfUser(store, String(signedIn?.userId))).toMatchObject({
      memberId: id,
      roles: ["rep"],
      processRoles: ["ae"],
      locale: "vi",
    });

    await as("admin").people.change({ id, patch: { capacityPerDay: 9 } });
    expect(await sessions.who(browser(signedIn?.cookies))).not.toBeNull();
    await as("admin").people.change({ id, patch: { roles: ["manager", "rep"] } });
    expect(await sessions.who(browser(signedIn?.cookies))).toBeNull();

    const again = await sessions.signIn("mai@acme.test", mai.password, browser());
    await as("admin").people.change({ id, patch: { status: "inactive" } });
    expect(await sessions.who(browser(again?.cookies))).toBeNull();
    expect(await personOfUser(store, String(again?.userId))).toBeNull();
  });

  it("have one sign-in each, and nothing is left of a refused one", async () => {
    await expect(as("admin").people.add({ ...mai, email: "mai@ACME.test" })).rejects.toThrow(
      "Somebody here has this e-mail already. Nobody was added.",
    );
    await expect(as("admin").people.add({ ...mai, email: "ha@acme.test", teamId: "team_nowhere" })).rejects.toThrow(
      "This team does not exist.",
    );
    expect(await server.services.sessions.signIn("ha@acme.test", mai.password, browser())).toBeNull();
    await as("admin").people.add({ ...mai, email: "ha@acme.test" });
  });

  it("always include somebody who may change them", async () => {
    const admin = own.people.admin.memberId;
    for (const patch of [{ roles: ["ops" as const] }, { status: "inactive" as const }]) {
      await expect(as("admin").people.change({ id: admin, patch })).rejects.toThrow(
        /leave nobody .* Nothing was changed/,
      );
    }
  });

  it("stand in the log without name or address", async () => {
    const { store } = server.services;
    const events = (await store.read.select().from(store.t.event)).filter((one) => one.type === "SettingChanged");
    expect(events.length).toBeGreaterThan(3);
    expect(events.map((one) => one.version)).toEqual(events.map((_, index) => index + 1));
    expect(JSON.stringify(events)).not.toMatch(/Mai|acme\.test/);
  });

  it("choose their own language, theme and zone, and nothing else", async () => {
    await as("rep").me.change({ locale: "vi", theme: "dark" });
    expect(await personOfUser(server.services.store, String(own.people.rep.userId))).toMatchObject({
      locale: "vi",
      theme: "dark",
      roles: ["rep"],
    });
    await expect(as("rep").me.change({ roles: ["admin"] } as never)).rejects.toThrow();
    await expect(as("rep").me.change({ zone: "Mars/Base" })).rejects.toThrow();
  });
});
