import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Seat } from "../events.ts";
import { noTurns, type Turns, turnsAfter, whoseTurn } from "./turns.ts";

type Member = { weight: number; here?: boolean };

/** One pick of a queue, with who of it is there. */
function turn(turns: Turns, members: readonly Member[]): { chosen: string | null; next: string | null; turns: Turns } {
  const pool = members.map(
    ({ weight, here = true }, i): Seat => ({
      member: `m${i}`,
      open: 0,
      available: here && weight > 0,
      weight,
      owed: turns.owed.get(`m${i}`) ?? 0,
    }),
  );
  const { chosen, next } = whoseTurn(pool);
  const pick = { rule: "round_robin", queue: "q", role: "ae", pool, chosen, turn: turns.given + 1 };
  return { chosen, next, turns: chosen ? turnsAfter(pick) : turns };
}

function picks(weights: readonly number[], n: number): string {
  let turns = noTurns;
  let said = "";
  for (let i = 0; i < n; i++) {
    const one = turn(
      turns,
      weights.map((weight) => ({ weight })),
    );
    said += "abcdefgh"[Number(one.chosen?.slice(1))] ?? "-";
    turns = one.turns;
  }
  return said;
}

describe("whose turn it is", () => {
  it.each([
    [[1, 1, 1], "abcabcabc"],
    [[1], "aaa"],
    [[2, 1], "aabaab"],
    [[5, 1, 1], "aaabaacaaabaac"],
    [[0, 1], "bb"],
    [[0, 0], "--"],
    [[], "-"],
  ])("weights %j give %s", (weights, said) => {
    expect(picks(weights, said.length)).toBe(said);
  });

  it("says who would have been next", () => {
    expect(turn(noTurns, [{ weight: 1 }, { weight: 1 }])).toMatchObject({ chosen: "m0", next: "m1" });
    expect(turn(noTurns, [{ weight: 1 }])).toMatchObject({ chosen: "m0", next: null });
    expect(turn(noTurns, [{ weight: 1, here: false }, { weight: 3 }, { weight: 1 }])).toMatchObject({
      chosen: "m1",
      next: "m2",
    });
  });

  it("counts the turns, and keeps how far each is from their share", () => {
    const { turns } = turn(noTurns, [{ weight: 3 }, { weight: 1 }]);
    expect(turns).toEqual({
      given: 1,
      owed: new Map([
        ["m0", -0.25],
        ["m1", 0.25],
      ]),
    });
  });

  it("who is away is owed nothing for it: back again, they take their turn and not a flood", () => {
    let turns = turn(noTurns, [{ weight: 1 }, { weight: 1 }]).turns; // the first
    for (let i = 0; i < 50; i++) turns = turn(turns, [{ weight: 1 }, { weight: 1, here: false }]).turns;
    let said = "";
    for (let i = 0; i < 6; i++) {
      const one = turn(turns, [{ weight: 1 }, { weight: 1 }]);
      said += one.chosen;
      turns = one.turns;
    }
    expect(said).toBe("m1m0m1m0m1m0");
  });

  it("when everybody left is ahead of their share, it is whoever is least ahead", () => {
    const owed = new Map([
      ["m0", -0.9],
      ["m1", -0.8],
    ]);
    expect(turn({ given: 4, owed }, [{ weight: 1 }, { weight: 1 }])).toMatchObject({ chosen: "m1", next: "m0" });
  });
});

const weights = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 12 });

it("nobody is ever a whole pick off their exact share while the same people are there", () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 400 }), (all, n) => {
      const sum = all.reduce((a, b) => a + b, 0);
      fc.pre(sum > 0);
      const had = all.map(() => 0);
      let most = 0;
      let turns = noTurns;
      for (let k = 1; k <= n; k++) {
        const one = turn(
          turns,
          all.map((weight) => ({ weight })),
        );
        had[Number(one.chosen!.slice(1))]!++;
        turns = one.turns;
        for (const [i, weight] of all.entries()) most = Math.max(most, Math.abs(had[i]! - (k * weight) / sum));
      }
      expect(most).toBeLessThan(1 + 1e-5);
    }),
    { numRuns: 150 },
  );
});

it("whoever comes and goes: only who is there is picked, the same again, and what anybody is owed stays small", () => {
  const days = fc.array(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 }), days, (all, here) => {
      let turns = noTurns;
      for (const there of here) {
        const members = all.map((weight, i) => ({ weight, here: there[i]! }));
        const one = turn(turns, members);
        expect(turn(turns, members)).toEqual(one);
        if (one.chosen) expect(there[Number(one.chosen.slice(1))]).toBe(true);
        else expect(there).not.toContain(true);
        turns = one.turns;
        for (const owed of turns.owed.values()) expect(Math.abs(owed)).toBeLessThan(5);
      }
    }),
    { numRuns: 100 },
  );
});
