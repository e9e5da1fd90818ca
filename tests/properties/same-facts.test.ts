/**
 * How the engine works may change, the facts it puts in the log may not: what it says of two fixed walks is held here as the hash
 * of every event, in the form the log's chain is made of. A new field of an event is a new hash; a changed meaning is a new event type.
 */
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { canonical } from "@/db/chain.ts";
import { mapRecords } from "@/server/commands/load-world.ts";
import { layerOver } from "@/server/engine/layer.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import type { Event } from "@/server/engine/events.ts";
import type { EngineRecord, Plain, Run } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { bareWorld } from "../support/bare-world.ts";

const begin = Date.UTC(2026, 2, 2, 2);
const hour = 3_600_000;

/** Everything that is open is done, one task an hour, until the run has ended or `most` tasks are done. */
function walk(document: object, most: number): Event[] {
  const process = compileVersion(processSchema.parse(document), 1);
  const lead: EngineRecord = {
    type: "lead",
    id: "lead",
    version: 1,
    createdAt: begin,
    values: { owner_id: "lan", last_name: "Acme" },
  };
  const records = mapRecords(new Map([[lead.id, lead]]));
  const world = bareWorld(layerOver(records), ["lan", "tom"]);
  const events: Event[] = [];
  let run: Run | null = null;
  const send = (command: RunCommand) => {
    const decided = decide(process, run, command, world);
    if (!decided.ok) throw new Error(decided.text);
    events.push(...decided.events);
    return decided.run;
  };
  const base = { workspaceId: "ws", runId: "run" };
  run = send({
    ...base,
    id: "c0",
    at: begin,
    actor: { kind: "system" },
    type: "startRun",
    process: "walk",
    version: 1,
    recordType: "lead",
    recordId: "lead",
    trigger: { event: "manual", at: begin },
  });
  for (let n = 1; n <= most && run.endedAt === null; n++) {
    const work = Object.values(run.work)[0]!;
    const { node } = process.nodes.get(work.node)!;
    const outcomes = (node.config as { outcomes?: { id: string }[] }).outcomes;
    run = send({
      ...base,
      id: `c${n}`,
      at: begin + n * hour,
      actor: { kind: "member", id: n % 2 ? "lan" : "tom" },
      type: "completeWork",
      work: work.id,
      outcome: outcomes ? outcomes[n % outcomes.length]!.id : null,
      values: {},
    });
  }
  return events;
}

const plain = (events: readonly Event[]) => JSON.parse(JSON.stringify(events)) as Plain;
const hashOf = (events: readonly Event[]) =>
  createHash("sha256")
    .update(canonical(plain(events)))
    .digest("hex");
const named = { key: "walk", name: "Walk", recordType: "lead", roles: { ae: { name: "Account executive" } } };
const step = (id: string, kind: string, more: object = {}) => ({ id, kind, name: id, ...more });
const way = (from: string, to: string, more: object = {}) => ({ id: `${from}_${to}`, from, to, ...more });

it("a round of a task, choices, a parallel split and its join, back to the task", () => {
  const events = walk(
    {
      ...named,
      nodes: [
        step("start", "start"),
        step("a", "task", { role: "ae" }),
        step("size", "decision"),
        step("b", "automation"),
        step("c", "automation"),
        step("split", "parallel"),
        step("d", "automation"),
        step("e", "automation"),
        step("meet", "join"),
        step("again", "decision"),
        step("done", "end"),
      ],
      edges: [
        way("start", "a"),
        way("a", "size"),
        way("size", "b", { when: 'lead.last_name = "big"' }),
        way("size", "c", { otherwise: true }),
        way("b", "split"),
        way("c", "split"),
        way("split", "d"),
        way("split", "e"),
        way("d", "meet"),
        way("e", "meet"),
        way("meet", "again"),
        way("again", "done", { when: 'lead.last_name = "over"' }),
        way("again", "a", { otherwise: true, rework: true }),
      ],
    },
    20,
  );
  expect([events.length, hashOf(events)]).toEqual([
    426,
    "179af4027a6ae7362eb226c318cf7e1edd3658e29c7154ededab4bdef216c738",
  ]);
});

it("branches of an inclusive split with clocks, a loop with a cap that writes a variable, and an end", () => {
  const events = walk(
    {
      ...named,
      variables: { n: { type: "integer", default: 2 } },
      slas: { reply: { name: "Reply", target: "PT3H", warnAt: [50], pauseWhen: "run.n > 2" } },
      nodes: [
        step("start", "start"),
        step("any", "inclusive"),
        step("x", "task", { role: "ae", slas: ["reply"] }),
        step("y", "task", { role: "ae", slas: ["reply"] }),
        step("z", "task", { role: "ae" }),
        step("meet", "join", { config: { mode: "taken" } }),
        step("count", "automation", { actions: [{ verb: "set", field: "run.n", value: "run.n + 1" }] }),
        step("ask", "task", {
          role: "ae",
          slas: ["reply"],
          config: {
            outcomes: [
              { id: "more", label: "More" },
              { id: "stop", label: "Stop" },
            ],
          },
        }),
        step("done", "end"),
      ],
      edges: [
        way("start", "any"),
        way("any", "x", { when: "run.n > 0" }),
        way("any", "y", { when: "run.n > 1" }),
        way("any", "z", { otherwise: true }),
        way("x", "meet"),
        way("y", "meet"),
        way("z", "meet"),
        way("meet", "count"),
        way("count", "ask"),
        way("ask", "any", { port: "more", rework: true, cap: 3 }),
        way("ask", "done", { port: "stop" }),
      ],
    },
    20,
  );
  expect([events.length, hashOf(events)]).toEqual([
    44,
    "9d6355436d6f476d9ce434e7b96bba0d5b538e65a67c7853cb3f683c5d2dd211",
  ]);
});
