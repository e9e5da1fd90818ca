/** A deal with evidence gates, from the first meeting to the signature, the shelf or an honest loss. */
import type { Store } from "@/db/store.ts";
import type { Values } from "@/server/engine/model.ts";
import { type Cast, type Told, openTale } from "./tell.ts";

const key = "opportunity_to_close";

const relatedTo = async ({ bench, runId }: Told, name: string): Promise<string> => {
  const id = (await bench.run(runId)).related[name];
  if (!id) throw new Error(`the run has no ${name}`);
  return id;
};
const cast: Cast = {
  qualify: (_, decision = "pursue") => ({
    "opportunity.pain_summary": "Quotes take three days.",
    "opportunity.meddicc_identify_pain": 2,
    "opportunity.acv": 8_400_000,
    "opportunity.close_date": "2027-06-30",
    "run.qualify_decision": decision,
    ...(decision === "disqualify" && { "opportunity.loss_reason": "poor_fit" }),
  }),
  /** `weak` evidence is enough for a demonstration, not for a proposal. */
  discovery: (_, how = "strong") => ({
    "opportunity.metrics_summary": "Three days to one, says the head of sales.",
    "opportunity.meddicc_metrics": how === "strong" ? 2 : 1,
    "opportunity.meddicc_economic_buyer": how === "weak" ? 0 : 2,
    "opportunity.meddicc_decision_criteria": 1,
    "opportunity.meddicc_decision_process": 1,
    "opportunity.meddicc_champion": 1,
    "opportunity.meddicc_competition": how === "weak" ? 0 : 1,
    "opportunity.discovery_held": how !== "not_held",
  }),
  demo: (_, outcome = "strong_fit", security = "security") => ({
    "opportunity.demo_outcome": outcome,
    "opportunity.poc_required": outcome === "needs_poc",
    "opportunity.security_review_required": security === "security",
    "opportunity.procurement_required": false,
    "opportunity.next_step": "Review the plan together",
    "opportunity.next_step_due": "2026-03-01",
  }),
  poc: () => ({
    "opportunity.demo_outcome": "strong_fit",
    "opportunity.meddicc_decision_criteria": 2,
    "opportunity.next_step": "Review",
  }),
  deal_review: (_, decision = "proceed") => ({
    "run.manager_review": decision,
    "opportunity.forecast_category": "best_case",
    "opportunity.close_date": "2027-06-30",
  }),
  proposal: (_, result = "accepted_in_principle") => ({
    "run.proposal_result": result,
    "opportunity.verbal_agreement": result === "accepted_in_principle",
    "opportunity.paper_process": "Legal, then security, then the CFO signs.",
  }),
  negotiate: () => ({
    "opportunity.amount": 8_000_000,
    "opportunity.term_months": 24,
    "run.proposal_result": "changes_requested",
  }),
  legal_review: (_, risk = "low") => ({
    "contract.paper": "ours",
    "contract.risk_level": risk,
    "contract.status": "in_review",
  }),
  security_review: (_, result = "passed") => ({ "run.security_result": result }),
  signature: (_, result = "signed") => ({
    "contract.paper": "ours",
    "contract.risk_level": "low",
    "run.signature_result": result,
  }),
  close_lost: () => ({ "opportunity.loss_reason": "no_decision" }),
  /** The customer has named a day for the next step, so the clock stands still until it is there. */
  next_step: ({ change, id, date }, days = "1") => change(id, { next_step_due: date(Number(days)) }),
  deal: ({ change, id }, field = "", value = "") => change(id, { [field]: JSON.parse(value) }),
  quote: async (told, status = "approved") => told.change(await relatedTo(told, "quote"), { status }),
  contract: async (told, status = "redlining") => told.change(await relatedTo(told, "contract"), { status }),
};

/** As far as each step, on the straight way. */
const toDemo = "qualify\n discovery";
const toReview = `${toDemo}\n demo strong_fit`;
const toProposal = `${toReview}\n deal_review proceed`;
const toPaper = `${toProposal}\n proposal accepted_in_principle\n at legal_review + security_review`;

export async function opportunityToClose(store: Store) {
  const tale = await openTale(store, cast, key);
  const { bench, story } = tale;
  let n = 0;
  const deal = (values: Values = {}) => {
    n += 1;
    return async () => {
      const name = `Lotus ${n}`;
      const account = await bench.record("account", { name, domain: `lotus${n}.com`, billing_country: "VN" });
      return bench.record("opportunity", {
        name,
        account_id: account,
        type: "new_business",
        owner_id: "lan",
        close_date: "2027-06-30",
        amount: 8_400_000,
        currency: "USD",
        ...values,
      });
    };
  };

  // Everything takes too long, whenever the day of the next step is past; won all the same.
  await story(
    deal(),
    `next_step 1
     days 2
     late qualify_window
     qualify pursue
     next_step 1
     days 2
     late discovery_window
     discovery not_held
     at discovery
     discovery
     next_step 1
     days 2
     late demo_window
     demo needs_poc
     next_step 1
     days 2
     late poc_window
     poc
     late review_window
     deal_review proceed
     quote in_approval
     days 1
     quote draft
     late proposal_window
     proposal changes_requested
     next_step 1
     days 2
     late negotiation_window
     negotiate
     proposal accepted_in_principle
     contract redlining
     next_step 1
     days 2
     contract in_review
     late legal_first_pass
     late security_window
     legal_review low
     security_review passed
     at signature (held)
     quote approved
     at signature
     late signature_window
     signature signed
     ends end_won`,
  );
  // In time, with thin evidence first; the proposal waits for more of it; the signature brings changes.
  await story(
    deal(),
    `qualify
     discovery weak
     demo needs_poc
     poc
     deal_review proceed
     at proposal (held)
     deal meddicc_metrics 2
     proposal changes_requested
     negotiate
     proposal accepted_in_principle
     legal_review critical
     security_review passed
     at negotiate
     negotiate
     proposal accepted_in_principle
     quote approved
     legal_review
     security_review
     signature changes
     negotiate
     proposal changes_requested
     at deal_review
     deal_review stop
     close_lost
     ends end_lost`,
  );
  // The wrong problem, and what was known of the pain is gone; rework by the manager; no security asked; withdrawn.
  await story(
    deal(),
    `${toDemo}
     deal pain_summary null
     demo partial_fit
     at discovery (held)
     deal pain_summary "Quotes_take_three_days."
     discovery
     demo strong_fit
     deal_review rework
     discovery
     demo strong_fit none
     deal_review proceed
     proposal accepted_in_principle
     at join_paper + legal_review
     quote approved
     legal_review
     signature withdrawn
     close_lost
     ends end_lost`,
  );
  await story(deal(), `${toPaper}\n quote approved\n legal_review\n security_review\n signature signed\n ends end_won`);
  // Brought to the demonstration by hand, before the first talk was held.
  await story(
    deal(),
    `qualify
     move discovery demo
     at demo (held)
     deal discovery_held true
     demo no_fit
     close_lost
     ends end_lost`,
  );
  await story(deal(), `${toPaper}\n legal_review\n security_review failed\n close_lost\n ends end_lost`);
  await story(deal(), `${toProposal}\n proposal rejected\n close_lost\n ends end_lost`);
  await story(deal(), `${toDemo}\n demo no_fit\n close_lost\n ends end_lost`);
  await story(deal(), "qualify nurture\n ends end_nurture");
  await story(deal(), "qualify disqualify\n close_lost\n ends end_lost");
  return tale;
}

export const opportunityToCloseCannot: Readonly<Record<string, string>> = {};
