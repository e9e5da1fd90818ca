import Elk from "elkjs/lib/elk.bundled.js";
import { describe, expect, it } from "vitest";
import { type Process, processSchema, type StepKindId } from "@/server/engine/process.ts";
import { bodyOf, boxOf, frame, frameOf, ownerOf } from "../process/nesting.ts";
import { copySteps, pasteSteps } from "./clipboard.ts";
import {
  addAfter,
  addInside,
  changeKind,
  connect,
  insertOnEdge,
  moveNodes,
  readingOrder,
  removeNode,
} from "./document.ts";
import { placeOf } from "./geometry.ts";
import { frameUnder, placeInside, whyNotInside } from "./nest.ts";
import { fromElk, toElk } from "./tidy.ts";
import { depths, stepBeside } from "./walk.ts";

const quote: Process = processSchema.parse({
  key: "quote",
  name: "Quote",
  recordType: "quote",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", position: { x: 0, y: 0 } },
    { id: "review", kind: "task", name: "Review", role: "ae", position: { x: 320, y: 0 } },
    { id: "sent", kind: "end", name: "Sent", position: { x: 640, y: 0 } },
  ],
  edges: [
    { id: "e1", from: "start", to: "review" },
    { id: "e2", from: "review", to: "sent" },
  ],
});
const withLoop = insertOnEdge(quote, "e2", "for_each");
const loop = withLoop.id;
const body = (doc: Process) => bodyOf(doc, loop).map((n) => n.id);
const overlap = (doc: Process, a: string, b: string) => {
  const [one, other] = [a, b].map((id) => boxOf(doc, doc.nodes.find((n) => n.id === id)!)) as [
    ReturnType<typeof boxOf>,
    ReturnType<typeof boxOf>,
  ];
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
};
const apart = (doc: Process) => {
  for (const a of doc.nodes)
    for (const b of doc.nodes)
      if (a.id < b.id && ownerOf(doc, a.id) === ownerOf(doc, b.id))
        expect(overlap(doc, a.id, b.id), `${a.id} over ${b.id}`).toBe(false);
};

describe("a for-each on the map", () => {
  it("comes with a step and an end inside, and what stood there makes room for its frame", () => {
    expect(withLoop.doc.edges.map((e) => [e.from, e.to])).toEqual([
      ["start", "review"],
      ["review", loop],
      [body(withLoop.doc)[0], body(withLoop.doc)[1]],
      [loop, "sent"],
    ]);
    expect(bodyOf(withLoop.doc, loop).map((n) => n.kind)).toEqual(["task", "end"]);
    apart(withLoop.doc);
  });

  it("takes what is added after a step inside into its frame, grows, and pushes on what is behind it", () => {
    const [first] = body(withLoop.doc);
    const { doc, id } = addAfter(withLoop.doc, first!, "approval");
    expect(ownerOf(doc, id)).toBe(loop);
    expect(frameOf(doc, loop)!.width).toBe(frameOf(withLoop.doc, loop)!.width + 320);
    apart(doc);
    const inside = addInside(doc, loop, "wait");
    expect(ownerOf(inside.doc, inside.id)).toBe(loop);
    apart(inside.doc);
    expect(addInside(doc, "review", "task").doc).toBe(doc);
  });

  it("holds another for-each, and both frames grow with what is innermost", () => {
    const inner = addInside(withLoop.doc, loop, "for_each");
    const more = addAfter(inner.doc, bodyOf(inner.doc, inner.id)[0]!.id, "task");
    expect(ownerOf(more.doc, more.id)).toBe(inner.id);
    const [outer, within] = [frameOf(more.doc, loop)!, frameOf(more.doc, inner.id)!];
    expect(within.x + within.width + frame.side).toBeLessThanOrEqual(outer.x + outer.width);
    apart(more.doc);
  });

  it("refuses a connection across its border", () => {
    expect(connect(withLoop.doc, "review", body(withLoop.doc)[1]!)).toBe(withLoop.doc);
    expect(connect(withLoop.doc, body(withLoop.doc)[0]!, "sent")).toBe(withLoop.doc);
  });

  it("goes with all inside it, and is moved, copied and pasted with it", () => {
    const removed = removeNode(withLoop.doc, loop);
    expect(removed.nodes.map((n) => n.id)).toEqual(["start", "review", "sent"]);
    expect(removed.edges.map((e) => [e.from, e.to])).toEqual([
      ["start", "review"],
      ["review", "sent"],
    ]);
    const before = placeOf(withLoop.doc.nodes.find((n) => n.id === body(withLoop.doc)[0])!);
    const corner = placeOf(withLoop.doc.nodes.find((n) => n.id === loop)!);
    const moved = moveNodes(withLoop.doc, { [loop]: { x: corner.x + 80, y: corner.y + 40 } });
    expect(placeOf(moved.nodes.find((n) => n.id === body(moved)[0])!)).toEqual({ x: before.x + 80, y: before.y + 40 });
    const pasted = pasteSteps(withLoop.doc, copySteps(withLoop.doc, [loop]), { x: 0, y: 600 })!;
    const copy = pasted.doc.nodes.find((n) => pasted.ids.includes(n.id) && n.kind === "for_each")!;
    expect(bodyOf(pasted.doc, copy.id).map((n) => n.kind)).toEqual(["task", "end"]);
    expect(body(pasted.doc)).toEqual(body(withLoop.doc));
    // A step copied inside a frame is pasted into it; taken elsewhere it stands outside any.
    const [first] = body(withLoop.doc);
    const inside = pasteSteps(withLoop.doc, copySteps(withLoop.doc, [first!]), { x: 700, y: 300 }, loop)!;
    expect(ownerOf(inside.doc, inside.ids[0]!)).toBe(loop);
    const elsewhere = pasteSteps(quote, copySteps(withLoop.doc, [first!]), null)!;
    expect(elsewhere.doc.nodes.at(-1)).not.toHaveProperty("in");
  });

  it("keeps its inside as a sub-process, and loses it as any other kind", () => {
    const inline = changeKind(withLoop.doc, loop, "subprocess");
    expect(inline.nodes.find((n) => n.id === loop)?.config).toMatchObject({ inline: true });
    expect(body(inline)).toHaveLength(2);
    const task = changeKind(inline, loop, "task");
    expect(task.nodes.map((n) => n.id)).toEqual(["start", "review", "sent", loop]);
    const again = changeKind(task, loop, "for_each");
    expect(bodyOf(again, loop).map((n) => n.kind)).toEqual(["task", "end"]);
  });
});

