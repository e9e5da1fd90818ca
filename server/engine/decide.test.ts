/** What a run refuses, and in which words; what it only keeps; and what comes too late to be news. */
import { beforeEach, describe, expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { barePerson } from "@/tests/support/bare-world.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const hour = 3_600_000;
let bench: ReturnType<typeof openBareBench>;
let played = 0;
beforeEach(() => {
  bench = openBareBench(Date.UTC(2026, 2, 2, 9), [
    barePerson("lan", { roles: ["ae"] }),
    barePerson("tom", { roles: ["ae"] }),
  ]);
});
type More = NonNullable<Parameters<typeof playOn>[3]>;
const line = "ask:task\nnext:task\nstart -> ask -> next -> done";
async function opened(text = line, more: More = {}, values = {}) {
  const run = await playOn(bench, `refused${++played}`, text, more, values);
  const say = async (command: object, by: string | null = "lan") => {
    const answer = await bench.send(
      { runId: run.runId, ...command } as Parameters<typeof bench.send>[0],
      by ?? undefined,
    );
    return answer.ok ? "ok" : `${answer.code}: ${answer.text}`;
  };
  return { ...run, say, rev: async () => (await run.run()).rev };
}
const complete = { type: "completeWork", work: "w1", outcome: null, values: {} };

describe("a start", () => {
  it("of a run that is there already, or for a record that is gone", async () => {
    const run = await opened();
    const start = {
      type: "startRun",
      process: `refused${played}`,
      version: 1,
      recordType: "lead",
      trigger: { event: "manual", at: bench.now() },
    };
    expect(await run.say({ ...start, recordId: "gone" })).toBe("ALREADY_RUNNING: This run exists already.");
    expect(await run.say({ ...start, runId: "other", recordId: "gone" })).toBe(
      "NOT_FOUND: The record does not exist any more. Nothing was started.",
    );
  });
  it("that comes too often stands at its start and names who starts it, until somebody lets it go on", async () => {
    const run = await opened();
    const chain = [
      { process: "p", node: "a", name: "Recycle" },
      { process: "p", node: "b", name: "" },
      { process: "p", node: "a", name: "Recycle" },
    ];
    const other = await bench.record("lead", { last_name: "Vu", owner_id: "lan" });
    const storm = (runId: string, more: object) =>
      run.say(
        {
          type: "startRun",
          runId,
          process: `refused${played}`,
          version: 1,
          recordType: "lead",
          recordId: other,
          trigger: { event: "manual", at: bench.now() },
          brake: true,
          ...more,
        },
        null,
      );
    expect(await storm("braked", { chain })).toBe("ok");
    const [stopped] = Object.values((await bench.run("braked")).incidents);
    expect(stopped).toMatchObject({
      code: "STORM",
      node: "start",
      text: `“refused${played}” was started again and again for this record within a minute, by “Recycle” → “b”. Change what starts it, then retry or end this run.`,
    });
    expect(await run.say({ type: "retryIncident", runId: "braked", incident: "i1" })).toBe("ok");
    expect(Object.values((await bench.run("braked")).tokens).map(({ node }) => node)).toEqual(["ask"]);
    await bench.send({ type: "cancelRun", runId: "braked", reason: "x" });
    await storm("again", {});
    expect(Object.values((await bench.run("again")).incidents)[0]?.text).toBe(
      `“refused${played}” was started again and again for this record within a minute. Change what starts it, then retry or end this run.`,
    );
  });
});

describe("a task", () => {
  it("that is done already is not open any more", async () => {
    const run = await opened();
    await run.done("ask");
    for (const command of [
      complete,
      { type: "startWork", work: "w1" },
      { type: "saveWork", work: "w1", values: {} },
      { type: "snoozeWork", work: "w1", until: null },
    ])
      expect(await run.say(command)).toBe("CONFLICT: This task is not open any more. Nothing was changed.");
  });
  it("is blocked once, and not blocked once", async () => {
    const run = await opened();
    const block = { type: "pauseWork", work: "w1", reason: "waits" };
    expect([
      await run.say({ type: "resumeWork", work: "w1" }),
      await run.say(block),
      await run.say(block),
      await run.say({ type: "resumeWork", work: "w1" }),
    ]).toEqual(["CONFLICT: This task is not blocked any more.", "ok", "CONFLICT: This task is blocked already.", "ok"]);
  });
  it("that is put off comes back at its time, or when it is taken up before", async () => {
    const run = await opened();
    const until = async () => (await run.run()).work.w1?.snoozedUntil;
    await run.say({ type: "snoozeWork", work: "w1", until: bench.now() + 5 * hour });
    await run.say({ type: "snoozeWork", work: "w1", until: bench.now() + 2 * hour, reason: "later" });
    expect(Object.values((await run.run()).timers)).toMatchObject([
      { name: "snooze", due: bench.now() + 2 * hour, work: "w1" },
    ]);
    await run.wait(2 * hour);
    expect([await until(), (await run.run()).timers]).toEqual([undefined, {}]);
    await run.say({ type: "snoozeWork", work: "w1", until: bench.now() + hour });
    await run.say({ type: "snoozeWork", work: "w1", until: null });
    expect([await until(), (await run.run()).timers]).toEqual([undefined, {}]);
  });
});

describe("a suspended run", () => {
  it("lets nothing be done at its tasks, and is suspended and resumed once", async () => {
    const run = await opened();
    const suspend = { type: "suspendRun", reason: "audit" };
    expect(await run.say({ type: "resumeRun" })).toBe("CONFLICT: This run is not suspended.");
    expect([await run.say(suspend), await run.say(suspend)]).toEqual([
      "ok",
      "CONFLICT: This run is suspended already.",
    ]);
    expect(await run.say(complete)).toBe(
      "UNAVAILABLE: This run is suspended. Nothing was changed; ask the process owner.",
    );
    expect(await run.say({ type: "receiveMessage", event: "x", payload: {} })).toBe(
      "UNAVAILABLE: This run is suspended. The message was not taken; send it again after it was resumed.",
    );
    expect(await run.say({ type: "jump", how: { kind: "skip", token: "t1" }, reason: "x" })).toBe(
      "CONFLICT: This run is suspended. Resume it first; nothing was moved.",
    );
    expect([await run.say({ type: "resumeRun" }), await run.say(complete)]).toEqual(["ok", "ok"]);
  });
  it("keeps what it is told: a change, an answer, a called run's end; its timers ring when it goes on", async () => {
    const run = await opened("call:automation\nask:task\nstart -> call -> ask\nask -> done\nask.late -> gone", {
      nodes: {
        call: { actions: [{ verb: "http", method: "GET", url: "https://a.example.com" }] },
        ask: { boundary: [{ id: "late", kind: "timer", after: "PT2H" }] },
      },
    });
    expect(await run.at()).toBe("ask");
    await run.say({ type: "suspendRun", reason: "audit" });
    await run.change({ fit_score: 5 });
    await run.say({ type: "effectAnswered", effect: "e9", ok: true, result: { a: 1 } }, null);
    await run.say(
      {
        type: "childEnded",
        token: "t1",
        child: "c",
        outcome: "done",
        variables: { a: 1 },
        error: { code: "X", text: "y" },
      },
      null,
    );
    await run.say({ type: "childEnded", token: "t1", child: "c", outcome: null }, null);
    expect((await run.run()).kept).toEqual([
      { type: "recordChanged", recordType: "lead", recordId: run.id, events: [], since: bench.now() },
      { type: "effectAnswered", effect: "e9", ok: true, result: { a: 1 } },
      {
        type: "childEnded",
        token: "t1",
        child: "c",
        outcome: "done",
        variables: { a: 1 },
        error: { code: "X", text: "y" },
      },
      { type: "childEnded", token: "t1", child: "c", outcome: null },
    ]);
    await run.wait(3 * hour);
    expect((await run.run()).status).toBe("suspended");
    await run.say({ type: "resumeRun" });
    expect([await run.at(), (await run.run()).kept]).toEqual(["gone", undefined]);
  });
});

describe("a run that has ended", () => {
  it("tells a person so; to a machine it is no news", async () => {
    const run = await opened();
    await run.say({ type: "cancelRun", reason: "over" });
    const rev = await run.rev();
    expect(await run.say(complete)).toBe("RUN_OVER: This run has ended in the meantime. Nothing was changed.");
    expect(await run.say({ type: "recordChanged", recordType: "lead", recordId: run.id, events: [] }, null)).toBe("ok");
    expect(await run.say({ type: "fireTimer", timer: "m1" }, null)).toBe("ok");
    expect(await run.rev()).toBe(rev);
  });
});

describe("moves by hand", () => {
  it("each that cannot be made says why, and moves nothing", async () => {
    const run = await opened(`split:parallel
      ask:task
      other:task
      both:join mode=all
      part:subprocess inline=true
      inner:task in=part
      over:end in=part
      inner -> over
      start -> split -> ask -> both -> part -> done
      split -> other -> both`);
    const rev = await run.rev();
    const jump = (how: object) => run.say({ type: "jump", how, reason: "x" }, "tom");
    const to = (node: string, token = "t1") => jump({ kind: "jump", token, to: node });
    const gone = "CONFLICT: The run is not at that step any more. Nothing was moved.";
    expect([
      await to("ask", "t9"),
      await jump({ kind: "skip", token: "t9" }),
      await jump({ kind: "add_item", token: "t9", item: 1 }),
    ]).toEqual([gone, gone, gone]);
    expect([await to("nowhere"), await to("start")]).toEqual(
      Array.from({ length: 2 }, () => "INVALID: There is no such step to go to. Nothing was moved."),
    );
    expect(await to("inner")).toBe(
      "INVALID: A run can be moved only among the steps of one sub-process. Nothing was moved.",
    );
    expect(await to("both")).toBe(
      "INVALID: A run cannot be moved onto a join: it waits for its branches. Choose what comes after it.",
    );
    expect(await to("part")).toBe("UNSOUND: From there the run could get stuck at “both”. Nothing was moved.");
    expect([
      await jump({ kind: "add", node: "nowhere" }),
      await jump({ kind: "add", node: "inner" }),
      await jump({ kind: "add", node: "both" }),
    ]).toEqual(Array.from({ length: 3 }, () => "INVALID: There is no such step to add. Nothing was added."));
    expect(await jump({ kind: "add_item", token: "t1", item: 1 })).toBe(
      "INVALID: This step does not go through a list. Nothing was added.",
    );
    expect(await run.rev()).toBe(rev);
    await run.done("ask");
    expect(await jump({ kind: "skip", token: "t1" })).toBe("INVALID: Only a step can be skipped. Nothing was moved.");
  });
});

describe("a message", () => {
  it("that nothing drawn waits for is not taken", async () => {
    const run = await opened();
    expect(await run.say({ type: "receiveMessage", event: "deal.lost", payload: {} })).toBe(
      `INVALID: Nothing in “refused${played}” waits for “deal.lost”. The message was not taken.`,
    );
  });
  it.each<[string, string, More]>([
    ["a wait", "nap:wait for=event event=deal.lost\nask:task\nstart -> ask -> nap\nnap.event -> done", {}],
    [
      "the edge of a step",
      `${line}\nnext.stop -> gone`,
      { nodes: { next: { boundary: [{ id: "stop", kind: "message", event: "deal.lost" }] } } },
    ],
    ["a promise", line, { slas: { p: { name: "P", target: "PT2H", starts: "run.started", stops: "deal.lost" } } }],
  ])("is, where %s looks out for it", async (_, text, more) =>
    expect(await (await opened(text, more)).say({ type: "receiveMessage", event: "deal.lost", payload: {} })).toBe(
      "ok",
    ),
  );
});
