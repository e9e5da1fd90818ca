import { z } from "zod";
import { feel, identifier } from "@/server/engine/process.ts";
import { defineStep, fail, leave, wait as stay } from "@/server/engine/step.ts";

export const waitConfig = z.strictObject({
  for: z.enum(["duration", "date", "event", "condition"]),
  /** `PT20H`, `P2D`, `2bd` …: in the calendar when there is one. */
  duration: z.string().max(32).optional(),
  /** FEEL date or date and time: for `date`, or the deadline of an event or condition. */
  until: feel.optional(),
  event: z.string().max(80).optional(),
  condition: feel.optional(),
  /** Deadline of an event or condition. */
  timeout: z.string().max(32).optional(),
  calendar: identifier.optional(),
});
type WaitConfig = z.infer<typeof waitConfig>;

/** Waits for time to pass, a date, a public event or a condition. The exits of the latter two are `event` and `timeout`. */
export const wait = defineStep({
  kind: "wait",
  label: "Wait",
  config: waitConfig,
  initial: { name: "", config: { for: "duration", duration: "1bd" } },
  ports: (_, config) =>
    config.for === "event" || config.for === "condition"
      ? hasDeadline(config)
        ? ["event", "timeout"]
        : ["event"]
      : ["done"],
  enter: (_, config) => {
    const timer = { calendar: config.calendar };
    switch (config.for) {
      case "duration":
        return config.duration
          ? stay({ timers: [{ name: "done", after: config.duration, ...timer }] })
          : fail("WAIT_WITHOUT_DURATION", "This wait has no duration.");
      case "date":
        return config.until
          ? stay({ timers: [{ name: "done", until: config.until, ...timer }] })
          : fail("WAIT_WITHOUT_DATE", "This wait has no date.");
      case "event":
        return config.event
          ? stay({ events: [config.event], timers: deadline(config) })
          : fail("WAIT_WITHOUT_EVENT", "This wait names no event.");
      case "condition":
        return config.condition
          ? stay({ condition: config.condition, timers: deadline(config) })
          : fail("WAIT_WITHOUT_CONDITION", "This wait has no condition.");
      default:
        return config.for satisfies never;
    }
  },
  resume: (_, config, signal) =>
    leave(
      signal.type === "timer" ? signal.name : config.for === "event" || config.for === "condition" ? "event" : "done",
    ),
});

const hasDeadline = (config: WaitConfig) => config.timeout !== undefined || config.until !== undefined;
const deadline = (config: WaitConfig) =>
  hasDeadline(config)
    ? [{ name: "timeout", after: config.timeout, until: config.until, calendar: config.calendar }]
    : [];
