/** What a text is read as, each part with the letters it stands in, and what is said of one that cannot be read, and where. */
import { describe, expect, it } from "vitest";
import { type Ast, childrenOf } from "./ast.ts";
import { parse } from "./parse.ts";

/** A part and its letters, what is in it below: `add “1 + 2” (number “1”, number “2”)`. */
function told(ast: Ast, text: string): string {
  const parts = childrenOf(ast).map((child) => told(child, text));
  return `${ast.kind} “${text.slice(ast.from, ast.to)}”${parts.length ? ` (${parts.join(", ")})` : ""}`;
}
const read = (text: string, mode: "expression" | "unary" = "expression"): string => {
  const parsed = parse(text, mode);
  return parsed.ok ? told(parsed.ast, text) : parsed.problems.map((problem) => JSON.stringify(problem)).join(" ");
};

describe("a text is read", () => {
  it("with its parts where they stand", () => {
    expect(
      [
        "1 + 2 * 3",
        "(1 + 2) * 3",
        "-a ** 2",
        "a.b.c",
        "a[1].b",
        "f(1, 2)(3)",
        "f(x: 1, y: 2)",
        "if a then b else c",
        "for x in [1, 2], y in 1..3 return x + y",
        "some x in a satisfies x > 1",
        "every x in a, y in b satisfies x = y",
        "function(x, y: number) x + y",
        "a and b or c and d",
        "a < 1 and not(b)",
        "a between 1 and 2 and b",
        "a in [1..5]",
        "a in (1, > 5, ]2..3[)",
        "a instance of list<number>",
        "[1..5)",
        "]1..5[",
        "(1..5)",
        '{a: 1, "b c": {d: 2}}',
        '@"2026-01-01"',
        "a[item > 1]",
        "[]",
        "[1]",
        "null",
        "true",
        '"a" + "b"',
        "  a  ",
      ].map((text) => `${text} → ${read(text)}`),
    ).toMatchInlineSnapshot(`
      [
        "1 + 2 * 3 → arithmetic “1 + 2 * 3” (number “1”, arithmetic “2 * 3” (number “2”, number “3”))",
        "(1 + 2) * 3 → arithmetic “(1 + 2) * 3” (arithmetic “(1 + 2)” (number “1”, number “2”), number “3”)",
        "-a ** 2 → arithmetic “-a ** 2” (negate “-a” (name “a”), number “2”)",
        "a.b.c → path “a.b.c” (path “a.b” (name “a”))",
        "a[1].b → path “a[1].b” (filter “a[1]” (name “a”, number “1”))",
        "f(1, 2)(3) → call “f(1, 2)(3)” (call “f(1, 2)” (name “f”, number “1”, number “2”), number “3”)",
        "f(x: 1, y: 2) → call “f(x: 1, y: 2)” (name “f”, number “1”, number “2”)",
        "if a then b else c → if “if a then b else c” (name “a”, name “b”, name “c”)",
        "for x in [1, 2], y in 1..3 return x + y → for “for x in [1, 2], y in 1..3 return x + y” (list “[1, 2]” (number “1”, number “2”), number “1”, number “3”, arithmetic “x + y” (name “x”, name “y”))",
        "some x in a satisfies x > 1 → quantified “some x in a satisfies x > 1” (name “a”, compare “x > 1” (name “x”, number “1”))",
        "every x in a, y in b satisfies x = y → quantified “every x in a, y in b satisfies x = y” (name “a”, name “b”, compare “x = y” (name “x”, name “y”))",
        "function(x, y: number) x + y → function “function(x, y: number) x + y” (arithmetic “x + y” (name “x”, name “y”))",
        "a and b or c and d → or “a and b or c and d” (and “a and b” (name “a”, name “b”), and “c and d” (name “c”, name “d”))",
        "a < 1 and not(b) → and “a < 1 and not(b)” (compare “a < 1” (name “a”, number “1”), call “not(b)” (name “not”, name “b”))",
        "a between 1 and 2 and b → and “a between 1 and 2 and b” (between “a between 1 and 2” (name “a”, number “1”, number “2”), name “b”)",
        "a in [1..5] → in “a in [1..5]” (name “a”, range “[1..5]” (number “1”, number “5”))",
        "a in (1, > 5, ]2..3[) → in “a in (1, > 5, ]2..3[)” (name “a”, number “1”, unary “> 5” (number “5”), range “]2..3[” (number “2”, number “3”))",
        "a instance of list<number> → instance “a instance of list<number>” (name “a”)",
        "[1..5) → range “[1..5)” (number “1”, number “5”)",
        "]1..5[ → range “]1..5[” (number “1”, number “5”)",
        "(1..5) → range “(1..5)” (number “1”, number “5”)",
        "{a: 1, "b c": {d: 2}} → context “{a: 1, "b c": {d: 2}}” (number “1”, context “{d: 2}” (number “2”))",
        "@"2026-01-01" → at “@"2026-01-01"”",
        "a[item > 1] → filter “a[item > 1]” (name “a”, compare “item > 1” (name “item”, number “1”))",
        "[] → list “[]”",
        "[1] → list “[1]” (number “1”)",
        "null → null “null”",
        "true → boolean “true”",
        ""a" + "b" → arithmetic “"a" + "b"” (string “"a"”, string “"b"”)",
        "  a   → name “a”",
      ]
    `);
  });

  it("as a cell of a table", () => {
    expect(
      ["-", "> 5", "1, 2", "not(1, 2)", "[1..5], > 9", "-5", "null", '"a", "b"', "not(> 5)", "? > 5", "in"].map(
        (text) => `${text} → ${read(text, "unary")}`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "- → any “-”",
        "> 5 → tests “> 5” (unary “> 5” (number “5”))",
        "1, 2 → tests “1, 2” (number “1”, number “2”)",
        "not(1, 2) → tests “not(1, 2)” (number “1”, number “2”)",
        "[1..5], > 9 → tests “[1..5], > 9” (range “[1..5]” (number “1”, number “5”), unary “> 9” (number “9”))",
        "-5 → tests “-5” (negate “-5” (number “5”))",
        "null → tests “null” (null “null”)",
        ""a", "b" → tests “"a", "b"” (string “"a"”, string “"b"”)",
        "not(> 5) → tests “not(> 5)” (unary “> 5” (number “5”))",
        "? > 5 → tests “? > 5” (compare “? > 5” (name “?”, number “5”))",
        "in → {"code":"SYNTAX","text":"“in” cannot stand here.","from":0,"to":2}",
      ]
    `);
  });
});

it("what cannot be read is said in a sentence, with the place", () => {
  expect(
    [
      "",
      "1 +",
      "1 2",
      "(1",
      "1)",
      "[1",
      "[1, ",
      "[1..",
      "[1..5",
      "[1..5}",
      "{a: 1",
      "{a 1}",
      "{: 1}",
      "f(1",
      "f(x: 1, 2)",
      "if a then b",
      "if a b else c",
      "for x in a",
      "for in a return x",
      "some x in a",
      "a between 1",
      "a between 1 or 2",
      "a in",
      "a.",
      "a instance",
      "a instance of",
      "function(x",
      "function(x) external {java: 1}",
      "and",
      "a and",
      "then",
      "@5",
      '@"x"',
      '"a',
      "a # b",
      "not(",
    ].map((text) => `${text} → ${read(text)}`),
  ).toMatchInlineSnapshot(`
    [
      " → {"code":"SYNTAX","text":"Something is missing at the end.","from":0,"to":1}",
      "1 + → {"code":"SYNTAX","text":"Something is missing at the end.","from":3,"to":4}",
      "1 2 → {"code":"SYNTAX","text":"“2” is not expected here.","from":2,"to":3}",
      "(1 → {"code":"SYNTAX","text":"“)” is missing before the end.","from":2,"to":3}",
      "1) → {"code":"SYNTAX","text":"“)” is not expected here.","from":1,"to":2}",
      "[1 → {"code":"SYNTAX","text":"“,” is missing before the end.","from":2,"to":3}",
      "[1,  → {"code":"SYNTAX","text":"Something is missing at the end.","from":4,"to":5}",
      "[1.. → {"code":"SYNTAX","text":"Something is missing at the end.","from":4,"to":5}",
      "[1..5 → {"code":"SYNTAX","text":"“]” is missing before the end.","from":5,"to":6}",
      "[1..5} → {"code":"SYNTAX","text":"“]” is missing before “}”.","from":5,"to":6}",
      "{a: 1 → {"code":"SYNTAX","text":"“,” is missing before the end.","from":5,"to":6}",
      "{a 1} → {"code":"SYNTAX","text":"“:” is missing before “}”.","from":4,"to":5}",
      "{: 1} → {"code":"SYNTAX","text":"The name of an entry is missing.","from":1,"to":2}",
      "f(1 → {"code":"SYNTAX","text":"“,” is missing before the end.","from":3,"to":4}",
      "f(x: 1, 2) → {"code":"SYNTAX","text":"Name every argument, or none.","from":9,"to":10}",
      "if a then b → {"code":"SYNTAX","text":"“else” is missing before the end.","from":11,"to":12}",
      "if a b else c → {"code":"SYNTAX","text":"“then” is missing before “b”.","from":5,"to":6}",
      "for x in a → {"code":"SYNTAX","text":"“return” is missing before the end.","from":10,"to":11}",
      "for in a return x → {"code":"SYNTAX","text":"“in” is missing before the end.","from":17,"to":18}",
      "some x in a → {"code":"SYNTAX","text":"“satisfies” is missing before the end.","from":11,"to":12}",
      "a between 1 → {"code":"SYNTAX","text":"“and” is missing before the end.","from":11,"to":12}",
      "a between 1 or 2 → {"code":"SYNTAX","text":"“and” is missing before “or”.","from":12,"to":14}",
      "a in → {"code":"SYNTAX","text":"Something is missing at the end.","from":4,"to":5}",
      "a. → {"code":"SYNTAX","text":"“.” is not expected here.","from":1,"to":2}",
      "a instance → {"code":"SYNTAX","text":"“of” is missing before the end.","from":10,"to":11}",
      "a instance of → {"code":"SYNTAX","text":"A type is missing before the end.","from":13,"to":14}",
      "function(x → {"code":"SYNTAX","text":"“,” is missing before the end.","from":10,"to":11}",
      "function(x) external {java: 1} → {"code":"SYNTAX","text":"External functions are not supported.","from":12,"to":20}",
      "and → {"code":"SYNTAX","text":"“and” cannot stand here.","from":0,"to":3}",
      "a and → {"code":"SYNTAX","text":"Something is missing at the end.","from":5,"to":6}",
      "then → {"code":"SYNTAX","text":"“then” cannot stand here.","from":0,"to":4}",
      "@5 → {"code":"SYNTAX","text":"A text in quotation marks is missing after @.","from":1,"to":2}",
      "@"x" → at “@"x"”",
      ""a → {"code":"SYNTAX","text":"This text is not closed: a quotation mark is missing.","from":0,"to":2}",
      "a # b → {"code":"SYNTAX","text":"“#” is not expected here.","from":2,"to":3}",
      "not( → {"code":"SYNTAX","text":"Something is missing at the end.","from":4,"to":5}",
    ]
  `);
  expect(
    ["", "-, 1", "not(1", "1,", "> ", "-  -"].map((text) => `${text} → ${read(text, "unary")}`),
  ).toMatchInlineSnapshot(`
    [
      " → {"code":"SYNTAX","text":"Something is missing at the end.","from":0,"to":1}",
      "-, 1 → {"code":"SYNTAX","text":"“,” cannot stand here.","from":1,"to":2}",
      "not(1 → {"code":"SYNTAX","text":"“)” is missing before the end.","from":5,"to":6}",
      "1, → {"code":"SYNTAX","text":"Something is missing at the end.","from":2,"to":3}",
      ">  → {"code":"SYNTAX","text":"Something is missing at the end.","from":2,"to":3}",
      "-  - → {"code":"SYNTAX","text":"Something is missing at the end.","from":4,"to":5}",
    ]
  `);
  expect(read(`a${"[1]".repeat(499)}`)).toMatch(/^filter/);
  expect(read(`a${"[1]".repeat(502)}`)).toContain("This expression is too long a chain.");
});

describe("two operators with nothing between them", () => {
  const wrong = (text: string, mode: "expression" | "unary" = "expression") => {
    const parsed = parse(text, mode);
    const [problem] = parsed.ok ? [] : parsed.problems;
    return problem ? `${problem.from}–${problem.to} ${problem.text}` : "read";
  };
  it.each([
    ["a = = b", "4–5 There is nothing between “=” and “=”."],
    ["a == b", "3–4 There is nothing between “=” and “=”. Did you mean “=”?"],
    ["a < < b", "4–5 There is nothing between “<” and “<”."],
    ["a =< b", "3–4 There is nothing between “=” and “<”. Did you mean “<=”?"],
    ["a => b", "3–4 There is nothing between “=” and “>”. Did you mean “>=”?"],
    ["a <> b", "3–4 There is nothing between “<” and “>”. Did you mean “!=”?"],
    ["a != != b", "5–7 There is nothing between “!=” and “!=”."],
    ["a + = b", "4–5 There is nothing between “+” and “=”."],
    ["a * * b", "4–5 There is nothing between “*” and “*”."],
    ["a / + b", "4–5 There is nothing between “/” and “+”."],
    ["- > 5", "2–3 There is nothing between “-” and “>”."],
    ["a and and b", "6–9 There is nothing between “and” and “and”."],
    ["a or and b", "5–8 There is nothing between “or” and “and”."],
    ["a and or b", "6–8 There is nothing between “and” and “or”."],
    ["a and < 5", "6–7 There is nothing between “and” and “<”."],
    ["a > 1 or = 5", "9–10 There is nothing between “or” and “=”."],
    ["a between > 1 and 5", "10–11 There is nothing between “between” and “>”."],
    ["a between 1 and < 5", "16–17 There is nothing between “and” and “<”."],
    ["a in < < 5", "7–8 There is nothing between “<” and “<”."],
    ["a in in b", "5–7 There is nothing between “in” and “in”."],
    ["a[> > 5]", "4–5 There is nothing between “>” and “>”."],
    ["a in [1..< 5]", "9–10 There is nothing between “..” and “<”."],
    ["a in (> 1..5)", "9–11 “..” is not expected here."],
    ["= a", "read"],
    ["and a", "0–3 “and” cannot stand here."],
    ["not not a", "4–7 “not” is not expected here."],
    ["not a", "4–5 “a” is not expected here."],
  ])("%s: %s", (text, said) => {
    expect(wrong(text)).toBe(said);
  });
  it.each(["a =", "a <", "a +", "a and", "a or", "a in", "a between 1 and", "-", "a **"])(
    "a text that ends with one: %s",
    (text) => {
      expect(wrong(text)).toBe(`${text.length}–${text.length + 1} Something is missing at the end.`);
    },
  );
  it.each([
    ["> > 5", "2–3 There is nothing between “>” and “>”."],
    ["= = 5", "2–3 There is nothing between “=” and “=”."],
    ["not(> > 5)", "6–7 There is nothing between “>” and “>”."],
    ["> 5, < < 3", "7–8 There is nothing between “<” and “<”."],
    ["> 5 and < 10", "4–7 “and” is not expected here."],
  ])("in a cell: %s", (text, said) => {
    expect(wrong(text, "unary")).toBe(said);
  });
  it.each([
    "> 5",
    "= 5",
    "!= 5",
    "not(> 5, < 3)",
    "> 5, = 3",
    "-",
    "[1..5]",
    "(> 5)",
    "? > 5 and ? < 10",
    "> -5",
    'not("a")',
  ])("a cell as DMN has them stays: %s", (text) => {
    expect(wrong(text, "unary")).toBe("read");
  });
  it.each([
    "a in < 5",
    "a in (< 5, > 9)",
    "a = (= 5)",
    "a[> 5]",
    "f(< 5, x)",
    "{a: < 5}",
    "[< 5, > 9]",
    "a - - b",
    "a = -b",
    "if a then < 5 else > 9",
  ])("an expression as DMN has them stays: %s", (text) => {
    expect(wrong(text)).toBe("read");
  });
});
