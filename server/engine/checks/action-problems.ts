/** Calls that nothing is connected for, and retry settings that cannot be read. */
import { parseTarget } from "../calendar/read-target.ts";
import { actionLists, connectionOf } from "../named-connections.ts";
import type { Process } from "../process.ts";
import type { CheckContext, Problem } from "./problems.ts";

export function actionProblems(document: Process, { connections }: CheckContext): Problem[] {
  const problems: Problem[] = [];
  for (const { node, field, actions } of actionLists(document))
    for (const action of actions) {
      const at = { field, ...(node && { node }) };
      const key = connectionOf(action);
      const kind = action.verb === "chat" ? "chat" : "api";
      if (key !== undefined && connections && connections.get(key) !== kind)
        problems.push({
          severity: "warning",
          code: "NOT_CONNECTED",
          text: `“${key}” is not connected yet. A run that comes here stops until it is.`,
          ...at,
        });
      const policy = "retry" in action ? action.retry : undefined;
      if (policy?.first !== undefined && !("ms" in parseTarget(policy.first, false)))
        problems.push({
          severity: "error",
          code: "BAD_DURATION",
          text: `“${policy.first}” is not a duration. Write 8h, 2bd or PT8H.`,
          ...at,
        });
    }
  return problems;
}
