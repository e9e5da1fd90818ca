/** Conditions that are waited for and read `now()` in a way that nobody can solve: they are looked at each full hour only. */
import { isUneven, turningPoints } from "../clocks/turning-points.ts";
import { compile } from "../expression/index.ts";
import type { Process } from "../process.ts";
import type { Problem } from "./problems.ts";

export function timeProblems({ nodes }: Process): Problem[] {
  const problems: Problem[] = [];
  for (const node of nodes) {
    const look = (text: unknown, field: string) => {
      if (typeof text !== "string" || !isLookedAtHourly(text)) return;
      problems.push({
        severity: "warning",
        code: "LOOKED_AT_HOURLY",
        text: `A condition of “${node.name || node.id}” asks for now() in a way that cannot be worked out beforehand, so it is looked at each full hour. To be exact to the moment, compare now() with a date and time, plus or minus some hours or days.`,
        node: node.id,
        field,
      });
    };
    look(node.entryCriteria, "entryCriteria");
    (node.gate?.entry ?? []).forEach((one, i) => {
      if (one.kind === "condition") look(one.when, `gate.entry.${i}`);
      if (one.kind === "record") look(one.where, `gate.entry.${i}`);
    });
    if (node.kind === "wait") {
      if (node.config.for === "condition") look(node.config.condition, "config.condition");
      for (const branch of Array.isArray(node.config.branches)
        ? (node.config.branches as Record<string, unknown>[])
        : [])
        if (branch.for === "condition") look(branch.condition, "config.branches");
    }
    if (node.kind === "end") look(node.config.goal, "config.goal");
    for (const boundary of node.boundary ?? []) if (boundary.kind === "record_changed") look(boundary.when, "boundary");
  }
  return problems;
}

function isLookedAtHourly(text: string): boolean {
  const { points, free } = turningPoints(text);
  return free || points.some(({ moved }) => moved.some(isMonths));
}

/** A number of months that stands in the text itself; of a field's kind nothing is known here. */
function isMonths(text: string): boolean {
  const result = compile(text);
  if (!result.ok || result.expression.reads.length) return false;
  return isUneven(result.expression.evaluate({ now: 0, zone: "UTC", get: () => undefined }).value);
}
