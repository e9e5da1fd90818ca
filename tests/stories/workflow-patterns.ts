/**
 * The workflow patterns of van der Aalst and others that Millrace runs, one story each, named by their numbers (semantics,
 * section 2); the refused ones are in `refused-patterns.test.ts`.
 */
import { expect, it } from "vitest";
import { type FlowBench, newLead, placeOf, playOn, variables } from "../support/flow-play.ts";
import { textGraph } from "../support/text-graph.ts";

const hour = 3_600_000;
const day = 24 * hour;

export function workflowPatterns(theBench: () => Promise<FlowBench>): void {
  const play = async (...given: Parameters<typeof playOn> extends [unknown, ...infer Rest] ? Rest : never) =>
    playOn(await theBench(), ...given);
  const list = (names: string[]) => `{${JSON.stringify(names)}}`;

  it("1 sequence: a step begins when the one before it has ended", async () => {
    const run = await play("p1", "a:task\nb:task\nstart -> a -> b -> done");
    expect(await run.at()).toBe("a");
    await run.done("a");
    expect(await run.at()).toBe("b");
    await run.done("b");
    expect(await run.at()).toBe("done");
  });

  it("2 and 3 parallel split and synchronisation: all branches at once, on when all have come", async () => {
    const run = await play(
      "p2",
      `split:parallel
       a:task
       b:task
       meet:join
       start -> split -> a -> meet -> done
       split -> b -> meet`,
    );
    expect(await run.at()).toBe("a + b");
    await run.done("a");
    expect(await run.at()).toBe("b + meet");
    await run.done("b");
    expect(await run.at()).toBe("done");
  });

  it("4 and 5 exclusive choice and simple merge: the first true branch, and on without waiting", async () => {
    const text = `size:decision
       big:task
       small:task
       after:task
       start -> size
       size -> big [run.n > 10]
       size -> small otherwise
       big -> after
       small -> after -> done`;
    const run = await play("p4", text, variables({ n: 50 }));
    expect(await run.at()).toBe("big");
    await run.done("big");
    expect(await run.at()).toBe("after");
  });

  it("6 and 7 multi-choice and synchronising merge: every true branch, and the join waits for exactly those", async () => {
    const text = `any:inclusive
       a:task
       b:task
       c:task
       meet:join mode=taken
       start -> any
       any -> a [run.n > 1]
       any -> b [run.n > 2]
       any -> c otherwise
       a -> meet -> done
       b -> meet
       c -> meet`;
    const both = await play("p6", text, variables({ n: 3 }));
    expect(await both.at()).toBe("a + b");
    await both.done("a");
    expect(await both.at()).toBe("b + meet");
    await both.done("b");
    expect(await both.at()).toBe("done");
    const one = await play("p6_one", text, variables({ n: 2 }));
    expect(await one.at()).toBe("a");
    await one.done("a");
    expect(await one.at()).toBe("done");
    const none = await play("p6_none", text, variables({ n: 0 }));
    expect(await none.at()).toBe("c");
  });

  it("8 multi-merge, when it is asked for: what follows is done once for each that comes", async () => {
    const text = `split:parallel
       a:task
       b:task
       after:automation
       start -> split -> a -> after -> done
       split -> b -> after`;
    const bench = await theBench();
    await expect(bench.publish(textGraph("p8_plain", text))).rejects.toThrow(/Put a join before it/);
    const run = await play("p8", text, { nodes: { after: { multiMerge: true } } });
    await run.done("a");
    await run.done("b");
    expect(await run.at()).toBe("done");
    expect((await run.bench.run(run.runId)).visited.after).toBe(2);
  });

  it("10 arbitrary cycles: back to an earlier step as often as it takes, up to a cap, which is an incident", async () => {
    const text = `ask:task
       check:decision
       start -> ask -> check
       check -> done [run.ok]
       check -> ask otherwise max 2`;
    const run = await play("p10", text, variables({ ok: false }));
    for (let i = 0; i < 2; i++) await run.done("ask");
    expect(await run.at()).toBe("ask");
    await run.done("ask");
    expect(await run.at()).toContain("LOOP_CAP at check: This run went back to “ask” 2 times");
    await run.bench.send({ type: "retryIncident", runId: run.runId, incident: "i1" }, "linh");
    expect(await run.at()).toBe("ask");
  });

  it("11 and 43 implicit and explicit termination: a plain end takes its token, a terminating one ends all", async () => {
    const text = (terminate: boolean) => `split:parallel
       a:task
       b:task
       out:end outcome=success terminate=${terminate}
       start -> split -> a -> out
       split -> b -> done`;
    const plain = await play("p11", text(false));
    await plain.done("a");
    expect(await plain.at()).toBe("b");
    await plain.done("b");
    expect((await plain.bench.run(plain.runId)).status).toBe("completed");
    const explicit = await play("p43", text(true));
    await explicit.done("a");
    expect(await explicit.at()).toBe("out");
    expect(Object.keys((await explicit.bench.run(explicit.runId)).work)).toEqual([]);
  });

  it("12 spawn without waiting: another process is started, and this one goes on", async () => {
    const bench = await theBench();
    await bench.publish(textGraph("p12_other", "look:task\nstart -> look -> done"));
    const run = await play("p12", "kick:automation\na:task\nstart -> kick -> a -> done", {
      nodes: { kick: { actions: [{ verb: "start_process", process: "p12_other" }] } },
    });
    expect(await run.at()).toBe("a");
    expect((await run.bench.runsOf(run.id)).map((r) => r.process).sort()).toEqual(["p12", "p12_other"]);
  });

  it("13 a fixed number of instances: as many as are drawn, all at once, on when all are done", async () => {
    const run = await play(
      "p13",
      `each:for_each list={[1, 2, 3]} as=n
       look:task in=each
       seen:end in=each
       look -> seen
       start -> each -> done`,
    );
    expect(await run.at()).toBe("each + look + look + look");
    await run.done("look");
    await run.done("look");
    expect(await run.at()).toBe("each + look");
    await run.done("look");
    expect(await run.at()).toBe("done");
  });

  it("14 as many instances as the list has when it begins; inside, expressions see the item; none at all is fine", async () => {
    const text = `each:for_each list={split(run.names, ",")} as=name mode=sequential output={x}
       greet:automation in=each
       look:task in=each
       seen:end in=each
       greet -> look -> seen
       start -> each -> done`;
    const more = {
      ...variables({ names: "Lan,Tom", greeted: "", of: 0 }),
      nodes: {
        each: {
          config: {
            over: "list",
            list: 'split(run.names, ",")',
            as: "name",
            mode: "sequential",
            output: { "run.of": "loop.done" },
          },
        },
        greet: {
          actions: [{ verb: "set", field: "run.greeted", value: 'run.greeted + string(loop.index) + name + " "' }],
        },
      },
    };
    const run = await play("p14", text, more);
    expect(await run.at()).toBe("each + look");
    await run.done("look");
    expect((await run.bench.run(run.runId)).variables.greeted).toBe("1Lan 2Tom ");
    await run.done("look");
    expect(await run.at()).toBe("done");
    expect((await run.bench.run(run.runId)).variables.of).toBe(2);
    const bench = await theBench();
    await bench.publish(
      textGraph(
        "p14_none",
        `each:for_each list={[]} as=name
         look:task in=each
         seen:end in=each
         look -> seen
         start -> each -> done`,
      ),
    );
    const none = await bench.start("p14_none", await newLead(bench), "lead");
    expect(await placeOf(bench, none)).toBe("done");
  });

  it("14 over records: each contact of the account is looked at, and what is written goes to that contact", async () => {
    const bench = await theBench();
    const account = await bench.record("account", { name: "Lines Ltd", owner_id: "lan" });
    await bench.publish({
      ...textGraph(
        "p14_records",
        `each:for_each over=records records=contact as=person mode=parallel
         mark:automation in=each
         seen:end in=each
         mark -> seen
         start -> each -> done`,
        {
          nodes: {
            mark: { actions: [{ verb: "set", field: "person.job_title", value: 'person.last_name + " of Lines"' }] },
          },
        },
      ),
      recordType: "account",
    });
    const ids: string[] = [];
    for (const name of ["Ann", "Bo"])
      ids.push(
        await bench.record("contact", {
          last_name: name,
          email: `${name.toLowerCase()}@lines.com`,
          account_id: account,
        }),
      );
    await bench.engine.worker.drain();
    const runId = await bench.start("p14_records", account, "account");
    expect(await placeOf(bench, runId)).toBe("done");
    const [ann, bo] = [await bench.valuesOf(ids[0]!), await bench.valuesOf(ids[1]!)];
    expect([ann.job_title, bo.job_title]).toEqual(["Ann of Lines", "Bo of Lines"]);
  });

  it("15 one more instance while it is open", async () => {
    const run = await play(
      "p15",
      `each:for_each list=${list(["a", "b"])} as=name
       look:task in=each
       seen:end in=each
       look -> seen
       start -> each -> done`,
    );
    const { tokens } = await run.bench.run(run.runId);
    const owner = Object.values(tokens).find((t) => t.node === "each")!;
    expect((await run.jump({ kind: "add_item", token: owner.id, item: "c" })).ok).toBe(true);
    expect(await run.at()).toBe("each + look + look + look");
    for (let i = 0; i < 3; i++) await run.done("look");
    expect(await run.at()).toBe("done");
  });

  it("16 deferred choice: whatever happens first decides, and the rest is given up", async () => {
    const text = `any:wait
       start -> any
       any.signed -> won
       any.declined -> lost
       any.silent -> late
       any.grown -> big`;
    const more = {
      nodes: {
        any: {
          config: {
            for: "first",
            branches: [
              { id: "signed", for: "event", event: "contract.signed" },
              { id: "declined", for: "event", event: "contract.declined" },
              { id: "silent", for: "duration", duration: "P3D" },
              { id: "grown", for: "condition", condition: "lead.fit_score > 90" },
            ],
          },
        },
      },
    };
    const declined = await play("p16", text, more);
    await declined.send("contract.declined");
    expect(await declined.at()).toBe("lost");
    expect(Object.keys((await declined.bench.run(declined.runId)).timers)).toEqual([]);
    const silent = await play("p16_silent", text, more);
    await silent.wait(3 * day);
    expect(await silent.at()).toBe("late");
    const grown = await play("p16_grown", text, more);
    await grown.bench.change(grown.id, { fit_score: 95 });
    await grown.bench.engine.worker.drain();
    expect(await grown.at()).toBe("big");
  });

  it("18 milestone: a goal is reached from anywhere, and what is open is cancelled", async () => {
    const text = `split:parallel
       a:task
       b:wait for=duration duration=P9D
       meet:join
       met:end outcome=success goal={lead.fit_score > 90}
       paid:end outcome=success goalEvent=invoice.paid
       start -> split -> a -> meet -> done
       split -> b -> meet`;
    const byValue = await play("p18", text);
    expect(await byValue.at()).toBe("a + b");
    await byValue.bench.change(byValue.id, { fit_score: 95 });
    await byValue.bench.engine.worker.drain();
    expect(await byValue.at()).toBe("met");
    expect(Object.keys((await byValue.bench.run(byValue.runId)).work)).toEqual([]);
    const byEvent = await play("p18_event", text);
    await byEvent.send("invoice.paid");
    expect(await byEvent.at()).toBe("paid");
  });

  it("19 cancel a step: an event at its edge ends it; its work, clocks and timers go with it", async () => {
    const text = `ask:task
       start -> ask -> done
       ask.gone -> gone`;
    const edge = (boundary: object) => ({ nodes: { ask: { boundary: [{ id: "gone", ...boundary }] } } });
    const byTime = await play("p19_time", text, edge({ kind: "timer", after: "PT2H" }));
    await byTime.wait(2 * hour);
    expect(await byTime.at()).toBe("gone");
    const byMessage = await play("p19_message", text, edge({ kind: "message", event: "order.cancelled" }));
    await byMessage.send("order.cancelled");
    expect(await byMessage.at()).toBe("gone");
    const byChange = await play("p19_change", text, edge({ kind: "record_changed", when: "lead.fit_score < 10" }));
    await byChange.bench.change(byChange.id, { fit_score: 50 });
    await byChange.bench.engine.worker.drain();
    expect(await byChange.at()).toBe("ask");
    await byChange.bench.change(byChange.id, { fit_score: 5 });
    await byChange.bench.engine.worker.drain();
    expect(await byChange.at()).toBe("gone");
    const { timers, work, clocks } = await byChange.bench.run(byChange.runId);
    expect([timers, work, clocks]).toEqual([{}, {}, {}]);
  });

  it("20 cancel a case: nothing of the run is left", async () => {
    const run = await play("p20", "ask:task\nstart -> ask -> done");
    await run.bench.send({ type: "cancelRun", runId: run.runId, reason: "customer withdrew" }, "linh");
    const { status, tokens, work, timers } = await run.bench.run(run.runId);
    expect([status, tokens, work, timers]).toEqual(["cancelled", {}, {}, {}]);
  });

  it("21 structured loop: the same steps again until a condition holds", async () => {
    const run = await play(
      "p21",
      `count:automation
       nap:wait for=duration duration=PT1H
       more:decision
       start -> count -> nap -> more
       more -> count [run.n < 3]
       more -> done otherwise`,
      { ...variables({ n: 0 }), nodes: { count: { actions: [{ verb: "set", field: "run.n", value: "run.n + 1" }] } } },
    );
    await run.wait(3 * hour);
    expect(await run.at()).toBe("done");
    expect((await run.bench.run(run.runId)).variables.n).toBe(3);
  });

  it("22 recursion: a process may call itself, and 16 calls deep is an incident of the deepest", async () => {
    const bench = await theBench();
    await bench.publish(textGraph("p22", "ask:task\nstart -> ask -> done", { runPolicy: "many" }));
    await bench.publish(
      textGraph("p22", "again:subprocess process=p22\nstart -> again -> done", { runPolicy: "many" }),
    );
    const id = await newLead(bench);
    await bench.start("p22", id, "lead");
    await bench.engine.worker.drain();
    const places = [];
    for (const { id: runId } of await bench.runsOf(id)) places.push(await placeOf(bench, runId));
    expect(places).toHaveLength(17);
    expect(places.filter((place) => place.includes("TOO_DEEP"))).toHaveLength(1);
  });

  it("23 transient trigger: what came before the wait is lost on it", async () => {
    const text = (transient: boolean) => `ask:task
       reply:wait for=event event=reply.received transient=${transient}
       start -> ask -> reply
       reply.event -> heard`;
    const transient = await play("p23", text(true));
    await transient.send("reply.received");
    await transient.done("ask");
    expect(await transient.at()).toBe("reply");
    await transient.send("reply.received");
    expect(await transient.at()).toBe("heard");
  });

  it("24 persistent trigger: a message that came early is taken by the wait for its key, once, for seven days", async () => {
    const text = `ask:task
       paid:wait for=event event=payment.received correlate={lead.last_name}
       start -> ask -> paid
       paid.event -> heard`;
    const more = {
      ...variables({ amount: 0 }),
      nodes: {
        paid: {
          config: {
            for: "event",
            event: "payment.received",
            correlate: "lead.last_name",
            output: { "run.amount": "message.amount" },
          },
        },
      },
    };
    const run = await play("p24", text, more);
    const { name } = run;
    await run.send("payment.received", { amount: 1 }, "somebody else");
    await run.send("payment.received", { amount: 42 }, name);
    await run.done("ask");
    expect(await run.at()).toBe("heard");
    expect((await run.bench.run(run.runId)).variables.amount).toBe(42);
    const late = await play("p24_late", text, more);
    await late.send("payment.received", { amount: 1 }, late.name);
    expect(Object.keys((await late.bench.run(late.runId)).messages)).toHaveLength(1);
    await late.wait(7 * day);
    expect((await late.bench.run(late.runId)).messages).toEqual({});
    await late.done("ask");
    expect(await late.at()).toBe("paid");
    const stray = await late.send("weather.changed");
    expect(stray).toMatchObject({ ok: false, text: expect.stringContaining("waits for “weather.changed”") });
  });

  it("25 cancel a region: an event at the edge of a sub-process ends all that is inside", async () => {
    const run = await play(
      "p25",
      `part:subprocess inline=true
       split:parallel in=part
       a:task in=part
       b:task in=part
       meet:join in=part
       over:end in=part
       split -> a -> meet -> over
       split -> b -> meet
       start -> part -> done
       part.void -> voided`,
      { nodes: { part: { boundary: [{ id: "void", kind: "message", event: "quote.voided" }] } } },
    );
    expect(await run.at()).toBe("a + b + part");
    await run.send("quote.voided");
    expect(await run.at()).toBe("voided");
    expect((await run.bench.run(run.runId)).scopes).toEqual({});
  });

  it("26 and 27 cancel or complete a for-each: by an event at its edge, or when its condition holds", async () => {
    const text = `each:for_each list=${list(["a", "b", "c"])} as=name completeWhen={loop.negative > 0}
       vote:task in=each
       no:decision in=each
       yes:end in=each outcome=success
       refused:end in=each outcome=negative
       vote -> no
       no -> refused [run.refuse]
       no -> yes otherwise
       start -> each -> done
       each.stop -> stopped`;
    const more = {
      ...variables({ refuse: true }),
      nodes: { each: { boundary: [{ id: "stop", kind: "timer", after: "P1D" }] } },
    };
    const completed = await play("p27", text, more);
    expect(await completed.at()).toBe("each + vote + vote + vote");
    await completed.done("vote");
    expect(await completed.at()).toBe("done");
    const cancelled = await play("p26", text, more);
    await cancelled.wait(day);
    expect(await cancelled.at()).toBe("stopped");
    expect((await cancelled.bench.run(cancelled.runId)).work).toEqual({});
  });

  it("29 cancelling discriminator: the first answer wins, the other branches are cancelled", async () => {
    const run = await play(
      "p29",
      `split:parallel
       a:task
       b:task
       first:join mode=n_of_m count=1 cancelRest=true
       start -> split -> a -> first -> after -> done
       after:task
       split -> b -> first`,
    );
    await run.done("b");
    expect(await run.at()).toBe("after");
    await run.done("after");
    expect(await run.at()).toBe("done");
  });

  it("30 and 32 two of three: on after the second; the third is taken in without effect, or cancelled", async () => {
    const text = (rest: string) => `split:parallel
       a:task
       b:task
       c:task
       two:join mode=n_of_m count=2${rest}
       after:task
       start -> split -> a -> two -> after -> done
       split -> b -> two
       split -> c -> two`;
    const keep = await play("p30", text(""));
    await keep.done("a");
    expect(await keep.at()).toBe("b + c + two");
    await keep.done("b");
    expect(await keep.at()).toBe("after + c");
    await keep.done("after");
    expect(await keep.at()).toBe("c");
    await keep.done("c");
    expect((await keep.bench.run(keep.runId)).status).toBe("completed");
    const cancel = await play("p32", text(" cancelRest=true"));
    await cancel.done("c");
    await cancel.done("a");
    expect(await cancel.at()).toBe("after");
  });

  it("35 cancelling partial join of instances: two of three are enough", async () => {
    const run = await play(
      "p35",
      `each:for_each list=${list(["a", "b", "c"])} as=name completeWhen={loop.done >= 2}
       vote:task in=each
       seen:end in=each
       vote -> seen
       start -> each -> done`,
    );
    await run.done("vote");
    expect(await run.at()).toBe("each + vote + vote");
    await run.done("vote");
    expect(await run.at()).toBe("done");
  });

  it("38 general synchronising merge: it waits while a branch can still come, also by way of a loop", async () => {
    const run = await play(
      "p38",
      `any:inclusive
       a:task
       b:task
       again:decision
       meet:join mode=taken
       start -> any
       any -> a [true]
       any -> b [true]
       a -> meet -> done
       b -> again
       again -> b [run.n > 0]
       again -> meet otherwise
       any -> meet otherwise`,
      { ...variables({ n: 1 }), nodes: { b: { onComplete: [{ verb: "set", field: "run.n", value: "run.n - 1" }] } } },
    );
    await run.done("a");
    expect(await run.at()).toBe("b + meet");
    await run.done("b");
    expect(await run.at()).toBe("done");
  });

  it("39 critical section: one active run of a process for a record; who is refused hears it", async () => {
    const bench = await theBench();
    await bench.publish(textGraph("p39_quote", "write:task\nstart -> write -> done"));
    const text = "quote:subprocess process=p39_quote\nstart -> quote -> done";
    const run = await play("p39", text);
    expect(await run.at()).toBe("quote");
    await bench.publish(textGraph("p39_more", text));
    const second = await bench.start("p39_more", run.id, "lead");
    await bench.engine.worker.drain();
    expect(await placeOf(bench, second)).toContain("CALL_REFUSED at quote: This record is already in this process");
  });
}
