import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currencyCodes, isCurrency, minorPlaces } from "./currencies.ts";
import { fieldOf, picklist, recordTypes } from "./model.ts";
import type { Field } from "./field.ts";
import { type ParseContext, formatPlain, parseField } from "./values.ts";

const field = (type: string, key: string): Field => {
  const found = fieldOf(type, key);
  if (!found) throw new Error(`${type} has no field ${key}`);
  return found;
};
const read = (type: string, key: string, text: string, context: ParseContext = {}) => {
  const result = parseField(field(type, key), text, context);
  return result.ok ? result.value : `! ${result.code}`;
};

describe("amounts", () => {
  it.each([
    // currency, written, stored in minor units
    ["USD", "1,234.50", 123_450],
    ["USD", "$1,234.5", 123_450],
    ["EUR", "1.234,50 €", 123_450],
    ["EUR", "1 234,50", 123_450],
    ["CHF", "1'234.50 CHF", 123_450],
    ["USD", "(99.99)", -9_999],
    ["USD", "0.1", 10],
    ["USD", "10.10", 1_010],
    ["USD", "0.295", "! too_precise"],
    ["USD", "0.290", 29],
    ["JPY", "1,500", 1_500],
    ["JPY", "1500.5", "! too_precise"],
    ["KWD", "1.234", 1_234],
    ["KWD", "1.2345", "! too_precise"],
    ["VND", "15.000", 15_000],
    ["VND", "15,000 ₫", 15_000],
    ["VND", "1.234.568 ₫", 1_234_568],
    ["CLF", "1.2345", 12_345],
    ["INR", "12,34,567.89", 123_456_789],
    ["USD", "1,23,4", "! number"],
    ["USD", "12 EUR", "! currency_differs"],
    ["USD", "lots", "! number"],
    ["USD", "90071992547409.91", Number.MAX_SAFE_INTEGER],
    ["USD", "90071992547409.92", "! too_large"],
    ["USD", "1e3", 100_000],
  ])("%s %s → %s", (currency, written, stored) => {
    expect(read("opportunity", "amount", written, { currency })).toBe(stored);
  });

  it("keeps unit prices in 1/10,000 in every currency", () => {
    expect(read("quote_line", "list_price", "0.0125", { currency: "JPY" })).toBe(125);
    expect(read("quote_line", "list_price", "4,821", { currency: "USD" })).toBe(48_210_000);
    expect(read("quote_line", "list_price", "0.00001")).toBe("! too_precise");
  });

  it("reads back every amount it writes, in every currency", () => {
    fc.assert(
      fc.property(fc.constantFrom(...currencyCodes()), fc.maxSafeInteger(), (currency, minor) => {
        const amount = field("opportunity", "amount");
        expect(parseField(amount, formatPlain(amount, minor, currency), { currency })).toMatchObject({
          ok: true,
          value: minor === 0 ? 0 : minor,
        });
      }),
    );
  });

  it("knows the minor units of ISO 4217 and only currencies in use", () => {
    expect(["JPY", "KRW", "VND", "USD", "EUR", "KWD", "TND", "IQD", "CLF", "ISK", "CLP"].map(minorPlaces)).toEqual([
      0, 0, 0, 2, 2, 3, 3, 3, 4, 0, 0,
    ]);
    expect(["DEM", "HRK", "ZWL", "XXX", "eur", "EURO", ""].filter(isCurrency)).toEqual([]);
    expect(["XCG", "SLE", "ZWG", "MRU"].every(isCurrency)).toBe(true);
  });
});

describe("numbers", () => {
  it.each([
    ["lead", "employee_count", "2,822", {}, 2_822],
    ["lead", "employee_count", "1.200", {}, "! whole_number"],
    ["lead", "employee_count", "1.200", { decimalMark: "," }, 1_200],
    ["opportunity", "probability", "62.5 %", {}, 62.5],
    ["opportunity", "probability", "62,5", {}, 62.5],
    ["opportunity", "probability", "62.555", {}, "! too_precise"],
    ["quote_line", "quantity", "0.0001", {}, 0.0001],
    ["quote_line", "quantity", "1.2.3", {}, "! number"],
    ["lead", "employee_count", "−5", {}, -5],
    ["lead", "employee_count", "٣", {}, "! number"],
  ] as const)("%s.%s %s", (type, key, written, context, stored) => {
    expect(read(type, key, written, context)).toBe(stored);
  });
});

