/** Patterns as XPath writes them, beside what each takes and refuses. */
import { describe, expect, it } from "vitest";
import { compilePattern } from "./pattern.ts";

const free = () => {};
const test = (pattern: string, text: string, flags = "") => compilePattern(pattern, flags)?.test(text, free) ?? null;

describe("matching", () => {
  it.each([
    // Pattern, what it finds, what it does not.
    ["abc", ["abc", "xabcx"], ["ab", "acb", ""]],
    ["^abc$", ["abc"], ["xabc", "abcx", "abc\n"]],
    ["a|b", ["a", "b", "xb"], ["c", ""]],
    ["^(a|bc|)d$", ["ad", "bcd", "d"], ["bd", "acd"]],
    ["^a*$", ["", "a", "aaa"], ["b", "ab"]],
    ["^a+$", ["a", "aaa"], ["", "b"]],
    ["^a?$", ["", "a"], ["aa"]],
    ["^a{2}$", ["aa"], ["a", "aaa"]],
    ["^a{2,}$", ["aa", "aaaa"], ["a"]],
    ["^a{1,3}$", ["a", "aa", "aaa"], ["", "aaaa"]],
    ["^a{0,1}$", ["", "a"], ["aa"]],
    ["^(ab)+$", ["ab", "abab"], ["aba", ""]],
    ["^(?:ab)+$", ["ab", "abab"], ["aba", ""]],
    ["^a.c$", ["abc", "a🐎c"], ["a\nc", "a\rc", "ac"]],
    ["^[abc]$", ["a", "c"], ["d", "ab"]],
    ["^[^abc]$", ["d", "^"], ["a", ""]],
    ["^[a-c]$", ["a", "b", "c"], ["d", "-", "`"]],
    ["^[a-]$", ["a", "-"], ["b"]],
    ["^[]a]$", ["]", "a"], ["b"]],
    ["^[\\d_]$", ["1", "_"], ["a"]],
    ["^[a-z-[aeiou]]$", ["b"], ["a", "1", "-"]],
    ["^[!-\\-]$", ["!", "-", "#"], ["."]],
    ["^\\d\\D$", ["1a"], ["11", "aa"]],
    ["^\\w\\W$", ["a ", "1."], ["aa", "  "]],
    ["^\\s\\S$", [" a", "\ta"], ["aa", "  "]],
    ["^\\i\\c$", ["a1", ":-"], ["1a"]],
    ["^\\I\\C$", ["1 "], ["a ", "1a"]],
    ["^\\p{Lu}\\P{Lu}$", ["Aa", "Đa"], ["aA", "AA"]],
    ["^\\p{N}+$", ["12", "½"], ["a"]],
    ["^\\n\\r\\t$", ["\n\r\t"], ["nrt"]],
    ["^\\.\\*\\[$", [".*["], ["a*["]],
    ["^a\\$", ["a$"], ["a"]],
  ])("%s", (pattern, found, missed) => {
    expect(found.filter((text) => test(pattern, text) !== true)).toEqual([]);
    expect(missed.filter((text) => test(pattern, text) !== false)).toEqual([]);
  });
  it.each([
    "(",
    ")",
    "(a",
    "a)",
    "[",
    "[a",
    "[[a]]",
    "[b-a]",
    "*",
    "+a",
    "?",
    "{2}",
    "}",
    "]",
    "a{2",
    "a{3,2}",
    "a{x}",
    "\\",
    "\\1",
    "(a)\\1",
    "\\e",
    "\\z",
    "\\p{Xx}",
    "\\p{L",
    "\\pL",
    "(?=a)",
    "(?<n>a)",
    "(?a)",
    "a{9999}",
    "(a{99}){99}",
  ])("%s is no pattern", (pattern) => expect(compilePattern(pattern, "")).toBe(null));
  it("brackets lie a hundred deep at most", () => {
    expect(compilePattern(`${"(".repeat(99)}a${")".repeat(99)}`, "")).not.toBe(null);
    expect(compilePattern(`${"(".repeat(100)}a${")".repeat(100)}`, "")).toBe(null);
  });
  it("flags: any case, dot over lines, ends of lines, without spaces, word for word", () => {
    expect([test("^aBc$", "AbC", "i"), test("^aBc$", "AbC")]).toEqual([true, false]);
    expect([
      test("^[a-c]$", "B", "i"),
      test("^[A-C]$", "b", "i"),
      test("^[a-c]$", "D", "i"),
      test("^[a-c]$", "B"),
    ]).toEqual([true, true, false, false]);
    expect([test("a.c", "a\nc", "s"), test("a.c", "a\nc")]).toEqual([true, false]);
    expect([test("^b$", "a\nb\nc", "m"), test("^b$", "a\nb\nc"), test("^c", "a\nb", "m")]).toEqual([
      true,
      false,
      false,
    ]);
    expect([test("a b [ ]", "ab ", "x"), test("a b", "ab"), test("a\\ b", "a b", "x")]).toEqual([true, false, true]);
    expect([test("a.(b", "a.(b", "q"), test("a.b", "axb", "q"), test("A.B", "a.b", "iq")]).toEqual([true, false, true]);
    expect(["a", "ig", "I"].map((flags) => compilePattern("a", flags))).toEqual([null, null, null]);
  });
});

