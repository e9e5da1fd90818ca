import { z } from "zod";
import { refusedJoin } from "@/server/engine/checks/refused-patterns.ts";
import { defineStep } from "@/server/engine/step.ts";

export const joinModes = ["all", "taken", "n_of_m"] as const;
export const joinConfig = z
  .strictObject({
    /**
     * `all`: one token an incoming edge (AND). `taken`: as many as can still come (OR). `n_of_m`: the first `count` edges.
     * A second token on the same edge waits for the next round.
     */
    mode: z.enum(joinModes, { error: ({ input }) => refusedJoin(input) }).default("all"),
    count: z.number().int().min(1).max(100).optional(),
    /** `n_of_m`: cancels what is still on its way here; else that is taken in without effect. */
    cancelRest: z.boolean().optional(),
  })
  .superRefine(({ mode, count, cancelRest }, problems) => {
    if (mode !== "n_of_m") return;
    if (count === undefined)
      problems.addIssue({ code: "custom", path: ["count"], message: "say after how many branches it goes on" });
    else if (count === 1 && !cancelRest)
      problems.addIssue({ code: "custom", path: ["cancelRest"], message: refusedJoin("discriminator") });
  });

export const join = defineStep({
  kind: "join",
  label: "Join",
  config: joinConfig,
  initial: { name: "", config: { mode: "all" } },
  ports: () => ["done"],
  enter: (_, { mode, count, cancelRest }) => ({
    type: "merge",
    mode,
    ...(count !== undefined && { count }),
    ...(cancelRest !== undefined && { cancelRest }),
  }),
  resume: (_, { mode, count, cancelRest }) => ({
    type: "merge",
    mode,
    ...(count !== undefined && { count }),
    ...(cancelRest !== undefined && { cancelRest }),
  }),
});
