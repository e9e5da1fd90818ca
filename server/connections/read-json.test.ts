import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson, storable } from "./read-json.ts";

describe("JSON from outside", () => {
  it("is what it says", () => {
    expect(readJson('{"a":[1,null,true,"x"],"b":{}}')).toEqual({ a: [1, null, true, "x"], b: {} });
    expect(readJson("  ")).toBeNull();
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, noUnicodeString: true } as never), (value) => {
        const text = JSON.stringify(value);
        const read = readJson(text);
        if (read !== undefined) expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
  it("is nothing when it is broken, deep, crowded or has a key that means something to a machine", () => {
    const wrong = [
      "{",
      "undefined",
      "[".repeat(100_000),
      "[".repeat(40) + "]".repeat(40),
      `[${"1,".repeat(6000)}1]`,
      '{"__proto__":{"admin":true}}',
      '{"a":{"constructor":1}}',
    ];
    for (const text of wrong) expect(readJson(text), text.slice(0, 40)).toBeUndefined();
  });
  it("has only text that both databases take", () => {
    expect(readJson('{"a\\u0000":"x\\u0000y\\ud800z😀"}')).toEqual({ a: "xy�z😀" });
    expect(storable("\udc00a")).toBe("�a");
  });
});
