/** What a column is cut into: the regions, an example of each, and which of them each cell takes. */
import { expect, it } from "vitest";
import { regionsOf } from "./table-regions.ts";

/** The examples in order; then a line for each cell with a mark for every region that it takes. */
function cutInto(cells: string[], { allowed = "", whole = false } = {}): string[] {
  const { size, example, isEmpty, cells: runs } = regionsOf({ text: "x", cells, allowed, whole });
  const all = Array.from({ length: size }, (_, i) => `${example(i) ?? "anything"}${isEmpty(i) ? " (none)" : ""}`);
  const marks = (of: (typeof runs)[number]) =>
    of === null ? "not known" : all.map((_, i) => (of.some(([a, b]) => a <= i && i <= b) ? "x" : ".")).join("");
  return [all.join(" | "), ...cells.map((cell, i) => `${marks(runs[i]!)} ${cell}`)];
}

it("numbers: each that is named, and what lies between", () => {
  expect(cutInto(["< 10", "[10..20)", "20", "> 20", "-", "not(10)", "!= 10", "<= 10", ">= 20"])).toMatchInlineSnapshot(`
    [
      "9 | 10 | 11 | 20 | 21 | null (none)",
      "x..... < 10",
      ".xx... [10..20)",
      "...x.. 20",
      "....x. > 20",
      "xxxxxx -",
      "x.xxxx not(10)",
      "x.xxxx != 10",
      "xx.... <= 10",
      "...xx. >= 20",
    ]
  `);
  expect(cutInto(["[1..2]", "3", "(3..4)"], { whole: true })).toMatchInlineSnapshot(`
    [
      "0 | 1 | 2 | 3 | 4 | 5 | null (none)",
      ".xx.... [1..2]",
      "...x... 3",
      "....... (3..4)",
    ]
  `);
  expect(cutInto(["0.25", "0.5", "-1.5"])).toMatchInlineSnapshot(`
    [
      "-2.5 | -1.5 | -1 | 0.25 | 0.375 | 0.5 | 1.5 | null (none)",
      "...x.... 0.25",
      ".....x.. 0.5",
      ".x...... -1.5",
    ]
  `);
});

it("days, instants and times of the day", () => {
  expect(
    cutInto(['< date("2026-03-01")', '[date("2026-03-01")..date("2026-03-02")]', '> date("2026-03-04")']),
  ).toMatchInlineSnapshot(`
    [
      "date("2026-02-28") | date("2026-03-01") | date("2026-03-02") | date("2026-03-03") | date("2026-03-04") | date("2026-03-05") | null (none)",
      "x...... < date("2026-03-01")",
      ".xx.... [date("2026-03-01")..date("2026-03-02")]",
      ".....x. > date("2026-03-04")",
    ]
  `);
  expect(
    cutInto(['< date and time("2026-03-01T00:00:00Z")', '> date and time("2026-03-01T09:30:00+02:00")']),
  ).toMatchInlineSnapshot(`
    [
      "date and time("2026-02-28T23:00:00Z") | date and time("2026-03-01T00:00:00Z") | date and time("2026-03-01T01:00:00Z") | date and time("2026-03-01T07:30:00Z") | date and time("2026-03-01T08:30:00Z") | null (none)",
      "x..... < date and time("2026-03-01T00:00:00Z")",
      "....x. > date and time("2026-03-01T09:30:00+02:00")",
    ]
  `);
  expect(
    cutInto(['< date and time("2026-03-01T00:00:00")', '>= date and time("2026-03-01T00:00:01")']),
  ).toMatchInlineSnapshot(`
    [
      "date and time("2026-02-28T23:00:00") | date and time("2026-03-01T00:00:00") | date and time("2026-03-01T00:00:00.001") | date and time("2026-03-01T00:00:01") | date and time("2026-03-01T01:00:01") | null (none)",
      "x..... < date and time("2026-03-01T00:00:00")",
      "...xx. >= date and time("2026-03-01T00:00:01")",
    ]
  `);
  expect(cutInto(['< time("09:00:00")', '>= time("23:59:59")', 'time("00:00:00")'])).toMatchInlineSnapshot(`
    [
      "time("00:00:00") | time("00:01:00") | time("09:00:00") | time("09:01:00") | time("23:59:59") | time("23:59:59.999") | null (none)",
      "xx..... < time("09:00:00")",
      "....xx. >= time("23:59:59")",
      "x...... time("00:00:00")",
    ]
  `);
  expect(cutInto(['< time("09:00:00Z")', 'time("10:00:00+01:00")', '> time("00:00:30Z")'])).toMatchInlineSnapshot(`
    [
      "time("00:00:00Z") | time("00:00:30Z") | time("00:01:30Z") | time("09:00:00Z") | time("09:01:00Z") | null (none)",
      "xxx... < time("09:00:00Z")",
      "...x.. time("10:00:00+01:00")",
      "..xxx. > time("00:00:30Z")",
    ]
  `);
  expect(cutInto(['@"2026-03-01"', '> @"2026-03-01" + duration("P1D")'])).toMatchInlineSnapshot(`
    [
      "date("2026-02-28") | date("2026-03-01") | date("2026-03-02") | date("2026-03-03") | null (none)",
      ".x... @"2026-03-01"",
      "...x. > @"2026-03-01" + duration("P1D")",
    ]
  `);
});

