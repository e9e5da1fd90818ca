/** What is written down of whole runs, to the last word: each fact in its order with its reasons. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { barePerson } from "@/tests/support/bare-world.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const hour = 3_600_000;
const begin = Date.UTC(2026, 2, 2, 9);
let bench: ReturnType<typeof openBareBench>;
let played = 0;
beforeEach(() => {
  bench = openBareBench(begin, [barePerson("lan", { roles: ["ae"] }), barePerson("tom", { roles: ["ae"] })]);
});
type More = NonNullable<Parameters<typeof playOn>[3]>;
async function play(text: string, more: More = {}, values: Values = {}) {
  const run = await playOn(bench, `log${++played}`, text, more, values);
  let seen = 0;
  /** What has been written since it was last asked: hours after the beginning, the fact, what is in it. */
  const log = async () => {
    const facts = await bench.factsOf(run.runId);
    const fresh = facts.slice(seen);
    seen = facts.length;
    return fresh
      .filter(({ type }) => type !== "RunStarted")
      .map(({ type, at, due, data }) => {
        const { pick: _pick, ...told }: Record<string, unknown> = { ...data };
        const { visit } = told as { visit?: unknown };
        const short =
          typeof visit === "object" && visit !== null ? { ...told, visit: (visit as { id: string }).id } : told;
        const when = ((due ?? at) - begin) / hour;
        return `${when} ${type} ${Object.entries(short)
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
          .join(" ")}`;
      });
  };
  return { ...run, log };
}

