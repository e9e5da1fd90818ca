/**
 * Random sound processes, edited at random, with runs anywhere in them: a migration is refused with nothing changed, or the run goes on
 * lawfully and can finish. A failure prints its seed; that seed becomes a named test.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { mapRecords } from "@/server/commands/load-world.ts";
import { overlay } from "@/server/commands/overlay.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import type { Event } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { MigrationPlan } from "@/server/engine/migrate/map.ts";
import { pairsOf, proposeMap } from "@/server/engine/migrate/propose.ts";
import type { EngineRecord, Run } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { checkDraft, compileVersion } from "@/server/steps/index.ts";
import { bareWorld } from "../support/bare-world.ts";
import { blocks, edited, edits, processOf } from "../support/random-process.ts";
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

/** The proposal, or one that somebody has spoilt: pairs left out, pairs turned. */
type Spoil = { drop: number[]; turn: number[]; reassign: boolean; rebase: boolean };
const spoils: fc.Arbitrary<Spoil> = fc.record({
  drop: fc.array(fc.nat(9), { maxLength: 2 }),
  turn: fc.array(fc.nat(9), { maxLength: 2 }),
  reassign: fc.boolean(),
  rebase: fc.boolean(),
});

function planOf(source: CompiledProcess, target: CompiledProcess, spoil: Spoil): MigrationPlan {
  const pairs = pairsOf(proposeMap(source, target));
  const nodes = pairs.flatMap((pair, i) => {
    if (spoil.drop.includes(i)) return [];
    const other = spoil.turn.includes(i) ? pairs[(i + 1) % pairs.length] : undefined;
    return [other ? { from: pair.from, to: other.to } : pair];
  });
  return {
    nodes,
    ...(spoil.reassign && { reassign: [...source.nodes.keys()] }),
    ...(spoil.rebase && { rebase: ["fast"] }),
  };
}

/** One run on one lead; it remembers its versions. */
function walk(first: CompiledProcess, second: CompiledProcess) {
  const lead: EngineRecord = { type: "lead", id: "lead", version: 1, createdAt: begin, values: { owner_id: "lan" } };
  const records = mapRecords(new Map([[lead.id, lead]]));
  const events: Event[] = [];
  const versions = [first, second];
  let run: Run | null = null;
  let folded: Run | null = null;
  let at = begin;
  let count = 0;
  const stops = lineStops();
  const walker = {
    events,
    run: () => run!,
    process: () => versions.find(({ version }) => version === run!.version)!,
    passes: (ms: number) => void (at += ms),
    send(command: Omit<RunCommand, "id" | "workspaceId" | "runId" | "at" | "actor"> | RunCommand) {
      const before = json(run);
      const layer = overlay(records);
      const world = {
        ...bareWorld(layer, team),
        ...stops.world,
        live: () => ({ key: "other", version: 1, recordType: "lead" }),
        version: (_: string, no: number) => versions[no - 1] ?? null,
      };
      const base = { id: `c${count++}`, workspaceId: "ws", runId: "run", at, actor: { kind: "system" as const } };
      const decided = decide(run ? walker.process() : first, run, { ...base, ...command, at } as RunCommand, world);
      same(json(run), before);
      if (!decided.ok) return decided;
      layer.merge();
      events.push(...decided.events);
      run = decided.run;
      folded = fold(decided.events, folded && (plain(folded) as Run));
      same(plain(folded), plain(run));
      lawful(run, events);
      return decided;
    },
    try(one: Try) {
      at += one.what === "time" ? one.hours * hour : 60_000;
      stops.toggle(walker.process(), one, run!);
      fill(records, one);
      return walker.send(commandOf(walker.process(), one, run!, at, count));
    },
  };
  walker.send({
    type: "startRun",
    process: "random",
    version: 1,
    recordType: "lead",
    recordId: "lead",
    trigger: { event: "manual", at },
  } as RunCommand);
  return walker;
}

/** What an undo must give back: everything but where the log stands. */
const state = (run: Run) => json({ ...(plain(run) as Run), rev: 0, lastAt: 0, toldAt: undefined });

/** What no earlier step of its run had: clocks, timers and names of the other version hold together. */
function belongs(run: Run, process: CompiledProcess): void {
  for (const { node } of [...Object.values(run.tokens), ...Object.values(run.visits), ...Object.values(run.work)])
    if (!process.nodes.has(node)) expect(node).toBe("a step of its version");
  for (const clock of Object.values(run.clocks)) if (!process.slas.has(clock.sla)) expect(clock.sla).toBe("known");
  for (const timer of Object.values(run.timers)) {
    const host = timer.token ? run.tokens[timer.token] : undefined;
    const event = timer.name.startsWith("boundary:") ? timer.name.slice("boundary:".length) : null;
    if (host && event !== null && !process.nodes.get(host.node)?.boundary.some(({ id }) => id === event))
      expect(timer.name).toBe("an event at the edge of its step");
  }
}

const compile = (document: object, version: number) => compileVersion(processSchema.parse(document), version);
const { TEST_LONG, TEST_SHORT } = globalThis.process.env;
const numRuns = TEST_LONG ? 30_000 : TEST_SHORT ? 50 : 500;
const counts = { moved: 0, refused: 0, undone: 0, over: 0 };

it("a migration changes nothing and says why, or the run goes on lawfully; taken back, the run is what it was", () => {
  fc.assert(
    fc.property(blocks, edits, tries, tries, spoils, (block, changes, earlier, later, spoil) => {
      const source = compile(processOf(block), 1);
      const target = compile(processOf(changes.reduce(edited, block)), 2);
      if (checkDraft(target.document).some(({ severity }) => severity === "error")) return;
      const walker = walk(source, target);
      for (const one of earlier) walker.try(one);
      if (walker.run().endedAt !== null) return void counts.over++;
      const plan = planOf(source, target, spoil);
      const moved = walker.send({
        type: "migrateRun",
        to: { process: "random", version: 2 },
        plan,
        reason: "new version",
      } as RunCommand);
      if (!moved.ok) {
        counts.refused++;
        expect(moved.text).toMatch(/\.$/);
        return;
      }
      counts.moved++;
      if (walker.run().version === 2) belongs(walker.run(), target);
      const first = moved.events.find((event) => event.type === "RunMigrated")!;
      const { before: from = 0 } = first.data;
      const mine = moved.events.filter(({ version }) => version > from);
      if (!mine.some(({ type }) => type === "TokenLeft" || type === "TokenEntered")) {
        // Timers that were due rang before it: that much stays.
        const before = fold(walker.events.filter(({ version }) => version <= from));
        const kept = walker.events.length;
        const undone = walker.send({
          type: "undoMigration",
          before,
          reason: "not yet",
          seen: walker.run().rev,
        } as RunCommand);
        expect(undone.ok).toBe(true);
        expect(state(walker.run())).toBe(state(before));
        counts.undone++;
        // And once more, to go on.
        expect(walker.events.length).toBeGreaterThan(kept);
        walker.send({ type: "migrateRun", to: { process: "random", version: 2 }, plan, reason: "again" } as RunCommand);
      }
      for (const one of later) walker.try(one);
    }),
    { numRuns, verbose: 1 },
  );
  console.log(JSON.stringify(counts));
}, 3_600_000);
