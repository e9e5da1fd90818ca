import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { levelLoad, type Movable } from "./level-load.ts";

const person = (id: string, more: { weight?: number; available?: boolean } = {}) => ({
  id,
  weight: 1,
  available: true,
  ...more,
});
/** `lan: 3` = three tasks of Lan's, due one after the other. */
const tasks = (counts: Record<string, number>, more: Partial<Movable> = {}): Movable[] =>
  Object.entries(counts).flatMap(([assignee, n]) =>
    Array.from({ length: n }, (_, i) => ({
      id: `${assignee}${i + 1}`,
      assignee,
      begun: false,
      dueAt: i,
      offeredAt: i,
      ...more,
    })),
  );
const said = (moves: ReturnType<typeof levelLoad>) => moves.map(({ id, to }) => `${id}→${to}`).join(" ");

describe("evening out", () => {
  it("moves from the fullest to the emptiest until one more would change nothing, what is due last first", () => {
    expect(said(levelLoad([person("lan"), person("nam")], tasks({ lan: 5, nam: 1 }), { most: 99 }))).toBe(
      "lan5→nam lan4→nam",
    );
    expect(said(levelLoad([person("lan"), person("nam")], tasks({ lan: 2, nam: 1 }), { most: 99 }))).toBe("");
  });
  it("by weight", () =>
    expect(
      said(levelLoad([person("lan"), person("nam", { weight: 3 })], tasks({ lan: 4, nam: 0 }), { most: 99 })),
    ).toBe("lan4→nam lan3→nam lan2→nam"));
  it("no more than asked", () =>
    expect(said(levelLoad([person("lan"), person("nam")], tasks({ lan: 9 }), { most: 2 }))).toBe("lan9→nam lan8→nam"));
  it("whoever is away gives all and takes nothing; weight 0 as well", () => {
    expect(
      said(levelLoad([person("lan", { available: false }), person("nam")], tasks({ lan: 2, nam: 7 }), { most: 99 })),
    ).toBe("lan2→nam lan1→nam");
    expect(said(levelLoad([person("lan"), person("nam", { available: false })], tasks({ lan: 5 }), { most: 9 }))).toBe(
      "",
    );
    expect(said(levelLoad([person("lan", { weight: 0 }), person("nam")], tasks({ lan: 1 }), { most: 9 }))).toBe(
      "lan1→nam",
    );
  });
  it("what was begun stays", () =>
    expect(said(levelLoad([person("lan"), person("nam")], tasks({ lan: 5 }, { begun: true }), { most: 9 }))).toBe(""));
  it("only to who may have it, and on to the next who may", () => {
    const people = [person("lan"), person("nam"), person("minh")];
    expect(said(levelLoad(people, tasks({ lan: 4, nam: 0, minh: 1 }, { takers: ["minh", "lan"] }), { most: 9 }))).toBe(
      "lan4→minh",
    );
  });
  it("without a due date it goes before those that have one, the newest first", () => {
    const open = [
      { id: "a", assignee: "lan", begun: false, dueAt: 5, offeredAt: 1 },
      { id: "b", assignee: "lan", begun: false, dueAt: null, offeredAt: 1 },
      { id: "c", assignee: "lan", begun: false, dueAt: null, offeredAt: 2 },
    ];
    expect(said(levelLoad([person("lan"), person("nam"), person("minh")], open, { most: 9 }))).toBe("c→nam b→minh");
  });
  it("between two named people, as many as were asked for", () => {
    const people = [person("lan"), person("nam"), person("minh")];
    expect(said(levelLoad(people, tasks({ lan: 1, nam: 5 }), { from: "lan", to: "nam", most: 3 }))).toBe("lan1→nam");
    expect(said(levelLoad(people, tasks({ lan: 3, nam: 0 }), { from: "lan", most: 9 }))).toBe("lan3→nam lan2→minh");
    expect(said(levelLoad(people, tasks({ lan: 4, minh: 4 }), { to: "nam", most: 9 }))).toBe("lan4→nam minh4→nam");
    expect(said(levelLoad(people, tasks({ lan: 4 }), { from: "lan", to: "lan", most: 9 }))).toBe("");
    expect(levelLoad([], [], { most: 9 })).toEqual([]);
  });
});

it("never makes the fullest fuller, and moves a task once", () => {
  const counts = fc.array(fc.nat(12), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(counts, (all) => {
      const open = tasks(Object.fromEntries(all.map((n, i) => [`p${i}`, n])));
      const moves = levelLoad(
        all.map((_, i) => person(`p${i}`)),
        open,
        { most: 999 },
      );
      expect(new Set(moves.map(({ id }) => id)).size).toBe(moves.length);
      const after = all.map(
        (n, i) => n + moves.reduce((sum, m) => sum + Number(m.to === `p${i}`) - Number(m.from === `p${i}`), 0),
      );
      expect(Math.max(...after) - Math.min(...after)).toBeLessThanOrEqual(1);
    }),
  );
});
