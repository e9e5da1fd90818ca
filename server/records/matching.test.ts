import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { fold, similarity } from "./fold.ts";
import { companyName, findDuplicates, knownTexts, matchTexts } from "./matching.ts";

const jane: Values = {
  first_name: "Jane",
  last_name: "Doe",
  email: "jane@acme.com",
  phone: "+14155552671",
  company_domain: "acme.com",
};
const find = (type: string, values: Values, knownType: string, known: Values) =>
  findDuplicates({ type, id: "new", values }, [{ type: knownType, id: "old", values: known }]).map(
    ({ key, confidence, action }) => `${key} ${confidence} ${action}`,
  );

describe("leads", () => {
  it.each<[string, Values, string, Values, string[]]>([
    ["the same address", { email: "jane@acme.com" }, "lead", jane, ["exact_email 1 auto_merge"]],
    ["an address that differs by a dot", { email: "ja.ne@acme.com" }, "lead", jane, []],
    [
      "the same phone and last name",
      { phone: "+14155552671", last_name: "DOE" },
      "lead",
      jane,
      ["phone_and_last_name 0.9 review"],
    ],
    ["the same phone, another person", { phone: "+14155552671", last_name: "Roe" }, "lead", jane, []],
    [
      "a misspelt name at the same company",
      { first_name: "Jané", last_name: "Doe", company_domain: "acme.com" },
      "lead",
      jane,
      ["name_and_domain 0.85 review"],
    ],
    [
      "an initial at the same company",
      { first_name: "J.", last_name: "Doe", company_domain: "acme.com" },
      "lead",
      jane,
      ["name_and_domain 0.85 review"],
    ],
    [
      "the same name elsewhere",
      { first_name: "Jane", last_name: "Doe", company_domain: "other.com" },
      "lead",
      jane,
      [],
    ],
    [
      "a contact with this address",
      { email: "jane@acme.com" },
      "contact",
      { email: "jane@acme.com" },
      ["lead_to_contact_email 1 link_not_merge"],
    ],
    [
      "an account with this domain",
      { company_domain: "acme.com" },
      "account",
      { domain: "acme.com" },
      ["lead_to_account_domain 0.95 set_matched_account"],
    ],
    ["two blanks", { email: null }, "lead", { email: null }, []],
  ])("%s", (_, values, knownType, known, found) => {
    expect(find("lead", values, knownType, known)).toEqual(found);
  });
});

describe("the others", () => {
  it.each<[string, string, Values, Values, string[]]>([
    [
      "an account by domain",
      "account",
      { domain: "acme.com" },
      { domain: "acme.com" },
      ["exact_domain 0.98 auto_merge_unless_distinct_parents"],
    ],
    [
      "two daughters of different parents",
      "account",
      { domain: "acme.com", parent_account_id: "a" },
      { domain: "acme.com", parent_account_id: "b" },
      ["exact_domain 0.98 review"],
    ],
    [
      "a tax id in a country",
      "account",
      { tax_id: "DE 1", billing_country: "DE" },
      { tax_id: "de 1", billing_country: "DE" },
      ["tax_id_country 1 auto_merge"],
    ],
    [
      "a company in other words",
      "account",
      { name: "Acme Corporation", billing_country: "US" },
      { name: "ACME, Inc.", billing_country: "US" },
      ["normalised_name_country 0.8 review"],
    ],
    [
      "a company in another country",
      "account",
      { name: "Acme", billing_country: "US" },
      { name: "Acme", billing_country: "VN" },
      [],
    ],
    [
      "an open deal of the same kind nearby",
      "opportunity",
      { account_id: "a", type: "renewal", stage: "proposal", close_date: "2026-03-01" },
      { account_id: "a", type: "renewal", stage: "discovery", close_date: "2026-04-30" },
      ["open_same_account_type_window 0.7 review"],
    ],
    [
      "one that closes 61 days later",
      "opportunity",
      { account_id: "a", type: "renewal", stage: "proposal", close_date: "2026-03-01" },
      { account_id: "a", type: "renewal", stage: "discovery", close_date: "2026-05-01" },
      [],
    ],
    [
      "one that is closed",
      "opportunity",
      { account_id: "a", type: "renewal", stage: "proposal", close_date: "2026-03-01" },
      { account_id: "a", type: "renewal", stage: "closed_won", close_date: "2026-03-01" },
      [],
    ],
    [
      "the same activity within a minute",
      "activity",
      { type: "call", owner_id: "u", related_id: "l", occurred_at: 60_000 },
      { type: "call", owner_id: "u", related_id: "l", occurred_at: 0 },
      ["same_minute 0.9 skip"],
    ],
    [
      "the same call later",
      "activity",
      { type: "call", owner_id: "u", related_id: "l", occurred_at: 60_001 },
      { type: "call", owner_id: "u", related_id: "l", occurred_at: 0 },
      [],
    ],
    ["an id that differs in case", "order", { quote_id: "qA" }, { quote_id: "qa" }, []],
    [
      "a bill sent twice",
      "invoice",
      { account_id: "a", subscription_id: "s", issue_date: "2026-01-01", total: 100 },
      { account_id: "a", subscription_id: "s", issue_date: "2026-01-01", total: 100 },
      ["probable_double_billing 0.9 review"],
    ],
  ])("%s", (_, type, values, known, found) => {
    expect(find(type, values, type, known)).toEqual(found);
  });

  it("names the surest key of each, the surest record first, never itself", () => {
    const known = [
      { type: "lead", id: "b", values: { ...jane, email: null } },
      { type: "lead", id: "a", values: jane },
      { type: "lead", id: "new", values: jane },
    ];
    expect(findDuplicates({ type: "lead", id: "new", values: jane }, known).map(({ id, key }) => [id, key])).toEqual([
      ["a", "exact_email"],
      ["b", "phone_and_last_name"],
    ]);
  });
});

it("finds by equal texts whatever it would find by comparing", () => {
  const pairs: [string, Values, string, Values][] = [
    ["lead", jane, "lead", { ...jane, email: "other@acme.com", phone: null, first_name: "J" }],
    ["lead", jane, "account", { domain: "acme.com" }],
    [
      "account",
      { name: "Công ty TNHH An Phát", billing_country: "VN" },
      "account",
      { name: "An Phat", billing_country: "VN" },
    ],
    ["contact", { ...jane, account_id: "a" }, "contact", { first_name: "Jane", last_name: "Doe", account_id: "a" }],
  ];
  for (const [type, values, knownType, known] of pairs) {
    expect(find(type, values, knownType, known)).toHaveLength(1);
    const there = new Set(knownTexts(knownType, known).map(({ match, text }) => `${match}:${text}`));
    expect(matchTexts(type, values).some(({ match, text }) => there.has(`${match}:${text}`))).toBe(true);
  }
});

it("sees through legal forms, accents and case", () => {
  expect(["Acme, Inc.", "ACME GmbH & Co. KG", "Công ty Cổ phần Ácme", "Acme JSC"].map(companyName)).toEqual([
    "acme",
    "acme",
    "acme",
    "acme",
  ]);
  expect(companyName("SE AG")).toBe("se ag");
  expect(fold("Đặng Ngọc-Ánh")).toBe("dang ngoc anh");
});

it("measures likeness as published", () => {
  // Winkler's own examples.
  expect(similarity("martha", "marhta")).toBeCloseTo(0.9611, 4);
  expect(similarity("dwayne", "duane")).toBeCloseTo(0.84, 2);
  expect(similarity("dixon", "dicksonx")).toBeCloseTo(0.8133, 4);
  expect(similarity("", "a")).toBe(0);
});
