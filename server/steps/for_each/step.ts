import { z } from "zod";
import { feel, identifier } from "@/server/engine/process.ts";
import { refusedRest } from "@/server/engine/checks/refused-patterns.ts";
import { defineStep, fail, leave, wait } from "@/server/engine/step.ts";

export const forEachConfig = z.strictObject({
  /** A FEEL list, or the records of a type that refer to the run's record (or to `of`, a related name). */
  over: z.enum(["list", "records"]).default("list"),
  list: feel.optional(),
  records: identifier.optional(),
  of: identifier.optional(),
  /** What expressions inside call the item. */
  as: identifier.default("item"),
  mode: z.enum(["sequential", "parallel"]).default("parallel"),
  /** FEEL over `loop` (total, done, open, success, neutral, negative), looked at after each instance. */
  completeWhen: feel.optional(),
  /** What becomes of the instances that are open then. */
  rest: z.literal("cancel", { error: () => refusedRest }).default("cancel"),
  /** Field or run variable → FEEL over `loop`, written when it ends. */
  output: z.record(z.string().max(130), feel).optional(),
});

/** Does its nodes once for each item, one after the other or all at once, and goes on when the last has ended. */
export const forEach = defineStep({
  kind: "for_each",
  label: "For each",
  config: forEachConfig,
  initial: { name: "", config: { over: "list", as: "item", mode: "parallel", rest: "cancel" } },
  ports: () => ["done"],
  enter: (_, { over, list, records, of, as, mode, completeWhen }) => {
    if (over === "list" ? !list?.trim() : !records)
      return fail("FOR_EACH_WITHOUT_LIST", "This step does not say for each of what.");
    return wait({
      body: {
        each: {
          over,
          as,
          mode,
          ...(list !== undefined && { list }),
          ...(records !== undefined && { records }),
          ...(of !== undefined && { of }),
          ...(completeWhen?.trim() && { completeWhen }),
        },
      },
    });
  },
  resume: () => leave("done"),
});
