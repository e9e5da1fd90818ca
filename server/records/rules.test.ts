import { describe, expect, it } from "vitest";
import { compile, toFeel, toFeelDateTime } from "@/server/engine/expression/index.ts";
import type { EngineRecord, Plain, Values } from "@/server/engine/model.ts";
import { recordTypes } from "./model.ts";
import { recordLabels, recordRules } from "./rules.ts";
import { normalise, validateRecord } from "./validate-record.ts";

const codes = (type: string, values: Values, options: Parameters<typeof validateRecord>[2] = {}) =>
  validateRecord(type, values, options).map(
    ({ field, code, severity }) => `${field} ${code}${severity === "warning" ? " (warning)" : ""}`,
  );

const lead: Values = { last_name: "Doe", email: "jane@acme.com", company_name: "Acme", source: "inbound_web" };
const deal: Values = {
  name: "Acme - seats",
  account_id: "a1",
  type: "new_business",
  stage: "proposal",
  forecast_category: "pipeline",
  currency: "EUR",
  close_date: "2026-12-01",
  owner_id: "u1",
};
const bill: Values = { number: "7", account_id: "a1", currency: "EUR", status: "issued" };

describe("what may be saved", () => {
  it.each<[string, string, Values, Parameters<typeof validateRecord>[2], string[]]>([
    ["a good lead", "lead", lead, {}, []],
    [
      "a lead without anything",
      "lead",
      {},
      {},
      ["last_name required", "email required_unless", "company_name required", "source required"],
    ],
    ["a lead with a phone instead of an address", "lead", { ...lead, email: null, phone: "+84912345678" }, {}, []],
    [
      "a disqualified lead without a reason",
      "lead",
      { ...lead, status: "disqualified" },
      {},
      ["disqualify_reason required_when"],
    ],
    [
      "a recycled lead without a reason",
      "lead",
      { ...lead, lifecycle_stage: "recycled" },
      {},
      ["recycle_reason required_when"],
    ],
    ["a disqualified lead with one", "lead", { ...lead, status: "disqualified", disqualify_reason: "spam" }, {}, []],
    [
      "a lost deal without a reason",
      "opportunity",
      { ...deal, stage: "closed_lost" },
      {},
      ["loss_reason required_when"],
    ],
    [
      "special terms without words",
      "quote",
      { number: "1", opportunity_id: "o", account_id: "a", currency: "EUR", non_standard_terms: true },
      {},
      ["non_standard_terms_detail required_when"],
    ],
    [
      "an order that needs a purchase order",
      "order",
      { number: "1", account_id: "a", currency: "EUR", start_date: "2026-01-01", po_required: true },
      {},
      ["po_number required_when"],
    ],
    ["a value no list has", "lead", { ...lead, segment: "huge" }, {}, ["segment picklist"]],
    ["a score above its scale", "lead", { ...lead, fit_score: 101 }, {}, ["fit_score too_large"]],
    ["half a person", "lead", { ...lead, employee_count: 1.5 }, {}, ["employee_count whole_number"]],
    [
      "a discount of 101 %",
      "quote",
      { number: "1", opportunity_id: "o", account_id: "a", currency: "EUR", price_uplift_cap_percent: 101 },
      {},
      ["price_uplift_cap_percent too_large"],
    ],
    ["a fraction of a cent", "opportunity", { ...deal, amount: 0.5 }, {}, ["amount money"]],
    ["a field nobody knows", "lead", { ...lead, shoe_size: 44 }, {}, ["shoe_size unknown_field"]],
    ["a stage skipped", "opportunity", { ...deal, stage: "contracting" }, { previous: deal }, ["stage transition"]],
    ["a stage back", "opportunity", { ...deal, stage: "solution_fit" }, { previous: deal }, []],
    [
      "a final status left",
      "invoice",
      { ...bill, status: "issued" },
      { previous: { ...bill, status: "void" } },
      ["status transition"],
    ],
    [
      "due before issued",
      "invoice",
      { ...bill, issue_date: "2026-02-01", due_date: "2026-01-31" },
      {},
      ["due_date date_order"],
    ],
    ["due when issued", "invoice", { ...bill, issue_date: "2026-02-01", due_date: "2026-02-01" }, {}, []],
    [
      "ends on the day it starts",
      "order",
      { number: "1", account_id: "a", currency: "EUR", start_date: "2026-01-01", end_date: "2026-01-01" },
      {},
      ["end_date date_order"],
    ],
    ["a close date gone by", "opportunity", deal, { today: "2026-12-02" }, ["close_date past_close_date (warning)"]],
    [
      "a close date gone by of a won deal",
      "opportunity",
      { ...deal, stage: "closed_won" },
      { today: "2026-12-02" },
      [],
    ],
    [
      "a computed field by hand",
      "lead",
      { ...lead, lead_score: 99 },
      { byHand: true, previous: { ...lead, lead_score: 10 } },
      ["lead_score derived"],
    ],
    [
      "a computed field untouched",
      "lead",
      { ...lead, lead_score: 10 },
      { byHand: true, previous: { ...lead, lead_score: 10 } },
      [],
    ],
    ["no such type", "deal", {}, {}, [" record_type"]],
  ])("%s", (_, type, values, options, problems) => {
    expect(codes(type, values, options)).toEqual(problems);
  });

  it("says where a stage may go", () => {
    expect(validateRecord("opportunity", { ...deal, stage: "contracting" }, { previous: deal })[0]?.text).toBe(
      "Stage cannot go from proposal to contracting; it can go to negotiation, solution_fit, closed_lost.",
    );
  });

  it("stores blanks as nothing and addresses in one form", () => {
    expect(
      normalise("lead", { last_name: " Doe ", email: " Jane@Acme.com", first_name: " ", currency: "eur" }),
    ).toEqual({ last_name: "Doe", email: "jane@acme.com", first_name: null, currency: "EUR" });
  });
});

