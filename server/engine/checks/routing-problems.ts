/** Work that would come to nobody: fallbacks that lead to no person, queues whose rule is not said, names that nobody has. */
import type { CheckContext, Problem } from "./problems.ts";
import { type Process, isHuman } from "../process.ts";

export function routingProblems(document: Process, context: CheckContext): Problem[] {
  return [...fallbacks(document, context), ...queues(document, context), ...skills(document, context)];
}

/** Every chain of fallbacks ends with the process owner, so there must be one, and the chain must come to its end. */
function fallbacks(document: Process, context: CheckContext): Problem[] {
  const problems: Problem[] = [];
  const worked = new Set(document.nodes.flatMap(({ kind, role }) => (isHuman(kind) && role ? role : [])));
  const ownerless = context.hasOwner?.(document.key) === false;
  for (const key of worked) {
    const seen = new Set<string>();
    let role: string | undefined = key;
    for (; role && !seen.has(role); role = document.roles[role]?.fallback) seen.add(role);
    const name = document.roles[key]?.name ?? key;
    const at = { field: `roles.${key}.fallback` };
    if (role)
      problems.push({
        severity: "error",
        code: "FALLBACK_CIRCLE",
        text: `The fallbacks of ${name} go round in a circle and never come to a person. Let the last one fall back to the process owner.`,
        ...at,
      });
    else if (ownerless)
      problems.push({
        severity: "error",
        code: "NO_FALLBACK",
        text: `What nobody in ${name} can take falls back to the process owner, and this process has none who works here. Choose an owner.`,
        ...at,
      });
  }
  return problems;
}

function queues(document: Process, context: CheckContext): Problem[] {
  const problems: Problem[] = [];
  for (const [key, queue] of Object.entries(document.queues)) {
    const name = queue.name ?? key;
    const error = (code: string, text: string, field: string) =>
      problems.push({ severity: "error", code, text, field: `queues.${key}.${field}` });
    if (queue.strategy === "expression" && !queue.who?.trim())
      error("NO_RULE", `The queue ${name} picks by an expression, and there is none.`, "who");
    if (queue.strategy === "territory" && !queue.territories?.length && !queue.territoryTable)
      error("NO_RULE", `The queue ${name} picks by territory, and it has no rule.`, "territories");
    if (queue.territoryTable && !Object.hasOwn(document.decisionTables, queue.territoryTable))
      error(
        "UNKNOWN_REFERENCE",
        `The decision table ${queue.territoryTable} of the queue ${name} is not in this process.`,
        "territoryTable",
      );
    for (const [i, territory] of (queue.territories ?? []).entries()) {
      const field = `queues.${key}.territories.${i}.to`;
      if (!territory.to.trim()) {
        error("NO_RULE", `Rule ${i + 1} of the queue ${name} does not say who.`, `territories.${i}.to`);
        continue;
      }
      const known =
        Object.hasOwn(document.queues, territory.to) ||
        Object.hasOwn(document.roles, territory.to) ||
        context.knowsWho?.(territory.to) !== false;
      if (!known)
        problems.push({
          severity: "warning",
          code: "NAMES_NOBODY",
          text: `Rule ${i + 1} of the queue ${name} names ${territory.to}, and nobody here is called that. What it takes goes to the fallback.`,
          field,
        });
    }
  }
  return problems;
}

function skills(document: Process, context: CheckContext): Problem[] {
  return document.nodes.flatMap((node) =>
    (node.skills ?? []).flatMap((skill): Problem[] =>
      context.hasSkill?.(skill) === false
        ? [
            {
              severity: "warning",
              code: "NO_SKILL",
              text: `Nobody has the skill ${skill}. What asks for it goes to the fallback.`,
              node: node.id,
              field: "skills",
            },
          ]
        : [],
    ),
  );
}
