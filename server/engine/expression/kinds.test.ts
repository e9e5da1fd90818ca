/** Which kinds of values go together, told while an expression is written. */
import { describe, expect, it } from "vitest";
import { compile, type TypeScope } from "./index.ts";

const types: TypeScope = {
  deal: {
    n: { type: "number" },
    text: { type: "text", values: ["new", "won"] },
    yes: { type: "boolean" },
    day: { type: "date" },
    at: { type: "datetime" },
    long: { type: "duration" },
    tags: { type: "list" },
    what: { type: "any" },
  },
  run: { "*": { type: "any" } },
};
const told = (text: string) => {
  const result = compile(text, { types });
  return result.ok ? [] : result.problems.map((p) => `${p.code} ${p.from}-${p.to} ${p.text}`);
};
/** One of each kind: a field where there is one, a text or a call elsewhere. */
const one = {
  number: "deal.n",
  text: "deal.text",
  yes: "deal.yes",
  date: "deal.day",
  datetime: "deal.at",
  time: '@"10:00:00"',
  duration: "deal.long",
};
type Kind = keyof typeof one;
const kinds = Object.keys(one) as Kind[];
const goes = (operator: string) =>
  kinds.flatMap((a) =>
    kinds.filter((b) => told(`${one[a]} ${operator} ${one[b]}`).length === 0).map((b) => `${a} ${operator} ${b}`),
  );

describe("what goes together", () => {
  it("+", () =>
    expect(goes("+")).toEqual([
      "number + number",
      "text + text",
      "date + duration",
      "datetime + duration",
      "time + duration",
      "duration + date",
      "duration + datetime",
      "duration + time",
      "duration + duration",
    ]));
  it("-", () =>
    expect(goes("-")).toEqual([
      "number - number",
      "date - date",
      "date - datetime",
      "date - duration",
      "datetime - date",
      "datetime - datetime",
      "datetime - duration",
      "time - time",
      "time - duration",
      "duration - duration",
    ]));
  it("*", () => expect(goes("*")).toEqual(["number * number", "number * duration", "duration * number"]));
  it("/", () => expect(goes("/")).toEqual(["number / number", "duration / number", "duration / duration"]));
  it("**", () => expect(goes("**")).toEqual(["number ** number"]));
  it("a comparison: each kind with itself", () => {
    expect(goes("<")).toEqual(kinds.map((kind) => `${kind} < ${kind}`));
    expect(goes("=")).toEqual(kinds.map((kind) => `${kind} = ${kind}`));
  });
});

it.each([
  ["now()", "datetime"],
  ["today()", "date"],
  ["date(deal.at)", "date"],
  ["time(deal.at)", "time"],
  ['date and time(deal.day, @"10:00:00")', "datetime"],
  ['duration("P1D")', "duration"],
  ["years and months duration(deal.day, deal.day)", "duration"],
  ["count(deal.tags)", "number"],
  ['number("1")', "number"],
  ["string length(deal.text)", "number"],
  ["floor(deal.n)", "number"],
  ["ceiling(deal.n)", "number"],
  ["decimal(deal.n, 1)", "number"],
  ["modulo(deal.n, 2)", "number"],
  ["string(deal.n)", "text"],
  ["upper case(deal.text)", "text"],
  ["lower case(deal.text)", "text"],
  ["substring(deal.text, 1)", "text"],
  ["trim(deal.text)", "text"],
  ['contains(deal.text, "a")', "yes"],
  ['starts with(deal.text, "a")', "yes"],
  ['ends with(deal.text, "a")', "yes"],
  ['matches(deal.text, "a")', "yes"],
  ["1", "number"],
  ['"new"', "text"],
  ["true", "yes"],
  ["(1 < 2)", "yes"],
  ["(deal.n between 1 and 2)", "yes"],
  ["(deal.n in (1, 2))", "yes"],
  ["(deal.yes and deal.yes)", "yes"],
  ["(deal.yes or deal.yes)", "yes"],
  ['@"2026-01-01"', "date"],
  ['@"2026-01-01T10:00:00"', "datetime"],
  ['@"10:00:00"', "time"],
  ['@"P1D"', "duration"],
  ["-deal.n", "number"],
  ["-deal.long", "duration"],
  ["(if deal.yes then 1 else 2)", "number"],
  ["(deal.day - deal.day)", "duration"],
  ["(deal.day + deal.long)", "date"],
  ["(deal.long + deal.at)", "datetime"],
  ["(deal.long * 2)", "duration"],
  ["(deal.long / 2)", "duration"],
  ["(deal.long / deal.long)", "number"],
  ['("a" + "b")', "text"],
  ["(2 ** 3)", "number"],
] as [string, Kind][])("%s is a %s and nothing else", (text, kind) => {
  // Beside a field: another sentence may come first, so only whether something is said counts.
  expect(
    kinds.filter((other) => told(`${text} = ${other === "time" ? "time(deal.at)" : one[other]}`).length === 0),
  ).toEqual([kind]);
});

