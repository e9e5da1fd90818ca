import { z } from "zod";
import { defineStep } from "@/server/engine/step.ts";

export const endConfig = z.strictObject({
  outcome: z.enum(["success", "neutral", "negative"]).default("neutral"),
  /** Ends the run at once, cancelling what is still open; a plain end only takes its own token. */
  terminate: z.boolean().default(false),
});

export const end = defineStep({
  kind: "end",
  label: "End",
  config: endConfig,
  initial: { name: "Done", config: { outcome: "success", terminate: false } },
  ports: () => "none",
  enter: (_, { outcome, terminate }) => ({ type: "end", outcome, terminate }),
  resume: (_, { outcome, terminate }) => ({ type: "end", outcome, terminate }),
});
