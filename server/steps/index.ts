/** The registry: one line a step kind. Nothing else lists them. */
import type { StepKindId } from "@/server/engine/process.ts";
import type { StepDefinition } from "@/server/engine/step.ts";
import { approval } from "./approval/step.ts";
import { automation } from "./automation/step.ts";
import { decision } from "./decision/step.ts";
import { end } from "./end/step.ts";
import { join } from "./join/step.ts";
import { parallel } from "./parallel/step.ts";
import { start } from "./start/step.ts";
import { subprocess } from "./subprocess/step.ts";
import { task } from "./task/step.ts";
import { wait } from "./wait/step.ts";

// Each kind parses its own config before it reads it, so the registry may forget the config's type: the one cast of this file.
const kinds = { start, task, approval, decision, parallel, join, wait, automation, subprocess, end };
export const steps = kinds as { [K in StepKindId]: StepDefinition<never> } as Record<StepKindId, StepDefinition<Record<string, unknown>>>;
