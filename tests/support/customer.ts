import type { FlowBench } from "./flow-play.ts";

/** A customer with a deal and a quote: what each shipped process can be started on. */
export async function customer(bench: FlowBench, discount = 0): Promise<Record<string, string>> {
  const owner_id = "lan";
  const lead = await bench.record("lead", {
    owner_id,
    last_name: "Hoa",
    email: "hoa@sen.com",
    company_name: "Sen",
    country: "VN",
    source: "outbound",
  });
  const account = await bench.record("account", {
    owner_id,
    name: "Lotus",
    domain: "lotus.com",
    billing_country: "VN",
    csm_id: "lan",
  });
  const contact = await bench.record("contact", { last_name: "Thu", email: "thu@lotus.com", account_id: account });
  const of = { account_id: account, currency: "USD" };
  const opportunity = await bench.record("opportunity", {
    ...of,
    owner_id,
    name: "Lotus",
    type: "new_business",
    close_date: "2026-06-30",
    amount: 8_400_000,
  });
  const quote = await bench.record("quote", {
    ...of,
    owner_id,
    number: "Q-1",
    opportunity_id: opportunity,
    term_months: 12,
  });
  const list_price = 100_0000;
  await bench.record("quote_line", {
    quote_id: quote,
    sku: "SEAT",
    quantity: 10,
    list_price,
    net_price: Math.round(list_price * (1 - discount / 100)),
    unit_cost: 20_0000,
    recurrence: "annual",
  });
  const order = await bench.record("order", { ...of, number: "O-1", quote_id: quote, opportunity_id: opportunity });
  const subscription = await bench.record("subscription", {
    ...of,
    status: "active",
    start_date: "2025-07-03",
    end_date: "2026-07-02",
    arr: 900_000,
    csm_id: "lan",
  });
  const invoice = await bench.record("invoice", {
    ...of,
    number: "I-1",
    order_id: order,
    subtotal: 75_000,
    due_date: "2026-04-15",
    invoice_date: "2026-03-02",
  });
  return { lead, account, contact, opportunity, quote, order, subscription, invoice };
}