describe("phones", () => {
  it.each([
    ["+84 912 345 678", null, "+84912345678"],
    ["0912 345 678", "VN", "+84912345678"],
    ["84912345678", "VN", "+84912345678"],
    ["(415) 555-2671", "US", "+14155552671"],
    ["1-415-555-2671", "US", "+14155552671"],
    ["415.555.2671", "CA", "+14155552671"],
    ["020 7946 0958", "GB", "+442079460958"],
    ["+44 (0)20 7946 0958", null, "+442079460958"],
    ["0044 20 7946 0958", null, "+442079460958"],
    ["030 123456", "DE", "+4930123456"],
    ["06 6982 1234", "IT", "+390669821234"],
    ["8 495 123-45-67", "RU", "+74951234567"],
    ["06 1 234 5678", "HU", "+3612345678"],
    ["612 345 678", "ES", "+34612345678"],
    ["0912 345 678", null, "! phone_country"],
    ["0912 345 678", "AQ", "! phone_country"],
    ["+1 123", null, "! phone"],
    ["+1 115 555 2671", null, "! phone"],
    ["call me", "US", "! phone"],
    ["+1234567890123456", null, "! phone"],
  ])("%s in %s → %s", (written, country, stored) => {
    expect(read("lead", "phone", written, { country })).toBe(stored);
  });

  it("keeps an extension apart", () => {
    for (const written of [
      "+1 415 555 2671 ext. 12",
      "+14155552671x12",
      "+1 415 555 2671 máy lẻ 12",
      "tel:+14155552671;ext=12",
    ]) {
      expect(parseField(field("lead", "phone"), written)).toEqual({
        ok: true,
        value: "+14155552671",
        beside: { phone_ext: "12" },
      });
    }
  });
});

describe("e-mail, web and domains", () => {
  it.each([
    ["email", " Jane.Doe@Acme.COM ", "jane.doe@acme.com"],
    ["email", "jane@acme", "! email"],
    ["email", "jane@@acme.com", "! email"],
    ["email", "jane doe@acme.com", "! email"],
    ["email", "jane@acme.c0m1.123", "! email"],
    ["email", ".jane@acme.com", "! email"],
    ["email", `${"a".repeat(64)}@acme.com`, `${"a".repeat(64)}@acme.com`],
    ["email", `${"a".repeat(65)}@acme.com`, "! email_too_long"],
    ["email", "an@bücher.de", "an@xn--bcher-kva.de"],
    ["website", "acme.com", "https://acme.com"],
    ["website", "HTTP://Acme.com/a b", "! url"],
    ["website", "javascript:alert(1)", "! url"],
    ["website", "ftp://acme.com", "! url"],
    ["website", "https://bücher.de/x", "https://xn--bcher-kva.de/x"],
    ["company_domain", "https://www.Shop.Acme.co.uk/path?x=1", "acme.co.uk"],
    ["company_domain", "mail.acme.com.vn", "acme.com.vn"],
    ["company_domain", "www.acme.com", "acme.com"],
    ["company_domain", "jane@sales.acme.io", "acme.io"],
    ["company_domain", "acme", "! domain"],
    ["company_domain", "192.168.0.1", "! domain"],
  ])("%s %s → %s", (key, written, stored) => {
    expect(read("lead", key, written)).toBe(stored);
  });

  it("shows an e-mail address as it was written", () => {
    expect(parseField(field("lead", "email"), "Jane@Acme.com")).toEqual({
      ok: true,
      value: "jane@acme.com",
      beside: { email_original: "Jane@Acme.com" },
    });
  });
});

describe("places", () => {
  it.each([
    ["country", "vn", "VN"],
    ["country", "VNM", "VN"],
    ["country", "Viet Nam", "VN"],
    ["country", "Việt Nam", "VN"],
    ["country", "United States", "US"],
    ["country", "USA", "US"],
    ["country", "U.S.A.", "US"],
    ["country", "UK", "GB"],
    ["country", "Đức", "DE"],
    ["country", "Korea", "KR"],
    ["country", "Atlantis", "! country"],
    ["timezone", "Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Minh"],
    ["timezone", "+07:00", "! timezone"],
    ["timezone", "Mars/Base", "! timezone"],
    ["language", "en-GB", "en-GB"],
    ["language", "english please", "! language"],
    ["region", "us-ca", "US-CA"],
    ["region", "US-ZZ", null],
    ["region", "VN-SG", "VN-SG"],
    ["region", "California", "US-CA"],
  ])("%s %s → %s", (key, written, stored) => {
    expect(read("lead", key, written)).toBe(stored);
  });

  it("offers the country that was meant", () => {
    expect(parseField(field("lead", "country"), "Philipines")).toMatchObject({
      ok: false,
      text: "“Philipines” is not a country. Did you mean “Philippines”?",
    });
  });

  it("keeps a region nobody knows as it was written", () => {
    expect(parseField(field("lead", "region"), "Central")).toEqual({
      ok: true,
      value: null,
      beside: { region_raw: "Central" },
    });
    expect(parseField(field("lead", "region"), "tx", { country: "US" })).toEqual({
      ok: true,
      value: "US-TX",
      beside: { region_raw: null },
    });
  });
});

