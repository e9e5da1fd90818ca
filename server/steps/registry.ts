/** The registry: one line a step kind. Nothing else lists them. Without the compiler, so that a screen can ask for exits alone. */
import type { StepRegistry } from "@/server/engine/graph.ts";
import { approval } from "./approval/step.ts";
import { automation } from "./automation/step.ts";
import { decision } from "./decision/step.ts";
import { end } from "./end/step.ts";
import { forEach } from "./for_each/step.ts";
import { inclusive } from "./inclusive/step.ts";
import { join } from "./join/step.ts";
import { parallel } from "./parallel/step.ts";
import { start } from "./start/step.ts";
import { subprocess } from "./subprocess/step.ts";
import { task } from "./task/step.ts";
import { wait } from "./wait/step.ts";

/** Each kind's config is parsed with its own schema before the kind sees it (`server/engine/graph.ts`). */
export const steps: StepRegistry = {
  start,
  task,
  approval,
  decision,
  parallel,
  inclusive,
  join,
  wait,
  automation,
  for_each: forEach,
  subprocess,
  end,
};
