/** No fault without its sentence. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

it("every code that is said is said in a test of this folder", () => {
  const files = readdirSync(import.meta.dirname).map((name) => path.join(import.meta.dirname, name));
  const [tests, sources] = [files.filter((f) => f.endsWith(".test.ts")), files.filter((f) => !f.endsWith(".test.ts"))];
  const read = (those: string[]) => those.map((file) => readFileSync(file, "utf8")).join("");
  const codes = new Set(read(sources).match(/(?<=")[A-Z]{2,}(_[A-Z]+)+(?=")/g));
  // The graph's own errors come before it.
  codes.delete("BODY_ENTRY");
  const tested = read(tests);
  expect([...codes].filter((code) => !tested.includes(code))).toEqual([]);
});
