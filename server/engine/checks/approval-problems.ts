/** What is wrong with who approves: people and roles that are not there, more votes than seats, a time limit that would approve. */
import { parseTarget } from "../calendar/read-target.ts";
import type { CompiledNode, CompiledProcess } from "../graph.ts";
import type { DecisionTableDefinition } from "../process.ts";
import { portOf } from "../step.ts";
import { type ApprovalConfig, approvalConfig } from "../work/approval-config.ts";
import { decisionOf } from "../work/approval.ts";
import { readLevels, roleAsked } from "../work/approval-path.ts";
import type { CheckContext, Problem } from "./problems.ts";

type Say = (severity: Problem["severity"], code: string, text: string, field: string) => void;

/** Whether a table says who approves somewhere: its outputs are no fields, and it may give a list. */
export const isMatrix = (document: CompiledProcess["document"], key: string): boolean =>
  document.nodes.some(({ kind, config }) => kind === "approval" && config.matrix === key);

export function approvalProblems(process: CompiledProcess, context: CheckContext): Problem[] {
  const problems: Problem[] = [];
  for (const node of process.nodes.values()) {
    if (node.node.kind !== "approval") continue;
    const parsed = approvalConfig.safeParse(node.node.config);
    if (!parsed.success) continue; // BAD_CONFIG says so
    const say: Say = (severity, code, text, field) => problems.push({ severity, code, text, field, node: node.id });
    levelProblems(process, parsed.data, context, say);
    matrixProblems(process, parsed.data, context, say);
    timeProblems(process, node, parsed.data, say);
    if ((parsed.data.withdraw === "returned" || parsed.data.withdraw === "withdrawn") && parsed.data.exits === "done")
      say(
        "error",
        "WITHDRAW_NO_EXIT",
        `“${nameOf(node)}” has one exit only, so a request that is taken back cannot leave by another. Let it cancel the run, or give the step one exit for each decision.`,
        "config.withdraw",
      );
  }
  return problems;
}

const nameOf = ({ node }: CompiledNode) => node.name || node.id;

function levelProblems(process: CompiledProcess, config: ApprovalConfig, context: CheckContext, say: Say): void {
  const levels = [
    ...(config.levels ?? []).map((level, i) => ({ level, field: `config.levels.${i}`, no: i + 1 })),
    ...(config.whenNobody ? [{ level: config.whenNobody, field: "config.whenNobody", no: 0 }] : []),
  ];
  for (const { level, field, no } of levels) {
    for (const ask of level.ask) askProblem(process, ask, context, say, field);
    if (
      new Set(level.ask.filter((ask) => ask.startsWith("@"))).size <
      level.ask.filter((ask) => ask.startsWith("@")).length
    )
      say(
        "error",
        "APPROVER_TWICE",
        no
          ? `Level ${no} asks the same person twice. Nobody decides twice at one level.`
          : "The default level asks the same person twice. Nobody decides twice at one level.",
        field,
      );
    const open = level.ask.some((ask) => ask.startsWith("*"));
    if (typeof level.needs === "number" && !open && level.needs > level.ask.length)
      say(
        "error",
        "TOO_MANY_NEEDED",
        no
          ? `Level ${no} needs ${level.needs} to approve and asks ${level.ask.length}, so it would always be rejected.`
          : `The default level needs ${level.needs} to approve and asks ${level.ask.length}, so it would always be rejected.`,
        field,
      );
  }
}

function askProblem(process: CompiledProcess, ask: string, context: CheckContext, say: Say, field: string): void {
  const role = roleAsked(ask);
  if (role !== null) {
    if (!Object.hasOwn(process.document.roles, role))
      say("error", "UNKNOWN_REFERENCE", `The role ${role} is not in this process.`, field);
  } else if (context.members && !context.members.includes(ask.slice(1)))
    say(
      "warning",
      "APPROVER_GONE",
      `${ask} is nobody who works here now. Their stand-in or the owner of the process would be asked.`,
      field,
    );
}

