import { z } from "zod";
import { feel, identifier } from "@/server/engine/process.ts";
import { defineStep, fail, leave, wait } from "@/server/engine/step.ts";

export const subprocessConfig = z.strictObject({
  process: z.union([identifier, z.literal("")]).default(""),
  /** `same`: the run's own record. `related`: the related record of the called process's type, created if absent. */
  record: z.enum(["same", "related"]).default("same"),
  /** The steps drawn inside this one instead of another process. */
  inline: z.boolean().optional(),
  /** A published version to stay with; the live one of the day without. */
  version: z.number().int().positive().optional(),
  /** Variable of the called process → FEEL here. */
  input: z.record(identifier, feel).optional(),
  /** Field or run variable here → FEEL over `child` (the called run's variables, `child.end`, `child.outcome`). */
  output: z.record(z.string().max(130), feel).optional(),
});

/** Calls another process, or goes through the steps drawn inside it, and waits for the end. */
export const subprocess = defineStep({
  kind: "subprocess",
  label: "Sub-process",
  config: subprocessConfig,
  initial: { name: "", config: { process: "", record: "same" } },
  ports: () => ["done"],
  enter: (_, { process, record, inline, version, input }) =>
    inline
      ? wait({ body: {} })
      : process
        ? wait({ call: { process, record, ...(version !== undefined && { version }), ...(input && { input }) } })
        : fail("CALL_WITHOUT_PROCESS", "This step names no process to call."),
  resume: () => leave("done"),
});