describe("branches", () => {
  it("that part and meet again: one token goes on, the others end with it", async () => {
    const run = await play(
      `split:inclusive
      a:task
      b:task
      c:task
      meet:join mode=taken
      start -> split
      split -> a [lead.fit_score > 10]
      split -> b [lead.fit_score > 20]
      split -> c otherwise
      a -> meet -> done
      b -> meet
      c -> meet`,
      {},
      { fit_score: 50 },
    );
    await run.done("b");
    await run.done("a");
    expect(await run.log()).toEqual([
      "0 TokenEntered token=t1 node=start edge=null from=null",
      '0 TokenLeft token=t1 node=start port=done edges=["e1"]',
      "0 TokenEntered token=t1 node=split edge=e1 from=start",
      '0 TokenLeft token=t1 node=split port=e2 e3 edges=["e2","e3"] conditions=[{"text":"lead.fit_score > 10","inputs":{"lead.fit_score":50},"result":true,"edge":"e2"},{"text":"lead.fit_score > 20","inputs":{"lead.fit_score":50},"result":true,"edge":"e3"}]',
      "0 TokenEntered token=t1 node=a edge=e2 from=split visit=v1",
      "0 WorkOffered work=w1 token=t1 visit=v1 node=a role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w1 assignee=lan from=null why=rule",
      "0 TokenEntered token=t2 node=b edge=e3 from=split visit=v2",
      "0 WorkOffered work=w2 token=t2 visit=v2 node=b role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w2 assignee=lan from=null why=rule",
      "0 WorkCompleted work=w2 outcome=null values={}",
      '0 TokenLeft token=t2 node=b port=done edges=["e7"] visit=v2 outcome=null',
      "0 TokenEntered token=t2 node=meet edge=e7 from=b",
      "0 WorkCompleted work=w1 outcome=null values={}",
      '0 TokenLeft token=t1 node=a port=done edges=["e5"] visit=v1 outcome=null',
      "0 TokenEntered token=t1 node=meet edge=e5 from=a",
      '0 TokenLeft token=t1 node=meet port=done edges=["e6"] merged=["t2"]',
      "0 TokenEntered token=t1 node=done edge=e6 from=meet",
      "0 TokenLeft token=t1 node=done port=end edges=[] ended=true end=success",
      "0 RunCompleted end=done outcome=success",
    ]);
  });
  it("two of three are enough: the third is cancelled", async () => {
    const run = await play(`split:parallel
      a:task
      b:task
      c:task
      meet:join mode=n_of_m count=2 cancelRest=true
      start -> split -> a -> meet -> done
      split -> b -> meet
      split -> c -> meet`);
    await run.log();
    await run.done("a");
    await run.done("b");
    expect(await run.log()).toEqual([
      "0 WorkCompleted work=w1 outcome=null values={}",
      '0 TokenLeft token=t1 node=a port=done edges=["e3"] visit=v1 outcome=null',
      "0 TokenEntered token=t1 node=meet edge=e3 from=a",
      "0 WorkCompleted work=w2 outcome=null values={}",
      '0 TokenLeft token=t2 node=b port=done edges=["e6"] visit=v2 outcome=null',
      "0 TokenEntered token=t2 node=meet edge=e6 from=b",
      "0 WorkCancelled work=w3 reason=enough branches were done",
      "0 TokenLeft token=t3 node=c port=cancelled edges=[] visit=v3 cancelled=true",
      '0 TokenLeft token=t1 node=meet port=done edges=["e4"] merged=["t2"]',
      "0 TokenEntered token=t1 node=done edge=e4 from=meet",
      "0 TokenLeft token=t1 node=done port=end edges=[] ended=true end=success",
      "0 RunCompleted end=done outcome=success",
    ]);
  });
  it("two of three are enough: the third comes late and is taken in, then the next round begins", async () => {
    const run = await play(`split:parallel
      a:task
      b:task
      c:task
      meet:join mode=n_of_m count=2
      next:task
      start -> split -> a -> meet -> next -> done
      split -> b -> meet
      split -> c -> meet`);
    await run.log();
    await run.done("a");
    await run.done("b");
    await run.done("c");
    expect(await run.log()).toEqual([
      "0 WorkCompleted work=w1 outcome=null values={}",
      '0 TokenLeft token=t1 node=a port=done edges=["e3"] visit=v1 outcome=null',
      "0 TokenEntered token=t1 node=meet edge=e3 from=a",
      "0 WorkCompleted work=w2 outcome=null values={}",
      '0 TokenLeft token=t2 node=b port=done edges=["e7"] visit=v2 outcome=null',
      "0 TokenEntered token=t2 node=meet edge=e7 from=b",
      '0 JoinPassed node=meet open=["e9"]',
      '0 TokenLeft token=t1 node=meet port=done edges=["e4"] merged=["t2"]',
      "0 TokenEntered token=t1 node=next edge=e4 from=meet visit=v4",
      "0 WorkOffered work=w4 token=t1 visit=v4 node=next role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w4 assignee=lan from=null why=rule",
      "0 WorkCompleted work=w3 outcome=null values={}",
      '0 TokenLeft token=t3 node=c port=done edges=["e9"] visit=v3 outcome=null',
      "0 TokenEntered token=t3 node=meet edge=e9 from=c",
      "0 TokenLeft token=t3 node=meet port=late edges=[] ended=true",
      "0 JoinPassed node=meet open=[]",
    ]);
  });
});

