/** What of a map is found by itself and may be said otherwise: connections into joins, events at the edge. */
import { expect, it } from "vitest";
import { compileProcess } from "@/server/engine/graph.ts";
import { processSchema } from "@/server/engine/process.ts";
import { steps } from "@/server/steps/index.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { pairOffers } from "./pairs.ts";

const compiled = (text: string, version: number, more: Parameters<typeof textGraph>[2] = {}) =>
  compileProcess(processSchema.parse(textGraph("care", text, more)), version, steps);
const branches = (left: string, right: string) =>
  `split:parallel\n${left}:task\n${right}:task\nboth:join mode=all\nstart -> split -> ${left} -> both -> done\nsplit -> ${right} -> both`;
const edgeBetween = (process: ReturnType<typeof compiled>, from: string, to: string) =>
  process.document.edges.find((edge) => edge.from === from && edge.to === to)!.id;
const plan = (...ids: [string, string][]) => ({ nodes: ids.map(([from, to]) => ({ from, to })) });
const outer: [string, string][] = [
  ["start", "start"],
  ["split", "split"],
  ["both", "both"],
  ["done", "done"],
];

it("connections into a join are found by what they connect, and one that is not can be said", () => {
  const source = compiled(branches("call", "write"), 1);
  const target = compiled(branches("call", "mail"), 2);
  const [call, write] = [edgeBetween(source, "call", "both"), edgeBetween(source, "write", "both")];
  const mapped = plan(...outer, ["call", "call"], ["write", "mail"]);
  const { edges } = pairOffers(source, target, mapped);
  const mail = edgeBetween(target, "mail", "both");
  expect(edges).toMatchObject([
    { from: call, name: "call → both", node: "both", to: edgeBetween(target, "call", "both") },
    { from: write, name: "write → both", to: mail, may: [{ name: "call → both" }, { id: mail, name: "mail → both" }] },
  ]);
  const said = { ...mapped, edges: [{ from: write, to: edgeBetween(target, "call", "both") }] };
  expect(pairOffers(source, target, said).edges.find(({ from }) => from === write)).toMatchObject({
    to: edgeBetween(target, "call", "both"),
  });
  // A join that becomes nothing has none.
  expect(pairOffers(source, target, plan(["start", "start"])).edges).toEqual([]);
});

it("of two events of a kind neither is found, so they are said", () => {
  const timer = (id: string, after: string) => ({ id, kind: "timer", after });
  const text = "call:task\nstart -> call -> done\ncall.a -> gone\ncall.b -> over";
  const other = text.replaceAll("call.a", "call.c").replaceAll("call.b", "call.d");
  const source = compiled(text, 1, { nodes: { call: { boundary: [timer("a", "PT1H"), timer("b", "PT2H")] } } });
  const target = compiled(other, 2, { nodes: { call: { boundary: [timer("c", "PT1H"), timer("d", "PT2H")] } } });
  const mapped = plan(["start", "start"], ["call", "call"], ["done", "done"], ["gone", "gone"], ["over", "over"]);
  expect(pairOffers(source, target, mapped).boundaries).toMatchObject([
    { from: "call.a", name: "call: a → gone", node: "call", to: null, may: [{ id: "call.c" }, { id: "call.d" }] },
    { from: "call.b", name: "call: b → over", to: null },
  ]);
  const said = { ...mapped, boundaries: [{ from: "call.a", to: "call.c" }] };
  expect(pairOffers(source, target, said).boundaries.map(({ to }) => to)).toEqual(["call.c", "call.d"]);
});
