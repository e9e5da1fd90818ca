import { describe, expect, it } from "vitest";
import { dateOrderOf, readInstant } from "./instant.ts";

describe("written times", () => {
  it.each([
    ["2011-10-01T00:38:44.546+02:00", "2011-09-30T22:38:44.546Z", true],
    ["2010-12-30 14:32:00+01:00", "2010-12-30T13:32:00.000Z", true],
    ["2026-03-29T01:30:00Z", "2026-03-29T01:30:00.000Z", true],
    ["2026-03-29 01:30:00 UTC", "2026-03-29T01:30:00.000Z", true],
    ["2026-03-29T01:30-0530", "2026-03-29T07:00:00.000Z", true],
    ["2023-02-09T08:05:04.420", "2023-02-09T08:05:04.420Z", false],
    ["2023-02-09T08:05:04,4", "2023-02-09T08:05:04.400Z", false],
    ["2024-02-29", "2024-02-29T00:00:00.000Z", false],
    ["2026-01-01T24:00:00", "2026-01-02T00:00:00.000Z", false],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z", true],
    ["31/12/2025 23:59", "2025-12-31T23:59:00.000Z", false],
    ["1.2.26", "2026-02-01T00:00:00.000Z", false],
    ["03/04/2026 12:05 AM", "2026-04-03T00:05:00.000Z", false],
    ["03/04/2026, 11:05:09 pm", "2026-04-03T23:05:09.000Z", false],
    ["1700000000", "2023-11-14T22:13:20.000Z", true],
    ["1700000000123", "2023-11-14T22:13:20.123Z", true],
  ])("%s", (text, instant, zoned) => {
    const reading = readInstant(text);
    expect([reading && new Date(reading.at).toISOString(), reading?.zoned]).toEqual([instant, zoned]);
  });

  it.each([
    "",
    "soon",
    "2023-02-29",
    "2026-13-01",
    "2026-04-31T00:00:00Z",
    "2026-01-01T25:00",
    "2026-01-01T10:60",
    "31/31/2026",
    "13:00 PM",
    "01/01/2026 13:00 PM",
    "2026-01-01T00:00:00+19:00",
    "12345",
  ])("“%s” is none", (text) => {
    expect(readInstant(text)).toBeUndefined();
  });

  it("keeps digits finer than milliseconds for the order of events", () => {
    expect(readInstant("1970-01-01T00:00:01.123456Z")?.at).toBeCloseTo(1123.456, 6);
    expect(readInstant("1970-01-01T00:00:01.123456789Z")?.at).toBeCloseTo(1123.456, 6);
  });

  it("reads month first when asked, and clock times as written when asked", () => {
    expect(readInstant("03/04/2026", "mdy")?.at).toBe(Date.UTC(2026, 2, 4));
    expect(readInstant("2011-10-01T00:38:44+02:00", "dmy", "written")?.at).toBe(Date.UTC(2011, 9, 1, 0, 38, 44));
  });

  it("sees the order of day and month from a day past the twelfth", () => {
    expect(dateOrderOf(["03/04/2026", "13/04/2026"])).toEqual({ order: "dmy", certain: true });
    expect(dateOrderOf(["03/04/2026", "04/13/2026"])).toEqual({ order: "mdy", certain: true });
    expect(dateOrderOf(["03/04/2026"])).toEqual({ order: "dmy", certain: false });
    expect(dateOrderOf(["2026-04-03", ""])).toBeUndefined();
  });
});
