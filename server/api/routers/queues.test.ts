import { beforeAll, expect, it } from "vitest";
import type { Process } from "@/server/engine/process.ts";
import type { QueueSettings } from "@/server/engine/work/queue-settings.ts";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
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
const key = () => `q_${own.mark.toLowerCase()}`;
const always = { from: 0, to: 4_000_000_000_000 };

it("a queue keeps what the workspace says of it; weights and caps of people who are not in it are dropped", async () => {
  const queue = { key: key(), name: "Pool", members: [own.memberId], isNew: false };
  const settings = {
    strategy: "round_robin" as const,
    weights: { [own.memberId]: 3, mem_gone: 2 },
    caps: { [own.memberId]: 12 },
    cap: 5,
  };
  await as("ops").queues.save({ ...queue, settings, isNew: true });
  const find = async () => (await as("manager").queues.list()).find((one) => one.key === key());
  expect(await find()).toMatchObject({
    settings: { strategy: "round_robin", weights: { [own.memberId]: 3 }, caps: { [own.memberId]: 12 }, cap: 5 },
  });
  // Saved by somebody who does not know of settings, they stay.
  await as("ops").queues.save(queue);
  expect((await find())?.settings).toMatchObject({ cap: 5 });
  const refused: [settings: QueueSettings, text: string][] = [
    [{ strategy: "territory" }, "A queue that picks by territory needs a rule. Nothing was saved."],
    [{ strategy: "expression", who: " " }, "A queue that picks by an expression needs one. Nothing was saved."],
    [{ territories: [{ when: "((", to: own.memberId }] }, "Nothing was saved."],
    [{ territories: [{ to: "stranger@elsewhere.test" }] }, "Rule 1 names stranger@elsewhere.test, and nobody here"],
  ];
  for (const [wrong, text] of refused)
    await expect(as("ops").queues.save({ ...queue, settings: wrong })).rejects.toThrow(text);
});

it("the ledger and its file are for those who lead; reps do not see who got what", async () => {
  expect(await as("manager").queues.ledger({ key: key(), ...always })).toMatchObject({ name: "Pool", picks: [] });
  const { csv, complete } = await as("manager").queues.exportLedger({ key: key(), ...always });
  expect([csv.split(",")[0]?.slice(1), complete]).toEqual(["event", true]);
  await expect(as("rep").queues.ledger({ key: key(), ...always })).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(as("admin").queues.ledger({ key: "nothing", ...always })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("work is moved within one's reach, and taken back the same way", async () => {
  const [runId = "", work = ""] = own.workId.split(".");
  const { store } = server.services;
  const assignee = async () =>
    (await store.read.select().from(store.t.workItem)).find((row) => row.runId === runId && row.work === work)
      ?.assignee;
  const from = (await assignee())!;
  expect(from).not.toBe(own.people.rep.memberId);
  const to = own.people.rep.memberId;
  const plan = await as("ops").queues.plan({ of: { team: own.teamId }, from: null, to: null, most: 5 });
  expect(plan.people.every((one) => one.after >= 0)).toBe(true);
  expect(await as("admin").queues.move({ moves: [{ id: own.workId, from, to }] })).toEqual({
    moved: [{ id: own.workId, from, to }],
    left: [],
  });
  expect(await assignee()).toBe(to);
  const again = await as("admin").queues.move({ moves: [{ id: own.workId, from, to }] });
  expect(again).toMatchObject({
    moved: [],
    left: [{ text: "Somebody else has this task by now. It was left where it is." }],
  });
  await as("admin").queues.move({ moves: [{ id: own.workId, from: to, to: from }] });
  expect(await assignee()).toBe(from);
  await expect(as("rep").queues.move({ moves: [{ id: own.workId, from, to }] })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  await expect(
    as("manager").queues.move({ moves: [{ id: own.workId, from, to: own.people.admin.memberId }] }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("a pick is tried on a record of the process's type only", async () => {
  const process = {
    key: "tried",
    name: "Tried",
    recordType: "account",
    roles: { am: { name: "Account manager" } },
    nodes: [
      { id: "start", kind: "start" as const, name: "Start" },
      { id: "done", kind: "end" as const, name: "Done" },
    ],
    edges: [{ id: "e1", from: "start", to: "done" }],
  };
  const asked = { document: process, role: "am", node: null, record: own.recordId, at: null };
  expect(await as("ops").queues.try(asked)).toMatchObject({ role: "Account manager", pool: expect.any(Array) });
  await expect(as("ops").queues.try({ ...asked, document: { ...process, recordType: "lead" } })).rejects.toThrow(
    "This process is not about records of this type.",
  );
  await expect(as("manager").queues.try(asked)).rejects.toMatchObject({ code: "FORBIDDEN" });
});

it("a queue that a process brings is called by words until somebody names it, and by that name wherever it is told of", async () => {
  const { processes, queues, records, runs } = as("admin");
  const document = textGraph("desk", "ask:task\nstart -> ask -> done", {
    recordType: "account",
    roles: { desk: { name: "Desk", queue: "key_accounts" } },
    queues: { key_accounts: { role: "desk", strategy: "least_loaded" } },
    nodes: { ask: { role: "desk" } },
  }) as Process;
  const { processId } = await processes.create({ document });
  const { revision } = await processes.edit({ id: processId });
  await processes.publish({ id: processId, note: "first", revision });
  const nameOf = async () => (await queues.list()).find((one) => one.key === "key_accounts")?.name;
  expect(await nameOf()).toBe("Key accounts");

  await queues.save({ key: "key_accounts", name: "Our largest customers", members: [own.memberId], isNew: false });
  expect(await nameOf()).toBe("Our largest customers");
  const { id: recordId } = await records.create({ type: "account", values: { name: "Lotus Foods" } });
  await runs.start({ process: "desk", recordId });
  const record = await records.read({ id: recordId });
  const [run] = record.runs;
  expect(record.events.flatMap(({ pick }) => pick?.queue ?? [])).toEqual(["Our largest customers"]);
  const { places } = await runs.why({ id: run!.id });
  const picks = places.flatMap(({ way }) => way.flatMap(({ assigned }) => assigned.map(({ pick }) => pick?.queue)));
  expect(picks).toEqual(["Our largest customers"]);
});
