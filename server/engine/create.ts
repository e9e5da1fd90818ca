/** Making a record: from the fields that another has of the same name and of the same meaning. */
import type { Place } from "./actions.ts";
import type { Values } from "./model.ts";
import type { Action } from "./process.ts";
import { bind, changeRecord, createRecord, linksFor, rebind, writeField } from "./records.ts";
import { type Turn, emit, evaluate, primary, recordNamed } from "./turn.ts";

/** Null, or why nothing was made. */
export type Made = { code: string; text: string } | null;

/** What a copy has of its own: where it stands, and the number it is known by. */
const ownFields = new Set(["status", "stage", "number"]);

/** Copies the fields of the same name and of the same meaning, links both ways; entered again in the same run it updates the open record it made. */
export function create(turn: Turn, action: Extract<Action, { verb: "create" }>, place: Place, by: string): Made {
  const { model } = turn.world;
  if (!model.knows(action.type)) return { code: "UNKNOWN_TYPE", text: `There is no record type ${action.type}.` };
  const source = action.from ? recordNamed(turn, action.from) : null;
  const values: Values = {};
  if (source) {
    const carried = model.carried(source.type, action.type);
    for (const [from, value] of Object.entries(source.values)) {
      const field = carried[from] ?? from;
      if (value !== null && !ownFields.has(field) && model.hasField(action.type, field)) values[field] = value;
    }
  }
  Object.assign(values, linksFor(turn, action.type));
  const record: { type: string; id: string; version: number; createdAt: number; values: Values } = {
    type: action.type,
    id: "",
    version: 0,
    createdAt: turn.instant,
    values,
  };
  for (const [field, text] of Object.entries(action.with ?? {})) {
    const expression = turn.process.expression(text);
    if (!expression) return { code: "BROKEN_EXPRESSION", text: `The value “${text}” of ${field} cannot be read.` };
    const stored = model.fromFeel(action.type, field, evaluate(turn, expression, place.visit).value, record);
    if (!stored.ok) return { code: "VALUE_REFUSED", text: stored.text };
    values[field] = stored.value;
  }
  const made = turn.run.made[action.type];
  const open = made ? turn.world.records.get(made) : undefined;
  if (open) changeRecord(turn, open, values, by);
  else {
    const created = createRecord(turn, action.type, values, by);
    emit(turn, "RelatedBound", { name: action.type, id: created.id, made: true });
    if (!turn.process.document.related[action.type] && action.type !== turn.run.recordType)
      bind(turn, action.type, created.id);
    const wrong = action.into ? writeField(turn, action.into, created.id, by) : null;
    if (wrong) return { code: "VALUE_REFUSED", text: wrong };
    linkBack(turn, created.type, created.id, by);
  }
  rebind(turn);
  return null;
}

/** A reference of the primary record to the new one's type that is still empty now points to it. */
function linkBack(turn: Turn, type: string, id: string, source: string): void {
  const main = primary(turn);
  if (!main) return;
  const field = turn.world.model
    .references(main.type)
    .find((r) => r.to === type && (main.values[r.field] ?? null) === null)?.field;
  if (field) changeRecord(turn, main, { [field]: id }, source);
}
