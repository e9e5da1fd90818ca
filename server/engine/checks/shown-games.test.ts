/** Drawings whose runs can go wrong, each with the shortest game that shows it, and drawings that look so and are sound. */
import { expect, it } from "vitest";
import { compiled } from "@/tests/support/move-on.ts";
import type { textGraph } from "@/tests/support/text-graph.ts";
import { flowProblems } from "./flow-problems.ts";

type More = Parameters<typeof textGraph>[2];

/** `CODE at node: text`, and below it what fires and where the tokens stand then. */
function told(text: string, more: More = {}): string[] {
  const process = compiled("drawn", { text, more });
  const edge = (id: string) => {
    const { from, to } = process.document.edges.find((one) => one.id === id)!;
    return `${from}→${to}`;
  };
  return flowProblems(process).flatMap(({ severity, code, text: said, node, edge: by, game }) => [
    `${severity === "error" ? "" : `${severity} `}${code} at ${node ?? "-"}${by ? ` by ${edge(by)}` : ""}: ${said}`,
    ...(game
      ? [
          `  ${game.steps.map(({ node: at, edges, stays }) => `${at}${stays ? "!" : ""}${edges.length ? ` ${edges.map(edge).join(" ")}` : ""}`).join("; ")} | ${game.standing.map((place) => JSON.stringify(place)).join(" ")}`,
        ]
      : []),
  ]);
}
const event = (id: string, interrupting = false) => ({ id, kind: "message", event: id, interrupting });

it("what nothing leads to, and what leads to no end", () => {
  expect(told("a:task\n b:task\n start -> a -> done\n b -> done")).toMatchInlineSnapshot(`
    [
      "UNREACHABLE at b: Nothing leads to “b”.",
    ]
  `);
  expect(told("a:task\n b:task\n start -> a -> b\n b -> a")).toMatchInlineSnapshot(`
    [
      "NEVER_ENDS at a: From “a” no end can be reached.",
      "  start start→a | {"node":"a","edge":null}",
      "NEVER_ENDS at b: From “b” no end can be reached.",
      "  start start→a; a a→b | {"node":"b","edge":null}",
      "NEVER_ENDS at start: From “start” no end can be reached.",
      "   | {"node":"start","edge":null}",
    ]
  `);
  expect(
    told(
      "which:decision\n a:task\n b:task\n c:task\n start -> which -> a [lead.fit_score > 1] \n which -> done otherwise\n a -> b -> c\n c -> b",
    ),
  ).toMatchInlineSnapshot(`
    [
      "NEVER_ENDS at a: From “a” no end can be reached.",
      "  start start→which; which which→a | {"node":"a","edge":null}",
      "NEVER_ENDS at b: From “b” no end can be reached.",
      "  start start→which; which which→a; a a→b | {"node":"b","edge":null}",
      "NEVER_ENDS at c: From “c” no end can be reached.",
      "  start start→which; which which→a; a a→b; b b→c | {"node":"c","edge":null}",
    ]
  `);
  expect(
    told("both:parallel\n a:task\n b:task\n c:task\n start -> both -> a -> done\n both -> b -> c\n c -> b"),
  ).toMatchInlineSnapshot(`
    [
      "NEVER_ENDS at b: From “b” no end can be reached.",
      "  start start→both; both both→a both→b | {"node":"a","edge":null} {"node":"b","edge":null}",
      "NEVER_ENDS at c: From “c” no end can be reached.",
      "  start start→both; both both→a both→b; b b→c | {"node":"a","edge":null} {"node":"c","edge":null}",
    ]
  `);
});

