import { expect, it } from "vitest";
import type { Process } from "@/server/engine/process.ts";
import type { Values } from "@/server/engine/model.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { onSqlite } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { openBench } from "./bench.ts";
import { walk } from "./walk.ts";

const open = onSqlite();
const hour = 3_600_000;
const day = 24 * hour;
const week = Object.fromEntries(
  ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((d) => [
    d,
    d === "sat" || d === "sun" ? [] : [{ from: "09:00", to: "17:00" }],
  ]),
);
/** Mon–Fri 09–17 in Hanoi; the bench's clock stands at Monday 09:00 there. */
const office = { calendars: { office: { zone: "Asia/Ho_Chi_Minh", week, holidays: "none" } } };

async function bench(...processes: Process[]) {
  const it = await openBench(await open());
  for (const process of processes) await it.publish(process);
  const account = await it.record("account", { name: "Lotus", domain: "lotus.vn", billing_country: "VN" });
  const deal = (values: Values = {}) =>
    it.record("opportunity", {
      name: "Lotus",
      account_id: account,
      type: "new_business",
      stage: "qualification",
      amount: 8_400_000,
      currency: "USD",
      owner_id: "lan",
      source: "inbound_web",
      close_date: "2026-06-30",
      ...values,
    });
  const start = async (key: string, values: Values = {}) => {
    const id = await deal(values);
    const run = walk(it, await it.start(key, id, "opportunity"));
    return { id, ...run };
  };
  return { ...it, start, on: (runId: string) => walk(it, runId) };
}
const answers = { answers: { title: "Answer", fields: [{ field: "run.answer", required: true }] } };

it("a decision takes the first true condition, then the otherwise one; without one it cannot go live", async () => {
  const { start, publish } = await bench(
    textGraph(
      "choice",
      `start -> size
       size:decision
       big:end outcome=success
       small:end outcome=neutral
       middle:end
       size -> big when opportunity.amount > 50000
       size -> middle when opportunity.amount > 10000
       size -> small otherwise`,
    ),
  );
  expect((await (await start("choice")).run()).end).toBe("big");
  expect((await (await start("choice", { amount: 2_000_000 })).run()).end).toBe("middle");
  expect((await (await start("choice", { amount: 1 })).run()).end).toBe("small");
  // What fits no condition would get stuck: such a process cannot go live.
  const gap = textGraph(
    "gap",
    "start -> size\nsize:decision\nbig:end\nhuge:end\nsize -> big when opportunity.amount > 5\nsize -> huge when opportunity.amount > 9",
  );
  await expect(publish(gap)).rejects.toThrow("has no otherwise branch");
});

it("a split sends a token down every way, and a join waits for all of them", async () => {
  const { start } = await bench(
    textGraph(
      "both",
      `start -> split
       split:parallel
       a:task role=ae
       b:task role=manager
       both:join
       end:end
       split -> a
       split -> b
       a -> both
       b -> both
       both -> end`,
    ),
  );
  const run = await start("both");
  expect(await run.stands()).toBe("a + b");
  expect(await run.finish("b")).toBe("a + both");
  expect(await run.finish("a")).toBe("");
  expect(await run.run()).toMatchObject({ status: "completed", tokens: {} });
});

it("waits last a duration, working days, until a date, or until an event that may come too late", async () => {
  const { start, advance, change, send, engine } = await bench(
    textGraph(
      "waits",
      `start -> hours
       hours:wait for=duration duration=PT3H
       days:wait for=duration duration=2bd calendar=office
       date:wait for=date until=opportunity.close_date
       word:wait for=event event=go.ahead timeout=PT5H
       late:end outcome=negative
       good:end outcome=success
       hours -> days
       days -> date
       date -> word
       word.event -> good
       word.timeout -> late`,
      office,
    ),
  );
  const run = await start("waits", { close_date: "2026-03-09" });
  expect(await run.stands()).toBe("hours");
  await advance(3 * hour);
  expect(await run.stands()).toBe("days"); // Monday 12:00 + two working days = Wednesday 12:00
  await advance(2 * day - 1);
  expect(await run.stands()).toBe("days");
  await advance(1);
  expect(await run.stands()).toBe("date"); // Monday 9 March, 00:00 in Hanoi
  await advance(4 * day + 12 * hour);
  expect(await run.stands()).toBe("word");
  await change(run.id, { next_step: "nothing that matters" });
  await engine.worker.drain();
  expect(await run.stands()).toBe("word");
  await send({ type: "receiveMessage", runId: (await run.run()).id, event: "go.ahead", payload: {} });
  expect(await run.run()).toMatchObject({ end: "good" });

  const second = await start("waits", { close_date: "2026-03-10" });
  await send({ type: "receiveMessage", runId: (await second.run()).id, event: "go.ahead", payload: {} });
  await advance(10 * day);
  // A message that came before the wait is kept for it.
  expect(await second.run()).toMatchObject({ end: "good" });
  const third = await start("waits", { close_date: "2026-03-10" });
  await advance(10 * day);
  expect(await third.run()).toMatchObject({ end: "late", outcome: "negative" });
});

