/** Versions in flight, each rule of semantics section 3 as a story. */
import { describe, expect, it } from "vitest";
import type { Run } from "@/server/engine/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { finish, placeOf } from "@/tests/support/flow-play.ts";
import { drawn, pairs, playThenPublish, stateOf } from "@/tests/support/move-on.ts";

const bench = openBareBench();
let count = 0;
const play = (first: Parameters<typeof playThenPublish>[2], second: Parameters<typeof playThenPublish>[3]) =>
  playThenPublish(bench, `flight_${++count}`, first, second);
const workAt = (run: Run, node: string) => Object.values(run.work).find((work) => work.node === node)!;
const refused = (code: string, text: string) => ({
  ok: false,
  code: "UNSOUND",
  text,
  details: { reasons: [expect.objectContaining({ code, text })] },
});

const short = `call:task
  start -> call -> done`;
const longer = `call:task
  check:task
  start -> call -> check -> done`;

describe("a run that is moved", () => {
  it("stays on its version until somebody moves it, and then takes the new way", async () => {
    const run = await play(short, longer);
    expect((await run.run()).version).toBe(1);
    expect(await run.move()).toEqual({ ok: true });
    expect((await run.run()).version).toBe(2);
    await run.done("call");
    expect(await run.at()).toBe("check");
    await run.done("check");
    expect(await run.at()).toBe("done");
  });

  it("may go to an older version too, and its log tells who moved it, from where and why", async () => {
    const run = await play(short, longer);
    await run.move();
    expect(await run.move({ nodes: pairs("start call done") }, { process: `flight_${count}`, version: 1 })).toEqual({
      ok: true,
    });
    expect((await run.only("RunMigrated")).map(({ data }) => data)).toMatchObject([
      { how: "migrated", from: { version: 1 }, to: { version: 2 }, reason: "the new steps are better" },
      { how: "migrated", from: { version: 2 }, to: { version: 1 } },
    ]);
    await run.done("call");
    expect(await run.at()).toBe("done");
  });

  it("may go on in another process for the same type of record, and in no other", async () => {
    const run = await play(short, longer);
    await bench.publish(drawn("elsewhere", longer));
    await bench.publish({ ...drawn("for_accounts", longer), recordType: "account" });
    expect(await run.move({}, { process: "for_accounts", version: 1 })).toMatchObject(
      refused("OTHER_RECORD_TYPE", "“for_accounts” is for another type of record: account, not lead."),
    );
    expect(await run.move({}, { process: "elsewhere", version: 1 })).toEqual({ ok: true });
    expect(await run.run()).toMatchObject({ process: "elsewhere", version: 1 });
  });
  it("keeps its task, who has it, what was typed, its variables and its attempts", async () => {
    const run = await play(
      { text: short, more: { variables: { n: { type: "integer", default: 3 } } } },
      {
        text: longer,
        more: { variables: { n: { type: "integer", default: 9 }, m: { type: "text", default: "new" } } },
      },
    );
    const before = workAt(await run.run(), "call");
    await bench.send({ type: "assignWork", runId: run.runId, work: before.id, how: { kind: "claim" } }, "tom");
    await bench.send({ type: "saveWork", runId: run.runId, work: before.id, values: { "lead.phone": "1" } }, "tom");
    const held = await run.run();
    await run.move();
    const after = await run.run();
    expect(workAt(after, "call")).toEqual(workAt(held, "call"));
    expect(after.visits).toEqual(held.visits);
    expect(after.variables).toEqual({ n: 3, m: "new" });
    expect((await run.only("WorkOffered")).length).toBe(1);
  });

  it("stands at the step that its own became, under its new name", async () => {
    const run = await play(short, { text: longer.replaceAll("call", "phone") });
    expect(await run.move({ nodes: pairs("start call>phone done") })).toEqual({ ok: true });
    expect(await run.at()).toBe("phone");
    expect(workAt(await run.run(), "phone").id).toBe("w1");
    await finish(bench, run.runId, "phone");
    expect(await run.at()).toBe("check");
  });

  it("has its task handed out anew and its form emptied only where that was asked for", async () => {
    const run = await play(short, longer);
    const { id } = workAt(await run.run(), "call");
    await bench.send({ type: "assignWork", runId: run.runId, work: id, how: { kind: "release" } }, "lan");
    await bench.send({ type: "saveWork", runId: run.runId, work: id, values: { "lead.phone": "1" } }, "lan");
    await run.move({ reassign: ["call"], renewForm: ["call"] });
    const work = workAt(await run.run(), "call");
    expect([work.assignee, work.draft]).toEqual(["lan", undefined]);
  });
});

