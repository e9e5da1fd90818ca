import { startConfig } from "@/server/engine/process.ts";
import { defineStep, leave } from "@/server/engine/step.ts";

export const start = defineStep({
  kind: "start",
  label: "Start",
  config: startConfig,
  initial: { name: "Start", config: { trigger: "manual" } },
  ports: () => ["done"],
  enter: () => leave("done"),
  resume: () => leave("done"),
});
