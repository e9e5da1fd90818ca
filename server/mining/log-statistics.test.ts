import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readLogCsv } from "@/server/interop/csv/read-log-csv.ts";
import { type Clock } from "@/server/interop/instant.ts";
import { type EventLog, type LogEvent, type LogResult } from "@/server/interop/log.ts";
import { readXes } from "@/server/interop/xes/read-xes.ts";
import { type LifecycleTimes, lifecycleTimes } from "./lifecycle-times.ts";
import { type LogStatistics, logStatistics } from "./log-statistics.ts";
import { quantile, type Spread } from "./spread.ts";
import { isoWeek } from "./throughput.ts";

const logs = path.join(process.cwd(), "..", "shared", "data", "event-logs");

/** Figures of another tool, in seconds rounded to 6 places. */
type OracleSpread = { n: number } & Partial<
  Record<"min" | "p05" | "p25" | "median" | "p75" | "p90" | "p95" | "max" | "mean" | "std_sample" | "sum", number>
>;
type OracleEdge = {
  from: string;
  to: string;
  count: number;
  mean_s: number;
  median_s: number;
  min_s: number;
  max_s: number;
  p90_s: number;
  mean_s_clipped_at_0?: number;
};
type Oracle = {
  rows_in_file: number;
  lifecycle_counts: Record<string, number> | null;
  n_cases: number;
  n_events: number;
  n_activities: number;
  first_timestamp: string;
  last_timestamp: string;
  start_activities: Record<string, number>;
  end_activities: Record<string, number>;
  variants: {
    n: number;
    singletons: number;
    coverage: Record<string, number>;
    top20: { count: number; activities: string[] }[];
  };
  events_per_case: { min: number; median: number; mean: number; max: number };
  case_duration_seconds: OracleSpread;
  dfg: { n_edges: number; edges: OracleEdge[] };
  activities: Record<
    string,
    {
      events: number;
      cases: number;
      rework_events: number;
      rework_cases: number;
      max_per_case: number;
      direct_repetitions: number;
      elapsed_since_previous_event_s: OracleSpread;
      waiting_s?: OracleSpread;
      processing_s?: OracleSpread;
    }
  >;
  rework: { cases_with_any_repeated_activity: number; share: number; repeated_events: number };
  throughput_utc: Record<
    "cases_started_per_iso_week" | "cases_ended_per_iso_week" | "cases_started_per_month" | "cases_ended_per_month",
    Record<string, number>
  >;
  open_cases_at_month_start_utc: Record<string, number>;
};

describe.runIf(existsSync(logs))("statistics of real logs against another tool's figures", () => {
  it("agrees on the bank's loan applications, read as its figures were: clock times as written", async () => {
    const reading = await bank("written");
    expectAgreement(oracleOf("bpic2012-early"), statisticsOf(reading));
  });

  it("agrees on the bank in true elapsed time but for what the clock change of 30 October moves", async () => {
    const oracle = oracleOf("bpic2012-early");
    const ours = statisticsOf(await bank("instant"));
    expect(ours.directlyFollows.map(({ from, to, count }) => ({ from, to, count }))).toEqual(
      oracle.dfg.edges.map(({ from, to, count }) => ({ from, to, count })),
    );
    const moved = ours.directlyFollows.filter(
      (edge, i) => Math.abs(edge.median / 1000 - (oracle.dfg.edges[i]?.median_s ?? 0)) > 1e-3,
    );
    expect(moved.map(({ from, to }) => `${from} > ${to}`)).toEqual(["W_Completeren aanvraag > O_SENT_BACK"]);
    const movedActivities = Object.entries(ours.activities).filter(
      ([name, { elapsed }]) =>
        elapsed &&
        Math.abs(elapsed.median / 1000 - (oracle.activities[name]?.elapsed_since_previous_event_s.median ?? 0)) > 1e-3,
    );
    expect(movedActivities.map(([name]) => name)).toEqual(["O_SENT_BACK"]);
    expect(ours.caseDuration.median / 1000).toBeCloseTo(oracle.case_duration_seconds.median ?? 0, 5);
  });

  it("agrees on the loan process that gives start and end of each step", async () => {
    const reading = await readLogCsv(file("loanapp-simplified.csv.gz"));
    expectAgreement(oracleOf("loanapp-simplified"), statisticsOf(reading));
  });

  it("agrees on the textbook log, from the table and from XES", async () => {
    expectAgreement(oracleOf("running-example"), statisticsOf(await readLogCsv(file("running-example.csv"))));
    expectAgreement(oracleOf("running-example"), statisticsOf(await readXes(file("running-example.xes"))));
  });

  it("agrees on the bank's queue and work times from schedule, start and complete", async () => {
    const reading = await bank("instant");
    const oracle: LifecycleOracle = JSON.parse(
      readFileSync(path.join(logs, "oracle", "bpic2012-early.lifecycle.json"), "utf8"),
    );
    const ours = lifecycleTimes(logOf(reading));
    const transitions = Object.entries(ours).flatMap(([activity, { transitions: counts }]) =>
      Object.entries(counts).map(([name, count]) => [`${activity}|${name}`, count]),
    );
    expect(Object.fromEntries(transitions)).toEqual(oracle.transition_counts);
    for (const [activity, theirs] of Object.entries(oracle.activities)) expectPairs(theirs, ours[activity], activity);
    expect(Object.keys(oracle.activities).length).toBe(6);
  });
});

