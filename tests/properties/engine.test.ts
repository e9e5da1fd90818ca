/** What holds for every process and every order of commands. A failure prints its seed; that seed becomes a named test. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { mapRecords } from "@/server/commands/load-world.ts";
import { layerOver } from "@/server/engine/layer.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import type { Event } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { EngineRecord, Run } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { checkDraft, compileVersion } from "@/server/steps/index.ts";
import { bareWorld } from "../support/bare-world.ts";
import { drawings, processOfDrawing } from "../support/random-drawing.ts";
import { type Block, blocks, processOf, rows } from "../support/random-process.ts";
import {
  begin,
  commandOf,
  fill,
  fold,
  hour,
  json,
  lawful,
  lineStops,
  plain,
  same,
  team,
  tries,
  type Try,
} from "../support/random-walk.ts";

/** The process that steps call. */
const other = { key: "other", version: 1, recordType: "lead" };

/** Plays it all, checks each step, and gives back the log. */
function play(process: CompiledProcess, given: readonly Try[]): Event[] {
  const lead: EngineRecord = { type: "lead", id: "lead", version: 1, createdAt: begin, values: { owner_id: "lan" } };
  const records = mapRecords(new Map([[lead.id, lead]]));
  const stops = lineStops();
  const events: Event[] = [];
  let at = begin;
  let run: Run | null = null;
  let folded: Run | null = null;
  const send = (command: RunCommand): void => {
    const before = json(run);
    const known = json([...records.values()]);
    const layer = layerOver(records);
    const world = { ...bareWorld(layer, team), ...stops.world, live: () => other };
    const decided = decide(process, run, command, world);
    same(json(run), before);
    if (!decided.ok) return same(json([...records.values()]), known);
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
    stops.toggle(process, one, run!);
    fill(records, one);
    send(commandOf(process, one, run!, at, i + 1));
  });
  same(plain(fold(events)), plain(run!));
  return events;
}

const errorsOf = (document: object) => checkDraft(processSchema.parse(document)).filter((p) => p.severity === "error");
const compile = (document: object): CompiledProcess => compileVersion(processSchema.parse(document), 1);

/** Half of blocks inside blocks, half of any shape that is sound: both may be published. */
const documents = fc.oneof(
  rows.map(processOf),
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
      // Playing once more takes as long as the first time; one in four is enough to find what depends on more than its input.
      if (given.length % 4 === 0) same(json(play(process, given)), json(log));
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

it("a step put beside the others by hand may be the last to go on, by a condition, and the run ends (seed 1327953774)", () => {
  const process = compile({
    ...processOf({ kind: "task", sla: false, edge: "none" }),
    nodes: [
      { id: "start", kind: "start", name: "start" },
      { id: "call", kind: "task", name: "call", role: "ae" },
      {
        id: "count",
        kind: "automation",
        name: "count",
        actions: [{ verb: "set", field: "run.n", value: "run.n + 1" }],
      },
      { id: "grown", kind: "wait", name: "grown", config: { for: "condition", condition: "run.n > 0" } },
      { id: "done", kind: "end", name: "done" },
    ],
    edges: [
      { id: "e1", from: "start", to: "call" },
      { id: "e2", from: "call", to: "count" },
      { id: "e3", from: "count", to: "done" },
      { id: "e4", from: "grown", to: "done" },
    ],
  });
  const types = play(process, [
    { what: "add", pick: 0, who: 0, hours: 3 },
    { what: "complete", pick: 0, who: 0, hours: 0 },
  ]).map((event) => event.type);
  expect(types).toContain("RunJumped");
  expect(types.at(-1)).toBe("RunCompleted");
});