it.each([
  "deal.what = 1",
  "deal.tags = 1",
  "run.what > deal.day",
  "max(1, 2) > deal.day",
  "null = deal.n",
  "(if deal.yes then 1 else null) = deal.day",
  '(if deal.yes then 1 else "a") = deal.day',
  "deal.what + 1 = deal.day",
  "(1 + deal.what) = deal.day",
  "[1] = deal.day",
  "for deal in [1] return deal.n < deal.day",
  "deal.day between deal.day and today()",
  "some x in deal.tags satisfies x.n > deal.n",
  "{a: 1, b: a + 1}.b = 2",
  "(function(x) x + 1)(2) = 3",
  "deal.tags[n > 1] = null",
  "count(deal.tags[item.name = 1]) > 0",
  "run.anything.deep = 1",
  "for i in 1..3 return i + partial[-1]",
  "if deal.yes then deal.n else -deal.n",
  "[1..deal.n] = null",
  "deal.n in [1, 2]",
  'deal.text in ["new"]',
  "deal.n instance of number",
])("%s: nothing is said", (text) => expect(told(text)).toEqual([]));

it.each([
  [
    "deal.day > deal.at",
    "NEVER_COMPARABLE 0-18 A date and a date with a time cannot be compared. Write date(…) around the one with the time.",
  ],
  ["deal.yes = deal.day", "NEVER_COMPARABLE 0-19 This compares a yes or no with a date, which never holds."],
  [
    "time(deal.at) = deal.at",
    "NEVER_COMPARABLE 0-23 This compares a time of day with a date with a time, which never holds.",
  ],
  ["deal.text < deal.long", "NEVER_COMPARABLE 0-21 This compares a text with a length of time, which never holds."],
  [
    "3 + deal.at = null",
    'NEVER_TOGETHER 0-11 A bare number has no unit here. Write duration("P3D") for three days, duration("PT8H") for eight hours.',
  ],
  [
    "deal.at - 3 = null",
    'NEVER_TOGETHER 0-11 A bare number has no unit here. Write duration("P3D") for three days, duration("PT8H") for eight hours.',
  ],
  ["deal.at * 3 = null", "NEVER_TOGETHER 0-11 * does not go with a date with a time and a number."],
  ['deal.n + "a" = null', "NEVER_TOGETHER 0-12 Write string(…) around the number to join it to a text."],
  ['"a" - deal.n = null', "NEVER_TOGETHER 0-12 Write string(…) around the number to join it to a text."],
  ['"a" * deal.n = null', "NEVER_TOGETHER 0-12 * does not go with a text and a number."],
  ["deal.yes + 1 = null", "NEVER_TOGETHER 0-12 + does not go with a yes or no and a number."],
  ["deal.day + deal.day = null", "NEVER_TOGETHER 0-19 + does not go with a date and a date."],
  ["del.n = 1", "UNKNOWN_NAME 0-3 There is no del. Did you mean deal?"],
  ["customer.n = 1", "UNKNOWN_NAME 0-8 There is no customer."],
  ["dael", "UNKNOWN_NAME 0-4 There is no dael. Did you mean deal?"],
  ["deal.lng = null", "UNKNOWN_FIELD 0-8 deal has no field lng. Did you mean long?"],
  ["deal.owner = null", "UNKNOWN_FIELD 0-10 deal has no field owner."],
  ["deal.texts = null", "UNKNOWN_FIELD 0-10 deal has no field texts. Did you mean text?"],
  ["flor(1.5)", "UNKNOWN_FUNCTION 0-4 There is no function flor. Did you mean floor?"],
  ["whatever(1)", "UNKNOWN_FUNCTION 0-8 There is no function whatever."],
  ["abs(del.n)", "UNKNOWN_NAME 4-7 There is no del. Did you mean deal?"],
  ['deal.text = "nwe"', "UNKNOWN_VALUE 12-17 deal.text is never “nwe”. Did you mean new?"],
  ['"lost" = deal.text', "UNKNOWN_VALUE 0-6 deal.text is never “lost”."],
  ['deal.text in ("new", "lost")', "UNKNOWN_VALUE 21-27 deal.text is never “lost”."],
  ['deal.text in ["new", "lost"]', "UNKNOWN_VALUE 21-27 deal.text is never “lost”."],
  ['deal.n = "a"', "NEVER_EQUAL 9-12 deal.n is a number, so it is never the text “a”."],
  ["deal.day = 1", "NEVER_EQUAL 11-12 deal.day is a date, so it is never the number written here."],
  ["1 = deal.day", "NEVER_EQUAL 0-1 deal.day is a date, so it is never the number written here."],
  ["deal.n between 1 and today()", "NEVER_COMPARABLE 0-28 This compares a number with a date, which never holds."],
  ["for x in del.n return x", "UNKNOWN_NAME 9-12 There is no del. Did you mean deal?"],
  ["for x in 1..del.n return x", "UNKNOWN_NAME 12-15 There is no del. Did you mean deal?"],
  ["some x in [1] satisfies del.n = x", "UNKNOWN_NAME 24-27 There is no del. Did you mean deal?"],
  ["{f: function(x) dael}", "UNKNOWN_NAME 16-20 There is no dael. Did you mean deal?"],
  ["{a: dael}", "UNKNOWN_NAME 4-8 There is no dael. Did you mean deal?"],
  ["{b: bbb, bbb: 1}", "UNKNOWN_NAME 4-7 There is no bbb."],
  ["dael[1]", "UNKNOWN_NAME 0-4 There is no dael. Did you mean deal?"],
  ["-dael", "UNKNOWN_NAME 1-5 There is no dael. Did you mean deal?"],
  ["dael instance of number", "UNKNOWN_NAME 0-4 There is no dael. Did you mean deal?"],
  ["dael + 1", "UNKNOWN_NAME 0-4 There is no dael. Did you mean deal?"],
  ["true or dael", "UNKNOWN_NAME 8-12 There is no dael. Did you mean deal?"],
  ["dael and true", "UNKNOWN_NAME 0-4 There is no dael. Did you mean deal?"],
  ["1 between dael and 2", "UNKNOWN_NAME 10-14 There is no dael. Did you mean deal?"],
  ["if dael then 1 else 2", "UNKNOWN_NAME 3-7 There is no dael. Did you mean deal?"],
  ["if true then dael else 2", "UNKNOWN_NAME 13-17 There is no dael. Did you mean deal?"],
  ["if true then 1 else dael", "UNKNOWN_NAME 20-24 There is no dael. Did you mean deal?"],
  ["[1, dael]", "UNKNOWN_NAME 4-8 There is no dael. Did you mean deal?"],
  ["[1..dael]", "UNKNOWN_NAME 4-8 There is no dael. Did you mean deal?"],
  ["1 in (> dael)", "UNKNOWN_NAME 8-12 There is no dael. Did you mean deal?"],
  ["dael.n.more = 1", "UNKNOWN_NAME 0-4 There is no dael. Did you mean deal?"],
])("%s: %s", (text, problem) => expect(told(text)).toEqual([problem]));