describe("time and errors", () => {
  it("a for-each one after the other, left by its timer while an item is open", async () => {
    const run = await play(
      `all:for_each list={["x", "y"]} as=one mode=sequential
      ask:task in=all
      over:end in=all
      ask -> over
      start -> all -> done
      all.late -> gone`,
      { nodes: { all: { boundary: [{ id: "late", kind: "timer", after: "PT5H" }] } } },
    );
    await run.wait(hour);
    await run.done("ask");
    await run.wait(5 * hour);
    expect(await run.log()).toEqual([
      "0 TokenEntered token=t1 node=start edge=null from=null",
      '0 TokenLeft token=t1 node=start port=done edges=["e2"]',
      "0 TokenEntered token=t1 node=all edge=e2 from=start visit=v1",
      "0 TimerSet id=m1 name=boundary:late due=1772460000000 token=t1",
      '0 LoopStarted token=t1 as=one records=false items=["x","y"]',
      "0 ScopeOpened id=s1 node=all token=t1 index=0 item=x",
      "0 TokenEntered token=t2 node=ask edge=null from=all scope=s1 visit=v2",
      "0 WorkOffered work=w1 token=t2 visit=v2 node=ask role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w1 assignee=lan from=null why=rule",
      "1 WorkCompleted work=w1 outcome=null values={}",
      '1 TokenLeft token=t2 node=ask port=done edges=["e1"] visit=v2 outcome=null',
      "1 TokenEntered token=t2 node=over edge=e1 from=ask scope=s1",
      "1 TokenLeft token=t2 node=over port=end edges=[] ended=true end=neutral",
      "1 ScopeClosed id=s1 how=completed",
      "1 ScopeOpened id=s2 node=all token=t1 index=1 item=y",
      "1 TokenEntered token=t3 node=ask edge=null from=all scope=s2 visit=v3",
      "1 WorkOffered work=w2 token=t3 visit=v3 node=ask role=ae queue=null approval=false priority=0",
      "1 WorkAssigned work=w2 assignee=lan from=null why=rule",
      "5 TimerFired id=m1 due=1772460000000",
      "5 BoundaryFired token=t1 boundary=late",
      "5 WorkCancelled work=w2 reason=the step was left early",
      "5 TokenLeft token=t3 node=ask port=cancelled edges=[] visit=v3 cancelled=true",
      "5 ScopeClosed id=s2 how=cancelled",
      '5 TokenLeft token=t1 node=all port=late edges=["e4"] visit=v1 cancelled=true',
      "5 TokenEntered token=t1 node=gone edge=e4 from=all",
      "5 TokenLeft token=t1 node=gone port=end edges=[] ended=true end=success",
      "5 RunCompleted end=gone outcome=success",
    ]);
  });
  it("an error that is taken at the edge of what is around it, and what was done is taken back", async () => {
    const run = await play(
      `part:subprocess inline=true
      book:task in=part
      pay:automation in=part
      over:end in=part
      book -> pay -> over
      undo:automation
      start -> part -> done
      part.failed -> undo -> gone`,
      {
        nodes: {
          book: { compensate: [{ verb: "set", field: "lead.fit_score", value: "0" }] },
          pay: { actions: [{ verb: "throw", code: "declined", text: "The card was declined." }] },
          part: { boundary: [{ id: "failed", kind: "error", code: "declined" }] },
          undo: { actions: [{ verb: "compensate" }] },
        },
      },
    );
    await run.done("book");
    expect(await run.log()).toEqual([
      "0 TokenEntered token=t1 node=start edge=null from=null",
      '0 TokenLeft token=t1 node=start port=done edges=["e3"]',
      "0 TokenEntered token=t1 node=part edge=e3 from=start visit=v1",
      "0 ScopeOpened id=s1 node=part token=t1",
      "0 TokenEntered token=t2 node=book edge=null from=part scope=s1 visit=v2",
      "0 WorkOffered work=w1 token=t2 visit=v2 node=book role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w1 assignee=lan from=null why=rule",
      "0 WorkCompleted work=w1 outcome=null values={}",
      '0 TokenLeft token=t2 node=book port=done edges=["e1"] visit=v2 outcome=null compensable=true',
      "0 TokenEntered token=t2 node=pay edge=e1 from=book scope=s1 visit=v3",
      "0 ActionReached token=t2 phase=enter action=0 port=done outcome=null",
      "0 ErrorCaught token=t1 boundary=failed code=declined text=The card was declined.",
      "0 TokenLeft token=t2 node=pay port=cancelled edges=[] visit=v3 cancelled=true",
      "0 ScopeClosed id=s1 how=cancelled",
      '0 TokenLeft token=t1 node=part port=failed edges=["e5"] visit=v1 cancelled=true',
      "0 TokenEntered token=t1 node=undo edge=e5 from=part visit=v4",
      "0 CompensationDone visit=v2 node=book action=0 done=true",
      '0 TokenLeft token=t1 node=undo port=done edges=["e6"] visit=v4',
      "0 TokenEntered token=t1 node=gone edge=e6 from=undo",
      "0 TokenLeft token=t1 node=gone port=end edges=[] ended=true end=success",
      "0 RunCompleted end=gone outcome=success",
    ]);
  });
  it("a timer that comes again beside the step, and a snoozed task that is done", async () => {
    const run = await play(
      `ask:task
      nudge:automation
      start -> ask -> done
      ask.remind -> nudge -> reminded`,
      {
        nodes: {
          ask: { boundary: [{ id: "remind", kind: "timer", after: "PT2H", interrupting: false, repeat: true }] },
        },
      },
    );
    await bench.send(
      { type: "snoozeWork", runId: run.runId, work: "w1", until: begin + 99 * hour, reason: "later" },
      "lan",
    );
    await run.wait(3 * hour);
    await run.done("ask");
    expect(await run.log()).toEqual([
      "0 TokenEntered token=t1 node=start edge=null from=null",
      '0 TokenLeft token=t1 node=start port=done edges=["e1"]',
      "0 TokenEntered token=t1 node=ask edge=e1 from=start visit=v1",
      "0 TimerSet id=m1 name=boundary:remind due=1772449200000 token=t1",
      "0 WorkOffered work=w1 token=t1 visit=v1 node=ask role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w1 assignee=lan from=null why=rule",
      "0 WorkSnoozed work=w1 until=1772798400000 reason=later",
      "0 TimerSet id=m2 name=snooze due=1772798400000 work=w1",
      "2 TimerFired id=m1 due=1772449200000",
      "2 TimerSet id=m3 name=boundary:remind due=1772456400000 token=t1",
      "2 BoundaryFired token=t1 boundary=remind beside=t2",
      "2 TokenEntered token=t2 node=nudge edge=e3 from=ask visit=v2",
      '2 TokenLeft token=t2 node=nudge port=done edges=["e4"] visit=v2',
      "2 TokenEntered token=t2 node=reminded edge=e4 from=nudge",
      "2 TokenLeft token=t2 node=reminded port=end edges=[] ended=true end=success",
      "3 TimerCancelled id=m2",
      "3 WorkCompleted work=w1 outcome=null values={}",
      "3 TimerCancelled id=m3",
      '3 TokenLeft token=t1 node=ask port=done edges=["e2"] visit=v1 outcome=null',
      "3 TokenEntered token=t1 node=done edge=e2 from=ask",
      "3 TokenLeft token=t1 node=done port=end edges=[] ended=true end=success",
      "3 RunCompleted end=done outcome=success",
    ]);
  });
});