describe("a migration is refused, and nothing is changed,", () => {
  const rule = async (
    first: Parameters<typeof play>[0],
    second: Parameters<typeof play>[1],
    plan: Parameters<Awaited<ReturnType<typeof play>>["move"]>[0],
    code: string,
    text: string,
    until: (run: Awaited<ReturnType<typeof play>>) => Promise<unknown> = async () => undefined,
  ) => {
    const run = await play(first, second);
    await until(run);
    const before = await run.run();
    expect(await run.move(plan)).toMatchObject(refused(code, text));
    expect(await run.run()).toEqual(before);
    expect(await run.only("RunMigrated")).toEqual([]);
  };

  it("when a step that it stands at becomes none", () =>
    rule(
      short,
      `visit:task\n start -> visit -> done`,
      { nodes: pairs("start done") },
      "NOT_MAPPED",
      "It stands at “call”, which becomes no step.",
    ));
  it("when a step would become another kind of step", () =>
    rule(
      short,
      `call:automation\n start -> call -> done`,
      { nodes: pairs("start call done") },
      "OTHER_KIND",
      "“call” cannot become “call”: that is another kind of step.",
    ));
  it("when a step is mapped twice", () =>
    rule(
      short,
      longer,
      { nodes: pairs("start call call>check done") },
      "SOURCE_TWICE",
      "“call” is mapped twice. A step becomes one step.",
    ));
  it("when the map names a step that does not exist", () =>
    rule(
      short,
      longer,
      { nodes: pairs("start call>ring done") },
      "UNKNOWN_STEP",
      "The map names a step that does not exist: ring.",
    ));
  it("when two waits would become one", () =>
    rule(
      `split:parallel\n a:wait for=duration duration=PT1H\n b:wait for=duration duration=PT1H\n meet:join\n start -> split -> a -> meet -> done\n split -> b -> meet`,
      `a:wait for=duration duration=PT1H\n start -> a -> done`,
      { nodes: pairs("start a b>a done") },
      "TARGET_TWICE",
      "“a” and “b” would both become “a”. What waits can be taken once.",
    ));
  it("when a step would leave what it is inside of", () =>
    rule(
      `part:subprocess inline=true\n call:task in=part\n over:end in=part\n call -> over\n start -> part -> done`,
      `part:subprocess inline=true\n ask:task in=part\n over:end in=part\n ask -> over\n call:task\n start -> part -> call -> done`,
      { nodes: pairs("start part over call done") },
      "OTHER_SCOPE",
      "“call” and “call” are not in the same place: what is inside a step must stay inside it.",
    ));
  it("when an event at the edge of a step would leave its step", () =>
    rule(
      {
        text: `call:task\n start -> call -> done\n call.late -> done`,
        more: { nodes: { call: { boundary: [{ id: "late", kind: "timer", after: "P2D" }] } } },
      },
      {
        text: `call:task\n check:task\n start -> call -> check -> done\n check.late -> done`,
        more: { nodes: { check: { boundary: [{ id: "late", kind: "timer", after: "P2D" }] } } },
      },
      { boundaries: [{ from: "call.late", to: "check.late" }] },
      "BOUNDARY_MOVED",
      "The event “late” must stay at what “call” becomes.",
    ));
  it("when a list is gone through in the other way", () =>
    rule(
      `each:for_each list={["a","b"]} as=one mode=parallel\n look:task in=each\n seen:end in=each\n look -> seen\n start -> each -> done`,
      `each:for_each list={["a","b"]} as=one mode=sequential\n look:task in=each\n seen:end in=each\n look -> seen\n start -> each -> done`,
      { nodes: pairs("start each look seen done") },
      "LOOP_MODE",
      "“each” goes through its list one after the other or all at once, and “each” the other way. That cannot change on the way.",
    ));
  it("when a branch waits before a join and its connection becomes none", () =>
    rule(
      `split:parallel\n a:task\n b:task\n meet:join\n start -> split -> a -> meet -> done\n split -> b -> meet`,
      `split:parallel\n a:task\n b:task\n meet:join\n c:task\n start -> split -> a -> c -> meet -> done\n split -> b -> meet`,
      { nodes: pairs("start split a b meet done") },
      "EDGE_NOT_MAPPED",
      "A branch waits before “meet”, and the connection it came by becomes none into “meet”.",
      (run) => run.done("a"),
    ));
  it("when the join there has fewer connections into it", () =>
    rule(
      `split:parallel\n a:task\n b:task\n c:task\n meet:join\n start -> split -> a -> meet -> done\n split -> b -> meet\n split -> c -> meet`,
      `split:parallel\n a:task\n b:task\n meet:join\n start -> split -> a -> meet -> done\n split -> b -> meet`,
      { nodes: pairs("start split a b meet done c>b") },
      "JOIN_TOO_NARROW",
      "“meet” waits for 3 branches, and “meet” has only 2 connections into it.",
      (run) => run.done("a"),
    ));
  it("when it is in the middle of its actions, and they are others there", async () => {
    const acts = (text: string, action: object) => ({ text, more: { nodes: { call: { actions: [action] } } } });
    const run = await play(
      acts(short, { verb: "http", method: "POST", url: "https://a.example/1" }),
      acts(longer, { verb: "log", text: "called" }),
    );
    const key = `flight_${count}`;
    await bench.send({ type: "cancelRun", runId: run.runId, reason: "again" }, "linh");
    // On its old version, and nobody has answered yet.
    await bench.publish(drawn(key, acts(short, { verb: "http", method: "POST", url: "https://a.example/1" })));
    const runId = await bench.start(key, run.id, "lead");
    const to = { process: key, version: 2 };
    const move = { type: "migrateRun", runId, to, plan: { nodes: pairs("start call done") }, reason: "r" } as const;
    expect(await bench.send(move, "linh")).toMatchObject(
      refused(
        "ACTIONS_CHANGED",
        "It is in the middle of what “call” does, and that is not the same in the other version.",
      ),
    );
  });

  it("when the run holds a value that the other version cannot read", () =>
    rule(
      { text: short, more: { variables: { n: { type: "text", default: "three" } } } },
      { text: longer, more: { variables: { n: { type: "integer" } } } },
      {},
      "VALUE_KIND",
      "The run holds a value in “n” that the other version cannot read.",
    ));
  it("when a branch would wait for ever at a join, and says by which way", () =>
    rule(
      `a:task\n start -> a -> done`,
      `split:parallel\n a:task\n b:task\n meet:join\n start -> split -> a -> meet -> done\n split -> b -> meet`,
      {},
      "WOULD_GET_STUCK",
      "It would get stuck at “meet”, on the way “a” → “meet”.",
    ));
  it("when two branches would meet where one is drawn", () =>
    rule(
      `split:parallel\n a:task\n b:task\n meet:join\n start -> split -> a -> meet -> done\n split -> b -> meet`,
      `a:task\n b:task\n start -> a -> b -> done`,
      {},
      "WOULD_GET_STUCK",
      "Two branches would meet at “b”, where one is drawn, on the way “a” → “b”.",
    ));
  it("when it is on that version already, has ended, or has moved since it was looked at", async () => {
    const run = await play(short, longer);
    const to = { process: `flight_${count}`, version: 1 };
    expect(await run.move({}, to)).toMatchObject(refused("SAME_VERSION", "It is on this version already."));
    expect(await run.move({}, { ...to, version: 7 })).toMatchObject({
      code: "NOT_FOUND",
      text: "That version does not exist. Nothing was moved.",
    });
    const { rev } = await run.run();
    const command = {
      type: "migrateRun",
      runId: run.runId,
      to: { ...to, version: 2 },
      plan: { nodes: pairs("call") },
      reason: "r",
    } as const;
    expect(await bench.send({ ...command, seen: rev - 1 }, "linh")).toMatchObject({
      code: "CONFLICT",
      text: "This run has moved on since. Nothing was moved; look at it again.",
    });
    await run.done("call");
    expect(await run.move()).toMatchObject({ code: "RUN_OVER" });
  });
});

