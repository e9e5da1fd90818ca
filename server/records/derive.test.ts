import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { type DeriveContext, derive } from "./derive.ts";
import { decimalOf, decimalText, dividedBy, numberOf, rounded, whole } from "./decimal.ts";
import { inBase, rateOn } from "./money.ts";

const now = Date.UTC(2026, 10, 24, 9);
const rates = [
  { currency: "USD", date: "2026-01-01", rate: "0.9" },
  { currency: "USD", date: "2026-11-01", rate: "0.95" },
  { currency: "VND", date: "2026-01-01", rate: "0.0000365" },
  { currency: "JPY", date: "2026-01-01", rate: "0.00612" },
  { currency: "KWD", date: "2026-01-01", rate: "2.99" },
];
const context: DeriveContext = { now, zone: "Europe/Berlin", baseCurrency: "EUR", rates };
const derived = (type: string, values: Values, more: Partial<DeriveContext> = {}) =>
  derive(type, values, { ...context, ...more });

describe("exact decimals", () => {
  it.each([
    ["2.345", 2, "2.35"],
    ["-2.345", 2, "-2.35"],
    ["2.344999", 2, "2.34"],
    ["0.5", 0, "1"],
    ["1.5e3", 1, "1500.0"],
    ["1e-7", 7, "0.0000001"],
    ["7", 2, "7.00"],
  ])("%s to %i places is %s", (text, places, expected) => {
    const exact = decimalOf(text);
    expect(exact && decimalText(rounded(exact, places))).toBe(expected);
  });

  it("divides to the place asked for, half away from zero", () => {
    expect(dividedBy(whole(1), whole(8), 2)).toEqual({ units: 13n, places: 2 });
    expect(dividedBy(whole(-1), whole(8), 2)).toEqual({ units: -13n, places: 2 });
    expect(dividedBy(whole(1), whole(0), 2)).toBeNull();
  });

  it("keeps what a number says: text and value come back the same", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }),
        fc.integer({ min: 0, max: 3 }),
        (units, places) => {
          const exact = { units: BigInt(units), places };
          expect(decimalOf(String(numberOf(exact)))?.units).toBe(
            rounded(exact, decimalOf(String(numberOf(exact)))?.places ?? 0).units,
          );
        },
      ),
    );
  });
});

describe("base currency", () => {
  it.each([
    ["EUR", 123_456, 1234.56],
    ["USD", 100, 0.95],
    ["USD", 1, 0.01],
    ["VND", 1_000_000_000, 36_500],
    ["JPY", 1_000, 6.12],
    ["KWD", 1_000, 2.99],
    ["GBP", 100, null],
  ])("%s %i minor units are %s in EUR", (currency, amount, base) => {
    expect(derived("opportunity", { stage: "proposal", currency, amount }).amount_base ?? null).toBe(base);
  });

  it("takes today's rate while open and the day's rate once closed", () => {
    const deal = { currency: "USD", amount: 100_000, close_date: "2026-06-30" };
    expect(derived("opportunity", { ...deal, stage: "proposal" }).amount_base).toBe(950);
    expect(derived("opportunity", { ...deal, stage: "closed_won" }).amount_base).toBe(900);
    expect(rateOn(rates, "USD", "EUR", "2025-12-31")).toBeNull();
  });

  it("rounds each amount to the cent, so that sums tie", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { maxLength: 50 }), (amounts) => {
        const cents = amounts.map((amount) =>
          inBase({ units: BigInt(amount), places: 2 }, "USD", rates, "EUR", "2026-11-24"),
        );
        expect(cents.map((one) => one?.units)).toEqual(amounts.map((amount) => (BigInt(amount) * 95n + 50n) / 100n));
      }),
    );
  });
});

