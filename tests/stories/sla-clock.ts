/** One step with one SLA, and the hours its stories count in. */
import type { Values } from "@/server/engine/model.ts";
import { type BenchClock, clockBench, iso, nineToFive, week } from "../support/clock-bench.ts";

export const h = 3_600_000;
const office = { zone: "UTC", week: nineToFive, holidays: "none" };
const eightToFive = { zone: "UTC", week: week("08:00", "17:00"), holidays: "none" };
const eightToFour = { zone: "UTC", week: week("08:00", "16:00"), holidays: "none" };
export const calendars = { office, eightToFive, eightToFour };
export const text = "ask:task\nstart -> ask -> done";

/** One SLA on the only step. 2026-03-02 is a Monday. */
export const one = (sla: object, options: { start?: string; values?: Values; zone?: string; created?: string } = {}) =>
  clockBench(
    text,
    { slas: { p: { name: "P", target: "4h", ...sla } }, calendars, nodes: { ask: { slas: ["p"] } } },
    { start: "2026-03-02T10:00", ...options },
  );
/** The same on the run, not on a step. */
export const ofRun = (sla: object, options: { start?: string; values?: Values } = {}) =>
  clockBench(
    text,
    { slas: { p: { name: "P", target: "4h", stops: "run.completed", ...sla } }, calendars },
    { start: "2026-03-02T10:00", ...options },
  );
export const ends = (clock: BenchClock) => [clock.cycle, clock.state, iso(clock.startedAt), iso(clock.stoppedAt)];
