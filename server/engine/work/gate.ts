/**
 * Stage gates: what has to be there before a step begins (entry) or is finished (exit), and who may move past it. What is missing
 * comes back as the shortest list, each part with the fields that would meet it.
 */
import { evaluate, recordNamed, type Turn } from "../turn.ts";
import type { CompiledNode } from "../graph.ts";
import type { Plain, Values, Visit } from "../model.ts";
import { isEmpty } from "./form.ts";
import { fieldsIn } from "./gate-fields.ts";
import type { Requirement } from "./gate-schema.ts";
import { type Part, shortestUnmet } from "./shortest-unmet.ts";

/** A part that is missing: `fields` would meet it. `when` is the comparison that has to hold, or with `not` has to be false. */
export type Unmet = {
  kind: Requirement["kind"];
  fields: string[];
  text?: string;
  when?: string;
  not?: boolean;
  item?: string;
  record?: string;
  atLeast?: number;
};

/** What keeps a token before this node: the entry condition and what the gate asks for. */
export function entryUnmet(turn: Turn, node: CompiledNode): Unmet[] {
  const { entryCriteria, gate } = node.node;
  const asked: Requirement[] = [
    ...(entryCriteria?.trim() ? [{ kind: "condition" as const, when: entryCriteria }] : []),
    ...(gate?.entry ?? []),
  ];
  return asked.flatMap((one) => unmetOf(turn, node, one, null, []));
}

/** What keeps the step from being finished like this. The turn already sees what the form would save. */
export function exitUnmet(
  turn: Turn,
  node: CompiledNode,
  visit: Visit | null,
  { outcome, ticked, given }: { outcome: string | null; ticked: readonly string[]; given: Values },
): Unmet[] {
  return (node.node.gate?.exit ?? [])
    .filter(({ outcomes }) => !outcomes?.length || (outcome !== null && outcomes.includes(outcome)))
    .flatMap((one) => unmetOf(turn, node, one, visit, ticked, given));
}

function unmetOf(
  turn: Turn,
  node: CompiledNode,
  asked: Requirement,
  visit: Visit | null,
  ticked: readonly string[],
  given: Values = {},
): Unmet[] {
  // A related record that the form makes is not there yet.
  const value = (field: string): Plain => valueAt(turn, field) ?? given[field] ?? null;
  const words = asked.text ? { text: asked.text } : {};
  switch (asked.kind) {
    case "field":
      return isEmpty(value(asked.field), asked.field, turn.process)
        ? [{ kind: "field", fields: [asked.field], ...words }]
        : [];
    case "link":
      return isLink(value(asked.field)) ? [] : [{ kind: "link", fields: [asked.field], ...words }];
    case "note": {
      const note = value(asked.field);
      const { atLeast } = asked;
      return typeof note === "string" && [...note.trim()].length >= atLeast
        ? []
        : [{ kind: "note", fields: [asked.field], atLeast, ...words }];
    }
    case "record": {
      const there = recordNamed(turn, asked.record) !== null;
      const where = asked.where?.trim();
      if (there && (!where || isTrue(turn, where, visit))) return [];
      return [{ kind: "record", fields: [], record: asked.record, ...(where && { when: where }), ...words }];
    }
    case "checklist": {
      const items = (node.node.checklist ?? []).filter(({ id }) => asked.item === undefined || id === asked.item);
      return items
        .filter(({ id }) => !ticked.includes(id))
        .map(({ id, text }) => ({ kind: "checklist" as const, fields: [], item: id, text: asked.text ?? text }));
    }
    case "condition":
      if (!asked.when.trim() || isTrue(turn, asked.when, visit)) return [];
      // With words of its own it is one thing to a person.
      return asked.text
        ? [{ kind: "condition", fields: fieldsIn(asked.when), when: asked.when, text: asked.text }]
        : shortestUnmet(asked.when, (part) => holds(turn, part, visit)).map(unmetPart);
    default:
      return asked satisfies never;
  }
}

const unmetPart = ({ text, not }: Part): Unmet => ({
  kind: "condition",
  fields: fieldsIn(text),
  when: text,
  ...(not && { not }),
});

/** What a part is, or with `not` what it is that must not be. */
export const partText = ({ when = "", not, text }: Unmet): string =>
  when ? (not ? `not(${when})` : when) : (text ?? "");

function holds(turn: Turn, text: string, visit: Visit | null): boolean | null {
  const expression = turn.process.expression(text);
  const value = expression ? evaluate(turn, expression, visit).value : null;
  return typeof value === "boolean" ? value : null;
}
const isTrue = (turn: Turn, text: string, visit: Visit | null) => holds(turn, text, visit) === true;

/** An address, or the name of a file: what evidence is kept as. */
const isLink = (value: Plain): boolean =>
  typeof value === "string" && (/^https?:\/\/[^\s/]+\S*$/i.test(value.trim()) || /^\S.*\.\w{1,8}$/.test(value.trim()));

function valueAt(turn: Turn, field: string): Plain {
  const dot = field.indexOf(".");
  const [object, name] = [field.slice(0, dot), field.slice(dot + 1)];
  return (object === "run" ? turn.run.variables[name] : recordNamed(turn, object)?.values[name]) ?? null;
}

/** One sentence about what is missing, in the record model's words. */
export function unmetText(turn: Turn, unmet: Unmet): string {
  const [field = ""] = unmet.fields;
  const label = () => labelAt(turn, field);
  if (unmet.text && unmet.kind !== "checklist") return `Still missing: ${unmet.text}`;
  switch (unmet.kind) {
    case "field":
      return `${label()} is still missing.`;
    case "link":
      return `${label()} needs a link or the name of a file.`;
    case "note":
      return `${label()} needs at least ${unmet.atLeast ?? 1} characters.`;
    case "record":
      return `There is no ${unmet.record ?? ""} yet that fits.`;
    case "checklist":
      return `“${unmet.text ?? ""}” is not ticked yet.`;
    case "condition":
      return `This does not hold yet: ${partText(unmet)}`;
    default:
      return unmet.kind satisfies never;
  }
}

function labelAt(turn: Turn, field: string): string {
  const dot = field.indexOf(".");
  const [object, name] = [field.slice(0, dot), field.slice(dot + 1)];
  const spoken = name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
  if (object === "run") return turn.process.document.variables[name]?.label ?? spoken;
  const type = object === turn.run.recordType ? object : (turn.process.document.related[object]?.newest ?? object);
  return turn.world.model.hasField(type, name) ? turn.world.model.label(type, name) : spoken;
}

/** Why this person may not finish the step; null when they may. */
export function whoRefusal(turn: Turn, node: CompiledNode, member: string | null): string | null {
  const names = whoElse(turn, node, member);
  return names && `Only ${names} may finish this step. Nothing was saved; hand it over.`;
}

/** The roles that may finish the step, by name, where this person has none of them; null when they may. */
export function whoElse(turn: Turn, node: CompiledNode, member: string | null): string | null {
  const { who } = node.node.gate ?? {};
  if (!who?.length || !member) return null;
  const { directory } = turn.world;
  const queueOf = (role: string) => turn.process.document.roles[role]?.queue;
  const may = who.some((role) => {
    const queue = queueOf(role);
    return directory.role(role).includes(member) || (queue !== undefined && directory.queue(queue).includes(member));
  });
  return may ? null : who.map((role) => turn.process.document.roles[role]?.name ?? role).join(", ");
}
