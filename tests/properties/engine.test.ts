/** What holds for every process and every order of commands. A failure prints its seed; that seed becomes a named test. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { mapRecords } from "@/server/commands/load-world.ts";
import { overlay } from "@/server/commands/overlay.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import type { Event } from "@/server/engine/events.ts";
import { copyRun } from "@/server/engine/run-shape.ts";
import { evolve } from "@/server/engine/evolve.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { EngineRecord, Run } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { checkDraft, compileVersion } from "@/server/steps/index.ts";
import { bareWorld } from "../support/bare-world.ts";
import { type Block, blocks, processOf } from "../support/random-process.ts";

const hour = 3_600_000;
const begin = Date.UTC(2026, 2, 2, 2);
const team = ["lan", "tom"];

/** What somebody tries next; `pick` chooses among what is open then, and may miss. */
type Try = { what: (typeof kinds)[number]; pick: number; who: number; hours: number };
const kinds = [
  "complete",
  "complete",
  "complete",
  "complete_absent",
  "news",
  "time",
  "time",
  "claim",
  "release",
  "hand_over",
  "pause",
  "resume",
  "snooze",
  "start",
  "suspend",
  "resume_run",
  "cancel",
  "stop",
  "jump",
  "skip",
  "add",
  "retry",
] as const;
const tries: fc.Arbitrary<Try[]> = fc.array(
  fc.record({
    what: fc.constantFrom(...kinds),
    pick: fc.nat(3),
    who: fc.nat(1),
    hours: fc.integer({ min: 0, max: 12 }),
  }),
  { maxLength: 30 },
);

function commandOf(one: Try, run: Run, at: number, n: number, nodes: readonly string[]): RunCommand {
  const open = Object.keys(run.work);
  const work = open[one.pick % Math.max(1, open.length)] ?? "w999";
  const base = {
    id: `c${n}`,
    workspaceId: "ws",
    runId: "run",
    at,
    actor: { kind: "member", id: team[one.who]! },
  } as const;
  switch (one.what) {
    case "complete":
      return { ...base, type: "completeWork", work, outcome: null, values: {} };
    case "complete_absent":
      return { ...base, type: "completeWork", work: "w999", outcome: null, values: {} };
    case "news":
      return { ...base, type: "receiveMessage", event: "news", payload: {} };
    case "time":
      return { ...base, actor: { kind: "system" }, type: "fireTimer", timer: "m1" };
    case "claim":
      return { ...base, type: "assignWork", work, how: { kind: "claim" } };
    case "release":
      return { ...base, type: "assignWork", work, how: { kind: "release" } };
    case "hand_over":
      return { ...base, type: "assignWork", work, how: { kind: "hand_over", to: team[1 - one.who]! } };
    case "pause":
      return { ...base, type: "pauseWork", work, reason: "waits" };
    case "resume":
      return { ...base, type: "resumeWork", work };
    case "snooze":
      return { ...base, type: "snoozeWork", work, until: at + one.hours * hour };
    case "start":
      return { ...base, type: "startWork", work };
    case "suspend":
      return { ...base, type: "suspendRun", reason: "holiday" };
    case "resume_run":
      return { ...base, type: "resumeRun" };
    case "stop":
      return { ...base, type: "receiveMessage", event: "stop", payload: {} };
    case "retry":
      return { ...base, type: "retryIncident", incident: Object.keys(run.incidents)[0] ?? "i999" };
    case "jump":
    case "skip":
    case "add": {
      const token = Object.values(run.tokens)[one.pick % Math.max(1, Object.keys(run.tokens).length)];
      const to = nodes[(one.pick * 7 + one.hours) % nodes.length] ?? "";
      const how =
        one.what === "add"
          ? ({ kind: "add", node: to } as const)
          : one.what === "skip"
            ? ({ kind: "skip", token: token?.id ?? "t999" } as const)
            : ({ kind: "jump", token: token?.id ?? "t999", to } as const);
      return { ...base, type: "jump", how, reason: "by hand" };
    }
    case "cancel":
      // Once in a while only: a cancelled run has no more to show.
      return one.pick === 3 ? { ...base, type: "cancelRun", reason: "over" } : { ...base, type: "startWork", work };
    default:
      return one.what satisfies never;
  }
}

const json = (value: unknown) => JSON.stringify(value);
const plain = (run: Run): unknown => JSON.parse(json(run));

function fold(events: readonly Event[]): Run {
  let run: Run | null = null;
  for (const event of events) if (event.stream.kind === "run") run = evolve(run && copyRun(run), event);
  if (!run) throw new Error("no events");
  return run;
}

