import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { withCustomFields } from "@/server/records/custom-fields.ts";
import { standardModel } from "@/server/records/model.ts";
import { importFields } from "./import-fields.ts";
import { createRowMapper } from "./map-records.ts";
import { type Lookups, type Mapping, type RowResult } from "./mapping.ts";
import { type NamedRecord, lookupsOf } from "./named-records.ts";
import { presetFor, presets } from "./presets.ts";
import { type Preview, applyFixes, gatherPreview } from "./preview-records.ts";
import { readCsv } from "./read-csv.ts";
import { suggestMapping } from "./suggest-mapping.ts";

const crm = path.join(process.cwd(), "..", "shared", "data", "crm");

type Facts = {
  rows: number;
  stage_counts: Record<string, number>;
  missing_by_stage: {
    account: Record<string, number>;
    engage_date: Record<string, number>;
    close_date: Record<string, number>;
    close_value: Record<string, number>;
  };
  engage_range: [string, string];
  close_range: [string, string];
  won_value_total: number;
  win_rate_by_agent: Record<string, number>;
  win_rate_by_product: Record<string, number>;
  won_value_by_close_month: Record<string, number>;
  won_value_by_manager: Record<string, number>;
  products_not_in_catalogue: Record<string, number>;
  accounts: number;
  sectors: Record<string, number>;
};

