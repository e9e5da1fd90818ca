import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { compile } from "@/server/engine/expression/index.ts";
import { outsideEvents, recordEvents } from "./business-events.ts";
import { withCustomFields } from "./custom-fields.ts";
import { feelTypes } from "./feel.ts";
import { listColumns, promoted, titleOf } from "./lists.ts";
import { fieldOf, picklist, recordType, recordTypes, standardModel, systemFields } from "./model.ts";
import { pathTo, referencesOf, referencesTo } from "./related.ts";

type WrittenField = {
  type: string;
  picklist?: string;
  to?: string;
  default?: unknown;
  required?: boolean;
  required_when?: string;
  required_unless?: string;
  min?: number;
  max?: number;
  unique?: boolean;
  derived?: boolean;
};
type Written = {
  picklists: Record<string, string[]>;
  conventions: { system_fields_on_every_object: string[] };
  objects: Record<
    string,
    {
      label: string;
      fields: Record<string, WrittenField>;
      dedupe: { keys: { name: string; fields: string[]; confidence: number; action: string; against?: string }[] };
      lifecycle?: { field: string; transitions: Record<string, string[]> };
    }
  >;
};

const file = path.join(process.cwd(), "..", "shared", "domain", "record-model.yaml");

describe.runIf(existsSync(file))("the written record model", () => {
  const written: Written = existsSync(file)
    ? parse(readFileSync(file, "utf8"))
    : { picklists: {}, conventions: { system_fields_on_every_object: [] }, objects: {} };

  it("has the same record types and system fields", () => {
    expect(recordTypes().map(({ key }) => key)).toEqual(Object.keys(written.objects));
    expect(Object.keys(systemFields)).toEqual(written.conventions.system_fields_on_every_object);
  });

  it.each(Object.keys(written.objects))("%s: the same fields by the same rules", (key) => {
    const [theirs, ours] = [written.objects[key], recordType(key)];
    expect(ours?.label.en).toBe(theirs?.label);
    const rules = Object.values(ours?.fields ?? {})
      .filter(({ added }) => !added)
      .map((field) => [
        field.key,
        {
          type: field.type,
          picklist: field.picklist,
          to: field.to,
          default: field.defaultFrom ? "workspace base currency" : field.default,
          required: field.required,
          required_when: field.requiredWhen,
          required_unless: field.requiredUnless,
          min: field.min,
          max: field.max,
          unique: field.unique,
          derived: field.derived,
        },
      ]);
    expect(Object.fromEntries(rules)).toEqual(
      Object.fromEntries(
        Object.entries(theirs?.fields ?? {}).map(([name, { ...rule }]) => [name, { ...rule, note: undefined }]),
      ),
    );
  });

  it.each(Object.keys(written.objects))("%s: the same keys and lifecycle", (key) => {
    const [theirs, ours] = [written.objects[key], recordType(key)];
    const keys = ours?.duplicateKeys.map((one) => ({
      name: one.name,
      fields: one.fields,
      confidence: one.confidence,
      action: one.action,
      against: one.against && [one.against, one.againstField].filter(Boolean).join("."),
    }));
    expect(keys).toEqual(
      theirs?.dedupe.keys.map(({ name, fields, confidence, action, against }) => ({
        name,
        fields,
        confidence,
        action,
        against,
      })),
    );
    const moves = theirs?.lifecycle && Object.keys(theirs.lifecycle.transitions).length > 0 ? theirs.lifecycle : null;
    expect(ours?.lifecycle).toEqual(moves);
  });

  it("has the same picklists, value by value", () => {
    expect(
      Object.fromEntries(
        Object.entries(standardModel.picklists).map(([name, values]) => [name, values.map(({ value }) => value)]),
      ),
    ).toEqual(written.picklists);
  });
});

it("adds to the written model only a line's currency and companions", () => {
  const added = recordTypes().flatMap((type) =>
    Object.values(type.fields).flatMap((field) =>
      field.added && !field.companionOf ? [`${type.key}.${field.key}`] : [],
    ),
  );
  expect(added).toEqual(["quote_line.currency"]);
  expect(fieldOf("lead", "phone_ext")).toMatchObject({ companionOf: "phone", personal: true });
});

