import { beforeAll, describe, expect, it } from "vitest";
import { diffProcess } from "@/server/engine/diff.ts";
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
const as = (role: "admin" | "ops" | "rep") =>
  createCaller({ services: server.services, person: own.people[role], signal: undefined }).processes;

describe("drafts", () => {
  it("are each person's own; somebody else's is announced, can be read, and is not changed by copying it", async () => {
    const id = own.processId;
    const opened = await as("ops").edit({ id });
    expect(opened.live?.key).toBe(opened.document.key);
    const renamed = { ...opened.document, name: "Renamed by ops" };
    const saved = await as("ops").save({
      id,
      revision: opened.revision,
      baseVersion: opened.baseVersion,
      document: renamed,
    });

    const seen = await as("admin").edit({ id });
    const member = own.people.ops.memberId;
    expect(seen.others).toMatchObject([{ memberId: member, changes: 1 }]);
    const theirs = await as("admin").draftOf({ id, memberId: member });
    expect(diffProcess(seen.document, theirs.document)).toMatchObject([{ part: "process", fields: ["name"] }]);
    await as("admin").save({
      id,
      revision: seen.revision,
      baseVersion: seen.baseVersion,
      document: theirs.document,
    });
    expect((await as("ops").edit({ id })).revision).toBe(saved.revision);
    await as("admin").discard({ id });
  });

  it("saved in one window are not overwritten by another that opened earlier", async () => {
    const id = own.processId;
    const first = await as("ops").edit({ id });
    const save = (revision: number, name: string) =>
      as("ops").save({ id, revision, baseVersion: first.baseVersion, document: { ...first.document, name } });
    await save(first.revision, "First window");
    await expect(save(first.revision, "Second window")).rejects.toThrow("another window");
    const stored = await as("ops").edit({ id });
    expect(stored.document.name).toBe("First window");
    // Keep mine: saved again, over the revision that was met.
    await save(stored.revision, "Second window");
    expect((await as("ops").edit({ id })).document.name).toBe("Second window");
  });

  it("of an older version become a draft again, and publishing it makes a new version", async () => {
    const id = own.processId;
    const before = await as("ops").read({ id, version: 1 });
    const mine = await as("ops").edit({ id });
    const named = { ...mine.document, name: "Newer" };
    const { revision } = await as("ops").save({
      id,
      revision: mine.revision,
      baseVersion: mine.liveVersion,
      document: named,
    });
    const { version } = await as("ops").publish({ id, note: "Newer name", revision });
    expect(version).toBe(2);
    const again = await as("ops").edit({ id });
    const restored = await as("ops").save({
      id,
      revision: again.revision,
      baseVersion: again.liveVersion,
      document: before.document!,
    });
    const last = await as("ops").publish({ id, note: "Back to version 1", revision: restored.revision });
    expect(diffProcess(before.document!, (await as("ops").read({ id, version: last.version })).document!)).toEqual([]);
  });
});

describe("the editor", () => {
  it("is offered fields with their values, processes, events and KPIs, in the reader's language", async () => {
    const choices = await as("ops").choices();
    const stage = choices.types.find((t) => t.key === "opportunity")?.fields.find((f) => f.name === "stage");
    expect(stage?.options?.length).toBeGreaterThan(3);
    expect(choices.processes.map((p) => p.key)).toContain(own.processKey);
    expect(choices.kpis.find((k) => k.id === "throughput")).toMatchObject({ computable: true });
    expect(choices.events).toContain("quote.accepted");
    await expect(as("rep").choices()).rejects.toThrow();
  });
});
