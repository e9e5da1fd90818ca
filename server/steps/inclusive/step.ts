import { z } from "zod";
import { defineStep } from "@/server/engine/step.ts";

/** Inclusive split (multi-choice): every branch whose condition is true; none: the one marked otherwise, else an incident. */
export const inclusive = defineStep({
  kind: "inclusive",
  label: "Inclusive split",
  config: z.strictObject({}),
  initial: { name: "", config: {} },
  ports: () => "one_per_edge",
  enter: () => ({ type: "choose_many" }),
  resume: () => ({ type: "choose_many" }),
});
