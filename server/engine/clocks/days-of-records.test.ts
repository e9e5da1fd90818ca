/** Counts of days in records (days past due, days to the renewal) go on by themselves: conditions see those of their own moment. */
import { expect, it } from "vitest";
import type { Event } from "@/server/engine/events.ts";
import { type openBareBench as Open, openBareBench } from "@/tests/support/bare-bench.ts";
import { finish, placeOf } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";

const day = 86_400_000;
type Bench = ReturnType<typeof Open>;

async function play(bench: Bench, key: string, recordId: string, text: string, more: object = {}) {
  const recordType = recordId.split("_")[0]!;
  await bench.publish(textGraph(key, text, { recordType, ...more }));
  return bench.start(key, recordId, recordType);
}
const customer = (bench: Bench) => bench.record("account", { name: "Lotus", domain: "lotus.com" });

it("a branch on the days past due sees those of today, though nobody has touched the invoice since", async () => {
  const bench = openBareBench(Date.UTC(2026, 2, 2, 2));
  const account_id = await customer(bench);
  const invoice = { account_id, number: "I-1", currency: "USD", subtotal: 75_000, due_date: "2026-03-05" };
  const id = await bench.record("invoice", invoice);
  const run = await play(
    bench,
    "dunning",
    id,
    `ask:task
     late:decision
     start -> ask -> late
     late -> hard [invoice.days_past_due > 60]
     late -> soft otherwise`,
  );
  await bench.advance(70 * day);
  await finish(bench, run, "ask");
  expect(await placeOf(bench, run)).toBe("hard");
});

it("a clock that stands still until ninety days before the renewal goes on at that midnight, and says what it saw", async () => {
  const bench = openBareBench(Date.UTC(2026, 2, 2, 2));
  const account_id = await customer(bench);
  // The day after it ends is the 3rd of June: 93 days.
  const id = await bench.record("subscription", {
    account_id,
    status: "active",
    start_date: "2025-06-03",
    end_date: "2026-06-02",
    currency: "USD",
    arr: 900_000,
  });
  const run = await play(
    bench,
    "save",
    id,
    `save:task
     start -> save -> done`,
    {
      nodes: { save: { slas: ["saved"] } },
      slas: {
        saved: {
          name: "Saved",
          target: "PT48H",
          starts: "step.entered",
          stops: "step.completed",
          pauseWhen: "subscription.days_to_renewal > 90",
        },
      },
    },
  );
  const facts = async () => (await bench.factsOf(run)) as Event[];
  await bench.advance(2 * day);
  expect((await facts()).some(({ type }) => type === "ClockResumed")).toBe(false);
  await bench.advance(2 * day);
  const resumed = (await facts()).find((fact) => fact.type === "ClockResumed")!;
  // Midnight in the workspace's zone, seven hours before that of UTC.
  expect(new Date(resumed.due ?? resumed.at).toISOString()).toBe("2026-03-04T17:00:00.000Z");
  expect(resumed.data.why?.seen?.[0]?.inputs).toEqual({ "subscription.days_to_renewal": 90 });
  await bench.advance(3 * day);
  expect((await facts()).some(({ type }) => type === "ClockBreached")).toBe(true);
});
