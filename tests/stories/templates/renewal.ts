/** A term that ends: its value is shown, the terms are agreed before it is too late, it is saved, or it is lost and written down. */
import type { Store } from "@/db/store.ts";
import type { Values } from "@/server/engine/model.ts";
import { finish } from "../template-walk.ts";
import { type Cast, type Told, day, hour, openTale } from "./tell.ts";

const key = "renewal_and_churn_save";

const quoteOf = async ({ bench, runId }: Told): Promise<string> => {
  const { quote, opportunity } = (await bench.run(runId)).related;
  if (quote) return quote;
  const { account_id } = await bench.valuesOf(opportunity!);
  return bench.record("quote", {
    number: `Q-${runId}`,
    opportunity_id: opportunity!,
    account_id: account_id!,
    currency: "USD",
    term_months: 12,
    owner_id: "dung",
  });
};
const saving: Cast[string] = (_, result = "saved") => ({
  "run.save_result": result,
  "subscription.renewal_intent": result === "saved" ? "renew" : "churn",
  ...(result === "lost" && { "subscription.churn_reason": "price" }),
});
const cast: Cast = {
  assess: (_, risk = "low", champion = "active") => ({
    "subscription.health_score": 80,
    "subscription.champion_status": champion,
    "subscription.open_escalations": 0,
    "subscription.renewal_intent": "renew",
    "subscription.renewal_risk": risk,
    ...((risk === "high" || risk === "critical") && { "run.risk_driver": "price" }),
  }),
  value_review: (_, intent = "renew", held = "held") => ({
    "run.review_held": held === "held",
    "subscription.value_summary": "One day instead of three.",
    "subscription.executive_sponsor_engaged": true,
    "subscription.renewal_intent": intent,
  }),
  save_plan: () => ({
    "run.risk_driver": "price",
    "run.save_offer": "price_hold",
    "subscription.known_risks": "Their new head of finance.",
    "run.executive_involved": false,
  }),
  run_save: saving,
  executive_call: saving,
  build_proposal: () => ({
    "subscription.proposed_uplift_percent": 5,
    "quote.term_months": 12,
    "subscription.renewal_forecast": "commit",
  }),
  negotiate: (_, result = "agreed") => ({
    "run.negotiation_result": result,
    "subscription.renewal_forecast": "commit",
    "subscription.renewal_intent": "renew",
  }),
  signature: (_, result = "signed") => ({ "run.signature_result": result, "subscription.renewal_intent": "renew" }),
  record_churn: ({ date }) => ({ "subscription.churn_reason": "price", "subscription.churn_date": date(0) }),
  subscription: ({ change, id }, field = "", value = "") => change(id, { [field]: JSON.parse(value) }),
  /** The renewal's quote has a line at list price, so it is within policy. */
  line: async (told) => {
    await told.bench.record("quote_line", {
      quote_id: await quoteOf(told),
      sku: "SEAT",
      quantity: 10,
      list_price: 100_0000,
      net_price: 100_0000,
      unit_cost: 20_0000,
      recurrence: "annual",
    });
  },
  submit: async (told) => told.change(await quoteOf(told), { status: "in_approval" }),
  /** The deal desk's run of the renewal's quote, to the director's yes. */
  desk: async (told) => {
    const { bench } = told;
    const asked = await bench.runsOf(await quoteOf(told));
    const desk = asked.find((run) => run.process === "deal_desk_approval" && run.status === "active")!.id;
    const request: Values = {
      "quote.business_justification": "They sign this week.",
      "quote.non_standard_terms": false,
      "quote.payment_terms": "net_30",
      "quote.term_months": 12,
    };
    await finish(bench, desk, "collect", request);
    const reviewed = { "run.completeness": "complete", "run.desk_recommendation": "approve" };
    await finish(bench, desk, "desk_review", reviewed, "ha");
    await finish(bench, desk, "director_decision", { "run.decision": "approved" });
  },
};

const toProposal = "assess low\n value_review\n at build_proposal";
const toTerms = `${toProposal}\n line\n build_proposal\n at negotiate`;
const toSave = "assess high\n save_plan\n at run_save";

export async function renewal(store: Store) {
  const tale = await openTale(store, cast, key, "deal_desk_approval", "order_to_cash");
  const { bench, story } = tale;
  let n = 0;
  /** A subscription of 9,000.00 a year; at the next six in the morning it is 120 days before it has to be renewed. */
  const ending = (fields: Values = {}) => {
    n += 1;
    return async () => {
      const local = bench.clock.now() + 7 * hour;
      const six = Math.floor(local / day) * day + 6 * hour;
      const morning = six > local ? six : six + day;
      const date = (days: number) => new Date(morning + days * day).toISOString().slice(0, 10);
      const account_id = await bench.record("account", {
        name: `Lotus ${n}`,
        domain: `lotus${n}.com`,
        billing_country: "VN",
        owner_id: "dung",
      });
      const id = await bench.record("subscription", {
        account_id,
        status: "active",
        start_date: date(-246),
        end_date: date(119),
        arr: 900_000,
        currency: "USD",
        csm_id: "dung",
        seats_purchased: 10,
        seats_active: 9,
        health_band: "green",
        ...fields,
      });
      await bench.advance(morning - local + 1000);
      return id;
    };
  };

  // In time, within policy.
  await story(ending(), `${toTerms}\n negotiate agreed\n signature signed\n ends end_renewed`);
  // Late at every step; the review is not held at first, the quote is before the deal desk, the signature does not come.
  await story(
    ending({ health_band: "yellow" }),
    `late assessment_sla
     assess medium
     late value_review_sla
     value_review renew not_held
     at value_review
     value_review renew
     submit
     days 1
     desk
     late proposal_sla
     build_proposal
     at approval
     desk
     at negotiate
     late before_notice
     negotiate changes
     at build_proposal
     line
     build_proposal
     at negotiate
     negotiate agreed
     late signature_sla
     signature not_signed
     at negotiate
     negotiate agreed
     signature signed
     ends end_renewed`,
  );
  // At risk: the plan is late, the play waits for the ninetieth day and is late, and works; there is no value to show yet.
  await story(
    ending(),
    `assess critical
     late save_plan_sla
     save_plan
     days 40
     late save_execution
     run_save saved
     at build_proposal (held)
     subscription value_summary "One_day."
     line
     build_proposal
     negotiate lost
     at save_plan
     days 90
     save_plan
     run_save saved
     build_proposal
     negotiate lost
     record_churn
     ends end_churned`,
  );
  // Lost: a large one goes to the executive first.
  await story(
    ending({ arr: 9_000_000 }),
    `${toSave}
     run_save lost
     executive_call lost
     record_churn
     ends end_churned`,
  );
  await story(ending(), `${toSave}\n run_save lost\n record_churn\n ends end_churned`);
  await story(
    ending(),
    "assess low\n value_review churn\n save_plan\n run_save lost\n record_churn\n ends end_churned",
  );
  return tale;
}

export const renewalCannot: Readonly<Record<string, string>> = {};
