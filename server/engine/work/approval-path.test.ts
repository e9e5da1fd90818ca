/** Who is asked, as one line of text and as levels; how many have to say yes; what a level has come to. */
import { describe, expect, it } from "vitest";
import {
  type ApprovalSeat,
  joinLevels,
  type Needs,
  readLevels,
  requiredOf,
  seatedAt,
  verdictOf,
  withVote,
  writeLevels,
} from "./approval-path.ts";

const level = (ask: string[], needs: Needs = "all") => ({ name: "", ask, needs });

describe("levels as one line", () => {
  it.each([
    ["manager", [level(["manager"])]],
    [
      "manager > 2 of *directors > finance, @mai",
      [level(["manager"]), level(["*directors"], 2), level(["finance", "@mai"])],
    ],
    ["  any of a ,b  >majority   of c>all of d", [level(["a", "b"], "any"), level(["c"], "majority"), level(["d"])]],
    ["12 of *all", [level(["*all"], 12)]],
    ["none", []],
    ["", []],
    [" - > none, a > ,", [level(["a"])]],
    // No number of people: it is read as a name.
    ["0 of a", [level(["0 of a"])]],
    ["two of a", [level(["two of a"])]],
    ["any of\n a,\n b", [level(["a", "b"], "any")]],
  ])("%j", (text, levels) => expect(readLevels(text)).toEqual(levels));
  it("is written as it is read", () => {
    const text = "manager > 2 of *directors > finance, @mai > any of a, b";
    expect(writeLevels(readLevels(text))).toBe(text);
    expect(writeLevels([])).toBe("");
  });
  it("levels of the same place are asked together, by the stricter need; places stand in order", () => {
    const joined = joinLevels([
      { at: 2, level: level(["c"], "any") },
      { at: 1, level: { ...level(["a", "b"], 2), name: "First" } },
      { at: 2, level: level(["d", "c"], "any") },
      { at: 1, level: level(["b"], "any") },
    ]);
    expect(joined).toEqual([{ name: "First", ask: ["a", "b"], needs: "all" }, level(["c", "d"], "any")]);
  });
});

describe("how many have to approve", () => {
  it.each<[Needs, number, number]>([
    ["all", 3, 3],
    ["any", 3, 1],
    ["majority", 3, 2],
    ["majority", 4, 3],
    ["majority", 1, 1],
    [2, 3, 2],
    [5, 3, 3],
    ["all", 0, 1],
    [3, 0, 1],
  ])("%s of %i is %i", (needs, seats, required) => expect(requiredOf(needs, seats)).toBe(required));

  const seats = (words: string): ApprovalSeat[] =>
    words.split(" ").map((word, i) => ({
      id: `1.${i + 1}`,
      ask: "a",
      role: "a",
      ...(word === "yes" && { decision: "approved" as const }),
      ...(word === "no" && { decision: "rejected" as const }),
      ...(word === "back" && { decision: "returned" as const }),
      ...(word === "vacant" && { vacant: true }),
      ...(word === "spared" && { spared: true }),
    }));
  it.each([
    ["open open", 1, null],
    ["yes open", 1, "approved"],
    ["yes open", 2, null],
    ["yes yes", 2, "approved"],
    ["no open", 1, null],
    ["no open", 2, "rejected"],
    ["no no", 1, "rejected"],
    ["yes no open", 2, null],
    ["yes back open", 1, "returned"],
    ["vacant open", 2, "rejected"],
    ["vacant open", 1, null],
    ["spared open", 2, "rejected"],
  ])("%s, %i needed: %s", (words, required, verdict) => expect(verdictOf(seats(words), required)).toBe(verdict));

  it("one vote more is that of its seat alone", () => {
    expect(verdictOf(withVote(seats("open open"), "1.2", { decision: "approved" }), 1)).toBe("approved");
    expect(
      withVote(seats("open open"), "1.2", { decision: "rejected", by: "lan" }).map(({ decision, by }) => [
        decision,
        by,
      ]),
    ).toEqual([
      [undefined, undefined],
      ["rejected", "lan"],
    ]);
  });
});

it("who sits at a level: who decided and for whom, and who has the work of a seat that is open", () => {
  const seat = (more: Partial<ApprovalSeat>): ApprovalSeat => ({ id: "1.1", ask: "a", role: "a", ...more });
  const has: Record<string, { member: string | null; for: string | undefined }> = {
    w1: { member: "tom", for: "mai" },
    w2: { member: null, for: undefined },
    w3: { member: "eve", for: undefined },
  };
  const seated = seatedAt(
    [
      seat({ work: "w3", decision: "approved", by: "lan", for: "boss" }),
      seat({ work: "w1" }),
      seat({ work: "w2" }),
      seat({ vacant: true }),
      seat({ work: "w3", spared: true }),
    ],
    (work) => has[work]!,
  );
  expect([...seated].sort()).toEqual(["boss", "lan", "mai", "tom"]);
});
