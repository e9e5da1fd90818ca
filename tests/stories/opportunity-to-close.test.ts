/** The shipped process “Opportunity to close”, from the new opportunity to each of its ends, on a virtual clock. */
import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Values } from "@/server/engine/model.ts";
import { readShippedTemplate } from "@/server/templates/index.ts";
import { describeOnBoth } from "../support/databases.ts";
import type { Bench } from "./bench.ts";
import { entered, finish, openTemplates, placeOf, runOf } from "./template-walk.ts";

const day = 86_400_000;
const key = "opportunity_to_close";
const pursue: Values = {
  "opportunity.pain_summary": "Quotes take three days.",
  "opportunity.meddicc_identify_pain": 2,
  "opportunity.acv": 8_400_000,
  "opportunity.close_date": "2026-06-30",
  "run.qualify_decision": "pursue",
};
const evidence = (held: boolean): Values => ({
  "opportunity.metrics_summary": "Three days to one, says the head of sales.",
  "opportunity.meddicc_metrics": 2,
  "opportunity.meddicc_economic_buyer": 2,
  "opportunity.meddicc_decision_criteria": held ? 2 : 1,
  "opportunity.meddicc_decision_process": 1,
  "opportunity.meddicc_champion": 2,
  "opportunity.meddicc_competition": 1,
  "opportunity.discovery_held": held,
});
const shown = (outcome: string, more: Values = {}): Values => ({
  "opportunity.demo_outcome": outcome,
  "opportunity.poc_required": false,
  "opportunity.security_review_required": true,
  "opportunity.procurement_required": false,
  "opportunity.next_step": "Review the plan together",
  "opportunity.next_step_due": "2026-03-01",
  ...more,
});
const review = (decision: string): Values => ({
  "run.manager_review": decision,
  "opportunity.forecast_category": "best_case",
  "opportunity.close_date": "2026-06-30",
});
const proposal = (result: string): Values => ({
  "run.proposal_result": result,
  "opportunity.verbal_agreement": result === "accepted_in_principle",
  "opportunity.paper_process": "Legal, then security, then the CFO signs.",
});
const negotiated: Values = {
  "opportunity.amount": 8_000_000,
  "opportunity.term_months": 24,
  "run.proposal_result": "changes_requested",
};
const paper = (risk: string): Values => ({
  "contract.paper": "ours",
  "contract.risk_level": risk,
  "contract.status": "in_review",
});
const signing = (result: string): Values => ({
  "contract.paper": "ours",
  "contract.risk_level": "low",
  "run.signature_result": result,
});
const lossForm: Values = { "opportunity.loss_reason": "no_decision" };

async function deal(bench: Bench, name: string) {
  const account = await bench.record("account", { name, domain: `${name.toLowerCase()}.com`, billing_country: "VN" });
  const id = await bench.record("opportunity", {
    name,
    account_id: account,
    type: "new_business",
    owner_id: "lan",
    close_date: "2026-06-30",
    amount: 8_400_000,
    currency: "USD",
  });
  return { id, runId: await runOf(bench, id, key) };
}

/** Qualified, discovered, shown, reviewed: as far as the proposal. */
async function toProposal(bench: Bench, runId: string): Promise<void> {
  await finish(bench, runId, "qualify", pursue);
  await finish(bench, runId, "discovery", evidence(true));
  await finish(bench, runId, "demo", shown("strong_fit"));
  await finish(bench, runId, "deal_review", review("proceed"));
}

async function approveQuote(bench: Bench, runId: string): Promise<void> {
  const quote = (await bench.run(runId)).related.quote;
  if (!quote) throw new Error("the run has no quote");
  await bench.change(quote, { status: "approved" });
  await bench.engine.worker.drain();
}

