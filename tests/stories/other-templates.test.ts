/** The other six shipped processes, each from its trigger to a good end. */
import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Values } from "@/server/engine/model.ts";
import { describeOnBoth } from "../support/databases.ts";
import type { Bench } from "./bench.ts";
import { finish, openTemplates, placeOf, runOf } from "./template-walk.ts";

const day = 86_400_000;

async function customer(bench: Bench): Promise<{ account: string; contact: string; opportunity: string }> {
  const account = await bench.record("account", {
    name: "Lotus",
    domain: "lotus.com",
    billing_country: "VN",
    owner_id: "dung",
    csm_id: "dung",
  });
  const contact = await bench.record("contact", {
    last_name: "Thu",
    email: "thu@lotus.com",
    account_id: account,
  });
  const opportunity = await bench.record("opportunity", {
    name: "Lotus",
    account_id: account,
    type: "new_business",
    owner_id: "lan",
    close_date: "2026-06-30",
    amount: 8_400_000,
    currency: "USD",
  });
  return { account, contact, opportunity };
}

/** A quote of ten seats at 100, sold at `net`, that cost 20. */
async function quote(bench: Bench, { account, opportunity }: { account: string; opportunity: string }, net: number) {
  const id = await bench.record("quote", {
    number: "Q-1",
    opportunity_id: opportunity,
    account_id: account,
    currency: "USD",
    term_months: 12,
    owner_id: "lan",
  });
  await bench.record("quote_line", {
    quote_id: id,
    sku: "SEAT",
    quantity: 10,
    list_price: 100_0000,
    net_price: net * 1_0000,
    unit_cost: 20_0000,
    recurrence: "annual",
  });
  return id;
}

const stored = async (bench: Bench, id: string): Promise<Values> =>
  (await bench.store.read.select().from(bench.store.t.record)).find((r) => r.id === id)!.values;
const made = async (bench: Bench, type: string): Promise<string[]> =>
  (await bench.store.read.select().from(bench.store.t.record)).filter((r) => r.type === type).map((r) => r.id);
const clean = async (bench: Bench) => {
  expect(bench.errors).toEqual([]);
  expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
};
const justified: Values = {
  "quote.business_justification": "They sign this week.",
  "quote.give_get": "A reference call.",
  "quote.non_standard_terms": false,
  "quote.payment_terms": "net_30",
  "quote.term_months": 12,
};

/** The deal desk's run of this quote: request, review, the director's yes. */
async function decide(bench: Bench, id: string): Promise<void> {
  const runId = await runOf(bench, id, "deal_desk_approval");
  await finish(bench, runId, "collect", justified);
  await finish(
    bench,
    runId,
    "desk_review",
    { "run.completeness": "complete", "run.desk_recommendation": "approve" },
    "ha",
  );
  await finish(bench, runId, "director_decision", { "run.decision": "approved" });
  expect(await bench.run(runId)).toMatchObject({ end: "end_approved", outcome: "success" });
}