describe("into a frame and out of it", () => {
  it("a step dropped on a frame goes in; its neighbours outside are joined", () => {
    const box = frameOf(withLoop.doc, loop)!;
    expect(frameUnder(withLoop.doc, ["review"], { x: box.x + 90, y: box.y + 90 })).toBe(loop);
    expect(frameUnder(withLoop.doc, ["review"], { x: box.x - 30, y: box.y + 90 })).toBeNull();
    const { doc, cut } = placeInside(withLoop.doc, ["review"], loop);
    expect(ownerOf(doc, "review")).toBe(loop);
    expect(cut).toBe(1);
    expect(doc.edges.map((e) => [e.from, e.to])).toContainEqual(["start", loop]);
  });

  it("a step of the frame may be dropped a little beyond it, and leaves it further away", () => {
    const [first] = body(withLoop.doc);
    const box = frameOf(withLoop.doc, loop)!;
    expect(frameUnder(withLoop.doc, [first!], { x: box.x + box.width + 30, y: box.y + 90 })).toBe(loop);
    expect(frameUnder(withLoop.doc, [first!], { x: box.x + box.width + 130, y: box.y + 90 })).toBeNull();
    const { doc } = placeInside(withLoop.doc, [first!], null);
    expect(ownerOf(doc, first!)).toBeNull();
    expect(doc.edges.every((e) => ownerOf(doc, e.from) === ownerOf(doc, e.to))).toBe(true);
  });

  it("neither a start nor a frame into itself", () => {
    expect(whyNotInside(withLoop.doc, ["start"], loop)).toBe("start");
    const inner = addInside(withLoop.doc, loop, "for_each");
    expect(whyNotInside(inner.doc, [loop], inner.id)).toBe("itself");
    expect(placeInside(inner.doc, [loop], inner.id).doc).toBe(inner.doc);
  });
});

describe("a nested drawing", () => {
  it("is read and walked into after its owner", () => {
    const [first, end] = body(withLoop.doc);
    expect(readingOrder(withLoop.doc)).toEqual(["start", "review", loop, first, end, "sent"]);
    expect(stepBeside(withLoop.doc, loop, "down")).toBe(first);
    expect(stepBeside(withLoop.doc, loop, "right")).toBe("sent");
    expect(stepBeside(withLoop.doc, first!, "left")).toBe(loop);
    expect(depths(withLoop.doc).get(first!)).toBe(1);
  });

  it("is tidied with what is inside each frame", async () => {
    let doc = withLoop.doc;
    for (const kind of ["for_each", "decision", "task"] satisfies StepKindId[]) doc = addInside(doc, loop, kind).doc;
    const places = fromElk(
      doc,
      await new Elk().layout(
        toElk(
          doc,
          doc.nodes.map((n) => n.id),
        ),
      ),
    );
    expect(Object.keys(places).sort()).toEqual(doc.nodes.map((n) => n.id).sort());
    const tidy = moveNodes(doc, places);
    apart(tidy);
    for (const node of tidy.nodes) {
      const around = ownerOf(tidy, node.id);
      if (!around) continue;
      const box = frameOf(tidy, around)!;
      expect(placeOf(node).x).toBeGreaterThanOrEqual(box.x + frame.side - 8);
      expect(placeOf(node).y).toBeGreaterThanOrEqual(box.y + frame.top - 8);
    }
  });
});
