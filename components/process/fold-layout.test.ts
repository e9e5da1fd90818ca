import { describe, expect, it } from "vitest";
import { foldLayout } from "./fold-layout.ts";

const line = Array.from({ length: 20 }, (_, i) => ({ id: `n${i}`, x: i * 320, y: (i % 2) * 150 }));

describe("a long drawing", () => {
  it("is folded into rows that keep the order and do not overlap", () => {
    const folded = foldLayout(line);
    expect(Math.max(...folded.map((p) => p.x))).toBeLessThan(3000);
    const byPlace = [...folded].sort((a, b) => Math.floor(a.y / 400) - Math.floor(b.y / 400) || a.x - b.x);
    expect(byPlace.map((p) => p.id)).toEqual(line.map((p) => p.id));
    for (const a of folded)
      for (const b of folded)
        if (a.id < b.id) expect(Math.abs(a.x - b.x) >= 240 || Math.abs(a.y - b.y) >= 104).toBe(true);
  });

  it("stays as it is when it fits", () => {
    expect(foldLayout(line.slice(0, 4))).toEqual(line.slice(0, 4));
    expect(foldLayout([])).toEqual([]);
  });
});
