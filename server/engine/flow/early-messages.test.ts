import { expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";
import { isMeant } from "./early-messages.ts";

const day = 24 * 3_600_000;
const bench = openBareBench();
const text = `ask:task
   paid:wait for=event event=payment.received correlate={lead.last_name}
   start -> ask -> paid
   paid.event -> heard`;

it.each([
  [null, "anything", true],
  [undefined, undefined, true],
  ["INV-7", "INV-7", true],
  [7, "7", true],
  ["INV-7", "INV-8", false],
  ["INV-7", undefined, false],
  ["null", null, false],
  ["undefined", undefined, false],
] as const)("who waits for the key %j and gets %j", (awaited, key, meant) => {
  expect(isMeant(awaited, key)).toBe(meant);
});

it("the oldest message of its key is taken, its time no longer runs, and the others stay", async () => {
  const run = await playOn(bench, "early", text);
  await run.send("payment.received", { amount: 1 }, "somebody else");
  await run.send("payment.received", { amount: 2 }, run.name);
  await run.send("payment.received", { amount: 3 }, run.name);
  await run.send("payment.received", { amount: 4 });
  expect(Object.values((await run.run()).timers).map((timer) => timer.name)).toEqual([
    "message:n1",
    "message:n2",
    "message:n3",
    "message:n4",
  ]);
  await run.done("ask");
  expect(await run.at()).toBe("heard");
  const facts = await bench.factsOf(run.runId);
  const of = (type: string) => facts.filter((fact) => fact.type === type).map((fact) => fact.data);
  expect(of("MessageReceived")).toEqual([
    { event: "payment.received", payload: { amount: 1 }, id: "n1", key: "somebody else" },
    { event: "payment.received", payload: { amount: 2 }, id: "n2", key: run.name },
    { event: "payment.received", payload: { amount: 3 }, id: "n3", key: run.name },
    { event: "payment.received", payload: { amount: 4 }, id: "n4" },
  ]);
  expect(of("MessageConsumed")).toEqual([{ event: "payment.received", token: "t1", id: "n2" }]);
  const at = facts.findIndex((fact) => fact.type === "MessageConsumed");
  expect(facts[at - 1]).toMatchObject({ type: "TimerCancelled", data: { id: "m2" } });
});

it("it is kept for seven days, or as long as the process says, and then the log says that nobody wanted it", async () => {
  const week = await playOn(bench, "kept_a_week", text);
  await week.send("payment.received", {}, week.name);
  await week.wait(7 * day - 1);
  expect(Object.keys((await week.run()).messages)).toEqual(["n1"]);
  await week.wait(1);
  expect((await week.run()).messages).toEqual({});
  expect((await bench.factsOf(week.runId)).at(-1)).toMatchObject({
    type: "MessageExpired",
    data: { event: "payment.received", id: "n1" },
  });
  const short = await playOn(bench, "kept_a_day", text, { keepMessages: "P1D" });
  await short.send("payment.received", {}, short.name);
  await short.wait(day);
  expect((await short.run()).messages).toEqual({});
});

it("a choice that was begun after it goes on by the branch the message is for", async () => {
  const choice = {
    nodes: {
      any: {
        config: {
          for: "first",
          branches: [
            { id: "signed", for: "event", event: "contract.signed" },
            { id: "declined", for: "event", event: "contract.declined" },
          ],
        },
      },
    },
  };
  const drawn = `ask:task
     any:wait
     start -> ask -> any
     any.signed -> won
     any.declined -> lost`;
  const run = await playOn(bench, "choice", drawn, choice);
  await run.send("contract.declined");
  await run.done("ask");
  expect(await run.at()).toBe("lost");
});
