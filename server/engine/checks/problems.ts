/**
 * What is wrong with a drawn process, while drawing: the same list in the editor, on the command line and before publishing.
 * Errors block publishing; a draft may hold any of them.
 */
import { parseTarget } from "../calendar/read-target.ts";

import type { TypeScope } from "../expression/index.ts";
import { actionProblems } from "./action-problems.ts";
import { approvalProblems, isMatrix } from "./approval-problems.ts";
import { controlProblems } from "./control-problems.ts";
import { expressionProblems } from "./expression-problems.ts";
import { flowProblems } from "./flow-problems.ts";
import { type CompiledNode, type CompiledProcess, type StepRegistry, compileProcess, portsOf } from "../graph.ts";
import { type Process, isHuman, isStep } from "../process.ts";
import { calendarProblems, slaProblems } from "./sla-problems.ts";
import { routingProblems } from "./routing-problems.ts";
import type { CounterExample } from "./soundness.ts";
import { gateProblems } from "./gate-problems.ts";
import { portOf } from "../step.ts";
import { timeProblems } from "./time-problems.ts";
import { tableProblems } from "./table-problems.ts";

export type Problem = {
  severity: "error" | "warning";
  code: string;
  text: string;
  node?: string;
  edge?: string;
  /** The part of the document it is about: `entryCriteria`, `slas.first_touch.target`, `forms.x.fields.2` … */
  field?: string;
  /** A game that shows it: how a run would get stuck. */
  game?: CounterExample;
};

/** What the workspace knows: record types and fields, processes, who is in a queue. Left out = not checked. */
export type CheckContext = {
  types?: (process: Process) => TypeScope;
  hasField?: (type: string, field: string) => boolean;
  recordTypes?: readonly string[];
  processes?: readonly string[];
  /** Connections by key: `api`, `chat` or `hook`. */
  connections?: ReadonlyMap<string, string>;
  /** Ids of the people who work here. */
  members?: readonly string[];
  queueMembers?: (queue: string, role: string) => number;
  /** Whether the process has an owner who works here; undefined while it is not here itself. */
  hasOwner?: (process: string) => boolean | undefined;
  /** Whether a text means somebody: a person's id or e-mail, a queue, a role. */
  knowsWho?: (text: string) => boolean;
  hasSkill?: (skill: string) => boolean;
  /** The workspace's own calendar of a key, which counts in place of a process's of the same key. */
  sharedCalendar?: (process: string, key: string) => Process["calendars"][string] | undefined;
};

