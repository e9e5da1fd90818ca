/**
 * What is wrong with a drawn process, while drawing: the same list in the editor, on the command line and before publishing.
 * Errors block publishing; a draft may hold any of them.
 */
import { parseTarget } from "./read-target.ts";
import { type TypeScope, compile, compileUnaryTests } from "./expression/index.ts";
import { type CompiledNode, type CompiledProcess, type StepRegistry, compileProcess, portsOf } from "./graph.ts";
import { type Action, type Process, isHuman, isStep } from "./process.ts";
import { calendarProblems, slaProblems } from "./sla-problems.ts";
import { findUnsound } from "./soundness.ts";
import { portOf } from "./step.ts";

export type Problem = {
  severity: "error" | "warning";
  code: string;
  text: string;
  node?: string;
  edge?: string;
  /** The part of the document it is about: `entryCriteria`, `slas.first_touch.target`, `forms.x.fields.2` … */
  field?: string;
  /** Nodes to be played one after the other: how a run would get stuck. */
  path?: string[];
};

/** What the workspace knows: record types and fields, processes, who is in a queue. Left out = not checked. */
export type CheckContext = {
  types?: (process: Process) => TypeScope;
  hasField?: (type: string, field: string) => boolean;
  recordTypes?: readonly string[];
  processes?: readonly string[];
  queueMembers?: (queue: string, role: string) => number;
  /** The workspace's own calendar of a key, which counts in place of a process's of the same key. */
  sharedCalendar?: (process: string, key: string) => Process["calendars"][string] | undefined;
};

export function checkProcess(document: Process, steps: StepRegistry, context: CheckContext = {}): Problem[] {
  const process = compileProcess(document, 0, steps);
  const problems = [
    ...structure(process),
    ...references(document),
    ...nodes(process, context),
    ...expressions(document, context),
    ...slaProblems(document, context),
    ...calendarProblems(document, context),
    ...fields(document, context),
  ];
  if (problems.some((p) => p.severity === "error" && p.code.startsWith("GRAPH_"))) return order(problems, document);
  return order([...problems, ...flow(process)], document);
}

/** Errors first, then in drawn order. */
function order(problems: Problem[], document: Process): Problem[] {
  const place = new Map(document.nodes.map((n, i) => [n.id, i]));
  return problems.sort((a, b) =>
    a.severity === b.severity
      ? (place.get(a.node ?? "") ?? -1) - (place.get(b.node ?? "") ?? -1)
      : a.severity === "error"
        ? -1
        : 1,
  );
}

function structure({ document, nodes }: CompiledProcess): Problem[] {
  const problems: Problem[] = [];
  const error = (code: string, text: string, at: Partial<Problem> = {}) =>
    problems.push({ severity: "error", code, text, ...at });
  const starts = document.nodes.filter((n) => n.kind === "start");
  if (starts.length === 0) error("GRAPH_NO_START", "Nothing starts this process. Add a start.");
  if (starts.length > 1) error("GRAPH_TWO_STARTS", "A process has one start.", { node: starts[1]!.id });
  if (!document.nodes.some((n) => n.kind === "end")) error("GRAPH_NO_END", "This process never ends. Add an end.");
  for (const id of repeated(document.nodes.map((n) => n.id)))
    error("GRAPH_DUPLICATE_ID", `Two nodes have the id ${id}.`, { node: id });
  for (const id of repeated(document.edges.map((e) => e.id)))
    error("GRAPH_DUPLICATE_ID", `Two connections have the id ${id}.`, { edge: id });
  for (const edge of document.edges) {
    for (const end of [edge.from, edge.to])
      if (!nodes.has(end))
        error("GRAPH_DANGLING_EDGE", `A connection leads to ${end}, which does not exist.`, { edge: edge.id });
    if (nodes.get(edge.to)?.node.kind === "start")
      error("GRAPH_INTO_START", "Nothing can lead into the start.", { edge: edge.id });
    if (nodes.get(edge.from)?.node.kind === "end")
      error("GRAPH_OUT_OF_END", "Nothing can follow an end.", { edge: edge.id });
  }
  return problems;
}

const repeated = (ids: string[]) => new Set(ids.filter((id, i) => ids.indexOf(id) !== i));

