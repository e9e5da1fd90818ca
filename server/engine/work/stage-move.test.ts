/** A stage moved by hand on the record is held to what the steps between ask for: where the run stands, and where that stage begins. */
import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { lookingTurn } from "@/server/engine/explain/looking.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { barePerson } from "@/tests/support/bare-world.ts";
import { playOn } from "@/tests/support/flow-play.ts";
import { stageHeld } from "./stage-move.ts";

const people = [barePerson("lan", { roles: ["ae"] }), barePerson("mai", { roles: ["manager"] })];
const bench = openBareBench(Date.UTC(2026, 2, 2, 9), people);
const stage = (value: string) => [{ verb: "set", field: "lead.lifecycle_stage", value: ` "${value}" ` }];
const persona = { kind: "field", field: "lead.persona" };
const title = { kind: "field", field: "lead.job_title" };
const line = `qualify:task
  accept:task
  work:task
  start -> qualify -> accept -> work -> done`;
const writes: Record<string, object> = {
  qualify: { actions: stage("mql") },
  accept: { actions: stage("sal") },
  work: { actions: stage("sql") },
};

let played = 0;
const begun = (nodes: Record<string, object> = {}, values: Values = {}, graph = line) =>
  playOn(
    bench,
    `moved${++played}`,
    graph,
    { nodes: Object.fromEntries(Object.entries(writes).map(([id, own]) => [id, { ...own, ...nodes[id] }])) },
    values,
  );

/** What holds it, in words. */
async function held(
  run: Awaited<ReturnType<typeof begun>>,
  to: string,
  values: Values = {},
  member: string | null = "lan",
) {
  const state = await run.run();
  const turn = lookingTurn(bench.process(state), state, bench.world(), bench.now());
  const lead = turn.world.records.get(run.id)!;
  const from = String(lead.values.lifecycle_stage);
  turn.world.records.set(run.id, { ...lead, values: { ...lead.values, lifecycle_stage: to, ...values } });
  const found = stageHeld(turn, { field: "lifecycle_stage", from, to, member });
  if (!found) return null;
  const more =
    found.how === "missing"
      ? found.unmet.map(({ fields, text, when }) => text ?? when ?? fields.join()).join(" + ")
      : found.how === "who"
        ? found.roles
        : "";
  return [found.how, found.node.id, more].filter((word) => word !== "").join(" ");
}

describe("forward", () => {
  it("is free where nothing is asked for", async () => expect(await held(await begun(), "sal")).toBeNull());
  it("first what the step it leaves asks for at its end, and what the step of that stage asks for before it begins: all of it", async () => {
    const run = await begun({
      qualify: { gate: { exit: [persona, title] } },
      accept: { gate: { entry: [title] }, entryCriteria: "lead.fit_score > 50" },
    });
    expect(await held(run, "sal")).toBe("missing qualify lead.persona + lead.job_title + lead.fit_score > 50");
    expect(await held(run, "sal", { persona: "buyer", fit_score: 60 })).toBe("missing qualify lead.job_title");
    expect(await held(run, "sal", { persona: "buyer", job_title: "Head" })).toBe("missing accept lead.fit_score > 50");
    expect(await held(run, "sal", { persona: "buyer", job_title: "Head", fit_score: 60 })).toBeNull();
  });
  it("a step that may not be passed over is not, and one that others finish is theirs", async () => {
    expect(await held(await begun({ accept: { gate: { noSkip: true } } }), "sql")).toBe("skip accept");
    const theirs = await begun({ qualify: { gate: { who: ["manager"], exit: [persona] } } });
    expect(await held(theirs, "sal")).toBe("who qualify Manager");
    expect(await held(theirs, "sal", {}, "mai")).toBe("missing qualify lead.persona");
    expect(await held(theirs, "sal", { persona: "buyer" }, null)).toBeNull();
  });
  it("a checklist is ticked on the task: until then it holds", async () => {
    const run = await begun({
      qualify: { checklist: [{ id: "call", text: "Called" }], gate: { exit: [{ kind: "checklist", item: "call" }] } },
    });
    expect(await held(run, "sal")).toBe("missing qualify Called");
  });
});

