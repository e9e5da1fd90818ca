import { describe, expect, it } from "vitest";
import { standardModel } from "@/server/records/model.ts";
import { importFields } from "./import-fields.ts";
import { createRowMapper } from "./map-records.ts";
import { type Lookups, type Mapping, type RowResult } from "./mapping.ts";
import { lookupsOf } from "./named-records.ts";
import { nearestName } from "./nearest-name.ts";
import { gatherPreview } from "./preview-records.ts";
import { suggestMapping } from "./suggest-mapping.ts";
import { type Transform, transformCell } from "./transform.ts";

const deals: Mapping = {
  key: "deals",
  recordType: "opportunity",
  source: "old-crm",
  keyField: "external_id",
  columns: [
    { column: "id", field: "external_id" },
    { column: "name", field: "name" },
    { column: "account", field: "account_id", lookup: { type: "account", by: "name" } },
    { column: "owner", field: "owner_id", lookup: { type: "user", by: "name" } },
    { column: "stage", field: "stage", values: { "Closed Won": "closed_won" } },
    { column: "value", field: "amount" },
    { column: "closes", field: "close_date", transform: "date:dmy" },
  ],
  defaults: { currency: "USD" },
};
const columns = ["id", "name", "account", "owner", "stage", "value", "closes"];
const known = lookupsOf([
  { type: "account", by: "name", name: "Acme", id: "acc_1" },
  { type: "account", by: "name", name: "Twin", id: "acc_2" },
  { type: "account", by: "name", name: "Twin", id: "acc_3" },
  { type: "user", by: "name", name: "Zoë Đặng", id: "usr_1" },
  { type: "opportunity", by: "external_id", name: "old", id: "opp_1" },
]);

describe("mapping rows to records", () => {
  it("makes a new record with defaults, a mapped stage, minor units and ids of the records it names", () => {
    const [result] = map([["D1", "Big deal", "ACME", "zoe dang", "closed won", "1,250.50", "31/12/2026"]]);
    expect(result).toEqual({
      outcome: "new",
      row: 2,
      key: "D1",
      links: [],
      values: {
        external_id: "D1",
        name: "Big deal",
        account_id: "acc_1",
        owner_id: "usr_1",
        stage: "closed_won",
        amount: 125_050,
        close_date: "2026-12-31",
        currency: "USD",
      },
    });
  });

  it("updates a known record with what the row says and no more", () => {
    expect(map([["old", "New name", "", "", "", "", ""]])).toEqual([
      {
        outcome: "update",
        row: 2,
        key: "old",
        id: "opp_1",
        links: [],
        values: { external_id: "old", name: "New name" },
      },
    ]);
  });

  it("names all that is wrong with a row at once, in its own columns", () => {
    const [result] = map([["D2", "", "Acmee", "Zoë Đặng", "lost?", "lots", "32/01/2026"]]);
    expect(result?.outcome === "error" && result.problems.map(({ code, column }) => [code, column])).toEqual([
      ["lookup_missing", "account"],
      ["value_unknown", "stage"],
      ["value_unreadable", "value"],
      ["value_unreadable", "closes"],
      ["required_missing", "name"],
    ]);
    expect(result?.outcome === "error" && result.problems[0]?.text).toBe(
      "Row 2, account: there is no account called “Acmee”.",
    );
  });

  it("does not pick one of two accounts with the same name", () => {
    const [result] = map([["D3", "x", "Twin", "Zoë Đặng", "", "", "1/2/2026"]]);
    expect(result?.outcome === "error" && result.problems[0]?.text).toBe(
      "Row 2, account: 2 records of type account are called “Twin”, so it is not clear which is meant.",
    );
  });

  it("takes the first of two rows with one key and names the other's line", () => {
    const row = ["D4", "x", "Acme", "Zoë Đặng", "", "", "1/2/2026"];
    const [first, second] = map([row, row]);
    expect([first?.outcome, second?.outcome === "error" && second.problems[0]?.text]).toEqual([
      "new",
      "Row 3, id: “D4” already stands in row 2; that one is taken.",
    ]);
  });

  it("takes the later of two rows with one key when the first cannot be used", () => {
    const row = ["D4", "x", "Acme", "Zoë Đặng", "", "", "1/2/2026"];
    const outcomes = map([row.with(5, "lots"), row]).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(["error", "new"]);
  });

  it("refuses a row without its key", () => {
    const [result] = map([["", "x", "Acme", "Zoë Đặng", "", "", "1/2/2026"]]);
    expect(result?.outcome === "error" && result.problems.map(({ code }) => code)).toEqual(["key_missing"]);
  });

  it("lets no cell reach a prototype", () => {
    const hostile: Mapping = {
      ...deals,
      columns: deals.columns.map((one) => (one.column === "stage" ? { ...one, values: { Won: "closed_won" } } : one)),
    };
    const [result] = map([["D5", "x", "Acme", "Zoë Đặng", "constructor", "", "1/2/2026"]], hostile);
    expect(result?.outcome === "error" && result.problems[0]?.code).toBe("value_unknown");
  });

  it("refuses a mapping that does not fit, with every reason", () => {
    const broken: Mapping = {
      ...deals,
      keyField: "name",
      columns: [
        { column: "gone", field: "stage" },
        { column: "id", field: "nowhere" },
        { column: "value", field: "stage" },
        { column: "owner", field: "last_activity_at" },
      ],
    };
    const made = createRowMapper(broken, { columns, lookups: known, ...importFields("opportunity", standardModel) });
    expect(made.ok ? [] : made.problems.map(({ code, column }) => [code, column])).toEqual([
      ["column_missing", "gone"],
      ["field_unknown", "id"],
      ["field_twice", "value"],
      ["field_unknown", "owner"],
      ["key_not_mapped", undefined],
    ]);
  });
});

