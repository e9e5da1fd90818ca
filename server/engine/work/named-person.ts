/**
 * Rules that name somebody: the manager of a person, a territory, an expression. What they give is text; it may mean a person (id or
 * e-mail), a queue or a role. Anything else names nobody, and why is kept: the fallback takes the work.
 */
import type { FeelValue } from "../expression/index.ts";
import type { Said } from "../events.ts";
import { evaluateDecisionTable, fieldsOfAnswer } from "../tables/decision-table.ts";
import { type Turn, evaluate, plainOf, recordNamed, scopeOf } from "../turn.ts";
import type { QueueRule } from "./queue-settings.ts";
import { ownerOf } from "./pool.ts";

/** Why a rule that names somebody named nobody. */
export type Nobody = "no_owner" | "no_manager" | "no_rule" | "no_answer" | "not_a_person" | "unknown";
export type Named = { said?: Said } & (
  | { means: "person" | "queue" | "role"; key: string }
  | { means: "nobody"; why: Nobody }
);

/** Whose manager: the record's owner's, that of who did the last step, or that of the person in a field; else who leads their team. */
export function managerNamed(turn: Turn, of: string): Named {
  const person = of === "worker" ? turn.run.lastHuman : ownerOf(turn, of === "owner" ? undefined : of);
  const known = person ? turn.world.directory.people.get(person) : undefined;
  if (!known) return { means: "nobody", why: "no_owner" };
  const manager = [known.managerId, known.leadId].find((id) => id && id !== known.id);
  return manager
    ? { means: "person", key: manager, said: { text: of, result: known.id } }
    : { means: "nobody", why: "no_manager", said: { text: of, result: known.id } };
}

/** What the decision table says, else the first territory that counts. */
export function territoryNamed(turn: Turn, rule: QueueRule): Named {
  const table = rule.territoryTable ? turn.process.tables.get(rule.territoryTable) : undefined;
  if (table) {
    const answer = evaluateDecisionTable(table, scopeOf(turn));
    const [first] = Object.values(fieldsOfAnswer(table, answer));
    const said = {
      ...(answer.rules[0] !== undefined && { rule: answer.rules[0] + 1 }),
      name: table.name ?? table.key,
      inputs: Object.fromEntries(table.inputs.map(({ text }, i) => [text, plainOf(answer.inputs[i] ?? null)])),
    };
    if (answer.rows.length > 0) return meaningOf(turn, first ?? null, said);
  }
  for (const [i, territory] of (rule.territories ?? []).entries()) {
    const inputs: Record<string, ReturnType<typeof plainOf>> = {};
    if (territory.field) {
      const value = valueAt(turn, territory.field);
      inputs[territory.field] = value;
      const wanted = territory.values ?? [];
      if (value === null || !wanted.some((one) => folded(one) === folded(String(value)))) continue;
    }
    const when = territory.when?.trim() ? turn.process.expression(territory.when) : null;
    if (when) {
      const seen = evaluate(turn, when);
      Object.assign(inputs, seen.seen.inputs);
      if (!seen.isTrue) continue;
    } else if (territory.when?.trim()) continue; // it cannot be read, so it never holds
    const said = {
      rule: i + 1,
      ...(territory.name && { name: territory.name }),
      ...(territory.when && { text: territory.when }),
      inputs,
    };
    return meaningOf(turn, territory.to, said);
  }
  return { means: "nobody", why: "no_rule" };
}

/** What the expression gives. */
export function expressionNamed(turn: Turn, text: string): Named {
  const expression = turn.process.expression(text);
  if (!expression) {
    return { means: "nobody", why: "no_answer", said: { text, result: null } };
  }
  const { value, seen } = evaluate(turn, expression);
  return meaningOf(turn, value, { text, inputs: seen.inputs });
}

function meaningOf(turn: Turn, value: FeelValue, about: Omit<Said, "result">): Named {
  const said = { ...about, result: plainOf(value) };
  if (value === null || value === "") return { means: "nobody", why: "no_answer", said };
  if (typeof value !== "string") return { means: "nobody", why: "not_a_person", said };
  const text = value.trim();
  const { directory } = turn.world;
  const { queues, roles } = turn.process.document;
  if (directory.people.has(text)) return { means: "person", key: text, said };
  const address = text.includes("@") ? text.toLowerCase() : null;
  if (address)
    // The log keeps who it was, not their address.
    for (const person of directory.people.values())
      if (person.email?.toLowerCase() === address)
        return { means: "person", key: person.id, said: { ...said, result: person.id } };
  if (Object.hasOwn(queues, text) || directory.queue(text).length > 0) return { means: "queue", key: text, said };
  if (Object.hasOwn(roles, text) || directory.role(text).length > 0) return { means: "role", key: text, said };
  return { means: "nobody", why: "unknown", said };
}

function valueAt(turn: Turn, path: string): ReturnType<typeof plainOf> {
  const dot = path.indexOf(".");
  const name = path.slice(dot + 1);
  if (dot < 0) return null;
  const object = path.slice(0, dot);
  if (object === "run") return turn.run.variables[name] ?? null;
  return recordNamed(turn, object)?.values[name] ?? null;
}

const folded = (text: string) => text.trim().toLowerCase();