it("a join that waits for what may never come", () => {
  expect(
    told(
      "which:decision\n a:task\n b:task\n meet:join\n start -> which -> a [lead.fit_score > 1]\n which -> b otherwise\n a -> meet -> done\n b -> meet",
    ),
  ).toMatchInlineSnapshot(`
    [
      "DEADLOCK at meet: A run can get stuck at “meet”: it waits for a branch that may never come.",
      "  start start→which; which which→a; a a→meet | {"node":"meet","edge":"e4"}",
    ]
  `);
  expect(
    told(
      "both:parallel\n a:task\n b:task\n which:decision\n meet:join\n start -> both -> a -> which -> meet -> done\n which -> done otherwise\n both -> b -> meet",
    ),
  ).toMatchInlineSnapshot(`
    [
      "DEADLOCK at meet: A run can get stuck at “meet”: it waits for a branch that may never come.",
      "  start start→both; both both→a both→b; b b→meet; a a→which; which which→done | {"node":"meet","edge":"e8"}",
    ]
  `);
  expect(
    told(
      "both:parallel\n a:task\n b:task\n c:task\n meet:join mode=n_of_m count=3\n start -> both -> a -> meet -> done\n both -> b -> meet\n start2:task\n",
    ),
  ).toMatchInlineSnapshot(`
    [
      "UNREACHABLE at c: Nothing leads to “c”.",
      "UNREACHABLE at start2: Nothing leads to “start2”.",
    ]
  `);
  expect(
    told(
      "both:parallel\n a:task\n b:task\n meet:join mode=n_of_m count=3\n start -> both -> a -> meet -> done\n both -> b -> meet",
    ),
  ).toMatchInlineSnapshot(`[]`);
  // The whole run ends with one of its branches: then nobody waits for the other.
  expect(
    told(
      "both:parallel\n a:task\n b:task\n which:decision\n meet:join\n over:end terminate=true outcome=negative\n start -> both -> a -> which -> meet -> done\n which -> over otherwise\n both -> b -> meet",
    ),
  ).toEqual([]);
});

it("branches that meet without a join, or twice before one", () => {
  expect(
    told("both:parallel\n a:task\n b:task\n c:task\n start -> both -> a -> c -> done\n both -> b -> c"),
  ).toMatchInlineSnapshot(`
    [
      "LACK_OF_SYNCHRONISATION at c: Parallel branches meet at “c” without a join, so it would be done twice. Put a join before it.",
      "  start start→both; both both→a both→b; b b→c; a a→c | {"node":"c","edge":null} {"node":"c","edge":null}",
    ]
  `);
  expect(
    told(
      "any:inclusive\n a:task\n b:task\n c:task\n start -> any\n any -> a [lead.fit_score > 1]\n any -> b otherwise\n a -> c -> done\n b -> c",
    ),
  ).toEqual([]);
  expect(
    told(
      "any:inclusive\n a:task\n b:task\n c:task\n start -> any\n any -> a [lead.fit_score > 1]\n any -> b [lead.fit_score > 2]\n any -> c otherwise\n a -> c -> done\n b -> c",
    ),
  ).toMatchInlineSnapshot(`
    [
      "LACK_OF_SYNCHRONISATION at c: Parallel branches meet at “c” without a join, so it would be done twice. Put a join before it.",
      "  start start→any; any any→a any→b; b b→c; a a→c | {"node":"c","edge":null} {"node":"c","edge":null}",
    ]
  `);
  expect(
    told(
      "both:parallel\n a:task\n b:task\n again:decision\n meet:join\n start -> both -> a -> again -> meet -> done\n again -> both otherwise\n both -> b -> meet",
    ),
  ).toMatchInlineSnapshot(`
    [
      "LACK_OF_SYNCHRONISATION at meet by b→meet: The same branch can come to “meet” twice before the others have come once. Join the branches before the loop goes round.",
      "  start start→both; both both→a both→b; b b→meet; a a→again; again again→both; both both→a both→b; b b→meet; a a→again | {"node":"again","edge":null} {"node":"meet","edge":"e8"} {"node":"meet","edge":"e8"}",
    ]
  `);
  expect(
    told("call:task\n look:task\n start -> call -> look -> done\n call.nag -> look", {
      nodes: { call: { boundary: [event("nag")] } },
    }),
  ).toMatchInlineSnapshot(`
    [
      "LACK_OF_SYNCHRONISATION at look: Parallel branches meet at “look” without a join, so it would be done twice. Put a join before it.",
      "  start start→call; call! call→look; call call→look | {"node":"look","edge":null} {"node":"look","edge":null}",
    ]
  `);
  expect(
    told("call:task\n look:task\n start -> call -> done\n call.nag -> look -> over", {
      nodes: { call: { boundary: [event("nag")] } },
    }),
  ).toEqual([]);
  expect(
    told("call:task\n look:task\n start -> call -> look -> done\n call.nag -> look", {
      nodes: { call: { boundary: [event("nag", true)] } },
    }),
  ).toEqual([]);
  // It is meant where it is drawn as a multi-merge.
  expect(
    told("both:parallel\n a:task\n b:task\n c:task\n d:task\n start -> both -> a -> c -> d -> done\n both -> b -> c", {
      nodes: { c: { multiMerge: true } },
    }),
  ).toEqual([]);
});

