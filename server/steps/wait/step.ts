import { z } from "zod";
import { feel, identifier } from "@/server/engine/process.ts";
import { type Waiting, defineStep, fail, leave, wait as stay } from "@/server/engine/step.ts";

/** One of the things a wait for the first of many looks out for; its id is the exit. */
export const waitBranch = z.strictObject({
  id: identifier,
  for: z.enum(["event", "condition", "duration", "date"]),
  event: z.string().max(80).optional(),
  correlate: feel.optional(),
  condition: feel.optional(),
  duration: z.string().max(32).optional(),
  until: feel.optional(),
});
export type WaitBranch = z.infer<typeof waitBranch>;

export const waitConfig = z.strictObject({
  /** `first`: whatever of `branches` happens first (event-based choice, deferred choice). */
  for: z.enum(["duration", "date", "event", "condition", "first"]),
  /** `PT20H`, `P2D`, `2bd` …: in the calendar when there is one. */
  duration: z.string().max(32).optional(),
  /** FEEL date or date and time: for `date`, or the deadline of an event or condition. */
  until: feel.optional(),
  event: z.string().max(80).optional(),
  /** FEEL, looked at when the wait begins: only a message with this key is meant. */
  correlate: feel.optional(),
  /** Only messages that come while it waits (transient trigger); else one that came before is taken. */
  transient: z.boolean().optional(),
  condition: feel.optional(),
  /** Deadline of an event or condition. */
  timeout: z.string().max(32).optional(),
  calendar: identifier.optional(),
  branches: z.array(waitBranch).max(20).optional(),
  /** Field or run variable → FEEL over `message`, written when the message has come. */
  output: z.record(z.string().max(130), feel).optional(),
});
type WaitConfig = z.infer<typeof waitConfig>;

/** Waits for time to pass, a date, a public event, a condition, or the first of several of these. */
export const wait = defineStep({
  kind: "wait",
  label: "Wait",
  config: waitConfig,
  initial: { name: "", config: { for: "duration", duration: "1bd" } },
  ports: (_, config) =>
    config.for === "first"
      ? (config.branches ?? []).map(({ id }) => id)
      : config.for === "event" || config.for === "condition"
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
          ? stay({
              events: [{ event: config.event, correlate: config.correlate, fresh: config.transient }],
              timers: deadline(config),
            })
          : fail("WAIT_WITHOUT_EVENT", "This wait names no event.");
      case "condition":
        return config.condition
          ? stay({ conditions: [{ text: config.condition }], timers: deadline(config) })
          : fail("WAIT_WITHOUT_CONDITION", "This wait has no condition.");
      case "first":
        return config.branches?.length
          ? stay(firstOf(config.branches, config))
          : fail("WAIT_WITHOUT_BRANCHES", "This wait does not say what it waits for.");
      default:
        return config.for satisfies never;
    }
  },
  resume: (_, config, signal) => {
    if (signal.type === "timer") return leave(signal.name);
    if (config.for === "first")
      return leave((signal.type === "event" || signal.type === "condition" ? signal.port : undefined) ?? "done");
    return leave(config.for === "event" || config.for === "condition" ? "event" : "done");
  },
});

function firstOf(branches: readonly WaitBranch[], { calendar, transient }: WaitConfig): Waiting {
  return {
    events: branches.flatMap(({ id, for: kind, event, correlate }) =>
      kind === "event" && event ? [{ event, correlate, port: id, fresh: transient }] : [],
    ),
    conditions: branches.flatMap(({ id, for: kind, condition }) =>
      kind === "condition" && condition ? [{ text: condition, port: id }] : [],
    ),
    timers: branches.flatMap(
      ({ id, for: kind, duration, until }): NonNullable<Waiting["timers"]> =>
        kind === "duration" && duration
          ? [{ name: id, after: duration, calendar }]
          : kind === "date" && until
            ? [{ name: id, until, calendar }]
            : [],
    ),
  };
}

const hasDeadline = (config: WaitConfig) => config.timeout !== undefined || config.until !== undefined;
const deadline = (config: WaitConfig) =>
  hasDeadline(config)
    ? [{ name: "timeout", after: config.timeout, until: config.until, calendar: config.calendar }]
    : [];
