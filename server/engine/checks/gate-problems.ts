/** What is wrong with stage gates: fields, records, roles and checklist items that are not there, and settings nothing acts on. */
import type { CompiledProcess } from "../graph.ts";
import type { ProcessNode } from "../process.ts";
import type { CheckContext, Problem } from "./problems.ts";

export function gateProblems({ document, nodes }: CompiledProcess, { hasField }: CheckContext): Problem[] {
  const problems: Problem[] = [];
  for (const { node, isHuman, isStep } of nodes.values()) {
    const { gate } = node;
    if (!gate) continue;
    const name = node.name || node.id;
    const say = (severity: Problem["severity"], code: string, text: string, field: string) =>
      problems.push({ severity, code, text, node: node.id, field });
    if ((gate.exit?.length || gate.who?.length) && !isHuman)
      say(
        "error",
        "GATE_WITHOUT_PERSON",
        `“${name}” is not finished by a person, so nobody can meet its exit gate. Put what has to be there before the step after it.`,
        "gate.exit",
      );
    if ((gate.noSkip || gate.noBack) && !isStep)
      say("error", "NOT_A_STEP", `Only a step can be guarded against being passed over, not “${name}”.`, "gate.noSkip");
    for (const role of gate.who ?? [])
      if (!Object.hasOwn(document.roles, role))
        say("error", "UNKNOWN_REFERENCE", `The role ${role} is not in this process.`, "gate.who");
    for (const side of ["entry", "exit"] as const)
      (gate[side] ?? []).forEach((one, i) => {
        const field = `gate.${side}.${i}`;
        if (one.kind === "checklist") {
          if (side === "entry")
            say(
              "error",
              "CHECKLIST_AT_ENTRY",
              `The checklist of “${name}” is ticked while it is done, so it cannot be asked for before.`,
              field,
            );
          else if (!has(node, one.item))
            say("error", "UNKNOWN_REFERENCE", `“${name}” has no such item in its checklist.`, field);
        }
        if (one.kind === "record" && one.record !== document.recordType && !Object.hasOwn(document.related, one.record))
          say("error", "UNKNOWN_REFERENCE", `There is no related record ${one.record} in this process.`, field);
        if (one.kind === "field" || one.kind === "link" || one.kind === "note") {
          const [object = "", own = ""] = one.field.split(".");
          const known =
            object === "run"
              ? Object.hasOwn(document.variables, own)
              : !hasField || hasField(document.related[object]?.newest ?? object, own);
          if (!known) say("error", "UNKNOWN_FIELD", `There is no field ${one.field}.`, field);
        }
      });
  }
  return problems;
}

const has = ({ checklist = [] }: ProcessNode, item: string | undefined): boolean =>
  item === undefined ? checklist.length > 0 : checklist.some(({ id }) => id === item);