it("a loop with nothing in it that waits", () => {
  expect(
    told(
      "which:decision\n rate:automation\n start -> rate -> which -> rate [lead.fit_score > 1]\n which -> done otherwise",
    ),
  ).toMatchInlineSnapshot(`
    [
      "ENDLESS_LOOP at rate: This loop has no step that waits: rate → which. Put a task or a wait into it.",
      "  start start→rate; rate rate→which; which which→rate | {"node":"rate","edge":null}",
    ]
  `);
  expect(
    told("which:decision\n rate:task\n start -> rate -> which -> rate [lead.fit_score > 1]\n which -> done otherwise"),
  ).toEqual([]);
  // A join in it goes round only where all that it needs comes without a wait.
  const loop = (kind: string, join: string) =>
    `in1:automation\n both:parallel\n a:automation\n b:${kind}\n meet:join ${join}\n which:decision\n start -> in1 -> both -> a -> meet -> which -> in1 [lead.fit_score > 1]\n which -> done otherwise\n both -> b -> meet`;
  expect(told(loop("automation", "mode=all"))).toMatchInlineSnapshot(`
    [
      "ENDLESS_LOOP at in1: This loop has no step that waits: in1 → both → a → b → meet → which. Put a task or a wait into it.",
      "  start start→in1; in1 in1→both; both both→a both→b; a a→meet; b b→meet; meet meet→which; which which→in1 | {"node":"in1","edge":null}",
    ]
  `);
  expect(told(loop("task", "mode=all"))).toEqual([]);
  expect(told(loop("task", "mode=n_of_m count=1"))).toMatchInlineSnapshot(`
    [
      "LACK_OF_SYNCHRONISATION at a: Parallel branches meet at “a” without a join, so it would be done twice. Put a join before it.",
      "  start start→in1; in1 in1→both; both both→a both→b; b b→meet; meet meet→which; which which→in1; in1 in1→both; both both→a both→b; b b→meet | {"node":"a","edge":null} {"node":"a","edge":null} {"node":"meet","edge":"e9"}",
    ]
  `);
  expect(told(loop("task", "mode=n_of_m count=1 cancelRest=true"))).toMatchInlineSnapshot(`
    [
      "ENDLESS_LOOP at in1: This loop has no step that waits: in1 → both → a → meet → which. Put a task or a wait into it.",
      "  start start→in1; in1 in1→both; both both→a both→b; a a→meet; meet meet→which; which which→in1 | {"node":"in1","edge":null}",
    ]
  `);
  expect(told(loop("task", "mode=taken"))).toMatchInlineSnapshot(`[]`);
  // Where a run comes to it with a stuck branch behind, that is told instead.
  expect(
    told(
      "both:parallel\n a:automation\n b:automation\n c:automation\n start -> both -> a -> b -> c\n c -> a\n both -> done",
    ),
  ).toMatchInlineSnapshot(`
    [
      "NEVER_ENDS at a: From “a” no end can be reached.",
      "  start start→both; both both→a both→done | {"node":"a","edge":null}",
      "NEVER_ENDS at b: From “b” no end can be reached.",
      "  start start→both; both both→a both→done; a a→b | {"node":"b","edge":null}",
      "NEVER_ENDS at c: From “c” no end can be reached.",
      "  start start→both; both both→a both→done; a a→b; b b→c | {"node":"c","edge":null}",
    ]
  `);
});

