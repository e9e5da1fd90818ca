import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Process, processSchema, type StepKindId } from "@/server/engine/process.ts";
import { checkDraft } from "@/server/steps/index.ts";
import {
  addAfter,
  connect,
  duplicate,
  insertOnEdge,
  readingOrder,
  removeNode,
  setEdge,
  setNode,
  setOtherwise,
} from "./document.ts";
import { begin, execute, redo, undo } from "./history.ts";

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
    "end",
  ] as const;
  const command = fc.record({
    what: fc.constantFrom("add", "remove", "rename", "connect", "duplicate"),
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
              : what === "remove"
                ? doc.nodes.length > 2
                  ? removeNode(doc, node)
                  : doc
                : what === "rename"
                  ? setNode(doc, node, { name: `n${to}` })
                  : what === "connect"
                    ? connect(doc, node, other)
                    : duplicate(doc, node).doc,
          );
          expect(processSchema.safeParse(history.doc).success).toBe(true);
        }
        const last = history.doc;
        const entries = history.past.length;
        for (let i = 0; i < entries; i++) history = undo(history);
        expect(history.doc).toEqual(empty);
        for (let i = 0; i < entries; i++) history = redo(history);
        expect(history.doc).toEqual(last);
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
