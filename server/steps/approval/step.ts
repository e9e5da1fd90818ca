import { decisionOf } from "@/server/engine/work/approval.ts";
import { approvalConfig, withdrawnBy } from "@/server/engine/work/approval-config.ts";
import { defineStep, leave, wait } from "@/server/engine/step.ts";

/** People's decision. A timeout never approves; a read never decides. */
export const approval = defineStep({
  kind: "approval",
  label: "Approval",
  config: approvalConfig,
  initial: { name: "", config: { selfApproval: "forbid", exits: "decision" } },
  ports: (_, config) =>
    config.exits === "decision"
      ? ["approved", "rejected", "returned", ...(withdrawnBy(config) === "withdrawn" ? ["withdrawn"] : [])]
      : ["done"],
  enter: () => wait({ work: { approval: true } }),
  resume: (_, config, signal) => {
    if (config.exits !== "decision" || signal.type !== "work")
      return leave("done", signal.type === "work" ? signal.values : undefined);
    const decision = signal.decision ?? decisionOf(signal.outcome);
    return leave(
      decision === "withdrawn" && withdrawnBy(config) !== "withdrawn" ? "returned" : decision,
      signal.values,
    );
  },
});
