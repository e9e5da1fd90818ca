/** How a run writes records: changes, new ones, locks. Every write is a fact of the record's own stream. */
import { announceAll } from "./clocks/clocks.ts";
import { type FeelValue, came, isTagged } from "./expression/index.ts";
import type { EngineRecord, Plain, Values } from "./model.ts";
import { type Turn, emit, primary, recordNamed } from "./turn.ts";
import type { Beside } from "./world.ts";

/** Writes fields of one record; derived fields follow. Returns what really changed. */
export function changeRecord(
  turn: Turn,
  record: EngineRecord,
  values: Values,
  source: string,
): Record<string, { from: Plain; to: Plain }> {
  const { model } = turn.world;
  const written = { ...record.values, ...values };
  const beside = besideOf(turn, record.type, record.id, written);
  const after = model.derive(record.type, written, turn.instant, record.values, beside);
  const changes = changesOf(record.values, after);
  if (Object.keys(changes).length === 0) return changes;
  const next = { ...changedNow(turn, record), values: after };
  turn.world.records.set(record.id, next);
  emit(turn, "RecordChanged", { type: record.type, changes, source }, { kind: "record", id: record.id }, next.version);
  touch(turn, record, model.businessEvents(record.type, record.values, after), false);
  deriveWholes(turn, record.type, after, source);
  return changes;
}

/** The record one version on. Its time never runs back: a command that waited its turn carries an earlier one. */
export const changedNow = (turn: Turn, record: EngineRecord): EngineRecord => ({
  ...record,
  version: record.version + 1,
  changedAt: Math.max(turn.now, record.changedAt ?? 0),
});

/** Fields whose value differs, an absent one being null: what was there first, in its order, then what is new. */
export function changesOf(before: Values, after: Values): Record<string, { from: Plain; to: Plain }> {
  const changes: Record<string, { from: Plain; to: Plain }> = {};
  const look = (field: string) => {
    const from = before[field] ?? null;
    const to = after[field] ?? null;
    // Most fields stand as they stood, and most values are no lists.
    if (from !== to && JSON.stringify(from) !== JSON.stringify(to)) changes[field] = { from, to };
  };
  for (const field in before) look(field);
  for (const field in after) if (!Object.hasOwn(before, field)) look(field);
  return changes;
}

/** What is loaded of the records this one is computed from. Without any, the stored sums stay. */
function besideOf(turn: Turn, type: string, id: string, values: Values): Beside {
  const { world } = turn;
  const beside: Beside = {};
  if (typeof values.quote_id === "string") beside.quote = world.records.get(values.quote_id)?.values ?? null;
  for (const part of world.model.parts(type)) {
    // Activities may be many; they are counted where one is logged by hand.
    if (part.as !== "lines" && part.as !== "payments") continue;
    beside[part.as] = world.newest(part.type, id).flatMap((r) => (r.values[part.field] === id ? [r.values] : []));
  }
  return beside;
}

/** A line or payment has changed: the quote or invoice it belongs to is added up anew. */
function deriveWholes(turn: Turn, type: string, values: Values, source: string): void {
  for (const { type: whole, field } of turn.world.model.wholes(type)) {
    const id = values[field];
    const record = typeof id === "string" ? turn.world.records.get(id) : undefined;
    if (record?.type === whole) changeRecord(turn, record, {}, source);
  }
}

/** Creates a record; `values` are as stored. */
export function createRecord(turn: Turn, type: string, values: Values, source: string): EngineRecord {
  const { model, world } = { model: turn.world.model, world: turn.world };
  const id = world.recordId(type, turn.command.id, turn.created++);
  // Nobody types a number for what a process makes, and without one nobody could save it later.
  const given = model.numbered(type, id, { ...model.defaults(type), ...values });
  if (isBlank(given.currency) && model.hasField(type, "currency"))
    given.currency = primary(turn)?.values.currency ?? world.workspace.currency;
  const record: EngineRecord = {
    type,
    id,
    version: 1,
    createdAt: turn.instant,
    changedAt: turn.now,
    values: model.derive(type, given, turn.instant, null, besideOf(turn, type, id, given)),
  };
  world.records.set(id, record);
  emit(turn, "RecordCreated", { type, values: record.values, source }, { kind: "record", id }, 1);
  touch(turn, record, ["record.created", ...model.businessEvents(type, null, record.values)], true);
  deriveWholes(turn, type, record.values, source);
  return record;
}

