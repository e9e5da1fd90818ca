import { z } from "zod";
import { defineStep, leave } from "@/server/engine/step.ts";

/** The system does the node's actions in order; the engine runs them on entry, and the token leaves when the last is done. */
export const automation = defineStep({
  kind: "automation",
  label: "Automation",
  config: z.strictObject({}),
  initial: { name: "", config: {}, actions: [] },
  ports: () => ["done"],
  enter: () => leave("done"),
  resume: () => leave("done"),
});
