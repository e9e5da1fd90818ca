import { z } from "zod";
import { defineStep } from "@/server/engine/step.ts";

/** AND split: one token on every outgoing edge. */
export const parallel = defineStep({
  kind: "parallel",
  label: "Parallel",
  config: z.strictObject({}),
  initial: { name: "", config: {} },
  ports: () => "one_per_edge",
  enter: () => ({ type: "split" }),
  resume: () => ({ type: "split" }),
});
