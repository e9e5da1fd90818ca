/** Each deed tried on a copy: what it would put into the log, and that nothing outside has changed. */
import { describe, expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { finish, newLead } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import type { Values } from "../model.ts";
import { type Deed, dryRun } from "./dry-run.ts";
import { lookingTurn } from "./looking.ts";
import { savable } from "./make-true.ts";
import { settingOf } from "./settings.ts";

const hour = 3_600_000;

async function begin(text: string, more: Parameters<typeof textGraph>[2] = {}, values: Values = {}) {
  const bench = openBareBench();
  await bench.publish(textGraph("tries", text, more));
  const lead = await newLead(bench, { company_name: "Sen", ...values });
  const runId = await bench.start("tries", lead, "lead");
  await bench.engine.worker.drain();
  const look = async () => {
    const run = await bench.run(runId);
    return {
      run,
      process: bench.process(run),
      world: bench.world(),
      turn: lookingTurn(bench.process(run), run, bench.world(), bench.now()),
    };
  };
  /** The events that the deeds would lead to, with who does them and when; or the refusal. */
  const tried = async (...deeds: Deed[]): Promise<string[]> => {
    const { run, process, world } = await look();
    const before = JSON.stringify([run, [...world.records.values()]]);
    const answer = dryRun(process, run, world, deeds, bench.now());
    const after = await look();
    expect(JSON.stringify([after.run, [...after.world.records.values()]])).toBe(before);
    if (!answer.ok) return [`${answer.code}: ${answer.text}`];
    const nodes = [...new Set(Object.values(answer.run.tokens).map(({ node }) => node))];
    return [
      ...answer.events.map(
        ({ type, actor, at, cause }) =>
          `${type} by ${"id" in actor ? actor.id : actor.kind} at ${(at - after.run.startedAt) / hour}h of ${cause}`,
      ),
      `then ${answer.run.end ?? nodes.join(" + ")}`,
    ];
  };
  const set = async (values: Record<string, string | number | boolean | null>, computed = false): Promise<Deed> => {
    const { turn } = await look();
    return { kind: "set", settings: Object.entries(values).map(([path, to]) => settingOf(turn, path, to, computed)!) };
  };
  return { bench, lead, runId, look, tried, set };
}

describe("a deed", () => {
  it("of a person is done by that person, who first takes what nobody has, and ticks what is asked", async () => {
    const { tried, bench, runId } = await begin("call:task\n start -> call -> done", {
      nodes: {
        call: {
          checklist: [{ id: "asked", text: "Asked", byHand: true }],
          gate: { exit: [{ kind: "checklist", item: "asked" }] },
        },
      },
    });
    const done = {
      kind: "complete",
      work: "w1",
      by: "lan",
      claim: false,
      outcome: null,
      values: {},
      fill: [],
    } satisfies Deed;
    expect(await tried(done)).toMatchInlineSnapshot(`
      [
        "MISSING_FIELDS: “Asked” is not ticked yet.",
      ]
    `);
    expect(await tried({ ...done, tick: ["asked"] })).toMatchInlineSnapshot(`
      [
        "WorkCompleted by lan at 0h of dry_1",
        "TokenLeft by lan at 0h of dry_1",
        "TokenEntered by lan at 0h of dry_1",
        "TokenLeft by lan at 0h of dry_1",
        "RunCompleted by lan at 0h of dry_1",
        "then done",
      ]
    `);
    await bench.send({ type: "assignWork", runId, work: "w1", how: { kind: "release" } }, "lan");
    expect(await tried({ ...done, by: "tom", claim: true, tick: ["asked"] })).toMatchInlineSnapshot(`
      [
        "WorkAssigned by tom at 0h of dry_1",
        "WorkCompleted by tom at 0h of dry_2",
        "TokenLeft by tom at 0h of dry_2",
        "TokenEntered by tom at 0h of dry_2",
        "TokenLeft by tom at 0h of dry_2",
        "RunCompleted by tom at 0h of dry_2",
        "then done",
      ]
    `);
    expect(await tried({ ...done, by: "nobody", claim: true })).toMatchInlineSnapshot(`
      [
        "INVALID: That person cannot take work. Nothing was changed; choose somebody else.",
      ]
    `);
  });

  it("of the clock happens when it is due, and what comes after it later", async () => {
    const { tried, bench } = await begin(
      "nap:wait for=duration duration=PT3H\n call:task\n start -> nap -> call -> done",
    );
    await bench.advance(hour);
    const due = bench.now() + 2 * hour;
    expect(await tried({ kind: "time", due })).toMatchInlineSnapshot(`
      [
        "TimerFired by system at 3h of dry_1",
        "TokenLeft by system at 3h of dry_1",
        "TokenEntered by system at 3h of dry_1",
        "WorkOffered by system at 3h of dry_1",
        "WorkAssigned by system at 3h of dry_1",
        "then call",
      ]
    `);
    expect(await tried({ kind: "time", due: due - 1 })).toMatchInlineSnapshot(`
      [
        "then nap",
      ]
    `);
    expect(
      await tried(
        { kind: "time", due },
        { kind: "time", due: 0 },
        { kind: "complete", work: "w1", by: "lan", claim: false, outcome: null, values: {}, fill: [] },
      ),
    ).toMatchInlineSnapshot(`
      [
        "TimerFired by system at 3h of dry_1",
        "TokenLeft by system at 3h of dry_1",
        "TokenEntered by system at 3h of dry_1",
        "WorkOffered by system at 3h of dry_1",
        "WorkAssigned by system at 3h of dry_1",
        "WorkCompleted by lan at 3h of dry_3",
        "TokenLeft by lan at 3h of dry_3",
        "TokenEntered by lan at 3h of dry_3",
        "TokenLeft by lan at 3h of dry_3",
        "RunCompleted by lan at 3h of dry_3",
        "then done",
      ]
    `);
  });

  it("of a sender, a called run or another system", async () => {
    const message = await begin(
      "nap:wait for=event event=paid correlate=lead.email\n start -> nap\n nap.event -> done",
      {},
      { email: "a@sen.com" },
    );
    expect(await message.tried({ kind: "message", event: "paid", key: "a@sen.com" })).toMatchInlineSnapshot(`
      [
        "MessageReceived by system at 0h of dry_1",
        "MessageConsumed by system at 0h of dry_1",
        "TokenLeft by system at 0h of dry_1",
        "TokenEntered by system at 0h of dry_1",
        "TokenLeft by system at 0h of dry_1",
        "RunCompleted by system at 0h of dry_1",
        "then done",
      ]
    `);
    expect(await message.tried({ kind: "message", event: "paid", key: "b@sen.com" })).toMatchInlineSnapshot(`
      [
        "MessageReceived by system at 0h of dry_1",
        "TimerSet by system at 0h of dry_1",
        "then nap",
      ]
    `);
    expect(await message.tried({ kind: "message", event: "paid", key: null })).toMatchInlineSnapshot(`
      [
        "MessageReceived by system at 0h of dry_1",
        "TimerSet by system at 0h of dry_1",
        "then nap",
      ]
    `);
    const waits = textGraph("asked", "ask:task\n start -> ask -> done");
    const call = await (async () => {
      const bench = openBareBench();
      await bench.publish(waits);
      return bench;
    })();
    await call.publish(textGraph("caller", "sub:subprocess process=asked\n start -> sub -> done"));
    const runId = await call.start("caller", await newLead(call), "lead");
    await call.engine.worker.drain();
    const run = await call.run(runId);
    const token = Object.values(run.tokens)[0]!;
    const ended = dryRun(
      call.process(run),
      run,
      call.world(),
      [{ kind: "child", token: token.id, child: token.child! }],
      call.now(),
    );
    expect(ended).toMatchObject({ ok: true, run: { end: "done", outcome: "success" } });
    const other = dryRun(
      call.process(run),
      run,
      call.world(),
      [{ kind: "child", token: token.id, child: "run_9/e1" }],
      call.now(),
    );
    expect(other.ok && other.run.end).toBeFalsy();
  });

  it("that tries again, resumes, skips or moves by hand", async () => {
    const { tried, bench, runId } = await begin(
      "size:automation\n call:task\n after:task\n start -> size -> call -> after -> done",
      {
        nodes: {
          size: { actions: [{ verb: "throw", code: "too_big", text: "too big", when: "lead.employee_count > 10" }] },
        },
      },
      { employee_count: 20 },
    );
    expect(await tried({ kind: "retry", incident: "i1" })).toMatchInlineSnapshot(`
      [
        "IncidentResolved by system at 0h of dry_1",
        "ActionReached by system at 0h of dry_1",
        "IncidentRaised by system at 0h of dry_1",
        "EffectRequested by system at 0h of dry_1",
        "then size",
      ]
    `);
    expect(await tried({ kind: "skip", token: "t1", port: null })).toMatchInlineSnapshot(`
      [
        "IncidentResolved by system at 0h of dry_1",
        "RunJumped by system at 0h of dry_1",
        "TokenLeft by system at 0h of dry_1",
        "TokenEntered by system at 0h of dry_1",
        "WorkOffered by system at 0h of dry_1",
        "WorkAssigned by system at 0h of dry_1",
        "then call",
      ]
    `);
    expect(await tried({ kind: "skip", token: "t1", port: "nowhere" })).toMatchInlineSnapshot(`
      [
        "IncidentResolved by system at 0h of dry_1",
        "RunJumped by system at 0h of dry_1",
        "IncidentRaised by system at 0h of dry_1",
        "EffectRequested by system at 0h of dry_1",
        "then size",
      ]
    `);
    expect(await tried({ kind: "jump", token: "t1", to: "after" })).toMatchInlineSnapshot(`
      [
        "RunJumped by system at 0h of dry_1",
        "IncidentResolved by system at 0h of dry_1",
        "TokenLeft by system at 0h of dry_1",
        "TokenEntered by system at 0h of dry_1",
        "WorkOffered by system at 0h of dry_1",
        "WorkAssigned by system at 0h of dry_1",
        "then after",
      ]
    `);
    expect(await tried({ kind: "resume" })).toMatchInlineSnapshot(`
      [
        "CONFLICT: This run is not suspended.",
      ]
    `);
    await bench.send({ type: "suspendRun", runId, reason: "holiday" }, "linh");
    expect(await tried({ kind: "resume" })).toMatchInlineSnapshot(`
      [
        "RunResumed by system at 0h of dry_1",
        "then size",
      ]
    `);
  });
});

describe("values that are set", () => {
  const waits = "nap:wait for=condition condition={CONDITION}\n start -> nap\n nap.event -> done";
  const on = (condition: string, more: Parameters<typeof textGraph>[2] = {}, values: Values = {}) =>
    begin(
      waits.replace("{CONDITION}", "x"),
      { ...more, nodes: { nap: { config: { for: "condition", condition } } } },
      values,
    );

  it("wake what waits for them, of a record and of the run", async () => {
    const record = await on("lead.employee_count > 10");
    expect(await record.tried(await record.set({ "lead.employee_count": 11 }))).toMatchInlineSnapshot(`
      [
        "TokenLeft by system at 0h of dry_1",
        "TokenEntered by system at 0h of dry_1",
        "TokenLeft by system at 0h of dry_1",
        "RunCompleted by system at 0h of dry_1",
        "then done",
      ]
    `);
    expect(await record.tried(await record.set({ "lead.employee_count": 9 }))).toMatchInlineSnapshot(`
      [
        "then nap",
      ]
    `);
    const run = await on("run.n > 10", { variables: { n: { type: "integer", default: 1 } } });
    expect(await run.tried(await run.set({ "run.n": 11 }))).toMatchInlineSnapshot(`
      [
        "TokenLeft by system at 0h of dry_1",
        "TokenEntered by system at 0h of dry_1",
        "TokenLeft by system at 0h of dry_1",
        "RunCompleted by system at 0h of dry_1",
        "then done",
      ]
    `);
    expect(await run.tried(await run.set({ "run.n": 9 }))).toMatchInlineSnapshot(`
      [
        "then nap",
      ]
    `);
    const both = await on("run.n > 10 and lead.employee_count > 10", {
      variables: { n: { type: "integer", default: 1 } },
    });
    expect((await both.tried(await both.set({ "run.n": 11, "lead.employee_count": 11 }))).at(-1)).toBe("then done");
  });

  it("make the record that is not there yet", async () => {
    const { tried, set, look } = await on('activity.subject = "First call"');
    const deed = await set({ "activity.subject": "First call" });
    if (deed.kind !== "set") throw new Error("a deed that sets");
    expect(deed.settings).toMatchObject([{ record: null, type: "activity", from: null }]);
    expect(await tried(deed)).toEqual(["INVALID: Type is missing."]);
    // It is made, but nothing leads from the run to it.
    const { turn } = await look();
    expect(await tried({ kind: "set", settings: savable(turn, deed.settings) })).toEqual(["then nap"]);
  });

  it("are refused where nobody could save them, but for what comes out of others by itself", async () => {
    const { tried, set } = await on("lead.employee_count > 10", {}, { company_name: null });
    expect(await tried(await set({ "lead.employee_count": 11 }))).toMatchInlineSnapshot(`
      [
        "INVALID: Company is missing.",
      ]
    `);
    expect((await tried(await set({ "lead.employee_count": 11 }, true))).at(-1)).toBe("then done");
  });
});

it("an answer from outside lets a step go on with its actions", async () => {
  const { bench, look } = await begin("call:task\n start -> call -> done", {
    nodes: {
      call: {
        onComplete: [
          { verb: "http", method: "POST", url: "https://a.example/1" },
          { verb: "log", text: "called" },
        ],
      },
    },
  });
  const { run: before } = await look();
  await bench.send({ type: "completeWork", runId: before.id, work: "w1", outcome: null, values: {} }, "lan");
  const { run, process, world } = await look();
  const token = Object.values(run.tokens)[0]!;
  expect(token).toMatchObject({ node: "call", phase: "complete", effect: "e1" });
  expect(dryRun(process, run, world, [{ kind: "answer", effect: "e1" }], bench.now())).toMatchObject({
    ok: true,
    run: { end: "done" },
  });
  await bench.engine.worker.drain();
  expect((await look()).run.end).toBe("done");
  await expect(finish(bench, run.id, "call")).rejects.toThrow("no task at call");
});
