import { describe, expect, it } from "vitest";
import { processSchema, sameHours } from "@/server/engine/process.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { addTables, knownNames } from "./add-tables.ts";
import { connectionConfig } from "./connection.ts";
import { countedId, numberOf, tokenId, visitId } from "./counted-ids.ts";
import type { Action } from "./process.ts";
import { expressionsOf, namesOf } from "./reads-of.ts";

describe("tables taken over from another process", () => {
  const table = (name: string) => ({ name, hitPolicy: "first" as const, inputs: [], outputs: ["run.a"], rules: [] });
  const process = processSchema.parse(
    textGraph("p", "ask:task\nstart -> ask -> done", {
      decisionTables: { rate: table("Own"), rate_2: table("Own 2") },
      variables: { a: { type: "text", label: "Own" } },
      related: { account: { path: "matched_account_id" } },
    }),
  );
  it("stand beside its own under a key that is free; variables it has stay as they are", () => {
    const { process: next, added } = addTables(process, {
      tables: { rate: table("New"), size: table("Size") },
      variables: { a: { type: "integer" }, b: { type: "integer" } },
    });
    expect(added).toEqual(["rate_3", "size"]);
    expect(Object.entries(next.decisionTables).map(([key, { name }]) => [key, name])).toEqual([
      ["rate", "Own"],
      ["rate_2", "Own 2"],
      ["rate_3", "New"],
      ["size", "Size"],
    ]);
    expect(next.variables).toEqual({ a: { type: "text", label: "Own" }, b: { type: "integer" } });
    expect(Object.keys(process.decisionTables)).toEqual(["rate", "rate_2"]);
  });
  it("a key that is as long as keys may be is cut to make room for the number", () => {
    const long = "a".repeat(64);
    const first = addTables(process, { tables: { [long]: table("1") }, variables: {} });
    expect(addTables(first.process, { tables: { [long]: table("2") }, variables: {} }).added).toEqual([
      `${"a".repeat(58)}_2`,
    ]);
  });
  it("may read the record, its related ones, the run's variables and the step", () =>
    expect([...knownNames(process)]).toEqual(["lead", "account", "run", "step"]));
});

describe("a connection", () => {
  const api = (more: object = {}) => ({ kind: "api", base: "https://api.example.com", auth: { how: "none" }, ...more });
  const fits = (config: unknown) => connectionConfig.safeParse(config).success;
  it.each<[string, unknown]>([
    ["an api", api()],
    ["with a token", api({ auth: { how: "bearer" } })],
    ["with a name", api({ auth: { how: "basic", user: "lan" } })],
    ["with a header", api({ auth: { how: "header", name: "X-Api-Key" } })],
    ["signed", api({ auth: { how: "signed" } })],
    [
      "with what it can do",
      api({
        operations: {
          push: { method: "POST", path: "/leads/{record.id}", body: "record" },
          list: { method: "GET", path: "" },
        },
        testPath: "/ping",
      }),
    ],
    ...["GET", "POST", "PUT", "PATCH", "DELETE"].map((method): [string, unknown] => [
      method,
      api({ operations: { one: { method, path: "/" } } }),
    ]),
    ...["slack", "teams", "google"].map((style): [string, unknown] => [style, { kind: "chat", style }]),
    [
      "a message that comes in",
      {
        kind: "hook",
        takes: {
          what: "message",
          event: "reply.received",
          key: "body.id",
          record: { type: "lead", field: "email", value: "body.from" },
        },
      },
    ],
    [
      "a record that comes in",
      {
        kind: "hook",
        takes: {
          what: "record",
          type: "lead",
          match: { field: "email", value: "body.from" },
          create: true,
          values: { last_name: "body.name" },
        },
      },
    ],
  ])("%s is one", (_, config) => expect(fits(config)).toBe(true));
  it.each<[string, unknown]>([
    ["no address", api({ base: "example" })],
    ["an address that is too long", api({ base: `https://example.com/${"a".repeat(500)}` })],
    ["a way in that is none", api({ auth: { how: "password" } })],
    ["nobody's name", api({ auth: { how: "basic", user: "" } })],
    ["a name that is too long", api({ auth: { how: "basic", user: "a".repeat(201) } })],
    ["a header that is none", api({ auth: { how: "header", name: "X Key" } })],
    ["a header without a name", api({ auth: { how: "header", name: "" } })],
    ["more than it says", api({ auth: { how: "bearer", token: "s" } })],
    ["a path beside the base", api({ operations: { one: { method: "GET", path: "leads" } } })],
    ["a path that is too long", api({ testPath: `/${"a".repeat(1024)}` })],
    ["a method that is none", api({ operations: { one: { method: "FETCH", path: "/" } } })],
    ["another chat", { kind: "chat", style: "irc" }],
    ["a message without a name", { kind: "hook", takes: { what: "message", event: "" } }],
    ["a message with too long a name", { kind: "hook", takes: { what: "message", event: "a".repeat(81) } }],
    ["a record without what is written", { kind: "hook", takes: { what: "record", type: "lead", create: true } }],
    [
      "a field without a name",
      { kind: "hook", takes: { what: "record", type: "lead", create: true, values: { "": "1" } } },
    ],
    ["nothing of all this", { kind: "fax" }],
  ])("%s is none", (_, config) => expect(fits(config)).toBe(false));
  it("without operations has none", () => expect(connectionConfig.parse(api())).toMatchObject({ operations: {} }));
});

