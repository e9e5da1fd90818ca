/** A turn that only looks: it has its own layer of records and people, and nothing in it is ever stored. */
import { always } from "../calendar/calendar.ts";
import type { CompiledProcess } from "../graph.ts";
import { layerOver } from "../layer.ts";
import type { EngineRecord, Run } from "../model.ts";
import { copyRun } from "../run-shape.ts";
import { newTurn, type Turn } from "../turn.ts";
import type { RecordRules, Records, World } from "../world.ts";

/** The same world, in which what is tried changes neither records nor the load of people. */
export function worldApart(world: World): World {
  const records = layerOver(world.records);
  const { directory } = world;
  return {
    ...world,
    records,
    directory: {
      ...directory,
      open: new Map(directory.open),
      today: new Map(directory.today),
      turns: new Map(directory.turns),
    },
    newest(type, to) {
      const references = world.model.references(type);
      const all = new Map(world.newest(type, to).map((r) => [r.id, records.get(r.id) ?? r]));
      for (const r of records.values())
        if (r.type === type && references.some(({ field }) => r.values[field] === to)) all.set(r.id, r);
      return [...all.values()].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
    },
  };
}

export const lookingTurn = (process: CompiledProcess, run: Run, world: World, at: number): Turn =>
  newTurn(process, copyRun(run), world, { id: "look", actor: { kind: "system" }, at });

/** What expressions are looked at with: the records at hand, and when. */
export type Seen = { records: ReadonlyMap<string, EngineRecord>; model: RecordRules; zone: string; now: number };

/** A turn on the records at hand alone, for expressions: in its world nobody works, and nothing is told to anybody. */
export function lookingOn(process: CompiledProcess, run: Run, { records: given, model, zone, now }: Seen): Turn {
  const known = new Map(given);
  const records: Records = {
    get: (id) => known.get(id),
    has: (id) => known.has(id),
    set: (id, record) => void known.set(id, record),
    remove: (id) => void known.delete(id),
    values: () => known.values(),
  };
  const nobody = new Map<string, never>();
  const world: World = {
    workspace: { id: run.workspaceId, zone, country: "", currency: "" },
    model,
    records,
    newest: () => [],
    directory: {
      people: nobody,
      queue: () => [],
      role: () => [],
      settings: () => ({}),
      admins: [],
      open: new Map(),
      today: new Map(),
      turns: new Map(),
    },
    processOwner: null,
    atWork: () => true,
    heldBefore: () => null,
    calendar: () => null,
    calendarAt: () => always,
    live: () => null,
    watched: () => false,
    match: () => ({ duplicateOf: null, account: null }),
    recordId: (type, command, n) => `${type}_${command}_${n}`,
  };
  const turn = newTurn(process, { ...run, scopes: run.scopes ?? {} }, world, {
    id: "look",
    actor: { kind: "system" },
    at: now,
  });
  // Also at an instant before the last of the run.
  return { ...turn, now, instant: now };
}
