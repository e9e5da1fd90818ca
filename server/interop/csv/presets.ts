import { type Mapping } from "./mapping.ts";

/**
 * Mappings for the four tables of a hardware seller's pipeline (accounts, products, sales_teams, sales_pipeline), to be
 * imported in this order. Amounts are US dollars; revenue is in millions.
 */
export const presets: readonly Mapping[] = [
  {
    key: "crm-accounts",
    recordType: "account",
    source: "crm-sales-opportunities",
    keyField: "name",
    columns: [
      { column: "account", field: "name" },
      {
        column: "sector",
        field: "industry",
        values: {
          employment: "professional_services",
          entertainment: "media",
          finance: "financial_services",
          marketing: "professional_services",
          medical: "healthcare",
          retail: "retail",
          services: "professional_services",
          software: "software",
          technology: "other",
          technolgy: "other",
          telecommunications: "other",
        },
      },
      { column: "sector", field: "x_sector", values: { technolgy: "technology" } },
      { column: "year_established", field: "x_year_established" },
      { column: "revenue", field: "annual_revenue", transform: "millions" },
      { column: "employees", field: "employee_count" },
      {
        column: "office_location",
        field: "billing_country",
        values: { Korea: "KR", Philipines: "PH" },
      },
      {
        column: "subsidiary_of",
        field: "parent_account_id",
        lookup: { type: "account", by: "name", sameFile: true },
      },
    ],
    defaults: { currency: "USD" },
    customFields: [
      { key: "x_sector", type: "text", label: { en: "Sector", vi: "Ngành" } },
      { key: "x_year_established", type: "integer", label: { en: "Year established", vi: "Năm thành lập" } },
    ],
  },
  {
    key: "crm-products",
    recordType: "product",
    source: "crm-sales-opportunities",
    keyField: "sku",
    columns: [
      { column: "product", field: "sku", transform: "code" },
      { column: "product", field: "name" },
      { column: "series", field: "family" },
      { column: "sales_price", field: "list_price" },
    ],
    defaults: { currency: "USD", recurrence: "one_time" },
  },
  {
    key: "crm-sales-teams",
    recordType: "user",
    source: "crm-sales-opportunities",
    keyField: "name",
    columns: [
      { column: "sales_agent", field: "name" },
      { column: "manager", field: "manager_id", lookup: { type: "user", by: "name", create: true } },
      { column: "regional_office", field: "team_id", lookup: { type: "team", by: "name", create: true } },
    ],
    // The table knows people by name only; who signs in gets an address and a zone when invited.
    mayBeMissing: [{ field: "email" }, { field: "timezone" }],
  },
  {
    key: "crm-sales-pipeline",
    recordType: "opportunity",
    source: "crm-sales-opportunities",
    keyField: "external_id",
    columns: [
      { column: "opportunity_id", field: "external_id" },
      { column: "sales_agent", field: "owner_id", lookup: { type: "user", by: "name" } },
      {
        column: "product",
        field: "x_product_id",
        values: { GTXPro: "GTX Pro" },
        lookup: { type: "product", by: "name" },
      },
      { column: "account", field: "account_id", lookup: { type: "account", by: "name" } },
      {
        column: "deal_stage",
        field: "stage",
        values: { Prospecting: "qualification", Engaging: "discovery", Won: "closed_won", Lost: "closed_lost" },
      },
      {
        column: "deal_stage",
        field: "forecast_category",
        values: { Prospecting: "pipeline", Engaging: "pipeline", Won: "closed", Lost: "omitted" },
      },
      { column: "engage_date", field: "x_engage_date" },
      { column: "close_date", field: "close_date" },
      { column: "close_value", field: "amount" },
    ],
    compose: [{ field: "name", columns: ["account", "product", "opportunity_id"], join: " - " }],
    defaults: { currency: "USD", type: "new_business" },
    mayBeMissing: [
      { field: "account_id", unless: { field: "stage", values: ["closed_won", "closed_lost"] } },
      { field: "close_date", unless: { field: "stage", values: ["closed_won", "closed_lost"] } },
    ],
    customFields: [
      { key: "x_product_id", type: "reference", to: "product", label: { en: "Product", vi: "Sản phẩm" } },
      { key: "x_engage_date", type: "date", label: { en: "Engaged on", vi: "Ngày bắt đầu tiếp cận" } },
    ],
  },
];

/** The preset whose columns are all in the table, if there is one. */
export const presetFor = (columns: readonly string[]): Mapping | undefined =>
  presets.find((preset) => preset.columns.every(({ column }) => columns.includes(column)));
