import { expect, it } from "vitest";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";
import { walk } from "./walk.ts";

const day = 86_400_000;
const process = {
  key: "hold",
  name: "Hold",
  recordType: "opportunity",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "By hand", config: { trigger: "manual" } },
    {
      id: "pause",
      kind: "automation",
      name: "Hold it",
      actions: [
        {
          verb: "set",
          field: "opportunity.next_step",
          value: '"On hold"',
          until: 'today() + duration("P3D")',
        },
      ],
    },
    { id: "call", kind: "task", name: "Call", role: "ae" },
    { id: "end", kind: "end", name: "End" },
  ],
  edges: [
    { id: "e1", from: "start", to: "pause" },
    { id: "e2", from: "pause", to: "call" },
    { id: "e3", from: "call", to: "end" },
  ],
};

describeOnBoth("a field that is set until a day", (open) => {
  it("gets back what it held, unless somebody has changed it since", async () => {
    const bench = await openBench(await open());
    await bench.publish(process);
    const account = await bench.record("account", { name: "Lotus Foods", domain: "lotus.vn", billing_country: "VN" });
    const deal = async () => {
      const id = await bench.record("opportunity", {
        name: "Lotus",
        account_id: account,
        type: "new_business",
        stage: "qualification",
        currency: "USD",
        owner_id: "lan",
        source: "inbound_web",
        close_date: "2026-06-30",
        next_step: "Send the offer",
      });
      return { id, ...walk(bench, await bench.start("hold", id, "opportunity")) };
    };
    const step = async (id: string) =>
      (await bench.store.read.select().from(bench.store.t.record)).find((r) => r.id === id)?.values.next_step;
    const [kept, changed] = [await deal(), await deal()];
    expect(await step(kept.id)).toBe("On hold");
    await bench.change(changed.id, { next_step: "They called" });
    await bench.advance(2 * day);
    expect(await step(kept.id)).toBe("On hold");
    await bench.advance(day);
    expect([await step(kept.id), await step(changed.id)]).toEqual(["Send the offer", "They called"]);
    expect(await kept.verdict()).toMatchObject({ ok: true });
  });
});
