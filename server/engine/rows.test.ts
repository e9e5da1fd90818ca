import { expect, it } from "vitest";
import { compileVersion } from "@/server/steps/index.ts";
import { bareWorld } from "@/tests/support/bare-world.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { processSchema } from "./process.ts";
import { clockRow, keyRows, linkRows, newVisitRow, newWorkRow, recordRow, runRow } from "./rows.ts";

const begin = Date.UTC(2026, 2, 2, 2);
const bench = openBareBench(begin);
const text = "ask:task\nstart -> ask -> done";
const more = {
  slas: { fast: { name: "Fast", target: "PT4H" } },
  nodes: { ask: { slas: ["fast"] } },
};
const process = compileVersion(processSchema.parse(textGraph("asked", text, more)), 1);
const started = async () => {
  const { runId, id } = await playOn(bench, "asked", text, more);
  return { run: structuredClone(await bench.run(runId)), id };
};
const { model } = bareWorld(null as never);

it("a visit's row as it begins", async () => {
  const { run, id } = await started();
  const visit = run.visits.v1!;
  const row = newVisitRow(process, run, { ...visit, valueAtRisk: null });
  expect(row).toMatchObject({
    workspaceId: "ws",
    runId: run.id,
    visit: "v1",
    node: "ask",
    kind: "task",
    recordId: id,
    role: "ae",
    enteredAt: begin,
    skipped: false,
    cancelled: false,
    rework: false,
    calendar: null,
    zone: null,
    valueAssumed: true,
    startRecorded: true,
    pauses: [],
  });
  const calendar = { key: "office", revision: 1, zone: "Asia/Ho_Chi_Minh", country: "VN" };
  expect(newVisitRow(process, run, { ...visit, valueAtRisk: 500, calendar } as typeof visit)).toMatchObject({
    valueAtRisk: 500,
    valueAssumed: false,
    calendar: "office",
    zone: "Asia/Ho_Chi_Minh",
  });
  expect(newVisitRow(process, run, { ...visit, node: "start" })).toMatchObject({ kind: "start", role: null });
  expect(newVisitRow(process, run, { ...visit, node: "of_before" })).toMatchObject({ kind: "task", role: null });
});

it("a task's row as it is offered", async () => {
  const { run, id } = await started();
  expect(newWorkRow(run, run.work.w1!)).toMatchObject({
    workspaceId: "ws",
    runId: run.id,
    work: "w1",
    visit: "v1",
    node: "ask",
    recordType: "lead",
    recordId: id,
    role: "ae",
    queue: null,
    approval: false,
    offeredAt: begin,
    assignee: null,
    completedAt: null,
  });
});

it("a clock's row while it runs, when it was breached, and when it ends", async () => {
  const { run } = await started();
  const clock = run.clocks.c1!;
  expect(clockRow(run, clock, false)).toMatchObject({
    sla: "fast",
    node: "ask",
    visit: "v1",
    startedAt: begin,
    dueAt: begin + 4 * 3_600_000,
    breachedAt: null,
    stoppedAt: null,
    breachedWith: null,
  });
  const sla = { ...clock.clock, breachedAt: begin + 9, stoppedAt: begin + 10 };
  const late = { ...clock, breachedWith: "lan", clock: sla };
  expect(clockRow(run, late, true)).toMatchObject({
    breachedAt: begin + 9,
    stoppedAt: begin + 10,
    breachedWith: "lan",
  });
  expect(clockRow(run, late, false).stoppedAt).toBeNull();
  expect(clockRow({ ...run, lastAt: begin + 7 }, clock, true).stoppedAt).toBe(begin + 7);
  const { dueAt: _, ...open } = clock.clock;
  expect(clockRow(run, { ...clock, clock: open as typeof clock.clock }, false).dueAt).toBeNull();
});

it("a run's own row counts its incidents", async () => {
  const { run, id } = await started();
  expect(runRow(run)).toEqual({
    workspaceId: "ws",
    id: run.id,
    process: "asked",
    version: run.version,
    recordType: "lead",
    recordId: id,
    status: "active",
    outcome: null,
    endNode: null,
    incidents: 0,
    rev: run.rev,
    startedAt: begin,
    endedAt: null,
    lastAt: begin,
    state: run,
  });
});

it("a record's row has its promoted columns, the rows beside it its references and match keys", () => {
  const values = {
    last_name: "Ann",
    email: "ann@lines.com",
    company_name: "Lines",
    owner_id: "lan",
    account_id: "acc_1",
    external_id: 7,
    status: "new",
  };
  const record = { type: "contact", id: "con_1", version: 3, createdAt: begin, values };
  expect(recordRow("ws", record, model, begin + 5)).toMatchObject({
    id: "con_1",
    type: "contact",
    version: 3,
    ownerId: "lan",
    accountId: "acc_1",
    externalId: null,
    lockedBy: null,
    createdAt: begin,
    updatedAt: begin + 5,
    deletedAt: null,
  });
  expect(recordRow("ws", { ...record, lockedBy: "run_1" }, model, begin)).toMatchObject({ lockedBy: "run_1" });
  expect(
    recordRow("ws", { ...record, values: { ...values, owner_id: null, external_id: "crm-7" } }, model, begin),
  ).toMatchObject({
    ownerId: null,
    externalId: "crm-7",
  });
  expect(linkRows("ws", record, model)).toContainEqual({
    workspaceId: "ws",
    fromId: "con_1",
    field: "account_id",
    toId: "acc_1",
    fromType: "contact",
  });
  expect(linkRows("ws", record, model).every((link) => typeof link.toId === "string")).toBe(true);
  const keys = keyRows("ws", record, model);
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.every(({ workspaceId, recordId }) => workspaceId === "ws" && recordId === "con_1")).toBe(true);
});
