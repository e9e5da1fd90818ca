import { z } from "zod";
import { defineStep } from "@/server/engine/step.ts";

/** Exclusive choice: edges in stated order, the first true condition wins, else the edge marked otherwise. */
export const decision = defineStep({
  kind: "decision",
  label: "Decision",
  config: z.strictObject({}),
  initial: { name: "", config: {} },
  ports: () => "one_per_edge",
  enter: () => ({ type: "choose" }),
  resume: () => ({ type: "choose" }),
});
