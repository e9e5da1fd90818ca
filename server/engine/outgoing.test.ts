/** What leaves the house and what comes back: worked out to the last character before it is sent, and written where it belongs. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Effect } from "@/server/engine/events.ts";
import type { Plain, Values } from "@/server/engine/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn, variables } from "@/tests/support/flow-play.ts";

let bench: ReturnType<typeof openBareBench>;
let played = 0;
beforeEach(() => {
  bench = openBareBench(Date.UTC(2026, 2, 2, 9));
});
type More = NonNullable<Parameters<typeof playOn>[3]>;
const go = async (action: object, more: More = {}, values: Values = {}) => {
  const run = await playOn(
    // Nobody answers by itself.
    {
      ...bench,
      publish: (document) => bench.publish(document, { asItIs: true }),
      engine: { worker: { drain: async () => {} } },
    },
    `calls${++played}`,
    `go:automation
     next:task
     start -> go -> next -> done`,
    { ...more, nodes: { go: { actions: [action], ...more.nodes?.go } } },
    { last_name: "Vũ & Co", ...values },
  );
  const asked = ((await bench.factsOf(run.runId)) as { type: string; data: { effect: Effect } }[]).flatMap(
    ({ type, data }) => (type === "EffectRequested" ? [data.effect] : []),
  );
  const answer = async (result: Plain, ok = true) => {
    await bench.send({ type: "effectAnswered", runId: run.runId, effect: "e1", ok, result });
    return run.at();
  };
  return { ...run, asked: asked[0], answer };
};

describe("a call", () => {
  it("has its address, headers and body worked out, each part as its place needs it", async () => {
    const { asked } = await go(
      {
        verb: "http",
        method: "POST",
        url: "https://api.example.com/leads/{lead.last_name}?score={lead.fit_score}",
        headers: { "X-Name": "{lead.need_summary}!", "X-Plain": "yes" },
        body: "{name: lead.last_name, score: lead.fit_score, none: lead.phone}",
        connection: "crm",
        expect: [200, 404],
        result: "lead.need_summary",
      },
      {},
      { fit_score: 7, need_summary: "two\r\n\nlines" },
    );
    expect(asked).toEqual({
      kind: "http",
      method: "POST",
      url: "https://api.example.com/leads/V%C5%A9%20%26%20Co?score=7",
      headers: { "X-Name": "two lines!", "X-Plain": "yes" },
      body: { name: "Vũ & Co", score: 7, none: null },
      connection: "crm",
      expect: [200, 404],
      once: "v1.enter.0",
      node: "go",
      wants: true,
    });
  });

  it("says no more than was asked of it", async () => {
    const { asked } = await go({ verb: "http", method: "GET", url: "https://api.example.com/{lead.phone}" });
    expect(asked).toEqual({
      kind: "http",
      method: "GET",
      url: "https://api.example.com/",
      body: null,
      once: "v1.enter.0",
      node: "go",
    });
  });

  it("by a connector carries the record, and waits for its answer", async () => {
    const run = await go(
      { verb: "connector", connector: "crm", operation: "push", map: { "run.id": "answer.body.id" } },
      variables({ id: "" }),
      { fit_score: 7 },
    );
    expect(run.asked).toMatchObject({
      kind: "connector",
      connector: "crm",
      operation: "push",
      values: { fit_score: 7 },
      once: "v1.enter.0",
      wants: true,
    });
    expect(await run.at()).toBe("go");
    expect(await run.answer({ status: 200, body: { id: "x7" } })).toBe("next");
    expect((await run.run()).variables.id).toBe("x7");
    expect((await go({ verb: "connector", connector: "crm" })).asked).toMatchObject({
      operation: "",
      once: "v1.enter.0",
    });
  });

  it("as a chat message leaves without anybody waiting", async () => {
    const run = await go(
      { verb: "chat", connection: "team", text: "New: {lead.last_name} & {lead.fit_score}" },
      {},
      { fit_score: 7 },
    );
    expect(run.asked).toEqual({
      kind: "chat",
      connection: "team",
      text: "New: Vũ & Co & 7",
      once: "v1.enter.0",
      loose: true,
      node: "go",
    });
    expect(await run.at()).toBe("next");
  });

  it("is tried again as the action says, else as the step does", async () => {
    const call = { verb: "http", method: "GET", url: "https://api.example.com" };
    const retry = async (own: object | null, ofStep: object | null) =>
      (await go({ ...call, ...(own && { retry: own }) }, { nodes: { go: ofStep ? { retry: ofStep } : {} } })).asked;
    expect(await retry({ tries: 3, first: "PT1M", final: [409] }, { tries: 9 })).toMatchObject({
      retry: { tries: 3, first: 60_000, final: [409] },
    });
    expect(await retry(null, { tries: 9 })).toMatchObject({ retry: { tries: 9 } });
    expect(await retry(null, null)).not.toHaveProperty("retry");
  });
});

describe("what cannot be worked out is not sent", () => {
  const http = (more: object) => ({ verb: "http", method: "POST", url: "https://api.example.com", ...more });
  it.each([
    [http({ url: "https://a.com/{lead.}" }), "VALUE_FAILED at go: The expression “lead.” cannot be read."],
    [http({ headers: { X: "{1 +}" } }), "VALUE_FAILED at go: The expression “1 +” cannot be read."],
    [http({ body: "{a:" }), "VALUE_FAILED at go: The expression “{a:” cannot be read."],
    [http({ retry: { first: "soon" } }), "BAD_RETRY at go: “soon” is not a duration. Write 8h, 2bd or PT8H."],
    [
      { verb: "chat", connection: "team", text: "{lead.}" },
      "VALUE_FAILED at go: The expression “lead.” cannot be read.",
    ],
  ])("%j", async (action, said) => {
    const run = await go(action);
    expect(await run.at()).toBe(`go (failed); ${said}`);
    expect(run.asked).toMatchObject({ kind: "notice", to: "lan", urgency: "breach" });
  });
});

describe("an answer", () => {
  const http = (more: object = {}) => ({ verb: "http", method: "GET", url: "https://api.example.com", ...more });
  it("goes to the field that takes it whole, and its parts to theirs", async () => {
    const fits = await go(
      http({ map: { "lead.fit_score": "answer.body.score", "run.status": "answer.status" } }),
      variables({ status: 0 }),
    );
    expect(await fits.answer({ status: 201, body: { score: 81 } })).toBe("next");
    expect([(await bench.valuesOf(fits.id)).fit_score, (await fits.run()).variables.status]).toEqual([81, 201]);
    const whole = await go(http({ result: "run.all" }), variables({ all: "" }));
    expect(await whole.answer({ status: 200, body: "fine" })).toBe("next");
    expect((await whole.run()).variables.all).toBe("fine");
  });

  it("that does not fit is an incident at the action that asked", async () => {
    const told = async (map: Record<string, string>) =>
      (await go(http({ map }))).answer({ status: 200, body: { score: "many" } });
    expect(await told({ "lead.fit_score": "answer.body.score" })).toBe(
      "go (failed); ANSWER_REFUSED at go: Fit score cannot hold this result. What came is the text “many”.",
    );
    expect(await told({ "lead.fit_score": "answer.(" })).toBe(
      "go (failed); ANSWER_REFUSED at go: The value “answer.(” of lead.fit_score cannot be read.",
    );
    expect(await told({ "run.none": "answer.status" })).toBe(
      "go (failed); ANSWER_REFUSED at go: The process has no variable none.",
    );
  });

  it.each([
    ["", { id: 7, name: "Vũ" }, 'v takes text. What came is an object: “{id: 7, name: "Vũ"}”.'],
    ["", { text: "fine", id: 7 }, 'v takes text. What came is an object: “{text: "fine", id: 7}”.'],
    ["", {}, "v takes text. What came is an object: “{}”."],
    ["", [], "v takes text. What came is a list: “[]”."],
    ["", ["a", { b: true }], 'v takes text. What came is a list: “["a", {b: true}]”.'],
    ["", 12, "v takes text. What came is “12”."],
    ["", false, "v takes text. What came is “false”."],
    [0, "many", "v takes a whole number. What came is the text “many”."],
    [0, [1], "v takes a whole number. What came is a list: “[1]”."],
    [0, true, "v takes a whole number. What came is “true”."],
    [false, "yes", "v takes yes or no. What came is the text “yes”."],
    [false, { yes: 1 }, "v takes yes or no. What came is an object: “{yes: 1}”."],
    ["", { note: "x".repeat(200) }, `v takes text. What came is an object: “{note: "${"x".repeat(71)}…”.`],
  ])("for a variable that holds %j and is given %j stops that token and says what came", async (held, body, said) => {
    const run = await go(http({ result: "run.v" }), variables({ v: held }));
    expect(await run.answer({ status: 200, body })).toBe(`go (failed); ANSWER_REFUSED at go: ${said}`);
    expect((await run.run()).variables.v).toBe(held);
  });

  it("for a picklist, a date or a date and time has to be one", async () => {
    const told = async (type: object, body: Plain) =>
      (await go(http({ result: "run.v" }), { variables: { v: type } })).answer({ status: 200, body });
    const picklist = { type: "picklist", values: ["go", "stop"] };
    expect(await told(picklist, "go")).toBe("next");
    expect(await told(picklist, "wait")).toMatch(/“wait” is not one of the values of v\.$/);
    expect(await told(picklist, ["go"])).toMatch(/v takes one of its values\. What came is a list: “\["go"\]”\.$/);
    expect(await told({ type: "date" }, "2026-03-02")).toBe("next");
    expect(await told({ type: "date" }, "soon")).toMatch(/v takes a date\. What came is the text “soon”\.$/);
    expect(await told({ type: "datetime" }, "2026-03-02T09:00:00Z")).toBe("next");
    expect(await told({ type: "datetime" }, "soon")).toMatch(
      /v takes a date and time\. What came is the text “soon”\.$/,
    );
    expect(await told(picklist, null)).toBe("next");
  });

  it("for a field that cannot hold it says what came too", async () => {
    const told = async (field: string, body: Plain) =>
      (await go(http({ result: field }))).answer({ status: 200, body });
    expect(await told("lead.need_summary", { id: 7 })).toMatch(
      /Need cannot hold this result\. What came is an object: “\{id: 7\}”\.$/,
    );
    expect(await told("lead.fit_score", "much")).toMatch(
      /Fit score cannot hold this result\. What came is the text “much”\.$/,
    );
  });

  it("that says no is an incident with its words", async () => {
    const call = http();
    expect(await (await go(call)).answer("404 Not Found", false)).toBe(
      "go (failed); EFFECT_FAILED at go: 404 Not Found",
    );
    expect(await (await go(call)).answer({ status: 500 }, false)).toBe(
      "go (failed); EFFECT_FAILED at go: The outside system did not do it.",
    );
  });

  it("that comes a second time, or after the step was left, changes nothing", async () => {
    const run = await go(http());
    expect(await run.answer(null)).toBe("next");
    const { rev } = await run.run();
    expect(await run.answer(null)).toBe("next");
    expect((await run.run()).rev).toBe(rev);
  });

  it("goes on with the next action, also of those that follow the task", async () => {
    const actions = [http(), { verb: "set", field: "lead.fit_score", value: "5" }, http()];
    const run = await go(
      { verb: "log", text: "x" },
      { nodes: { go: { actions, onComplete: [http({ method: "PUT" })] } } },
    );
    expect([await run.at(), await run.answer(null)]).toEqual(["go", "go"]);
    expect((await bench.valuesOf(run.id)).fit_score).toBe(5);
    const waiting = Object.values((await run.run()).tokens)[0]!;
    expect([waiting.action, waiting.phase]).toEqual([2, "enter"]);
    for (const [effect, at] of [
      [waiting.effect, "go"],
      ["next", "next"],
    ] as const) {
      const { effect: open } = Object.values((await run.run()).tokens)[0]!;
      await bench.send({
        type: "effectAnswered",
        runId: run.runId,
        effect: effect === "next" ? open! : effect!,
        ok: true,
        result: null,
      });
      expect(await run.at()).toBe(at);
    }
  });
});

describe("what nobody waited for and was given up", () => {
  it("is an incident with it inside, told to who has the process, and goes once more with a retry", async () => {
    const run = await go({ verb: "send_template", template: "hello" }, {}, { email: "vu@firm.com" });
    const mail = { to: "vu@firm.com", template: "hello", values: { title: "Vũ & Co" }, node: "go" };
    const given = async (more: object) => {
      await bench.send({ type: "effectAnswered", runId: run.runId, effect: "e1", ok: false, ...more } as Parameters<
        typeof bench.send
      >[0]);
      return Object.values((await run.run()).incidents).at(-1);
    };
    expect(await given({ result: "mailbox is full", mail })).toMatchObject({
      token: "",
      node: "go",
      code: "MAIL_FAILED",
      text: "mailbox is full",
      mail,
    });
    const sent = { kind: "chat", connection: "team", text: "Hi", node: "nowhere" };
    expect(await given({ result: null, sent })).toMatchObject({
      node: "start",
      code: "EFFECT_FAILED",
      text: "The mail could not be sent.",
      sent,
    });
    const effects = async () =>
      ((await bench.factsOf(run.runId)) as { type: string; data: { effect: Effect } }[]).flatMap(({ type, data }) =>
        type === "EffectRequested" ? [data.effect] : [],
      );
    expect((await effects()).filter(({ kind }) => kind === "notice")).toEqual([
      {
        kind: "notice",
        to: "lan",
        title: "go",
        text: "mailbox is full",
        urgency: "breach",
        link: `/records/${run.id}`,
      },
      {
        kind: "notice",
        to: "lan",
        title: "start",
        text: "The mail could not be sent.",
        urgency: "breach",
        link: `/records/${run.id}`,
      },
    ]);
    await run.retry("i1");
    expect((await effects()).at(-1)).toEqual({ kind: "mail", ...mail });
    await bench.send({ type: "retryIncident", runId: run.runId, incident: "i2" }, "linh");
    expect((await effects()).at(-1)).toEqual(sent);
    expect(await run.at()).toBe("next");
  });

  it("or is let be, with a reason", async () => {
    const run = await go({ verb: "log", text: "x" });
    await bench.send({
      type: "effectAnswered",
      runId: run.runId,
      effect: "e1",
      ok: false,
      result: null,
      sent: { kind: "chat", connection: "team", text: "Hi" },
    });
    const skip = (reason?: string) =>
      bench.send(
        { type: "retryIncident", runId: run.runId, incident: "i1", how: "skip", ...(reason && { reason }) },
        "linh",
      );
    expect(await skip()).toMatchObject({
      ok: false,
      text: "Say why the action is skipped: it stands in the history. Nothing was changed.",
    });
    expect(await skip("told by phone")).toEqual({ ok: true });
    expect((await run.run()).incidents).toEqual({});
  });
});