describe("what comes from outside", () => {
  it("a message that is early waits; one with another key is kept; the one that is meant wakes its step", async () => {
    const run = await play(
      `ask:task
      paid:wait for=event event=payment.received correlate={lead.last_name}
      start -> ask -> paid
      paid.event -> done`,
      {},
      { last_name: "Vu" },
    );
    await run.send("payment.received", { amount: 1 }, "Other");
    await run.done("ask");
    await run.send("payment.received", { amount: 2 }, "Vu");
    expect(await run.log()).toEqual([
      "0 TokenEntered token=t1 node=start edge=null from=null",
      '0 TokenLeft token=t1 node=start port=done edges=["e1"]',
      "0 TokenEntered token=t1 node=ask edge=e1 from=start visit=v1",
      "0 WorkOffered work=w1 token=t1 visit=v1 node=ask role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w1 assignee=lan from=null why=rule",
      '0 MessageReceived event=payment.received payload={"amount":1} id=n1 key=Other',
      "0 TimerSet id=m1 name=message:n1 due=1773046800000",
      "0 WorkCompleted work=w1 outcome=null values={}",
      '0 TokenLeft token=t1 node=ask port=done edges=["e2"] visit=v1 outcome=null',
      "0 TokenEntered token=t1 node=paid edge=e2 from=ask visit=v2",
      '0 WaitStarted token=t1 events=["payment.received"] condition=false keys=["Vu"]',
      '0 MessageReceived event=payment.received payload={"amount":2} id=n2 key=Vu',
      "0 MessageConsumed event=payment.received token=t1 id=n2",
      '0 TokenLeft token=t1 node=paid port=event edges=["e3"] visit=v2 outcome=null',
      "0 TokenEntered token=t1 node=done edge=e3 from=paid",
      "0 TokenLeft token=t1 node=done port=end edges=[] ended=true end=success",
      "0 TimerCancelled id=m1",
      "0 RunCompleted end=done outcome=success",
    ]);
  });
  it("a condition at the edge of a step happens when it comes to hold, each time; a message ends it", async () => {
    const run = await play(
      `ask:task
      look:automation
      start -> ask -> done
      ask.hot -> look -> looked
      ask.stop -> gone`,
      {
        nodes: {
          ask: {
            boundary: [
              { id: "hot", kind: "record_changed", when: "lead.fit_score > 50", interrupting: false },
              { id: "stop", kind: "message", event: "deal.lost" },
            ],
          },
        },
      },
    );
    await run.log();
    for (const fit_score of [60, 70, 10, 80]) await run.change({ fit_score });
    await run.send("deal.lost");
    expect(await run.log()).toEqual([
      "0 BoundaryArmed token=t1 boundary=hot holds=true",
      '0 BoundaryFired token=t1 boundary=hot beside=t2 condition={"text":"lead.fit_score > 50","inputs":{"lead.fit_score":60},"result":true}',
      "0 TokenEntered token=t2 node=look edge=e3 from=ask visit=v2",
      '0 TokenLeft token=t2 node=look port=done edges=["e4"] visit=v2',
      "0 TokenEntered token=t2 node=looked edge=e4 from=look",
      "0 TokenLeft token=t2 node=looked port=end edges=[] ended=true end=success",
      "0 BoundaryArmed token=t1 boundary=hot holds=false",
      "0 BoundaryArmed token=t1 boundary=hot holds=true",
      '0 BoundaryFired token=t1 boundary=hot beside=t3 condition={"text":"lead.fit_score > 50","inputs":{"lead.fit_score":80},"result":true}',
      "0 TokenEntered token=t3 node=look edge=e3 from=ask visit=v3",
      '0 TokenLeft token=t3 node=look port=done edges=["e4"] visit=v3',
      "0 TokenEntered token=t3 node=looked edge=e4 from=look",
      "0 TokenLeft token=t3 node=looked port=end edges=[] ended=true end=success",
      "0 MessageReceived event=deal.lost payload={} id=n1",
      "0 MessageConsumed event=deal.lost token=t1 id=n1",
      "0 BoundaryFired token=t1 boundary=stop",
      "0 WorkCancelled work=w1 reason=the step was left early",
      '0 TokenLeft token=t1 node=ask port=stop edges=["e5"] visit=v1 cancelled=true',
      "0 TokenEntered token=t1 node=gone edge=e5 from=ask",
      "0 TokenLeft token=t1 node=gone port=end edges=[] ended=true end=success",
      "0 RunCompleted end=gone outcome=success",
    ]);
  });
  it("suspended nothing moves, and what was heard counts afterwards, in its order", async () => {
    const run = await play(`ask:wait for=condition condition={lead.fit_score > 50} timeout=PT5H
      start -> ask
      ask.event -> done
      ask.timeout -> late`);
    await run.log();
    await bench.send({ type: "suspendRun", runId: run.runId, reason: "audit" }, "tom");
    await run.change({ fit_score: 60 });
    await run.wait(hour);
    await bench.send({ type: "resumeRun", runId: run.runId }, "tom");
    expect(await run.log()).toEqual([
      "0 RunSuspended reason=audit",
      '0 NewsKept news={"type":"recordChanged","recordType":"lead","recordId":"lead_1","events":[],"since":1772442000000}',
      "1 RunResumed ",
      "1 TimerCancelled id=m1",
      '1 TokenLeft token=t1 node=ask port=event edges=["e2"] visit=v1 outcome=null',
      "1 TokenEntered token=t1 node=done edge=e2 from=ask",
      "1 TokenLeft token=t1 node=done port=end edges=[] ended=true end=success",
      "1 RunCompleted end=done outcome=success",
    ]);
  });
});