describe("leads", () => {
  it("take company and time zone from address and country, and keep what was written", () => {
    expect(derived("lead", { email: "jane@sales.acme.co.uk", country: "VN" })).toMatchObject({
      company_domain: "acme.co.uk",
      timezone: "Asia/Ho_Chi_Minh",
    });
    expect(derived("lead", { email: "jane@gmail.com", country: "US", region: "US-CA" })).toMatchObject({
      timezone: "America/Los_Angeles",
    });
    expect(derived("lead", { email: "jane@gmail.com" })).toEqual({ email: "jane@gmail.com" });
    expect(
      derived("lead", { email: "jane@acme.com", company_domain: "acme.io", timezone: "UTC", country: "DE" }),
    ).toMatchObject({ company_domain: "acme.io", timezone: "UTC" });
  });

  it.each([
    [80, 60, 72],
    [75, 50, 65],
    [1, 0, 1],
    [0, 1, 0],
    [33, 34, 33],
    [100, 100, 100],
    [50, undefined, 30],
  ])("score fit %s and engagement %s as %s", (fit, engagement, score) => {
    expect(
      derived("lead", { fit_score: fit, ...(engagement !== undefined && { engagement_score: engagement }) }).lead_score,
    ).toBe(score);
  });

  it("are worth their segment's median until somebody says otherwise", () => {
    const medianAcv = { enterprise: 80_000, "": 12_000 };
    expect(derived("lead", { segment: "enterprise" }, { medianAcv }).expected_acv_base).toBe(80_000);
    expect(derived("lead", {}, { medianAcv }).expected_acv_base).toBe(12_000);
    expect(derived("lead", { segment: "smb", expected_acv_base: 0 }, { medianAcv }).expected_acv_base).toBe(0);
  });

  it("count touches of people, not of machines", () => {
    const activities: Values[] = [
      { type: "system", direction: "outbound", occurred_at: 1 },
      { type: "call", direction: "outbound", owner_id: "u", occurred_at: 5 },
      { type: "email", direction: "outbound", owner_id: "u", occurred_at: 3 },
      { type: "email", direction: "inbound", occurred_at: 9 },
    ];
    expect(derived("lead", {}, { activities })).toEqual({
      first_touch_at: 3,
      first_response_at: 9,
      last_activity_at: 9,
      touch_count: 2,
    });
  });
});

describe("opportunities", () => {
  const deal: Values = { stage: "proposal", currency: "EUR", close_date: "2026-12-01" };

  it("follow their stage's probability until somebody writes another", () => {
    const first = derived("opportunity", deal);
    expect(first.probability).toBe(60);
    expect(derived("opportunity", { ...first, stage: "negotiation" }, { previous: first }).probability).toBe(75);
    const typed = { ...first, probability: 35 };
    expect(derived("opportunity", { ...typed, stage: "negotiation" }, { previous: typed }).probability).toBe(35);
    expect(derived("opportunity", { ...typed, stage: "closed_won" }, { previous: typed }).probability).toBe(100);
  });

  it("count each move of the close date to a later day, and keep the first one", () => {
    const first = derived("opportunity", deal);
    const pushed = derived("opportunity", { ...first, close_date: "2027-01-15" }, { previous: first });
    const pulled = derived("opportunity", { ...pushed, close_date: "2026-12-20" }, { previous: pushed });
    expect([first, pushed, pulled].map((one) => [one.original_close_date, one.close_date_push_count])).toEqual([
      ["2026-12-01", 0],
      ["2026-12-01", 1],
      ["2026-12-01", 1],
    ]);
  });

  it("are closed when they enter a closed stage, and open again when reopened", () => {
    const first = derived("opportunity", deal);
    const lost = derived("opportunity", { ...first, stage: "closed_lost" }, { previous: first, now: now + 1 });
    const edited = derived("opportunity", { ...lost, next_step: "call" }, { previous: lost, now: now + 2 });
    const reopened = derived("opportunity", { ...edited, stage: "qualification" }, { previous: edited, now: now + 3 });
    expect([first, lost, edited, reopened].map((one) => [one.closed_at ?? null, one.stage_entered_at])).toEqual([
      [null, now],
      [now + 1, now + 1],
      [now + 1, now + 1],
      [null, now + 3],
    ]);
  });

  it("that arrive closed were closed on their close date, at midnight of the workspace", () => {
    expect(derived("opportunity", { ...deal, stage: "closed_won", close_date: "2026-06-30" }).closed_at).toBe(
      Date.UTC(2026, 5, 29, 22),
    );
  });

  it("sum MEDDICC, and say nothing when nothing is known", () => {
    expect(derived("opportunity", { ...deal, meddicc_metrics: 2, meddicc_champion: 1 }).meddicc_score).toBe(3);
    expect(derived("opportunity", deal)).not.toHaveProperty("meddicc_score");
  });

  it("count contacts of the last 30 days once each", () => {
    const activities = [
      { contact_id: "a", occurred_at: now - 1 },
      { contact_id: "a", occurred_at: now - 2 },
      { contact_id: "b", occurred_at: now - 29 * 86_400_000 },
      { contact_id: "c", occurred_at: now - 31 * 86_400_000 },
    ];
    expect(derived("opportunity", deal, { activities }).contact_count).toBe(2);
  });
});

it("changes nothing the second time", () => {
  const written: [string, Values][] = [
    ["lead", { email: "a@acme.com", country: "VN", fit_score: 3 }],
    ["opportunity", { stage: "closed_lost", currency: "USD", acv: 1_001, close_date: "2026-02-03" }],
    ["invoice", { currency: "USD", status: "issued", total: 5, due_date: "2026-01-01" }],
    ["subscription", { end_date: "2026-12-31", notice_period_days: 1 }],
    ["order", { currency: "USD", order_total: 3 }],
    ["product", { sku: "a" }],
  ];
  for (const [type, values] of written) {
    const once = derived(type, values);
    expect(derived(type, once, { previous: once })).toEqual(once);
  }
});
