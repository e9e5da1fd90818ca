/** What goes wrong and what people do by hand: errors and who takes them, compensation, calls with mappings, moves, coming in again. */
import { expect, it } from "vitest";
import { type FlowBench, placeOf, playOn, variables } from "../support/flow-play.ts";
import { textGraph } from "../support/text-graph.ts";

const hour = 3_600_000;
const day = 24 * hour;

export function errorsAndMoves(theBench: () => Promise<FlowBench>): void {
  const play = async (...given: Parameters<typeof playOn> extends [unknown, ...infer Rest] ? Rest : never) =>
    playOn(await theBench(), ...given);

  it("an error is taken at the edge of its step, by its code, else it is an incident", async () => {
    const text = `pay:automation
       start -> pay -> done
       pay.declined -> declined`;
    const thrown = (code: string) => ({
      nodes: {
        pay: {
          actions: [{ verb: "throw", code, text: "The card was declined." }],
          boundary: [{ id: "declined", kind: "error", code: "card_declined" }],
        },
      },
    });
    const caught = await play("caught", text, thrown("card_declined"));
    expect(await caught.at()).toBe("declined");
    const other = await play("not_caught", text, thrown("no_network"));
    expect(await other.at()).toBe("pay (failed); no_network at pay: The card was declined.");
  });

  it("an error inside climbs to what is around it, and the rest inside is cancelled", async () => {
    const run = await play(
      "climbs",
      `part:subprocess inline=true
       split:parallel in=part
       a:task in=part
       b:task in=part
       bad:end in=part error=not_possible
       over:end in=part
       split -> a -> bad
       split -> b -> over
       start -> part -> done
       part.failed -> failed`,
      { nodes: { part: { boundary: [{ id: "failed", kind: "error" }] } } },
    );
    await run.done("a");
    expect(await run.at()).toBe("failed");
    const { work, scopes, timers } = await run.run();
    expect([work, scopes, timers]).toEqual([{}, {}, {}]);
  });

  it("an error of a called run goes on at the step that called it", async () => {
    const bench = await theBench();
    await bench.publish(textGraph("callee", "try:task\nbad:end error=refused outcome=negative\nstart -> try -> bad"));
    const text = `call:subprocess process=callee
       start -> call -> done
       call.refused -> sorry`;
    const caught = await play("caller_caught", text, {
      nodes: { call: { boundary: [{ id: "refused", kind: "error", code: "refused" }] } },
    });
    const child = (await bench.runsOf(caught.id)).find((r) => r.process === "callee")!;
    await bench.send({ type: "completeWork", runId: child.id, work: "w1", outcome: null, values: {} }, "lan");
    await bench.engine.worker.drain();
    expect(await placeOf(bench, child.id)).toBe("bad");
    expect(await caught.at()).toBe("sorry");
  });

  it("a called run is given values, gives values back, stays with its version, and goes when its step is left", async () => {
    const bench = await theBench();
    const callee = (answer: string) =>
      textGraph("mapped", "work:automation\nask:task\nstart -> work -> ask -> done", {
        ...variables({ amount: 0, answer: "" }),
        nodes: { work: { actions: [{ verb: "set", field: "run.answer", value: `"${answer}" + string(run.amount)` }] } },
      });
    const version = await bench.publish(callee("first "));
    await bench.publish(callee("second "));
    const text = `call:subprocess process=mapped
       start -> call -> done
       call.late -> gone`;
    const more = {
      ...variables({ n: 7, said: "" }),
      nodes: {
        call: {
          config: {
            process: "mapped",
            record: "same",
            version,
            input: { amount: "run.n * 6" },
            output: { "run.said": 'child.answer + " " + child.end' },
          },
          boundary: [{ id: "late", kind: "timer", after: "P1D" }],
        },
      },
    };
    const run = await play("mapping", text, more);
    const child = (await bench.runsOf(run.id)).find((r) => r.process === "mapped")!;
    await bench.send({ type: "completeWork", runId: child.id, work: "w1", outcome: null, values: {} }, "lan");
    await bench.engine.worker.drain();
    expect(await run.at()).toBe("done");
    expect((await run.run()).variables.said).toBe("first 42 done");
    const left = await play("mapping_left", text, more);
    await left.wait(day);
    expect(await left.at()).toBe("gone");
    const orphan = (await bench.runsOf(left.id)).find((r) => r.process === "mapped")!;
    expect((await bench.run(orphan.id)).status).toBe("cancelled");
  });

  it("compensation takes completed steps back, the last first; an action that fails can be retried", async () => {
    const text = `reserve:task
       invoice:task
       void:automation
       start -> reserve -> invoice -> void -> done`;
    const undo = (what: string) => [{ verb: "set", field: "run.log", value: `run.log + "${what} "` }];
    const more = {
      ...variables({ log: "", ready: false }),
      nodes: {
        reserve: { compensate: undo("unreserve") },
        invoice: {
          compensate: [
            ...undo("credit"),
            { verb: "throw", code: "not_ready", when: "not(run.ready)" },
            ...undo("tell"),
          ],
        },
        void: { actions: [{ verb: "compensate" }] },
      },
    };
    const run = await play("compensate", text, more);
    await run.done("reserve");
    await run.done("invoice");
    expect(await run.at()).toContain("not_ready at void");
    expect((await run.run()).variables.log).toBe("credit ");
    await run.retry();
    expect(await run.at()).toContain("not_ready at void");
    expect((await run.run()).variables.log).toBe("credit ");
    const ready = await play("compensate_ready", text, {
      ...more,
      ...variables({ log: "", ready: true }),
    });
    await ready.done("reserve");
    await ready.done("invoice");
    expect(await ready.at()).toBe("done");
    const { variables: values, compensable } = await ready.run();
    expect(values.log).toBe("credit tell unreserve ");
    expect(compensable).toEqual([]);
  });

  it("moved by hand: on, back, skipped and beside, with the reason in the log; never to where it would get stuck", async () => {
    const run = await play(
      "moved",
      `a:task
       split:parallel
       b:task
       c:task
       meet:join
       d:task
       start -> a -> split -> b -> meet -> d -> done
       split -> c -> meet`,
    );
    const stuck = await run.jump({ kind: "jump", token: (await run.token("a")).id, to: "b" });
    expect(stuck).toMatchObject({ ok: false, code: "UNSOUND", text: expect.stringContaining("get stuck at “meet”") });
    expect((await run.jump({ kind: "jump", token: (await run.token("a")).id, to: "d" })).ok).toBe(true);
    expect(await run.at()).toBe("d");
    expect((await run.jump({ kind: "jump", token: (await run.token("d")).id, to: "a" })).ok).toBe(true);
    expect((await run.jump({ kind: "add", node: "d" })).ok).toBe(true);
    expect(await run.at()).toBe("a + d");
    await run.done("d");
    expect(await run.at()).toBe("a");
    expect((await run.jump({ kind: "skip", token: (await run.token("a")).id })).ok).toBe(true);
    expect(await run.at()).toBe("b + c");
    const gone = await run.jump({ kind: "skip", token: "t99" });
    expect(gone).toMatchObject({ ok: false, code: "CONFLICT" });
    const jumps = (await run.bench.factsOf(run.runId)).filter((e) => e.type === "RunJumped");
    expect(jumps.map((e) => (e.data as { how: string; reason: string }).how)).toEqual(["jump", "jump", "add", "skip"]);
    expect(jumps.every((e) => (e.data as { reason: string }).reason === "as agreed on the phone")).toBe(true);
  });

  it("a non-interrupting event adds a token each time, and the step stays open", async () => {
    const run = await play(
      "beside",
      `ask:task
       note:automation
       start -> ask -> done
       ask.news -> note -> noted
       ask.changed -> note`,
      {
        nodes: {
          ask: {
            boundary: [
              { id: "news", kind: "message", event: "news.came", interrupting: false },
              { id: "changed", kind: "record_changed", when: "lead.fit_score > 50", interrupting: false },
            ],
          },
          note: { multiMerge: true },
        },
      },
    );
    await run.send("news.came");
    await run.send("news.came");
    await run.change({ fit_score: 60 });
    await run.change({ fit_score: 70 });
    await run.change({ fit_score: 10 });
    await run.change({ fit_score: 80 });
    expect(await run.at()).toBe("ask");
    expect((await run.run()).visited.note).toBe(4);
    await run.done("ask");
    expect(await run.at()).toBe("done");
  });

  it("a list that is none, or has too many items, is an incident on that token; the other branch goes on", async () => {
    const text = (list: string) => `split:parallel
       each:for_each list={${list}} as=one
       look:task in=each
       seen:end in=each
       look -> seen
       other:task
       meet:join
       start -> split -> each -> meet -> done
       split -> other -> meet`;
    const bad = await play("bad_list", text("1 / 0 + lead.last_name"));
    expect(await bad.at()).toContain("NO_LIST at each");
    await bad.done("other");
    expect(await bad.at()).toContain("each (failed) + meet");
    const long = await play("long_list", text("for i in 1..1500 return i"));
    expect(await long.at()).toContain("TOO_MANY_ITEMS at each: “each” would go through 1500 items");
  });
}
