/** What holds for every process and every order of commands. A failure prints its seed; that seed becomes a named test. */
import { isDeepStrictEqual } from "node:util";
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
import { drawings, processOfDrawing } from "../support/random-drawing.ts";
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
  "rebalance",
  "by_rule",
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

function commandOf(process: CompiledProcess, one: Try, run: Run, at: number, n: number): RunCommand {
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
      return { ...base, type: "completeWork", work, outcome: outcomeOf(process, run, work, one.pick), values: {} };
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
    case "rebalance":
      return {
        ...base,
        type: "assignWork",
        work,
        how: { kind: "rebalance", from: team[one.who]!, to: team[1 - one.who]! },
      };
    case "by_rule":
      return { ...base, type: "assignWork", work, how: { kind: "rule", from: team[one.who]! } };
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
      const nodes = [...process.nodes.keys()];
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

/** One of the exits the task is drawn with, so that every branch is walked. */
function outcomeOf(process: CompiledProcess, run: Run, work: string, pick: number): string | null {
  const node = process.nodes.get(run.work[work]?.node ?? "");
  const ports = node?.definition.ports(node.node, node.config);
  return Array.isArray(ports) && ports[0] !== "done" ? (ports[pick % ports.length] ?? null) : null;
}

const json = (value: unknown) => JSON.stringify(value);
const plain = (run: Run): unknown => JSON.parse(json(run));

function fold(events: readonly Event[], from: Run | null = null): Run {
  let run = from;
  for (const event of events) if (event.stream.kind === "run") run = evolve(run && copyRun(run), event);
  if (!run) throw new Error("no events");
  return run;
}

/** How many tokens there are by the log: one to begin with, and what each event says began or is over. */
function tokensBy(events: readonly Event[]): number {
  let tokens = 1;
  for (const { type, data } of events) {
    if (type === "TokenLeft") tokens += data.edges.length - 1 - (data.merged?.length ?? 0);
    if (type === "ScopeOpened" || type === "GoalReached") tokens++;
    if (type === "BoundaryFired" && data.beside) tokens++;
    if (type === "RunJumped" && (data.how === "jump" || data.how === "add")) tokens++;
  }
  return tokens;
}

/** Nothing outlives the token it was made for, and tokens neither vanish nor appear. */
function lawful(run: Run, events: readonly Event[]): void {
  for (const visit of Object.values(run.visits)) expect(run.tokens[visit.token]?.visit).toBe(visit.id);
  for (const work of Object.values(run.work)) {
    held(run.tokens[work.token]);
    held(run.visits[work.visit]);
  }
  for (const timer of Object.values(run.timers)) {
    if (timer.token) held(run.tokens[timer.token]);
    if (timer.clock) held(run.clocks[timer.clock]);
    if (timer.work) held(run.work[timer.work]);
  }
  for (const clock of Object.values(run.clocks)) if (clock.visit) held(run.visits[clock.visit]);
  for (const token of Object.values(run.tokens)) if (token.scope) held(run.scopes[token.scope]);
  for (const scope of Object.values(run.scopes)) same(run.tokens[scope.token]?.node, scope.node);
  const tokens = tokensBy(events);
  expect(Object.keys(run.tokens)).toHaveLength(tokens);
  if (run.status === "completed" || run.status === "cancelled") {
    expect(tokens).toBe(0);
    expect([run.work, run.timers, run.clocks, run.visits].map((left) => Object.keys(left))).toEqual([[], [], [], []]);
    return;
  }
  expect(tokens).toBeGreaterThan(0);
  // What may be published can always finish: a run that nothing stopped waits for somebody, for time or for news.
  const all = Object.values(run.tokens);
  if (Object.keys(run.incidents).length > 0 || all.some((token) => token.state === "held")) return;
  const waits = all.some((token) => token.condition || (token.events?.length ?? 0) > 0);
  same(waits || Object.keys(run.work).length > 0 || Object.keys(run.timers).length > 0, true);
}

// A thousand of these a second: the matchers of the test runner are too slow for it.
function held(value: unknown): void {
  if (value === undefined) expect(value).toBeDefined();
}
function same(one: unknown, other: unknown): void {
  if (!isDeepStrictEqual(one, other)) expect(one).toEqual(other);
}

/** Plays it all, checks each step, and gives back the log. */
function play(process: CompiledProcess, given: readonly Try[]): Event[] {
  const lead: EngineRecord = { type: "lead", id: "lead", version: 1, createdAt: begin, values: { owner_id: "lan" } };
  const records = mapRecords(new Map([[lead.id, lead]]));
  const untouched = json([lead]);
  const events: Event[] = [];
  let at = begin;
  let run: Run | null = null;
  let folded: Run | null = null;
  const send = (command: RunCommand): void => {
    const before = json(run);
    const layer = overlay(records);
    const decided = decide(process, run, command, bareWorld(layer, team));
    same(json(run), before);
    if (!decided.ok) return same(json([...records.values()]), untouched);
    layer.merge();
    events.push(...decided.events);
    run = decided.run;
    // As a store would keep it: read back, then moved on by the new events alone.
    folded = fold(decided.events, folded && (plain(folded) as Run));
    same(plain(folded), plain(run));
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
    send(commandOf(process, one, run!, at, i + 1));
  });
  same(plain(fold(events)), plain(run!));
  return events;
}

