/** What was sold is handed over, built, trained and used; or it stalls. */
import type { Store } from "@/db/store.ts";
import type { Values } from "@/server/engine/model.ts";
import { type Cast, openTale } from "./tell.ts";

const technical: Cast[string] = ({ date }, result = "done") => ({
  "run.technical_result": result,
  "subscription.target_go_live_date": date(30),
});
const meeting: Cast[string] = ({ date }, result = "held") => ({
  "run.kickoff_result": result,
  "subscription.kickoff_date": date(5),
  ...(result === "held" && { "subscription.target_go_live_date": date(30) }),
  "subscription.success_criteria": "Quotes in a day",
  "subscription.kickoff_held": result === "held",
});
const cast: Cast = {
  /** `simple`: neither data nor systems to connect; `both`; or only systems. */
  write_handoff: async ({ bench, id }, how = "systems") => {
    const { account_id } = await bench.valuesOf(id);
    const contact = await bench.record("contact", {
      last_name: "Thu",
      email: `thu@${id.toLowerCase().replaceAll("_", "-")}.com`,
      account_id: account_id!,
    });
    return {
      "subscription.sold_outcomes": "Quotes in a day",
      "subscription.success_criteria": "Quotes in a day",
      "subscription.promises_made": "none",
      "subscription.known_risks": "none",
      "subscription.first_value_definition": "First quote out",
      "subscription.integration_required": how !== "simple",
      "subscription.data_migration_required": how === "both",
      "subscription.primary_contact_id": contact,
    };
  },
  accept_handoff: (_, decision = "accepted") => ({
    "subscription.handoff_score": 80,
    "run.handoff_decision": decision,
    ...(decision === "rejected" && { "run.handoff_reject_reason": "promises_unclear" }),
  }),
  kickoff: meeting,
  welcome_call: meeting,
  technical_setup: technical,
  unblock: technical,
  training: () => ({ "subscription.training_completed_percent": 90 }),
  golive_check: (_, decision = "go") => ({ "run.golive_decision": decision, "subscription.open_escalations": 0 }),
  value_review: (_, how = "yes") => ({
    "run.value_confirmed": how === "yes",
    "subscription.champion_status": how === "left" ? "left" : "active",
    ...(how === "yes" && { "subscription.value_summary": "One day instead of three." }),
  }),
  subscription: ({ change, id }, field = "", value = "") => change(id, { [field]: JSON.parse(value) }),
  starts_in: ({ change, id, date }, days = "1") => change(id, { start_date: date(Number(days)) }),
  activated: async ({ bench, runId }) => {
    await bench.send({ type: "receiveMessage", runId, event: "product.activated", payload: {} });
  },
};

const toKickoff = "write_handoff\n accept_handoff\n at kickoff";
const toSetup = `${toKickoff}\n kickoff held\n at technical_setup + training`;
const toCheck = `${toSetup}\n technical_setup done\n training\n at golive_check`;
const toValue = `${toCheck}\n golive_check go\n at value_review`;

export async function onboarding(store: Store) {
  const tale = await openTale(store, cast, "customer_onboarding_handoff", "renewal_and_churn_save");
  const { bench, story, toldOf } = tale;
  let n = 0;
  /** An order of a year at 9,000.00 that is activated. */
  const sold = (fields: Values = {}) => {
    n += 1;
    return async () => {
      const { date } = toldOf("", "");
      const account_id = await bench.record("account", {
        name: `Lotus ${n}`,
        domain: `lotus${n}.com`,
        billing_country: "VN",
      });
      const opportunity_id = await bench.record("opportunity", {
        name: `Lotus ${n}`,
        account_id,
        type: "new_business",
        stage: "closed_won",
        owner_id: "lan",
        close_date: date(0),
        amount: 900_000,
        currency: "USD",
      });
      const order = await bench.record("order", {
        account_id,
        opportunity_id,
        number: `O-${n}`,
        status: "validated",
        currency: "USD",
        start_date: date(0),
        tax_exempt: true,
      });
      const id = await bench.record("subscription", {
        account_id,
        order_id: order,
        start_date: date(0),
        end_date: date(364),
        currency: "USD",
        arr: 900_000,
        ...fields,
      });
      await bench.change(order, { status: "activated" });
      return id;
    };
  };

  // In time, all of it.
  await story(sold(), `${toValue}\n value_review yes\n ends end_value`);
  // Late at every step: sent back once, the kickoff moved, blocked by the customer and free again, value only at the second look.
  await story(
    sold(),
    `late handoff_note_sla
     write_handoff both
     late handoff_accept_sla
     accept_handoff rejected
     at write_handoff
     write_handoff both
     subscription success_criteria null
     accept_handoff accepted
     at kickoff (held)
     subscription success_criteria "Quotes"
     starts_in 2
     days 3
     late kickoff_sla
     kickoff rescheduled
     at kickoff
     kickoff held
     technical_setup blocked_by_customer
     at join_setup + training
     days 1
     beside technical_setup
     technical_setup done
     late technical_sla
     beside technical_setup
     technical_setup blocked_by_customer
     training
     at unblock
     days 1
     unblock done
     at golive_check
     late golive_sla
     golive_check no_go
     at unblock
     unblock done
     golive_check go
     late first_value_sla
     value_review no
     at value_review
     value_review yes
     ends end_value`,
  );
  // Nobody comes, twice.
  await story(
    sold({ arr: 20_000_000 }),
    `${toKickoff}\n kickoff customer_absent\n kickoff customer_absent\n ends end_stalled`,
  );
  // Blocked and blocked again; the champion has gone.
  await story(
    sold(),
    `${toSetup}
     technical_setup blocked_by_us
     training
     unblock blocked_by_us
     unblock blocked_by_us
     unblock blocked_by_us
     ends end_stalled`,
  );
  await story(sold(), `${toValue}\n value_review left\n ends end_stalled`);
  // Small customers help themselves, or are called.
  await story(
    sold({ arr: 500_000 }),
    `write_handoff simple
     accept_handoff
     at wait_activation
     activated
     value_review yes
     ends end_value`,
  );
  await story(
    sold({ arr: 500_000 }),
    `write_handoff simple
     accept_handoff
     wait
     welcome_call
     golive_check go
     value_review yes
     ends end_value`,
  );
  return tale;
}

export const onboardingCannot: Readonly<Record<string, string>> = {};
