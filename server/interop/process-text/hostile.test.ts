import { expect, it } from "vitest";
import { problemLine } from "./file-problem.ts";
import { readProcess } from "./read.ts";

const head = "key: small\nname: Small\nrecord_type: lead\n";
const nodes = "nodes:\n  - {id: start, kind: start, name: Start}\n  - {id: end, kind: end, name: End}\n";
const whole = `${head}${nodes}edges:\n  - {id: a, from: start, to: end}\n`;
const megabytes = (unit: string) => unit.repeat(Math.floor(4_900_000 / unit.length));
const laughs = Array.from(
  { length: 12 },
  (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 10 }, () => (i ? `*l${i}` : "lol")).join(", ")}]`,
).join("\n");

/** What a file of nearly five megabytes may cost; a test machine is slower than a person's patience. */
const patience = 15_000;

it("takes what the hostile ones are made of", () => {
  expect(readProcess(whole)).toMatchObject({ ok: true, problems: [] });
});

it.each<[what: string, text: () => string, says: RegExp]>([
  ["a billion laughs", () => `${laughs}\n${whole}`, /Anchors and aliases are not read/],
  ["nothing but brackets", () => megabytes("["), /nested more than 32 levels deep/],
  ["nothing but braces", () => `key: ${megabytes("{a: ")}`, /nested more than 32 levels deep/],
  ["indentation without end", () => Array.from({ length: 2000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), /nested/],
  [
    "one endless word",
    () => `${head}summary: ${megabytes("a")}\n${nodes}edges: []\n`,
    /summary.*at most|longer|2,?000/,
  ],
  [
    "a list without end",
    () => `${head}${nodes}edges:\n${megabytes("  - {id: a, from: start, to: end}\n")}`,
    /more than any process needs/,
  ],
  [
    "more nodes than a process has",
    () =>
      `${head}nodes:\n${Array.from({ length: 1001 }, (_, i) => `  - {id: n${i}, kind: task, name: N}\n`).join("")}edges: []\n`,
    /nodes.*1,?000/,
  ],
  ["one byte too many", () => `${whole}# ${"x".repeat(5_000_000)}`, /larger than 5 MB/],
  ["a number where a list belongs", () => `${head}nodes: 7\nedges: []\n`, /“nodes” should be a list, not “?7”?/],
  ["a list where a word belongs", () => whole.replace("name: Small", "name: [Small]"), /“name” should be/],
  ["a date where a word belongs", () => whole.replace("key: small", "key: 2026-01-01"), /“key”/],
])("%s is refused in one sentence, soon", (_, text, says) => {
  const start = performance.now();
  const read = readProcess(text());
  expect(performance.now() - start).toBeLessThan(patience);
  const errors = read.problems.filter(({ severity }) => severity === "error");
  expect(errors.length).toBeGreaterThan(0);
  const line = problemLine(errors[0]!);
  expect(line).toMatch(says);
  expect(line.length).toBeLessThan(400);
  expect(read.problems.length).toBeLessThan(2000);
});
