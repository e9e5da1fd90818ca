/** What a token waits for may come true by a new day alone: it is looked at again at that midnight, though nothing else happens. */
import { expect, it } from "vitest";
import type { Event } from "@/server/engine/events.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { placeOf } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";

const day = 86_400_000;
/** Monday 2026-03-02, nine in the morning in Hanoi; the workspace's midnights are at five in the afternoon of UTC. */
const monday = Date.UTC(2026, 2, 2, 2);
const delivered = monday + 36 * 3_600_000;
let count = 0;

/** An invoice due on Thursday the 5th, and a process over it: three days past due is Sunday the 8th, from midnight on. */
async function dunning(text: string, more: object = {}) {
  const bench = openBareBench(monday);
  const account_id = await bench.record("account", { name: "Lotus", domain: "lotus.com" });
  const invoice = {
    account_id,
    number: "I-1",
    currency: "USD",
    subtotal: 75_000,
    due_date: "2026-03-05",
    delivered_at: delivered,
  };
  const id = await bench.record("invoice", invoice);
  const key = `days${++count}`;
  await bench.publish(textGraph(key, text, { recordType: "invoice", ...more }));
  const run = await bench.start(key, id, "invoice");
  const facts = async () => (await bench.factsOf(run)) as Event[];
  /** When it left that node, by the instant that counts. */
  const left = async (node: string) => {
    const fact = (await facts()).find((one) => one.type === "TokenLeft" && one.data.node === node);
    return fact ? new Date(fact.due ?? fact.at).toISOString() : null;
  };
  return { bench, id, run, facts, left, at: () => placeOf(bench, run) };
}
const sunday = "2026-03-07T17:00:00.000Z";
const late = "invoice.days_past_due >= 3";

it("a wait for a number of days past due ends at that midnight of the workspace", async () => {
  const run = await dunning(`nap:wait for=condition condition={${late}}\nstart -> nap\nnap.event -> done`);
  await run.bench.advance(5 * day);
  expect(await run.at()).toBe("nap");
  await run.bench.advance(day);
  expect([await run.at(), await run.left("nap")]).toEqual(["done", sunday]);
});

it("so does the first of several, and nothing is left to ring afterwards", async () => {
  const run = await dunning("first:wait\nask:task\nstart -> first\nfirst.late -> ask -> done\nfirst.paid -> done", {
    nodes: {
      first: {
        config: {
          for: "first",
          branches: [
            { id: "late", for: "condition", condition: late },
            { id: "paid", for: "event", event: "payment.succeeded" },
          ],
        },
      },
    },
  });
  await run.bench.advance(7 * day);
  expect([await run.at(), await run.left("first")]).toEqual(["ask", sunday]);
  expect((await run.bench.run(run.run))?.timers).toEqual({});
});

it("a step that may not begin before begins then", async () => {
  const run = await dunning("remind:task\nstart -> remind -> done", { nodes: { remind: { entryCriteria: late } } });
  const entered = async () => {
    const fact = (await run.facts()).find((one) => one.type === "TokenEntered" && one.data.node === "remind");
    return fact ? new Date(fact.due ?? fact.at).toISOString() : null;
  };
  await run.bench.advance(5 * day);
  expect(await entered()).toBeNull();
  await run.bench.advance(day);
  expect(await entered()).toBe(sunday);
});

it("a requirement of a gate, a condition at the edge of a step and a goal are looked at then too", async () => {
  const gated = await dunning("remind:task\nstart -> remind -> done", {
    nodes: { remind: { gate: { entry: [{ kind: "condition", when: late }] } } },
  });
  await gated.bench.advance(6 * day);
  expect(Object.keys((await gated.bench.run(gated.run))!.work)).toHaveLength(1);

  const edged = await dunning("ask:task\nhard:task\nstart -> ask -> done\nask.late -> hard -> done", {
    nodes: { ask: { boundary: [{ id: "late", kind: "record_changed", when: late, interrupting: true }] } },
  });
  await edged.bench.advance(6 * day);
  expect([await edged.at(), await edged.left("ask")]).toEqual(["hard", sunday]);

  const aimed = await dunning("ask:task\nlost:end\nstart -> ask -> done", {
    nodes: { lost: { config: { outcome: "negative", goal: late } } },
  });
  await aimed.bench.advance(6 * day);
  expect(await aimed.at()).toBe("lost");
});

