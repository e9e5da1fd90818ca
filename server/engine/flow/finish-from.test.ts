import { expect, it } from "vitest";
import { compileVersion } from "@/server/steps/index.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { canFinishFrom } from "./finish-from.ts";
import { processSchema } from "../process.ts";

const drawn = (text: string, more = {}) => compileVersion(processSchema.parse(textGraph("drawn", text, more)), 1);
const at = (...nodes: string[]) => nodes.map((node) => ({ node, edge: null }));

const branches = drawn(`a:task
  split:parallel
  b:task
  c:task
  meet:join
  d:task
  start -> a -> split -> b -> meet -> d -> done
  split -> c -> meet`);

it("from before a split, from both of its branches, and from after its join the run can end", () => {
  expect(canFinishFrom(branches, null, at("a"))).toEqual({ ok: true });
  expect(canFinishFrom(branches, null, at("split"))).toEqual({ ok: true });
  expect(canFinishFrom(branches, null, at("b", "c"))).toEqual({ ok: true });
  expect(canFinishFrom(branches, null, at("d"))).toEqual({ ok: true });
});

it("with one branch only it gets stuck before the join, and says where", () => {
  expect(canFinishFrom(branches, null, at("b"))).toMatchObject({ ok: false, at: "meet" });
  expect(canFinishFrom(branches, null, [{ node: "meet", edge: "e4" }])).toMatchObject({ ok: false, at: "meet" });
});

it("a branch that stands before the join already is counted by the edge it came by", () => {
  expect(canFinishFrom(branches, null, [{ node: "meet", edge: "e4" }, ...at("c")])).toEqual({ ok: true });
  expect(canFinishFrom(branches, null, [{ node: "meet", edge: "e4" }, ...at("b")])).toMatchObject({
    ok: false,
    at: "meet",
  });
});

it("two tokens that would meet in one step are told, but where it is drawn for many", () => {
  expect(canFinishFrom(branches, null, at("a", "d"))).toMatchObject({ ok: false, at: "d" });
  const merge = (many: boolean) =>
    drawn(
      `a:task
       b:task
       after:automation
       start -> a -> after -> done
       b -> after`,
      { nodes: { after: { multiMerge: many } } },
    );
  expect(canFinishFrom(merge(false), null, at("a", "b"))).toMatchObject({ ok: false, at: "after" });
  expect(canFinishFrom(merge(true), null, at("a", "b"))).toEqual({ ok: true });
});

it("a way round that never ends is none; one that may be left is one", () => {
  const round = (exit: string) =>
    drawn(`a:task
     check:decision
     b:task
     start -> a -> check
     check -> b [true]
     check -> ${exit} otherwise
     b -> check`);
  expect(canFinishFrom(round("done"), null, at("b"))).toEqual({ ok: true });
  expect(canFinishFrom(round("a"), null, at("b"))).toMatchObject({ ok: false });
});

it("only the scope it stands in is played; of one that is not drawn nothing can be said", () => {
  const inside = drawn(`part:subprocess inline=true
    split:parallel in=part
    a:task in=part
    b:task in=part
    meet:join in=part
    over:end in=part
    split -> a -> meet -> over
    split -> b -> meet
    start -> part -> done`);
  expect(canFinishFrom(inside, "part", at("a"))).toMatchObject({ ok: false, at: "meet" });
  expect(canFinishFrom(inside, "part", at("a", "b"))).toEqual({ ok: true });
  expect(canFinishFrom(inside, null, at("part"))).toEqual({ ok: true });
  expect(canFinishFrom(inside, "elsewhere", at("a"))).toEqual({ ok: true });
});
