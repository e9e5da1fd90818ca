const approving = new Set([
  "accepted",
  "approved",
  "approved_with_conditions",
  "proceed",
  "go",
  "passed",
  "plan_agreed",
  "promise",
  "save_plan",
  "write_off",
]);
const returning = new Set(["rework", "pending", "returned"]);

export type ApprovalDecision = "approved" | "rejected" | "returned";

/** What a picklist value means as a decision; no value means that completing approves. Source: domain/templates. */
export const decisionOf = (value: string | null): ApprovalDecision =>
  value === null || approving.has(value) ? "approved" : returning.has(value) ? "returned" : "rejected";
