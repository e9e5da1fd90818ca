/** Days past due and days to the renewal go on while nobody writes: what a person reads of them is worked out when it is read. */
import { inArray } from "drizzle-orm";
import { expect, it } from "vitest";
import { type FieldTest, countRuns, searchRuns } from "@/db/queries/run-search.ts";
import { daysField } from "@/db/queries/value-field.ts";
import { recordsById } from "@/db/queries/world.ts";
import { readable } from "@/server/commands/batches/filter.ts";
import { previewBatch } from "@/server/commands/batches/start-batch.ts";
import { recordAt } from "@/server/commands/load-world.ts";
import { localDay } from "@/server/engine/calendar/zone.ts";
import type { Values } from "@/server/engine/model.ts";
import { readCard } from "@/server/inbox/read-card.ts";
import { runAsOf } from "@/server/inbox/run-as-of.ts";
import { runStory } from "@/server/inbox/run-story.ts";
import { countsOfDays } from "@/server/records/derive.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { readKpis } from "@/server/reports/read-kpis.ts";
import { describeOnBoth } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { openBench } from "./bench.ts";

const day = 86_400_000;

describeOnBoth("days that are read", (open) => {
  it("an invoice nobody has touched since is overdue in the figures, on the card and in its run's past, each by its own day", async () => {
    const bench = await openBench(await open());
    await bench.publish(
      textGraph("dunning", "ask:task\nstart -> ask -> done", {
        recordType: "invoice",
        nodes: { ask: { form: "asked" } },
        forms: { asked: { title: "Asked", fields: [{ field: "invoice.days_past_due", readOnly: true }] } },
        kpis: [{ kpi: "overdue_share" }],
      }),
    );
    const account_id = await bench.record("account", { name: "Lotus", domain: "lotus.com" });
    const invoice = { account_id, currency: "USD", subtotal: 75_000 };
    const late = await bench.record("invoice", { ...invoice, number: "I-1", due_date: "2026-03-05" });
    const early = await bench.record("invoice", { ...invoice, number: "I-2", due_date: "2026-12-01" });
    const run = await bench.start("dunning", late, "invoice");
    await bench.start("dunning", early, "invoice");
    const began = bench.clock.now();
    const figure = async () => {
      const now = bench.clock.now();
      const { store, contexts } = bench.engine;
      const read = await readKpis(
        { store, contexts },
        bench.workspaceId,
        { process: "dunning", from: began - day, to: now + 1 },
        now,
      );
      return read?.list[0]?.value;
    };
    expect(await figure()).toBe(0);
    await bench.advance(13 * day);
    expect(await bench.valuesOf(late)).toMatchObject({ days_past_due: 0 });
    expect(await figure()).toBe(50);

    const now = bench.clock.now();
    const deps = { store: bench.store, contexts: bench.engine.contexts, labels: recordLabels };
    const reader = {
      memberId: "lan",
      workspaceId: bench.workspaceId,
      processRoles: [],
      zone: "UTC",
      locale: "en" as const,
    };
    const [work] = Object.keys((await bench.run(run)).work);
    const card = await readCard(deps, reader, `${run}.${work}`, now);
    expect(card?.fields.find(({ path }) => path === "invoice.days_past_due")?.value).toBe(10);

    const story = await runStory(deps, bench.workspaceId, run, now);
    const { fields } = await bench.engine.contexts.get(bench.workspaceId, now);
    const wording = { name: () => null, labels: recordLabels("en", fields), say: (text: string) => text };
    const then = runAsOf(story!, { at: began + 5 * day }, now, wording);
    expect(then.state?.values.find(({ path }) => path === "invoice.days_past_due")?.value).toBe(2);
    expect(then.differences.find(({ what }) => what === "Days past due")).toMatchObject({ then: 2, now: 10 });
  });

  it("the search of runs and a batch over it count the days as of now", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId } = bench;
    await bench.publish(textGraph("dunning", "ask:task\nstart -> ask -> done", { recordType: "invoice" }));
    await bench.publish(textGraph("renewal", "ask:task\nstart -> ask -> done", { recordType: "subscription" }));
    const account_id = await bench.record("account", { name: "Lotus", domain: "lotus.com" });
    const invoice = (number: string, more: object) =>
      bench.record("invoice", { account_id, currency: "USD", subtotal: 750, number, due_date: "2026-03-05", ...more });
    const begin = async (process: string, record: Promise<string>, type: string) =>
      bench.start(process, await record, type);
    const late = await begin("dunning", invoice("I-1", {}), "invoice");
    const paid = await begin("dunning", invoice("I-2", { status: "paid" }), "invoice");
    const early = await begin("dunning", invoice("I-3", { due_date: "2026-12-01" }), "invoice");
    const undated = await begin("dunning", invoice("I-4", { due_date: null }), "invoice");
    const term = { account_id, status: "active", start_date: "2025-06-03", end_date: "2026-06-02", currency: "USD" };
    const renewing = await begin("renewal", bench.record("subscription", { ...term, arr: 900 }), "subscription");
    await bench.advance(13 * day);

    const found = async (op: FieldTest["op"], value?: number | string, field = "days_past_due") => {
      const now = bench.clock.now();
      const filter = readable({ fields: [{ field, op, value }] }, now, "Asia/Ho_Chi_Minh");
      const page = { sort: "oldest", after: null, limit: 50 } as const;
      const ids = (await searchRuns(store, workspaceId, filter, now, page)).map(({ id }) => id);
      expect(await countRuns(store, workspaceId, filter, now, 50)).toBe(ids.length);
      return ids;
    };
    expect(await found("at_least", 10)).toEqual([late]);
    expect(await found("at_least", 11)).toEqual([]);
    expect(await found("is", 10)).toEqual([late]);
    expect(await found("at_most", 0)).toEqual([paid, early]);
    expect(await found("is_not", 0)).toEqual([late, undated, renewing]);
    expect(await found("contains", "1")).toEqual([late]);
    expect(await found("empty")).toEqual([undated, renewing]);
    // The 15th of March is 80 days before the 3rd of June.
    expect(await found("is", 80, "days_to_renewal")).toEqual([renewing]);
    expect(await found("filled", undefined, "days_to_renewal")).toEqual([renewing]);

    const order = { kind: "suspend", params: { clocks: "pause" }, reason: "late" } as const;
    const preview = await previewBatch(bench.engine, bench.ask(), {
      ...order,
      filter: { fields: [{ field: "days_past_due", op: "is", value: 10 }] },
    });
    expect(preview).toMatchObject({ ok: true, total: 1 });
  });

  it("what the databases work out of any invoice and subscription is what is worked out of one that is read", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId } = bench;
    const account_id = await bench.record("account", { name: "Lotus", domain: "lotus.com" });
    const invoice = await bench.record("invoice", { account_id, number: "I-0", currency: "USD", subtotal: 9 });
    const term = { account_id, status: "active", start_date: "2025-06-03", end_date: "2026-06-02", currency: "USD" };
    const subscription = await bench.record("subscription", term);
    const [bill, deal] = await recordsById(store, { workspaceId, ids: [invoice, subscription] });
    const days = ["2026-02-28", "2026-03-15", "2026-03-16", "1969-12-31", null];
    const owed: Values[] = [
      {},
      { total: 900 },
      { subtotal: 700, tax_total: 70 },
      { tax_total: 70 },
      { total: 900, balance: 0 },
    ];
    const more: Values[] = [
      { balance: -5 },
      { balance: 40, total: 900 },
      { total: 80, write_off_amount: 80 },
      { total: null },
    ];
    const bills = days.flatMap((due_date) =>
      [...owed, ...more].flatMap((amounts) =>
        ["open", "paid", "void"].flatMap((status): Values[] => [
          { due_date, status, currency: "USD", days_past_due: 3, ...amounts },
          { due_date, status, currency: "USD", days_past_due: null, ...amounts },
          { due_date, status, currency: "USD", ...amounts },
        ]),
      ),
    );
    const deals = days.flatMap((end_date): Values[] => [
      { end_date, days_to_renewal: 1 },
      { end_date },
      { days_to_renewal: 7 },
    ]);
    const rows = [
      ...bills.map((values) => ({ ...bill!, values })),
      ...deals.map((values) => ({ ...deal!, values })),
    ].map((row, n) => ({ ...row, id: `${row.type.slice(0, 3)}_${String(n).padStart(4, "0")}` }));
    await store.commit([{ workspaceId, guards: [], events: [], put: { record: rows }, drop: {} }]);

    const now = Date.UTC(2026, 2, 15, 20);
    const { model, zone } = await bench.engine.contexts.get(workspaceId, now);
    const { record } = store.t;
    for (const field of Object.values(countsOfDays).flat()) {
      const { number, text } = daysField(store, field, localDay(zone, now))!;
      const found = await store.read
        .select({ id: record.id, number, text })
        .from(record)
        .where(
          inArray(
            record.id,
            rows.map(({ id }) => id),
          ),
        );
      const told = new Map(found.map((one) => [one.id, one]));
      for (const row of rows) {
        const days = recordAt(model, row, now).values[field] ?? null;
        expect(told.get(row.id), JSON.stringify(row.values)).toMatchObject({
          number: days,
          text: days === null ? null : String(days),
        });
      }
    }
  });

  it("a wait for days past due ends at the midnight that brings them, also on a server that was down that night", async () => {
    const bench = await openBench(await open());
    await bench.publish(
      textGraph(
        "waiting",
        `nap:wait for=condition condition={invoice.days_past_due >= 3}
         remind:task
         start -> nap
         nap.event -> remind -> done`,
        { recordType: "invoice" },
      ),
    );
    const account_id = await bench.record("account", { name: "Sen", domain: "sen.vn" });
    const invoice = { account_id, number: "I-3", currency: "USD", subtotal: 900, due_date: "2026-03-05" };
    const run = await bench.start("waiting", await bench.record("invoice", invoice), "invoice");
    const work = async () => Object.keys((await bench.run(run)).work).length;
    await bench.advance(5 * day);
    expect(await work()).toBe(0);
    bench.clock.set(bench.clock.now() + 10 * day);
    await bench.engine.worker.drain();
    expect(await work()).toBe(1);
    const left = (await bench.factsOf(run)).find((one) => one.type === "TokenLeft" && one.data.node === "nap")!;
    // The midnight in Hanoi that begins the 8th.
    expect(new Date(left.due ?? left.at).toISOString()).toBe("2026-03-07T17:00:00.000Z");
    expect(bench.errors).toEqual([]);
  });

  it("a wait held against now() turns when it turns, however late the worker is", async () => {
    const bench = await openBench(await open());
    const wait = (key: string, condition: string) =>
      bench.publish(
        textGraph(
          key,
          `nap:wait for=condition condition={${condition}}
           remind:task
           start -> nap
           nap.event -> remind -> done`,
          { recordType: "invoice" },
        ),
      );
    await wait("solved", 'now() - invoice.delivered_at > duration("P2D")');
    await wait("hourly", "now().hour = 23 and today().day = 5");
    const account_id = await bench.record("account", { name: "Sen", domain: "sen.vn" });
    const delivered_at = Date.UTC(2026, 2, 3, 14);
    const invoice = { account_id, number: "I-4", currency: "USD", subtotal: 900, delivered_at };
    const id = await bench.record("invoice", invoice);
    const runs = [await bench.start("solved", id, "invoice"), await bench.start("hourly", id, "invoice")];
    bench.clock.set(bench.clock.now() + 10 * day);
    await bench.engine.worker.drain();
    const left = async (run: string) => {
      const fact = (await bench.factsOf(run)).find((one) => one.type === "TokenLeft" && one.data.node === "nap");
      return fact && new Date(fact.due ?? fact.at).toISOString();
    };
    expect(await Promise.all(runs.map(left))).toEqual(["2026-03-05T14:00:00.001Z", "2026-03-05T16:00:00.000Z"]);
    expect(bench.errors).toEqual([]);
  });
});
