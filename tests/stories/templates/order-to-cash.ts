/** An invoice from the billing trigger to the money, through reminders, promises, disputes and the last word. */
import type { Store } from "@/db/store.ts";
import type { Values } from "@/server/engine/model.ts";
import { textGraph } from "../../support/text-graph.ts";
import { type Cast, openTale, workspaceWords } from "./tell.ts";

const cast: Cast = {
  ...workspaceWords,
  check_invoice: (_, result = "ok") => ({
    "run.invoice_check": result,
    "invoice.billing_email": "pay@lotus.com",
    "invoice.channel": "email",
  }),
  chase_delivery: () => ({
    "run.invoice_check": "ok",
    "invoice.billing_email": "pay@lotus.com",
    "invoice.channel": "email",
  }),
  collection_call: ({ date }, how = "nothing", days = "5") => ({
    "run.payment_probability": 60,
    "invoice.dispute_status": how === "disputed" ? "open" : "none",
    ...(how === "disputed" && { "invoice.dispute_reason": "quality" }),
    ...(how === "promised" && { "invoice.promise_to_pay_date": date(Number(days)) }),
  }),
  resolve_dispute: (_, how = "valid") => ({
    "invoice.dispute_reason": "quality",
    "run.dispute_valid": how === "valid",
    "invoice.dispute_status": how === "valid" ? "resolved_valid" : "resolved_invalid",
  }),
  csm_save: ({ date }, result = "refused") => ({
    "run.payment_plan_months": 3,
    "invoice.promise_to_pay_date": date(result === "refused" ? -1 : 5),
    "run.escalation_result": result,
  }),
  escalate: ({ date }, result = "refused") => ({
    "run.escalation_result": result,
    ...(result === "plan_agreed" && { "invoice.promise_to_pay_date": date(5) }),
  }),
  write_off: () => ({ "invoice.write_off_amount": 75_000, "run.escalation_result": "no_contact" }),
  invoice: ({ change, id }, field = "", value = "") => change(id, { [field]: JSON.parse(value) }),
  promise: ({ change, id, date }, days = "1") => change(id, { promise_to_pay_date: date(Number(days)) }),
  delivered: async ({ bench, runId }) => {
    await bench.send({ type: "receiveMessage", runId, event: "invoice.delivery_confirmed", payload: {} });
  },
  pays: async ({ bench, id }, amount = "75000") => {
    const { account_id } = await bench.valuesOf(id);
    await bench.record("payment", {
      account_id: account_id!,
      invoice_id: id,
      amount: Number(amount),
      currency: "USD",
      status: "succeeded",
    });
  },
  /** Somebody phones, and notes it on the invoice. */
  phones: async ({ bench, id, now }) => {
    await bench.record("activity", {
      type: "call",
      direction: "outbound",
      subject: "Payment",
      occurred_at: now(),
      related_type: "invoice",
      related_id: id,
    });
  },
};

/** The way to each step while nobody pays. */
const issued = "check_invoice ok\n delivered\n at wait_due";
const soon = `${issued}\n wait\n at wait_overdue`;
const overdue = `${soon}\n wait\n at wait_7`;
const called = `${overdue}\n wait\n at collection_call`;
const second = `${called}\n collection_call nothing\n at wait_14`;
const third = `${second}\n wait\n at wait_30`;
const team = `${third}\n wait\n at csm_save`;
const manager = `${team}\n csm_save refused\n at escalate`;

export async function orderToCash(store: Store) {
  const tale = await openTale(store, cast, "order_to_cash");
  const { bench, story, toldOf } = tale;
  await bench.publish(
    textGraph(
      "bill",
      `bill:automation
       start -> bill -> done`,
      { recordType: "invoice", nodes: { bill: { actions: [{ verb: "start_process", process: "order_to_cash" }] } } },
    ),
  );
  let n = 0;
  /** A draft for 750.00, due in forty days, that billing asks to be sent. */
  const invoice = (fields: Values = {}) => {
    n += 1;
    return async () => {
      const { date } = toldOf("", "");
      const account_id = await bench.record("account", {
        name: `Lotus ${n}`,
        domain: `lotus${n}.com`,
        billing_country: "VN",
        csm_id: "dung",
      });
      const subscription_id = await bench.record("subscription", {
        account_id,
        status: "active",
        start_date: date(0),
        end_date: date(364),
        currency: "USD",
        csm_id: "dung",
      });
      const id = await bench.record("invoice", {
        account_id,
        subscription_id,
        number: `I-${n}`,
        currency: "USD",
        subtotal: 75_000,
        due_date: date(40),
        ...fields,
      });
      await bench.start("bill", id, "invoice");
      await bench.engine.worker.drain();
      return id;
    };
  };

  // Paid before it is due, in parts.
  await story(invoice(), `${issued}\n pays 25000\n at wait_due\n wait\n at wait_overdue\n pays 50000\n ends end_paid`);
  // Held, wrong, late; delivery is never confirmed; paid in parts, and the reminder may not go out for a while.
  await story(
    invoice(),
    `invoice dunning_hold true
     days 1
     invoice dunning_hold false
     check_invoice error
     at check_invoice
     late issue_invoice
     check_invoice ok
     wait
     at chase_delivery
     hours 1
     chase_delivery
     everybody leave
     wait
     invoice dispute_status "open"
     days 1
     invoice dispute_status "none"
     late reminder_before_due
     everybody return
     retry
     at wait_7
     pays
     ends end_paid`,
  );
  // Confirmed in time by hand; on hold when the call is due; disputed before and in the call, which comes too late; rightly so.
  await story(
    invoice(),
    `check_invoice ok
     move wait_delivery chase_delivery
     chase_delivery
     wait
     wait
     at wait_7
     invoice dunning_hold true
     invoice dispute_status "open"
     days 2
     invoice dispute_status "none"
     wait
     at collection_call (held)
     invoice dunning_hold false
     late first_call
     phones
     collection_call disputed
     late dispute_resolution
     resolve_dispute valid
     ends end_reissued`,
  );
  // Disputed without reason, then nothing helps: everybody in turn, service suspended, written off.
  await story(
    invoice(),
    `${called}
     phones
     collection_call disputed
     resolve_dispute invalid
     at collection_call
     collection_call nothing
     wait
     at wait_30
     wait
     at csm_save
     promise 1
     days 2
     late account_team
     csm_save refused
     late escalation_decision
     escalate refused
     at wait_60
     wait
     at write_off
     write_off
     ends end_written_off`,
  );
  // Promised and broken; a plan that is kept.
  await story(
    invoice(),
    `${called}
     collection_call promised 5
     at wait_promise
     wait
     at wait_30
     wait
     csm_save plan_agreed
     at wait_promise
     pays
     ends end_paid`,
  );
  // The money comes at each of the other waits, and during the call; in part past due.
  await story(invoice(), `${overdue}\n pays\n ends end_paid`);
  await story(invoice(), `${called}\n pays\n at collection_call\n collection_call nothing\n ends end_paid`);
  await story(
    invoice(),
    `${second}\n pays 25000\n at collection_call\n pays 50000\n collection_call nothing\n ends end_paid`,
  );
  await story(invoice(), `${third}\n pays\n ends end_paid`);
  await story(invoice(), `${manager}\n escalate refused\n pays\n ends end_paid`);
  await story(invoice(), `${manager}\n escalate plan_agreed\n pays\n ends end_paid`);
  // Nobody is reached for two months.
  await story(invoice(), `${manager}\n days 35\n escalate no_contact\n write_off\n ends end_written_off`);
  return tale;
}

export const orderToCashCannot: Readonly<Record<string, string>> = {};
