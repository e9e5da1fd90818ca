/** What a step most likely became, and what of a map follows from its steps. */
import { describe, expect, it } from "vitest";
import { compiled, type Drawn, pairs } from "@/tests/support/move-on.ts";
import { wholeMap, type MigrationPlan } from "./map.ts";
import { pairsOf, proposeMap } from "./propose.ts";

const named = (text: string, names: Record<string, string>): Drawn => ({
  text,
  more: { nodes: Object.fromEntries(Object.entries(names).map(([id, name]) => [id, { name }])) },
});
/** `a>b`, with `?` behind where a person should look; `-a` for a step that becomes none. */
function proposed(first: Drawn, second: Drawn): string {
  const { nodes, open } = proposeMap(compiled("care", first), compiled("care", second, 2));
  return [
    ...nodes.map(({ from, to, unsure }) => `${from}>${to}${unsure ? "?" : ""}`),
    ...open.map((id) => `-${id}`),
  ].join(" ");
}
const one = (id: string, kind = "task") => `${id}:${kind}\n start -> ${id} -> done`;

describe("a step is proposed", () => {
  it("by its id where it is of the same kind, whatever it is called", () => {
    expect(proposed(named(one("call"), { call: "Ring them" }), named(one("call"), { call: "Write" }))).toBe(
      "call>call start>start done>done",
    );
    expect(proposed(one("call"), one("call", "automation"))).toBe("start>start done>done -call");
  });

  it("by a name that is alike, and then a person should look", () => {
    const first = named(one("s1"), { s1: "Call the customer" });
    const becomes = (name: string, kind = "task") =>
      proposed(first, named(one("t9", kind), { t9: name })).split(" ")[0];
    expect(becomes("Call the customer")).toBe("s1>t9?");
    expect(becomes("CALL, the customer!")).toBe("s1>t9?");
    expect(becomes("Call our customer")).toBe("s1>t9?");
    // Both neighbours are the same: that alone is enough.
    expect(becomes("Zzz")).toBe("s1>t9?");
    expect(becomes("Call the customer", "automation")).toBe("start>start");
  });

  it("not by one neighbour alone, nor by a name alone that is hardly alike", () => {
    const first = "a:task\n b:task\n c:task\n start -> a -> b -> c -> done";
    const second = (name: string) =>
      named("a:task\n x:task\n y:automation\n start -> y -> a -> x -> y -> done", { x: name });
    expect(proposed(named(first, { b: "Send offer" }), second("Quarrel"))).toBe("a>a start>start done>done -b -c");
    expect(proposed(named(first, { b: "Send offer" }), second("Send the offer"))).toBe(
      "a>a b>x? start>start done>done -c",
    );
    expect(proposed(named(first, { b: "Q" }), second("q"))).toBe("a>a b>x? start>start done>done -c");
    expect(proposed(named(first, { b: "Q" }), second("r"))).toBe("a>a start>start done>done -b -c");
  });

  it("the most alike first, each once", () => {
    const first = named("a1:task\n a2:task\n start -> a1 -> a2 -> done", {
      a1: "Send the offer",
      a2: "Send the contract",
    });
    const second = named("b1:task\n b2:task\n start -> b1 -> b2 -> done", {
      b1: "Send the contract",
      b2: "Send the offer",
    });
    expect(proposed(first, second)).toBe("a1>b2? a2>b1? start>start done>done");
    expect(proposed(first, named(one("b1"), { b1: "Send the contract" }))).toBe("a2>b1? start>start done>done -a1");
  });

  it("inside what its step becomes, and nowhere else", () => {
    const part = (outer: string, inner: string) =>
      `${outer}:subprocess inline=true\n ${inner}:task in=${outer}\n over:end in=${outer}\n ${inner} -> over\n start -> ${outer} -> done`;
    expect(proposed(part("part", "ask_them"), part("piece", "ask_them_all"))).toBe(
      "part>piece? ask_them>ask_them_all? over>over? start>start done>done",
    );
    expect(proposed(part("part", "ask"), one("ask"))).toBe("start>start done>done -part -ask -over");
    const called = `part:subprocess process=other\n start -> part -> done`;
    expect(proposed(part("part", "ask"), called)).toBe("start>start done>done -part -ask -over");
  });

  it("as a join of the same rule and a list gone through in the same way", () => {
    const join = (mode: string) =>
      `split:parallel\n a:task\n b:task\n meet:join mode=${mode}\n start -> split -> a -> meet -> done\n split -> b -> meet`;
    expect(proposed(join("all"), join("all"))).toContain("meet>meet");
    expect(proposed(join("all"), join("any"))).toContain("-meet");
    const list = (mode: string) =>
      `each:for_each list={[1,2]} as=one mode=${mode}\n look:task in=each\n seen:end in=each\n look -> seen\n start -> each -> done`;
    expect(proposed(list("parallel"), list("parallel"))).toContain("each>each");
    expect(proposed(list("parallel"), list("sequential"))).toContain("-each");
  });

  it("as pairs of a plan", () => {
    expect(pairsOf({ nodes: [{ from: "a", to: "b", unsure: true }], open: ["c"] })).toEqual([{ from: "a", to: "b" }]);
  });
});

