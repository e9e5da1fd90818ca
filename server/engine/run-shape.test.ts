/** Runs are stored as they are; one of an earlier release lacks what came later and goes on all the same. */
import { expect, it } from "vitest";
import { mapRecords } from "@/server/commands/load-world.ts";
import { decide } from "@/server/engine/decide.ts";
import type { Run } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { copyRun } from "@/server/engine/run-shape.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { bareWorld } from "@/tests/support/bare-world.ts";
import { textGraph } from "@/tests/support/text-graph.ts";

/** As release 0.1.0 wrote it: one token at a task, without scopes, messages by id, caps or compensation. */
const stored = {
  id: "run_old",
  workspaceId: "ws",
  process: "old",
  version: 1,
  recordType: "lead",
  recordId: "lead",
  status: "active",
  end: null,
  outcome: null,
  rev: 6,
  startedAt: 1000,
  endedAt: null,
  lastAt: 1000,
  trigger: { event: "manual", at: 1000 },
  parent: null,
  variables: {},
  related: {},
  made: {},
  counters: { token: 1, visit: 1, work: 1, clock: 0, timer: 0, incident: 0, effect: 0 },
  tokens: { t1: { id: "t1", node: "ask", state: "in", since: 1000, edge: "e1", visit: "v1" } },
  visits: {
    v1: {
      id: "v1",
      node: "ask",
      no: 1,
      token: "t1",
      enteredAt: 1000,
      blockedMs: 0,
      touchMs: 0,
      assignee: "lan",
      valueAtRisk: null,
      rework: false,
    },
  },
  work: {
    w1: {
      id: "w1",
      token: "t1",
      visit: "v1",
      node: "ask",
      role: "ae",
      queue: null,
      approval: false,
      state: "claimed",
      assignee: "lan",
      offeredAt: 1000,
      priority: 0,
    },
  },
  clocks: {},
  timers: {},
  incidents: {},
  visited: { ask: 1 },
  automatic: 0,
  spins: {},
  workers: {},
  latches: {},
  ended: {},
  messages: { "reply.received": { at: 900, payload: { text: "yes" } } },
  lastHuman: null,
};

it("a run of an earlier release goes on, takes its early message, and ends", () => {
  const process = compileVersion(
    processSchema.parse(
      textGraph(
        "old",
        `ask:task
         reply:wait for=event event=reply.received
         start -> ask -> reply
         reply.event -> done`,
      ),
    ),
    1,
  );
  const lead = { type: "lead", id: "lead", version: 1, createdAt: 0, values: {} };
  const decided = decide(
    process,
    stored as unknown as Run,
    {
      id: "c1",
      workspaceId: "ws",
      runId: "run_old",
      at: 2000,
      actor: { kind: "member", id: "lan" },
      type: "completeWork",
      work: "w1",
      outcome: null,
      values: {},
    },
    bareWorld(mapRecords(new Map([["lead", lead]]))),
  );
  if (!decided.ok) throw new Error(decided.text);
  expect(decided.run).toMatchObject({ status: "completed", end: "done", messages: {}, scopes: {}, tokens: {} });
  expect(decided.events.find((e) => e.type === "MessageConsumed")?.data).toEqual({
    event: "reply.received",
    token: "t1",
  });
});

it("a copy has every field, also those a stored run lacks, and shares nothing that is changed in place", () => {
  const copy = copyRun(stored as unknown as Run);
  expect(copy).toMatchObject({ scopes: {}, passed: {}, reworks: {}, compensable: [], lastEnd: null });
  expect(copy.counters).toMatchObject({ scope: 0, message: 0 });
  copy.tokens.t1!.node = "elsewhere";
  copy.counters.token = 9;
  expect(stored.tokens.t1.node).toBe("ask");
  expect(stored.counters.token).toBe(1);
});
