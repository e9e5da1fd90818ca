import { expect, it } from "vitest";
import { standsOf } from "@/db/queries/run-places.ts";
import { countRuns, searchRuns } from "@/db/queries/run-search.ts";
import { type AskedFilter, readable } from "@/server/commands/batches/filter.ts";
import type { Values } from "@/server/engine/model.ts";
import { describeOnBoth } from "../support/databases.ts";
import { playOn } from "../support/flow-play.ts";
import { openBench } from "./bench.ts";
import { dealProcess } from "./deal-process.ts";

const hour = 3_600_000;

describeOnBoth("runs are found", (open) => {
  it("by their record's fields, step, age, clocks, people, text and state", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, clock } = bench;
    await bench.publish({ ...dealProcess, nodes: manual(dealProcess.nodes) });
    const account = await bench.record("account", { name: "Green houses" });
    const deals: (Values & { name: string })[] = [
      { name: "Lotus roof", amount: 5_000_00, next_step: "Visit", owner_id: "lan" },
      { name: "Bamboo hall", amount: 90_000_00, owner_id: "tom" },
      { name: "100% cotton", amount: 20_000_00, owner_id: "mai" },
    ];
    const runs: string[] = [];
    for (const values of deals) {
      runs.push(await bench.start("deal", await bench.record("opportunity", deal(account, values)), "opportunity"));
      await bench.engine.worker.drain();
      clock.advance(hour);
    }
    const found = async (filter: AskedFilter) =>
      (
        await searchRuns(store, workspaceId, readable(filter, clock.now(), "Asia/Ho_Chi_Minh"), clock.now(), {
          sort: "oldest",
          after: null,
          limit: 50,
        })
      ).map(({ title }) => title);
    const all = deals.map(({ name }) => name);
    expect(await found({})).toEqual(all);
    expect(await found({ process: "deal", version: 1, node: "qualify", status: ["active"] })).toEqual(all);
    expect(await found({ node: "choose" })).toEqual([]);
    expect(await found({ atLeastInStep: 2 * hour })).toEqual(all.slice(0, 2));
    expect(await found({ atMostInStep: 2 * hour })).toEqual(all.slice(1));
    expect(await found({ owner: "lan" })).toEqual(["Lotus roof"]);
    expect(await found({ owner: "nobody" })).toEqual([]);
    expect(await found({ assignee: "lan", owner: "tom" })).toEqual([]);
    expect(await found({ text: "bamboo" })).toEqual(["Bamboo hall"]);
    expect(await found({ text: "100%" })).toEqual(["100% cotton"]);
    expect(await found({ text: "0_l" })).toEqual([]);
    expect(await found({ text: runs[1]! })).toEqual(["Bamboo hall"]);
    expect(await found({ fields: [{ field: "amount", op: "at_least", value: 20_000_00 }] })).toEqual(all.slice(1));
    expect(await found({ fields: [{ field: "next_step", op: "filled" }] })).toEqual(["Lotus roof"]);
    expect(await found({ fields: [{ field: "next_step", op: "empty" }] })).toEqual(all.slice(1));
    expect(await found({ fields: [{ field: "next_step", op: "is", value: "visit" }] })).toEqual(["Lotus roof"]);
    expect(await found({ fields: [{ field: "next_step", op: "is_not", value: "visit" }] })).toEqual(all.slice(1));
    expect(await found({ fields: [{ field: "name", op: "contains", value: "O" }] })).toEqual(all);
    expect(await found({ fields: [{ field: "name", op: "at_most", value: "B" }] })).toEqual(["100% cotton"]);

    // Four working hours each: the first is past its half an hour before the second.
    expect(await found({ sla: "breached" })).toEqual([]);
    expect(await found({ sla: "on_track" })).toEqual(all);
    clock.advance(1.5 * hour);
    expect(await found({ sla: "breached" })).toEqual(["Lotus roof"]);
    expect(await found({ sla: "at_risk" })).toEqual(["Bamboo hall"]);
    await bench.engine.worker.drain();
    expect(await found({ sla: "breached" })).toEqual(["Lotus roof"]);

    await bench.send({ type: "suspendRun", runId: runs[2]!, reason: "wait" }, "linh");
    expect(await found({ status: ["suspended"] })).toEqual(["100% cotton"]);
    expect(await found({ incident: "any" })).toEqual([]);
    expect(await countRuns(store, workspaceId, {}, clock.now(), 2)).toBe(3);
  });

  it("at gateways, and held before a step, where there is no stay", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, clock } = bench;
    const text =
      "split:parallel\na:task\nb:task\nboth:join mode=all\nlast:task\nstart -> split -> a -> both -> last -> done\nsplit -> b -> both";
    const entryCriteria = "lead.fit_score > 50";
    const first = await playOn(bench, "joined", text, { nodes: { last: { entryCriteria } } });
    const other = await playOn(bench, "joined", text, { nodes: { last: { entryCriteria } } });
    const found = async (filter: AskedFilter, sort: "oldest" | "in_step" = "oldest") =>
      (
        await searchRuns(store, workspaceId, readable(filter, clock.now(), "Asia/Ho_Chi_Minh"), clock.now(), {
          sort,
          after: null,
          limit: 50,
        })
      ).map(({ id, inStepSince }) => [id, inStepSince]);
    const at = (node: string) => ({ process: "joined", node });
    expect(await found(at("both"))).toEqual([]);
    clock.advance(hour);
    const came = clock.now();
    await first.done("a");
    clock.advance(hour);
    expect(await found(at("both"))).toEqual([[first.runId, came]]);
    expect(await found(at("both"), "in_step")).toEqual([[first.runId, came]]);
    expect(await found({ node: "both", atLeastInStep: 2 * hour })).toEqual([]);
    expect(await found({ ...at("both"), atLeastInStep: hour })).toEqual([[first.runId, came]]);
    expect((await standsOf(store, workspaceId, [first.runId])).map(({ node }) => node)).toEqual(["b", "both"]);
    await first.done("b");
    expect(await found(at("both"))).toEqual([]);
    expect(await found(at("last"))).toEqual([[first.runId, clock.now()]]);
    expect((await found(at("b"))).map(([id]) => id)).toEqual([other.runId]);
    expect(await countRuns(store, workspaceId, at("last"), clock.now(), 10)).toBe(1);
  });

  it("a page after the other, in every order", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, clock } = bench;
    await bench.publish({ ...dealProcess, nodes: manual(dealProcess.nodes) });
    const account = await bench.record("account", { name: "Green houses" });
    const started: string[] = [];
    for (let i = 0; i < 7; i++) {
      started.push(
        await bench.start(
          "deal",
          await bench.record("opportunity", deal(account, { name: `Deal ${i}` })),
          "opportunity",
        ),
      );
      if (i % 2) clock.advance(1000);
    }
    for (const sort of ["started", "oldest", "in_step"] as const) {
      const seen: string[] = [];
      for (let after: { at: number; id: string } | null = null; ; ) {
        const page: Awaited<ReturnType<typeof searchRuns>> = await searchRuns(store, workspaceId, {}, clock.now(), {
          sort,
          after,
          limit: 3,
        });
        seen.push(...page.map(({ id }) => id));
        const last = page.at(-1);
        if (!last || page.length < 3) break;
        after = { at: sort === "in_step" ? last.inStepSince! : last.startedAt, id: last.id };
      }
      expect(seen).toEqual(sort === "started" ? started.toReversed() : started);
    }
  });
});

const deal = (account: string, values: Values): Values => ({
  account_id: account,
  amount: 1000,
  currency: "USD",
  close_date: "2026-06-30",
  owner_id: "lan",
  ...values,
});

const manual = (nodes: typeof dealProcess.nodes) =>
  nodes.map((node) => (node.kind === "start" ? { ...node, config: { trigger: "manual" } } : node));
