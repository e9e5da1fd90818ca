import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Plain } from "@/server/engine/model.ts";
import { canonical, chainHash, genesis } from "./chain.ts";

/** The rule as it is written down: sorted keys, JSON's own texts and numbers. */
function byTheBook(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(byTheBook).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, part]) => `${JSON.stringify(key)}:${byTheBook(part)}`).join(",")}}`;
}

it("writes any JSON by the book", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonical(value as Plain)).toBe(byTheBook(value));
    }),
  );
  const odd = { b: 'ß\u2028"\\\u0007', a: [-0, 1e21, 1e-7, Number.NaN], é: "Trần", Z: {}, "": [] } as unknown;
  expect(canonical(odd as Plain)).toBe(byTheBook(odd));
});

it("hashes an event over everything it says", () => {
  const event = {
    workspaceId: "ws_1",
    seq: 1,
    streamKind: "run" as const,
    streamId: "run_1",
    version: 3,
    type: "TokenEntered" as const,
    at: 1_700_000_000_000,
    due: null,
    actor: { kind: "member" as const, id: "lan" },
    cause: "cmd_1",
    data: { z: 1, a: { y: [true, null], b: "x" } },
  };
  const { workspaceId: _, ...said } = event;
  const expected = createHash("sha256").update(genesis).update(byTheBook(said)).digest("hex");
  expect(chainHash(genesis, event)).toBe(expected);
  expect(chainHash(genesis, { ...event, due: 7 })).not.toBe(expected);
});
