/** Days past due and days to the renewal go on while nobody writes: what a person reads of them is worked out when it is read. */
import { expect, it } from "vitest";
import { readCard } from "@/server/inbox/read-card.ts";
import { runAsOf } from "@/server/inbox/run-as-of.ts";
import { runStory } from "@/server/inbox/run-story.ts";
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
});
