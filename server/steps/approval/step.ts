import { z } from "zod";
import { decisionOf } from "@/server/engine/work/approval.ts";
import { defineStep, leave, wait } from "@/server/engine/step.ts";

export const approvalConfig = z.strictObject({
  /** `forbid`: never the record's owner, nor who completed the last human step before it. */
  selfApproval: z.enum(["forbid", "allow"]).default("forbid"),
  /** The form field that holds the decision; else the form's first required picklist. `none`: completing approves. */
  decisionField: z.string().max(130).optional(),
  /** `done`: one exit, a gateway after it chooses. `decision`: the exits approved, rejected and returned. */
  exits: z.enum(["done", "decision"]).default("done"),
});

/** A person's decision. A timeout never approves; a read never decides. */
export const approval = defineStep({
  kind: "approval",
  label: "Approval",
  config: approvalConfig,
  initial: { name: "", config: { selfApproval: "forbid", exits: "decision" } },
  ports: (_, { exits }) => (exits === "decision" ? ["approved", "rejected", "returned"] : ["done"]),
  enter: () => wait({ work: { approval: true } }),
  resume: (_, { exits }, signal) =>
    leave(
      exits === "decision" && signal.type === "work" ? decisionOf(signal.outcome) : "done",
      signal.type === "work" ? signal.values : undefined,
    ),
});