it("a gate holds a token outside until its criteria are true, and says what is missing; a skipped step takes no time and no task", async () => {
  const { start, change, engine, store } = await bench(
    textGraph(
      "gates",
      `start -> call
       call:task role=ae entryCriteria="opportunity.next_step != null and opportunity.amount > 100"
       check:task role=manager skipWhen="opportunity.amount < 500000"
       end:end
       call -> check
       check -> end`,
    ),
  );
  const run = await start("gates", { amount: 4_000_000 });
  expect(await run.stands()).toBe("call (held)");
  expect(await store.read.select().from(store.t.workItem)).toEqual([]);
  await change(run.id, { next_step: "Call them" });
  await engine.worker.drain();
  expect(await run.stands()).toBe("call");
  expect(await run.finish("call")).toBe("");
  expect(await run.run()).toMatchObject({ status: "completed" });
  const visits = await store.read.select().from(store.t.stepVisit);
  expect(visits.map((v) => [v.node, v.skipped])).toEqual([
    ["call", false],
    ["check", true],
  ]);
  expect(await store.read.select().from(store.t.workItem)).toHaveLength(1);
});

it("a timer on a human step interrupts it, or sends a token of its own again and again while the work goes on", async () => {
  const boundary = (over: object) => JSON.stringify([{ id: "nudge", kind: "timer", after: "PT2H", ...over }]);
  const { start, advance } = await bench(
    textGraph(
      "interrupts",
      `start -> call
       call:task role=ae boundary=${boundary({})}
       done:end outcome=success
       late:end outcome=negative
       call -> done
       call.nudge -> late`,
    ),
    textGraph(
      "nudges",
      `start -> call
       call:task role=ae boundary=${boundary({ interrupting: false, repeat: true })}
       tell:automation actions=[{"verb":"notify","to":"manager","text":"Still waiting"}]
       done:end outcome=success
       told:end
       call -> done
       call.nudge -> tell
       tell -> told`,
    ),
  );
  const cut = await start("interrupts");
  await advance(2 * hour);
  expect(await cut.run()).toMatchObject({ status: "completed", end: "late", work: {}, timers: {} });
  const nudged = await start("nudges");
  await advance(2 * hour);
  expect(await nudged.stands()).toBe("call");
  expect((await nudged.notices()).filter((n) => n.text === "Still waiting")).toHaveLength(1);
  await advance(4 * hour);
  expect((await nudged.notices()).filter((n) => n.text === "Still waiting")).toHaveLength(3);
  await nudged.finish("call");
  expect(await nudged.run()).toMatchObject({ status: "completed", timers: {} });
});

it("an SLA warns, breaches at its instant, tells the manager, goes to somebody else, and may take the escalation way", async () => {
  const slas = {
    touch: {
      name: "First touch",
      target: "PT4H",
      calendar: "office",
      pauseWhen: 'opportunity.next_step = "Waiting for them"',
      warnAt: [50],
      onWarn: [{ verb: "notify", to: "assignee", text: "Half is gone" }],
      onBreach: [{ verb: "notify", to: "manager", text: "Missed" }, { verb: "reassign" }],
    },
    hard: { name: "Hard limit", target: "PT7H", calendar: "office", escalate: true },
  };
  const { start, advance, change, engine, clock } = await bench(
    textGraph(
      "late",
      `start -> call
       call:task role=ae slas=["touch","hard"]
       boss:task role=manager
       done:end outcome=success
       call -> done
       call.late -> boss
       boss -> done`,
      { ...office, slas },
    ),
  );
  const run = await start("late");
  const touch = async () => Object.values((await run.run()).clocks).find((c) => c.sla === "touch")?.clock;
  await advance(hour);
  await change(run.id, { next_step: "Waiting for them" });
  await engine.worker.drain();
  expect(await touch()).toMatchObject({ state: "paused" });
  await advance(2 * hour);
  await change(run.id, { next_step: "They answered" });
  await engine.worker.drain();
  // One hour was used before the pause: three are left at 12:00.
  expect(await touch()).toMatchObject({ state: "in_progress", dueAt: clock.now() + 3 * hour });
  await advance(hour);
  expect((await run.notices()).filter((n) => n.text === "Half is gone").map((n) => n.memberId)).toEqual(["lan"]);
  await advance(2 * hour + 1);
  expect((await run.notices()).filter((n) => n.text === "Missed").map((n) => n.memberId)).toEqual(["mai"]);
  expect((await run.taskAt("call")).assignee).toBe("tom");
  // The hard limit does not pause: seven hours of Monday are over at 16:00.
  expect(await run.stands()).toBe("call");
  await advance(hour);
  expect(await run.stands()).toBe("boss");
});