describeOnBoth("the other shipped processes", (open) => {
  it("outbound sequence: not reached, a reply, an objection, a meeting", async () => {
    const bench = await openTemplates(await open(), ["outbound_sequence"]);
    const id = await bench.record("lead", {
      last_name: "Hoa",
      email: "hoa@sen.com",
      company_name: "Sen",
      country: "VN",
      source: "outbound",
      owner_id: "an",
    });
    const runId = await runOf(bench, id);
    await finish(bench, runId, "research", {
      "run.research_ok": "ready",
      "lead.trigger_event": "New head of sales",
      "lead.persona": "CRO",
    });
    await finish(bench, runId, "call_1", { "run.call_result": "voicemail" });
    await finish(bench, runId, "email_1");
    // Mail leaves when the ten seconds to undo have passed.
    expect(bench.sent).toEqual([]);
    await bench.advance(11_000);
    expect(bench.sent.filter((s) => s.kind === "mail")).toHaveLength(1);
    await bench.advance(4 * day);
    await finish(bench, runId, "social_touch");
    await bench.record("activity", {
      type: "email",
      direction: "inbound",
      subject: "Re: your note",
      occurred_at: bench.clock.now(),
      related_type: "lead",
      related_id: id,
    });
    await bench.engine.worker.drain();
    await finish(bench, runId, "triage_reply", { "lead.reply_sentiment": "neutral", "run.reply_route": "objection" });
    await finish(bench, runId, "call_2", { "run.call_result": "connected_interested" });
    await finish(bench, runId, "book", {
      "lead.next_meeting_at": bench.clock.now() + day,
      "lead.meeting_status": "booked",
      "lead.need_summary": "Forecasts are guesses.",
    });
    expect(await bench.run(runId)).toMatchObject({ end: "end_meeting_booked", outcome: "success" });
    await clean(bench);
  });

  it("deal desk: a quarter off goes to the director, and comes back approved and locked", async () => {
    const bench = await openTemplates(await open(), ["deal_desk_approval"]);
    const id = await quote(bench, await customer(bench), 75);
    expect(await stored(bench, id)).toMatchObject({
      discount_percent: 25,
      net_total: 75_000,
      gross_margin_percent: 73.33,
    });
    await bench.change(id, { status: "in_approval" });
    await decide(bench, id);
    expect(await stored(bench, id)).toMatchObject({
      status: "approved",
      approval_status: "approved",
      approval_level: "director",
    });
    await clean(bench);
  });

  it("quote to order to cash to onboarding: approved by the desk, signed, ordered, invoiced, paid, valued", async () => {
    const bench = await openTemplates(await open(), [
      "deal_desk_approval",
      "quote_to_order",
      "order_to_cash",
      "customer_onboarding_handoff",
    ]);
    const who = await customer(bench);
    const id = await quote(bench, who, 75);
    const runId = await runOf(bench, id, "quote_to_order");
    await finish(bench, runId, "build_quote", {
      "quote.currency": "USD",
      "quote.term_months": 12,
      "quote.start_date": "2026-04-01",
      "quote.billing_frequency": "annual_upfront",
      "quote.payment_terms": "net_30",
      "quote.non_standard_terms": false,
      "quote.valid_until_date": "2026-03-31",
      "run.config_result": "valid",
    });
    expect(await placeOf(bench, runId)).toBe("approval");
    await decide(bench, id);
    expect(await placeOf(bench, runId)).toBe("present");
    await finish(bench, runId, "present", { "run.presentation_result": "accepted" });
    expect(await placeOf(bench, runId)).toBe("create_order (held)");
    await bench.record("contract", {
      account_id: who.account,
      opportunity_id: who.opportunity,
      quote_id: id,
      contract_type: "order_form",
      status: "signed",
    });
    await bench.engine.worker.drain();
    await finish(bench, runId, "create_order", {
      "order.billing_contact_id": who.contact,
      "order.billing_email": "pay@lotus.com",
      "order.po_required": false,
      "order.start_date": "2026-04-01",
      "order.tax_exempt": true,
    });
    expect(await placeOf(bench, runId)).toBe("end_activated");
    const [order] = await made(bench, "order");
    expect(await stored(bench, order!)).toMatchObject({
      status: "activated",
      order_total: 75_000,
      quote_variance_base: 0,
    });

    const [invoice] = await made(bench, "invoice");
    const cash = await runOf(bench, invoice!, "order_to_cash");
    expect(await bench.change(invoice!, { subtotal: 75_000, due_date: "2026-04-15" })).toMatchObject({ ok: true });
    await finish(bench, cash, "check_invoice", {
      "run.invoice_check": "ok",
      "invoice.billing_email": "pay@lotus.com",
      "invoice.channel": "email",
    });
    await bench.send({ type: "receiveMessage", runId: cash, event: "invoice.delivery_confirmed", payload: {} });
    expect(await placeOf(bench, cash)).toBe("wait_due");
    await bench.advance(46 * day);
    expect(await placeOf(bench, cash)).toBe("wait_7");
    expect(await stored(bench, invoice!)).toMatchObject({ status: "overdue", dunning_level: 2 });
    await bench.record("payment", {
      account_id: who.account,
      invoice_id: invoice!,
      amount: 75_000,
      currency: "USD",
      status: "succeeded",
    });
    await bench.engine.worker.drain();
    expect(await placeOf(bench, cash)).toBe("end_paid");
    expect(await stored(bench, invoice!)).toMatchObject({ status: "paid", balance: 0 });

    const [subscription] = await made(bench, "subscription");
    const onboarding = await runOf(bench, subscription!, "customer_onboarding_handoff");
    await finish(bench, onboarding, "write_handoff", {
      "subscription.sold_outcomes": "Quotes in a day",
      "subscription.success_criteria": "Quotes in a day",
      "subscription.promises_made": "none",
      "subscription.known_risks": "none",
      "subscription.first_value_definition": "First quote out",
      "subscription.integration_required": true,
      "subscription.data_migration_required": false,
      "subscription.primary_contact_id": who.contact,
    });
    await finish(bench, onboarding, "accept_handoff", {
      "subscription.handoff_score": 80,
      "run.handoff_decision": "accepted",
    });
    await finish(bench, onboarding, "kickoff", {
      "run.kickoff_result": "held",
      "subscription.kickoff_date": "2026-04-20",
      "subscription.target_go_live_date": "2026-05-20",
      "subscription.success_criteria": "Quotes in a day",
      "subscription.kickoff_held": true,
    });
    expect(await placeOf(bench, onboarding)).toBe("technical_setup + training");
    await finish(bench, onboarding, "training", { "subscription.training_completed_percent": 90 });
    await finish(bench, onboarding, "technical_setup", {
      "run.technical_result": "done",
      "subscription.target_go_live_date": "2026-05-20",
    });
    await finish(bench, onboarding, "golive_check", {
      "run.golive_decision": "go",
      "subscription.open_escalations": 0,
    });
    await finish(bench, onboarding, "value_review", {
      "run.value_confirmed": true,
      "subscription.value_summary": "One day instead of three.",
      "subscription.champion_status": "active",
    });
    expect(await placeOf(bench, onboarding)).toBe("end_value");
    await clean(bench);
  });

  it("renewal: begins 120 days before the term ends, also for a day that was missed, and is renewed", async () => {
    const bench = await openTemplates(await open(), [
      "renewal_and_churn_save",
      "deal_desk_approval",
      "order_to_cash",
      "opportunity_to_close",
    ]);
    const { account } = await customer(bench);
    // The day after the end is 2026-07-03: 120 days before it is the 5th of March.
    const id = await bench.record("subscription", {
      account_id: account,
      status: "active",
      start_date: "2025-07-03",
      end_date: "2026-07-02",
      arr: 900_000,
      currency: "USD",
      csm_id: "dung",
      seats_purchased: 10,
      seats_active: 9,
    });
    // The server sleeps over five mornings.
    bench.clock.set(bench.clock.now() + 5 * day);
    const runId = await runOf(bench, id, "renewal_and_churn_save");
    expect((await bench.run(runId)).trigger).toEqual({ event: "timer.daily", at: Date.UTC(2026, 2, 4, 23) });
    await finish(bench, runId, "assess", {
      "subscription.health_score": 80,
      "subscription.champion_status": "active",
      "subscription.open_escalations": 0,
      "subscription.renewal_intent": "renew",
      "subscription.renewal_risk": "low",
    });
    await finish(bench, runId, "value_review", {
      "run.review_held": true,
      "subscription.value_summary": "One day instead of three.",
      "subscription.executive_sponsor_engaged": true,
      "subscription.renewal_intent": "renew",
    });
    await finish(bench, runId, "build_proposal", {
      "subscription.proposed_uplift_percent": 5,
      "quote.term_months": 12,
      "subscription.renewal_forecast": "commit",
    });
    const renewal = (await bench.run(runId)).related.quote!;
    expect(await placeOf(bench, runId)).toBe("approval");
    await decide(bench, renewal);
    await finish(bench, runId, "negotiate", {
      "run.negotiation_result": "agreed",
      "subscription.renewal_forecast": "commit",
      "subscription.renewal_intent": "renew",
    });
    await finish(bench, runId, "signature", {
      "run.signature_result": "signed",
      "subscription.renewal_intent": "renew",
    });
    expect(await placeOf(bench, runId)).toBe("end_renewed");
    expect(await stored(bench, id)).toMatchObject({ status: "renewed" });
    await clean(bench);
  });
});