function references(document: Process): Problem[] {
  const problems: Problem[] = [];
  const need = (has: boolean, text: string, at: Partial<Problem>) => {
    if (!has) problems.push({ severity: "error", code: "UNKNOWN_REFERENCE", text, ...at });
  };
  for (const node of document.nodes) {
    const at = { node: node.id };
    if (node.role)
      need(node.role in document.roles, `The role ${node.role} is not in this process.`, { ...at, field: "role" });
    if (node.form)
      need(node.form in document.forms, `The form ${node.form} is not in this process.`, { ...at, field: "form" });
    for (const key of node.slas ?? [])
      need(key in document.slas, `The SLA ${key} is not in this process.`, { ...at, field: "slas" });
    for (const key of node.decisionTables ?? [])
      need(key in document.decisionTables, `The decision table ${key} is not in this process.`, {
        ...at,
        field: "decisionTables",
      });
    const calendars = [node.config.calendar, ...(node.boundary ?? []).map((b) => b.calendar)];
    for (const key of calendars)
      if (typeof key === "string")
        need(key in document.calendars, `The calendar ${key} is not in this process.`, { ...at, field: "calendar" });
    for (const action of [...(node.actions ?? []), ...(node.onComplete ?? [])])
      if (action.verb === "assign" && action.queue)
        need(action.queue in document.queues, `The queue ${action.queue} is not in this process.`, {
          ...at,
          field: "actions",
        });
  }
  for (const [key, sla] of Object.entries(document.slas))
    if (sla.calendar)
      need(
        sla.calendar in document.calendars,
        `The calendar ${sla.calendar} of the SLA ${sla.name} is not in this process.`,
        { field: `slas.${key}.calendar` },
      );
  for (const [key, role] of Object.entries(document.roles)) {
    if (role.queue)
      need(role.queue in document.queues, `The queue ${role.queue} of the role ${role.name} is not in this process.`, {
        field: `roles.${key}.queue`,
      });
    if (role.fallback)
      need(
        role.fallback in document.roles,
        `The fallback ${role.fallback} of the role ${role.name} is not in this process.`,
        { field: `roles.${key}.fallback` },
      );
  }
  for (const [key, queue] of Object.entries(document.queues))
    need(queue.role in document.roles, `The role ${queue.role} of a queue is not in this process.`, {
      field: `queues.${key}.role`,
    });
  for (const kpi of document.kpis)
    if (kpi.node)
      need(
        document.nodes.some((n) => n.id === kpi.node),
        `A KPI is set on ${kpi.node}, which does not exist.`,
        { field: "kpis" },
      );
  return problems;
}

function nodes(process: CompiledProcess, context: CheckContext): Problem[] {
  return [...process.nodes.values()].flatMap((node) => {
    const problems: Problem[] = [];
    const at = { node: node.id };
    const say = (severity: Problem["severity"], code: string, text: string, more: Partial<Problem> = {}) =>
      problems.push({ severity, code, text, ...at, ...more });
    const name = node.node.name || node.id;
    if (!node.node.name.trim() && (isStep(node.node.kind) || node.node.kind === "decision"))
      say("warning", "NO_NAME", "This step has no name yet.", { field: "name" });
    const parsed = node.definition.config.safeParse(node.node.config);
    if (!parsed.success)
      say("error", "BAD_CONFIG", `“${name}”: ${parsed.error.issues[0]?.message ?? "a setting is wrong"}.`, {
        field: `config.${parsed.error.issues[0]?.path.join(".") ?? ""}`,
      });
    exitProblems(node, name, say);
    if (node.node.kind === "decision") branchProblems(node, name, say);
    if (node.node.kind === "join" && node.in.length < 2)
      say("warning", "JOIN_OF_ONE", `“${name}” joins fewer than two branches.`);
    if (node.node.kind === "parallel" && node.out.length < 2)
      say("warning", "SPLIT_OF_ONE", `“${name}” splits into fewer than two branches.`);
    if (isHuman(node.node.kind)) {
      const role = node.node.role ? process.document.roles[node.node.role] : undefined;
      if (!node.node.role) say("error", "NO_ROLE", "No owner role. Items would land with nobody.", { field: "role" });
      else if (role?.queue && context.queueMembers?.(role.queue, node.node.role) === 0)
        say(
          "warning",
          "EMPTY_QUEUE",
          `Nobody is in the queue of ${role.name}. Items go to its fallback or to the process owner.`,
          { field: "role" },
        );
      if (!node.node.slas?.length)
        say("warning", "NO_SLA", `“${name}” has no SLA, so nobody is told when it waits too long.`, { field: "slas" });
    }
    if (node.node.kind === "subprocess") {
      const called = node.config.process;
      if (!called) say("error", "NO_PROCESS", "No process to call is chosen.", { field: "config.process" });
      else if (context.processes && !context.processes.includes(String(called)))
        say(
          "warning",
          "PROCESS_NOT_HERE",
          `The process ${String(called)} is not in this workspace yet. Import or draw it before the first run gets here.`,
          { field: "config.process" },
        );
    }
    if (node.node.kind === "automation" && !node.node.actions?.length && !node.node.decisionTables?.length)
      say("warning", "NO_ACTION", "This automation does nothing yet.", { field: "actions" });
    if (node.node.kind === "wait")
      for (const text of [node.config.duration, node.config.timeout])
        if (typeof text === "string" && !("kind" in parseTarget(text, node.config.calendar !== undefined)))
          say("error", "BAD_DURATION", `“${text}” is not a duration. Write 8h, 2bd or PT8H.`, { field: "config" });
    for (const timer of node.boundary)
      if (!("kind" in parseTarget(timer.after, timer.calendar !== undefined)))
        say("error", "BAD_DURATION", `“${timer.after}” is not a duration. Write 8h, 2bd or PT8H.`, {
          field: "boundary",
        });
    return problems;
  });
}

