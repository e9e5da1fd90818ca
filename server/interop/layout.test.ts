import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layout } from "./layout.ts";

const edges = (...pairs: string[]) =>
  pairs.map((pair) => {
    const [from = "", to = ""] = pair.split(">");
    return { from, to };
  });
const card = { width: 240, height: 104 };

describe("a layout", () => {
  it("puts a line of steps in one row, left to right", () => {
    expect(Object.fromEntries(layout(["start", "call", "end"], edges("start>call", "call>end"), "start"))).toEqual({
      start: { x: 0, y: 0 },
      call: { x: 304, y: 0 },
      end: { x: 608, y: 0 },
    });
  });

  it("leaves more room where a connection carries words", () => {
    const at = layout(
      ["a", "b", "c"],
      [
        { from: "a", to: "b", label: "Yes" },
        { from: "b", to: "c" },
      ],
      "a",
    );
    expect([at.get("b")!.x - 240, at.get("c")!.x - at.get("b")!.x - 240]).toEqual([96, 64]);
  });

  it("stands branches one above the other and the join between them", () => {
    const at = layout(
      ["split", "up", "down", "join"],
      edges("split>up", "split>down", "up>join", "down>join"),
      "split",
    );
    expect(at.get("down")!.y - at.get("up")!.y).toBe(168);
    expect(at.get("up")!.x).toBe(at.get("down")!.x);
    expect(Math.abs(at.get("join")!.y - (at.get("up")!.y + at.get("down")!.y) / 2)).toBeLessThanOrEqual(4);
  });

  it("does not let a way back turn the order round", () => {
    const at = layout(["start", "try", "ask", "end"], edges("start>try", "try>ask", "ask>try", "ask>end"), "start");
    expect([...at.values()].map(({ x }) => x)).toEqual([0, 304, 608, 912]);
  });

  it("orders branches so that they do not cross", () => {
    const at = layout(["s", "a", "b", "c", "x", "y", "z"], edges("s>a", "s>b", "s>c", "a>z", "b>y", "c>x"), "s");
    const order = (ids: string[]) => [...ids].sort((p, q) => at.get(p)!.y - at.get(q)!.y).join("");
    const first = order(["a", "b", "c"]);
    expect(order(["x", "y", "z"])).toBe(first.replace("a", "z").replace("b", "y").replace("c", "x"));
  });

  it("finds a place for every node of any graph: on the grid, none over another, always the same", () => {
    const graph = fc.integer({ min: 1, max: 14 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        links: fc.array(fc.tuple(fc.nat(size), fc.nat(size)), { maxLength: 30 }),
      }),
    );
    fc.assert(
      fc.property(graph, ({ size, links }) => {
        const ids = Array.from({ length: size }, (_, i) => `n${i}`);
        const drawn = links.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` }));
        const at = layout(ids, drawn, "n0");
        expect([...at.keys()]).toEqual(ids);
        expect(layout(ids, drawn, "n0")).toEqual(at);
        const places = [...at.values()];
        for (const { x, y } of places)
          expect([x % 8, y % 8, Number.isInteger(x / 8) && Number.isInteger(y / 8)]).toEqual([0, 0, true]);
        places.forEach((one, i) => {
          for (const other of places.slice(i + 1))
            expect(Math.abs(one.x - other.x) >= card.width + 48 || Math.abs(one.y - other.y) >= card.height + 64).toBe(
              true,
            );
        });
      }),
      { numRuns: 200 },
    );
  });

  it("is done while one waits, for the largest process", () => {
    const ids = Array.from({ length: 1000 }, (_, i) => `n${i}`);
    const drawn = ids.flatMap((from, i) =>
      [1, 2, 7].flatMap((step) => (i + step < ids.length ? [{ from, to: `n${i + step}` }] : [])),
    );
    const before = performance.now();
    expect(layout(ids, drawn, "n0").size).toBe(1000);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
