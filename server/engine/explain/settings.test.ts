/** Values that somebody would have to set: of what, which fit, how the run would look with them, and what they bring along. */
import { describe, expect, it } from "vitest";
import { recordTypes, standardModel } from "@/server/records/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { newLead } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import type { Values } from "../model.ts";
import { gateWays } from "./gate-ways.ts";
import { lookingTurn } from "./looking.ts";
import { anySettingFor, anyValueFor, savable } from "./make-true.ts";
import { type Setting, settingOf, withSettings } from "./settings.ts";

/** A look at a run on a lead, with these run variables. */
async function turnOn(variables: object, values: Values) {
  const bench = openBareBench();
  await bench.publish(textGraph("tries", "call:task\n start -> call -> done", { variables }));
  const lead = await newLead(bench, { company_name: "Sen", ...values });
  const run = await bench.run(await bench.start("tries", lead, "lead"));
  return { lead, turn: lookingTurn(bench.process(run), run, bench.world(), bench.now()) };
}

describe("a setting", () => {
  const open = () => turnOn({ n: { type: "integer", default: 1 }, free: { type: "text" } }, { employee_count: 20 });

  it("is of a field or variable that takes the value", async () => {
    const { turn, lead } = await open();
    expect(settingOf(turn, "run.n", 5)).toEqual({
      path: "run.n",
      object: "run",
      field: "n",
      type: "run",
      record: null,
      from: 1,
      to: 5,
      computed: false,
      example: false,
    });
    expect(settingOf(turn, "run.free", "a", true)).toMatchObject({ from: null, to: "a", computed: true });
    expect(settingOf(turn, "lead.employee_count", 5)).toEqual({
      path: "lead.employee_count",
      object: "lead",
      field: "employee_count",
      type: "lead",
      record: lead,
      from: 20,
      to: 5,
      computed: false,
      example: false,
    });
    expect(settingOf(turn, "account.name", "Sen", true)).toMatchObject({
      type: "account",
      record: null,
      from: null,
      computed: true,
    });
    const none: [string, string | number][] = [
      ["n", 5],
      [".n", 5],
      ["run.nothing", 5],
      ["run.n", "five"],
      ["step.no", 5],
      ["loop.index", 5],
      ["nobody.name", "a"],
      ["lead.nothing", "a"],
      ["lead.id", "a"],
      ["lead.employee_count", "many"],
      ["lead.employee_count", -5],
    ];
    expect(none.map(([path, value]) => settingOf(turn, path, value))).toEqual(none.map(() => null));
  });

  it("shows in a look at the run as it would be, and not in the run", async () => {
    const { turn, lead } = await open();
    const settings = [
      settingOf(turn, "run.n", 5)!,
      settingOf(turn, "lead.employee_count", 7)!,
      settingOf(turn, "account.name", "Sen")!,
      { ...settingOf(turn, "account.employee_count", 3)!, computed: true },
    ];
    const trial = withSettings(turn, settings);
    expect(trial.run.variables).toEqual({ n: 5, free: null });
    expect(trial.world.records.get(lead)).toMatchObject({ version: 2, values: { employee_count: 7 } });
    expect(trial.run.related.account).toBe("account_new");
    expect(trial.world.records.get("account_new")).toMatchObject({
      id: "account_new",
      type: "account",
      version: 1,
      values: { name: "Sen", employee_count: 3 },
    });
    expect(turn.run.variables).toEqual({ n: 1, free: null });
    expect(turn.world.records.get(lead)).toMatchObject({ version: 1, values: { employee_count: 20 } });
    expect(turn.run.related.account ?? null).toBeNull();
    const computed = withSettings(turn, [{ ...settingOf(turn, "lead.lead_score", 77)!, computed: true }]);
    expect(computed.world.records.get(lead)?.values.lead_score).toBe(77);
  });

  it("may be any that fits, and brings along what its record lacks", async () => {
    const { turn } = await turnOn(
      { n: { type: "integer" }, size: { type: "picklist", values: ["none", "big"] } },
      { company_name: null },
    );
    const any = [
      "run.n",
      "run.size",
      "lead.country",
      "lead.website",
      "lead.email",
      "lead.consent_status",
      "lead.recycle_until",
      "lead.do_not_contact",
      "lead.id",
      "nobody.name",
    ];
    expect(any.map((path) => [path, anyValueFor(turn, path)])).toMatchInlineSnapshot(`
      [
        [
          "run.n",
          1,
        ],
        [
          "run.size",
          "big",
        ],
        [
          "lead.country",
          "VN",
        ],
        [
          "lead.website",
          "https://example.com",
        ],
        [
          "lead.email",
          "who@example.com",
        ],
        [
          "lead.consent_status",
          "granted",
        ],
        [
          "lead.recycle_until",
          "2026-03-02",
        ],
        [
          "lead.do_not_contact",
          true,
        ],
        [
          "lead.id",
          null,
        ],
        [
          "nobody.name",
          null,
        ],
      ]
    `);
    expect(anySettingFor(turn, "run.n")).toMatchObject({ to: 1, example: true });
    const paths = (way: Setting[]) =>
      way.map(({ path, to, example }) => `${example ? "~" : ""}${path}=${JSON.stringify(to)}`);
    expect(paths(savable(turn, [settingOf(turn, "lead.employee_count", 7)!]))).toMatchInlineSnapshot(`
      [
        "lead.employee_count=7",
        "~lead.company_name="text"",
      ]
    `);
    expect(paths(savable(turn, [settingOf(turn, "run.n", 7)!]))).toEqual(["run.n=7"]);
    expect(paths(savable(turn, [settingOf(turn, "opportunity.name", "Deal")!]))).toMatchInlineSnapshot(`
      [
        "opportunity.name="Deal"",
        "~opportunity.account_id="text"",
        "~opportunity.currency="USD"",
        "~opportunity.close_date="2026-03-02"",
      ]
    `);
  });

  it("is found for every field that people fill, of every type of record", async () => {
    const { turn } = await open();
    const none = recordTypes(standardModel).flatMap(({ key, fields }) =>
      Object.values(fields).flatMap((field) =>
        field.derived || anyValueFor(turn, `${key}.${field.key}`) !== null ? [] : `${key}.${field.key} ${field.type}`,
      ),
    );
    expect(none).toEqual([]);
  });

  it("meets each part of a gate, unless somebody has to make a record", async () => {
    const { turn } = await open();
    const ways = (...unmet: Parameters<typeof gateWays>[1]) =>
      gateWays(turn, unmet).ways.map((way) =>
        way.map(({ path, to, example }) => `${example ? "~" : ""}${path}=${JSON.stringify(to)}`),
      );
    expect(ways({ kind: "condition", fields: ["run.n"], when: "run.n > 5" })).toEqual([["run.n=6"]]);
    expect(ways({ kind: "condition", fields: ["run.n"], when: "run.n < 5", not: true })).toEqual([["run.n=5"]]);
    expect(
      ways(
        { kind: "condition", fields: [], when: "run.n > 5 or run.n < 0" },
        { kind: "condition", fields: [], when: 'run.free = "a"' },
      ),
    ).toEqual([
      ["run.n=6", 'run.free="a"'],
      ["run.n=-1", 'run.free="a"'],
    ]);
    expect(ways({ kind: "field", fields: ["lead.phone"] })).toEqual([['~lead.phone="+842838240000"']]);
    expect(ways({ kind: "link", fields: ["run.free"] })).toEqual([['~run.free="https://example.com/evidence"']]);
    expect(ways({ kind: "note", fields: ["run.free"] })).toEqual([['~run.free="Evidence. "']]);
    expect(ways({ kind: "note", fields: ["run.free"], atLeast: 11 })).toEqual([['~run.free="Evidence. Evidence. "']]);
    expect(ways({ kind: "note", fields: ["run.free"], atLeast: 20 })).toEqual([['~run.free="Evidence. Evidence. "']]);
    expect(ways({ kind: "checklist", fields: [], item: "asked" })).toEqual([[]]);
    expect(ways({ kind: "record", fields: ["account.id"], record: "account" })).toEqual([]);
    expect(ways({ kind: "field", fields: ["nobody.name"] })).toEqual([]);
    expect(ways({ kind: "field", fields: [] })).toEqual([]);
    // What the condition sets already is not filled in once more.
    expect(
      ways(
        { kind: "condition", fields: ["lead.phone"], when: 'lead.phone = "+8490000000"' },
        { kind: "field", fields: ["lead.phone"] },
        { kind: "field", fields: ["lead.email"] },
      ),
    ).toEqual([['lead.phone="+8490000000"', '~lead.email="who@example.com"']]);
  });
});