export function checkProcess(document: Process, steps: StepRegistry, context: CheckContext = {}): Problem[] {
  const process = compileProcess(document, 0, steps);
  const problems = [
    ...structure(process),
    ...references(document),
    ...nodes(process, context),
    ...controlProblems(process),
    ...approvalProblems(process, context),
    ...gateProblems(process, context),
    ...expressionProblems(document, context),
    ...timeProblems(document),
    ...tableProblems(document, context),
    ...slaProblems(document, context),
    ...calendarProblems(document, context),
    ...actionProblems(document, context),
    ...fields(document, context),
    ...routingProblems(document, context),
  ];
  if (problems.some((p) => p.severity === "error" && p.code.startsWith("GRAPH_"))) return order(problems, document);
  return order([...problems, ...flowProblems(process)], document);
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
      need(Object.hasOwn(document.roles, node.role), `The role ${node.role} is not in this process.`, {
        ...at,
        field: "role",
      });
    if (node.form)
      need(Object.hasOwn(document.forms, node.form), `The form ${node.form} is not in this process.`, {
        ...at,
        field: "form",
      });
    for (const key of node.slas ?? [])
      need(Object.hasOwn(document.slas, key), `The SLA ${key} is not in this process.`, { ...at, field: "slas" });
    for (const key of node.decisionTables ?? [])
      need(Object.hasOwn(document.decisionTables, key), `The decision table ${key} is not in this process.`, {
        ...at,
        field: "decisionTables",
      });
    const calendars = [
      node.config.calendar,
      ...(node.boundary ?? []).map((b) => (b.kind === "timer" ? b.calendar : undefined)),
    ];
    for (const key of calendars)
      if (typeof key === "string")
        need(Object.hasOwn(document.calendars, key), `The calendar ${key} is not in this process.`, {
          ...at,
          field: "calendar",
        });
    for (const action of [...(node.actions ?? []), ...(node.onComplete ?? [])])
      if (action.verb === "assign" && action.queue)
        need(Object.hasOwn(document.queues, action.queue), `The queue ${action.queue} is not in this process.`, {
          ...at,
          field: "actions",
        });
  }
  for (const [key, sla] of Object.entries(document.slas))
    if (sla.calendar)
      need(
        Object.hasOwn(document.calendars, sla.calendar),
        `The calendar ${sla.calendar} of the SLA ${sla.name} is not in this process.`,
        { field: `slas.${key}.calendar` },
      );
  for (const [key, role] of Object.entries(document.roles)) {
    if (role.queue)
      need(
        Object.hasOwn(document.queues, role.queue),
        `The queue ${role.queue} of the role ${role.name} is not in this process.`,
        {
          field: `roles.${key}.queue`,
        },
      );
    if (role.fallback)
      need(
        Object.hasOwn(document.roles, role.fallback),
        `The fallback ${role.fallback} of the role ${role.name} is not in this process.`,
        { field: `roles.${key}.fallback` },
      );
  }
  for (const [key, queue] of Object.entries(document.queues))
    need(Object.hasOwn(document.roles, queue.role), `The role ${queue.role} of a queue is not in this process.`, {
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
    if (node.node.kind === "decision" || node.node.kind === "inclusive") branchProblems(node, name, say);
    if (node.node.kind === "join" && Number(node.config.count) > node.in.length && node.in.length > 1)
      say(
        "warning",
        "JOIN_COUNT",
        `“${name}” goes on after ${Number(node.config.count)} branches, and only ${node.in.length} come to it. It waits for all of them.`,
        { field: "config.count" },
      );
    if (node.node.kind === "join" && node.in.length < 2)
      say("warning", "JOIN_OF_ONE", `“${name}” joins fewer than two branches.`);
    if ((node.node.kind === "parallel" || node.node.kind === "inclusive") && node.out.length < 2)
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
      if (!called && node.config.inline !== true)
        say("error", "NO_PROCESS", "No process to call is chosen.", { field: "config.process" });
      else if (called && context.processes && !context.processes.includes(String(called)))
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
      if (timer.kind === "timer" && !("kind" in parseTarget(timer.after, timer.calendar !== undefined)))
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

/** Fields that forms and actions name must exist. */
function fields(document: Process, { hasField }: CheckContext): Problem[] {
  if (!hasField) return [];
  const problems: Problem[] = [];
  const check = (path: string, at: Partial<Problem>) => {
    const dot = path.indexOf(".");
    const [object, field] = [path.slice(0, dot), path.slice(dot + 1)];
    const known =
      object === "run"
        ? Object.hasOwn(document.variables, field)
        : hasField(document.related[object]?.newest ?? object, field);
    if (!known) problems.push({ severity: "error", code: "UNKNOWN_FIELD", text: `There is no field ${path}.`, ...at });
  };
  for (const [key, form] of Object.entries(document.forms))
    form.fields.forEach((f, i) => check(f.field, { field: `forms.${key}.fields.${i}`, ...nodeOfForm(document, key) }));
  for (const [key, table] of Object.entries(document.decisionTables))
    for (const output of isMatrix(document, key) ? [] : table.outputs)
      check(output, { field: `decisionTables.${key}.outputs` });
  for (const node of document.nodes)
    for (const action of [...(node.actions ?? []), ...(node.onComplete ?? [])])
      if (action.verb === "set" || action.verb === "link") check(action.field, { node: node.id, field: "actions" });
  for (const [key, sla] of Object.entries(document.slas))
    for (const action of [...sla.onWarn, ...sla.onBreach, ...(sla.ladder ?? []).flatMap((rung) => rung.do)])
      if (action.verb === "set") check(action.field, { field: `slas.${key}` });
  return problems;
}
const nodeOfForm = (document: Process, key: string) => {
  const node = document.nodes.find((n) => n.form === key)?.id;
  return node ? { node } : {};
};