describe("counted ids", () => {
  it("are a letter and a number, also beyond those that are kept", () => {
    expect([0, 7, 999, 1000, 1001].map((n) => [tokenId(n), visitId(n), countedId("work", n)])).toEqual([
      ["t0", "v0", "w0"],
      ["t7", "v7", "w7"],
      ["t999", "v999", "w999"],
      ["t1000", "v1000", "w1000"],
      ["t1001", "v1001", "w1001"],
    ]);
    expect(
      (["clock", "timer", "incident", "effect", "scope", "message"] as const).map((kind) => countedId(kind, 3)),
    ).toEqual(["c3", "m3", "i3", "e3", "s3", "n3"]);
  });
  it("are read back; what is none has no number", () => {
    expect(["t0", "v19", "m1000000"].map(numberOf)).toEqual([0, 19, 1_000_000]);
    expect(["t1a", "t-1", "t1.5", "t/", "t:"].map(numberOf)).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});

describe("what an action reads", () => {
  const process = compileVersion(
    processSchema.parse(textGraph("p", "ask:task\nstart -> ask -> done", { variables: { a: { type: "text" } } })),
    1,
  );
  const actions: [Action, string[], string[]][] = [
    [
      {
        verb: "set",
        field: "lead.fit_score",
        value: "lead.persona",
        until: "lead.next_meeting_at",
        when: "run.a = null",
      },
      ["run.a = null", "lead.persona", "lead.next_meeting_at"],
      ["run.a", "lead.persona", "lead.next_meeting_at", "lead.fit_score"],
    ],
    [
      { verb: "create", type: "account", with: { name: "lead.company_name", domain: "lead.company_name" } },
      ["lead.company_name", "lead.company_name"],
      ["lead.company_name"],
    ],
    [
      {
        verb: "http",
        method: "POST",
        url: "https://a.com/{lead.phone}?x={step.name}",
        headers: { A: "{run.a} and {lead.phone}" },
        body: "lead.email",
      },
      ["lead.email", "lead.phone", "step.name", "run.a", "lead.phone"],
      ["lead.email", "lead.phone", "run.a"],
    ],
    [
      { verb: "chat", connection: "team", text: "Hi {lead.last_name}", when: " " },
      ["lead.last_name"],
      ["lead.last_name"],
    ],
    [{ verb: "link", field: "lead.matched_account_id", to: "account" }, [], ["lead.matched_account_id"]],
    [{ verb: "emit", event: "lead.recycled" }, [], []],
  ];
  it.each(actions)("%j", (action, expressions, names) => {
    expect(expressionsOf(action)).toEqual(expressions);
    expect(namesOf(process, action)).toEqual(names);
  });
});

describe("two calendars open and close alike", () => {
  type Hours = Parameters<typeof sameHours>[0];
  const day = [{ from: "09:00", to: "17:00" }];
  const week = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [], sun: [] };
  const calendar = (more: object = {}) => ({ zone: "UTC", week, holidays: "none", ...more }) as Hours;
  const closed = (...dates: string[]) => ({ closed: dates.map((date) => ({ date, name: `Why ${date}` })) });
  const special = (...dates: string[]) => ({ special: dates.map((date) => ({ date, hours: day, name: date })) });
  it("whatever they are called and in whatever order their days stand", () => {
    expect(sameHours(calendar(), calendar({ name: "Office", closed: [], special: [], holidayRules: [] }))).toBe(true);
    expect(
      sameHours(
        calendar(closed("2026-05-01", "2026-01-01")),
        calendar({ closed: [{ date: "2026-01-01" }, { date: "2026-05-01" }] }),
      ),
    ).toBe(true);
    expect(
      sameHours(calendar(special("2026-05-01", "2026-01-01")), calendar(special("2026-01-01", "2026-05-01"))),
    ).toBe(true);
  });
  it.each([
    { zone: "Asia/Tokyo" },
    { holidays: "VN" },
    { week: { ...week, sat: day } },
    { week: { ...week, mon: [{ from: "08:00", to: "17:00" }] } },
    closed("2026-05-01"),
    special("2026-05-01"),
    { special: [{ date: "2026-05-01", hours: [] }] },
    { holidayRules: [{ kind: "date", month: 5, day: 1 }] },
  ])("not with %j", (more) => expect(sameHours(calendar(), calendar(more))).toBe(false));
});
