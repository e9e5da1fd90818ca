/** A quote that is built, approved, presented and signed, and the order that comes of it with everything that can be wrong with it. */
import type { Store } from "@/db/store.ts";
import type { Values } from "@/server/engine/model.ts";
import { finish } from "../template-walk.ts";
import { type Cast, type Told, openTale } from "./tell.ts";

const key = "quote_to_order";

const relatedTo = async ({ bench, runId }: Told, name: string): Promise<string> => {
  const id = (await bench.run(runId)).related[name];
  if (!id) throw new Error(`the run has no ${name}`);
  return id;
};
const fix: Cast[string] = (_, reason = "none") => ({
  "order.fallout_reason": reason,
  "run.fallout_owner": "order_ops",
});
const cast: Cast = {
  build_quote: (_, how = "valid") => ({
    "quote.currency": "USD",
    "quote.term_months": 12,
    "quote.start_date": "2027-04-01",
    "quote.billing_frequency": "annual_upfront",
    "quote.payment_terms": how === "net_60" ? "net_60" : "net_30",
    "quote.non_standard_terms": false,
    "quote.valid_until_date": "2027-12-31",
    "run.config_result": how === "invalid" ? "invalid" : "valid",
  }),
  present: (_, result = "accepted") => ({ "run.presentation_result": result }),
  create_order: async (told, po = "no_po") => ({
    "order.billing_contact_id": await told.bench.record("contact", {
      last_name: "Thu",
      email: `thu@${told.id.replaceAll("_", "")}.com`,
      account_id: await relatedTo(told, "account"),
    }),
    "order.billing_email": "pay@lotus.com",
    "order.po_required": po === "po",
    "order.start_date": "2027-04-01",
    "order.tax_exempt": true,
  }),
  fix_ae: fix,
  fix_finance: fix,
  fix_order: fix,
  collect_po: (_, status = "received") => ({
    "run.po_status": status,
    ...(status === "received" && { "order.po_number": "PO-77" }),
  }),
  credit_review: (_, status = "passed") => ({ "order.credit_check_status": status, "account.credit_status": "watch" }),
  order: async (told, field = "", value = "") =>
    told.change(await relatedTo(told, "order"), { [field]: JSON.parse(value) }),
  next_step: async (told, days = "1") =>
    told.change(await relatedTo(told, "opportunity"), { next_step_due: told.date(Number(days)) }),
  quote: ({ change, id }, status = "approved") => change(id, { status }),
  signed: async (told) => {
    await told.bench.record("contract", {
      account_id: await relatedTo(told, "account"),
      opportunity_id: await relatedTo(told, "opportunity"),
      quote_id: told.id,
      contract_type: "order_form",
      status: "signed",
    });
  },
  /** The deal desk's run of this quote: asked for, looked at, and the director's word. */
  desk: async ({ bench, id }, decision = "approved") => {
    const asked = await bench.runsOf(id);
    const desk = asked.find((run) => run.process === "deal_desk_approval" && run.status === "active")!.id;
    const reviewed = { "run.completeness": "complete", "run.desk_recommendation": "approve" };
    await finish(bench, desk, "collect", { "quote.business_justification": "They sign this week." });
    await finish(bench, desk, "desk_review", reviewed, "ha");
    await finish(bench, desk, "director_decision", { "run.decision": decision });
    await finish(bench, desk, "finance_decision", { "run.finance_decision": "approved" });
  },
};

/** As far as the order that is being written. */
const toOrder = "build_quote\n present accepted\n signed";

export async function quoteToOrder(store: Store) {
  const tale = await openTale(store, cast, key, "deal_desk_approval", "customer_onboarding_handoff", "order_to_cash");
  const { bench, story } = tale;
  let n = 0;
  const quote = (fields: Values = {}) => {
    n += 1;
    return async () => {
      const name = `Lotus ${n}`;
      const account_id = await bench.record("account", { name, domain: `lotus${n}.com`, billing_country: "VN" });
      const opportunity_id = await bench.record("opportunity", {
        name,
        account_id,
        type: "new_business",
        owner_id: "lan",
        close_date: "2027-06-30",
        amount: 8_400_000,
        currency: "USD",
      });
      const id = await bench.record("quote", {
        number: `Q-${n}`,
        opportunity_id,
        account_id,
        currency: "USD",
        term_months: 12,
        owner_id: "lan",
        ...fields,
      });
      await bench.record("quote_line", {
        quote_id: id,
        sku: "SEAT",
        quantity: 10,
        list_price: 100_0000,
        net_price: 100_0000,
        unit_cost: 20_0000,
        recurrence: "annual",
      });
      return id;
    };
  };

  // In time and by the book.
  await story(
    quote(),
    `build_quote\n present accepted\n at create_order (held)\n signed\n create_order\n ends end_activated`,
  );
  // Late: an invalid configuration, an exception the desk refuses and then allows, no answer, changes, an order that waits.
  await story(
    quote(),
    `late quote_ready
     build_quote invalid
     at build_quote
     build_quote net_60
     at approval
     desk rejected
     at build_quote
     build_quote net_60
     desk approved
     next_step 1
     days 2
     late buyer_response
     present no_response
     at present
     present changes
     build_quote
     present accepted
     signed
     late order_entry
     # What is wrong with it goes to each of the three in turn.
     order fallout_reason "missing_po"
     create_order
     at fix_ae
     late fallout_fix
     fix_ae missing_tax_data
     at fix_finance
     fix_finance unsigned_document
     at fix_order
     fix_order
     ends end_activated`,
  );
  // A reason that no rule knows goes to the order desk.
  await story(
    quote(),
    `${toOrder}\n order fallout_reason null\n create_order\n at fix_order\n fix_order\n ends end_activated`,
  );
  // The purchase order: late, then refused, then it comes after all.
  await story(
    quote(),
    `${toOrder}
     create_order po
     late po_wait
     collect_po requested
     at collect_po
     collect_po refused
     at fix_ae
     fix_ae
     at collect_po
     hours 2
     beside collect_po
     collect_po requested
     collect_po received
     ends end_activated`,
  );
  // Credit is looked at: given, not decided, refused.
  const credit = (status: string) =>
    `${toOrder}\n order credit_check_status "${status}"\n create_order\n at credit_review`;
  await story(quote(), `${credit("failed")}\n credit_review passed\n ends end_activated`);
  await story(quote(), `${credit("pending")}\n credit_review pending\n ends end_credit_refused`);
  await story(quote(), `${credit("pending")}\n credit_review failed\n ends end_credit_refused`);
  // Brought to the buyer by hand before it is approved; they say no.
  await story(
    quote(),
    `move build_quote present
     at present (held)
     quote approved
     present rejected
     ends end_quote_lost`,
  );
  return tale;
}

export const quoteToOrderCannot: Readonly<Record<string, string>> = {};