const isBlank = (value: Plain | undefined) => value === undefined || value === null || value === "";

export function lockRecord(turn: Turn, record: EngineRecord, run: string | null): void {
  if ((record.lockedBy ?? null) === run) return;
  const { lockedBy: _, ...free } = changedNow(turn, record);
  const next: EngineRecord = { ...free, ...(run && { lockedBy: run }) };
  turn.world.records.set(record.id, next);
  emit(turn, "RecordLocked", { type: record.type, run }, { kind: "record", id: record.id }, next.version);
}

function touch(turn: Turn, record: EngineRecord, events: string[], created: boolean): void {
  hearOwn(turn, record, events);
  turn.dirty = true;
  const touched = (turn.touched ??= new Map());
  const known = touched.get(record.id) ?? { type: record.type, events: new Set<string>(), created };
  for (const event of events) known.events.add(event);
  touched.set(record.id, known);
}

/**
 * What a run writes is news to its own clocks, at once: the step that issues the invoice ends the promise to issue it. Others are
 * told by a job.
 */
function hearOwn(turn: Turn, { id }: EngineRecord, events: readonly string[]): void {
  const { run, process } = turn;
  const news = events.filter((event) => event !== "record.created" && process.latched.has(event));
  if (news.length && (id === run.recordId || Object.values(run.related).includes(id))) announceAll(turn, news);
}

/**
 * Writes one named field (`object.field` or `run.variable`) with a FEEL result. A record that is not there yet is created,
 * linked. Returns a sentence when the value does not fit.
 */
export function writeField(turn: Turn, path: string, value: FeelValue, source: string): string | null {
  const dot = path.indexOf(".");
  const object = path.slice(0, dot);
  const field = path.slice(dot + 1);
  if (object === "run") return writeVariable(turn, field, value, source);
  const record = recordNamed(turn, object) ?? createRelated(turn, object, source);
  if (!record) return `There is no ${object} to write ${field} to.`;
  const stored = turn.world.model.fromFeel(record.type, field, value, record);
  if (!stored.ok) return stored.text;
  changeRecord(turn, record, { [field]: stored.value }, source);
  return null;
}

function writeVariable(turn: Turn, name: string, value: FeelValue, source: string): string | null {
  const variable = turn.process.document.variables[name];
  if (!variable) return `The process has no variable ${name}.`;
  const plain = variableValue(value);
  // No variable holds a list, so that says what it does take.
  const wrong = checkVariable(variable, plain === undefined ? [] : plain, name);
  if (wrong) return typeof plain === "string" && variable.type === "picklist" ? wrong : `${wrong} ${came(value)}`;
  emit(turn, "VariablesSet", { values: { [name]: plain ?? null }, cause: source });
  turn.dirty = true;
  return null;
}

/** As a variable keeps it: dates and durations as their text. Undefined for what none can hold: lists, objects, functions. */
const variableValue = (value: FeelValue): Plain | undefined => {
  if (value === null || typeof value !== "object") return value;
  return isTagged(value) && value.kind !== "function" ? value.text : undefined;
};

