/** Records that a run makes: what they take over from others, how they are linked, and that nothing is made twice. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";
import { changesOf, checkVariable } from "./records.ts";

let bench: ReturnType<typeof openBareBench>;
let played = 0;
beforeEach(() => {
  bench = openBareBench(Date.UTC(2026, 2, 2, 9));
});
type More = NonNullable<Parameters<typeof playOn>[3]>;
const again = `go:automation
  ask:task
  more:decision
  start -> go -> ask -> more
  more -> go [lead.fit_score > 50] max 3
  more -> done otherwise`;
async function making(actions: object[], values: Values = {}, more: More = {}, text = again) {
  const run = await playOn(
    { ...bench, publish: (document) => bench.publish(document, { asItIs: true }) },
    `makes${++played}`,
    text,
    { ...more, nodes: { go: { actions } } },
    values,
  );
  const facts = async (type: string) =>
    bench
      .storyOf(run.runId)
      .filter((one) => one.type === type && one.cause?.startsWith("cmd_"))
      .map(({ data }) => data as { type: string; values: Values; source: string });
  return { ...run, facts, made: async () => (await run.run()).made };
}
const firm = { company_name: "Lotus", source: "inbound_web", status: "working", phone: "+84901234567" };

describe("a record that is made", () => {
  it("takes over the fields of the same meaning, but not where the other stands nor its number; what is said counts most", async () => {
    const run = await making([{ verb: "create", type: "contact", from: "lead", with: { job_title: '"Head"' } }], firm);
    const [made] = await run.facts("RecordCreated");
    expect(made).toMatchObject({ type: "contact", source: `step:makes${played}/go` });
    expect(made!.values).toMatchObject({
      last_name: run.name,
      phone: "+84901234567",
      job_title: "Head",
      owner_id: "lan",
    });
    expect(made!.values.status).not.toBe("working");
    expect(Object.values(made!.values)).not.toContain(null);
  });
  it("from nothing has only what is said of it, its links and its defaults", async () => {
    const run = await making([{ verb: "create", type: "contact", with: { last_name: '"Vu"' } }], firm);
    const [made] = await run.facts("RecordCreated");
    expect(made!.values).toMatchObject({ last_name: "Vu" });
    expect(made!.values.phone ?? null).toBeNull();
  });
  it("is the record of its name from then on, and the primary record names it where it names none", async () => {
    const run = await making([{ verb: "create", type: "account", with: { name: "lead.company_name" } }], firm);
    const { account } = await run.made();
    expect((await run.run()).related).toEqual({ account });
    expect(await bench.valuesOf(run.id)).toMatchObject({ matched_account_id: account });
  });
  it("is written where it says, and an own related record of that name is left to its rule", async () => {
    const run = await making([{ verb: "create", type: "account", with: { name: '"New"' }, into: "run.which" }], firm, {
      variables: { which: { type: "text" } },
      related: { account: { path: "converted_account_id" } },
    });
    const { account } = await run.made();
    expect((await run.run()).variables.which).toBe(account);
    expect(await bench.valuesOf(run.id)).toMatchObject({ matched_account_id: account });
  });
  it("entered again the one it made is brought up to date", async () => {
    const run = await making([{ verb: "create", type: "account", with: { name: "lead.company_name" } }], {
      ...firm,
      fit_score: 60,
    });
    const { account } = await run.made();
    await run.change({ company_name: "Lotus Group" });
    await run.done("ask");
    expect(await run.facts("RecordCreated")).toHaveLength(1);
    expect(await bench.valuesOf(account!)).toMatchObject({ name: "Lotus Group" });
  });
});

describe("a lead that is converted", () => {
  const convert = (more: object = {}) => [{ verb: "convert", ...more }];
  const ready = { ...firm, lifecycle_stage: "sql" };
  it("becomes an account, a contact and an opportunity, and names them", async () => {
    const run = await making(convert(), ready);
    const { account, contact, opportunity } = await run.made();
    expect((await run.facts("RecordCreated")).map(({ type }) => type)).toEqual(["account", "contact", "opportunity"]);
    expect(await bench.valuesOf(run.id)).toMatchObject({
      lifecycle_stage: "converted",
      status: "converted",
      converted_account_id: account,
      converted_contact_id: contact,
      converted_opportunity_id: opportunity,
      converted_at: bench.now(),
    });
    expect(await bench.valuesOf(contact!)).toMatchObject({ account_id: account, last_name: run.name });
    expect(await bench.valuesOf(opportunity!)).toMatchObject({ account_id: account });
  });
  it("of a firm that is known becomes no second account; without an opportunity there is none", async () => {
    const known = await bench.record("account", { name: "Lotus", domain: "lotus.com" });
    const run = await making(convert({ withoutOpportunity: true }), { ...ready, matched_account_id: known });
    const { contact } = await run.made();
    expect((await run.facts("RecordCreated")).map(({ type }) => type)).toEqual(["contact"]);
    expect(await bench.valuesOf(run.id)).toMatchObject({ converted_account_id: known, converted_contact_id: contact });
    expect((await bench.valuesOf(run.id)).converted_opportunity_id ?? null).toBeNull();
    expect(await bench.valuesOf(contact!)).toMatchObject({ account_id: known });
  });
  it("is not converted a second time", async () => {
    const run = await making(convert(), { ...ready, fit_score: 60 });
    const before = await bench.valuesOf(run.id);
    await run.wait(3_600_000);
    await run.done("ask");
    expect((await bench.valuesOf(run.id)).converted_at).toBe(before.converted_at);
    expect(await run.facts("RecordCreated")).toHaveLength(3);
  });
  it("that is none cannot be", async () => {
    const account = await bench.record("account", { name: "Lotus" });
    const document = {
      key: "none",
      name: "none",
      recordType: "account",
      nodes: [
        { id: "start", kind: "start", name: "start", config: {} },
        { id: "go", kind: "automation", name: "go", config: {}, actions: convert() },
        { id: "done", kind: "end", name: "done", config: { outcome: "success" } },
      ],
      edges: [
        { id: "e1", from: "start", to: "go" },
        { id: "e2", from: "go", to: "done" },
      ],
    };
    await bench.publish(document, { asItIs: true });
    const run = await bench.start("none", account, "account");
    expect(Object.values((await bench.run(run)).incidents)).toMatchObject([
      { code: "NO_RECORD", text: "There is no lead to convert here." },
    ]);
  });
});

describe("what a variable takes", () => {
  it.each<[object, unknown, string | null]>([
    [{ type: "text" }, "a", null],
    [{ type: "text" }, 1, "x takes text."],
    [{ type: "long_text" }, true, "x takes text."],
    [{ type: "integer" }, 4, null],
    [{ type: "integer" }, 4.5, "x takes a whole number."],
    [{ type: "integer" }, "4", "x takes a whole number."],
    [{ type: "decimal" }, 4.5, null],
    [{ type: "percent" }, "4", "x takes a number."],
    [{ type: "decimal" }, "4", "x takes a number."],
    [{ type: "boolean" }, false, null],
    [{ type: "boolean" }, "yes", "x takes yes or no."],
    [{ type: "date" }, "2026-03-02", null],
    [{ type: "date" }, "2.3.2026", "x takes a date."],
    [{ type: "date" }, "x2026-03-02", "x takes a date."],
    [{ type: "date" }, 5, "x takes a date."],
    [{ type: "datetime" }, 5, null],
    [{ type: "datetime" }, "2026-03-02T10:00Z", null],
    [{ type: "datetime" }, true, "x takes a date and time."],
    [{ type: "picklist", values: ["a", "b"] }, "a", null],
    [{ type: "picklist", values: ["a", "b"] }, "c", "“c” is not one of the values of x."],
    [{ type: "picklist", values: ["a", "b"] }, 3, "“3” is not one of the values of x."],
    [{ type: "picklist" }, "c", null],
    [{ type: "integer" }, null, null],
  ])("%j takes %j: %s", (variable, value, said) =>
    expect(checkVariable(variable as { type: string }, value as string, "x")).toBe(said),
  );
});

it("what has changed: fields that differ, lists by what is in them, an absent one being null", () => {
  expect(changesOf({ a: 1, b: null, c: ["x"], d: "old", e: 5 }, { a: 1, c: ["x"], d: "new", f: 6, g: null })).toEqual({
    d: { from: "old", to: "new" },
    e: { from: 5, to: null },
    f: { from: null, to: 6 },
  });
  expect(Object.keys(changesOf({ b: 1, a: 1 }, { z: 1, a: 2, b: 2 }))).toEqual(["b", "a", "z"]);
});

describe("related records", () => {
  it("the newest that fits, of the record or of another of the run's, or through one of them", async () => {
    const matched_account_id = await bench.record("account", { name: "Lotus", domain: "lotus.com" });
    const deal = async (name: string, amount: number) => {
      await bench.advance(60_000);
      return bench.record("opportunity", { name, account_id: matched_account_id, amount, currency: "USD" });
    };
    const small = await deal("Small", 10_00);
    const big = await deal("Big", 1000_00);
    const related = async (rule: object) =>
      (
        await (
          await making(
            [],
            { matched_account_id },
            { related: { account: { path: "matched_account_id" }, opportunity: rule } },
          )
        ).run()
      ).related.opportunity ?? null;
    expect(await related({ newest: "opportunity", of: "account" })).toBe(big);
    expect(await related({ newest: "opportunity", of: "account", where: "opportunity.amount < 50" })).toBe(small);
    expect(await related({ newest: "opportunity", of: "account", where: "opportunity.amount > 5000" })).toBeNull();
    expect(await related({ newest: "opportunity" })).toBeNull();
    expect(await related({ newest: "opportunity", through: "account" })).toBe(big);
    expect(await related({ path: "converted_opportunity_id" })).toBeNull();
  });
  it("by a path of the record, or of a related one", async () => {
    const parent = await bench.record("account", { name: "Group", domain: "group.com" });
    const matched_account_id = await bench.record("account", {
      name: "Lotus",
      domain: "lotus.com",
      parent_account_id: parent,
    });
    const run = await making(
      [],
      { matched_account_id },
      {
        related: {
          account: { path: "matched_account_id" },
          group: { path: "account.parent_account_id" },
          none: { path: "account.parent_account_id", where: 'account.name = "Other"' },
        },
      },
    );
    expect((await run.run()).related).toEqual({ account: matched_account_id, group: parent, none: null });
  });
});
