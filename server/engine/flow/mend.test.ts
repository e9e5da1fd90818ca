/** What somebody does about an incident: put a value right, try again, go on without, or begin anew; and what is refused. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn, variables } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";

let bench: ReturnType<typeof openBareBench>;
let played = 0;
beforeEach(() => {
  bench = openBareBench(Date.UTC(2026, 2, 2, 9));
});
type More = NonNullable<Parameters<typeof playOn>[3]>;
const throwing = [
  { verb: "set", field: "lead.fit_score", value: "1" },
  { verb: "throw", code: "wrong", when: 'lead.persona != "buyer"' },
  { verb: "set", field: "run.count", value: "run.count + 1" },
];
async function stuck(
  more: More = {},
  text = "go:automation\nnext:task\nstart -> go -> next -> done",
  values: Values = {},
) {
  const run = await playOn(
    { ...bench, publish: (document) => bench.publish(document, { asItIs: true }) },
    `mend${++played}`,
    text,
    { ...variables({ count: 0 }), nodes: { go: { actions: throwing } }, ...more },
    values,
  );
  const retry = async (given: object = {}, by: string | undefined = "linh") => {
    const answer = await bench.send({ type: "retryIncident", runId: run.runId, incident: "i1", ...given }, by);
    await bench.engine.worker.drain();
    return answer.ok ? run.at() : answer.text;
  };
  const facts = async (type: string) =>
    (await bench.factsOf(run.runId)).filter((one) => one.type === type).map(({ data }) => data);
  return { ...run, retry, facts };
}

describe("a value is put right in the same go", () => {
  it("of the record, of the run, and the step goes on from the action that failed", async () => {
    const run = await stuck();
    expect(await run.at()).toMatch(/^go \(failed\); wrong at go/);
    expect(await run.retry({ values: { "lead.persona": "buyer", "lead.job_title": "Head", "run.count": 7 } })).toBe(
      "next",
    );
    expect(await bench.valuesOf(run.id)).toMatchObject({ persona: "buyer", job_title: "Head" });
    expect((await run.run()).variables.count).toBe(8);
    expect(await run.facts("IncidentResolved")).toEqual([{ id: "i1" }]);
  });
  it.each([
    [{ "run.none": 1 }, "The process has no variable none."],
    [{ "run.count": "many" }, "count takes a whole number."],
    [{ "account.name": "Lotus" }, "There is no account to write name to."],
    [{ "lead.shoe_size": 42 }, "There is no field shoe_size."],
    [{ "lead.fit_score": "much" }, "Fit score takes a number."],
  ])("not with %j", async (values, said) => {
    const run = await stuck();
    expect(await run.retry({ values: { "lead.job_title": "Head", ...values } })).toBe(said);
    expect((await bench.valuesOf(run.id)).job_title ?? null).toBeNull();
  });
  it("not in a record that a running approval holds; its own run may", async () => {
    const locked = { nodes: { go: { actions: [{ verb: "lock", object: "lead" }, ...throwing] } } };
    const own = await stuck(locked);
    expect(await own.retry({ values: { "lead.persona": "buyer" } })).toBe("next");
    const holder = await playOn(bench, `mend${++played}`, "ask:task\nstart -> ask -> done", {
      nodes: { ask: { actions: [{ verb: "lock", object: "lead" }] } },
    });
    const other = `mend${played}b`;
    await bench.publish(
      textGraph(other, "go:automation\nnext:task\nstart -> go -> next -> done", {
        ...variables({ count: 0 }),
        nodes: { go: { actions: throwing.slice(1) } },
      }),
    );
    const runId = await bench.start(other, holder.id, "lead");
    expect(
      await bench.send({ type: "retryIncident", runId, incident: "i1", values: { "lead.persona": "buyer" } }, "linh"),
    ).toMatchObject({
      text: "This record is held by a running approval and can only be read. Nothing was saved.",
    });
  });
});

describe("tried again", () => {
  it("from the action that failed: what was done before is not done twice", async () => {
    const run = await stuck();
    await run.change({ fit_score: 50 });
    expect(await run.retry()).toMatch(/wrong at go/);
    expect((await bench.valuesOf(run.id)).fit_score).toBe(50);
  });
  it("on with the one after it, for a reason that stands in the history", async () => {
    const run = await stuck();
    const said = "Say why the action is skipped: it stands in the history. Nothing was changed.";
    expect([await run.retry({ how: "skip" }), await run.retry({ how: "skip", reason: " " })]).toEqual([said, said]);
    expect(await run.retry({ how: "skip", reason: " told by phone " })).toBe("next");
    expect(await run.facts("IncidentResolved")).toEqual([{ id: "i1", how: "skip", reason: "told by phone" }]);
    expect((await run.run()).variables.count).toBe(1);
  });
  it("where no action failed there is none to skip", async () => {
    const run = await stuck(
      { nodes: {} },
      "go:decision\nstart -> go\ngo -> next [lead.fit_score > 5]\nnext:task\nnext -> done\ngo -> late [lead.fit_score < 3]",
      { fit_score: 4 },
    );
    expect(await run.retry({ how: "skip", reason: "x" })).toBe(
      "No action failed here, so there is none to skip. Nothing was changed; move the run instead.",
    );
    expect(await run.retry({ values: { "lead.fit_score": 9 } })).toBe("next");
  });
  it("its step anew: what was done is done again, as another stay", async () => {
    const run = await stuck();
    await run.change({ fit_score: 50, persona: "buyer" });
    expect(await run.retry({ how: "step", reason: "again" })).toBe("next");
    expect((await bench.valuesOf(run.id)).fit_score).toBe(1);
    expect(await run.facts("IncidentResolved")).toEqual([{ id: "i1", how: "step", reason: "again" }]);
    expect((await run.run()).visited).toEqual({ go: 2, next: 1 });
  });
  it("the whole run anew: every token that stands anywhere is taken back to the start", async () => {
    const text =
      "both:parallel\ngo:automation\nnext:task\nmeet:join mode=all\nstart -> both -> go -> meet -> done\nboth -> next -> meet";
    const run = await stuck({}, text);
    expect(await run.at()).toMatch(/^go \(failed\) \+ next; wrong at go/);
    await run.change({ persona: "buyer" });
    expect(await run.retry({ how: "run" })).toBe("meet + next");
    expect(await run.facts("IncidentResolved")).toEqual([{ id: "i1", how: "run" }]);
    expect(Object.keys((await run.run()).work)).toHaveLength(1);
  });
  it("not what was resolved already, nor in a run that is suspended or over", async () => {
    const run = await stuck();
    expect(await run.retry({ incident: "i9" })).toBe("This incident was resolved already.");
    await bench.send({ type: "suspendRun", runId: run.runId, reason: "audit" }, "linh");
    expect(await run.retry()).toBe("This run is suspended. Resume it first; nothing was tried again.");
    await bench.send({ type: "resumeRun", runId: run.runId }, "linh");
    await bench.send({ type: "cancelRun", runId: run.runId, reason: "over" }, "linh");
    expect(await run.retry()).toBe("This run has ended in the meantime. Nothing was changed.");
  });
});

describe("what a clock's action failed at", () => {
  const late = {
    slas: {
      p: { name: "P", target: "PT1H", onBreach: [{ verb: "throw", code: "wrong", when: 'lead.persona != "buyer"' }] },
    },
    nodes: { next: { slas: ["p"] } },
  };
  const text = "next:task\nstart -> next -> done";
  it("stops nobody, is told to who has the process, and can be tried again or let be", async () => {
    const run = await stuck(late, text);
    await run.wait(7_200_000);
    expect(await run.facts("IncidentRaised")).toMatchObject([
      { id: "i1", token: "", node: "next", code: "wrong", sla: { clock: "c1" } },
    ]);
    expect((await run.run()).tokens.t1?.state).toBe("in");
    expect((await run.facts("EffectRequested")).at(-1)).toMatchObject({
      effect: {
        kind: "notice",
        to: "lan",
        title: "next",
        text: "“next” threw the error wrong.",
        urgency: "breach",
        link: `/records/${run.id}`,
      },
    });
    expect(await run.retry({ how: "step" })).toBe(
      "No step stands still here: a clock's action failed. Nothing was changed; try it again or skip it.",
    );
    expect(await run.retry({ how: "run" })).toBe(
      "No step stands still here: a clock's action failed. Nothing was changed; try it again or skip it.",
    );
    expect(await run.retry()).toMatch(/^next; wrong at next/);
    await run.change({ persona: "buyer" });
    expect(await run.retry({ incident: "i2" })).toBe("next");
    const over = await stuck(late, text);
    await over.wait(7_200_000);
    await over.done("next");
    expect(await over.retry({ how: "skip", reason: "too late" })).toBe("done");
    expect(await over.facts("IncidentResolved")).toEqual([{ id: "i1", how: "skip", reason: "too late" }]);
  });
});
