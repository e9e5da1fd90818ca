/** What every template must hold before it is imported; the list of the pack it comes from. */
import { compile, compileUnaryTests } from "@/server/engine/expression/index.ts";
import { toFeelText } from "./feel-dialect.ts";
import type { Template } from "./template-schema.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** `path` in the template. */
export type TemplateProblem = {
  code: "DANGLING_EDGE" | "DUPLICATE_ID" | "UNKNOWN_NAME" | "BAD_EXPRESSION" | "BAD_FLOW";
  text: string;
  path: (string | number)[];
};

export function checkTemplate(
  template: Template,
  vocabulary: Vocabulary,
  kpis: ReadonlySet<string> | null,
): TemplateProblem[] {
  const shape = [...identities(template), ...references(template, kpis)];
  return shape.length > 0
    ? shape
    : [...flow(template), ...expressions(template, vocabulary), ...fields(template, vocabulary)];
}

function identities(template: Template): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const ids = new Set<string>();
  template.nodes.forEach(({ id }, i) => {
    if (ids.has(id))
      problems.push({ code: "DUPLICATE_ID", text: `Two nodes have the id “${id}”.`, path: ["nodes", i, "id"] });
    ids.add(id);
  });
  template.edges.forEach((edge, i) => {
    for (const end of ["from", "to"] as const)
      if (!ids.has(edge[end]))
        problems.push({
          code: "DANGLING_EDGE",
          text: `This connection ${end === "from" ? "starts at" : "leads to"} “${edge[end]}”, which does not exist.`,
          path: ["edges", i, end],
        });
  });
  return problems;
}

function references(template: Template, kpis: ReadonlySet<string> | null): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const need = (name: string | undefined, among: object, what: string, path: (string | number)[]) => {
    if (name !== undefined && !Object.hasOwn(among, name))
      problems.push({ code: "UNKNOWN_NAME", text: `There is no ${what} “${name}” in this template.`, path });
  };
  const ids = Object.fromEntries(template.nodes.map((node) => [node.id, node.type]));
  template.nodes.forEach((node, i) => {
    const at = (key: string) => ["nodes", i, key];
    need(node.role, template.roles, "role", at("role"));
    need(node.form, template.forms, "form", at("form"));
    for (const sla of listOf(node.sla)) need(sla, template.slas, "SLA", at("sla"));
    for (const table of listOf(node.decision_table))
      need(table, template.decision_tables, "decision table", at("decision_table"));
    need(node.wait?.calendar, template.calendars, "calendar", at("wait"));
  });
  for (const [key, role] of Object.entries(template.roles)) {
    need(role.queue, template.queues, "queue", ["roles", key, "queue"]);
    need(role.fallback, template.roles, "role", ["roles", key, "fallback"]);
  }
  for (const [key, queue] of Object.entries(template.queues))
    need(queue.role, template.roles, "role", ["queues", key, "role"]);
  for (const [key, sla] of Object.entries(template.slas))
    need(sla.calendar, template.calendars, "calendar", ["slas", key, "calendar"]);
  template.kpis.forEach((kpi, i) => {
    need(kpi.node, ids, "node", ["kpis", i, "node"]);
    if (kpis && !kpis.has(kpi.kpi))
      problems.push({
        code: "UNKNOWN_NAME",
        text: `There is no KPI “${kpi.kpi}” in the catalogue.`,
        path: ["kpis", i, "kpi"],
      });
  });
  template.success_ends.forEach((end, i) => {
    const node = template.nodes.find(({ id }) => id === end);
    if (node?.type !== "end" || node.outcome !== "success")
      problems.push({
        code: "UNKNOWN_NAME",
        text: `“${end}” is no end with the outcome success.`,
        path: ["success_ends", i],
      });
  });
  return problems;
}

export const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

function flow(template: Template): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const say = (text: string, path: (string | number)[]) => problems.push({ code: "BAD_FLOW", text, path });
  const next = (id: string) => template.edges.filter((e) => e.from === id).map((e) => e.to);
  const before = (id: string) => template.edges.filter((e) => e.to === id).map((e) => e.from);
  const starts = template.nodes.filter((node) => node.type === "start").map((node) => node.id);
  const reached = walk(starts, next);
  const finishing = walk(
    template.nodes.filter((node) => node.type === "end").map((node) => node.id),
    before,
  );
  if (starts.length !== 1) say("A template has exactly one start.", ["nodes"]);
  template.nodes.forEach((node, i) => {
    if (!reached.has(node.id)) say(`Nothing leads to “${node.name}”.`, ["nodes", i]);
    else if (!finishing.has(node.id)) say(`From “${node.name}” no end can be reached.`, ["nodes", i]);
    if (node.type !== "decision") return;
    const out = template.edges.filter((edge) => edge.from === node.id);
    if (out.filter((edge) => edge.default).length !== 1 || !out.at(-1)?.default)
      say(`“${node.name}” needs exactly one default, as the last of its connections.`, ["nodes", i]);
  });
  const loop = loopWithoutRework(template);
  if (loop) say(`The loop ${loop.join(" → ")} has no connection marked rework.`, ["edges"]);
  return problems;
}

function walk(from: string[], next: (id: string) => string[]): Set<string> {
  const seen = new Set(from);
  for (const id of seen) for (const to of next(id)) seen.add(to);
  return seen;
}

