import { expect, it } from "vitest";
import { readInbox } from "@/server/inbox/read-inbox.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";
import { dealProcess } from "./deal-process.ts";

describeOnBoth("the inbox", (open) => {
  it("says whose customer a task is about, unless the record's name says it", async () => {
    const bench = await openBench(await open());
    await bench.publish(dealProcess);
    const account_id = await bench.record("account", { name: "Lotus Foods", owner_id: "lan" });
    for (const name of ["Second region", "Lotus Foods — pilot"])
      await bench.record("opportunity", {
        name,
        account_id,
        type: "new_business",
        stage: "qualification",
        amount: 8_400_000,
        currency: "USD",
        owner_id: "lan",
        close_date: "2026-06-30",
        source: "inbound_web",
      });
    await bench.engine.worker.drain();
    const deps = { store: bench.store, contexts: bench.engine.contexts, labels: recordLabels };
    const lan = {
      memberId: "lan",
      workspaceId: bench.workspaceId,
      processRoles: [],
      zone: "UTC",
      locale: "en" as const,
    };
    const { rows } = await readInbox(deps, lan, bench.clock.now());
    expect(rows.map(({ record }) => [record.title, record.account]).sort()).toEqual([
      ["Lotus Foods — pilot", null],
      ["Second region", "Lotus Foods"],
    ]);
  });
});
