/** What a gate still asks for, in one sentence each, with the fields that would meet it. */
import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { barePerson } from "@/tests/support/bare-world.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const bench = openBareBench(Date.UTC(2026, 2, 2, 9), [
  barePerson("lan", { roles: ["ae"] }),
  barePerson("mai", { roles: ["manager"] }),
]);
let played = 0;
type More = NonNullable<Parameters<typeof playOn>[3]>;
const variables = { paper: { type: "text", label: "The paper" }, why_not: { type: "text" }, go: { type: "text" } };

async function gated(exit: object[], { next, ...more }: More & { next?: object } = {}, values: Values = {}) {
  const run = await playOn(
    bench,
    `sentence${++played}`,
    "next:task\nstart -> next -> done",
    { variables, nodes: { next: { ...next, gate: { exit, ...(next as { gate?: object })?.gate } } }, ...more },
    values,
  );
  const finish = async (
    given: Values = {},
    { by = "lan", ...says }: { by?: string; outcome?: string; checklist?: string[] } = {},
  ) => {
    const answer = await bench.send(
      { type: "completeWork", runId: run.runId, work: "w1", outcome: null, values: given, ...says },
      by,
    );
    return answer.ok
      ? await run.at()
      : {
          text: answer.text,
          fields: ((answer.details?.fields ?? []) as { field: string }[]).map(({ field }) => field),
        };
  };
  return { ...run, finish };
}
const asks = (text: string, ...fields: string[]) => ({ text, fields });

describe("each kind", () => {
  it("a field, in the record model's word or the variable's", async () => {
    const run = await gated([
      { kind: "field", field: "lead.job_title" },
      { kind: "field", field: "run.paper" },
      { kind: "field", field: "run.why_not" },
    ]);
    expect(await run.finish()).toEqual(
      asks("Job title is still missing.", "lead.job_title", "run.paper", "run.why_not"),
    );
    expect(await run.finish({ "lead.job_title": "Head" })).toEqual(
      asks("The paper is still missing.", "run.paper", "run.why_not"),
    );
    expect(await run.finish({ "lead.job_title": "Head", "run.paper": "x" })).toEqual(
      asks("Why not is still missing.", "run.why_not"),
    );
    expect(await run.finish({ "lead.job_title": "Head", "run.paper": "x", "run.why_not": "y" })).toBe("done");
  });
  it("of a related record that the form makes", async () => {
    const related = { related: { account: { path: "matched_account_id" } } };
    const run = await gated([{ kind: "field", field: "account.name" }], related);
    expect(await run.finish()).toEqual(asks("Name is still missing.", "account.name"));
    expect(await run.finish({ "account.name": "Lotus" })).toBe("done");
  });
  it.each([
    ["https://example.com/x", true],
    ["http://a", true],
    [" HTTPS://Example.com ", true],
    ["offer.pdf", true],
    ["my offer v2.docx", true],
    ["https://", false],
    ["https:///x", false],
    ["no file", false],
    [".pdf", false],
    ["offer.", false],
    ["offer.muchtoolong", false],
    ["", false],
  ])("a link or a file: “%s” %s", async (paper, is) => {
    const run = await gated([{ kind: "link", field: "run.paper" }]);
    expect(await run.finish({ "run.paper": paper })).toEqual(
      is ? "done" : asks("The paper needs a link or the name of a file.", "run.paper"),
    );
  });
  it("a note that is long enough, counted in letters and without the space around", async () => {
    const note = async (text: string) =>
      (await gated([{ kind: "note", field: "run.paper", atLeast: 3 }])).finish({ "run.paper": text });
    const short = asks("The paper needs at least 3 characters.", "run.paper");
    expect([await note("ab "), await note("👍👍"), await note("abc"), await note("👍👍👍")]).toEqual([
      short,
      short,
      "done",
      "done",
    ]);
  });
  it("a record that is there, and fits", async () => {
    const related = { related: { account: { path: "matched_account_id" } } };
    const missing = asks("There is no account yet that fits.", "account");
    const there = await gated([{ kind: "record", record: "account" }], related);
    expect(await there.finish()).toEqual(missing);
    const matched_account_id = await bench.record("account", {
      name: "Lotus",
      domain: "lotus.com",
      employee_count: 10,
    });
    expect(await (await gated([{ kind: "record", record: "account" }], related, { matched_account_id })).finish()).toBe(
      "done",
    );
    const big = (n: number) =>
      gated([{ kind: "record", record: "account", where: `account.employee_count > ${n}` }], related, {
        matched_account_id,
      });
    expect([await (await big(5)).finish(), await (await big(50)).finish()]).toEqual(["done", missing]);
  });
  it("a checklist: one of its points, or all of them", async () => {
    const checklist = [
      { id: "call", text: "Called" },
      { id: "mail", text: "Written" },
    ];
    const one = await gated([{ kind: "checklist", item: "mail" }], { next: { checklist } });
    expect(await one.finish()).toEqual(asks("“Written” is not ticked yet.", "mail"));
    expect(await one.finish({}, { checklist: ["mail"] })).toBe("done");
    const all = await gated([{ kind: "checklist" }], { next: { checklist } });
    expect(await all.finish({}, { checklist: ["mail"] })).toEqual(asks("“Called” is not ticked yet.", "call"));
    expect(await all.finish({}, { checklist: ["mail", "call"] })).toBe("done");
  });
  it("a condition: the parts that do not hold, or its own words", async () => {
    const when = 'lead.fit_score > 50 and not(lead.source = "inbound_web") and lead.persona = "a.b"';
    const run = await gated([{ kind: "condition", when }]);
    expect(await run.finish()).toEqual(
      asks("This does not hold yet: lead.fit_score > 50", "lead.fit_score", "lead.source", "lead.persona"),
    );
    const not = await gated([{ kind: "condition", when }], {}, { fit_score: 60, persona: "a.b" });
    expect(await not.finish()).toEqual(asks('This does not hold yet: not(lead.source = "inbound_web")', "lead.source"));
    const words = await gated([{ kind: "condition", when, text: "A good fit" }]);
    expect(await words.finish()).toEqual(asks("Still missing: A good fit", "lead.fit_score"));
    expect(await (await gated([{ kind: "condition", when: " " }])).finish()).toBe("done");
  });
});

describe("whom and what it holds", () => {
  it("only at the outcomes it names", async () => {
    const run = await gated([{ kind: "field", field: "lead.job_title", outcomes: ["won"] }]);
    expect(await run.finish({}, { outcome: "won" })).toEqual(asks("Job title is still missing.", "lead.job_title"));
    expect(await run.finish({}, { outcome: "lost" })).toBe("done");
    expect(await (await gated([{ kind: "field", field: "lead.job_title", outcomes: [] }])).finish()).toMatchObject({
      fields: ["lead.job_title"],
    });
    expect(await (await gated([{ kind: "field", field: "lead.job_title", outcomes: ["won"] }])).finish()).toBe("done");
  });
  it("anybody but the people of the roles it names, a queue of theirs among them", async () => {
    const run = await gated([], { next: { gate: { who: ["manager"] } } });
    expect(await run.finish()).toMatchObject({ text: expect.stringContaining("Manager") });
    expect(await run.finish({}, { by: "mai" })).toBe("done");
  });
});