/** Nothing outlives the token it was made for, and tokens neither vanish nor appear. */
function lawful(run: Run, events: readonly Event[]): void {
  for (const visit of Object.values(run.visits)) expect(run.tokens[visit.token]?.visit).toBe(visit.id);
  for (const work of Object.values(run.work)) {
    expect(run.tokens[work.token]).toBeDefined();
    expect(run.visits[work.visit]).toBeDefined();
  }
  for (const timer of Object.values(run.timers)) {
    if (timer.token) expect(run.tokens[timer.token]).toBeDefined();
    if (timer.clock) expect(run.clocks[timer.clock]).toBeDefined();
    if (timer.work) expect(run.work[timer.work]).toBeDefined();
  }
  for (const clock of Object.values(run.clocks)) if (clock.visit) expect(run.visits[clock.visit]).toBeDefined();
  let tokens = 1;
  for (const event of events) {
    if (event.type === "TokenLeft") tokens += event.data.edges.length - 1 - (event.data.merged?.length ?? 0);
    if (event.type === "ScopeOpened" || event.type === "GoalReached") tokens++;
    if (event.type === "BoundaryFired" && event.data.beside) tokens++;
    if (event.type === "RunJumped" && (event.data.how === "jump" || event.data.how === "add")) tokens++;
  }
  for (const token of Object.values(run.tokens)) if (token.scope) expect(run.scopes[token.scope]).toBeDefined();
  for (const scope of Object.values(run.scopes)) expect(run.tokens[scope.token]?.node).toBe(scope.node);
  expect(Object.keys(run.tokens)).toHaveLength(tokens);
  if (run.status === "completed" || run.status === "cancelled") {
    expect(tokens).toBe(0);
    expect([run.work, run.timers, run.clocks, run.visits].map((left) => Object.keys(left))).toEqual([[], [], [], []]);
  } else expect(tokens).toBeGreaterThan(0);
}

/** Plays it all, checks each step, and gives back the log. */
function play(process: CompiledProcess, given: readonly Try[]): Event[] {
  const lead: EngineRecord = { type: "lead", id: "lead", version: 1, createdAt: begin, values: { owner_id: "lan" } };
  const records = mapRecords(new Map([[lead.id, lead]]));
  const events: Event[] = [];
  let at = begin;
  let run: Run | null = null;
  const send = (command: RunCommand): void => {
    const before = json(run);
    const layer = overlay(records);
    const decided = decide(process, run, command, bareWorld(layer, team));
    expect(json(run)).toBe(before);
    if (!decided.ok) return expect(json([...records.values()])).toBe(json([lead]));
    layer.merge();
    events.push(...decided.events);
    run = decided.run;
    expect(plain(fold(events))).toEqual(plain(run));
    lawful(run, events);
  };
  send({
    id: "c0",
    workspaceId: "ws",
    runId: "run",
    at,
    actor: { kind: "system" },
    type: "startRun",
    process: "random",
    version: 1,
    recordType: "lead",
    recordId: "lead",
    trigger: { event: "manual", at },
  });
  given.forEach((one, i) => {
    at += one.what === "time" ? one.hours * hour : 60_000;
    send(commandOf(one, run!, at, i + 1, [...process.nodes.keys()]));
  });
  return events;
}

const compiled = (block: Block): CompiledProcess => {
  const document = processSchema.parse(processOf(block));
  expect(checkDraft(document).filter((p) => p.severity === "error")).toEqual([]);
  return compileVersion(document, 1);
};

it("the log rebuilds the run, tokens are conserved, nothing outlives its token, a refusal changes nothing, the same again gives the same log", () => {
  fc.assert(
    fc.property(blocks, tries, (block, given) => {
      const process = compiled(block);
      const log = play(process, given);
      expect(json(play(process, given))).toBe(json(log));
    }),
    { numRuns: globalThis.process.env.TEST_LONG ? 10_000 : 300, verbose: 1 },
  );
}, 600_000);

it("a snoozed task that is completed leaves no timer behind", () => {
  const task: Block = {
    kind: "sequence",
    blocks: [
      { kind: "task", sla: false, edge: "none" },
      { kind: "task", sla: false, edge: "none" },
    ],
  };
  const log = play(compiled(task), [
    { what: "snooze", pick: 0, who: 0, hours: 1 },
    { what: "complete", pick: 0, who: 0, hours: 0 },
  ]);
  expect(log.filter((event) => event.type.startsWith("Timer")).map((event) => event.type)).toEqual([
    "TimerSet",
    "TimerCancelled",
  ]);
});