it("today() turns at midnight, now() at the very instant of the field it is held against", async () => {
  const dated = await dunning(
    "nap:wait for=condition condition={today() > invoice.due_date}\nstart -> nap\nnap.event -> done",
  );
  await dated.bench.advance(4 * day);
  expect([await dated.at(), await dated.left("nap")]).toEqual(["done", "2026-03-05T17:00:00.000Z"]);

  const timed = await dunning(
    "nap:wait for=condition condition={now() >= invoice.delivered_at}\nstart -> nap\nnap.event -> done",
  );
  await timed.bench.advance(4 * day);
  expect([await timed.at(), await timed.left("nap")]).toEqual(["done", new Date(delivered).toISOString()]);
});

/** Delivered on Tuesday the 3rd, two in the afternoon of UTC. */
it.each([
  ["some time after a field", 'now() > invoice.delivered_at + duration("P1D")', "2026-03-04T14:00:00.001Z"],
  ["some time before it", 'now() >= invoice.delivered_at - duration("PT6H")', "2026-03-03T08:00:00.000Z"],
  ["as the difference of the two", 'now() - invoice.delivered_at > duration("P2D")', "2026-03-05T14:00:00.001Z"],
  ["the other way round", 'invoice.delivered_at - now() < duration("PT30M")', "2026-03-03T13:30:00.001Z"],
  ["by an hour of the clock on the wall", "now().hour = 22", "2026-03-02T15:00:00.000Z"],
  [
    "by a month, which nobody can turn round",
    'now() - duration("P1M") > invoice.delivered_at',
    "2026-04-03T15:00:00.000Z",
  ],
  ["a day of the month, which is that of today()", "today().day = 6", "2026-03-05T17:00:00.000Z"],
])("now() turns %s: %s", async (_, condition, at) => {
  const run = await dunning(`nap:wait for=condition condition={${condition}}\nstart -> nap\nnap.event -> done`);
  await run.bench.advance(40 * day);
  expect([await run.at(), await run.left("nap")]).toEqual(["done", at]);
});

it("entry criteria, gates, edges and goals turn with it as waits do", async () => {
  const soon = 'now() - invoice.delivered_at >= duration("P1D")';
  const at = "2026-03-04T14:00:00.000Z";
  const gated = await dunning("remind:task\nstart -> remind -> done", {
    nodes: { remind: { entryCriteria: soon, gate: { entry: [{ kind: "condition", when: soon }] } } },
  });
  const edged = await dunning("ask:task\nhard:task\nstart -> ask -> done\nask.late -> hard -> done", {
    nodes: { ask: { boundary: [{ id: "late", kind: "record_changed", when: soon, interrupting: true }] } },
  });
  const aimed = await dunning("ask:task\nlost:end\nstart -> ask -> done", {
    nodes: { lost: { config: { outcome: "negative", goal: soon } } },
  });
  for (const { bench } of [gated, edged, aimed]) await bench.advance(3 * day);
  const when = async ({ facts }: typeof gated, type: Event["type"], node: string) => {
    const fact = (await facts()).find((one) => one.type === type && (one.data as { node?: string }).node === node);
    return fact && new Date(fact.due ?? fact.at).toISOString();
  };
  expect(await when(gated, "TokenEntered", "remind")).toBe(at);
  expect(await edged.left("ask")).toBe(at);
  expect(await when(aimed, "TokenEntered", "lost")).toBe(at);
});

it("a run that waits for nothing of the kind sets no timer", async () => {
  const run = await dunning(
    `ask:task\nnap:wait for=condition condition={${late}}\nstart -> ask -> nap\nnap.event -> done`,
  );
  expect((await run.bench.run(run.run))?.timers).toEqual({});
});