describe("parts of a text", () => {
  const found = (pattern: string, text: string) => compilePattern(pattern, "")!.matches(text, free);
  const split = (pattern: string, text: string) => compilePattern(pattern, "")!.split(text, free);
  const replaced = (pattern: string, text: string, by: string) => compilePattern(pattern, "")!.replace(text, by, free);
  it("the leftmost, then as long as it asks for", () => {
    expect(found("a+", "xaaxa")).toEqual(["aa", "a"]);
    expect(found("a+?", "xaaxa")).toEqual(["a", "a", "a"]);
    expect(found("a{1,2}", "aaa")).toEqual(["aa", "a"]);
    expect(found("a{1,2}?", "aaa")).toEqual(["a", "a", "a"]);
    expect(found("a??b", "ab")).toEqual(["ab"]);
    expect(found("a|ab", "ab")).toEqual(["a"]);
    expect(found("ab|a", "ab")).toEqual(["ab"]);
    expect(found("a*", "ba")).toEqual(["", "a", ""]);
    expect(found("x", "aaa")).toEqual([]);
    expect(found("🐎.", "a🐎b🐎c")).toEqual(["🐎b", "🐎c"]);
    expect(found("a.*c", `a${"b".repeat(20_000)}c`)[0]).toHaveLength(20_002);
  });
  it("split at each, also at the ends; at nothing it is not split", () => {
    expect(split(",", "a,b,,c")).toEqual(["a", "b", "", "c"]);
    expect(split(",", ",a,")).toEqual(["", "a", ""]);
    expect(split(";", "a,b")).toEqual(["a,b"]);
    expect(split("b*", "abbc")).toEqual(["a", "c"]);
  });
  it("replaced, with groups by their number and signs as written", () => {
    expect(replaced("b", "abcb", "x")).toBe("axcx");
    expect(replaced("(a)(b)?", "abac", "[$2$1$0]")).toBe("[baab][aa]c");
    expect(replaced("a", "a", "$1\\$1\\\\")).toBe("$1\\");
    expect(replaced("(a)|(b)", "ab", "<$1$2>")).toBe("<a><b>");
    expect(replaced("(a)+", "aaa", "$1")).toBe("a");
    expect(replaced("a*", "b", "x")).toBe(null);
  });
  it("pays for the work it does", () => {
    let paid = 0;
    const pay = (steps: number) => void (paid += steps);
    compilePattern("(a|b)*c", "")!.test("ab".repeat(5000), pay);
    expect(paid).toBeGreaterThan(1000);
    expect(paid).toBeLessThan(5000);
    paid = 0;
    compilePattern("x", "")!.replace("a".repeat(200), "y", pay);
    expect(paid).toBeGreaterThanOrEqual(1);
    expect(paid).toBeLessThan(20);
  });
});