describe("what waits", () => {
  const hour = 3_600_000;
  it("keeps the time that is left, is closed when it is gone, and begins now when it is new", async () => {
    const edge = (events: object[]) => ({ nodes: { call: { boundary: events } } });
    const run = await play(
      {
        text: `call:task\n start -> call -> done\n call.nudge -> nudged\n call.gone -> gone`,
        more: edge([
          { id: "nudge", kind: "timer", after: "PT10H" },
          { id: "gone", kind: "timer", after: "PT20H" },
        ]),
      },
      {
        text: `call:task\n start -> call -> done\n call.remind -> nudged\n call.lost -> lost\n call.stop -> stopped`,
        more: edge([
          { id: "remind", kind: "timer", after: "PT50H" },
          { id: "lost", kind: "timer", after: "PT30H" },
          { id: "stop", kind: "message", event: "stop" },
        ]),
      },
    );
    const began = (await run.run()).startedAt;
    await run.wait(2 * hour);
    expect(
      await run.move({
        nodes: pairs("start call nudged done"),
        boundaries: [
          { from: "call.nudge", to: "call.remind" },
          { from: "call.gone", to: "call.lost" },
        ].slice(0, 1),
      }),
    ).toEqual({ ok: true });
    const timers = Object.values((await run.run()).timers);
    expect(timers.map(({ name, due }) => `${name} ${(due - began) / hour}`).sort()).toEqual([
      "boundary:lost 20",
      "boundary:remind 10",
    ]);
    await run.wait(9 * hour);
    expect(await run.at()).toBe("nudged");
  });

  it("an event that is new at the edge of a step is heard from then on, and one that is gone is not", async () => {
    const edge = (id: string) => ({
      text: `call:task\n start -> call -> done\n call.${id} -> ${id}`,
      more: { nodes: { call: { boundary: [{ id, kind: "message", event: id }] } } },
    });
    const run = await play(edge("stop"), edge("halt"));
    await run.move({ nodes: pairs("start call done"), boundaries: [] });
    expect(await run.send("stop")).toMatchObject({ code: "INVALID" });
    await run.send("halt");
    expect(await run.at()).toBe("halt");
  });

  it("a wait looks out for what it says there: kept keys, new events, another deadline from now", async () => {
    const run = await play(
      `nap:wait for=event event=signed timeout=PT10H\n start -> nap\n nap.event -> done\n nap.timeout -> late`,
      {
        text: `nap:wait for=first\n start -> nap\n nap.signed -> done\n nap.paid -> done\n nap.lost -> late`,
        more: {
          nodes: {
            nap: {
              config: {
                for: "first",
                branches: [
                  { id: "signed", for: "event", event: "signed" },
                  { id: "paid", for: "event", event: "paid" },
                  { id: "lost", for: "duration", duration: "PT30H" },
                ],
              },
            },
          },
        },
      },
    );
    const began = (await run.run()).startedAt;
    await run.wait(hour);
    expect(await run.move()).toEqual({ ok: true });
    const after = await run.run();
    expect(Object.values(after.tokens)[0]!.events).toEqual(["signed", "paid"]);
    expect(Object.values(after.timers).map(({ name, due }) => `${name} ${(due - began) / hour}`)).toEqual(["lost 31"]);
    await run.send("paid");
    expect(await run.at()).toBe("done");
  });

  it("a condition that holds there already lets it go on at once", async () => {
    const wait = (condition: string) => ({
      text: `nap:wait for=condition\n start -> nap\n nap.event -> done`,
      more: { nodes: { nap: { config: { for: "condition", condition } } } },
    });
    const run = await play(wait("lead.fit_score > 50"), wait("lead.fit_score = null"));
    await run.move();
    expect(await run.at()).toBe("done");
  });

  it("an approval keeps who has decided and its time limit, which is closed where there is none and begins where it is new", async () => {
    const approval = (timeout: object) => ({
      text: `ok:approval\n start -> ok -> done`,
      more: { nodes: { ok: { config: { selfApproval: "allow", levels: [{ ask: ["ae", "manager"] }], ...timeout } } } },
    });
    const limit = (after: string) => ({ timeout: { after, do: "remind" } });
    const timed = (held: Run) =>
      Object.values(held.timers).flatMap(({ name, due }) =>
        name === "approval" ? [(due - held.startedAt) / 3_600_000] : [],
      );
    const kept = await play(approval(limit("PT10H")), approval(limit("PT50H")));
    const before = await kept.run();
    expect(await kept.move()).toEqual({ ok: true });
    const after = await kept.run();
    expect(after.work).toEqual(before.work);
    expect(after.visits).toEqual(before.visits);
    expect(timed(after)).toEqual([10]);
    const closed = await play(approval(limit("PT10H")), approval({}));
    await closed.move();
    expect(timed(await closed.run())).toEqual([]);
    const fresh = await play(approval({}), approval(limit("PT10H")));
    await fresh.wait(3_600_000);
    await fresh.move();
    expect(timed(await fresh.run())).toEqual([11]);
  });

  it("called runs stay as they are: only the caller is moved", async () => {
    await bench.publish(drawn("child_of_flight", `ask:task\n start -> ask -> done`));
    const run = await play(
      `sub:subprocess process=child_of_flight\n start -> sub -> done`,
      `sub:subprocess process=child_of_flight\n after:task\n start -> sub -> after -> done`,
    );
    const child = (await bench.runsOf(run.id)).find(({ process }) => process === "child_of_flight")!.id;
    await run.move();
    expect(await placeOf(bench, child)).toBe("ask");
    await finish(bench, child, "ask");
    expect(await run.at()).toBe("after");
  });

  it("the instances of a list go along, with what they had done", async () => {
    const list = (more: string) =>
      `each:for_each list={["a","b"]} as=one mode=parallel\n look:task in=each\n ${more ? `${more}:task in=each\n` : ""} seen:end in=each\n look -> ${more ? `${more} -> ` : ""}seen\n start -> each -> done`;
    const run = await play(list(""), list("write"));
    await run.done("look");
    await run.move();
    expect(await run.at()).toBe("each + look");
    await run.done("look");
    expect(await run.at()).toBe("each + write");
    await run.done("write");
    expect(await run.at()).toBe("done");
  });

  it("an incident goes along, and is retried by what the new version says", async () => {
    const broken = (when: string) => ({
      text: `size:automation\n start -> size -> done`,
      more: { nodes: { size: { actions: [{ verb: "throw", code: "too_big", when }] } } },
    });
    const run = await play(broken("true"), broken("lead.fit_score > 50"));
    expect(await run.at()).toContain("too_big");
    expect(await run.move()).toEqual({ ok: true });
    await run.retry();
    expect(await run.at()).toBe("done");
  });

  it("a suspended run is moved too, and goes on only when it is resumed", async () => {
    const run = await play(short, longer);
    await bench.send({ type: "suspendRun", runId: run.runId, reason: "holiday" }, "linh");
    expect(await run.move()).toEqual({ ok: true });
    expect(await run.run()).toMatchObject({ version: 2, status: "suspended" });
    await bench.send({ type: "resumeRun", runId: run.runId }, "linh");
    await run.done("call");
    expect(await run.at()).toBe("check");
  });
});

describe("taken back", () => {
  it("the run is what it was, timers and all, and only its log is longer", async () => {
    const run = await play(
      {
        text: `call:task\n start -> call -> done\n call.late -> done`,
        more: { nodes: { call: { boundary: [{ id: "late", kind: "timer", after: "PT10H" }] } } },
      },
      longer,
    );
    const before = await run.run();
    await run.move();
    const between = await run.run();
    expect(between.timers).toEqual({});
    expect(await run.back(before)).toEqual({ ok: true });
    const after = await run.run();
    expect(stateOf(after)).toEqual(stateOf(before));
    expect(after.rev).toBe(between.rev + 1);
    await run.wait(11 * 3_600_000);
    expect(await run.at()).toBe("done");
  });

  it("only while nothing has happened since", async () => {
    const run = await play(short, longer);
    const before = await run.run();
    await run.move();
    const { rev } = await run.run();
    await run.done("call");
    expect(
      await bench.send({ type: "undoMigration", runId: run.runId, before, reason: "late", seen: rev }, "linh"),
    ).toMatchObject({ code: "UNDO_REFUSED", text: "The run has moved on since. Nothing was undone." });
    expect(await run.at()).toBe("check");
  });
});