describe("what is done by hand", () => {
  it("a step is added beside, another skipped, the run moved and then cancelled", async () => {
    const run = await play(`ask:task
      next:task
      start -> ask -> next -> done`);
    expect(await run.log()).toEqual([
      "0 TokenEntered token=t1 node=start edge=null from=null",
      '0 TokenLeft token=t1 node=start port=done edges=["e1"]',
      "0 TokenEntered token=t1 node=ask edge=e1 from=start visit=v1",
      "0 WorkOffered work=w1 token=t1 visit=v1 node=ask role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w1 assignee=lan from=null why=rule",
    ]);
    await run.jump({ kind: "add", node: "next" }, "a second look");
    await run.jump({ kind: "skip", token: "t1" }, "known already");
    await run.jump({ kind: "jump", token: "t1", to: "ask" }, "once more");
    await bench.send({ type: "cancelRun", runId: run.runId, reason: "lost" }, "tom");
    expect(await run.log()).toEqual([
      "0 RunJumped how=add token=t2 from=null to=next reason=a second look",
      "0 TokenEntered token=t2 node=next edge=null from=null alone=true visit=v2",
      "0 WorkOffered work=w2 token=t2 visit=v2 node=next role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w2 assignee=lan from=null why=rule",
      "0 RunJumped how=skip token=t1 from=ask to=ask reason=known already",
      "0 WorkCancelled work=w1 reason=the step was left",
      '0 TokenLeft token=t1 node=ask port=done edges=["e2"] visit=v1 skipped=true',
      "0 TokenEntered token=t1 node=next edge=e2 from=ask visit=v3",
      "0 WorkOffered work=w3 token=t1 visit=v3 node=next role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w3 assignee=lan from=null why=rule",
      "0 RunJumped how=jump token=t3 from=next to=ask reason=once more",
      "0 WorkCancelled work=w3 reason=once more",
      "0 TokenLeft token=t1 node=next port=cancelled edges=[] visit=v3 cancelled=true",
      "0 TokenEntered token=t3 node=ask edge=null from=next visit=v4",
      "0 WorkOffered work=w4 token=t3 visit=v4 node=ask role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w4 assignee=lan from=null why=rule",
      "0 WorkCancelled work=w2 reason=lost",
      "0 TokenLeft token=t2 node=next port=cancelled edges=[] visit=v2 cancelled=true",
      "0 WorkCancelled work=w4 reason=lost",
      "0 TokenLeft token=t3 node=ask port=cancelled edges=[] visit=v4 cancelled=true",
      "0 RunCancelled reason=lost",
    ]);
  });
  it("going back as often as it may: then somebody lets it go round again", async () => {
    const run = await play(
      `ask:task
      good:decision
      start -> ask -> good
      good -> ask [lead.fit_score < 50] max 1
      good -> done otherwise`,
      {},
      { fit_score: 1 },
    );
    await run.done("ask");
    await run.log();
    await run.done("ask");
    await run.retry();
    expect(await run.log()).toEqual([
      "0 WorkCompleted work=w2 outcome=null values={}",
      '0 TokenLeft token=t1 node=ask port=done edges=["e2"] visit=v2 outcome=null',
      "0 TokenEntered token=t1 node=good edge=e2 from=ask",
      "0 IncidentRaised id=i1 token=t1 node=good code=LOOP_CAP text=This run went back to “ask” once, which is as often as it may. Retry to let it go back again, or move it on.",
      '0 EffectRequested id=e1 effect={"kind":"notice","to":"lan","title":"good","text":"This run went back to “ask” once, which is as often as it may. Retry to let it go back again, or move it on.","urgency":"breach","link":"/records/lead_1"} token=null',
      "0 IncidentResolved id=i1",
      "0 TokenEntered token=t1 node=good edge=e2 from=null",
      '0 TokenLeft token=t1 node=good port=e3 edges=["e3"] conditions=[{"text":"lead.fit_score < 50","inputs":{"lead.fit_score":1},"result":true,"edge":"e3"}]',
      "0 ReworkStarted edge=e3 from=good to=ask counted=true",
      "0 TokenEntered token=t1 node=ask edge=e3 from=good visit=v3",
      "0 WorkOffered work=w3 token=t1 visit=v3 node=ask role=ae queue=null approval=false priority=0",
      "0 WorkAssigned work=w3 assignee=lan from=null why=rule",
    ]);
  });
});