type Say = (severity: Problem["severity"], code: string, text: string, more?: Partial<Problem>) => void;

function exitProblems(node: CompiledNode, name: string, say: Say): void {
  if (node.node.kind === "end") return;
  if (node.out.length === 0) return say("error", "DEAD_END", `Nothing follows “${name}”.`);
  const ports = portsOf(node);
  if (node.definition.ports(node.node, node.config) === "one_per_edge") return;
  for (const port of ports)
    if (!node.out.some((e) => portOf(e) === port) && !(node.out.length === 1 && port === "done"))
      say("error", "NO_EXIT", `Nothing is drawn for “${port}” of “${name}”.`, { field: port });
  for (const edge of node.out)
    if (!ports.includes(portOf(edge)) && node.out.length > 1)
      say("error", "UNKNOWN_PORT", `“${name}” has no exit “${portOf(edge)}”.`, { edge: edge.id });
  for (const port of ports)
    if (node.out.filter((e) => portOf(e) === port).length > 1)
      say(
        "error",
        "TWO_EDGES",
        `Two connections leave “${name}” the same way. Put a decision or a parallel split between.`,
        { field: port },
      );
}

function branchProblems(node: CompiledNode, name: string, say: Say): void {
  const defaults = node.out.filter((e) => e.otherwise);
  if (defaults.length === 0)
    say("error", "NO_OTHERWISE", `“${name}” has no otherwise branch: a record that fits no condition would get stuck.`);
  if (defaults.length > 1)
    say("error", "TWO_OTHERWISE", `“${name}” has two otherwise branches.`, { edge: defaults[1]!.id });
  for (const edge of node.out)
    if (!edge.otherwise && !edge.when?.trim())
      say("error", "NO_CONDITION", `A branch of “${name}” has no condition.`, { edge: edge.id, field: "when" });
}

function expressions(document: Process, context: CheckContext): Problem[] {
  const problems: Problem[] = [];
  const types = context.types?.(document);
  const check = (text: string | undefined, at: Partial<Problem>) => {
    if (!text?.trim()) return;
    const result = compile(text, types ? { types } : {});
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
    });
  check(document.valueAtRisk, { field: "valueAtRisk" });
  for (const node of document.nodes) {
    const at = { node: node.id };
    check(node.entryCriteria, { ...at, field: "entryCriteria" });
    check(node.skipWhen, { ...at, field: "skipWhen" });
    for (const field of ["until", "condition", "when"])
      if (typeof node.config[field] === "string") check(node.config[field], { ...at, field: `config.${field}` });
    checkActions(node.actions, "actions", at);
    checkActions(node.onComplete, "onComplete", at);
  }
  for (const edge of document.edges) check(edge.when, { edge: edge.id, node: edge.from, field: "when" });
  for (const [key, sla] of Object.entries(document.slas)) {
    checkActions(sla.onWarn, `slas.${key}.onWarn`, {});
    checkActions(sla.onBreach, `slas.${key}.onBreach`, {});
    sla.ladder?.forEach((rung, i) => checkActions(rung.do, `slas.${key}.ladder.${i}.do`, {}));
  }
  for (const [key, form] of Object.entries(document.forms))
    form.fields.forEach((f, i) => check(f.requiredWhen, { field: `forms.${key}.fields.${i}.requiredWhen` }));
  for (const [key, table] of Object.entries(document.decisionTables)) {
    for (const input of table.inputs) check(input, { field: `decisionTables.${key}.inputs` });
    table.rules.forEach((rule, i) => {
      if (rule.when.length !== table.inputs.length || rule.then.length !== table.outputs.length)
        problems.push({
          severity: "error",
          code: "BAD_TABLE",
          text: `Rule ${i + 1} of the table ${table.name ?? key} has a cell too many or too few.`,
          field: `decisionTables.${key}.rules.${i}`,
        });
      for (const cell of rule.when) {
        const result = compileUnaryTests(cell);
        if (!result.ok)
          problems.push({
            severity: "error",
            code: "BAD_EXPRESSION",
            text: `Rule ${i + 1} of the table ${table.name ?? key}: ${result.problems[0]?.text ?? "a cell cannot be read"}`,
            field: `decisionTables.${key}.rules.${i}`,
          });
      }
    });
  }
  return problems;
}

