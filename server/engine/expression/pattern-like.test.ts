/** Random patterns find what the machine's own engine finds, at the same places; this one only never takes long. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { compilePattern } from "./pattern.ts";

const free = () => {};
/** `empty`: it may match nothing. */
type Piece = { text: string; empty: boolean };

const letter = fc.constantFrom("a", "b", "c", "A", "B", "z", "1", "-", " ");
const inClass = fc.oneof(
  fc.constantFrom("a", "b", "C", "1", "\\d", "\\s", "\\D", "\\\\", "\\n", "\\]"),
  fc.constantFrom("a-c", "b-z", "A-B", "0-2", " -A"),
);
const single: fc.Arbitrary<Piece> = fc
  .oneof(
    letter,
    fc.constantFrom(".", "\\d", "\\D", "\\s", "\\S", "\\n", "\\p{L}", "\\P{L}", "\\.", "\\$"),
    fc
      .tuple(fc.boolean(), fc.array(inClass, { minLength: 1, maxLength: 3 }))
      .map(([not, parts]) => `[${not ? "^" : ""}${parts.join("")}]`),
  )
  .map((text) => ({ text, empty: false }));
const anchor: fc.Arbitrary<Piece> = fc.constantFrom("^", "$").map((text) => ({ text, empty: true }));
const times = fc.constantFrom("*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}", "*?", "+?", "??", "{1,2}?");

const { pattern } = fc.letrec<{ pattern: Piece; piece: Piece }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    { arbitrary: single, weight: 6 },
    { arbitrary: anchor, weight: 1 },
    {
      // What matches nothing is not repeated: engines differ in how often.
      arbitrary: fc
        .tuple(tie("piece"), times)
        .map(([one, often]) =>
          one.empty || /[*+?}]$/.test(one.text) ? one : { text: one.text + often, empty: /^[*?]|^\{0/.test(often) },
        ),
      weight: 4,
    },
    {
      arbitrary: fc
        .tuple(fc.boolean(), tie("pattern"))
        .map(([captures, { text, empty }]) => ({ text: `(${captures ? "" : "?:"}${text})`, empty })),
      weight: 2,
    },
  ),
  pattern: fc
    .array(fc.array(tie("piece"), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
    .map((ways) => ({
      text: ways.map((parts) => parts.map(({ text }) => text).join("")).join("|"),
      empty: ways.some((parts) => parts.every(({ empty }) => empty)),
    })),
}));
const texts = fc
  .array(fc.oneof(letter, fc.constantFrom("a", "b", "\n", "$", ".", "\\", "]", "É", "🐎")), { maxLength: 9 })
  .map((all) => all.join(""));
const flags = fc.subarray(["i", "s", "m"]).map((all) => all.join(""));

it("whether, what and where", () => {
  fc.assert(
    fc.property(pattern, texts, flags, ({ text: source }, text, flag) => {
      const ours = compilePattern(source, flag)!;
      const theirs = new RegExp(source, `gu${flag}`);
      expect(ours.test(text, free)).toBe(text.search(theirs) >= 0);
      expect(ours.matches(text, free)).toEqual([...text.matchAll(theirs)].map(([found]) => found));
      const parts: string[] = [];
      let from = 0;
      for (const { 0: found, index } of text.matchAll(theirs)) {
        if (!found) continue;
        parts.push(text.slice(from, index));
        from = index + found.length;
      }
      expect(ours.split(text, free)).toEqual([...parts, text.slice(from)]);
      if (!compilePattern(source, flag)!.test("", free))
        expect(ours.replace(text, "<$0>", free)).toBe(text.replace(theirs, "<$&>"));
    }),
    { numRuns: 400, seed: 20261126 },
  );
});

it("what is in brackets, for what is written once", () => {
  const part = fc.constantFrom("a", "b+", "[ab]*", "c?", "(?:a|bc)", ".", "a??", "b+?");
  const groups = fc.array(part, { minLength: 1, maxLength: 4 }).map((all) =>
    all
      .map((one) => `(${one})`)
      .join("|a")
      .replace("|a", ""),
  );
  fc.assert(
    fc.property(groups, texts, (source, text) => {
      const ours = compilePattern(source, "")!;
      fc.pre(!ours.test("", free));
      expect(ours.replace(text, "[$1,$2,$3]", free)).toBe(
        text.replace(new RegExp(source, "gu"), (_, ...all: (string | undefined)[]) => {
          const many = source.split("(").filter((one) => !one.startsWith("?:")).length - 1;
          return `[${[0, 1, 2].map((i) => (i < many ? (all[i] ?? "") : "")).join(",")}]`;
        }),
      );
    }),
    { numRuns: 200, seed: 20261126 },
  );
});
