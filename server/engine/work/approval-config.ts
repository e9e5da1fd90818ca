/** What an approval step says about who decides, how, and what happens when nobody does. */
import { z } from "zod";
import type { CompiledNode } from "../graph.ts";
import { identifier } from "../process.ts";
import type { ApprovalLevel } from "./approval-path.ts";

const decision = z.enum(["approved", "rejected", "returned"]);
/** The key of a role, `*role` for everybody in it, `@member` for one person. */
const ask = z.string().regex(/^[*@]?[\w-]{1,80}$/, "a role, * with a role for everybody in it, or @ with a person");

export const levelSchema = z.strictObject({
  name: z.string().max(200).optional(),
  ask: z.array(ask).min(1).max(50),
  /** How many of those who are asked have to approve. */
  needs: z.union([z.enum(["all", "any", "majority"]), z.number().int().min(1).max(50)]).default("all"),
});

export const approvalConfig = z.strictObject({
  /** `forbid`: never the record's owner, nor who completed the last human step before it. */
  selfApproval: z.enum(["forbid", "allow"]).default("forbid"),
  /** The form field that holds the decision; else the form's first required picklist. `none`: completing approves. */
  decisionField: z.string().max(130).optional(),
  /** `done`: one exit, a gateway after it chooses. `decision`: the exits approved, rejected and returned. */
  exits: z.enum(["done", "decision"]).default("done"),
  /** Levels that decide one after the other. Without these and a matrix the step's role decides, one person. */
  levels: z.array(levelSchema).max(10).optional(),
  /**
   * A decision table of the process that says who is asked: its output `approvers` holds levels as text (`sales_manager > 2 of
   * *directors`), `level`, if there is one, where in the order they stand. Other outputs are not read.
   */
  matrix: identifier.optional(),
  /** Who is asked when the matrix names nobody; without it that is an incident. Never: nobody, so approved. */
  whenNobody: levelSchema.optional(),
  /** Decisions that have to be explained. */
  comment: z.array(decision).max(3).optional(),
  /** Whoever is asked gets a mail as well, with the link to the page where it is decided. */
  mail: z.boolean().optional(),
  /** Reasons to choose from when it is not approved. */
  reasons: z.array(z.string().min(1).max(120)).max(30).optional(),
  /** After this time without a decision. `approve` is read so that it can be refused: a timeout never approves. */
  timeout: z
    .strictObject({
      after: z.string().min(1).max(32),
      calendar: identifier.optional(),
      do: z.enum(["remind", "escalate", "reject", "return", "approve"]),
      /** Whom it is escalated to; without it each approver's manager. */
      to: ask.optional(),
    })
    .optional(),
  /**
   * What becomes of a request that is taken back: it leaves as returned, by an exit of its own, the whole run is cancelled, or it
   * cannot be. Left out: returned where that is an exit, else cancelled.
   */
  withdraw: z.enum(["returned", "withdrawn", "cancel", "forbid"]).optional(),
});
export type ApprovalConfig = z.infer<typeof approvalConfig>;

/** An approval's settings as the engine reads them; a draft whose settings do not fit has those of a plain one. */
export function approvalOf(node: CompiledNode): ApprovalConfig {
  const parsed = parsedOf.get(node);
  if (parsed) return parsed;
  const result = approvalConfig.safeParse(node.node.config);
  const config = result.success ? result.data : approvalConfig.parse({});
  parsedOf.set(node, config);
  return config;
}
const parsedOf = new WeakMap<CompiledNode, ApprovalConfig>();

/** Whether it asks more than the one person of the step's role. */
export const hasLevels = ({ levels, matrix }: ApprovalConfig): boolean =>
  (levels?.length ?? 0) > 0 || matrix !== undefined;

export const levelOf = ({ name = "", ask: asked, needs }: z.infer<typeof levelSchema>): ApprovalLevel => ({
  name,
  ask: asked,
  needs,
});

/** What becomes of a request that is taken back. */
export const withdrawnBy = ({ withdraw, exits }: ApprovalConfig): NonNullable<ApprovalConfig["withdraw"]> =>
  exits === "decision"
    ? (withdraw ?? "returned")
    : withdraw === "returned" || withdraw === "withdrawn"
      ? "cancel"
      : (withdraw ?? "cancel");
