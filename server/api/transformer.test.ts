import { expect, it } from "vitest";
import { transformer } from "./transformer.ts";

const read = (json: unknown) => transformer.input.deserialize({ json } as never);
const nested = (levels: number): unknown => (levels === 0 ? 1 : { in: nested(levels - 1) });
const steps = Array.from({ length: 1_000 }, (_, i) => ({
  id: `s${i}`,
  kind: "task",
  name: `Step ${i}`,
  role: "rep",
  position: { x: i, y: 0 },
  config: { outcomes: [{ id: "done", label: "Done" }] },
}));

it("a request may hold the largest process there is", () => {
  expect(read({ nodes: steps })).toEqual({ nodes: steps });
});

it("is refused beyond its depth, its breadth, its size, and for keys that are never allowed", () => {
  expect(read(nested(30))).toEqual(nested(30));
  expect(() => read(nested(40))).toThrow("The request is nested more than 32 deep. Nothing was changed.");
  expect(() => read({ ids: new Array(5_001).fill(1) })).toThrow("more than 5000 values in one place");
  expect(() => read(new Array(100).fill(new Array(1_001).fill(1)))).toThrow("more than 100000 values. Nothing");
  expect(() => read(JSON.parse('{"a":{"__proto__":{"admin":true}}}'))).toThrow("a key that is never allowed");
});