describe("days and instants", () => {
  it.each([
    ["2017-03-01", {}, "2017-03-01"],
    ["2017-03-01T23:59:59Z", {}, "2017-03-01"],
    ["1/3/2017", {}, "2017-03-01"],
    ["3/1/2017", { dateOrder: "mdy" }, "2017-03-01"],
    ["01.03.2017", {}, "2017-03-01"],
    ["20170301", {}, "2017-03-01"],
    ["24 Nov 2026", {}, "2026-11-24"],
    ["Nov 24, 2026", {}, "2026-11-24"],
    ["29/02/2028", {}, "2028-02-29"],
    ["29/02/2027", {}, "! date"],
    ["11/24/2026", {}, "! date"],
    ["24/11/2026", { dateOrder: "mdy" }, "! date"],
    ["1/2/17", {}, "! date"],
    ["tomorrow", {}, "! date"],
  ] as const)("%s %j → %s", (written, context, stored) => {
    expect(read("opportunity", "close_date", written, context)).toBe(stored);
  });

  it.each([
    ["2026-11-24T14:30:00Z", "UTC", Date.UTC(2026, 10, 24, 14, 30)],
    ["2026-11-24 14:30", "Asia/Ho_Chi_Minh", Date.UTC(2026, 10, 24, 7, 30)],
    ["24/11/2026 14:30:15.250", "UTC", Date.UTC(2026, 10, 24, 14, 30, 15, 250)],
    ["2026-11-24T14:30:00+07:00", "UTC", Date.UTC(2026, 10, 24, 7, 30)],
    ["2026-03-29 02:30", "Europe/Berlin", Date.UTC(2026, 2, 29, 1, 30)],
    ["1790000000000", "UTC", 1_790_000_000_000],
    ["2026-11-24 25:00", "UTC", "! datetime"],
  ])("%s in %s", (written, zone, stored) => {
    expect(read("lead", "next_meeting_at", written, { zone })).toBe(stored);
  });
});

describe("choices", () => {
  it.each([
    ["opportunity", "stage", "closed_won", "closed_won"],
    ["opportunity", "stage", "Closed won", "closed_won"],
    ["opportunity", "stage", "Thắng", "closed_won"],
    ["opportunity", "stage", "thang", "closed_won"],
    ["opportunity", "stage", "Đàm phán", "negotiation"],
    ["lead", "industry", "dịch vụ tài chính", "financial_services"],
    ["account", "segment", "Mid-Market", "mid_market"],
    ["opportunity", "stage", "Won", "! picklist"],
    ["lead", "do_not_contact", "Có", true],
    ["lead", "do_not_contact", "không", false],
    ["lead", "do_not_contact", "Yes", true],
    ["lead", "do_not_contact", "0", false],
    ["lead", "do_not_contact", "maybe", "! boolean"],
  ])("%s.%s %s → %s", (type, key, written, stored) => {
    expect(read(type, key, written)).toBe(stored);
  });

  it("offers the value that was meant", () => {
    expect(parseField(field("lead", "industry"), "Helthcare")).toMatchObject({
      ok: false,
      text: "“Helthcare” is not one of the values of Industry. Did you mean “healthcare”?",
    });
  });

  it("reads every value of every list by its id and by its label in both languages", () => {
    for (const type of recordTypes()) {
      for (const one of Object.values(type.fields)) {
        for (const { value, label } of picklist(one.picklist))
          for (const written of [value, label.en, label.vi])
            expect([one.key, written, read(type.key, one.key, written)]).toEqual([one.key, written, value]);
      }
    }
  });
});

it("takes blank text for nothing, whatever the field", () => {
  for (const type of recordTypes())
    for (const one of Object.values(type.fields)) expect(parseField(one, "  ")).toEqual({ ok: true, value: null });
});

it("answers any text with a value or a sentence", () => {
  const fields = recordTypes().flatMap((type) => Object.values(type.fields));
  fc.assert(
    fc.property(
      fc.constantFrom(...fields),
      fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.webUrl(), fc.emailAddress(), fc.double().map(String)),
      (one, written) => {
        const result = parseField(one, written);
        expect(result.ok || result.text.length > 10).toBe(true);
      },
    ),
    { numRuns: 600 },
  );
});