/** Without its rework edges a process must be free of loops. */
function loopWithoutRework(template: Template): string[] | null {
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string[] | null => {
    const at = path.indexOf(id);
    if (at >= 0) return [...path.slice(at), id];
    if (done.has(id)) return null;
    for (const edge of template.edges) {
      const found = edge.from === id && !edge.rework ? visit(edge.to, [...path, id]) : null;
      if (found) return found;
    }
    done.add(id);
    return null;
  };
  for (const { id } of template.nodes) {
    const found = visit(id, []);
    if (found) return found;
  }
  return null;
}

/** Every FEEL text of a template, and where it stands. */
function* feelTexts(template: Template): Generator<{ text: string; path: (string | number)[] }> {
  const given = function* (text: string | undefined, ...path: (string | number)[]) {
    if (text?.trim()) yield { text, path };
  };
  yield* given(template.value_at_risk, "value_at_risk");
  yield* given(template.start.when, "start", "when");
  for (const [key, form] of Object.entries(template.forms))
    for (const [i, field] of form.fields.entries())
      yield* given(field.required_when, "forms", key, "fields", i, "required_when");
  for (const [key, sla] of Object.entries(template.slas)) {
    yield* given(sla.applies_when, "slas", key, "applies_when");
    yield* given(sla.pause_when, "slas", key, "pause_when");
  }
  for (const [i, node] of template.nodes.entries()) {
    yield* given(node.entry_criteria, "nodes", i, "entry_criteria");
    yield* given(node.skip_when, "nodes", i, "skip_when");
    yield* given(node.wait?.until, "nodes", i, "wait", "until");
  }
  for (const [i, edge] of template.edges.entries()) yield* given(edge.when, "edges", i, "when");
}

function expressions(template: Template, vocabulary: Vocabulary): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  for (const { text, path } of feelTexts(template)) {
    const result = compile(toFeelText(text));
    if (!result.ok)
      problems.push({
        code: "BAD_EXPRESSION",
        text: `The expression “${text}” cannot be read: ${result.problems[0]?.text ?? "something is missing"}`,
        path,
      });
    else
      for (const name of result.expression.reads)
        if (!name.startsWith("step.") && !vocabulary.field(name))
          problems.push({ code: "UNKNOWN_NAME", text: `There is no field ${name}.`, path });
    for (const { field, value } of comparedValues(text)) {
      const values = vocabulary.field(field)?.values;
      if (values && !values.includes(value))
        problems.push({ code: "UNKNOWN_NAME", text: `“${value}” is not a value of ${field}.`, path });
    }
  }
  return problems;
}

/** Texts that a field is compared with: `x = "a"`, `x in ("a", "b")`. */
function* comparedValues(text: string): Generator<{ field: string; value: string }> {
  for (const [, field = "", value = ""] of text.matchAll(/([a-z_]+\.[a-z_0-9]+)\s*!?=\s*"([^"]*)"/g))
    yield { field, value };
  for (const [, field = "", list = ""] of text.matchAll(/([a-z_]+\.[a-z_0-9]+)\s+in\s*\(([^)]*)\)/g))
    for (const [, value = ""] of list.matchAll(/"([^"]*)"/g)) yield { field, value };
}

function fields(template: Template, vocabulary: Vocabulary): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const known = (field: string, path: (string | number)[]) => {
    const found = vocabulary.field(field);
    if (!found) problems.push({ code: "UNKNOWN_NAME", text: `There is no field ${field}.`, path });
    return found;
  };
  for (const [key, form] of Object.entries(template.forms))
    for (const [i, field] of form.fields.entries()) known(field.field, ["forms", key, "fields", i, "field"]);
  for (const [key, table] of Object.entries(template.decision_tables)) {
    const at = (...path: (string | number)[]) => ["decision_tables", key, ...path];
    const inputs = table.inputs.map((input, i) => known(input, at("inputs", i)));
    const outputs = table.outputs.map((output, i) => known(output, at("outputs", i)));
    for (const [i, rule] of table.rules.entries()) {
      if (rule.when.length !== inputs.length || rule.then.length !== outputs.length)
        problems.push({
          code: "BAD_EXPRESSION",
          text: `This rule has ${rule.when.length} conditions and ${rule.then.length} results; the table has ${inputs.length} and ${outputs.length}.`,
          path: at("rules", i),
        });
      for (const [j, cell] of rule.when.entries()) {
        const result = compileUnaryTests(toFeelText(cell));
        if (!result.ok)
          problems.push({
            code: "BAD_EXPRESSION",
            text: `The cell “${cell}” cannot be read: ${result.problems[0]?.text ?? "something is missing"}`,
            path: at("rules", i, "when", j),
          });
        const values = inputs[j]?.values;
        for (const [, value = ""] of cell.matchAll(/"([^"]*)"/g))
          if (values && !values.includes(value))
            problems.push({
              code: "UNKNOWN_NAME",
              text: `“${value}” is not a value of ${table.inputs[j]}.`,
              path: at("rules", i, "when", j),
            });
      }
      for (const [j, value] of rule.then.entries()) {
        const values = outputs[j]?.values;
        if (values && value !== null && !values.includes(String(value)))
          problems.push({
            code: "UNKNOWN_NAME",
            text: `“${String(value)}” is not a value of ${table.outputs[j]}.`,
            path: at("rules", i, "then", j),
          });
      }
    }
  }
  return problems;
}
