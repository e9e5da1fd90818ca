import { describe, expect, it } from "vitest";
import { type LogReading } from "../log.ts";
import { type Problem } from "../problem.ts";
import { detectLogColumns } from "./log-columns.ts";
import { type LogCsvOptions, readLogCsv } from "./read-log-csv.ts";

describe("columns of a log", () => {
  it.each([
    [
      ["case:concept:name", "concept:name", "time:timestamp", "lifecycle:transition", "org:resource", "Activity"],
      {
        case: "case:concept:name",
        activity: "concept:name",
        time: "time:timestamp",
        lifecycle: "lifecycle:transition",
        resource: "org:resource",
      },
    ],
    [
      ["case_id", "resource", "activity", "start_time", "end_time", "enabled_time"],
      {
        case: "case_id",
        activity: "activity",
        start: "start_time",
        time: "end_time",
        enabled: "enabled_time",
        resource: "resource",
      },
    ],
    [
      ["Opportunity ID", "To Stage", "Edit Date", "Edited By"],
      { case: "Opportunity ID", activity: "To Stage", time: "Edit Date", resource: "Edited By" },
    ],
    [["Case ID", "Task", "Start Timestamp"], { case: "Case ID", activity: "Task", time: "Start Timestamp" }],
    [["a", "b"], {}],
  ])("%j", (columns, roles) => {
    expect(detectLogColumns(columns)).toEqual(roles);
  });
});

describe("tables of events", () => {
  it("keep what is said of the case with the case and the rest with the event", async () => {
    const { log } = await read(
      "case id,activity,timestamp,case:amount,note\nA,call,2026-01-02,5,hi\nA,won,2026-01-03,6,\n",
    );
    expect(Object.fromEntries(log.cases)).toEqual({ A: { amount: "5" } });
    expect(log.events.map(({ attributes }) => attributes)).toEqual([{ note: "hi" }, {}]);
  });

  it("leave out rows without case, activity or readable time, and say which and why", async () => {
    const reading = await read(
      "case id,activity,timestamp,start time\nA,call,2026-01-02T10:00Z,\n,call,2026-01-02,\nA,,2026-01-02,\nA,call,,\nA,call,tomorrow,\nA,call,2026-01-02,x\nA,call\n",
    );
    expect([reading.rows, reading.log.events.length]).toEqual([7, 1]);
    expect(reading.problems.map(({ code, row }) => [code, row])).toEqual([
      ["ragged_row", 8],
      ["case_missing", 3],
      ["activity_missing", 4],
      ["time_missing", 5],
      ["time_unreadable", 6],
      ["time_unreadable", 7],
    ]);
    expect(reading.problemCounts).toEqual({
      ragged_row: 1,
      case_missing: 1,
      activity_missing: 1,
      time_missing: 1,
      time_unreadable: 2,
    });
  });

  it("count every problem but keep only the first hundred of a kind", async () => {
    const reading = await read(`case id,activity,timestamp\nA,call,2026-01-01\n${"A,call,never\n".repeat(500)}`);
    expect([reading.problems.length, reading.problemCounts.time_unreadable]).toEqual([100, 500]);
  });

  it("say what was assumed of times", async () => {
    const codes = async (day: string) =>
      (await read(`case id,activity,timestamp\nA,call,${day}\n`)).notices.map(({ code }) => code);
    expect(await codes("03/04/2026 10:00")).toEqual(["time_order_assumed", "time_without_zone"]);
    expect(await codes("2026-04-03T10:00:00Z")).toEqual([]);
  });

  it("read month first where a day past the twelfth shows it", async () => {
    const { log } = await read("case id,activity,timestamp\nA,call,03/04/2026\nA,won,03/14/2026\n");
    expect(log.events.map(({ at }) => at)).toEqual([Date.UTC(2026, 2, 4), Date.UTC(2026, 2, 14)]);
  });

  it("use the columns a person chose", async () => {
    const { log } = await read(
      "x,y,z,activity\n1,call,2026-01-01,other\n",
      {},
      { case: "x", activity: "y", time: "z" },
    );
    expect(log.events[0]).toMatchObject({ caseId: "1", activity: "call", attributes: { activity: "other" } });
  });

  it("are refused when it is not clear which column is which, or when nothing is an event", async () => {
    expect(await refusal("a,b\n1,2\n")).toMatchObject({
      code: "column_missing",
      text: "It is not clear which column holds the case and the activity and the time. Choose among: a, b.",
    });
    expect(await refusal("case id,activity,timestamp\n", {})).toMatchObject({ code: "no_events" });
    const chosen = await readLogCsv(new TextEncoder().encode("a\n1\n"), { case: "b" });
    expect(chosen.ok ? "read" : chosen.problem.text).toBe("The file has no column “b”. It has: a.");
  });
});

async function read(text: string, options: LogCsvOptions = {}, columns = {}): Promise<LogReading> {
  const reading = await readLogCsv(new TextEncoder().encode(text), columns, options);
  if (!reading.ok) throw new Error(reading.problem.text);
  return reading;
}

async function refusal(text: string, options: LogCsvOptions = {}): Promise<Problem> {
  const reading = await readLogCsv(new TextEncoder().encode(text), {}, options);
  if (reading.ok) throw new Error("the log was read");
  return reading.problem;
}
