import { describe, expect, it } from "vitest";
import { drivers } from "./drivers.ts";
import { seeded } from "./statistics.ts";

const next = seeded(7);
const visits = (n: number, friday: (i: number) => boolean, factor: number) =>
  Array.from({ length: n }, (_, i) => ({
    delay: (0.5 + next()) * (friday(i) ? factor : 1),
    labels: { weekday: friday(i) ? "4" : String(i % 4), owner: `mem_${i % 3}`, version: "1" },
  }));

describe("what carries the delay", () => {
  it("finds the weekday that waits twice as long, and calls it a driver", () => {
    const [first] = drivers(visits(200, (i) => i % 5 === 4, 2.5));
    expect(first).toMatchObject({ dimension: "weekday", value: "4", n: 40, driver: true });
    expect(first!.lift).toBeGreaterThan(1.5);
    expect(first!.q).toBeLessThan(0.05);
  });

  it("lists nothing where every part waits alike, under ten visits, or where all have the label", () => {
    expect(drivers(visits(200, () => false, 1))).toEqual([]);
    expect(drivers(visits(40, (i) => i < 9, 5)).filter((d) => d.value === "4")).toEqual([]);
    expect(drivers(visits(100, () => false, 1)).some((d) => d.dimension === "version")).toBe(false);
  });

  it("says the same each time", () => {
    const some = visits(120, (i) => i % 5 === 4, 2);
    expect(drivers(some)).toEqual(drivers(some));
  });
});