const rules = recordRules({
  baseCurrency: "EUR",
  zone: "Asia/Ho_Chi_Minh",
  rates: [{ currency: "USD", date: "2026-01-01", rate: "0.9" }],
  lookup: (id) => (id === "q1" ? { currency: "USD", net_total: 5_000 } : null),
});
const now = Date.UTC(2026, 10, 24, 20);
const record = (type: string, values: Values): EngineRecord => ({ type, id: "r1", version: 1, values, createdAt: 0 });

describe("what expressions see", () => {
  const ask = (text: string, of: EngineRecord): Plain => {
    const compiled = compile(text);
    if (!compiled.ok) throw new Error(`cannot read ${text}`);
    const { value } = compiled.expression.evaluate({
      now,
      zone: "UTC",
      get: (name) => (name === of.type ? rules.toFeel(of) : undefined),
    });
    return typeof value === "boolean" || typeof value === "number" || typeof value === "string" ? value : null;
  };

  it.each<[string, string, Values, Plain]>([
    ["opportunity.amount * 2", "opportunity", { amount: 123_450, currency: "USD" }, 2469],
    ["opportunity.amount", "opportunity", { amount: 1_500, currency: "VND" }, 1500],
    ["opportunity.amount", "opportunity", { amount: 150 }, 1.5],
    ["quote_line.list_price", "quote_line", { list_price: 125 }, 0.0125],
    ['opportunity.close_date < date("2026-12-02")', "opportunity", { close_date: "2026-12-01" }, true],
    ['lead.consent_at < date and time("2026-01-01T00:00:00Z")', "lead", { consent_at: 1_000 }, true],
    ["lead.recycle_until = null", "lead", {}, true],
    ["lead.do_not_contact != true", "lead", {}, true],
    ['lead.status in ("new", "working")', "lead", { status: "new" }, true],
  ])("%s", (text, type, values, expected) => {
    expect(ask(text, record(type, values))).toBe(expected);
  });

  it("keeps results as its fields do, or says why not", () => {
    const usd = record("opportunity", { currency: "USD" });
    const kept = (
      type: string,
      key: string,
      value: Parameters<typeof rules.fromFeel>[2],
      of: EngineRecord | null = null,
    ) => {
      const result = rules.fromFeel(type, key, value, of);
      return result.ok ? result.value : `! ${result.text}`;
    };
    expect(kept("opportunity", "amount", 12.345, usd)).toBe(1_235);
    expect(kept("opportunity", "amount", 12, record("opportunity", { currency: "JPY" }))).toBe(12);
    expect(kept("opportunity", "stage", "closed_won", usd)).toBe("closed_won");
    expect(kept("opportunity", "stage", "won", usd)).toBe("! “won” is not one of the values of Stage.");
    expect(kept("opportunity", "close_date", toFeel("2026-12-01", "date"), usd)).toBe("2026-12-01");
    // 20:00 UTC is already the next day in Viet Nam.
    expect(kept("opportunity", "close_date", toFeelDateTime(now), usd)).toBe("2026-11-25");
    expect(kept("lead", "consent_at", toFeelDateTime(now))).toBe(now);
    expect(kept("lead", "fit_score", 1.5)).toBe("! Fit score takes a whole number.");
    expect(kept("lead", "fit_score", "high")).toBe(
      "! Fit score cannot hold this result. What came is the text “high”.",
    );
    expect(kept("lead", "fit_score", null)).toBeNull();
    expect(kept("lead", "nothing", 1)).toBe("! lead has no field nothing.");
  });
});

