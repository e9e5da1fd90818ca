import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Process, processSchema, type StepKindId } from "@/server/engine/process.ts";
import { checkDraft } from "@/server/steps/index.ts";
import {
  addAfter,
  addBefore,
  addInside,
  changeKind,
  moveEdge,
  connect,
  crossesBorder,
  insertOnEdge,
  readingOrder,
  removeNode,
  setEdge,
  setNode,
  setOtherwise,
} from "./document.ts";
import { frameOf, ownerOf } from "../process/nesting.ts";
import { placeInside } from "./nest.ts";
import { findInDocument, nextUnnamed, stepBeside } from "./walk.ts";
import { copySteps, pasteSteps } from "./clipboard.ts";
import { begin, execute, redo, touched, travel, undo } from "./history.ts";

const empty: Process = processSchema.parse({
  key: "deal",
  name: "Deal",
  recordType: "opportunity",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", position: { x: 0, y: 0 } },
    { id: "won", kind: "end", name: "Won", position: { x: 320, y: 0 } },
  ],
  edges: [{ id: "edge_1", from: "start", to: "won" }],
});

describe("drawing", () => {
  it("five steps with a branch, drawn one after the other, can be published", () => {
    let doc = empty;
    const add = (after: string, kind: StepKindId) => {
      const made = addAfter(doc, after, kind);
      doc = made.doc;
      return made.id;
    };
    const qualify = add("start", "task");
    const choose = add(qualify, "decision");
    const lost = add(choose, "end");
    doc = setNode(doc, qualify, { name: "Qualify" });
    doc = setNode(doc, choose, { name: "Go?" });
    const branch = doc.edges.find((e) => e.from === choose && e.to === lost)!;
    doc = setEdge(doc, branch.id, { when: "opportunity.amount < 1000" });
    expect(checkDraft(doc).filter((p) => p.severity === "error")).toEqual([]);
    expect(readingOrder(doc)).toEqual(["start", qualify, choose, "won", lost]);
  });

  it("a step put on a connection stands between, and removing it joins the ends again", () => {
    const { doc, id } = insertOnEdge(empty, "edge_1", "task");
    expect(doc.edges.map((e) => [e.from, e.to])).toEqual([
      ["start", id],
      [id, "won"],
    ]);
    expect(removeNode(doc, id).edges.map((e) => [e.from, e.to])).toEqual([["start", "won"]]);
  });

  it("nothing leads into a start or out of an end, and only one branch is the otherwise one", () => {
    expect(connect(empty, "won", "start")).toBe(empty);
    const { doc, id } = addAfter(empty, "start", "decision");
    const more = addAfter(doc, id, "end").doc;
    const second = more.edges.filter((e) => e.from === id).at(-1)!;
    expect(
      setOtherwise(more, second.id)
        .edges.filter((e) => e.otherwise)
        .map((e) => e.id),
    ).toEqual([second.id]);
  });
});

