/** A quote before the deal desk: which level it asks for and why, what each approver says, and what is missing. */
import type { Store } from "@/db/store.ts";
import type { Values } from "@/server/engine/model.ts";
import { type Cast, openTale } from "./tell.ts";

const cast: Cast = {
  collect: () => ({
    "quote.business_justification": "They sign this week.",
    "quote.give_get": "A reference call.",
    "quote.non_standard_terms_detail": "Uplift cap at 3 %.",
  }),
  desk_review: (_, completeness = "complete") => ({
    "run.completeness": completeness,
    "run.desk_recommendation": completeness === "complete" ? "approve" : "need_information",
  }),
  return_to_ae: () => ({ "quote.business_justification": "They sign this week, and here is what is in writing." }),
  manager_decision: (_, decision = "approved") => ({ "run.decision": decision }),
  director_decision: (_, decision = "approved") => ({ "run.decision": decision }),
  finance_decision: (_, decision = "approved") => ({ "run.finance_decision": decision }),
  legal_decision: (_, decision = "approved") => ({ "run.legal_decision": decision }),
  executive_decision: (_, decision = "approved") => ({ "run.executive_decision": decision }),
};

/** What a quote is like: seats, percent off, what a seat costs us (it lists at 100), and other fields. */
type Terms = { seats?: number; off?: number; cost?: number; credit?: string } & Values;

export async function dealDesk(store: Store) {
  const tale = await openTale(store, cast, "deal_desk_approval");
  const { bench, story } = tale;
  let n = 0;
  const quote = ({ seats = 10, off = 0, cost = 20, credit = "ok", ...fields }: Terms = {}) => {
    n += 1;
    return async () => {
      const name = `Lotus ${n}`;
      const account = await bench.record("account", {
        name,
        domain: `lotus${n}.com`,
        billing_country: "VN",
        credit_status: credit,
      });
      const opportunity = await bench.record("opportunity", {
        name,
        account_id: account,
        type: "new_business",
        owner_id: "lan",
        close_date: "2027-06-30",
        amount: 8_400_000,
        currency: "USD",
      });
      const id = await bench.record("quote", {
        number: `Q-${n}`,
        opportunity_id: opportunity,
        account_id: account,
        currency: "USD",
        term_months: 12,
        payment_terms: "net_30",
        non_standard_terms: false,
        owner_id: "lan",
        ...(fields.non_standard_terms === true && { non_standard_terms_detail: "Uplift cap at 3 %." }),
        ...fields,
      });
      await bench.record("quote_line", {
        quote_id: id,
        sku: "SEAT",
        quantity: seats,
        list_price: 100_0000,
        net_price: (100 - off) * 1_0000,
        unit_cost: cost * 1_0000,
        recurrence: "annual",
      });
      await bench.change(id, { status: "in_approval" });
      return id;
    };
  };
  const manager = { off: 15 };
  const gates = { off: 35, non_standard_terms: true };
  const all = { off: 45 };

  // The rep's own authority.
  await story(quote(), "ends end_auto");
  // The manager decides: too late after the desk was too late, and in time.
  await story(
    quote(manager),
    `collect
     late desk_triage
     take desk_review
     desk_review
     late approval_tier1
     manager_decision approved
     ends end_approved`,
  );
  await story(
    quote(manager),
    "collect\n take desk_review\n desk_review\n manager_decision rejected\n ends end_rejected",
  );
  // Passed over by hand, nobody has decided: back to the desk.
  await story(
    quote(manager),
    `collect
     take desk_review
     desk_review
     skip manager_decision
     at desk_review
     take desk_review
     desk_review
     manager_decision approved
     ends end_approved`,
  );
  // Something is missing, three times: once late, once in time, then it is over.
  await story(
    quote(manager),
    `collect
     desk_review incomplete
     late return_to_rep
     return_to_ae
     desk_review incomplete
     return_to_ae
     desk_review incomplete
     ends end_rejected`,
  );
  // The director, finance, legal and the executive, all late; meanwhile the desk finds each time that something is missing after all.
  const lateBy = (sla: string) =>
    `beside desk_review
     desk_review incomplete
     hours 3
     beside desk_review
     desk_review complete
     late ${sla}`;
  await story(
    quote(all),
    `collect
     desk_review
     ${lateBy("approval_tier1")}
     director_decision
     at finance_decision + legal_decision
     ${lateBy("finance_decision_sla")}
     finance_decision approved_with_conditions
     late legal_decision_sla
     legal_decision
     ${lateBy("executive_decision_sla")}
     executive_decision
     ends end_approved`,
  );
  await story(
    quote(all),
    "collect\n desk_review\n director_decision\n finance_decision\n legal_decision\n executive_decision rejected\n ends end_rejected",
  );
  await story(
    quote(gates),
    "collect\n desk_review\n director_decision\n finance_decision rejected\n legal_decision\n ends end_rejected",
  );
  await story(
    quote(gates),
    "collect\n desk_review\n director_decision\n finance_decision\n legal_decision rejected\n ends end_rejected",
  );
  // The director alone.
  await story(quote({ off: 25 }), "collect\n desk_review\n director_decision\n ends end_approved");
  await story(quote({ off: 25 }), "collect\n desk_review\n director_decision rejected\n ends end_rejected");

  // Each rule of the tables, by the quote that meets it.
  const others: Terms[] = [
    { cost: 60 },
    { seats: 30_000, non_standard_terms: true },
    { payment_terms: "net_60" },
    { term_months: 48 },
    { non_standard_terms: true },
    { seats: 12_000 },
    { term_months: 6 },
    { non_standard_terms: null },
    { billing_frequency: "milestone" },
    { credit: "watch" },
    { termination_for_convenience: true },
  ];
  for (const terms of others) await story(quote(terms), "at collect");
  return tale;
}

export const dealDeskCannot: Readonly<Record<string, string>> = {
  "rule finance_gate 2":
    "these payment terms are at the level of director and finance or above, which the first rule takes",
  "rule finance_gate 3": "this term is at the level of director and finance or above, which the first rule takes",
};