describe.runIf(existsSync(crm))("the four tables of a real pipeline", () => {
  it("are all readable with their presets, and their figures are those counted by another tool", async () => {
    const facts: Facts = JSON.parse(readFileSync(path.join(crm, "oracle", "facts.json"), "utf8"));
    const { accounts, products, people, pipeline } = await wholePipeline();

    expect(accounts.preview.counts).toEqual({ new: facts.accounts, update: 0, error: 0 });
    expect(countBy(accounts.rows, (row) => row.values.x_sector)).toEqual(mended(facts.sectors));
    expect(accounts.rows.find((row) => row.key === "Acme Corporation")?.values).toMatchObject({
      annual_revenue: 110_004_000_000,
      billing_country: "US",
      currency: "USD",
      employee_count: 2822,
      industry: "other",
    });
    expect(accounts.rows.flatMap((row) => row.links).length).toBe(15);

    expect(products.rows.map(({ values }) => [values.sku, values.name, values.list_price])).toContainEqual([
      "GTX-PRO",
      "GTX Pro",
      48_210_000,
    ]);

    expect(people.preview.counts).toEqual({ new: 35, update: 0, error: 0 });
    expect(people.preview.creates.map(({ type, names }) => [type, names.length])).toEqual([
      ["user", 6],
      ["team", 3],
    ]);

    expect(pipeline.preview.counts).toEqual({ new: facts.rows, update: 0, error: 0 });
    const stages = countBy(pipeline.rows, (row) => row.values.stage);
    expect(stages).toEqual({
      qualification: facts.stage_counts.Prospecting,
      discovery: facts.stage_counts.Engaging,
      closed_won: facts.stage_counts.Won,
      closed_lost: facts.stage_counts.Lost,
    });
    for (const [field, missing] of [
      ["account_id", "account"],
      ["x_engage_date", "engage_date"],
      ["close_date", "close_date"],
      ["amount", "close_value"],
    ] as const) {
      const without = pipeline.rows.filter((row) => row.values[field] === undefined);
      const theirs = facts.missing_by_stage[missing];
      expect(
        countBy(without, (row) => row.values.stage),
        field,
      ).toEqual(present({ qualification: theirs.Prospecting, discovery: theirs.Engaging }));
    }
    for (const [field, range] of [
      ["x_engage_date", facts.engage_range],
      ["close_date", facts.close_range],
    ] as const) {
      const days = pipeline.rows
        .flatMap((row) => (typeof row.values[field] === "string" ? [row.values[field]] : []))
        .sort();
      expect([days[0], days.at(-1)]).toEqual(range);
    }
    const won = pipeline.rows.filter((row) => row.values.stage === "closed_won");
    expect(won.reduce((sum, row) => sum + amountOf(row.values), 0)).toBe(facts.won_value_total * 100);
    expect(sumBy(won, (row) => String(row.values.close_date).slice(0, 7))).toEqual(
      hundredfold(facts.won_value_by_close_month),
    );
    const managerOf = new Map(
      people.rows.map((row) => [`user:${row.key}`, row.links.find((link) => link.field === "manager_id")?.text ?? ""]),
    );
    expect(sumBy(won, (row) => managerOf.get(String(row.values.owner_id)) ?? "")).toEqual(
      hundredfold(facts.won_value_by_manager),
    );
    expect(winRates(pipeline.rows, "owner_id", "user:")).toEqual(facts.win_rate_by_agent);
    const { GTXPro = Number.NaN, ...otherProducts } = facts.win_rate_by_product;
    expect(winRates(pipeline.rows, "x_product_id", "product:")).toEqual({ ...otherProducts, "GTX Pro": GTXPro });
  });

  it("without the preset's corrections: the misspelt product is named, counted and the right one offered", async () => {
    const preset = presetNamed("crm-sales-pipeline");
    const bare: Mapping = {
      ...preset,
      columns: preset.columns.map((column) => (column.column === "product" ? { ...column, values: {} } : column)),
    };
    const { lookups } = await wholePipeline();
    const { preview } = await mapped("sales_pipeline.csv", bare, lookups);
    expect(preview.counts).toEqual({ new: 7320, update: 0, error: 1480 });
    expect(preview.problems).toEqual([
      {
        code: "lookup_missing",
        column: "product",
        text: "Row 3, product: there is no product called “GTXPro”.",
        count: 1480,
        rows: expect.arrayContaining([3]),
      },
    ]);
    expect(preview.fixes).toEqual([
      { column: "product", from: "GTXPro", to: "GTX Pro", rows: 1480, why: "same_letters" },
    ]);
    const { preview: after } = await mapped("sales_pipeline.csv", applyFixes(bare, preview.fixes), lookups);
    expect(after.counts).toEqual({ new: 8800, update: 0, error: 0 });
  });

  it("brings the same rows a second time as updates", async () => {
    const { pipeline, lookups: before } = await wholePipeline();
    const ids = pipeline.rows.map(
      (row): NamedRecord => ({ type: "opportunity", by: "external_id", name: row.key ?? "", id: `opp:${row.key}` }),
    );
    const opportunities = lookupsOf(ids);
    const lookups: Lookups = {
      ...before,
      find: (type, by, text) => (type === "opportunity" ? opportunities : before).find(type, by, text),
    };
    const again = await mapped("sales_pipeline.csv", presetNamed("crm-sales-pipeline"), lookups);
    expect(again.preview.counts).toEqual({ new: 0, update: 8800, error: 0 });
    const prospect = again.results.find(
      (result) => result.outcome === "update" && result.values.stage === "qualification",
    );
    expect(prospect?.outcome === "update" && [prospect.values.type, prospect.values.currency]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("are recognised by their columns, and a mapping is proposed from the names alone", async () => {
    for (const [name, key] of [
      ["accounts.csv", "crm-accounts"],
      ["products.csv", "crm-products"],
      ["sales_teams.csv", "crm-sales-teams"],
      ["sales_pipeline.csv", "crm-sales-pipeline"],
    ] as const) {
      const file = await readCsv(readFileSync(path.join(crm, name)));
      expect(file.ok && presetFor(file.columns)?.key).toBe(key);
      await (file.ok ? file.pieces.return(undefined) : undefined);
    }
    const columns = [
      "opportunity_id",
      "sales_agent",
      "product",
      "account",
      "deal_stage",
      "engage_date",
      "close_date",
      "close_value",
    ];
    const proposed = suggestMapping(
      "opportunity",
      columns,
      [["1C1I7A6R", "Moses Frase", "GTX Plus Basic", "Cancity", "Won", "2016-10-20", "2017-03-01", "1054"]],
      importFields("opportunity", standardModel).fields,
    );
    expect(proposed.keyField).toBe("external_id");
    expect(Object.fromEntries(proposed.columns.map(({ column, field }) => [column, field]))).toEqual({
      opportunity_id: "external_id",
      sales_agent: "owner_id",
      account: "account_id",
      deal_stage: "stage",
      close_date: "close_date",
      close_value: "amount",
    });
  });
});

type Good = Extract<RowResult, { outcome: "new" | "update" }>;
type Mapped = { rows: Good[]; results: RowResult[]; preview: Preview };

/** All four tables in their order, each seeing the names the ones before brought. */
async function wholePipeline(): Promise<{
  accounts: Mapped;
  products: Mapped;
  people: Mapped;
  pipeline: Mapped;
  lookups: Lookups;
}> {
  const none = lookupsOf([]);
  const accounts = await mapped("accounts.csv", presetNamed("crm-accounts"), none);
  const products = await mapped("products.csv", presetNamed("crm-products"), none);
  const people = await mapped("sales_teams.csv", presetNamed("crm-sales-teams"), none);
  const named = (type: string, { rows }: Mapped) =>
    rows.map(
      (row): NamedRecord => ({
        type,
        by: "name",
        name: String(row.values.name),
        id: `${type}:${String(row.values.name)}`,
      }),
    );
  const lookups = lookupsOf([...named("account", accounts), ...named("product", products), ...named("user", people)]);
  return {
    accounts,
    products,
    people,
    pipeline: await mapped("sales_pipeline.csv", presetNamed("crm-sales-pipeline"), lookups),
    lookups,
  };
}

async function mapped(name: string, mapping: Mapping, lookups: Lookups): Promise<Mapped> {
  const file = await readCsv(readFileSync(path.join(crm, name)));
  if (!file.ok) throw new Error(file.problem.text);
  const { fields, parse } = fieldsOf(mapping);
  const made = createRowMapper(mapping, { columns: file.columns, fields, parse, lookups });
  if (!made.ok) throw new Error(made.problems.map(({ text }) => text).join(" "));
  const gathering = gatherPreview(mapping, { fields, lookups });
  const results: RowResult[] = [];
  for await (const piece of file.pieces) {
    if (piece.type === "refused") throw new Error(piece.problem.text);
    expect(piece.problems).toEqual([]);
    for (const row of piece.rows) {
      const result = made.mapper.map(row);
      gathering.add(result);
      results.push(result);
    }
  }
  const rows = results.filter((result): result is Good => result.outcome !== "error");
  return { rows, results, preview: gathering.preview() };
}

/** The record model with the fields the mapping asks the workspace to have. */
function fieldsOf({ recordType, customFields = [] }: Mapping) {
  const made = withCustomFields(
    standardModel,
    customFields.map((field) => ({ ...field, recordType })),
  );
  if (!made.ok) throw new Error(made.problems.map(({ text }) => text).join(" "));
  return importFields(recordType, made.model);
}

function presetNamed(key: string): Mapping {
  const preset = presets.find((one) => one.key === key);
  if (!preset) throw new Error(`no preset ${key}`);
  return preset;
}

const amountOf = (values: Values): number => (typeof values.amount === "number" ? values.amount : 0);

function countBy(rows: readonly Good[], keyOf: (row: Good) => unknown): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[String(keyOf(row))] = (counts[String(keyOf(row))] ?? 0) + 1;
  return counts;
}

function sumBy(rows: readonly Good[], keyOf: (row: Good) => string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const row of rows) sums[keyOf(row)] = (sums[keyOf(row)] ?? 0) + amountOf(row.values);
  return sums;
}

function winRates(rows: readonly Good[], field: string, prefix: string): Record<string, number> {
  const closed = rows.filter((row) => row.values.stage === "closed_won" || row.values.stage === "closed_lost");
  const all = countBy(closed, (row) => row.values[field]);
  const won = countBy(
    closed.filter((row) => row.values.stage === "closed_won"),
    (row) => row.values[field],
  );
  return Object.fromEntries(
    Object.entries(all).map(([id, count]) => [
      id.slice(prefix.length),
      Math.round(((won[id] ?? 0) / count) * 1e6) / 1e6,
    ]),
  );
}

const mended = ({ technolgy = 0, ...sectors }: Record<string, number>) => ({ ...sectors, technology: technolgy });
const hundredfold = (sums: Record<string, number>) =>
  Object.fromEntries(Object.entries(sums).map(([key, sum]) => [key, sum * 100]));
const present = (counts: Record<string, number | undefined>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));