describe("undo", () => {
  const kinds = [
    "task",
    "approval",
    "decision",
    "parallel",
    "join",
    "wait",
    "automation",
    "subprocess",
    "inclusive",
    "for_each",
    "end",
  ] as const;
  const command = fc.record({
    what: fc.constantFrom("add", "before", "kind", "remove", "rename", "connect", "duplicate", "inside", "into", "out"),
    kind: fc.constantFrom(...kinds),
    at: fc.nat(),
    to: fc.nat(),
  });
  it("takes back any series of edits, brings them again, and every document on the way is a process document", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
        let history = begin(empty);
        for (const { what, kind, at, to } of commands) {
          const node = history.doc.nodes[at % history.doc.nodes.length]!.id;
          const other = history.doc.nodes[to % history.doc.nodes.length]!.id;
          history = execute(history, what, (doc) =>
            what === "add"
              ? addAfter(doc, node, kind).doc
              : what === "before"
                ? addBefore(doc, node, kind).doc
                : what === "kind"
                  ? changeKind(doc, node, kind)
                  : what === "remove"
                    ? doc.nodes.length > 2
                      ? removeNode(doc, node)
                      : doc
                    : what === "rename"
                      ? setNode(doc, node, { name: `n${to}` })
                      : what === "connect"
                        ? connect(doc, node, other)
                        : what === "inside"
                          ? addInside(doc, node, kind).doc
                          : what === "into"
                            ? placeInside(doc, [node], frameOf(doc, other) && other).doc
                            : what === "out"
                              ? placeInside(doc, [node], null).doc
                              : (pasteSteps(doc, copySteps(doc, [node, other]), { x: 40, y: at % 400 })?.doc ?? doc),
          );
          expect(processSchema.safeParse(history.doc).success).toBe(true);
          // A frame is there for each step inside one, and no connection crosses a border.
          const { nodes, edges } = history.doc;
          for (const { id, in: owner } of nodes) if (owner) expect(ownerOf(history.doc, id)).toBe(owner);
          expect(edges.filter((e) => crossesBorder(history.doc, e.from, e.to))).toEqual([]);
        }
        const last = history.doc;
        const entries = history.past.length;
        for (let i = 0; i < entries; i++) history = undo(history);
        expect(history.doc).toEqual(empty);
        for (let i = 0; i < entries; i++) history = redo(history);
        expect(history.doc).toEqual(last);
        const middle = travel(history, Math.floor(entries / 2));
        expect(travel(middle, entries).doc).toEqual(last);
        expect(touched(last, travel(middle, entries).doc)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
  it("typing in one place is one entry", () => {
    let history = begin(empty);
    for (const name of ["W", "We", "Win"])
      history = execute(history, "Rename", (doc) => setNode(doc, "won", { name }), "name:won");
    expect(history.past).toHaveLength(1);
    expect(undo(history).doc).toEqual(empty);
  });
});

describe("the clipboard", () => {
  const deal = (() => {
    const made = addAfter(empty, "start", "task");
    const doc = setNode(made.doc, made.id, { name: "Review", role: "ae", slas: ["fast"], form: "review" });
    return {
      id: made.id,
      doc: processSchema.parse({
        ...doc,
        queues: { pool: { role: "ae", strategy: "pull" } },
        roles: { ae: { name: "Account executive", queue: "pool" } },
        calendars: { office: { zone: "UTC", week: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } } },
        slas: { fast: { name: "Fast", target: "4h", calendar: "office" } },
        forms: { review: { title: "Review", fields: [{ field: "run.verdict" }] } },
        variables: { verdict: { type: "text" } },
        kpis: [{ kpi: "throughput", node: made.id, target: 4 }],
      }),
    };
  })();

  it("brings along what a step needs into a process that has none of it", () => {
    const pasted = pasteSteps({ ...empty, roles: {} }, copySteps(deal.doc, [deal.id]), { x: 640, y: 320 })!;
    expect(pasted.brought.sort()).toEqual([
      "calendars.office",
      "forms.review",
      "queues.pool",
      "roles.ae",
      "slas.fast",
      "variables.verdict",
    ]);
    expect(pasted.doc.nodes.at(-1)).toMatchObject({ name: "Review", role: "ae", position: { x: 640, y: 320 } });
    expect(pasted.doc.kpis).toEqual([{ kpi: "throughput", node: pasted.ids[0], target: 4 }]);
    expect(processSchema.safeParse(pasted.doc).success).toBe(true);
  });

  it("gives the same key with another meaning a key of its own, and takes what is the same as it is", () => {
    const other = { ...deal.doc, slas: { fast: { ...deal.doc.slas.fast!, target: "2bd" } } };
    const pasted = pasteSteps(other, copySteps(deal.doc, [deal.id]), null)!;
    expect(pasted.brought).toEqual(["slas.fast_1"]);
    expect(pasted.doc.nodes.at(-1)!.slas).toEqual(["fast_1"]);
    expect(pasted.doc.slas.fast!.target).toBe("2bd");
  });

  it("keeps inner connections, drops a second start, and refuses any other text", () => {
    const pasted = pasteSteps(deal.doc, copySteps(deal.doc, ["start", deal.id, "won"]), null)!;
    expect(pasted.ids).toHaveLength(2);
    expect(pasted.doc.edges.filter((e) => pasted.ids.includes(e.from) && pasted.ids.includes(e.to))).toHaveLength(1);
    expect(pasted.doc.nodes.filter((n) => n.kind === "start")).toHaveLength(1);
    expect(pasteSteps(deal.doc, "hello", null)).toBeNull();
    expect(pasteSteps(deal.doc, '{"millrace":"steps/1","nodes":"x"}', null)).toBeNull();
  });
});

describe("kinds and exits", () => {
  it("another kind keeps name and connections and takes exits that it has", () => {
    const made = addAfter(empty, "start", "task");
    const doc = setNode(made.doc, made.id, { name: "Look" });
    const changed = changeKind(doc, made.id, "approval");
    expect(changed.nodes.find((n) => n.id === made.id)).toMatchObject({ kind: "approval", name: "Look", role: "ae" });
    expect(changed.edges.find((e) => e.from === made.id)).toMatchObject({ port: "approved", to: "won" });
    const back = changeKind(changed, made.id, "decision");
    expect(back.edges.find((e) => e.from === made.id)).toMatchObject({ otherwise: true });
    expect(changeKind(doc, made.id, "end")).toBe(doc);
  });

  it("a step put before another stands on the connection into it", () => {
    const { doc, id } = addBefore(empty, "won", "task");
    expect(doc.edges.map((e) => [e.from, e.to])).toEqual([
      ["start", id],
      [id, "won"],
    ]);
    expect(addBefore(empty, "start", "task").doc).toBe(empty);
  });

  it("branches can be tried in another order", () => {
    const { doc, id } = addAfter(empty, "start", "decision");
    const more = addAfter(doc, id, "end").doc;
    const [first, second] = more.edges.filter((e) => e.from === id).map((e) => e.id);
    expect(
      moveEdge(more, second!, -1)
        .edges.filter((e) => e.from === id)
        .map((e) => e.id),
    ).toEqual([second, first]);
    expect(moveEdge(more, first!, -1)).toBe(more);
  });
});

describe("walking and finding", () => {
  it("arrows follow the flow and step between branches, the next unnamed comes round again", () => {
    const { doc, id } = addAfter(empty, "start", "decision");
    const { doc: more, id: lost } = addAfter(doc, id, "end");
    expect(stepBeside(more, null, "right")).toBe("start");
    expect(stepBeside(more, "start", "right")).toBe(id);
    expect(stepBeside(more, id, "right")).toBe("won");
    expect(stepBeside(more, "won", "down")).toBe(lost);
    expect(stepBeside(more, lost, "left")).toBe(id);
    expect(nextUnnamed(more, "won")).toBe(id);
  });

  it("finds without accents", () => {
    expect(findInDocument(setNode(empty, "won", { name: "Hoá đơn" }), "hoa don").map((f) => f.id)).toEqual(["won"]);
  });
});