function matrixProblems(process: CompiledProcess, config: ApprovalConfig, context: CheckContext, say: Say): void {
  const { matrix } = config;
  if (matrix === undefined) return;
  const table = process.document.decisionTables[matrix];
  if (!table)
    return say("error", "UNKNOWN_REFERENCE", `The decision table ${matrix} is not in this process.`, "config.matrix");
  const column = table.outputs.indexOf("approvers");
  const name = table.name ?? matrix;
  if (column < 0)
    return say(
      "error",
      "MATRIX_NO_APPROVERS",
      `The table ${name} does not say who approves. Give it an output that is called approvers.`,
      "config.matrix",
    );
  const place = table.outputs.indexOf("level");
  const cells = [...table.rules.map(({ then }) => then), ...(table.defaults ? [table.defaults] : [])];
  let nobody = false;
  cells.forEach((then, i) => {
    const field = `decisionTables.${matrix}.rules.${i}`;
    const cell = then[column] ?? null;
    if (cell !== null && typeof cell === "object") return; // worked out when it is asked
    const levels = typeof cell === "string" ? readLevels(cell) : [];
    if (!levels.length) nobody = true;
    for (const { ask } of levels) for (const one of ask) askProblem(process, one, context, say, field);
    for (const { ask, needs } of levels)
      if (typeof needs === "number" && needs > ask.length && !ask.some((one) => one.startsWith("*")))
        say(
          "error",
          "TOO_MANY_NEEDED",
          `Rule ${i + 1} of the table ${name} needs ${needs} to approve and asks ${ask.length}.`,
          field,
        );
    if (place >= 0 && typeof then[place] === "string")
      say("error", "BAD_TABLE", `Rule ${i + 1} of the table ${name} needs a number as its level.`, field);
  });
  if ((nobody || mayMatchNothing(table)) && !config.whenNobody && !config.levels?.length)
    say(
      "warning",
      "MATRIX_NOBODY",
      `The table ${name} may name nobody. That would be an incident, never an approval: name a level for it.`,
      "config.whenNobody",
    );
}

const mayMatchNothing = ({ defaults, rules }: DecisionTableDefinition) =>
  !defaults?.length && !rules.some(({ when }) => when.every((cell) => cell.trim() === "-" || cell.trim() === ""));

/** A timeout never approves: not by setting, not by a connection, not by an action that writes the decision. */
function timeProblems(process: CompiledProcess, node: CompiledNode, config: ApprovalConfig, say: Say): void {
  const never = (field: string) =>
    say(
      "error",
      "TIMEOUT_APPROVES",
      `Time running out would approve “${nameOf(node)}”. A timeout never approves: let it remind, escalate, reject or return.`,
      field,
    );
  const { timeout } = config;
  if (timeout?.do === "approve") never("config.timeout");
  if (timeout && !("kind" in parseTarget(timeout.after, timeout.calendar !== undefined)))
    say("error", "BAD_DURATION", `“${timeout.after}” is not a duration. Write 8h, 2bd or PT8H.`, "config.timeout");
  if (timeout?.calendar && !Object.hasOwn(process.document.calendars, timeout.calendar))
    say("error", "UNKNOWN_REFERENCE", `The calendar ${timeout.calendar} is not in this process.`, "config.timeout");
  const to = timeout?.to ? roleAsked(timeout.to) : null;
  if (to !== null && !Object.hasOwn(process.document.roles, to))
    say("error", "UNKNOWN_REFERENCE", `The role ${to} is not in this process.`, "config.timeout");
  const approved = node.out.find((edge) => portOf(edge) === "approved");
  const timed = new Set([
    ...node.boundary.flatMap((b) => (b.kind === "timer" && b.interrupting ? b.id : [])),
    ...(node.slas.some(({ sla }) => sla.escalate) ? ["late"] : []),
  ]);
  for (const edge of node.out)
    if (approved && edge.id !== approved.id && edge.to === approved.to && timed.has(portOf(edge))) never("boundary");
  const field = decisionFieldOf(node);
  for (const { sla } of node.slas)
    for (const action of [...sla.onWarn, ...sla.onBreach, ...(sla.ladder ?? []).flatMap((rung) => rung.do)]) {
      const literal = action.verb === "set" && action.field === field ? /^"(.*)"$/.exec(action.value.trim()) : null;
      if (literal && decisionOf(literal[1] ?? "") === "approved") never("slas");
    }
}

const decisionFieldOf = (node: CompiledNode): string | undefined =>
  typeof node.config.decisionField === "string"
    ? node.config.decisionField
    : node.form?.fields.find((field) => field.required && !field.readOnly)?.field;
