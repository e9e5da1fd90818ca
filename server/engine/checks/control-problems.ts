/** What is wrong with the parts of a process that hold others, look out for events or are reached from anywhere. */
import { parseTarget } from "../calendar/read-target.ts";
import type { CompiledNode, CompiledProcess } from "../graph.ts";
import type { Problem } from "./problems.ts";
import type { Process, ProcessNode } from "../process.ts";

export function controlProblems(process: CompiledProcess): Problem[] {
  const problems = [...settings(process.document)];
  for (const node of process.nodes.values())
    problems.push(
      ...ofBody(process, node),
      ...ofBoundary(node),
      ...ofGoal(node),
      ...ofWait(node),
      ...ofItem(process, node),
    );
  for (const edge of process.document.edges)
    if (edge.cap !== undefined && !edge.rework)
      problems.push({
        severity: "error",
        code: "CAP_WITHOUT_REWORK",
        text: "Only a connection that leads back (rework) can have a limit.",
        edge: edge.id,
        node: edge.from,
        field: "cap",
      });
  return problems;
}

const nameOf = ({ node }: CompiledNode) => node.name || node.id;
const error = (code: string, text: string, at: Partial<Problem>): Problem => ({ severity: "error", code, text, ...at });

/** Whether nodes can stand inside it. */
export const holdsSteps = ({ kind, config }: ProcessNode): boolean =>
  kind === "for_each" || (kind === "subprocess" && config.inline === true);

/** Nodes inside a for-each or inline sub-process: who may hold them, and where a token goes in. Graph errors come first. */
function ofBody({ nodes, document }: CompiledProcess, owner: CompiledNode): Problem[] {
  const problems: Problem[] = [];
  const holder = owner.node.in ? nodes.get(owner.node.in) : undefined;
  if (owner.node.in && (!holder || !holdsSteps(holder.node) || isInsideItself(document, owner.node)))
    problems.push(
      error("GRAPH_NOT_INSIDE", `“${nameOf(owner)}” is inside ${owner.node.in}, which holds no steps.`, {
        node: owner.id,
        field: "in",
      }),
    );
  for (const edge of owner.out) {
    const to = nodes.get(edge.to);
    if (to && (to.node.in ?? null) !== (owner.node.in ?? null))
      problems.push(
        error(
          "GRAPH_CROSSES_BORDER",
          `A connection leads from “${nameOf(owner)}” over a border to “${nameOf(to)}”. What is inside a sub-process or “for each” ends there; connect its frame instead.`,
          { node: owner.id, edge: edge.id },
        ),
      );
  }
  if (owner.node.in && owner.node.kind === "start")
    problems.push(
      error("GRAPH_START_INSIDE", "A start cannot stand inside a step: the first step inside is where it begins.", {
        node: owner.id,
      }),
    );
  if (!holdsSteps(owner.node)) return problems;
  const inside = document.nodes.filter((node) => node.in === owner.id);
  const entries = inside.filter((node) => !nodes.get(node.id)?.in.length && node.config.goal === undefined);
  if (inside.length === 0)
    problems.push(error("GRAPH_NOTHING_INSIDE", `“${nameOf(owner)}” has no steps inside.`, { node: owner.id }));
  else if (entries.length === 0)
    problems.push(
      error("GRAPH_NO_FIRST_INSIDE", `Inside “${nameOf(owner)}” no step is the first: each has something before it.`, {
        node: owner.id,
      }),
    );
  for (const extra of entries.slice(1))
    problems.push(
      error(
        "GRAPH_TWO_FIRST_INSIDE",
        `Inside “${nameOf(owner)}” two steps have nothing before them. Connect them, or begin with a parallel split.`,
        { node: extra.id },
      ),
    );
  if (inside.length && !inside.some((node) => node.kind === "end"))
    problems.push(
      error("GRAPH_NO_END_INSIDE", `What is inside “${nameOf(owner)}” never ends. Add an end.`, { node: owner.id }),
    );
  return problems;
}

function isInsideItself(document: Process, node: ProcessNode): boolean {
  const seen = new Set([node.id]);
  for (let at = node.in; at; at = document.nodes.find((n) => n.id === at)?.in) {
    if (seen.has(at)) return true;
    seen.add(at);
  }
  return false;
}

