/** What people are told changed between two versions. */
import { expect, it } from "vitest";
import { diffProcess } from "./diff.ts";
import { type Process, processSchema } from "./process.ts";

const day = [{ from: "09:00", to: "17:00" }];
const office = { zone: "UTC", week: { mon: day, tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } };
const drawn = (change: object = {}): Process =>
  processSchema.parse({
    key: "tiny",
    name: "Tiny",
    recordType: "lead",
    roles: { sdr: { name: "Rep" } },
    queues: { inbound: { role: "sdr", strategy: "pull" } },
    calendars: { office },
    variables: { tries: { type: "integer" } },
    forms: { ask: { title: "Ask", fields: [] } },
    decisionTables: { tiers: { hitPolicy: "first", inputs: ["run.tries"], outputs: ["run.tries"], rules: [] } },
    slas: { p: { name: "First reply", target: "4h" } },
    kpis: [{ kpi: "win_rate" }, { kpi: "reply_time", node: "call", target: 5 }],
    groups: [],
    nodes: [
      { id: "start", kind: "start", name: "Came in" },
      { id: "call", kind: "task", name: "Call", role: "sdr", config: { a: 1, b: { c: [1, 2], d: 3 } } },
      { id: "end", kind: "end", name: "" },
    ],
    edges: [
      { id: "e1", from: "start", to: "call" },
      { id: "e2", from: "call", to: "end" },
    ],
    ...change,
  });
const said = (before: object, after: object) =>
  diffProcess(drawn(before), drawn(after)).map(({ kind, part, id, name, fields }) =>
    [`${kind} ${part} ${id}`, name, fields.join(",")].join("; "),
  );
const { nodes, edges, kpis } = drawn();
const changed = (id: string, change: object) => ({ nodes: nodes.map((n) => (n.id === id ? { ...n, ...change } : n)) });

it("nothing, of the same document", () => expect(said({}, {})).toEqual([]));
it("where a step is drawn and in which group is no change", () => {
  const groups = [{ id: "g", name: "Sales" }];
  expect(said({ groups }, { ...changed("call", { position: { x: 1, y: 2 }, group: "g" }), groups: [] })).toEqual([]);
});
it("the order of what a step's settings say is none, nor is an empty entry", () => {
  expect(said({}, changed("call", { config: { b: { d: 3, c: [1, 2] }, a: 1 }, note: undefined }))).toEqual([]);
  expect(said({}, changed("call", { config: { b: { d: 3, c: [2, 1] }, a: 1 } }))).toEqual([
    "changed node call; Call; config",
  ]);
});
it("a step by its name, and by its id when it has none", () => {
  expect(said({}, changed("call", { name: "Ring", note: "x" }))).toEqual(["changed node call; Ring; name,note"]);
  expect(said({}, { nodes: nodes.slice(0, 2) })).toEqual(["removed node end; end; "]);
  expect(said({ nodes: nodes.slice(0, 2) }, {})).toEqual(["added node end; end; "]);
  expect(said(changed("call", { note: "x" }), {})).toEqual(["changed node call; Call; note"]);
});
it("a connection by the steps it joins", () => {
  expect(said({}, { edges: edges.slice(0, 1) })).toEqual(["removed edge e2; call → end; "]);
  expect(said({}, { edges: [edges[0], { ...edges[1], when: "true" }] })).toEqual(["changed edge e2; call → end; when"]);
});
it.each([
  ["sla", "slas", "p; First reply"],
  ["form", "forms", "ask; ask"],
  ["table", "decisionTables", "tiers; tiers"],
  ["role", "roles", "sdr; Rep"],
  ["queue", "queues", "inbound; inbound"],
  ["calendar", "calendars", "office; office"],
  ["variable", "variables", "tries; tries"],
])("each %s by its name, or by its key when it has none", (part, entry, name) => {
  expect(said({}, { [entry]: {} })).toEqual([`removed ${part} ${name}; `]);
  expect(said({ [entry]: {} }, {})).toEqual([`added ${part} ${name}; `]);
});
it("a measure by what it measures and where", () => {
  expect(said({}, { kpis: [kpis[0], { ...kpis[1], target: 6 }] })).toEqual([
    "changed kpi reply_time/call; reply_time; target",
  ]);
  expect(said({}, { kpis: [kpis[0]] })).toEqual(["removed kpi reply_time/call; reply_time; "]);
  expect(said({ kpis: [kpis[1]] }, {})).toEqual(["added kpi win_rate/; win_rate; "]);
});
it("the process itself, once, with all that is its own", () => {
  expect(said({}, { name: "Small", summary: "x", idleLimit: "P3D" })).toEqual([
    "changed process tiny; Small; name,summary,idleLimit",
  ]);
  expect(said({ idleLimit: "P3D" }, {})).toEqual(["changed process tiny; Tiny; idleLimit"]);
});
it("steps first, then connections, then the rest", () => {
  expect(
    said({}, { ...changed("call", { note: "x" }), edges: edges.slice(1), roles: {}, kpis: [], name: "S" }).map(
      (l) => l.split(" ")[1],
    ),
  ).toEqual(["node", "edge", "role", "kpi", "kpi", "process"]);
});
