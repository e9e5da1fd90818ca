import { z } from "zod";
import { defineStep } from "@/server/engine/step.ts";

export const joinConfig = z.strictObject({ mode: z.literal("all").default("all") });

/** AND join: one token an incoming edge; a second token on the same edge waits for the next round. */
export const join = defineStep({
  kind: "join",
  label: "Join",
  config: joinConfig,
  initial: { name: "", config: { mode: "all" } },
  ports: () => ["done"],
  enter: () => ({ type: "merge" }),
  resume: () => ({ type: "merge" }),
});
