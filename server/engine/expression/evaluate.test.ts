/** What an expression comes to over values of a record, and what is said where it comes to nothing. */
import { expect, it } from "vitest";
import { compile, toFeel, textOf } from "./index.ts";

const values: Record<string, unknown> = {
  n: 2,
  text: "Sen",
  none: null,
  list: [10, 20, 30],
  people: [{ name: "An", age: 30 }, { name: "Binh", age: 40 }, null],
  lead: { country: "VN", owner: { name: "Lan" } },
};
const answer = (text: string): string => {
  const result = compile(text);
  if (!result.ok) return `refused: ${result.problems[0]!.text}`;
  const scope = {
    get: (name: string) => (Object.hasOwn(values, name) ? toFeel(values[name]) : undefined),
    now: 0,
    zone: "UTC",
  };
  const { value, error } = result.expression.evaluate(scope);
  return error === undefined ? textOf(value) : `${textOf(value)}, ${error}`;
};

it.each([
  // Names and paths
  ["n", "2"],
  ["none", "null"],
  ["nobody", "null, There is no nobody."],
  ["lead.country", '"VN"'],
  ["lead.owner.name", '"Lan"'],
  ["lead.nothing", "null, There is no nothing."],
  ["none.country", "null"],
  ["text.country", "null, There is no country."],
  ["people.name", '["An", "Binh", null]'],
  ["people.nothing", "[null, null, null]"],
  // Positions and filters
  ["list[1]", "10"],
  ["list[3]", "30"],
  ["list[4]", "null"],
  ["list[0]", "null"],
  ["list[-1]", "30"],
  ["list[-3]", "10"],
  ["list[-4]", "null"],
  ["list[n]", "20"],
  ["list[n + 1]", "30"],
  ["list[1 + null]", "null, A value in this calculation is empty."],
  ["list[count(list)]", "30"],
  ["list[-count([1])]", "30"],
  ["list[item > 15]", "[20, 30]"],
  ["list[? > 15]", "[20, 30]"],
  ["list[> 15]", "[20, 30]"],
  ["list[[15..25]]", "[20]"],
  ["list[true]", "[10, 20, 30]"],
  ["list[null]", "[]"],
  ["people[age > 35].name", '["Binh"]'],
  ["people[item.age > 35].name", '["Binh"]'],
  ['people[name = "An"][1].age', "30"],
  ["people[age]", "null"],
  ["none[1]", "null"],
  ["none[item > 1]", "[]"],
  ["n[1]", "2"],
  ["n[item = 2]", "[2]"],
  ["list[item > 15][1] + n", "22"],
  ["[list[item > 15], ?]", "[[20, 30], null]"],
  // Choices
  ["if n = 2 then 1 else 0", "1"],
  ["if n = 3 then 1 else 0", "0"],
  ["if null then 1 else 0", "0"],
  ["if n then 1 else 0", "0"],
  // Three-valued logic
  ["true and null", "null"],
  ["false and null", "false"],
  ["null and false", "false"],
  ["true or null", "true"],
  ["null or true", "true"],
  ["false or null", "null"],
  ["null or null", "null"],
  ["n and true", "null"],
  ["n or false", "null"],
  ["not(null)", "null, not has no answer for these arguments."],
  // Comparisons
  ["n between 1 and 3", "true"],
  ["n between 2 and 2", "true"],
  ["n between 3 and 1", "false"],
  ["n between null and 3", "null"],
  ["n in [1..2)", "false"],
  ["n in (1..2]", "true"],
  ["n in (1, 2)", "true"],
  ["n in (> 5, < 1)", "false"],
  ["n in list", "false"],
  ["20 in list", "true"],
  ["n in null", "false"],
  ["none in null", "true"],
  ["n = null", "false"],
  ["none = null", "true"],
  ['n = "2"', "null"],
  ["n != 3", "true"],
  ['n < "3"', "null, These two values cannot be compared."],
  // Contexts
  ["{a: 1, b: a + 1}.b", "2"],
  ["{a: 1, a: 2}", "null, The entry a stands twice."],
  ["{a: n}.a", "2"],
  ["[{a: 1}.a, a]", "[1, null]"],
  // Loops
  ["for x in list return x + n", "[12, 22, 32]"],
  ["for x in 1..3 return x", "[1, 2, 3]"],
  ["for x in 3..1 return x", "[3, 2, 1]"],
  ["for x in [1, 2], y in [x, 5] return x * y", "[1, 5, 4, 10]"],
  ["for x in [1, 2, 3] return count(partial)", "[0, 1, 2]"],
  ["for x in n return x", "[2]"],
  ["for x in none return x", "null, This cannot be walked through."],
  ["some x in list satisfies x > 25", "true"],
  ["some x in list satisfies x > 35", "false"],
  ["some x in [] satisfies true", "false"],
  ["every x in list satisfies x > 5", "true"],
  ["every x in list satisfies x > 15", "false"],
  ["every x in [] satisfies false", "true"],
  ["some x in [null, 30] satisfies x > 25", "true"],
  ["every x in [null, 30] satisfies x > 25", "null"],
  // Functions
  ["(function(x) x + n)(3)", "5"],
  ["(function(x, y) x - y)(y: 1, x: 5)", "4"],
  ['(function(x: number) x)("a")', "null"],
  ["n(1)", "null, There is no function n."],
  ["{f: function(x) x * 2}.f(4)", "8"],
  // Types
  ["n instance of number", "true"],
  ["n instance of string", "false"],
  ["none instance of Any", "false"],
  ["none instance of Null", "true"],
  ["list instance of list<number>", "true"],
  ['["a", 1] instance of list<number>', "false"],
  ["list instance of list<Any>", "true"],
  ["{a: 1} instance of context<a: number>", "true"],
  ["{a: 1} instance of context<b: number>", "false"],
  ["{a: 1} instance of context", "true"],
  ["[1..5] instance of range<number>", "true"],
  ['["a".."b"] instance of range<number>', "false"],
  ['@"P1D" instance of days and time duration', "true"],
  ['@"P1M" instance of days and time duration', "false"],
  ['@"P1M" instance of years and months duration', "true"],
  ['@"2026-01-01" instance of date', "true"],
  ['@"10:00:00" instance of time', "true"],
  ['@"2026-01-01T10:00:00" instance of date and time', "true"],
  ["true instance of boolean", "true"],
])("%s is %s", (text, value) => expect(answer(text)).toBe(value));

it("work is paid for, by its size, and ends where there is no more to pay with", () => {
  const used = (text: string, fuel = 10_000) => {
    const result = compile(text);
    if (!result.ok) throw new Error(text);
    return result.expression.evaluate({ get: () => undefined, now: 0, zone: "UTC", fuel });
  };
  expect(used("for x in 1..100000 return x")).toMatchObject({ value: null });
  expect(used("for x in 1..100000 return x").error).toBeDefined();
  const [few, many] = [10, 1000].map((n) => used(`count(for x in 1..${n} return x)`).fuelUsed);
  expect(many).toBeGreaterThan(few! * 20);
  expect(used("1 + 1 + 1 + 1", 2).value).toBeNull();
  expect(used("1 + 1", 100).value).toBe(2);
});
