import { expect, it } from "vitest";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";

const day = 86_400_000;
const process = {
  key: "renewals",
  name: "Renewals",
  recordType: "opportunity",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    {
      id: "start",
      kind: "start",
      name: "Each morning",
      config: { trigger: "schedule", at: "06:00", when: 'opportunity.close_date = today() + duration("P2D")' },
    },
    { id: "call", kind: "task", name: "Call", role: "ae" },
    { id: "end", kind: "end", name: "End" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "end" },
  ],
};

describeOnBoth("a process that starts by the clock", (open) => {
  it("looks at every record each morning, makes up for missed mornings, and starts nobody twice", async () => {
    const bench = await openBench(await open()); // Monday 2 March, 09:00 in Hanoi
    await bench.publish(process);
    const account = await bench.record("account", { name: "Lotus Foods", domain: "lotus.vn", billing_country: "VN" });
    const deal = (close_date: string) =>
      bench.record("opportunity", {
        name: `Deal of ${close_date}`,
        account_id: account,
        type: "new_business",
        stage: "qualification",
        currency: "USD",
        owner_id: "lan",
        source: "inbound_web",
        close_date,
      });
    const [soon, later, never] = [await deal("2026-03-05"), await deal("2026-03-06"), await deal("2026-04-30")];
    const started = async (id: string) => (await bench.runsOf(id)).length;
    await bench.advance(day); // Tuesday, past six
    expect([await started(soon), await started(later), await started(never)]).toEqual([1, 0, 0]);
    // The server is down on Wednesday and back on Friday: Wednesday's morning is made up for, as it was seen then.
    bench.clock.set(bench.clock.now() + 3 * day);
    await bench.engine.worker.drain();
    expect([await started(soon), await started(later), await started(never)]).toEqual([1, 1, 0]);
    const [run] = await bench.runsOf(later);
    expect(run?.state.trigger).toEqual({ event: "timer.daily", at: Date.parse("2026-03-04T06:00+07:00") });
    const jobs = (await bench.store.read.select().from(bench.store.t.job)).filter((j) => j.kind === "schedule");
    expect(jobs.map((j) => j.dueAt)).toEqual([Date.parse("2026-03-07T06:00+07:00")]);
    expect(bench.errors).toEqual([]);
  });
});