describe("statistics of small logs", () => {
  it("says nothing of a log without completions", () => {
    expect(logStatistics(logWith([]))).toBeUndefined();
    expect(
      logStatistics(logWith([{ caseId: "1", activity: "call", at: 0, lifecycle: "start", attributes: {} }])),
    ).toBeUndefined();
  });

  it("counts a step that returns as rework and gives a first step no elapsed time", () => {
    const at = (caseId: string, activity: string, minute: number): LogEvent => ({
      caseId,
      activity,
      at: minute * 60_000,
      attributes: {},
    });
    const ours = logStatistics(
      logWith([
        at("1", "quote", 0),
        at("1", "review", 5),
        at("1", "quote", 9),
        at("1", "review", 10),
        at("2", "quote", 3),
      ]),
    );
    expect(ours?.activities.quote).toMatchObject({
      events: 3,
      cases: 2,
      reworkEvents: 1,
      reworkCases: 1,
      maxPerCase: 2,
    });
    expect(ours?.activities.quote?.elapsed).toMatchObject({ n: 1, median: 240_000 });
    expect(ours?.rework).toEqual({ cases: 1, share: 0.5, events: 2 });
    expect(ours?.variants.top).toEqual([
      { activities: ["quote"], count: 1 },
      { activities: ["quote", "review", "quote", "review"], count: 1 },
    ]);
  });

  it("names weeks by ISO 8601 around new year", () => {
    const weekOf = (day: string) => isoWeek(Date.parse(day));
    expect(["2021-01-03", "2021-01-04", "2024-12-30", "2020-12-31", "1969-12-31"].map(weekOf)).toEqual([
      "2020-W53",
      "2021-W01",
      "2025-W01",
      "2020-W53",
      "1970-W01",
    ]);
  });

  it("interpolates quantiles between ranks", () => {
    expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile([10, 20, 40, 80], share))).toEqual([10, 17.5, 30, 68, 80]);
  });
});

type Gaps = { n: number; mean_s: number; median_s: number; p90_s: number; max_s: number; sum_s: number };
type LifecyclePairs = {
  schedule_to_start: Gaps;
  start_to_complete: Gaps;
  unpaired: Partial<Record<"complete_without_start" | "schedule_never_followed", number>>;
};
type LifecycleOracle = { transition_counts: Record<string, number>; activities: Record<string, LifecyclePairs> };

