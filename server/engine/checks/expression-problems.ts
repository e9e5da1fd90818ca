/** Conditions and values of a process that cannot be read, or that name what the record type does not have. */
import { compile, type TypeScope } from "../expression/index.ts";
import { expressionsOf } from "../reads-of.ts";
import type { CheckContext, Problem } from "./problems.ts";
import type { Action, Process } from "../process.ts";

/** What came back from outside: nobody knows its content beforehand. */
const answer: TypeScope = { answer: { "*": { type: "any" } } };

export function expressionProblems(document: Process, context: CheckContext): Problem[] {
  const problems: Problem[] = [];
  const types = context.types?.(document);
  const check = (text: string | undefined, at: Partial<Problem>, more: TypeScope = {}) => {
    if (!text?.trim()) return;
    const result = compile(text, types ? { types: { ...types, ...more } } : {});
    if (!result.ok)
      problems.push(
        ...result.problems
          .slice(0, 3)
          .map((p) => ({ severity: "error" as const, code: "BAD_EXPRESSION", text: p.text, ...at })),
      );
  };
  const checkActions = (actions: readonly Action[] | undefined, list: string, at: Partial<Problem>) =>
    (actions ?? []).forEach((action, i) => {
      check(action.when, { ...at, field: `${list}.${i}.when` });
      if (action.verb === "set") {
        check(action.value, { ...at, field: `${list}.${i}.value` });
        check(action.until, { ...at, field: `${list}.${i}.until` });
      }
      if (action.verb === "create")
        for (const [field, text] of Object.entries(action.with ?? {}))
          check(text, { ...at, field: `${list}.${i}.with.${field}` });
      if (action.verb === "http" || action.verb === "chat")
        for (const text of expressionsOf(action))
          if (text !== action.when) check(text, { ...at, field: `${list}.${i}` });
      if (action.verb === "http" || action.verb === "connector")
        for (const [field, text] of Object.entries(action.map ?? {}))
          check(text, { ...at, field: `${list}.${i}.map.${field}` }, answer);
    });
  check(document.valueAtRisk, { field: "valueAtRisk" });
  for (const node of document.nodes) {
    const at = { node: node.id };
    check(node.entryCriteria, { ...at, field: "entryCriteria" });
    for (const side of ["entry", "exit"] as const)
      (node.gate?.[side] ?? []).forEach((one, i) => {
        if (one.kind === "condition") check(one.when, { ...at, field: `gate.${side}.${i}` });
        if (one.kind === "record") check(one.where, { ...at, field: `gate.${side}.${i}` });
      });
    check(node.skipWhen, { ...at, field: "skipWhen" });
    for (const field of ["until", "condition", "when", "correlate", "list", "completeWhen", "goal"])
      if (typeof node.config[field] === "string") check(node.config[field], { ...at, field: `config.${field}` });
    checkActions(node.actions, "actions", at);
    checkActions(node.onComplete, "onComplete", at);
    checkActions(node.compensate, "compensate", at);
    for (const part of ["input", "output"])
      for (const [name, text] of Object.entries((node.config[part] as Record<string, string> | undefined) ?? {}))
        check(text, { ...at, field: `config.${part}.${name}` });
    for (const branch of Array.isArray(node.config.branches) ? (node.config.branches as Record<string, string>[]) : [])
      for (const setting of ["condition", "until", "correlate"])
        check(branch[setting], { ...at, field: "config.branches" });
    for (const boundary of node.boundary ?? []) {
      if (boundary.kind === "message") check(boundary.correlate, { ...at, field: "boundary" });
      if (boundary.kind === "record_changed") check(boundary.when, { ...at, field: "boundary" });
    }
  }
  for (const edge of document.edges) check(edge.when, { edge: edge.id, node: edge.from, field: "when" });
  for (const [key, sla] of Object.entries(document.slas)) {
    checkActions(sla.onWarn, `slas.${key}.onWarn`, {});
    checkActions(sla.onBreach, `slas.${key}.onBreach`, {});
    sla.ladder?.forEach((rung, i) => checkActions(rung.do, `slas.${key}.ladder.${i}.do`, {}));
  }
  for (const [key, queue] of Object.entries(document.queues)) {
    check(queue.who, { field: `queues.${key}.who` });
    queue.territories?.forEach((rule, i) => check(rule.when, { field: `queues.${key}.territories.${i}.when` }));
  }
  for (const [key, form] of Object.entries(document.forms))
    form.fields.forEach((f, i) => check(f.requiredWhen, { field: `forms.${key}.fields.${i}.requiredWhen` }));
  return problems;
}
