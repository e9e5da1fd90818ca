import fc from "fast-check";
import { expect, it } from "vitest";
import { dominators } from "./dominator.ts";

const ways = (edges: Record<string, string[]>) => (id: string) => edges[id] ?? [];

it("of a join it is the split that its branches come from", () => {
  const next = ways({ start: ["split"], split: ["a", "b"], a: ["meet"], b: ["meet"], meet: ["done"] });
  expect(dominators("start", next).get("meet")).toBe("split");
});

it("of a join inside a branch it is the inner split, not the outer one", () => {
  const next = ways({
    start: ["outer"],
    outer: ["inner", "c"],
    inner: ["a", "b"],
    a: ["meet"],
    b: ["meet"],
    meet: ["last"],
    c: ["last"],
  });
  expect(dominators("start", next).get("meet")).toBe("inner");
  expect(dominators("start", next).get("last")).toBe("outer");
});

it("a way back does not hide it, and a longer way round counts as well", () => {
  const next = ways({
    start: ["split"],
    split: ["a", "b"],
    a: ["check"],
    check: ["split", "meet"],
    b: ["meet"],
    meet: [],
  });
  expect(dominators("start", next).get("meet")).toBe("split");
});

it("of the step after another it is that other, and of the first step it is the start", () => {
  const next = ways({ start: ["a"], a: ["b"] });
  expect(dominators("start", next).get("b")).toBe("a");
  expect(dominators("start", next).get("a")).toBe("start");
});

it("there is none for the start itself and where no way leads", () => {
  const next = ways({ start: ["a"] });
  expect(dominators("start", next).get("start")).toBeUndefined();
  expect(dominators("start", next).get("elsewhere")).toBeUndefined();
});

it("is what the words say, on random graphs: without it no way leads there, and what lies between is none", () => {
  const graphs = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(graphs, (edges) => {
      const next = (id: string) => (edges[Number(id)] ?? []).map(String);
      const reached = (without: string | null) => {
        const found = new Set(without === "0" ? [] : ["0"]);
        for (const id of found) for (const to of next(id)) if (to !== without) found.add(to);
        return found;
      };
      const nearest = dominators("0", next);
      const all = [...reached(null)];
      expect([...nearest.keys()].sort()).toEqual(all.filter((id) => id !== "0").sort());
      for (const target of nearest.keys()) {
        const needed = all.filter((id) => id !== target && !reached(id).has(target));
        // Of those that every way needs, the nearest is the one that needs all the others.
        const last = needed.find((id) => needed.every((other) => other === id || !reached(other).has(id)));
        expect(nearest.get(target)).toBe(last);
      }
    }),
    { numRuns: 2000 },
  );
});