it("what is always over before", () => {
  expect(
    told(
      "both:parallel\n a:automation\n b:task\n over:end terminate=true outcome=negative\n start -> both -> over\n both -> a -> b -> done",
    ),
  ).toMatchInlineSnapshot(`
    [
      "UNREACHABLE at a: Nothing leads to “a”.",
      "UNREACHABLE at b: Nothing leads to “b”.",
      "UNREACHABLE at done: Nothing leads to “done”.",
    ]
  `);
  expect(
    told(
      "both:parallel\n a:task\n b:task\n c:task\n meet:join mode=n_of_m count=1 cancelRest=true\n start -> both -> a -> meet -> done\n both -> b -> c -> meet",
    ),
  ).toEqual([]);
});

it("what no run comes to, though ways lead there", () => {
  const late =
    "both:parallel\n a:task\n b:task\n split:parallel\n meet:join\n c:task\n over:end terminate=true outcome=negative\n start -> both -> a -> meet -> c -> done\n both -> b -> split -> over\n split -> meet";
  expect(told(late)).toMatchInlineSnapshot(`
    [
      "UNREACHABLE at meet: No run comes to “meet”: what leads there is over before.",
      "UNREACHABLE at c: No run comes to “c”: what leads there is over before.",
    ]
  `);
  // What ends the whole run at once is no split any more; where it ends only its own branch, the others go on.
  expect(told(late.replace("terminate=true ", ""))).toEqual([]);
});

it("runs that only the end of all can stop are played in every order", () => {
  const round = (end: string) =>
    `both:parallel\n y:task\n z:task\n over:end ${end}\n start -> both -> y -> over\n both -> z -> both`;
  expect(told(round("outcome=success"))).toMatchInlineSnapshot(`
    [
      "LACK_OF_SYNCHRONISATION at y: Parallel branches meet at “y” without a join, so it would be done twice. Put a join before it.",
      "  start start→both; both both→y both→z; z z→both; both both→y both→z | {"node":"y","edge":null} {"node":"y","edge":null} {"node":"z","edge":null}",
    ]
  `);
  expect(told(round("terminate=true outcome=success"))).toMatchInlineSnapshot(`
    [
      "LACK_OF_SYNCHRONISATION at y: Parallel branches meet at “y” without a join, so it would be done twice. Put a join before it.",
      "  start start→both; both both→y both→z; z z→both; both both→y both→z | {"node":"y","edge":null} {"node":"y","edge":null} {"node":"z","edge":null}",
    ]
  `);
  const beside = (end: string) =>
    `x:parallel\n y:task\n z:task\n w:task\n over:end ${end}\n start -> x -> y -> over\n x -> z -> w -> z\n w.out -> over`;
  const out = { nodes: { w: { boundary: [event("out", true)] } } };
  expect(told(beside("outcome=success"), out)).toMatchInlineSnapshot(`[]`);
  expect(told(beside("terminate=true outcome=success"), out)).toMatchInlineSnapshot(`[]`);
  expect(
    told(
      "x:parallel\n y:task\n p:parallel\n q:task\n r:task\n meet:join\n over:end terminate=true outcome=success\n start -> x -> y -> over\n x -> p -> q -> meet -> p\n p -> r -> meet",
    ),
  ).toMatchInlineSnapshot(`
    [
      "NEVER_ENDS at p: From “p” no end can be reached.",
      "  start start→x; x x→y x→p | {"node":"y","edge":null} {"node":"p","edge":null}",
      "NEVER_ENDS at q: From “q” no end can be reached.",
      "  start start→x; x x→y x→p; p p→q p→r | {"node":"y","edge":null} {"node":"q","edge":null} {"node":"r","edge":null}",
      "NEVER_ENDS at r: From “r” no end can be reached.",
      "  start start→x; x x→y x→p; p p→q p→r | {"node":"y","edge":null} {"node":"q","edge":null} {"node":"r","edge":null}",
      "NEVER_ENDS at meet: From “meet” no end can be reached.",
      "  start start→x; x x→y x→p; p p→q p→r; q q→meet | {"node":"y","edge":null} {"node":"meet","edge":"e6"} {"node":"r","edge":null}",
    ]
  `);
  expect(
    told(
      "x:parallel\n y:decision\n q:task\n k:task\n meet:join\n over:end terminate=true outcome=success\n start -> x -> y -> meet [lead.fit_score > 1]\n y -> over otherwise\n x -> q -> k -> q\n k.out -> meet\n meet -> over",
      { nodes: { k: { boundary: [event("out", true)] } } },
    ),
  ).toMatchInlineSnapshot(`[]`);
});

