/** What would make a condition true: the smallest changes, each of a field or variable that somebody may set. */
import { expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { newLead } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import type { Values } from "../model.ts";
import { lookingTurn } from "./looking.ts";
import { waysToMakeTrue } from "./make-true.ts";

/** A run on a lead of the United States, on 2026-03-02, with these variables. */
const document = textGraph("ways", "call:task\n start -> call -> done", {
  variables: {
    n: { type: "integer", default: 5 },
    m: { type: "integer", default: 5 },
    k: { type: "integer", default: 5 },
    price: { type: "decimal", default: 9.5 },
    ready: { type: "boolean", default: false },
    note: { type: "text" },
    size: { type: "picklist", values: ["small", "big"] },
    day: { type: "date" },
  },
});

/** Each condition with its ways, `path=value`; `~` before a value that the condition does not name. */
async function ways(conditions: string[], values: Values = {}, more: { type: string; values: Values }[] = []) {
  const bench = openBareBench();
  await bench.publish(document);
  for (const one of more) await bench.record(one.type, one.values);
  const lead = await newLead(bench, { company_name: "Sen", country: "US", email: null, ...values });
  const run = await bench.run(await bench.start("ways", lead, "lead"));
  const turn = lookingTurn(bench.process(run), run, bench.world(), bench.now());
  return conditions.map((condition) => {
    const { ways, more, atLeast } = waysToMakeTrue(turn, condition);
    const found = ways.map((way) =>
      way.length === 0
        ? "holds"
        : way.map(({ path, to, example }) => `${example ? "~" : ""}${path}=${JSON.stringify(to)}`).join(" and "),
    );
    const rest = more === 0 ? "" : `; ${atLeast ? "at least " : ""}${more} more`;
    return `${condition}: ${found.join(", ") || "no way"}${rest}`;
  });
}

it("a number goes just past what it is compared with, from the side it is on", async () => {
  expect(
    await ways([
      "run.n > 100",
      "run.n < -5",
      "run.n = 7",
      "run.n != 5",
      "run.n in [20..30]",
      "run.n in (50, 60)",
      "run.n in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12)",
      "run.n between 9 and 12",
      "list contains([1, 2, 40], run.n)",
      "some x in [77, 78] satisfies x = run.n",
      "run.price >= 10.25",
      "run.price < 2.5",
      "lead.employee_count >= 50",
      "lead.annual_revenue > 1000000",
      "lead.fit_score > 50",
    ]),
  ).toMatchInlineSnapshot(`
    [
      "run.n > 100: run.n=101",
      "run.n < -5: run.n=-6",
      "run.n = 7: run.n=7",
      "run.n != 5: run.n=6, run.n=4",
      "run.n in [20..30]: run.n=20",
      "run.n in (50, 60): run.n=50, run.n=60",
      "run.n in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12): run.n=6, run.n=4",
      "run.n between 9 and 12: run.n=9",
      "list contains([1, 2, 40], run.n): run.n=2, run.n=40",
      "some x in [77, 78] satisfies x = run.n: run.n=77",
      "run.price >= 10.25: run.price=10.25",
      "run.price < 2.5: run.price=2.49",
      "lead.employee_count >= 50: lead.employee_count=50, lead.employee_count=51, ~lead.employee_count=100, ~lead.employee_count=1000, ~lead.employee_count=100000, ~lead.employee_count=10000000",
      "lead.annual_revenue > 1000000: lead.annual_revenue=100000100, ~lead.annual_revenue=1000000000",
      "lead.fit_score > 50: lead.fit_score=51, ~lead.fit_score=100",
    ]
  `);
});

it("a field that is no number takes what the condition names, or anything of its kind", async () => {
  expect(
    await ways([
      "run.ready",
      'run.note = "yes"',
      'contains(run.note, "ab")',
      "string length(run.note) > 3",
      'run.size = "big"',
      "run.size != null",
      'lead.country = "VN"',
      'lead.country in ("VN", "SG")',
      'not(lead.country = "US")',
      "lead.country = null",
      "lead.email != null",
      "lead.phone != null",
      "lead.website != null",
      'lead.status = "nurture"',
      "lead.do_not_contact = true",
    ]),
  ).toMatchInlineSnapshot(`
    [
      "run.ready: ~run.ready=true",
      "run.note = "yes": run.note="yes"",
      "contains(run.note, "ab"): run.note="ab"",
      "string length(run.note) > 3: ~run.note="text", ~run.note="who@example.com", ~run.note="https://example.com", ~run.note="+842838240000", ~run.note="2026-03-02", ~run.note="2026-03-03", ~run.note="2026-03-01", ~run.note="2026-04-01"",
      "run.size = "big": run.size="big"",
      "run.size != null: ~run.size="small", ~run.size="big"",
      "lead.country = "VN": lead.country="VN"",
      "lead.country in ("VN", "SG"): lead.country="VN", lead.country="SG"",
      "not(lead.country = "US"): ~lead.country="VN", ~lead.country=null",
      "lead.country = null: ~lead.country=null",
      "lead.email != null: ~lead.email="who@example.com"",
      "lead.phone != null: ~lead.phone="+842838240000"",
      "lead.website != null: ~lead.website="https://example.com"",
      "lead.status = "nurture": lead.status="nurture"",
      "lead.do_not_contact = true: lead.do_not_contact=true",
    ]
  `);
});

it("a date takes the named day or one beside it, else a day about now", async () => {
  expect(
    await ways([
      "run.day > today()",
      'run.day < date("2026-01-01")',
      'run.day = date("2026-05-05")',
      'run.day >= today() + duration("P10D")',
      "run.day != null",
      "lead.recycle_until > today()",
      "lead.next_meeting_at != null",
      "lead.next_meeting_at > now()",
    ]),
  ).toMatchInlineSnapshot(`
    [
      "run.day > today(): run.day="2026-03-03", run.day="2026-04-01"",
      "run.day < date("2026-01-01"): run.day="2025-12-31"",
      "run.day = date("2026-05-05"): run.day="2026-05-05"",
      "run.day >= today() + duration("P10D"): run.day="2026-04-01", run.day="2026-03-12", run.day="2026-03-13", run.day="2026-04-11"",
      "run.day != null: ~run.day="2026-03-02", ~run.day="2026-03-03", ~run.day="2026-03-01", ~run.day="2026-04-01"",
      "lead.recycle_until > today(): lead.recycle_until="2026-03-03", lead.recycle_until="2026-04-01"",
      "lead.next_meeting_at != null: ~lead.next_meeting_at=1772384400000, ~lead.next_meeting_at=1772470800000, ~lead.next_meeting_at=1772298000000, ~lead.next_meeting_at=1774976400000, ~lead.next_meeting_at=1772416800000, ~lead.next_meeting_at=1772503200000, ~lead.next_meeting_at=1772330400000, ~lead.next_meeting_at=1775008800000",
      "lead.next_meeting_at > now(): lead.next_meeting_at=1772503200000, lead.next_meeting_at=1775008800000, ~lead.next_meeting_at=1772470800000, ~lead.next_meeting_at=1774976400000",
    ]
  `);
});

it("a reference takes somebody of the workspace or a record that is known, and only then anything", async () => {
  expect(
    await ways(['lead.owner_id = "tom"', 'lead.owner_id != "lan"', "lead.matched_account_id != null"]),
  ).toMatchInlineSnapshot(`
      [
        "lead.owner_id = "tom": lead.owner_id="tom"",
        "lead.owner_id != "lan": ~lead.owner_id="tom", ~lead.owner_id=null",
        "lead.matched_account_id != null: ~lead.matched_account_id="text"",
      ]
    `);
  expect(
    await ways(["lead.matched_account_id != null"], {}, [
      { type: "account", values: { name: "Sen", owner_id: "lan" } },
      { type: "account", values: { name: "Hoa", owner_id: "lan" } },
    ]),
  ).toMatchInlineSnapshot(`
    [
      "lead.matched_account_id != null: ~lead.matched_account_id="account_1", ~lead.matched_account_id="account_2"",
    ]
  `);
});

it("a record that is not there yet would be made with the value", async () => {
  expect(
    await ways(['account.name = "Sen"', "account.industry != null", "opportunity.amount > 1000"]),
  ).toMatchInlineSnapshot(`
    [
      "account.name = "Sen": account.name="Sen"",
      "account.industry != null: ~account.industry="software", ~account.industry="financial_services", ~account.industry="healthcare", ~account.industry="manufacturing", ~account.industry="retail", ~account.industry="professional_services", ~account.industry="education", ~account.industry="government"",
      "opportunity.amount > 1000: opportunity.amount=100100, ~opportunity.amount=10000000, ~opportunity.amount=1000000000",
    ]
  `);
});

it("what nobody types is given as it would have to come out, and only where nothing that is typed is enough", async () => {
  expect(
    await ways(["lead.lead_score > 50", "lead.lead_score > 50 or run.n = 6", "lead.touch_count > 2"]),
  ).toMatchInlineSnapshot(`
      [
        "lead.lead_score > 50: lead.lead_score=51, ~lead.lead_score=100",
        "lead.lead_score > 50 or run.n = 6: run.n=6",
        "lead.touch_count > 2: lead.touch_count=3, ~lead.touch_count=10, ~lead.touch_count=100, ~lead.touch_count=1000, ~lead.touch_count=100000, ~lead.touch_count=10000000",
      ]
    `);
});

it("there is no way where nobody can set anything, and none is needed where it holds", async () => {
  expect(
    await ways([
      "run.n >",
      "1 > 2",
      "run.n",
      'lead.id = "x"',
      "run.nothing = 1",
      "lead.nothing = 1",
      "nobody.name = 1",
      "step.rework",
      "n = 5",
      'run.size = "huge"',
      "run.n = 1 and run.n = 2",
      "run.ready and not(run.ready)",
      "not(run.ready)",
      "run.n = 5 or run.m = 9",
    ]),
  ).toMatchInlineSnapshot(`
    [
      "run.n >: no way",
      "1 > 2: no way",
      "run.n: no way",
      "lead.id = "x": no way",
      "run.nothing = 1: no way",
      "lead.nothing = 1: no way",
      "nobody.name = 1: no way",
      "step.rework: no way",
      "n = 5: no way",
      "run.size = "huge": no way",
      "run.n = 1 and run.n = 2: no way",
      "run.ready and not(run.ready): no way",
      "not(run.ready): holds",
      "run.n = 5 or run.m = 9: holds",
    ]
  `);
});

it("both sides of an and are met, one of an or, and a not turns them round", async () => {
  expect(
    await ways([
      'run.n > 100 and lead.country = "VN"',
      'run.n > 100 or lead.country = "VN"',
      "run.n > 3 and run.m > 8",
      "run.ready = true and run.n = 5",
      'not(run.n < 100 or lead.country != "VN")',
      'not(run.n < 100 and lead.country != "VN")',
      "not(not(run.n > 8))",
      'run.n > 100 or (run.n > 50 and lead.country = "VN")',
      "(run.n > 10 or run.m > 10) and (run.k > 10 or run.price > 10)",
      "(run.n = 10 or run.m = 10) and (run.n = 11 or run.m = 11)",
      "run.n > 10 and run.m > 10 and run.k > 10 and run.price > 20 and run.ready",
      "run.n > 10 and run.n > 20",
    ]),
  ).toMatchInlineSnapshot(`
    [
      "run.n > 100 and lead.country = "VN": run.n=101 and lead.country="VN"",
      "run.n > 100 or lead.country = "VN": run.n=101, lead.country="VN"",
      "run.n > 3 and run.m > 8: run.m=9",
      "run.ready = true and run.n = 5: run.ready=true",
      "not(run.n < 100 or lead.country != "VN"): run.n=100 and lead.country="VN"",
      "not(run.n < 100 and lead.country != "VN"): run.n=100, lead.country="VN"",
      "not(not(run.n > 8)): run.n=9",
      "run.n > 100 or (run.n > 50 and lead.country = "VN"): run.n=101, run.n=51 and lead.country="VN"",
      "(run.n > 10 or run.m > 10) and (run.k > 10 or run.price > 10): run.n=11 and run.k=11, run.n=11 and run.price=10.01, run.m=11 and run.k=11, run.m=11 and run.price=10.01",
      "(run.n = 10 or run.m = 10) and (run.n = 11 or run.m = 11): run.n=10 and run.m=11, run.m=10 and run.n=11",
      "run.n > 10 and run.m > 10 and run.k > 10 and run.price > 20 and run.ready: run.n=11 and run.m=11 and run.k=11 and run.price=20.01 and ~run.ready=true",
      "run.n > 10 and run.n > 20: run.n=21",
    ]
  `);
});

it("an if is met on the side it is on, or on the other with its condition turned", async () => {
  expect(
    await ways([
      'if run.n > 5 then lead.country = "VN" else run.m > 30',
      "if run.ready then run.m = 1 else run.k = 1",
      "if run.ready then run.m = 5 else run.k = 1",
      "if run.ready then run.n else run.k = 1",
    ]),
  ).toMatchInlineSnapshot(`
    [
      "if run.n > 5 then lead.country = "VN" else run.m > 30: run.m=31, run.n=6 and lead.country="VN"",
      "if run.ready then run.m = 1 else run.k = 1: run.k=1, ~run.ready=true and run.m=1",
      "if run.ready then run.m = 5 else run.k = 1: ~run.ready=true, run.k=1",
      "if run.ready then run.n else run.k = 1: run.k=1",
    ]
  `);
});

it("several that are computed with are changed together where one is not enough", async () => {
  expect(
    await ways([
      "run.n > run.m",
      "run.n + run.m > 2000",
      "run.n + run.m + run.k = 1010",
      "run.n * run.m = 0",
      "run.n + run.m = -7",
      "run.n + run.m + run.k > 20000000",
      "every x in [run.n, run.m] satisfies x > 90",
      "every x in [run.n, run.m, run.k] satisfies x = 10",
      "every x in [run.n, run.m, run.k, run.price] satisfies x = 10",
      'run.note + run.size = "textbig"',
    ]),
  ).toMatchInlineSnapshot(`
    [
      "run.n > run.m: run.n=6, run.m=4",
      "run.n + run.m > 2000: run.n=1996, run.m=1996",
      "run.n + run.m + run.k = 1010: ~run.n=1000, ~run.m=1000, ~run.k=1000",
      "run.n * run.m = 0: run.n=0, run.m=0",
      "run.n + run.m = -7: run.n=-7 and ~run.m=0, run.n=-6 and ~run.m=-1, run.n=-8 and ~run.m=1, ~run.n=1 and run.m=-8, ~run.n=0 and run.m=-7, ~run.n=-1 and run.m=-6",
      "run.n + run.m + run.k > 20000000: run.n=19999991, run.m=19999991, run.k=19999991",
      "every x in [run.n, run.m] satisfies x > 90: run.n=91 and run.m=91",
      "every x in [run.n, run.m, run.k] satisfies x = 10: run.n=10 and run.m=10 and run.k=10",
      "every x in [run.n, run.m, run.k, run.price] satisfies x = 10: no way",
      "run.note + run.size = "textbig": ~run.note="text" and ~run.size="big"",
    ]
  `);
});

it("of many combinations eight are told, and how many more there are", async () => {
  const one = (name: string, values: string) => `(${[...values].map((v) => `lead.${name} = "${v}"`).join(" or ")})`;
  const [four, nine, many] = await ways([
    "(run.n = 1 or run.m = 2) and (run.k = 3 or run.ready)",
    `${one("persona", "abc")} and ${one("job_title", "abc")}`,
    `${one("persona", "abcdef")} and ${one("job_title", "abcdef")} and ${one("first_name", "abcdef")}`,
  ]);
  expect(four).toBe(
    "(run.n = 1 or run.m = 2) and (run.k = 3 or run.ready): run.n=1 and run.k=3, run.n=1 and ~run.ready=true, run.m=2 and run.k=3, run.m=2 and ~run.ready=true",
  );
  expect(nine).toMatch(/: lead\.persona="a" and lead\.job_title="a", .*; 1 more$/);
  expect(nine?.match(/ and lead\.job_title="/g)).toHaveLength(8);
  expect(many).toMatch(/; at least 56 more$/);
});
