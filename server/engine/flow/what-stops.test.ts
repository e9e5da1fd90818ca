/** What stops a token where it stands: every fault of a drawing that an older release may have published, in the words of its incident. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn, variables } from "@/tests/support/flow-play.ts";

const hour = 3_600_000;
let bench: ReturnType<typeof openBareBench>;
let played = 0;
beforeEach(() => {
  bench = openBareBench(Date.UTC(2026, 2, 2, 9));
});
type More = NonNullable<Parameters<typeof playOn>[3]>;
const play = (text: string, more: More = {}, values: Values = {}) =>
  playOn(
    { ...bench, publish: (document) => bench.publish(document, { asItIs: true }) },
    `stops${++played}`,
    text,
    more,
    values,
  );
const at = async (text: string, more: More = {}, values: Values = {}) => (await play(text, more, values)).at();

describe("a choice", () => {
  const size = (edges: string) => `size:decision
    start -> size
    ${edges}`;
  it("takes the first branch that holds, and the otherwise branch where none does", async () => {
    const edges = `size -> small [lead.fit_score < 10]
      size -> middle [lead.fit_score < 50]
      size -> large otherwise`;
    const went = (fit_score: number) => at(size(edges), {}, { fit_score });
    expect([await went(5), await went(20), await went(90)]).toEqual(["small", "middle", "large"]);
  });
  it("none holds and none is otherwise: never a silent stop", async () => {
    const said = "NO_BRANCH at size: No branch of “size” fits this record, and none is marked otherwise.";
    expect(await at(size("size -> small [lead.fit_score < 10]"), {}, { fit_score: 20 })).toBe(`size (failed); ${said}`);
    expect(await at(size("size -> small [lead.fit_score <]"), {}, { fit_score: 2 })).toBe(`size (failed); ${said}`);
    expect(
      await at(size("size -> small [lead.fit_score < 10]").replace("decision", "inclusive"), {}, { fit_score: 20 }),
    ).toBe(`size (failed); ${said}`);
  });
  it("a branch without a condition is taken where it stands", async () => {
    expect(await at(size("size -> small [lead.fit_score < 10]\nsize -> any"), {}, { fit_score: 20 })).toBe("any");
    const both = `split:inclusive
      a:task
      b:task
      c:task
      meet:join mode=taken
      start -> split
      split -> a
      split -> b [lead.fit_score > 10]
      split -> c otherwise
      a -> meet -> done
      b -> meet
      c -> meet`;
    expect(await at(both, {}, { fit_score: 20 })).toBe("a + b");
    expect(await at(both, {}, { fit_score: 2 })).toBe("a");
    const one = both.replace("split -> a\n", "split -> a [lead.fit_score > 90]\n");
    expect(await at(one, {}, { fit_score: 2 })).toBe("c");
  });
});

describe("an exit that nothing was drawn for", () => {
  it("of a step with several exits", async () => {
    const run = await play(`ask:wait for=event event=reply.received timeout=PT1H
      start -> ask
      ask.event -> done`);
    await run.wait(2 * hour);
    expect(await run.at()).toBe("ask (failed); NO_EXIT at ask: Nothing is drawn for the exit “timeout” of “ask”.");
  });
  it("of a task: it is taken to be the only one there is", async () => {
    const run = await play(`ask:task
      start -> ask
      ask.other -> done`);
    await run.done("ask");
    expect(await run.at()).toBe("done");
  });
  it("of a join", async () => {
    const text = `split:parallel
      a:task
      b:task
      both:join mode=all
      start -> split -> a -> both
      split -> b -> both`;
    const run = await play(text);
    await run.done("a");
    await run.done("b");
    expect(await run.at()).toBe("both + both (failed); NO_EXIT at both: Nothing follows “both”.");
  });
});

describe("what runs inside", () => {
  it("nothing is inside", async () =>
    expect(await at("part:subprocess inline=true\nstart -> part -> done")).toBe(
      "part (failed); NOTHING_INSIDE at part: “part” has no steps inside.",
    ));
  const each = (list: string) => `all:for_each list={${list}} as=one mode=parallel
    ask:task in=all
    over:end in=all
    ask -> over
    start -> all -> done`;
  it("the list cannot be read, or is none: what it gives instead is its only item", async () => {
    expect(await at(each("lead."))).toBe("all (failed); NO_LIST at all: The list “lead.” cannot be read.");
    expect(await at(each("lead.fit_score"))).toBe("done");
    expect(await at(each("lead.fit_score"), {}, { fit_score: 7 })).toBe("all + ask");
    expect(await at(each("[1, 2, 3]"))).toBe("all + ask + ask + ask");
  });
  it("a list of records of somebody who is not there", async () => {
    const records = (of: string) => `all:for_each over=records records=activity as=one ${of}
      ask:task in=all
      over:end in=all
      ask -> over
      start -> all -> done`;
    expect(await at(records("of=account"))).toBe(
      "all (failed); NO_LIST at all: There is no account whose records it could go through.",
    );
    expect(await at(records(""))).toBe("done");
  });
  it("more items than a run has room for", async () => {
    expect(await at(each("for i in 1..1001 return i"))).toBe(
      "all (failed); TOO_MANY_ITEMS at all: “all” would go through 1001 items; a run has room for 1000.",
    );
    expect(await at(each("for i in 1..1001 return i").replace("parallel", "sequential"))).toMatch(/TOO_MANY_ITEMS/);
    expect(await at(each("for i in 1..1000 return i").replace("parallel", "sequential"))).toBe("all + ask");
    // The token that stands at it has its place too.
    expect(await at(each("for i in 1..1000 return i"))).toMatch(/TOO_MANY_ITEMS/);
  });
});

describe("a call of another process", () => {
  it("that was never published, or has nothing to be about", async () => {
    const call = "call:subprocess process=helper\nstart -> call -> done";
    expect(await at(call)).toBe(
      "call (failed); NO_LIVE_VERSION at call: The process helper has no published version yet. Publish it, then retry.",
    );
    await bench.publish({
      key: "helper",
      name: "helper",
      recordType: "opportunity",
      nodes: [
        { id: "start", kind: "start", name: "start", config: {} },
        { id: "done", kind: "end", name: "done", config: { outcome: "success" } },
      ],
      edges: [{ id: "e1", from: "start", to: "done" }],
    });
    expect(await at(call)).toBe("call (failed); NO_RECORD at call: There is no opportunity for helper.");
  });
  it("gives back what does not fit", async () => {
    const more = variables({ score: 1 });
    await bench.publish({
      key: "helper",
      name: "helper",
      recordType: "lead",
      variables: { word: { type: "text", default: "many" } },
      nodes: [
        { id: "start", kind: "start", name: "start", config: {} },
        { id: "done", kind: "end", name: "done", config: { outcome: "success" } },
      ],
      edges: [{ id: "e1", from: "start", to: "done" }],
    });
    const run = await play("call:subprocess process=helper\nstart -> call -> done", {
      ...more,
      nodes: { call: { config: { process: "helper", output: { "run.score": "child.word" } } } },
    });
    expect(await run.at()).toBe(
      "call (failed); VALUE_REFUSED at call: score takes a whole number. What came is the text “many”.",
    );
  });
});

describe("time", () => {
  it("a wait until a date that is empty, or of what is no duration", async () => {
    expect(await at("nap:wait for=date until={lead.next_meeting_at}\nstart -> nap -> done")).toBe(
      "nap (failed); NO_DATE at nap: The date “lead.next_meeting_at” of this wait is empty.",
    );
    expect(await at("nap:wait for=duration duration=soon\nstart -> nap -> done")).toBe(
      "nap (failed); NO_DATE at nap: “soon” is not a duration.",
    );
  });
  it("a date that is past lets it go on at once", async () => {
    const run = await play(
      "nap:wait for=date until={lead.next_meeting_at}\nstart -> nap -> done",
      {},
      { next_meeting_at: Date.UTC(2026, 0, 1) },
    );
    await run.wait(0);
    expect(await run.at()).toBe("done");
  });
  it("what a step looks out for while it waits for an answer is set once, and stays with it", async () => {
    const bare = { ...bench, engine: { worker: { drain: async () => {} } } };
    const run = await playOn(
      bare,
      `stops${++played}`,
      `ask:task
      start -> ask -> done
      ask.late -> gone`,
      {
        nodes: {
          ask: {
            actions: [
              { verb: "http", method: "GET", url: "https://a.example.com" },
              { verb: "http", method: "GET", url: "https://b.example.com" },
            ],
            boundary: [{ id: "late", kind: "timer", after: "PT3H" }],
          },
        },
      },
    );
    const timers = async () =>
      Object.values((await run.run()).timers).map(
        ({ name, due }) => `${name} ${new Date(due).toISOString().slice(11, 16)}`,
      );
    expect(await timers()).toEqual(["boundary:late 12:00"]);
    for (const _ of [1, 2]) {
      const { effect } = await run.token("ask");
      await bench.send({ type: "effectAnswered", runId: run.runId, effect: effect!, ok: true, result: null });
      expect(await timers()).toEqual(["boundary:late 12:00"]);
    }
    await bench.advance(3 * hour);
    expect(await run.at()).toBe("gone");
  });
});

describe("a decision table that fails", () => {
  const table = (output: unknown, more: object = {}) => ({
    decisionTables: {
      rate: {
        name: "Rate",
        hitPolicy: "unique",
        inputs: ["lead.fit_score"],
        outputs: ["lead.fit_score"],
        rules: [
          { when: ["< 10"], then: ["1"] },
          { when: ["< 50"], then: [output] },
        ],
        ...more,
      },
    },
    nodes: { go: { decisionTables: ["rate"] } },
  });
  const text = "go:automation\nnext:task\nstart -> go -> next -> done";
  it("says by which rule", async () => {
    expect(await at(text, table("much"), { fit_score: 20 })).toMatch(
      /^go \(failed\); TABLE_FAILED at go: Rule 2 of the decision table Rate gave no usable answer: /,
    );
    expect(await at(text, table(2), { fit_score: 20 })).toBe("next");
  });
});
