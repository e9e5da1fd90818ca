import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readLogCsv } from "@/server/interop/csv/read-log-csv.ts";
import { type EventLog, type Lifecycle, type LogEvent } from "@/server/interop/log.ts";
import { lifecycleTimes } from "./lifecycle-times.ts";
import { logStatistics } from "./log-statistics.ts";
import { spreadOf } from "./spread.ts";
import { type Visit, visitsOf } from "./visits.ts";

const logs = path.join(process.cwd(), "..", "shared", "data", "event-logs");

describe("visits of a small log", () => {
  it("splits queue and touch where schedule, start and complete are recorded", () => {
    const visits = told(["review", "schedule", 10], ["review", "start", 30, "Ann"], ["review", "complete", 35]);
    expect(visits).toEqual(["review#1 10/recorded 30 35 completed Ann"]);
  });

  it("takes the previous completion as the entry of a step that only completes, and says the start is not recorded", () => {
    expect(told(["submit", "complete", 5], ["check", "complete", 12])).toEqual([
      "submit#1 5/own - 5 completed",
      "check#1 5/previous - 12 completed",
    ]);
  });

  it("numbers the stays of a case in one step as they were entered", () => {
    const calls = told(
      ["call", "schedule", 1],
      ["call", "start", 2],
      ["call", "complete", 3],
      ["call", "start", 9],
      ["call", "complete", 11],
    );
    expect(calls).toEqual(["call#1 1/recorded 2 3 completed", "call#2 3/previous 9 11 completed"]);
  });

  it("leaves a schedule to the start that takes it, not to a completion without start before it", () => {
    const calls = told(["call", "schedule", 1], ["call", "complete", 4], ["call", "start", 6], ["call", "complete", 7]);
    expect(calls).toEqual(["call#1 1/recorded 6 7 completed", "call#2 4/own - 4 completed"]);
  });

  it("keeps what never ended open, and withdrawn and skipped work apart from done work", () => {
    expect(
      told(
        ["a", "schedule", 1],
        ["b", "schedule", 2],
        ["b", "withdraw", 4],
        ["c", "schedule", 5],
        ["c", "autoskip", 6],
      ),
    ).toEqual(["a#1 1/recorded - - open", "b#1 2/recorded - 4 withdrawn", "c#1 5/recorded - 6 skipped"]);
  });

  it("counts the time between suspend and resume as blocked, until the end when it never resumed", () => {
    const [visit, cut] = visitsOf(
      logOf(
        ["a", "start", 1],
        ["a", "suspend", 3],
        ["a", "resume", 8],
        ["a", "complete", 9],
        ["b", "start", 10],
        ["b", "suspend", 11],
        ["b", "complete", 15],
      ),
    );
    expect([visit?.blockedMs, cut?.blockedMs]).toEqual([5, 4]);
  });

  it("enters a step given as an interval no later than it starts, however long the step beside it runs", () => {
    const long: LogEvent = { caseId: "1", activity: "long", startAt: 0, at: 50, attributes: {} };
    const beside: LogEvent = { caseId: "1", activity: "beside", startAt: 5, at: 20, attributes: {} };
    const after: LogEvent = { caseId: "1", activity: "after", startAt: 70, at: 80, attributes: {} };
    expect(visitsOf({ events: [after, beside, long], cases: new Map() }).map(line)).toEqual([
      "long#1 0/own 0 50 completed",
      "beside#1 5/previous 5 20 completed",
      "after#1 50/previous 70 80 completed",
    ]);
  });

  it("pairs by instance where the log names it", () => {
    const instance = (lifecycle: Lifecycle, at: number, name: string): LogEvent => ({
      caseId: "1",
      activity: "call",
      lifecycle,
      at,
      attributes: { "concept:instance": name },
    });
    const visits = visitsOf({
      events: [
        instance("start", 1, "x"),
        instance("start", 2, "y"),
        instance("complete", 3, "y"),
        instance("complete", 9, "x"),
      ],
      cases: new Map(),
    });
    expect(visits.map(({ startedAt, completedAt }) => [startedAt, completedAt])).toEqual([
      [1, 9],
      [2, 3],
    ]);
  });

  it("cuts finer times to whole milliseconds", () => {
    expect(visitsOf(logOf(["a", "start", 1.25], ["a", "complete", 2.75])).map(line)).toEqual([
      "a#1 1/own 1 2 completed",
    ]);
  });
});

