/** Every action, tried on a sample record: what it would do is told, and nothing is done. */
import { beforeAll, describe, expect, it } from "vitest";
import { tryAction } from "@/server/commands/try-action.ts";
import { type Action, processSchema } from "@/server/engine/process.ts";
import { onSqlite } from "../support/databases.ts";
import { connect, outside, type Outside, testCalls } from "../support/outside.ts";
import { type Bench, openBench } from "./bench.ts";

const open = onSqlite();
const document = processSchema.parse({
  key: "try",
  name: "Try",
  recordType: "lead",
  related: { account: { path: "lead.matched_account_id" } },
  roles: { ae: { name: "Account executive" } },
  variables: { note: { type: "text", label: "Note" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    { id: "act", kind: "automation", name: "Act", actions: [] },
    { id: "undone", kind: "task", name: "Task", role: "ae", compensate: [{ verb: "log", text: "back" }] },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "act" },
    { id: "e2", from: "act", to: "undone" },
    { id: "e3", from: "undone", to: "done" },
  ],
});
const secret = "sk_live_abcdefgh";
let bench: Bench;
let lead: string;
let api: Outside;
beforeAll(async () => {
  bench = await openBench(await open());
  const calls = testCalls();
  api = await outside();
  await connect(bench, calls, {
    key: "crm",
    config: { kind: "api", base: api.url, auth: { how: "bearer" }, operations: {} },
    secret,
  });
  await connect(bench, calls, {
    key: "team",
    config: { kind: "chat", style: "teams" },
    secret: `${api.url}/hook/SECRET`,
  });
  lead = await bench.record("lead", {
    first_name: "Hoa",
    last_name: "Nguyễn",
    company_name: "Lotus",
    email: "hoa@lotus.vn",
    owner_id: "lan",
    lifecycle_stage: "sql",
    source: "inbound_web",
  });
});
const tried = async (action: Action, memberId = "linh", node: string | null = "act") =>
  tryAction(
    { ...bench.engine, baseUrl: "http://x.test" },
    {
      workspaceId: bench.workspaceId,
      memberId,
      language: "en",
      now: bench.clock.now(),
      document,
      node,
      action,
      recordId: lead,
    },
  );

describe("an action that is tried", () => {
  it("shows the field it would write, from and to", async () => {
    expect(
      await tried({ verb: "set", field: "lead.company_name", value: 'lead.company_name + " Foods"' }),
    ).toMatchObject({
      outcome: "done",
      changes: [{ field: "Company", from: "Lotus", to: "Lotus Foods" }],
    });
    expect(await tried({ verb: "set", field: "run.note", value: "lead.company_name" })).toMatchObject({
      changes: [{ record: null, field: "Note", to: "Lotus" }],
    });
  });
  it("says why it would fail, and that its condition does not hold", async () => {
    expect(await tried({ verb: "set", field: "lead.company_name", value: 'number("x")' })).toMatchObject({
      outcome: "failed",
    });
    expect(await tried({ verb: "log", text: "x", when: 'lead.company_name = "Elm"' })).toMatchObject({
      outcome: "passed_over",
    });
    expect(await tried({ verb: "throw", code: "no" })).toMatchObject({ outcome: "failed" });
    expect(await tried({ verb: "set", field: "lead.company_name", value: '"x"' }, "mai")).toMatchObject({
      outcome: expect.anything(),
    });
    expect(await tried({ verb: "http", method: "GET", connection: "crm", url: "/" }, "lan")).toMatchObject({
      outcome: "failed",
      problem: expect.stringContaining("may not do this"),
    });
  });
  it("shows the call as it would go out, without its secret", async () => {
    const answer = await tried({
      verb: "http",
      method: "POST",
      connection: "crm",
      url: "/people/{lead.last_name}",
      body: "{mail: lead.email}",
    });
    expect(answer).toMatchObject({
      outcome: "waits",
      leaves: [
        {
          kind: "call",
          method: "POST",
          url: `${api.url}/people/Nguy%E1%BB%85n`,
          body: '{"mail":"hoa@lotus.vn"}',
          headers: expect.arrayContaining([["authorization", "•••"]]),
        },
      ],
    });
    const chat = await tried({ verb: "chat", connection: "team", text: "Lead {lead.company_name}" });
    expect(chat).toMatchObject({
      outcome: "done",
      leaves: [{ kind: "call", body: expect.stringContaining("Lead Lotus") }],
    });
    for (const one of [answer, chat]) expect(JSON.stringify(one)).not.toMatch(/sk_live|SECRET/);
    expect(await tried({ verb: "chat", connection: "nobody", text: "x" })).toMatchObject({
      leaves: [{ kind: "problem" }],
    });
  });
  it("shows the letter, the notice and the event", async () => {
    expect(await tried({ verb: "send_template", template: "thanks", to: "owner" })).toMatchObject({
      leaves: [{ kind: "mail", to: ["lan@example.com"], subject: expect.stringContaining("Thanks") }],
    });
    expect(await tried({ verb: "notify", to: "owner", text: "Call" })).toMatchObject({
      leaves: [{ kind: "notice", to: "Lan Phạm", text: "Call" }],
    });
    expect(await tried({ verb: "emit", event: "quote.sent" })).toMatchObject({
      leaves: [{ kind: "event", event: "quote.sent" }],
    });
  });
  it("shows the records that a conversion would make", async () => {
    const answer = await tried({ verb: "convert" });
    expect(answer).toMatchObject({ outcome: "done" });
    const made = new Set(answer!.changes.flatMap(({ made: fresh, record }) => (fresh ? [record!.split(":")[0]] : [])));
    expect([...made]).toEqual(["Account", "Contact", "Opportunity"]);
  });
  it("does nothing: no event, no record, no call, no job, nobody's turn", async () => {
    const counts = async () =>
      Promise.all(
        [bench.store.t.event, bench.store.t.record, bench.store.t.job, bench.store.t.run].map(
          async (table) => (await bench.store.read.select().from(table)).length,
        ),
      );
    const before = await counts();
    const every: Action[] = [
      { verb: "create", type: "account", from: "lead" },
      { verb: "match", type: "lead" },
      { verb: "assign", role: "ae" },
      { verb: "link", field: "lead.matched_account_id" },
      { verb: "start_process", process: "none" },
      { verb: "lock", object: "lead" },
      { verb: "unlock", object: "lead" },
      { verb: "escalate", to: "owner" },
      { verb: "reassign" },
      { verb: "compensate" },
      { verb: "connector", connector: "crm", operation: "x" },
    ];
    for (const action of every)
      for (const node of ["act", null]) expect(await tried(action, "linh", node), action.verb).not.toBeNull();
    expect(await counts()).toEqual(before);
    expect(api.asked).toHaveLength(0);
    expect((await bench.engine.contexts.get(bench.workspaceId, bench.clock.now())).directory.open.size).toBe(0);
  });
});
