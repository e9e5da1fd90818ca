/** Values that somebody would have to set, and the run as it would look with them. */
import { checkVariable, linksFor } from "../records.ts";
import { typeOf } from "../graph.ts";
import type { EngineRecord, Plain, Values } from "../model.ts";
import { type Turn, plainOf, recordNamed } from "../turn.ts";
import type { FeelValue } from "../expression/index.ts";
import { worldApart } from "./looking.ts";

/**
 * One field or run variable. `computed`: nobody types it; it must come out of other fields. `record`: null for one to be made.
 * `example`: the condition does not name this value; others do as well.
 */
export type Setting = {
  path: string;
  object: string;
  field: string;
  type: string;
  record: string | null;
  from: Plain;
  to: Plain;
  computed: boolean;
  example: boolean;
};

/** Null when the name is not one that a value can be set for. */
export function settingOf(turn: Turn, path: string, value: FeelValue, computed = false): Setting | null {
  const dot = path.indexOf(".");
  if (dot < 0) return null;
  const [object, field] = [path.slice(0, dot), path.slice(dot + 1)];
  if (object === "run") {
    const variable = turn.process.document.variables[field];
    const to = plainOf(value);
    if (!variable || checkVariable(variable, to, field)) return null;
    return {
      path,
      object,
      field,
      to,
      computed,
      example: false,
      type: "run",
      record: null,
      from: turn.run.variables[field] ?? null,
    };
  }
  if (object === "step" || object === "loop") return null;
  const { model } = turn.world;
  const record = recordNamed(turn, object);
  const type = record?.type ?? typeOf(turn.process, turn.run, object);
  if (!model.knows(type) || !model.hasField(type, field) || field === "id") return null;
  const stored = model.fromFeel(type, field, value, record);
  if (!stored.ok || model.check(type, field, stored.value)) return null;
  const from = record?.values[field] ?? null;
  return { path, object, field, type, record: record?.id ?? null, from, to: stored.value, computed, example: false };
}

/** The turn as it would look on with these values; the given one is as it was. */
export function withSettings(turn: Turn, settings: readonly Setting[]): Turn {
  const world = worldApart(turn.world);
  const run = { ...turn.run, variables: { ...turn.run.variables }, related: { ...turn.run.related } };
  const trial: Turn = { ...turn, run, world, events: [], touched: new Map() };
  for (const [object, values] of byObject(settings)) {
    if (object === "run") {
      Object.assign(run.variables, valuesOf(values));
      continue;
    }
    const record = recordNamed(trial, object);
    const next = record ? changed(trial, record, values) : made(trial, values[0]!.type, values);
    world.records.set(next.id, next);
    if (!record) run.related[object] = next.id;
  }
  return trial;
}

export function byObject(settings: readonly Setting[]): Map<string, Setting[]> {
  const grouped = new Map<string, Setting[]>();
  for (const one of settings) grouped.set(one.object, [...(grouped.get(one.object) ?? []), one]);
  return grouped;
}

const valuesOf = (settings: readonly Setting[]): Values =>
  Object.fromEntries(settings.map(({ field, to }) => [field, to]));

/** The record with the values, what follows from them computed; computed ones are put as they must come out. */
export function changed({ world, instant }: Turn, record: EngineRecord, settings: readonly Setting[]): EngineRecord {
  const typed = settings.filter(({ computed }) => !computed);
  const values = typed.length
    ? world.model.derive(record.type, { ...record.values, ...valuesOf(typed) }, instant, record.values)
    : { ...record.values };
  return {
    ...record,
    version: record.version + 1,
    values: { ...values, ...valuesOf(settings.filter(({ computed }) => computed)) },
  };
}

/** A record that is not there yet, linked to what the run has. */
export function made(turn: Turn, type: string, settings: readonly Setting[]): EngineRecord {
  const { model } = turn.world;
  const id = `${type}_new`;
  const given = model.numbered(type, id, { ...model.defaults(type), ...linksFor(turn, type) });
  const values = model.derive(
    type,
    { ...given, ...valuesOf(settings.filter(({ computed }) => !computed)) },
    turn.instant,
    null,
  );
  return {
    type,
    id,
    version: 1,
    createdAt: turn.instant,
    values: { ...values, ...valuesOf(settings.filter(({ computed }) => computed)) },
  };
}
