import { z } from "zod";
import { identifier } from "@/server/engine/process.ts";
import { defineStep, leave, wait } from "@/server/engine/step.ts";

export const taskConfig = z.strictObject({
  /** Ways to finish that leave through an exit of their own. Without any, the one exit is `done`. */
  outcomes: z
    .array(z.strictObject({ id: identifier, label: z.string().max(80) }))
    .max(30)
    .optional(),
  /** The form field whose values are shown as outcome buttons; else the form's first required picklist. */
  outcomeField: z.string().max(130).optional(),
});

/** Human work: a work item is offered to the node's role and the token waits until a person completes it. */
export const task = defineStep({
  kind: "task",
  label: "Task",
  config: taskConfig,
  initial: { name: "", config: {} },
  ports: (_, { outcomes }) => (outcomes?.length ? outcomes.map((o) => o.id) : ["done"]),
  enter: () => wait({ work: { approval: false } }),
  resume: (_, { outcomes }, signal) =>
    leave(
      signal.type === "work" && outcomes?.length ? (signal.outcome ?? outcomes[0]!.id) : "done",
      signal.type === "work" ? signal.values : undefined,
    ),
});