describe("of a map", () => {
  const whole = (first: Drawn, second: Drawn, plan: MigrationPlan) =>
    wholeMap(compiled("care", first), compiled("care", second, 2), plan);

  it("connections follow by id, by both ends and the exit, then by both ends; each is taken once", () => {
    const first = "call:task\n ask:task\n start -> call -> ask -> done\n call.late -> ask";
    const more = { nodes: { call: { boundary: [{ id: "late", kind: "timer", after: "P1D" }] } } };
    const plan = { nodes: pairs("start call>ring ask done") };
    // e1 start→call, e2 call→ask, e3 ask→done, e4 call.late→ask
    const renamed =
      "ring:task\n ask:task\n check:task\n ring -> ask -> done\n ring.late -> ask\n start -> check -> ring";
    const late = { nodes: { ring: more.nodes.call } };
    expect(whole({ text: first, more }, { text: renamed, more: late }, plan).edges).toEqual({
      e2: "e1",
      e3: "e2",
      e4: "e3",
    });
    // Without an exit of that name both ends are enough, where another is left.
    const soon = { nodes: { ring: { boundary: [{ id: "soon", kind: "timer", after: "P1D" }] } } };
    expect(whole({ text: first, more }, { text: renamed.replace(".late", ".soon"), more: soon }, plan).edges).toEqual({
      e2: "e1",
      e3: "e2",
      e4: "e3",
    });
    expect(
      whole(first.replace(" call.late -> ask", ""), "ring:task\n ask:task\n start -> ring -> ask -> done", plan).edges,
    ).toEqual({
      e1: "e1",
      e2: "e2",
      e3: "e3",
    });
    // What was said counts first, and the first one that said it.
    expect(
      whole(
        { text: first, more },
        { text: renamed, more: late },
        {
          ...plan,
          edges: [
            { from: "e2", to: "e3" },
            { from: "e3", to: "e3" },
          ],
        },
      ).edges,
    ).toEqual({ e2: "e3", e3: "e2", e4: "e1" });
  });

  it("events at the edge follow by id and kind, else as the only one of their kind", () => {
    type Event = { id: string; kind: string; event?: string };
    const edge = (...events: string[]): Drawn => ({
      text: `call:task\n start -> call -> done\n${events.map((e) => ` call.${e.split(":")[0]} -> done`).join("\n")}`,
      more: {
        nodes: {
          call: {
            boundary: events.map((e): Event => {
              const [id = "", kind = "timer"] = e.split(":");
              return { id, kind, ...(kind === "timer" ? { after: "P1D" } : { event: "news" }) };
            }),
          },
        },
      },
    });
    const nodes = pairs("start call done");
    const follow = (first: string, second: string, boundaries: [string, string][] = []) =>
      whole(edge(...first.split(" ")), edge(...second.split(" ")), {
        nodes,
        boundaries: boundaries.map(([from, to]) => ({ from, to })),
      }).boundaries;
    expect(follow("late stop:message", "stop:message late")).toEqual({ "call.late": "late", "call.stop": "stop" });
    expect(follow("late", "late:message")).toEqual({});
    expect(follow("late", "slow")).toEqual({ "call.late": "slow" });
    expect(follow("late stop:message", "slow halt:message")).toEqual({ "call.late": "slow", "call.stop": "halt" });
    expect(follow("late later", "slow slower")).toEqual({});
    expect(follow("late later", "slow")).toEqual({});
    expect(follow("late", "slow slower")).toEqual({});
    expect(follow("late later", "late slow")).toEqual({ "call.late": "late", "call.later": "slow" });
    expect(follow("late later", "slow slower", [["call.late", "call.slower"]])).toEqual({
      "call.late": "slower",
      "call.later": "slow",
    });
    expect(follow("late", "late", [["call.late", "elsewhere.late"]])).toEqual({ "call.late": "elsewhere.late" });
    expect(follow("late later", "late later", [["call.late", "call.later"]])).toEqual({
      "call.late": "later",
      "call.later": "late",
    });
  });

  it("promises follow by key, unless something else was said of either", () => {
    const slas = (...keys: string[]): Drawn => ({
      text: one("call"),
      more: {
        slas: Object.fromEntries(keys.map((key) => [key, { name: key, target: "PT8H" }])),
        nodes: { call: { slas: keys } },
      },
    });
    const follow = (...said: [string, string | null][]) =>
      whole(slas("answer", "reach", "gone"), slas("answer", "reach", "touch"), {
        nodes: [],
        slas: said.map(([from, to]) => ({ from, to })),
      }).slas;
    expect(follow()).toEqual({ answer: "answer", reach: "reach" });
    expect(follow(["answer", null])).toEqual({ reach: "reach" });
    expect(follow(["gone", "touch"])).toEqual({ answer: "answer", reach: "reach", gone: "touch" });
    expect(follow(["gone", "reach"])).toEqual({ answer: "answer", gone: "reach" });
  });
});
