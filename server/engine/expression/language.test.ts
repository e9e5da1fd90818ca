/** What the language answers, beyond the public test cases: one line each. Null is “these two do not go together”. */
import { describe, expect, it } from "vitest";
import { compile, feelToJson } from "./index.ts";
import { lex } from "./lex.ts";

const now = Date.parse("2026-03-04T20:30:00Z");
const answers = (text: string, zone = "UTC"): unknown => {
  const result = compile(text);
  if (!result.ok) return `refused: ${result.problems[0]!.text}`;
  return plain(feelToJson(result.expression.evaluate({ get: () => undefined, now, zone }).value));
};
/** Numbers bare, dates and durations as their text. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [key, inner] = entries[0] ?? ["", null];
  if (key === "$number") return Number(inner);
  if (key.startsWith("$") && typeof inner === "string") return inner;
  return Object.fromEntries(entries.map(([name, one]) => [name, plain(one)]));
}
const rows = (table: [string, unknown][]) =>
  it.each(table)("%s → %j", (text, value) => expect(answers(text)).toEqual(value));

describe("arithmetic", () =>
  rows([
    ["0.1 + 0.2", 0.3],
    ["10 ** 400", null],
    ["1 / 0", null],
    ['"a" + 1', null],
    ['1 + "a"', null],
    ['"a" - "a"', null],
    ['"a" * 2', null],
    ["true + true", null],
    ['2 ** "a"', null],
    ['"a" ** 2', null],
    ["-0", 0],
    ['-"a"', null],
    ['-@"P1M"', "-P1M"],
    ['-@"PT1H"', "-PT1H"],
    ['@"P1M" + @"P11M"', "P1Y"],
    ['@"P1M" - @"P2M"', "-P1M"],
    ['@"PT2H" - @"PT30M"', "PT1H30M"],
    ['@"P1M" + @"P1D"', null],
    ['@"P1M" - @"P1D"', null],
    ['@"P1D" - @"2026-01-01"', null],
    ['@"P1D" - 1', null],
    ['@"2026-01-31" + @"P1M"', "2026-02-28"],
    ['@"2024-01-31" + @"P1M"', "2024-02-29"],
    ['@"2026-12-31" + @"P2M"', "2027-02-28"],
    ['@"2026-01-31" - @"P2M"', "2025-11-30"],
    ['@"2026-03-01" - @"P13M"', "2025-02-01"],
    ['@"P1D" + @"2026-12-31"', "2027-01-01"],
    ['@"2026-01-01" + @"PT25H"', "2026-01-02"],
    ['@"2026-01-01" - @"PT1H"', "2025-12-31"],
    ['@"2026-01-31T10:30:00" + @"P1M"', "2026-02-28T10:30:00"],
    ['@"2026-01-31T10:30:00Z" - @"PT11H"', "2026-01-30T23:30:00Z"],
    ['@"2026-01-31T10:30:00+07:00" + @"P1M"', "2026-02-28T10:30:00+07:00"],
    ['@"23:30:00" + @"PT1H"', "00:30:00"],
    ['@"00:30:00" - @"PT1H"', "23:30:00"],
    ['@"10:00:00" + @"P1M"', null],
    ['@"10:00:00" - @"08:30:00"', "PT1H30M"],
    ['@"10:00:00+02:00" - @"10:00:00Z"', "-PT2H"],
    ['@"10:00:00" - @"10:00:00Z"', null],
    ['@"10:00:00Z" - @"10:00:00"', null],
    ['@"2026-03-02" - @"2026-03-01"', "P1D"],
    ['@"2026-03-02T01:00:00" - @"2026-03-01T00:00:00"', "P1DT1H"],
    ['@"2026-03-02T01:00:00+01:00" - @"2026-03-01T00:00:00Z"', "P1D"],
    ['@"2026-03-02T01:00:00" - @"2026-03-01T00:00:00Z"', null],
    ['@"2026-03-02T00:00:00Z" - @"2026-03-01"', "P1D"],
    ['@"2026-03-02" - @"2026-03-01T00:00:00"', null],
    ['@"2026-03-02" - 1', null],
    ['1 - @"2026-03-02"', null],
    ['@"P1M" * 3', "P3M"],
    ['3 * @"P1M"', "P3M"],
    ['@"P5M" * 0.5', "P2M"],
    ['@"PT1H" * 1.5', "PT1H30M"],
    ['@"PT1H" * @"PT1H"', null],
    ['@"P1Y" / 4', "P3M"],
    ['@"PT1H" / 4', "PT15M"],
    ['@"PT1H" / 0', null],
    ['@"P1Y" / @"P4M"', 3],
    ['@"PT1H" / @"PT4H"', 0.25],
    ['@"P1Y" / @"P0M"', null],
    ['@"PT1H" / @"PT0S"', null],
    ['@"P1Y" / @"PT1H"', null],
    ['@"PT1H" / @"P1Y"', null],
    ['4 / @"PT1H"', null],
    ['"a" / 4', null],
    ['@"2026-01-01" / 4', null],
  ]));

describe("comparing", () =>
  rows([
    ["1 = null", false],
    ["null = null", true],
    ['1 = "1"', null],
    ["[1, 2] = [1, 2]", true],
    ["[1, 2] = [1]", false],
    ["[1, 2] = [1, 3]", false],
    ["{a: 1} = [1, 2]", null],
    ["{a: 1} = {a: 1}", true],
    ["{a: 1} = {a: 2}", false],
    ["{a: 1} = {b: 1}", false],
    ["{a: 1} = {a: 1, b: 2}", false],
    ['{a: 1} = @"P1D"', null],
    ['@"P1D" = {a: 1}', null],
    ['@"P1D" = @"2026-01-01"', null],
    ['@"2026-01-01" = @"2026-01-01"', true],
    ['@"2026-01-01" = @"2026-01-02"', false],
    ['@"P1Y" = @"P12M"', true],
    ['@"P1Y" = @"P1M"', false],
    ['@"P1Y" = @"P365D"', null],
    ['@"P0Y" = @"PT0S"', true],
    ['@"P0Y" = @"PT1S"', false],
    ['@"P1Y" = @"PT0S"', false],
    ['@"PT60M" = @"PT1H"', true],
    ["[1..2] = [1..2]", true],
    ["[1..2] = (1..2]", false],
    ["[1..2] = [1..2)", false],
    ["[1..2] = [0..2]", false],
    ["[1..2] = [1..3]", false],
    ['@"10:00:00" = @"10:00:00Z"', false],
    ['@"10:00:00Z" = @"12:00:00+02:00"', true],
    ['@"2026-01-01T10:00:00" = @"2026-01-01T10:00:00Z"', false],
    ['@"2026-01-01T10:00:00Z" = @"2026-01-01T12:00:00+02:00"', true],
    ['@"2026-01-01T10:00:00" = @"2026-01-01T10:00:00"', true],
    ["abs = abs", null],
    ["1 != 2", true],
    ['1 != "1"', null],
    ['"a" < "b"', true],
    ['"b" < "a"', false],
    ['"a" < "a"', false],
    ['"a" <= "a"', true],
    ['"a" >= "b"', false],
    ['"b" > "a"', true],
    ['"a" < 1', null],
    ["1 < 1", false],
    ["1 <= 1", true],
    ["1 > 1", false],
    ["1 >= 1", true],
    ["true < false", null],
    ["[1] < [2]", null],
    ["{a: 1} < {a: 2}", null],
    ['@"P1M" < @"P2M"', true],
    ['@"P1M" < @"P2D"', null],
    ['@"PT1H" < @"PT61M"', true],
    ['@"PT1H" < @"P1M"', null],
    ['@"2026-01-01" < @"2026-01-02"', true],
    ['@"2026-01-01" < @"2026-01-02T00:00:00"', null],
    ['@"10:00:00" < @"10:00:01"', true],
    ['@"10:00:00" < @"10:00:01Z"', null],
    ['@"11:00:00+02:00" < @"10:00:00Z"', true],
    ['@"10:00:00Z" < @"11:00:00+02:00"', false],
    ['@"2026-01-01T10:00:00" < @"2026-01-01T10:00:01"', true],
    ['@"2026-01-01T10:00:00" < @"2026-01-01T10:00:01Z"', null],
    ['@"2026-01-01T10:00:00Z" < @"2026-01-01T10:00:00"', null],
    ['@"2026-01-01T11:00:00+02:00" < @"2026-01-01T10:00:00Z"', true],
    ['@"2026-01-01T11:00:00@Europe/Berlin" = @"2026-01-01T10:00:00Z"', true],
    ['@"2026-07-01T11:00:00@Europe/Berlin" = @"2026-07-01T10:00:00Z"', false],
  ]));

describe("parts", () =>
  rows([
    ['@"2026-03-04".year', 2026],
    ['@"2026-03-04".month', 3],
    ['@"2026-03-04".day', 4],
    ['@"2026-03-04".weekday', 3],
    ['@"2026-03-08".weekday', 7],
    ['@"2026-03-04".hour', null],
    ['@"1969-12-31T23:00:00".day', 31],
    ['@"2026-03-04T10:20:30".hour', 10],
    ['@"2026-03-04T10:20:30".minute', 20],
    ['@"2026-03-04T10:20:30".second', 30],
    ['@"2026-03-04T10:20:30+07:00".time offset', "PT7H"],
    ['@"2026-03-04T10:20:30".time offset', null],
    ['@"2026-07-04T10:20:30@Europe/Berlin".time offset', "PT2H"],
    ['@"2026-03-04T10:20:30@Europe/Berlin".time offset', "PT1H"],
    ['@"2026-03-04T10:20:30@Europe/Berlin".timezone', "Europe/Berlin"],
    ['@"2026-03-04T10:20:30Z".timezone', null],
    ['@"10:20:30-05:00".time offset', "-PT5H"],
    ['@"10:20:30".time offset', null],
    ['@"10:20:30@Asia/Ho_Chi_Minh".timezone', "Asia/Ho_Chi_Minh"],
    ['@"10:20:30".year', null],
    ['@"P15M".years', 1],
    ['@"P15M".months', 3],
    ['-@"P15M".years', -1],
    ['@"P15M".days', null],
    ['@"P1DT2H3M4S".days', 1],
    ['@"P1DT2H3M4S".hours', 2],
    ['@"P1DT2H3M4S".minutes', 3],
    ['@"P1DT2H3M4S".seconds', 4],
    ['@"-P1DT2H3M4S".days', -1],
    ['@"-P1DT2H3M4S".hours', -2],
    ['@"-P1DT2H".seconds', 0],
    ['@"P1D".months', null],
    ["[1..2).start", 1],
    ["[1..2).end", 2],
    ["[1..2).start included", true],
    ["[1..2).end included", false],
    ["(1..2].start included", false],
    ["(1..2].end included", true],
    ["[1..2].middle", null],
    ['"a".length', null],
    ["{a: 1}.b", null],
  ]));

describe("for, some and every", () =>
  rows([
    ["for x in [1, 2] return x + 1", [2, 3]],
    ["for x in 1..3 return x", [1, 2, 3]],
    ["for x in 3..1 return x", [3, 2, 1]],
    ["for x in 2..2 return x", [2]],
    ["for x in [1..3] return x", [1, 2, 3]],
    ["for x in (1..4) return x", [2, 3]],
    ["for x in (1..3] return x", [2, 3]],
    ["for x in [1..3) return x", [1, 2]],
    ["for x in 5 return x", [5]],
    ["for x in null return x", null],
    ["for x in 1..1.5 return x", null],
    ["for x in 0.5..2 return x", null],
    ['for x in 1.."a" return x', null],
    ['for x in "a"..2 return x', null],
    ["for x in (< 3) return x", null],
    ['for x in @"2026-01-30"..@"2026-02-01" return x', ["2026-01-30", "2026-01-31", "2026-02-01"]],
    ['for x in @"2026-01-30"..3 return x', null],
    ['for x in 3..@"2026-01-30" return x', null],
    ["for x in 1..2, y in 1..x return 10 * x + y", [11, 21, 22]],
    ["for x in 1..4 return if x = 1 then 1 else x * partial[-1]", [1, 2, 6, 24]],
    ["count(for x in 1..20000 return x)", null],
    ["some x in [1, 2] satisfies x > 1", true],
    ["some x in [1, 2] satisfies x > 2", false],
    ["some x in [] satisfies x > 2", false],
    ['some x in [1, "a"] satisfies x > 2', null],
    ['some x in [3, "a"] satisfies x > 2', true],
    ['some x in ["a", 3] satisfies x > 2', true],
    ["some x in null satisfies x > 2", null],
    ["every x in [1, 2] satisfies x > 0", true],
    ["every x in [1, 2] satisfies x > 1", false],
    ["every x in [] satisfies x > 1", true],
    ['every x in ["a", 3] satisfies x > 2', null],
    ['every x in ["a", 1] satisfies x > 2', false],
    ["every x in null satisfies x > 2", null],
    ["some x in [1, 2], y in [2, 3] satisfies x > y", false],
    ["some x in [1, 3], y in [2, 3] satisfies x > y", true],
    ["every x in [1, 2], y in [3, 4] satisfies x < y", true],
  ]));

describe("calls", () => {
  rows([
    ["abs(-1)", 1],
    ["abs(n: -1)", 1],
    ["abs(m: -1)", null],
    ["abs(1, 2)", null],
    ["abs()", null],
    ["abs([-1])", 1],
    ["nothing(1)", null],
    ["max(1, 3, 2)", 3],
    ["max([1, 3, 2])", 3],
    ["max()", null],
    ['substring(string: "abc", start position: 2)', "bc"],
    ['substring(start position: 2, string: "abc", length: 1)', "b"],
    ["{f: function(x) x + 1, r: f(2)}.r", 3],
    ["{f: function(x, y) x - y, r: f(y: 1, x: 5)}.r", 4],
    ["{f: function(x, y) x - y, r: f(z: 1, x: 5)}.r", null],
    ["{f: function(x) x + 1, r: f(2, 3)}.r", null],
    ["{f: function(x: number) x, r: f(2)}.r", 2],
    ['{f: function(x: number) x, r: f("a")}.r', null],
    ["{f: function(x: number) x = null, r: f(null)}.r", true],
    ["{f: function(x) f(x), r: f(1)}.r", null],
    ["{a: 1, r: a(1)}.r", null],
    ["(function(x) x * 2)(4)", 8],
  ]);
  it("now and today are those of the zone that is asked", () => {
    expect(answers("today()")).toBe("2026-03-04");
    expect(answers("today()", "Asia/Ho_Chi_Minh")).toBe("2026-03-05");
    expect(answers("now()")).toBe("2026-03-04T20:30:00Z");
    expect(answers("now()", "Asia/Ho_Chi_Minh")).toBe("2026-03-05T03:30:00@Asia/Ho_Chi_Minh");
    expect(answers("today(1)")).toBe(null);
    expect(answers("now(1)")).toBe(null);
  });
});

describe("ranges to each other", () =>
  rows(
    (
      [
        // What is asked, where it holds, where it does not.
        [
          "before",
          [
            "1, 2",
            "[1..2], 3",
            "[1..2), 2",
            "0, [1..2]",
            "1, (1..2]",
            "[1..2], [3..4]",
            "[1..2), [2..3]",
            "[1..2], (2..3]",
          ],
          ["2, 2", "[1..2], 2", "[1..2), 1.5", "1, [1..2]", "1.5, (1..2]", "[1..2], [2..3]", "[3..4], [1..2]"],
        ],
        [
          "after",
          ["2, 1", "3, [1..2]", "2, [1..2)", "[1..2], 0", "[3..4], [1..2]"],
          ["2, 2", "2, [1..2]", "[1..2], 1", "[2..3], [1..2]"],
        ],
        ["meets", ["[1..2], [2..3]"], ["[1..2), [2..3]", "[1..2], (2..3]", "[1..2], [3..4]"]],
        ["met by", ["[2..3], [1..2]"], ["[2..3], [1..2)", "(2..3], [1..2]", "[1..2], [2..3]"]],
        [
          "overlaps",
          ["[1..3], [2..4]", "[2..4], [1..3]", "[1..2], [2..3]", "[1..9], [2..3]", "[2..3], [1..9]"],
          ["[1..2), [2..3]", "[1..2], (2..3]", "[2..3], [1..2)", "(2..3], [1..2]", "[1..2], [3..4]", "[3..4], [1..2]"],
        ],
        [
          "overlaps before",
          ["[1..3], [2..4]", "[1..2], [2..4]", "[1..3], (1..4]", "[1..4), [2..4]", "[1..4], [2..4]"],
          [
            "(1..3], (1..4]",
            "[1..3], [1..4]",
            "[1..2), [2..4]",
            "[1..2], (2..4]",
            "[1..4], [2..4)",
            "[2..4], [1..3]",
            "[1..5], [2..4]",
          ],
        ],
        ["overlaps after", ["[2..4], [1..3]"], ["[1..3], [2..4]", "[1..4], [1..3]"]],
        [
          "finishes",
          ["5, [1..5]", "[2..5], [1..5]", "[1..5], [1..5]", "(1..5], [1..5]", "(1..5], (1..5]", "[2..5), [1..5)"],
          ["5, [1..5)", "4, [1..5]", "[2..5), [1..5]", "[1..5], (1..5]", "[0..5], [1..5]", "[2..4], [1..5]"],
        ],
        ["finished by", ["[1..5], 5", "[1..5], [2..5]"], ["[1..5), 5", "[2..5], [1..5]"]],
        [
          "includes",
          [
            "[1..5], 1",
            "[1..5], 5",
            "[1..5], 3",
            "[1..5], [2..4]",
            "[1..5], [1..5]",
            "[1..5], (1..5)",
            "(1..5), (1..5)",
          ],
          [
            "(1..5], 1",
            "[1..5), 5",
            "[1..5], 0",
            "[1..5], 6",
            "(1..5], [1..4]",
            "[1..5), [2..5]",
            "[2..4], [1..5]",
            "[1..5], [2..6]",
            "[1..5], [0..4]",
          ],
        ],
        ["during", ["3, [1..5]", "[2..4], [1..5]"], ["0, [1..5]", "[1..5], [2..4]"]],
        [
          "starts",
          ["1, [1..5]", "[1..4], [1..5]", "[1..5], [1..5]", "[1..5), [1..5]", "[1..5), [1..5)", "(1..4], (1..5]"],
          ["1, (1..5]", "2, [1..5]", "[1..5], [1..5)", "(1..4], [1..5]", "[2..4], [1..5]", "[1..6], [1..5]"],
        ],
        ["started by", ["[1..5], 1", "[1..5], [1..4]"], ["(1..5], 1", "[1..4], [1..5]"]],
        [
          "coincides",
          ["5, 5", "[1..5], [1..5]", "(1..5), (1..5)"],
          ["4, 5", "[1..5], (1..5]", "[1..5], [1..5)", "[1..5], [2..5]", "[1..5], [1..4]"],
        ],
      ] as [string, string[], string[]][]
    ).flatMap(([name, yes, no]) => [
      ...yes.map((given): [string, unknown] => [`${name}(${given})`, true]),
      ...no.map((given): [string, unknown] => [`${name}(${given})`, false]),
      [`${name}("a", 1)`, null] as [string, unknown],
    ]),
  ));
describe("ranges beside what they do not go with", () =>
  rows([
    ["meets(1, [1..2])", null],
    ["overlaps([1..2], 1)", null],
    ["finishes([1..2], 2)", null],
    ["includes(2, [1..2])", null],
    ["starts([1..2], 1)", null],
    ["coincides([1..2], 1)", null],
    ['before([1..2], ["a".."b"])', null],
    ["coincides(true, true)", true],
  ]));

describe("words", () => {
  const words = (text: string) => {
    const read = lex(text);
    return read.ok
      ? read.tokens.map((t) => `${t.kind} ${t.text} ${t.from}-${t.to}`)
      : `${read.text} ${read.from}-${read.to}`;
  };
  it.each([
    ["", ["end  0-0"]],
    ["a1_B+2.5", ["name a1_B 0-4", "punctuation + 4-5", "number 2.5 5-8", "end  8-8"]],
    [".5e-3 1E4", ["number .5e-3 0-5", "number 1E4 6-9", "end  9-9"]],
    ["1..5", ["number 1 0-1", "punctuation .. 1-3", "number 5 3-4", "end  4-4"]],
    ["a..5", ["name a 0-1", "punctuation .. 1-3", "number 5 3-4", "end  4-4"]],
    ["1.x", ["number 1 0-1", "punctuation . 1-2", "name x 2-3", "end  3-3"]],
    ["?>=2", ["name ? 0-1", "punctuation >= 1-3", "number 2 3-4", "end  4-4"]],
    ["??", ["name ? 0-1", "name ? 1-2", "end  2-2"]],
    [
      "a**b->c!=d",
      "name a 0-1|punctuation ** 1-3|name b 3-4|punctuation -> 4-6|name c 6-7|punctuation != 7-9|name d 9-10|end  10-10".split(
        "|",
      ),
    ],
    ["a // b\nc", ["name a 0-1", "name c 7-8", "end  8-8"]],
    ["a // b", ["name a 0-1", "end  6-6"]],
    ["a /* b */ c", ["name a 0-1", "name c 10-11", "end  11-11"]],
    ["/**/c", ["name c 4-5", "end  5-5"]],
    ["a /*/", "This comment is not closed. 2-5"],
    ["tiến độ2", ["name tiến 0-4", "name độ2 5-8", "end  8-8"]],
    ["🐎🐎a", ["name 🐎🐎a 0-5", "end  5-5"]],
    ["a§b", ["name a 0-1", "punctuation § 1-2", "name b 2-3", "end  3-3"]],
    ["\u00a0a", ["name a 1-2", "end  2-2"]],
    ['"a"b', ["string a 0-3", "name b 3-4", "end  4-4"]],
    ['x "a', "This text is not closed: a quotation mark is missing. 2-4"],
    ['"\\n\\r\\t\\"\\\\\\\'"', ["string \n\r\t\"\\' 0-14", "end  14-14"]],
    ['"\\u0041b\\U01F40Ec"', ["string Ab🐎c 0-18", "end  18-18"]],
    ['"\\UFFFFFF"', ["string \u{10FFFF} 0-10", "end  10-10"]],
    ['"\\x\\u12\\U1"', ["string \\x\\u12\\U1 0-11", "end  11-11"]],
    ["AZ az 09", ["name AZ 0-2", "name az 3-5", "number 09 6-8", "end  8-8"]],
    ["zZ09_z@x", ["name zZ09_z 0-6", "punctuation @ 6-7", "name x 7-8", "end  8-8"]],
  ])("%j", (text, read) => expect(words(text)).toEqual(read));
});