describe("previews", () => {
  it("group faults, and offer the near value once with its number of rows", () => {
    const { fields } = importFields("opportunity", standardModel);
    const gathering = gatherPreview(deals, { fields, lookups: known });
    for (const result of map([
      ["1", "x", "A.C.M.E", "Zoë Đặng", "", "", "1/2/2026"],
      ["2", "x", "Acmee", "Zoë Đặng", "proposl", "", "1/2/2026"],
      ["3", "x", "Acmee", "Zoë Đặng", "", "", "1/2/2026"],
    ]))
      gathering.add(result);
    const preview = gathering.preview();
    expect(preview.counts).toEqual({ new: 0, update: 0, error: 3 });
    expect(preview.problems.map(({ code, column, count, rows }) => [code, column, count, rows])).toEqual([
      ["lookup_missing", "account", 3, [2, 3, 4]],
      ["value_unknown", "stage", 1, [3]],
    ]);
    expect(preview.fixes).toEqual([
      { column: "account", from: "Acmee", to: "Acme", rows: 2, why: "similar" },
      { column: "account", from: "A.C.M.E", to: "Acme", rows: 1, why: "same_letters" },
      { column: "stage", from: "proposl", to: "proposal", rows: 1, why: "similar" },
    ]);
  });
});

describe("near names", () => {
  it.each([
    ["GTXPro", ["GTX Basic", "GTX Pro", "GTX Plus Pro"], { name: "GTX Pro", why: "same_letters" }],
    ["technolgy", ["software", "technology", "telecommunications"], { name: "technology", why: "similar" }],
    ["Đà Nẵng", ["Da Nang", "Hà Nội"], { name: "Da Nang", why: "same_letters" }],
    ["GTXPro", ["GTX Pro", "GTX-Pro"], undefined],
    ["zebra", ["software", "technology"], undefined],
    ["…", ["software"], undefined],
  ])("%s", (written, names, near) => {
    expect(nearestName(written, names)).toEqual(near);
  });
});

describe("suggested mappings", () => {
  it("know the labels of other systems, the addresses in a column, and how amounts and days are written", () => {
    const { fields } = importFields("lead", standardModel);
    const headings = [
      "Record ID",
      "First Name",
      "Last Name",
      "Reach me",
      "Company / Account",
      "No. of Employees",
      "Original Source",
      "Annual Revenue",
      "Shoe size",
    ];
    const rows = [["1", "Ann", "Lee", "ann@acme.com", "Acme", "20", "paid_search", "1.250,50", "38"]];
    const proposed = suggestMapping("lead", headings, rows, fields);
    expect(proposed.columns.map(({ column, field, why, transform }) => [column, field, why, transform])).toEqual([
      ["Record ID", "external_id", "known_name", undefined],
      ["First Name", "first_name", "same_name", undefined],
      ["Last Name", "last_name", "same_name", undefined],
      ["Reach me", "email", "looks_like", undefined],
      ["Company / Account", "company_name", "known_name", undefined],
      ["No. of Employees", "employee_count", "known_name", undefined],
      ["Original Source", "source", "known_name", undefined],
      ["Annual Revenue", "annual_revenue", "same_name", "decimal:comma"],
    ]);
    expect(proposed.keyField).toBe("external_id");
  });
});

describe("transforms", () => {
  it.each<[Transform, string, string | undefined]>([
    ["millions", "1100.04", "1100040000"],
    ["millions", "0.0000015", "1.5"],
    ["millions", "a lot", undefined],
    ["thousands", "-2.5", "-2500"],
    ["share", "0.35", "35"],
    ["decimal:comma", "1.250,50", "1250.50"],
    ["date:mdy", "12/31/2026", "2026-12-31"],
    ["date:dmy", "31.12.2026 08:05", "2026-12-31T08:05:00.000Z"],
    ["date:dmy", "soon", undefined],
    ["code", "GTX Plus Pro", "GTX-PLUS-PRO"],
    ["zoho_id", "zcrm_42", "42"],
  ])("%s of %s", (transform, text, changed) => {
    expect(transformCell(transform, text)).toBe(changed);
  });
});

function map(rows: string[][], mapping: Mapping = deals, lookups: Lookups = known): RowResult[] {
  const made = createRowMapper(mapping, { columns, lookups, ...importFields("opportunity", standardModel) });
  if (!made.ok) throw new Error(made.problems.map(({ text }) => text).join(" "));
  return rows.map((values, i) => made.mapper.map({ row: i + 2, values }));
}