describe("what the engine asks", () => {
  it("begins records with the model's defaults", () => {
    expect(rules.defaults("account")).toEqual({
      currency: "EUR",
      account_type: "prospect",
      default_payment_terms: "net_30",
      credit_status: "ok",
    });
    for (const { key } of recordTypes())
      for (const [name, value] of Object.entries(rules.defaults(key)))
        expect([key, name, rules.check(key, name, value)]).toEqual([key, name, null]);
  });

  it("derives with the quote beside an order, in base currency", () => {
    expect(rules.derive("order", { quote_id: "q1", currency: "USD" }, now)).toMatchObject({
      order_total: 5_000,
      order_total_base: 45,
      quote_variance_base: 0,
    });
  });

  it("counts a push of the close date when it knows what stood there", () => {
    expect(rules.derive("opportunity", { ...deal, close_date: "2027-01-01" }, now, deal).close_date_push_count).toBe(1);
  });

  it("takes an exact address for the same lead, and a domain for its account, no more", () => {
    const jane = record("lead", lead);
    const other = (type: string, values: Values): EngineRecord => ({ ...record(type, values), id: "r2" });
    expect(rules.isSame(jane, other("lead", { email: "jane@acme.com" }))).toBe(true);
    expect(
      rules.isSame(
        { ...jane, values: { ...lead, company_domain: "acme.com" } },
        other("account", { domain: "acme.com" }),
      ),
    ).toBe(true);
    expect(
      rules.isSame(
        { ...jane, values: { ...lead, company_domain: "acme.com" } },
        other("lead", { email: "joe@acme.com", company_domain: "acme.com" }),
      ),
    ).toBe(false);
    const shared = rules
      .matchKeys("lead", { company_domain: "acme.com" })
      .filter((key) => rules.matchKeys("account", { domain: "acme.com" }).includes(key));
    expect(shared).toEqual(["account.lead_to_account_domain:acme.com"]);
  });

  it("names, groups, sums and finds records", () => {
    const values: Values = {
      first_name: "Ánh",
      last_name: "Đặng",
      email: "anh@acme.vn",
      status: "converted",
      timezone: "Asia/Tokyo",
      country: "VN",
    };
    expect([rules.title("lead", values), rules.status("lead", values), rules.isClosed("lead", values)]).toEqual([
      "Ánh Đặng",
      "converted",
      true,
    ]);
    expect(rules.search("lead", values)).toBe("anh dang anh acme vn anh@acme.vn");
    expect(rules.place("lead", values)).toEqual({ zone: "Asia/Tokyo", country: "VN" });
    expect(rules.amount("opportunity", { amount_base: 12.5 })).toBe(12.5);
    expect(rules.isClosed("opportunity", { stage: "contracting" })).toBe(false);
    expect(rules.picklist("lead", "grade")).toEqual(["A", "B", "C", "D"]);
    expect(rules.picklist("lead", "email")).toBeNull();
  });
});

it("describes fields to a screen in its language", () => {
  const vi = recordLabels("vi");
  expect(vi.describe("lead", "grade")).toMatchObject({
    label: "Hạng",
    type: "picklist",
    options: [{ value: "A" }, { value: "B" }, { value: "C" }, { value: "D" }],
  });
  expect(vi.describe("quote_line", "list_price").scale).toBe(4);
  expect(vi.describe("opportunity", "owner_id")).toMatchObject({
    label: "Người phụ trách",
    to: "user",
    derived: false,
  });
  expect(vi.summary("opportunity").map(({ name }) => name)).toContain("close_date");
  expect([vi.phrase("done"), recordLabels("en").phrase("decision.returned"), vi.type("invoice")]).toEqual([
    "Xong",
    "Send back",
    "Hóa đơn",
  ]);
});