it("a loop behind more branches than are played is named without a game, unless what comes before goes wrong", () => {
  const wide = (many: number, more = "") => {
    const branches = Array.from({ length: many }, (_, i) => `s${i}`);
    return `both:parallel\n${branches.map((one) => `${one}:task`).join("\n")}\n meet:join\n x:automation\n y:automation\n which:decision\n start -> both\n${branches.map((one) => `both -> ${one} -> meet`).join("\n")}\n meet -> x -> y -> which -> x [lead.fit_score > 1]\n which -> done otherwise\n${more}`;
  };
  expect(told(wide(2))).toMatchInlineSnapshot(`
    [
      "ENDLESS_LOOP at x: This loop has no step that waits: x → y → which. Put a task or a wait into it.",
      "  start start→both; both both→s0 both→s1; s0 s0→meet; s1 s1→meet; meet meet→x; x x→y; y y→which; which which→x | {"node":"x","edge":null}",
    ]
  `);
  expect(told(wide(11))).toMatchInlineSnapshot(`
    [
      "ENDLESS_LOOP at y: This loop has no step that waits: y → which → x. Put a task or a wait into it.",
    ]
  `);
  expect(told(wide(13))).toMatchInlineSnapshot(`
    [
      "ENDLESS_LOOP at y: This loop has no step that waits: y → which → x. Put a task or a wait into it.",
    ]
  `);
  expect(
    told(
      wide(
        11,
        "out:task\n either:decision\n both -> either -> out [lead.fit_score > 1]\n either -> meet otherwise\n out -> done",
      ),
    ).map((line) => line.slice(0, 90)),
  ).toMatchInlineSnapshot(`
    [
      "DEADLOCK at meet: A run can get stuck at “meet”: it waits for a branch that may never come",
      "  start start→both; both both→s0 both→s1 both→s2 both→s3 both→s4 both→s5 both→s6 both→s7 b",
    ]
  `);
});

it("runs that get stuck before they come to where nothing ends, or that never stop", () => {
  expect(
    told(
      "which:decision\n a:task\n b:task\n meet:join\n x:task\n y:task\n start -> which -> a [lead.fit_score > 1]\n which -> b otherwise\n a -> meet -> x -> y -> x\n b -> meet",
    ),
  ).toMatchInlineSnapshot(`
    [
      "NEVER_ENDS at which: From “which” no end can be reached.",
      "  start start→which | {"node":"which","edge":null}",
      "NEVER_ENDS at a: From “a” no end can be reached.",
      "  start start→which; which which→a | {"node":"a","edge":null}",
      "NEVER_ENDS at b: From “b” no end can be reached.",
      "  start start→which; which which→b | {"node":"b","edge":null}",
      "NEVER_ENDS at meet: From “meet” no end can be reached.",
      "  start start→which; which which→a; a a→meet | {"node":"meet","edge":"e4"}",
      "NEVER_ENDS at x: From “x” no end can be reached.",
      "NEVER_ENDS at y: From “y” no end can be reached.",
      "NEVER_ENDS at start: From “start” no end can be reached.",
      "   | {"node":"start","edge":null}",
    ]
  `);
  expect(told("z:task\n p:parallel\n start -> z -> p -> z\n p -> done")).toMatchInlineSnapshot(`
    [
      "NEVER_ENDS at start: A run that comes to “start” can never finish: something always goes on.",
      "   | {"node":"start","edge":null}",
    ]
  `);
  // What ends the whole run at once goes round no more.
  expect(
    told(
      "r:automation\n both:parallel\n over:end terminate=true outcome=success\n start -> r -> both -> over\n both -> r",
    ),
  ).toMatchInlineSnapshot(`[]`);
  expect(
    told("r:automation\n both:parallel\n over:end outcome=success\n start -> r -> both -> over\n both -> r"),
  ).toMatchInlineSnapshot(`
    [
      "NEVER_ENDS at start: A run that comes to “start” can never finish: something always goes on.",
      "   | {"node":"start","edge":null}",
      "ENDLESS_LOOP at r: This loop has no step that waits: r → both. Put a task or a wait into it.",
      "  start start→r; r r→both; both both→over both→r | {"node":"r","edge":null}",
    ]
  `);
  // A goal may be reached from anywhere, and what follows nothing else is none.
  expect(
    told("a:task\n won:end\n start -> a -> done", {
      nodes: { won: { config: { outcome: "success", goal: 'lead.country = "VN"' } } },
    }),
  ).toEqual([]);
});