it("names every type, field and value in English and Vietnamese, lists without two alike", () => {
  const labels = [
    ...recordTypes().flatMap((type) => [
      type.label,
      type.plural,
      ...Object.values(type.fields).map(({ label }) => label),
    ]),
    ...Object.values(systemFields).map(({ label }) => label),
  ];
  for (const label of labels) expect(label.en.length > 0 && label.vi.length > 0).toBe(true);
  for (const values of Object.values(standardModel.picklists))
    for (const language of ["en", "vi"] as const)
      expect(new Set(values.map(({ label }) => label[language])).size).toBe(values.length);
  for (const type of recordTypes()) {
    const visible = Object.values(type.fields).filter(({ companionOf }) => !companionOf);
    for (const language of ["en", "vi"] as const)
      expect([
        type.key,
        language,
        visible.map(({ label }) => label[language]).filter((one, i, all) => all.indexOf(one) !== i),
      ]).toEqual([type.key, language, []]);
  }
});

it("marks who a person is, and nothing of a company", () => {
  const personal = recordTypes().flatMap((type) =>
    Object.values(type.fields).flatMap((field) =>
      field.personal && !field.companionOf ? [`${type.key}.${field.key}`] : [],
    ),
  );
  expect(personal.join(" ")).toBe(
    "lead.first_name lead.last_name lead.email lead.phone lead.mobile contact.first_name contact.last_name contact.email contact.phone contact.mobile order.billing_email invoice.billing_email user.name user.email",
  );
});

it("points every list, reference, key, lifecycle and column at something that is there", () => {
  for (const type of recordTypes()) {
    for (const field of Object.values(type.fields)) {
      if (field.picklist) expect(picklist(field.picklist).length).toBeGreaterThan(0);
      if (field.to) expect(recordType(field.to)).not.toBeNull();
      if (field.default !== undefined && field.picklist)
        expect(picklist(field.picklist).map(({ value }) => value)).toContain(field.default);
    }
    const named = [
      ...listColumns(type.key),
      ...Object.values(promoted(type.key)).filter((key) => key !== null),
      ...type.duplicateKeys.flatMap(({ fields }) => fields),
      ...(type.lifecycle ? [type.lifecycle.field] : []),
    ];
    for (const key of named) expect([type.key, key, fieldOf(type.key, key) !== null]).toEqual([type.key, key, true]);
  }
});

it("calls a record by what people know it by", () => {
  expect(titleOf("lead", { first_name: "Jane", last_name: "Doe" })).toBe("Jane Doe");
  expect(titleOf("lead", { email: "jane@acme.com" })).toBe("jane@acme.com");
  expect(titleOf("opportunity", { name: "Acme - seats - 2026-11" })).toBe("Acme - seats - 2026-11");
  expect(titleOf("subscription", { product_id: "p1" }, (id) => (id === "p1" ? "GTX Pro" : null))).toBe("GTX Pro");
  expect(titleOf("subscription", {})).toBe("Subscription");
});

it("asks for fields under conditions that its own types allow", () => {
  for (const type of recordTypes()) {
    for (const { requiredWhen } of Object.values(type.fields)) {
      if (!requiredWhen) continue;
      const qualified = requiredWhen.replace(/^/, `${type.key}.`);
      expect([qualified, compile(qualified, { types: { [type.key]: feelTypes(type.key) } }).ok]).toEqual([
        qualified,
        true,
      ]);
    }
  }
  expect(compile('opportunity.stage = "won"', { types: { opportunity: feelTypes("opportunity") } }).ok).toBe(false);
});

const templates = path.join(process.cwd(), "..", "shared", "domain", "templates");

