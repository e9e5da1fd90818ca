import { expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { readShippedTemplate } from "@/server/templates/index.ts";
import { describeOnBoth, type OpenStore } from "../support/databases.ts";
import { openBench } from "./bench.ts";
import { join, walk } from "./walk.ts";

const hour = 3_600_000;

async function deals(open: OpenStore) {
  const bench = await openBench(await open());
  await join(bench, [
    { id: "oskar", name: "Oskar", processRoles: ["se"] },
    { id: "karim", name: "Karim", processRoles: ["sales_manager"] },
    { id: "lea", name: "Lea", processRoles: ["legal"] },
  ]);
  await bench.publish(await readShippedTemplate("opportunity_to_close"));
  const account = await bench.record("account", {
    name: "Lotus Foods",
    domain: "lotusfoods.vn",
    billing_country: "VN",
    owner_id: "lan",
  });
  const deal = async (values: Values = {}) => {
    const id = await bench.record("opportunity", {
      name: "Lotus Foods – 240 seats",
      account_id: account,
      type: "new_business",
      stage: "qualification",
      amount: 8_400_000,
      currency: "USD",
      owner_id: "lan",
      close_date: "2026-06-30",
      source: "inbound_web",
      ...values,
    });
    await bench.engine.worker.drain();
    const [run] = await bench.runsOf(id);
    return { id, ...walk(bench, run!.id) };
  };
  const newest = async (type: string) =>
    (await bench.store.read.select().from(bench.store.t.record)).filter((r) => r.type === type).at(-1)!;
  return { bench, deal, newest };
}

const pursue: Values = {
  "opportunity.pain_summary": "Three days of stock are lost a month",
  "opportunity.meddicc_identify_pain": 2,
  "opportunity.acv": 8_400_000,
  "opportunity.close_date": "2026-06-30",
  "run.qualify_decision": "pursue",
};
const evidence = (score: number): Values => ({
  "opportunity.metrics_summary": "From 3 days to half a day, the COO's number",
  "opportunity.meddicc_metrics": score,
  "opportunity.meddicc_economic_buyer": score,
  "opportunity.meddicc_decision_criteria": score,
  "opportunity.meddicc_decision_process": score,
  "opportunity.meddicc_champion": score,
  "opportunity.meddicc_competition": score,
  "opportunity.discovery_held": true,
});
const shown: Values = {
  "opportunity.demo_outcome": "strong_fit",
  "opportunity.poc_required": false,
  "opportunity.security_review_required": true,
  "opportunity.procurement_required": false,
  "opportunity.next_step": "Deal review",
  "opportunity.next_step_due": "2026-03-02",
};
const proceed: Values = {
  "run.manager_review": "proceed",
  "opportunity.forecast_category": "best_case",
  "opportunity.close_date": "2026-06-30",
};
const answer = (result: string): Values => ({
  "opportunity.verbal_agreement": true,
  "run.proposal_result": result,
  "opportunity.paper_process": "Legal, then the CFO",
});
const terms: Values = { "contract.paper": "ours", "contract.risk_level": "low" };

describeOnBoth("opportunity to close", (open) => {
  it("a deal is won: gates hold until their evidence is there, paper and security run side by side, two contracts are one", async () => {
    const { bench, deal, newest } = await deals(open);
    const { id, run, stands, taskAt, finish, visited, verdict } = await deal();
    expect(await stands()).toBe("qualify");
    expect(await finish("qualify", pursue)).toBe("discovery");
    expect(await finish("discovery", evidence(0))).toBe("discovery");
    expect(await finish("discovery", evidence(2))).toBe("demo");
    expect((await taskAt("demo")).assignee).toBe("oskar");
    expect(await finish("demo", { ...shown, "opportunity.poc_required": true })).toBe("poc");
    expect(
      await finish("poc", {
        "opportunity.demo_outcome": "strong_fit",
        "opportunity.meddicc_decision_criteria": 2,
        "opportunity.next_step": "Review",
      }),
    ).toBe("deal_review");
    expect((await taskAt("deal_review")).assignee).toBe("mai");
    expect(await finish("deal_review", proceed)).toBe("proposal");
    expect(await finish("proposal", answer("changes_requested"))).toBe("negotiate");
    expect(
      await finish("negotiate", {
        "opportunity.amount": 8_000_000,
        "opportunity.term_months": 24,
        "run.proposal_result": "changes_requested",
      }),
    ).toBe("proposal");
    expect(await finish("proposal", answer("accepted_in_principle"))).toBe("legal_review + security_review");
    expect((await taskAt("legal_review")).assignee).toBe("lea");
    expect(await finish("legal_review", { ...terms, "contract.status": "in_review" })).toBe(
      "join_paper + security_review",
    );
    // The quote is not approved yet: the run stands before the signature and says what is missing.
    expect(await finish("security_review", { "run.security_result": "passed" })).toBe("signature (held)");
    await bench.change((await newest("quote")).id, { status: "approved" });
    await bench.engine.worker.drain();
    expect(await stands()).toBe("signature");
    expect(await finish("signature", { ...terms, "run.signature_result": "signed" })).toBe("");
    expect(await run()).toMatchObject({ status: "completed", end: "end_won", outcome: "success" });
    expect((await visited()).filter((n) => n === "discovery" || n === "proposal")).toHaveLength(4);
    const [row] = (await bench.store.read.select().from(bench.store.t.record)).filter((r) => r.id === id);
    expect(row?.values).toMatchObject({ stage: "closed_won", amount: 8_000_000 });
    expect((await newest("contract")).values.status).toBe("signed");
    expect(
      (await bench.store.read.select().from(bench.store.t.record)).filter((r) => r.type === "contract"),
    ).toHaveLength(1);
    expect(await verdict()).toMatchObject({ ok: true, problems: [] });
    expect(bench.errors).toEqual([]);
  });

  it("a deal is lost at each of its doors, nurtured, or stopped by its manager; and nothing outlives its run", async () => {
    const { bench, deal } = await deals(open);
    const nurtured = await deal();
    await nurtured.finish("qualify", { ...pursue, "run.qualify_decision": "nurture" });
    expect(await nurtured.run()).toMatchObject({ end: "end_nurture", outcome: "neutral" });

    const noFit = await deal();
    await noFit.finish("qualify", pursue);
    await noFit.finish("discovery", evidence(2));
    expect(await noFit.finish("demo", { ...shown, "opportunity.demo_outcome": "no_fit" })).toBe("close_lost");

    const stopped = await deal({ amount: 500_000 });
    await stopped.finish("qualify", pursue);
    await stopped.finish("discovery", evidence(2));
    await stopped.finish("demo", shown);
    expect(await stopped.finish("deal_review", { ...proceed, "run.manager_review": "rework" })).toBe("discovery");
    await stopped.finish("discovery", evidence(2));
    await stopped.finish("demo", shown);
    expect(await stopped.finish("deal_review", { ...proceed, "run.manager_review": "stop" })).toBe("close_lost");
    await stopped.finish("close_lost", { "opportunity.loss_reason": "no_decision" });
    const over = await stopped.run();
    expect(over).toMatchObject({ end: "end_lost", outcome: "negative" });
    expect([over.tokens, over.work, over.clocks, over.timers]).toEqual([{}, {}, {}, {}]);
    expect(await stopped.verdict()).toMatchObject({ ok: true });
    expect(bench.errors).toEqual([]);
  });

  it("a review that nobody does breaches after eight working hours and the process's owner hears of it", async () => {
    const { bench, deal } = await deals(open);
    const { run, finish, notices } = await deal();
    await finish("qualify", pursue);
    await finish("discovery", evidence(2));
    await finish("demo", shown);
    // Monday 09:00 in Hanoi: eight hours of a day from nine to six are used up at 17:00.
    await bench.advance(7 * hour);
    const clock = async () => Object.values((await run()).clocks).find((c) => c.sla === "review_window")!.clock;
    expect(await clock()).toMatchObject({ fired: [75], dueAt: Date.UTC(2026, 2, 2, 10) });
    await bench.advance(2 * hour);
    expect(await clock()).toMatchObject({ breachedAt: Date.UTC(2026, 2, 2, 10) });
    expect((await notices()).some((n) => n.memberId === "linh" && n.urgency === "breach")).toBe(true);
  });
});
