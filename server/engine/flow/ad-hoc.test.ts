import { expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const bench = openBareBench();
const text = `a:task
   part:subprocess inline=true
   b:task in=part
   over:end in=part
   b -> over
   split:parallel
   c:task
   d:task
   meet:join
   start -> a -> part -> split -> c -> meet -> done
   split -> d -> meet`;
const tokenAt = async (run: Awaited<ReturnType<typeof playOn>>, node: string) => (await run.token(node)).id;
const jumps = async (runId: string) =>
  (await bench.factsOf(runId)).filter((fact) => fact.type === "RunJumped").map((fact) => fact.data);

it("a run that is suspended is not moved", async () => {
  const run = await playOn(bench, "suspended", text);
  const token = await tokenAt(run, "a");
  await bench.send({ type: "suspendRun", runId: run.runId, reason: "holiday" }, "mai");
  expect(await run.jump({ kind: "skip", token })).toMatchObject({
    ok: false,
    code: "CONFLICT",
    text: "This run is suspended. Resume it first; nothing was moved.",
  });
});

it("it is moved only from where it is to a step that there is, in the same sub-process, and never onto a join", async () => {
  const run = await playOn(bench, "refusals", text);
  const token = await tokenAt(run, "a");
  const to = (node: string, from = token) => run.jump({ kind: "jump", token: from, to: node });
  expect(await to("c", "t99")).toMatchObject({
    code: "CONFLICT",
    text: "The run is not at that step any more. Nothing was moved.",
  });
  const none = { code: "INVALID", text: "There is no such step to go to. Nothing was moved." };
  expect(await to("nowhere")).toMatchObject(none);
  expect(await to("start")).toMatchObject(none);
  expect(await to("b")).toMatchObject({
    code: "INVALID",
    text: "A run can be moved only among the steps of one sub-process. Nothing was moved.",
  });
  expect(await to("meet")).toMatchObject({
    code: "INVALID",
    text: "A run cannot be moved onto a join: it waits for its branches. Choose what comes after it.",
  });
  expect(await to("c")).toMatchObject({
    code: "UNSOUND",
    text: "From there the run could get stuck at “meet”. Nothing was moved.",
  });
  expect(await run.at()).toBe("a");
  expect(await jumps(run.runId)).toEqual([]);
});

it("moved on, the step is cancelled with the reason, and the log says from where to where", async () => {
  const run = await playOn(bench, "moved_on", text);
  expect(await run.jump({ kind: "jump", token: await tokenAt(run, "a"), to: "split" })).toMatchObject({ ok: true });
  expect(await run.at()).toBe("c + d");
  expect(await jumps(run.runId)).toEqual([
    { how: "jump", token: "t2", from: "a", to: "split", reason: "as agreed on the phone" },
  ]);
  const gone = (await bench.factsOf(run.runId)).find((fact) => fact.type === "WorkCancelled");
  expect(gone?.data).toEqual({ work: "w1", reason: "as agreed on the phone" });
});

it("within a sub-process it is moved there, and what stands around it does not count", async () => {
  const run = await playOn(bench, "within", text);
  await run.done("a");
  expect(await run.jump({ kind: "jump", token: await tokenAt(run, "b"), to: "over" })).toMatchObject({ ok: true });
  expect(await run.at()).toBe("c + d");
});

it("skipped, it leaves by its first exit or the named one; what is no step cannot be skipped", async () => {
  const drawn = `ask:task
     start -> ask -> done
     ask.gone -> gone`;
  const edge = { nodes: { ask: { boundary: [{ id: "gone", kind: "timer", after: "P1D" }] } } };
  const first = await playOn(bench, "skip_first", drawn, edge);
  await first.jump({ kind: "skip", token: await tokenAt(first, "ask") });
  expect(await first.at()).toBe("done");
  const named = await playOn(bench, "skip_named", drawn, edge);
  await named.jump({ kind: "skip", token: await tokenAt(named, "ask"), port: "gone" });
  expect(await named.at()).toBe("gone");
  expect(await jumps(named.runId)).toEqual([
    { how: "skip", token: "t1", from: "ask", to: "ask", reason: "as agreed on the phone" },
  ]);
  const left = (await bench.factsOf(named.runId)).find(
    (fact) => fact.type === "TokenLeft" && (fact.data as { skipped?: true }).skipped,
  );
  expect(left?.data).toMatchObject({ port: "gone", skipped: true });
  const joined = await playOn(bench, "skip_join", text);
  await joined.jump({ kind: "jump", token: await tokenAt(joined, "a"), to: "split" });
  await joined.done("c");
  expect(await joined.jump({ kind: "skip", token: await tokenAt(joined, "meet") })).toMatchObject({
    code: "INVALID",
    text: "Only a step can be skipped. Nothing was moved.",
  });
  expect(await joined.jump({ kind: "skip", token: "t99" })).toMatchObject({ code: "CONFLICT" });
});

it("added beside, a step ends when it is done; only a step of the process itself is added", async () => {
  const run = await playOn(bench, "beside_it", text);
  const none = { code: "INVALID", text: "There is no such step to add. Nothing was added." };
  expect(await run.jump({ kind: "add", node: "b" })).toMatchObject(none);
  expect(await run.jump({ kind: "add", node: "split" })).toMatchObject(none);
  expect(await run.jump({ kind: "add", node: "nowhere" })).toMatchObject(none);
  await run.jump({ kind: "add", node: "c" });
  expect(await run.at()).toBe("a + c");
  // Who moves the other one is not kept from it: the added step goes nowhere.
  expect(await run.jump({ kind: "jump", token: await tokenAt(run, "a"), to: "split" })).toMatchObject({ ok: true });
  expect(await run.at()).toBe("c + c + d");
  expect((await jumps(run.runId))[0]).toEqual({
    how: "add",
    token: "t2",
    from: null,
    to: "c",
    reason: "as agreed on the phone",
  });
});

it("an item is added only to a step that goes through a list", async () => {
  const run = await playOn(
    bench,
    "one_more",
    `each:for_each list={["a"]} as=name
     look:task in=each
     seen:end in=each
     look -> seen
     start -> each -> done`,
  );
  const add = (token: string) => run.jump({ kind: "add_item", token, item: "b" });
  expect(await add("t99")).toMatchObject({ code: "CONFLICT" });
  expect(await add(await tokenAt(run, "look"))).toMatchObject({
    code: "INVALID",
    text: "This step does not go through a list. Nothing was added.",
  });
  await add("t1");
  expect(await run.at()).toBe("each + look + look");
  expect(await jumps(run.runId)).toEqual([
    { how: "add_item", token: "t1", from: "each", to: "each", reason: "as agreed on the phone" },
  ]);
});

it("no item is added to a list that is as long as a run has room for", async () => {
  const run = await playOn(
    bench,
    "full",
    `each:for_each list={for i in 1..1000 return i} as=one mode=sequential
     look:task in=each
     seen:end in=each
     look -> seen
     start -> each -> done`,
  );
  const token = await tokenAt(run, "each");
  expect(await run.jump({ kind: "add_item", token, item: 1001 })).toMatchObject({
    ok: false,
    code: "TOO_LARGE",
    text: "A run has room for 1000 items. Nothing was added.",
  });
});

it("it is not moved back before a join that has gone on and still takes in a late branch, which would leave it waiting (seed -1114888098)", async () => {
  const run = await playOn(
    bench,
    "late",
    `split:parallel
     a:task
     b:task
     c:task
     meet:join mode=n_of_m count=2
     d:task
     start -> split -> a -> meet -> d -> done
     split -> b -> meet
     split -> c -> meet`,
  );
  await run.done("a");
  await run.done("b");
  expect(await run.at()).toBe("c + d");
  // “c” is taken in as late; nothing else would come to where “a” leads.
  expect(await run.jump({ kind: "jump", token: await tokenAt(run, "d"), to: "a" })).toMatchObject({
    code: "UNSOUND",
    text: "From there the run could get stuck at “meet”. Nothing was moved.",
  });
  expect(await run.at()).toBe("c + d");
});
