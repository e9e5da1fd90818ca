import { beforeAll, describe, expect, it } from "vitest";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import type { Role } from "../authorisation.ts";
import { createCaller } from "../router.ts";

let server: TestServer;
let own: Side;
beforeAll(async () => {
  server = await startServer();
  const { engine, clock } = server.services;
  ({ own } = await twoWorkspaces(engine, clock.now()));
});

const as = (role: Role) => createCaller({ services: server.services, person: own.people[role], signal: undefined });
const day = 86_400_000;

describe("absences", () => {
  it("are one's own to note, a team's for its manager, and their reason is told to nobody else", async () => {
    const now = server.services.clock.now();
    const of = (role: Role, at: number) => ({
      memberId: own.people[role].memberId,
      from: now + at * day,
      to: now + (at + 1) * day,
      reason: "Dentist",
    });
    await as("rep").absences.add(of("rep", 1));
    await expect(as("rep").absences.add(of("manager", 1))).rejects.toThrow("This person does not exist");
    await expect(as("manager").absences.add(of("rep", 5))).rejects.toThrow("This person does not exist");
    await as("admin").people.change({
      id: own.people.rep.memberId,
      patch: { managerId: own.people.manager.memberId },
    });
    const { id } = await as("manager").absences.add(of("rep", 5));
    const seen = async (role: Role) => (await as(role).absences.list()).map((one) => [one.reason, one.mayChange]);
    expect(await seen("rep")).toEqual([
      ["Dentist", true],
      ["Dentist", true],
    ]);
    await as("ops").absences.add(of("admin", 2));
    expect((await seen("rep"))[1]).toEqual([null, false]);
    await as("manager").absences.remove({ id });
    expect(await seen("manager")).toHaveLength(2);
  });
});

describe("the audit", () => {
  it("shows keys and refused rights beside the facts of the log, and comes as a file", async () => {
    const { id } = await as("admin").keys.create({ name: "reporting", scopes: ["reports.*"], days: 30 });
    await as("admin").keys.revoke({ id });
    await expect(as("rep").keys.list()).rejects.toThrow("Your role may not do that.");
    const { entries } = await as("ops").audit.list({ area: "rights" });
    expect(entries.slice(0, 3).map((one) => [one.what, one.ok, one.detail])).toEqual([
      ["keys.read", false, null],
      ["keys.revoke", true, "reporting"],
      ["keys.create", true, "reporting: reports.*"],
    ]);
    expect(await as("ops").audit.list({ actorId: own.people.rep.memberId, area: "rights" })).toMatchObject({
      entries: [{ what: "keys.read" }],
    });
    const { csv, complete } = await as("ops").audit.export({});
    expect(complete).toBe(true);
    expect(csv.split("\r\n")[0]).toContain("id,at_utc,actor,");
    expect(csv).toContain("keys.revoke");
  });

  it("pages through everything once, whatever kind it is", async () => {
    const all = (await as("admin").audit.list({ limit: 200 })).entries.map((one) => one.id);
    const paged: string[] = [];
    let cursor: { seq: number; audit: string } | undefined;
    for (let page = 0; page < 100; page++) {
      const { entries, next } = await as("admin").audit.list({ limit: 2, ...(cursor && { cursor }) });
      paged.push(...entries.map((one) => one.id));
      if (!next) break;
      cursor = next;
    }
    expect(paged).toEqual(all);
    expect(new Set(paged).size).toBe(paged.length);
  });
});

describe("mail", () => {
  it("says when no server is set, and that nothing was sent", async () => {
    expect(await as("admin").mail.state()).toMatchObject({ configured: false, to: own.people.admin.email });
    await expect(as("admin").mail.test()).rejects.toThrow("No mail server is set, so nothing was sent.");
  });
});

describe("a named person", () => {
  it("can be let in with an address and a password, once", async () => {
    const { store, newId, sessions } = server.services;
    const [like] = (await store.read.select().from(store.t.member)).filter((one) => one.id === own.memberId);
    const id = newId("mem");
    const member = { ...like!, id, userId: null, name: "Named Only", email: "" };
    await store.commit([{ workspaceId: own.workspaceId, guards: [], events: [], put: { member: [member] }, drop: {} }]);
    server.services.engine.contexts.forget(own.workspaceId);
    const input = { id, email: "Named@acme.test", password: "a first password" };
    await as("admin").people.letSignIn(input);
    await expect(as("admin").people.letSignIn({ ...input, email: "again@acme.test" })).rejects.toThrow(
      "This person can sign in already. Nothing was changed.",
    );
    const headers = new Headers({ origin: server.url, host: new URL(server.url).host });
    expect(await sessions.signIn("named@acme.test", input.password, headers)).not.toBeNull();
    expect(await sessions.signIn("again@acme.test", input.password, headers)).toBeNull();
  });
});