it("a called process runs on the same record or the related one, and its caller waits for its end", async () => {
  const child = textGraph("child", "start -> ask\nask:task role=manager\nend:end\nask -> end");
  const onAccount = {
    ...textGraph("on_account", "start -> ask\nask:task role=manager\nend:end\nask -> end"),
    recordType: "account",
  };
  const { start, runsOf, engine, store, on } = await bench(
    child,
    onAccount,
    textGraph(
      "parent",
      `start -> first
       first:subprocess process=child record=same
       second:subprocess process=on_account record=related
       end:end
       first -> second
       second -> end`,
      { related: { account: { path: "opportunity.account_id" } } },
    ),
  );
  const run = await start("parent");
  await engine.worker.drain();
  expect(await run.stands()).toBe("first");
  const [same] = (await runsOf(run.id)).filter((r) => r.process === "child");
  await on(same!.id).finish("ask");
  expect(await run.stands()).toBe("second");
  const account = (await store.read.select().from(store.t.record)).find((r) => r.type === "account")!;
  const [related] = await runsOf(account.id);
  await on(related!.id).finish("ask");
  expect(await run.run()).toMatchObject({ status: "completed" });
});

it("what the system does: set, create, lock, tell, start another process; a person cannot change what a run holds", async () => {
  const other = textGraph("other", "start -> ask\nask:task role=ae\nend:end\nask -> end");
  const { start, change, runsOf, store, sent, engine, advance } = await bench(
    other,
    textGraph(
      "acts",
      `start -> work
       work:automation actions=[{"verb":"set","field":"opportunity.next_step","value":"\\"Offer\\""},{"verb":"create","type":"quote","from":"opportunity"},{"verb":"lock","object":"opportunity"},{"verb":"notify","to":"owner","text":"Look"},{"verb":"send_template","template":"welcome","to":"owner"},{"verb":"start_process","process":"other"}]
       ask:task role=ae onComplete=[{"verb":"unlock","object":"opportunity"}]
       end:end
       work -> ask
       ask -> end`,
    ),
  );
  const run = await start("acts");
  await engine.worker.drain();
  const records = async (type: string) =>
    (await store.read.select().from(store.t.record)).filter((r) => r.type === type);
  expect((await records("opportunity"))[0]).toMatchObject({
    lockedBy: (await run.run()).id,
    values: { next_step: "Offer" },
  });
  expect((await records("quote"))[0]?.values).toMatchObject({ opportunity_id: run.id, currency: "USD" });
  expect((await run.notices()).map((n) => [n.memberId, n.text])).toContainEqual(["lan", "Look"]);
  await expect(change(run.id, { next_step: "Mine" })).rejects.toThrow("held by a running approval");
  expect((await runsOf(run.id)).map((r) => r.process).sort()).toEqual(["acts", "other"]);
  await advance(hour);
  expect(sent.map((s) => s.kind)).toEqual(["mail"]);
  await run.finish("ask");
  await change(run.id, { next_step: "Mine" });
});

it("a cycle without a wait cannot be published", () => {
  const cycle = textGraph(
    "cycle",
    `start -> count
       count:automation actions=[{"verb":"set","field":"run.n","value":"if run.n = null then 1 else run.n + 1"}]
       again:decision
       end:end
       count -> again
       again -> count when run.n < 5
       again -> end otherwise`,
  );
  const problems = checkDraft(cycle);
  expect(problems.filter((p) => p.severity === "error").map((p) => p.code)).toContain("ENDLESS_LOOP");
});

it("one record is in a process once; a second start meets the first", async () => {
  const { start, send } = await bench(textGraph("once", "start -> ask\nask:task role=ae\nend:end\nask -> end"));
  const run = await start("once");
  const again = await send(
    {
      type: "startRun",
      runId: "run_again",
      process: "once",
      version: 1,
      recordType: "opportunity",
      recordId: run.id,
      trigger: { event: "manual", at: 0 },
    },
    "linh",
  );
  expect(again).toMatchObject({ ok: false, code: "ALREADY_RUNNING" });
});

it("work is handed over, snoozed, blocked and taken back, and only one of two people finishes it", async () => {
  const { start, send, advance } = await bench(
    textGraph("work", "start -> ask\nask:task role=ae form=answers\nend:end\nask -> end", { forms: answers }),
  );
  const run = await start("work");
  const { id: runId } = await run.run();
  const { id: work } = await run.taskAt("ask");
  expect((await run.taskAt("ask")).assignee).toBe("lan");
  await send({ type: "assignWork", runId, work, how: { kind: "hand_over", to: "tom", note: "On leave" } }, "lan");
  expect((await run.taskAt("ask")).assignee).toBe("tom");
  await send({ type: "pauseWork", runId, work, reason: "Waiting for legal" }, "tom");
  await advance(hour);
  await send({ type: "resumeWork", runId, work }, "tom");
  expect(Object.values((await run.run()).visits)[0]?.blockedMs).toBe(hour);
  const complete = (who: string) =>
    send({ type: "completeWork", runId, work, outcome: null, values: { "run.answer": "yes" } }, who);
  const [first, second] = await Promise.all([complete("tom"), complete("lan")]);
  expect(first).toMatchObject({ ok: true });
  expect(second).toMatchObject({ ok: false });
});