const errorsOf = (document: object) => checkDraft(processSchema.parse(document)).filter((p) => p.severity === "error");
const compile = (document: object): CompiledProcess => compileVersion(processSchema.parse(document), 1);

/** Half of blocks inside blocks, half of any shape that is sound: both may be published. */
const documents = fc.oneof(
  blocks.map(processOf),
  drawings()
    .map(processOfDrawing)
    .filter((document) => errorsOf(document).length === 0),
);

it("blocks inside blocks may always be published", () => {
  fc.assert(
    fc.property(blocks, (block) => same(errorsOf(processOf(block)), [])),
    { numRuns: 100 },
  );
});

const { TEST_LONG, TEST_SHORT } = globalThis.process.env;
const numRuns = TEST_LONG ? 50_000 : TEST_SHORT ? 100 : 2000;
it("the log rebuilds the run, tokens are conserved, nothing outlives its token, a refusal changes nothing, the same again gives the same log", () => {
  fc.assert(
    fc.property(documents, tries, (document, given) => {
      const process = compile(document);
      const log = play(process, given);
      same(json(play(process, given)), json(log));
    }),
    { numRuns, verbose: 1 },
  );
}, 3_600_000);

it("a snoozed task that is completed leaves no timer behind", () => {
  const task: Block = {
    kind: "sequence",
    blocks: [
      { kind: "task", sla: false, edge: "none" },
      { kind: "task", sla: false, edge: "none" },
    ],
  };
  const log = play(compile(processOf(task)), [
    { what: "snooze", pick: 0, who: 0, hours: 1 },
    { what: "complete", pick: 0, who: 0, hours: 0 },
  ]);
  expect(log.filter((event) => event.type.startsWith("Timer")).map((event) => event.type)).toEqual([
    "TimerSet",
    "TimerCancelled",
  ]);
});

it("a branch that a join takes in late may be the last inside a sub-process, which ends with it (seed -542582013)", () => {
  const process = compile(
    processOf({
      kind: "inside",
      stop: false,
      block: {
        kind: "some",
        count: 2,
        cancel: false,
        blocks: [
          { kind: "task", sla: false, edge: "none" },
          { kind: "task", sla: false, edge: "none" },
          { kind: "task", sla: false, edge: "none" },
        ],
      },
    }),
  );
  const complete: Try = { what: "complete", pick: 0, who: 0, hours: 0 };
  const types = play(process, [complete, complete, complete]).map((event) => event.type);
  expect(types.at(-1)).toBe("RunCompleted");
});

it("an end of the whole run takes along what was on its way in that moment", () => {
  const process = compile({
    ...processOf({ kind: "task", sla: false, edge: "none" }),
    nodes: [
      { id: "start", kind: "start", name: "start" },
      { id: "split", kind: "parallel", name: "split" },
      { id: "stop", kind: "end", name: "stop", config: { outcome: "success", terminate: true } },
      { id: "call", kind: "task", name: "call", role: "ae" },
    ],
    edges: [
      { id: "e1", from: "start", to: "split" },
      { id: "e2", from: "split", to: "stop" },
      { id: "e3", from: "split", to: "call" },
    ],
  });
  const types = play(process, []).map((event) => event.type);
  expect(types.at(-1)).toBe("RunCompleted");
  expect(types).not.toContain("WorkOffered");
});