describe.runIf(existsSync(templates))("the eight process templates", () => {
  const names = existsSync(templates) ? readdirSync(templates).filter((name) => name.endsWith(".yaml")) : [];

  it.each(names)("%s names only fields that records have", (name) => {
    const text = readFileSync(path.join(templates, name), "utf8").replace(/^ *playbook:.*$/gm, "");
    const mentioned = [...text.matchAll(/\b([a-z_]+)\.([a-z][a-z0-9_]*)\b/g)].filter(([, type = ""]) =>
      recordType(type),
    );
    // Business events look like fields: `order.activated`.
    const events = new Set([...recordEvents, ...outsideEvents]);
    const unknown = mentioned
      .filter(([whole, type = "", field = ""]) => !events.has(whole) && !fieldOf(type, field))
      .map(([whole]) => whole);
    expect(mentioned.length).toBeGreaterThan(20);
    expect([...new Set(unknown)]).toEqual([]);
  });
});

describe("relations", () => {
  it("knows who refers to whom", () => {
    expect(referencesOf("quote")).toEqual([
      { field: "opportunity_id", to: "opportunity" },
      { field: "account_id", to: "account" },
      { field: "approved_by_id", to: "user" },
      { field: "owner_id", to: "user" },
    ]);
    expect(referencesTo("invoice")).toEqual([{ type: "payment", field: "invoice_id" }]);
  });

  it.each([
    ["opportunity", "account", "account_id"],
    ["opportunity", "quote", "<quote.opportunity_id"],
    ["quote", "contract", "<contract.quote_id"],
    ["invoice", "payment", "<payment.invoice_id"],
    ["invoice", "order", "order_id"],
    ["subscription", "opportunity", "renewal_opportunity_id"],
    ["quote_line", "account", "quote_id account_id"],
    ["lead", "account", "matched_account_id"],
    ["payment", "order", "invoice_id order_id"],
  ])("finds the way from %s to %s", (from, to, way) => {
    expect(
      pathTo(from, to)
        ?.map((hop) => (hop.via === "field" ? hop.field : `<${hop.from}.${hop.field}`))
        .join(" "),
    ).toBe(way);
  });

  it("finds none through people, teams or products", () => {
    expect(pathTo("team", "product")).toBeNull();
    expect(pathTo("product", "nothing")).toBeNull();
  });
});

describe("the workspace's own fields", () => {
  const label = { en: "Plan", vi: "Gói" };
  const plan = {
    recordType: "lead",
    key: "x_plan",
    type: "picklist",
    label,
    values: [{ value: "gold", label: { en: "Gold", vi: "Vàng" } }],
    required: true,
  };

  it("become fields like the others", () => {
    const result = withCustomFields(standardModel, [
      plan,
      { recordType: "lead", key: "x_desk", type: "phone", label, personal: true },
    ]);
    if (!result.ok) throw new Error("refused");
    expect(fieldOf("lead", "x_plan", result.model)).toMatchObject({ type: "picklist", required: true, custom: true });
    expect(picklist("lead.x_plan", result.model).map(({ value }) => value)).toEqual(["gold"]);
    expect(fieldOf("lead", "x_desk_ext", result.model)).toMatchObject({ companionOf: "x_desk", personal: true });
    expect(fieldOf("lead", "x_plan")).toBeNull();
  });

  it.each([
    ["another kind of name", { ...plan, key: "plan" }, "key"],
    ["a record type nobody knows", { ...plan, recordType: "deal" }, "record_type"],
    ["a list without values", { ...plan, values: [] }, "values"],
    ["a value twice", { ...plan, values: [...plan.values, ...plan.values] }, "values_twice"],
    ["values without a list", { ...plan, type: "text" }, "values"],
    ["a reference to nowhere", { recordType: "lead", key: "x_ref", type: "reference", label }, "to"],
    ["bounds that cross", { recordType: "lead", key: "x_n", type: "integer", label, min: 2, max: 1 }, "range"],
    ["no label in Vietnamese", { ...plan, label: { en: "Plan", vi: "" } }, "definition"],
    ["nothing", null, "definition"],
  ])("refuses %s with a sentence", (_, definition, code) => {
    const result = withCustomFields(standardModel, [definition]);
    expect(result.ok ? [] : result.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it("refuses the same name twice, and changes nothing then", () => {
    expect(withCustomFields(standardModel, [plan, plan])).toMatchObject({
      ok: false,
      problems: [{ code: "twice", text: "Lead already has a field x_plan." }],
    });
  });
});