function ofBoundary(node: CompiledNode): Problem[] {
  const problems: Problem[] = [];
  const at = { node: node.id, field: "boundary" };
  const ids = node.boundary.map((b) => b.id);
  if (new Set(ids).size < ids.length)
    problems.push(error("TWO_BOUNDARIES", `Two events at the edge of “${nameOf(node)}” have the same exit.`, at));
  if (ids.length && !node.isStep)
    problems.push(error("NOT_A_STEP", `Events can stand at the edge of a step only, not of “${nameOf(node)}”.`, at));
  const anyError = node.boundary.findIndex((b) => b.kind === "error" && b.code === undefined);
  if (anyError >= 0 && node.boundary.slice(anyError + 1).some((b) => b.kind === "error"))
    problems.push({
      severity: "warning",
      code: "MASKED_ERROR",
      text: `At “${nameOf(node)}” an exit for any error stands before one for a single error, which is never taken.`,
      ...at,
    });
  return problems;
}

function ofGoal(node: CompiledNode): Problem[] {
  const { goal, goalEvent } = node.config;
  if (goal === undefined && goalEvent === undefined) return [];
  const at = { node: node.id, field: "config.goal" };
  if (node.node.in)
    return [
      error("GOAL_INSIDE", "A goal ends the whole run, so it cannot stand inside a sub-process or “for each”.", at),
    ];
  if (typeof node.config.error === "string")
    return [error("GOAL_WITH_ERROR", "An end is a goal or an error, not both.", at)];
  return [];
}

function ofWait(node: CompiledNode): Problem[] {
  if (node.node.kind !== "wait" || node.config.for !== "first") return [];
  const at = { node: node.id, field: "config.branches" };
  const branches = Array.isArray(node.config.branches) ? (node.config.branches as Record<string, unknown>[]) : [];
  if (branches.length < 2)
    return [
      error("WAIT_WITHOUT_BRANCHES", `“${nameOf(node)}” waits for the first of several things: name at least two.`, at),
    ];
  const problems: Problem[] = [];
  if (new Set(branches.map(({ id }) => id)).size < branches.length)
    problems.push(error("TWO_BRANCHES", `Two things “${nameOf(node)}” waits for have the same exit.`, at));
  for (const branch of branches) {
    const setting = { event: "event", condition: "condition", duration: "duration", date: "until" }[String(branch.for)];
    if (setting && !String(branch[setting] ?? "").trim())
      problems.push(
        error(
          "BRANCH_WITHOUT_SETTING",
          `“${nameOf(node)}” does not say when it goes on by “${String(branch.id)}”.`,
          at,
        ),
      );
    if (
      branch.for === "duration" &&
      branch.duration &&
      !("kind" in parseTarget(String(branch.duration), node.config.calendar !== undefined))
    )
      problems.push(
        error("BAD_DURATION", `“${String(branch.duration)}” is not a duration. Write 8h, 2bd or PT8H.`, at),
      );
  }
  return problems;
}

/** The name of the item must not hide another one. */
function ofItem({ document }: CompiledProcess, node: CompiledNode): Problem[] {
  if (node.node.kind !== "for_each") return [];
  const name = String(node.config.as ?? "");
  const taken = [document.recordType, ...Object.keys(document.related), "run", "step", "loop", "message", "child"];
  const problems: Problem[] = [];
  if (taken.includes(name))
    problems.push(
      error("NAME_TAKEN", `“${name}” means something else already. Give the item of “${nameOf(node)}” another name.`, {
        node: node.id,
        field: "config.as",
      }),
    );
  const set = node.config.over === "records" ? node.config.records : node.config.list;
  if (typeof set !== "string" || !set.trim())
    problems.push(
      error("FOR_EACH_WITHOUT_LIST", `“${nameOf(node)}” does not say for each of what.`, {
        node: node.id,
        field: node.config.over === "records" ? "config.records" : "config.list",
      }),
    );
  return problems;
}

function settings({ keepMessages, reentry }: Process): Problem[] {
  const durations = [
    ["keepMessages", keepMessages],
    ["reentry", typeof reentry === "object" ? reentry.after : undefined],
  ] as const;
  return durations.flatMap(([field, text]) =>
    text !== undefined && !("kind" in parseTarget(text, false))
      ? [error("BAD_DURATION", `“${text}” is not a duration. Write 8h, 2bd or PT8H.`, { field })]
      : [],
  );
}