it("durations of both kinds", () => {
  expect(
    cutInto(['< duration("P1D")', '[duration("P1D")..duration("P2D")]', '-duration("PT1H")']),
  ).toMatchInlineSnapshot(`
    [
      "duration("-PT2H") | duration("-PT1H") | duration("PT0H") | duration("PT24H") | duration("PT25H") | duration("PT48H") | duration("PT49H") | null (none)",
      "xxx..... < duration("P1D")",
      "...xxx.. [duration("P1D")..duration("P2D")]",
      ".x...... -duration("PT1H")",
    ]
  `);
  expect(cutInto(['< duration("P1Y")', '>= duration("P15M")', 'duration("-P2M")'])).toMatchInlineSnapshot(`
    [
      "duration("-P3M") | duration("-P2M") | duration("-P1M") | duration("P12M") | duration("P13M") | duration("P15M") | duration("P16M") | null (none)",
      "xxx..... < duration("P1Y")",
      ".....xx. >= duration("P15M")",
      ".x...... duration("-P2M")",
    ]
  `);
});

it("texts, truths and nothing at all", () => {
  expect(cutInto(['"a"', '"b", "other"', 'not("a")', "null", "-"])).toMatchInlineSnapshot(`
    [
      ""a" | "b" | "other" | "other 1" | null (none)",
      "x.... "a"",
      ".xx.. "b", "other"",
      ".xxxx not("a")",
      "....x null",
      "xxxxx -",
    ]
  `);
  expect(cutInto(['!= "a"'])).toMatchInlineSnapshot(`
    [
      """ | "a" | "a~" | null (none)",
      "x.xx != "a"",
    ]
  `);
  expect(cutInto(["true", "not(true)", "not(null)"])).toMatchInlineSnapshot(`
    [
      "false | true | null (none)",
      ".x. true",
      "x.x not(true)",
      "xx. not(null)",
    ]
  `);
  expect(cutInto(["-"])).toMatchInlineSnapshot(`
    [
      "anything",
      "x -",
    ]
  `);
  expect(cutInto(["null", "not(null)"])).toMatchInlineSnapshot(`
    [
      "null (none) | anything",
      "x. null",
      ".x not(null)",
    ]
  `);
});

it("kinds beside one another", () => {
  expect(cutInto(["1", '"a"', "true", '"a", 1', "not(1)"])).toMatchInlineSnapshot(`
    [
      "0 | 1 | 2 | "a" | "other" | false | true | null (none)",
      ".x...... 1",
      "...x.... "a"",
      "......x. true",
      ".x.x.... "a", 1",
      "x.xxxxxx not(1)",
    ]
  `);
});

it("conditions on ? and lists", () => {
  expect(
    cutInto(["? > 5", "? = 1 or ? = 2", "? in (1, [5..6])", "[1, 2]", "? != 5", "? >= 1 or ? < 0"]),
  ).toMatchInlineSnapshot(`
    [
      "-1 | 0 | 0.5 | 1 | 1.5 | 2 | 3 | 5 | 5.5 | 6 | 7 | null (none)",
      "........xxx. ? > 5",
      "...x.x...... ? = 1 or ? = 2",
      "...x...xxx.. ? in (1, [5..6])",
      "...x.x...... [1, 2]",
      "xxxxxxx.xxxx ? != 5",
      "x..xxxxxxxx. ? >= 1 or ? < 0",
    ]
  `);
});

it("what is not known to be a set of values", () => {
  const unknown = [
    "? + 1 > 5",
    "lead.x",
    "> lead.x",
    "today()",
    "< now()",
    '[1.."a"]',
    '["a".."b"]',
    '< "a"',
    "<= true",
    "? > 5 and ? < 9",
    "1 or 2",
    'starts with(?, "a")',
    "5 in (1, 2)",
    "[1..lead.x]",
    'date and time("2026-03-01T00:00:00@Europe/Paris")',
    'time("10:00:00@Europe/Paris")',
    "{a: 1}",
    "1 +",
  ];
  expect(cutInto(unknown).filter((line) => !line.startsWith("not known"))).toEqual(["anything"]);
});

it("only what an input may hold is looked at; when that is nothing, everything is", () => {
  expect(cutInto(['"a"', '"c"', "-"], { allowed: '"a", "b"' })).toMatchInlineSnapshot(`
    [
      ""a" | "b" | null (none)",
      "x.. "a"",
      "... "c"",
      "xxx -",
    ]
  `);
  expect(cutInto(["< 5", "> 7"], { allowed: "[0..10]" })).toMatchInlineSnapshot(`
    [
      "0 | 1 | 5 | 6 | 7 | 8 | 10 | null (none)",
      "xx...... < 5",
      ".....xx. > 7",
    ]
  `);
  expect(cutInto(["1"], { allowed: "lead.x" })).toMatchInlineSnapshot(`
    [
      "0 | 1 | 2 | null (none)",
      ".x.. 1",
    ]
  `);
  expect(cutInto(["1", "2"], { allowed: "not(1, 2)" })).toMatchInlineSnapshot(`
    [
      "0 | 1.5 | 3 | null (none)",
      ".... 1",
      ".... 2",
    ]
  `);
});