it("what is inside a step begins at one place", () => {
  const inside = (lines: string) =>
    `part:subprocess inline=true\n a:task in=part\n b:task in=part\n over:end in=part\n ${lines}\n start -> part -> done`;
  expect(told(inside("a -> b -> over"))).toEqual([]);
  expect(told(inside("a -> over\n b -> over"))).toMatchInlineSnapshot(`
    [
      "BODY_ENTRY at b: What is inside “part” begins in several places. Lead to all but one of its steps.",
    ]
  `);
  expect(
    told(inside("a -> over\n b -> over"), { nodes: { part: { name: "Check the credit" } } }).every((line) =>
      line.includes("“Check the credit”"),
    ),
  ).toBe(true);
  expect(
    told("part:subprocess inline=true\n a:task in=part\n b:task in=part\n a -> b\n b -> a\n start -> part -> done"),
  ).toMatchInlineSnapshot(`
    [
      "BODY_ENTRY at part: What is inside “part” has no first step: every step in it follows another one.",
    ]
  `);
  expect(told(inside("a -> b\n b -> a"))).toMatchInlineSnapshot(`
    [
      "UNREACHABLE at a: Nothing leads to “a”.",
      "UNREACHABLE at b: Nothing leads to “b”.",
    ]
  `);
  expect(
    told(
      "part:subprocess inline=true\n both:parallel in=part\n a:task in=part\n b:task in=part\n c:task in=part\n over:end in=part\n both -> a -> c -> over\n both -> b -> c\n start -> part -> done",
    ),
  ).toMatchInlineSnapshot(`
    [
      "LACK_OF_SYNCHRONISATION at c: Parallel branches meet at “c” without a join, so it would be done twice. Put a join before it.",
      "  both both→a both→b; b b→c; a a→c | {"node":"c","edge":null} {"node":"c","edge":null}",
    ]
  `);
});

it("more parallel branches than can be looked at are said to be so", () => {
  const branches = Array.from({ length: 11 }, (_, i) => `s${i}`);
  const wide = `any:inclusive\n${branches.map((one) => `${one}:task`).join("\n")}\n meet:join mode=taken\n start -> any\n${branches.map((one, i) => `any -> ${one} [lead.fit_score > ${i}]\n ${one} -> meet`).join("\n")}\n any -> done otherwise\n meet -> done`;
  expect(told(wide)).toMatchInlineSnapshot(`
    [
      "warning TOO_MANY_BRANCHES at -: There are too many parallel branches to check that every run can finish.",
    ]
  `);
  expect(
    told(
      `part:subprocess inline=true\n start -> part -> done\n${wide
        .replace(/:(task|inclusive|join)/g, ":$1 in=part")
        .replace("start -> any\n", "")
        .replaceAll("done", "over")
        .replace("any:", "over:end in=part\n any:")}`,
    ),
  ).toMatchInlineSnapshot(`
    [
      "warning TOO_MANY_BRANCHES at part: There are too many parallel branches to check that every run can finish.",
    ]
  `);
});