/** Null, or why this value does not fit the variable. */
export function checkVariable(
  variable: { type: string; values?: string[] | undefined },
  value: Plain,
  name: string,
): string | null {
  if (value === null) return null;
  switch (variable.type) {
    case "picklist":
      if (Array.isArray(value)) return `${name} takes one of its values.`;
      return typeof value === "string" && (!variable.values || variable.values.includes(value))
        ? null
        : `“${String(value)}” is not one of the values of ${name}.`;
    case "integer":
      return typeof value === "number" && Number.isInteger(value) ? null : `${name} takes a whole number.`;
    case "decimal":
    case "percent":
      return typeof value === "number" ? null : `${name} takes a number.`;
    case "boolean":
      return typeof value === "boolean" ? null : `${name} takes yes or no.`;
    case "date":
      return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? null : `${name} takes a date.`;
    case "datetime":
      return typeof value === "number" || (typeof value === "string" && /^-?\d{4,9}-\d\d-\d\d(T|$)/.test(value))
        ? null
        : `${name} takes a date and time.`;
    default:
      return typeof value === "string" ? null : `${name} takes text.`;
  }
}

/** The related record of this name, created and linked when it is absent. */
export function createRelated(turn: Turn, name: string, source: string): EngineRecord | null {
  const rule = turn.process.document.related[name];
  const { model } = turn.world;
  const type =
    rule?.newest ??
    (rule?.path
      ? (model.references(turn.run.recordType).find((r) => r.field === rule.path!.split(".").at(-1))?.to ?? name)
      : name);
  if (!model.knows(type)) return null;
  const record = createRecord(turn, type, linksFor(turn, type), source);
  bind(turn, name, record.id);
  const field = rule?.path?.split(".").at(-1);
  const main = primary(turn);
  if (field && main && model.hasField(main.type, field)) changeRecord(turn, main, { [field]: record.id }, source);
  return record;
}

/** Values for the reference fields of a new record: whatever of this run's records fits. */
export function linksFor(turn: Turn, type: string): Values {
  const links: Values = {};
  const main = primary(turn);
  for (const { field, to } of turn.world.model.references(type)) {
    const name = to === turn.run.recordType ? turn.run.recordType : to;
    const id = to === turn.run.recordType ? turn.run.recordId : (turn.run.related[name] ?? null);
    if (id) links[field] = id;
    else if (main && typeof main.values[field] === "string") links[field] = main.values[field]!;
  }
  return links;
}

export function bind(turn: Turn, name: string, id: string | null): void {
  if ((turn.run.related[name] ?? null) === id) return;
  emit(turn, "RelatedBound", { name, id });
}

/** Looks the related records up anew: references may have been set, newer ones created. */
export function rebind(turn: Turn): void {
  for (const [name, rule] of Object.entries(turn.process.document.related)) bind(turn, name, findRelated(turn, rule));
}

export function findRelated(
  turn: Pick<Turn, "run" | "world" | "process">,
  rule: { path?: string; newest?: string; of?: string; through?: string; where?: string },
): string | null {
  const { world, run } = turn;
  const where = rule.where ? turn.process.expression(rule.where) : null;
  const fits = (record: EngineRecord) => {
    if (!where) return true;
    const context = world.model.toFeel(record);
    const result = where.evaluate({
      now: run.lastAt,
      zone: world.workspace.zone,
      get: (name) => (name === record.type ? context : undefined),
    });
    return result.value === true;
  };
  if (rule.path) {
    const [object, field] = rule.path.includes(".")
      ? [rule.path.slice(0, rule.path.indexOf(".")), rule.path.slice(rule.path.indexOf(".") + 1)]
      : [run.recordType, rule.path];
    const id = object === run.recordType ? run.recordId : run.related[object];
    const value = id ? world.records.get(id)?.values[field] : null;
    const record = typeof value === "string" ? world.records.get(value) : undefined;
    return record && fits(record) ? record.id : null;
  }
  if (!rule.newest) return null;
  const named = (name: string) => (name === run.recordType ? run.recordId : run.related[name]);
  for (const of of [named(rule.of ?? run.recordType), rule.through ? named(rule.through) : null]) {
    const found = of ? world.newest(rule.newest, of).find(fits) : undefined;
    if (found) return found.id;
  }
  return null;
}