/** Fields that forms and actions name must exist. */
function fields(document: Process, { hasField }: CheckContext): Problem[] {
  if (!hasField) return [];
  const problems: Problem[] = [];
  const check = (path: string, at: Partial<Problem>) => {
    const dot = path.indexOf(".");
    const [object, field] = [path.slice(0, dot), path.slice(dot + 1)];
    const known =
      object === "run" ? field in document.variables : hasField(document.related[object]?.newest ?? object, field);
    if (!known) problems.push({ severity: "error", code: "UNKNOWN_FIELD", text: `There is no field ${path}.`, ...at });
  };
  for (const [key, form] of Object.entries(document.forms))
    form.fields.forEach((f, i) => check(f.field, { field: `forms.${key}.fields.${i}`, ...nodeOfForm(document, key) }));
  for (const [key, table] of Object.entries(document.decisionTables))
    for (const output of table.outputs) check(output, { field: `decisionTables.${key}.outputs` });
  for (const node of document.nodes)
    for (const action of [...(node.actions ?? []), ...(node.onComplete ?? [])])
      if (action.verb === "set") check(action.field, { node: node.id, field: "actions" });
  for (const [key, sla] of Object.entries(document.slas))
    for (const action of [...sla.onWarn, ...sla.onBreach, ...(sla.ladder ?? []).flatMap((rung) => rung.do)])
      if (action.verb === "set") check(action.field, { field: `slas.${key}` });
  return problems;
}
const nodeOfForm = (document: Process, key: string) => {
  const node = document.nodes.find((n) => n.form === key)?.id;
  return node ? { node } : {};
};

function flow(process: CompiledProcess): Problem[] {
  const problems: Problem[] = [];
  const reached = reach(process.start ? [process.start.id] : [], (id) => process.nodes.get(id)!.out.map((e) => e.to));
  const ends = [...process.nodes.values()].filter((n) => n.node.kind === "end").map((n) => n.id);
  const finishing = reach(ends, (id) => process.nodes.get(id)!.in.map((e) => e.from));
  for (const node of process.nodes.values()) {
    if (!reached.has(node.id))
      problems.push({
        severity: "error",
        code: "UNREACHABLE",
        text: `Nothing leads to “${node.node.name || node.id}”.`,
        node: node.id,
      });
    else if (!finishing.has(node.id))
      problems.push({
        severity: "error",
        code: "NEVER_ENDS",
        text: `From “${node.node.name || node.id}” no end can be reached.`,
        node: node.id,
      });
  }
  const cycle = waitFreeCycle(process);
  if (cycle)
    problems.push({
      severity: "error",
      code: "ENDLESS_LOOP",
      text: `This loop has no step that waits: ${cycle.map((id) => process.nodes.get(id)!.node.name || id).join(" → ")}. Put a task or a wait into it.`,
      node: cycle[0]!,
      path: cycle,
    });
  if (problems.length === 0) {
    const unsound = findUnsound(process);
    const name = unsound ? process.nodes.get(unsound.node)?.node.name || unsound.node : "";
    if (unsound?.code === "DEADLOCK")
      problems.push({
        severity: "error",
        code: "DEADLOCK",
        text: `A run can get stuck at “${name}”: it waits for a branch that may never come.`,
        node: unsound.node,
        path: unsound.path,
      });
    if (unsound?.code === "LACK_OF_SYNCHRONISATION")
      problems.push({
        severity: "error",
        code: "LACK_OF_SYNCHRONISATION",
        text: `Parallel branches meet at “${name}” without a join, so it would be done twice. Put a join before it.`,
        node: unsound.node,
        path: unsound.path,
      });
  }
  return problems;
}

function reach(from: string[], next: (id: string) => string[]): Set<string> {
  const seen = new Set(from);
  for (const id of seen) for (const to of next(id)) seen.add(to);
  return seen;
}

/** A cycle in which no node makes the token wait: human steps, waits and called processes do. */
function waitFreeCycle(process: CompiledProcess): string[] | null {
  const waits = (node: CompiledNode) => node.isHuman || node.node.kind === "wait" || node.node.kind === "subprocess";
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string[] | null => {
    const at = path.indexOf(id);
    if (at >= 0) return path.slice(at);
    const node = process.nodes.get(id)!;
    if (done.has(id) || waits(node)) return null;
    for (const edge of node.out) {
      const found = visit(edge.to, [...path, id]);
      if (found) return found;
    }
    done.add(id);
    return null;
  };
  for (const id of process.nodes.keys()) {
    const found = visit(id, []);
    if (found) return found;
  }
  return null;
}