function expectAgreement(oracle: Oracle, ours: LogStatistics) {
  expect({ cases: ours.cases, events: ours.events, activities: Object.keys(ours.activities).length }).toEqual({
    cases: oracle.n_cases,
    events: oracle.n_events,
    activities: oracle.n_activities,
  });
  expect([ours.firstAt, ours.lastAt]).toEqual([Date.parse(oracle.first_timestamp), Date.parse(oracle.last_timestamp)]);
  expect(ours.startActivities).toEqual(oracle.start_activities);
  expect(ours.endActivities).toEqual(oracle.end_activities);
  expect({ count: ours.variants.count, singletons: ours.variants.singletons }).toEqual({
    count: oracle.variants.n,
    singletons: oracle.variants.singletons,
  });
  expect(ours.variants.top).toEqual(oracle.variants.top20);
  for (const [top, share] of Object.entries(oracle.variants.coverage))
    near(ours.variants.coverage(Number(top.slice(3))), share, top);
  for (const key of ["min", "median", "mean", "max"] as const)
    near(ours.eventsPerCase[key], oracle.events_per_case[key], key);
  expectSpread(oracle.case_duration_seconds, ours.caseDuration, "case duration");
  expect(ours.directlyFollows.length).toBe(oracle.dfg.n_edges);
  const edges = new Map(ours.directlyFollows.map((edge) => [`${edge.from} > ${edge.to}`, edge]));
  for (const theirs of oracle.dfg.edges) {
    const name = `${theirs.from} > ${theirs.to}`;
    const edge = edges.get(name);
    expect(edge?.count, name).toBe(theirs.count);
    for (const key of ["mean", "median", "min", "max", "p90"] as const)
      near((edge?.[key] ?? Number.NaN) / 1000, theirs[`${key}_s`], `${name} ${key}`);
    if (theirs.mean_s_clipped_at_0 !== undefined)
      near((edge?.meanAtLeastZero ?? Number.NaN) / 1000, theirs.mean_s_clipped_at_0, name);
  }
  for (const [name, theirs] of Object.entries(oracle.activities)) {
    const activity = ours.activities[name];
    expect(activity, name).toMatchObject({
      events: theirs.events,
      cases: theirs.cases,
      reworkEvents: theirs.rework_events,
      reworkCases: theirs.rework_cases,
      maxPerCase: theirs.max_per_case,
      directRepetitions: theirs.direct_repetitions,
    });
    expectSpread(theirs.elapsed_since_previous_event_s, activity?.elapsed, `${name} elapsed`);
    expectSpread(theirs.waiting_s, activity?.waiting, `${name} waiting`);
    expectSpread(theirs.processing_s, activity?.processing, `${name} processing`);
  }
  expect([ours.rework.cases, ours.rework.events]).toEqual([
    oracle.rework.cases_with_any_repeated_activity,
    oracle.rework.repeated_events,
  ]);
  near(ours.rework.share, oracle.rework.share, "rework share");
  expect(ours.throughput).toEqual({
    startedPerWeek: oracle.throughput_utc.cases_started_per_iso_week,
    endedPerWeek: oracle.throughput_utc.cases_ended_per_iso_week,
    startedPerMonth: oracle.throughput_utc.cases_started_per_month,
    endedPerMonth: oracle.throughput_utc.cases_ended_per_month,
    openAtMonthStart: oracle.open_cases_at_month_start_utc,
  });
}

function expectSpread(theirs: OracleSpread | undefined, ours: Spread | undefined, what: string) {
  expect(ours?.n ?? 0, what).toBe(theirs?.n ?? 0);
  if (!theirs || !ours) return;
  for (const key of ["min", "p05", "p25", "median", "p75", "p90", "p95", "max", "mean", "sum"] as const)
    near(ours[key] / 1000, theirs[key], `${what} ${key}`);
  if (theirs.std_sample !== undefined && theirs.n > 1)
    near((ours.sd ?? Number.NaN) / 1000, theirs.std_sample, `${what} sd`);
}

function expectPairs(theirs: LifecyclePairs, ours: LifecycleTimes | undefined, activity: string) {
  expect(ours?.completeWithoutStart, activity).toBe(theirs.unpaired.complete_without_start ?? 0);
  expect(ours?.scheduleNeverFollowed, activity).toBe(theirs.unpaired.schedule_never_followed ?? 0);
  expect(ours?.startNeverCompleted, activity).toBe(0);
  for (const [gaps, spread] of [
    [theirs.schedule_to_start, ours?.scheduleToStart],
    [theirs.start_to_complete, ours?.startToComplete],
  ] as const) {
    expect(spread?.n, activity).toBe(gaps.n);
    for (const key of ["mean", "median", "p90", "max", "sum"] as const)
      near((spread?.[key] ?? Number.NaN) / 1000, gaps[`${key}_s`], `${activity} ${key}`, 6e-4);
  }
}

/** Equal but for the rounding of the other tool's figures. */
function near(ours: number, theirs: number | undefined, what: string, rounding = 6e-7) {
  const apart = Math.abs(ours - (theirs ?? Number.NaN));
  expect(apart <= rounding + Math.abs(ours) * 1e-11, `${what}: ${ours} against ${theirs}`).toBe(true);
}

const file = (name: string) => readFileSync(path.join(logs, name));
const oracleOf = (name: string): Oracle =>
  JSON.parse(readFileSync(path.join(logs, "oracle", `${name}.stats.json`), "utf8"));
const bank = (clock: Clock) => readLogCsv(file("bpic2012-early.csv.gz"), {}, { clock });
const logWith = (events: LogEvent[]): EventLog => ({ events, cases: new Map() });

function logOf(reading: LogResult): EventLog {
  if (!reading.ok) throw new Error(reading.problem.text);
  expect(reading.problems).toEqual([]);
  return reading.log;
}

function statisticsOf(reading: LogResult): LogStatistics {
  const statistics = logStatistics(logOf(reading));
  if (!statistics) throw new Error("the log has no completions");
  return statistics;
}
