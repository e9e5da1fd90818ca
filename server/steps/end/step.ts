import { z } from "zod";
import { feel, identifier } from "@/server/engine/process.ts";
import { defineStep } from "@/server/engine/step.ts";

export const endConfig = z.strictObject({
  outcome: z.enum(["success", "neutral", "negative"]).default("neutral"),
  /** Ends the run (inside a sub-process: that) at once, cancelling what is still open; a plain end only takes its own token. */
  terminate: z.boolean().default(false),
  /** A goal: reached from anywhere as soon as this is true (FEEL) or that event happens; what is open is cancelled. */
  goal: feel.optional(),
  goalEvent: z.string().max(80).optional(),
  /** Ends with an error of this code: an error boundary around it or at the calling step takes it, else it is an incident. */
  error: identifier.optional(),
});

export const end = defineStep({
  kind: "end",
  label: "End",
  config: endConfig,
  initial: { name: "Done", config: { outcome: "success", terminate: false } },
  ports: () => "none",
  enter: (_, { outcome, terminate, error }) => ({ type: "end", outcome, terminate, ...(error && { error }) }),
  resume: (_, { outcome, terminate, error }) => ({ type: "end", outcome, terminate, ...(error && { error }) }),
});