describe("where the run stands already", () => {
  it("its own step's stage is free, one that is written at its end asks for its end", async () => {
    const nodes = { qualify: { gate: { exit: [persona] } } };
    expect(await held(await begun(nodes), "mql")).toBeNull();
    const atEnd = await begun({ qualify: { actions: [], onComplete: stage("mql"), gate: { exit: [persona] } } });
    expect(await held(atEnd, "mql")).toBe("missing qualify lead.persona");
    expect(await held(atEnd, "mql", { persona: "buyer" })).toBeNull();
  });
  it("a step that is held asks for what holds it, and nothing else", async () => {
    const run = await begun({ qualify: { gate: { entry: [persona], exit: [title] } } });
    expect(await run.at()).toBe("qualify (held)");
    expect(await held(run, "mql")).toBe("missing qualify lead.persona");
    expect(await held(run, "mql", { persona: "buyer" })).toBeNull();
    expect(await held(run, "sal")).toBe("missing qualify lead.persona");
  });
  it("a stage that begins when a later step ends asks for all that step asks for", async () => {
    const run = await begun({
      accept: { actions: [], onComplete: stage("sal"), gate: { entry: [title], exit: [persona] } },
    });
    expect(await held(run, "sal")).toBe("missing accept lead.job_title + lead.persona");
  });
});

describe("a stage that no step begins", () => {
  it("is held only by the step that the one before began with", async () => {
    const run = await begun({ qualify: { gate: { exit: [persona] } } });
    expect(await held(run, "disqualified")).toBe("missing qualify lead.persona");
    expect(await held(run, "disqualified", { persona: "buyer" })).toBeNull();
    const next = await begun({ accept: { actions: [], gate: { exit: [title] } } });
    await next.done("qualify");
    expect(await held(next, "disqualified")).toBeNull();
  });
});

describe("back", () => {
  it("nobody goes back to before a step that forbids it", async () => {
    const run = await begun({ accept: { gate: { noBack: true } } });
    await run.done("qualify");
    await run.done("accept");
    expect(await held(run, "mql")).toBe("back accept");
    expect(await held(run, "sal")).toBe("back accept");
    const free = await begun({ accept: { gate: { exit: [persona] } } });
    await free.done("qualify");
    // What a step asks for at its end is no matter to who goes back.
    expect(await held(free, "mql")).toBeNull();
  });
});

describe("several steps begin the stage", () => {
  it("it is enough that one of them lets it; else the one that asks for least is named", async () => {
    const graph = `qualify:task
      size:decision
      accept:task
      work:task
      start -> qualify -> size
      size -> accept [lead.fit_score > 50]
      size -> work otherwise
      accept -> done
      work -> done`;
    const both = (accept: object, work: object) =>
      begun(
        { accept: { actions: stage("sal"), gate: accept }, work: { actions: stage("sal"), gate: work } },
        {},
        graph,
      );
    expect(await held(await both({ entry: [persona] }, {}), "sal")).toBeNull();
    expect(await held(await both({ entry: [persona, title] }, { entry: [title] }), "sal")).toBe(
      "missing work lead.job_title",
    );
    expect(await held(await both({ entry: [title] }, { entry: [persona, title] }), "sal")).toBe(
      "missing accept lead.job_title",
    );
  });
  it("several tokens: each step that is left has its say", async () => {
    const graph = `both:parallel
      qualify:task
      accept:task
      meet:join mode=all
      work:task
      start -> both -> qualify -> meet -> work -> done
      both -> accept -> meet`;
    const run = await begun(
      { qualify: { gate: { exit: [persona] } }, accept: { gate: { exit: [title, persona] } } },
      {},
      graph,
    );
    expect(await held(run, "sql")).toBe("missing qualify lead.persona + lead.job_title");
  });
});