describeOnBoth("opportunity to close", (open) => {
  it("is won, reworked, late, escalated and lost, and each node is visited", async () => {
    const bench = await openTemplates(await open(), [key]);

    // Thin evidence first, a proof of concept, changes, paper in parallel, signed at the second attempt.
    const won = await deal(bench, "Lotus");
    await finish(bench, won.runId, "qualify", pursue);
    await finish(bench, won.runId, "discovery", evidence(false));
    expect(await placeOf(bench, won.runId)).toBe("discovery");
    await finish(bench, won.runId, "discovery", evidence(true));
    await finish(bench, won.runId, "demo", shown("needs_poc", { "opportunity.poc_required": true }));
    await finish(bench, won.runId, "poc", {
      "opportunity.demo_outcome": "strong_fit",
      "opportunity.meddicc_decision_criteria": 2,
      "opportunity.next_step": "Review",
    });
    await finish(bench, won.runId, "deal_review", review("proceed"));
    await finish(bench, won.runId, "proposal", proposal("changes_requested"));
    await finish(bench, won.runId, "negotiate", negotiated);
    await finish(bench, won.runId, "proposal", proposal("accepted_in_principle"));
    expect(await placeOf(bench, won.runId)).toBe("legal_review + security_review");
    await finish(bench, won.runId, "legal_review", paper("low"));
    expect(await placeOf(bench, won.runId)).toBe("join_paper + security_review");
    await finish(bench, won.runId, "security_review", { "run.security_result": "passed" });
    // The signature waits for an approved quote: held before the step, without a clock, until the quote is approved.
    expect(await placeOf(bench, won.runId)).toBe("signature (held)");
    await approveQuote(bench, won.runId);
    expect(await placeOf(bench, won.runId)).toBe("signature");
    await finish(bench, won.runId, "signature", signing("changes"));
    await finish(bench, won.runId, "negotiate", negotiated);
    await finish(bench, won.runId, "proposal", proposal("accepted_in_principle"));
    await finish(bench, won.runId, "legal_review", paper("low"));
    await finish(bench, won.runId, "security_review", { "run.security_result": "passed" });
    await finish(bench, won.runId, "signature", signing("signed"));
    expect(await bench.run(won.runId)).toMatchObject({ status: "completed", end: "end_won", outcome: "success" });
    const [stored] = (await bench.store.read.select().from(bench.store.t.record)).filter((r) => r.id === won.id);
    expect(stored?.values).toMatchObject({ stage: "closed_won", probability: 100 });

    // Late: the review takes more than eight working hours and is escalated; then stopped.
    const stopped = await deal(bench, "Sen");
    await finish(bench, stopped.runId, "qualify", pursue);
    await finish(bench, stopped.runId, "discovery", evidence(true));
    await finish(bench, stopped.runId, "demo", shown("strong_fit"));
    await bench.advance(4 * day);
    const slow = await bench.run(stopped.runId);
    expect(Object.values(slow.clocks).find((c) => c.sla === "review_window")?.clock.breachedAt).not.toBeNull();
    expect(Object.values(slow.work)[0]).toMatchObject({ node: "deal_review", priority: 1 });
    await finish(bench, stopped.runId, "deal_review", review("stop"));
    await finish(bench, stopped.runId, "close_lost", lossForm);
    expect(await bench.run(stopped.runId)).toMatchObject({ end: "end_lost", outcome: "negative" });

    // Partial fit goes back to discovery, rework by the manager too; critical terms back to the table; then withdrawn.
    const withdrawn = await deal(bench, "Tre");
    await finish(bench, withdrawn.runId, "qualify", pursue);
    await finish(bench, withdrawn.runId, "discovery", evidence(true));
    await finish(bench, withdrawn.runId, "demo", shown("strong_fit"));
    await finish(bench, withdrawn.runId, "deal_review", review("rework"));
    await finish(bench, withdrawn.runId, "discovery", evidence(true));
    await finish(bench, withdrawn.runId, "demo", shown("strong_fit"));
    await finish(bench, withdrawn.runId, "deal_review", review("proceed"));
    await finish(bench, withdrawn.runId, "proposal", proposal("accepted_in_principle"));
    await finish(bench, withdrawn.runId, "legal_review", paper("critical"));
    await finish(bench, withdrawn.runId, "security_review", { "run.security_result": "passed" });
    await finish(bench, withdrawn.runId, "negotiate", negotiated);
    await finish(bench, withdrawn.runId, "proposal", proposal("accepted_in_principle"));
    await finish(bench, withdrawn.runId, "legal_review", paper("low"));
    await finish(bench, withdrawn.runId, "security_review", { "run.security_result": "passed" });
    await approveQuote(bench, withdrawn.runId);
    await finish(bench, withdrawn.runId, "signature", signing("withdrawn"));
    await finish(bench, withdrawn.runId, "close_lost", lossForm);
    expect(await bench.run(withdrawn.runId)).toMatchObject({ end: "end_lost" });

    // Rejected proposal, blocked by security, no fit, nurtured, disqualified.
    const rejected = await deal(bench, "Cau");
    await toProposal(bench, rejected.runId);
    await finish(bench, rejected.runId, "proposal", proposal("rejected"));
    await finish(bench, rejected.runId, "close_lost", lossForm);
    expect(await bench.run(rejected.runId)).toMatchObject({ end: "end_lost" });
    const nurtured = await deal(bench, "Dua");
    await finish(bench, nurtured.runId, "qualify", { ...pursue, "run.qualify_decision": "nurture" });
    expect(await bench.run(nurtured.runId)).toMatchObject({ end: "end_nurture", outcome: "neutral" });

    const document = (await readShippedTemplate(key))!;
    const seen = await entered(bench, key);
    expect(document.nodes.map((n) => n.id).filter((id) => !seen.has(id))).toEqual([]);
    expect(bench.errors).toEqual([]);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
