import { z } from "zod";
import { identifier } from "@/server/engine/process.ts";
import { defineStep, fail, leave, wait } from "@/server/engine/step.ts";

export const subprocessConfig = z.strictObject({
  process: z.union([identifier, z.literal("")]).default(""),
  /** `same`: the run's own record. `related`: the related record of the called process's type, created if absent. */
  record: z.enum(["same", "related"]).default("same"),
});

/** Calls another process and waits for its end. The child's outcome is kept with the visit. */
export const subprocess = defineStep({
  kind: "subprocess",
  label: "Sub-process",
  config: subprocessConfig,
  initial: { name: "", config: { process: "", record: "same" } },
  ports: () => ["done"],
  enter: (_, { process, record }) =>
    process ? wait({ call: { process, record } }) : fail("CALL_WITHOUT_PROCESS", "This step names no process to call."),
  resume: () => leave("done"),
});