describe.runIf(existsSync(logs))("visits of real logs", () => {
  it("give the bank's queue and work times, and one completed visit for each completion", async () => {
    const log = await read("bpic2012-early.csv.gz");
    const visits = visitsOf(log);
    const statistics = logStatistics(log);
    for (const [activity, times] of Object.entries(lifecycleTimes(log))) {
      const stays = visits.filter((visit) => visit.activity === activity);
      expect(stays.filter((visit) => visit.outcome === "completed").length, activity).toBe(
        statistics?.activities[activity]?.events ?? 0,
      );
      const started = stays.filter((visit) => visit.startRecorded);
      const queue = started
        .filter((visit) => visit.entered === "recorded")
        .map((visit) => (visit.startedAt ?? Number.NaN) - visit.enteredAt);
      const touch = started.map((visit) => (visit.completedAt ?? Number.NaN) - (visit.startedAt ?? Number.NaN));
      expect(spreadOf(queue), `${activity} queue`).toEqual(times.scheduleToStart);
      expect(spreadOf(touch), `${activity} work`).toEqual(times.startToComplete);
    }
    const decisions = visits.filter((visit) => visit.activity === "A_DECLINED" && visit.entered === "previous");
    expect(spreadOf(decisions.map((visit) => (visit.completedAt ?? Number.NaN) - visit.enteredAt))).toEqual(
      statistics?.activities.A_DECLINED?.elapsed,
    );
  });

  it("give the loan process's waiting and processing times when its own enabling times are left aside", async () => {
    const log = await read("loanapp-simplified.csv.gz");
    const statistics = logStatistics(log);
    const visits = visitsOf({ ...log, events: log.events.map((event) => ({ ...event, enabledAt: undefined })) });
    for (const [activity, times] of Object.entries(statistics?.activities ?? {})) {
      const stays = visits.filter((visit) => visit.activity === activity);
      const waiting = stays
        .filter((visit) => visit.entered === "previous")
        .map((visit) => (visit.startedAt ?? Number.NaN) - visit.enteredAt);
      expect(spreadOf(waiting), activity).toEqual(times.waiting);
      expect(
        spreadOf(stays.map((visit) => (visit.completedAt ?? Number.NaN) - (visit.startedAt ?? Number.NaN))),
        activity,
      ).toEqual(times.processing);
    }
    expect(
      visitsOf(log).every((visit) => visit.entered === "recorded" && visit.enteredAt <= (visit.startedAt ?? -1)),
    ).toBe(true);
  });
});

type Told = [activity: string, lifecycle: Lifecycle, at: number, resource?: string];

const logOf = (...events: Told[]): EventLog => ({
  events: events.map(([activity, lifecycle, at, resource]) => ({
    caseId: "1",
    activity,
    lifecycle,
    at,
    attributes: {},
    ...(resource !== undefined && { resource }),
  })),
  cases: new Map(),
});

const told = (...events: Told[]): string[] => visitsOf(logOf(...events)).map(line);

/** "activity#visit entered/from started completed outcome person" */
const line = (visit: Visit): string =>
  [
    `${visit.activity}#${visit.visitNo}`,
    `${visit.enteredAt}/${visit.entered}`,
    visit.startedAt ?? "-",
    visit.completedAt ?? "-",
    visit.outcome,
    ...(visit.resource === undefined ? [] : [visit.resource]),
  ].join(" ");

async function read(name: string): Promise<EventLog> {
  const reading = await readLogCsv(readFileSync(path.join(logs, name)));
  if (!reading.ok) throw new Error(reading.problem.text);
  return reading.log;
}
