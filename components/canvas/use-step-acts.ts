"use client";
/** What can be done with steps, whoever asks: the map, the outline, a key or the bar above a step. */
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import { toast } from "../ui/toast.tsx";
import { useTranslations } from "use-intl";
import type { StepKindId } from "@/server/engine/process.ts";
import { copySteps, pasteSteps } from "./clipboard.ts";
import {
  addAfter,
  addBefore,
  addInside,
  changeKind,
  connect,
  crossesBorder,
  freePlace,
  insertOnEdge,
  moveNodes,
  readingOrder,
  reconnect,
  removeAll,
} from "./document.ts";
import { type MapFlow, motion } from "./editor-map.tsx";
import { boxOf, frameOf, isOwner, ownerOf, withInsides } from "../process/nesting.ts";
import type { Point } from "./geometry.ts";
import type { MapActions } from "./map-actions.ts";
import { frameUnder, placeInside, whyNotInside } from "./nest.ts";
import { stepName } from "./map-model.ts";
import { tidied } from "./tidy.ts";
import type { EditorState } from "./use-editor.ts";

/** Where a new step is to come, or which one is to become another kind. */
export type Adding =
  | { how: "after"; node: string; port: string | null; at: Point | null }
  | { how: "before"; node: string }
  | { how: "inside"; node: string }
  | { how: "on"; edge: string }
  | { how: "kind"; node: string };

export function useStepActs(editor: EditorState, flow: RefObject<MapFlow | null>) {
  const t = useTranslations("editor");
  const { doc, chosen, run, choose, select } = editor;
  const newest = useRef(doc);
  useLayoutEffect(() => {
    newest.current = doc;
  });
  const [adding, setAdding] = useState<Adding | null>(null);
  /** Counts up each time a connection is asked for. */
  const [connecting, setConnecting] = useState(0);
  const steps = chosen.filter((id) => doc.nodes.some((n) => n.id === id));

  const coming = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** Whoever goes elsewhere is not called back by what was asked before. */
  const stayHere = () => clearTimeout(coming.current);
  /**
   * A moment later: when the page has drawn, and a window that closes has given the focus back. The last one asked for counts; who
   * has gone on to a window, the inspector or a field meanwhile is not called back.
   */
  const focusStep = (id: string) => {
    const before = document.activeElement;
    stayHere();
    coming.current = setTimeout(() => {
      const now = document.activeElement;
      if (document.querySelector("[role=dialog][data-open]")) return;
      if (now !== before && now?.closest("aside, input, textarea, select")) return;
      document
        .querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"], [data-row="${id}"]`)
        ?.focus({ preventScroll: true });
    }, 60);
  };
  function add(kind: StepKindId) {
    if (!adding) return;
    setAdding(null);
    const name = t(`kinds.${kind}`);
    if (adding.how === "kind") {
      run(t("did.kind", { kind: name }), (d) => changeKind(d, adding.node, kind));
      focusStep(adding.node);
      return;
    }
    const made =
      adding.how === "on"
        ? insertOnEdge(doc, adding.edge, kind)
        : adding.how === "before"
          ? addBefore(doc, adding.node, kind)
          : adding.how === "inside"
            ? addInside(doc, adding.node, kind)
            : addAfter(doc, adding.node, kind, adding.port, adding.at);
    if (made.doc === doc) return editor.say(t("cannotAdd", { kind: name }));
    run(t("did.add", { kind: name }), () => made.doc);
    select(made.id);
    focusStep(made.id);
  }
  function remove(ids: readonly string[]) {
    const gone = ids.filter((id) => doc.nodes.some((n) => n.id === id) || doc.edges.some((e) => e.id === id));
    const [one] = gone;
    if (!one) return;
    const edge = doc.edges.some((e) => e.id === one);
    const label =
      gone.length > 1
        ? t("did.removeMany", { n: gone.length })
        : edge
          ? t("did.disconnect")
          : t("did.remove", { name: stepName(doc, one, t) });
    // The neighbour takes the focus.
    const before =
      doc.edges.find((e) => e.to === one && !gone.includes(e.from))?.from ??
      readingOrder(doc).find((id) => !gone.includes(id));
    run(label, (d) => removeAll(d, gone));
    const next = edge ? doc.edges.find((e) => e.id === one)?.from : before;
    select(next ?? null);
    if (next) focusStep(next);
  }
  function paste(text: string, at: Point | null, into: string | null, label: (n: number) => string) {
    const pasted = pasteSteps(doc, text, at, into);
    if (!pasted) return editor.say(t("nothingToPaste"));
    run(label(pasted.ids.length), () => pasted.doc);
    choose(pasted.ids);
    if (pasted.brought.length)
      toast(
        t("brought", { n: pasted.brought.length, what: pasted.brought.map((b) => b.split(".")[1] ?? b).join(", ") }),
      );
    const [one] = pasted.ids;
    if (one) focusStep(one);
  }
  const besideChosen = (ids: readonly string[]): Point | null => {
    const from = doc.nodes.filter((n) => ids.includes(n.id)).map((n) => boxOf(doc, n));
    if (from.length === 0) return null;
    const at = { x: Math.min(...from.map((b) => b.x)), y: Math.max(...from.map((b) => b.y + b.height)) + 64 };
    return freePlace(doc, at, frameOfAll(ids));
  };
  /** The frame that all of them stand in. */
  const frameOfAll = (ids: readonly string[]): string | null => {
    const [one, ...others] = ids.map((id) => ownerOf(doc, id));
    return one && others.every((o) => o === one) ? one : null;
  };
  const duplicate = (ids: readonly string[]) => {
    const some = ids.filter((id) => doc.nodes.some((n) => n.id === id && n.kind !== "start"));
    if (some.length)
      paste(copySteps(doc, some), besideChosen(some), frameOfAll(some), (n) => t("did.duplicate", { n }));
  };
  const copy = () => {
    if (steps.length === 0) return null;
    editor.say(t("copied", { n: steps.length }));
    return copySteps(doc, steps);
  };
  async function tidy() {
    const started = doc;
    const ids = steps.length > 1 ? steps : doc.nodes.map((n) => n.id);
    try {
      const places = await tidied(started, ids);
      if (newest.current !== started) return editor.say(t("tidyDropped"));
      run(t("did.tidy"), (d) => moveNodes(d, places));
      // A process that fits is shown whole; a long one would be too small to read.
      if (ids.length === doc.nodes.length && ids.length <= 12)
        setTimeout(() => void flow.current?.fitView({ maxZoom: 1, duration: motion(200) }), 50);
    } catch {
      toast.error(t("tidyFailed"));
    }
  }
  /** A connection drawn by hand; one that may not be is refused with a sentence. */
  function connectTo(from: string, to: string, port: string | null) {
    if (crossesBorder(doc, from, to)) return refuse(t("flow.noCrossing"));
    run(t("did.connectTo", { name: stepName(doc, to, t) }), (d) => connect(d, from, to, port));
  }
  function reconnectTo(edge: string, from: string, to: string, port: string | null) {
    if (crossesBorder(doc, from, to)) return refuse(t("flow.noCrossing"));
    run(t("did.reconnect"), (d) => reconnect(d, edge, from, to, port));
  }
  const refuse = (sentence: string) => {
    toast.error(sentence);
    editor.say(sentence);
  };
  /** Steps that were dragged: to their places, and into or out of the frame they were dropped on. */
  function drop(places: Record<string, Point>) {
    const dragged = Object.keys(places);
    const ids = dragged.filter((id) => !dragged.some((o) => o !== id && withInsides(doc, [o]).includes(id)));
    const [one] = ids;
    const node = doc.nodes.find((n) => n.id === one);
    if (!one || !node) return;
    const box = boxOf(doc, node);
    const corner = places[one]!;
    const middle = { x: corner.x + box.width / 2, y: corner.y + box.height / 2 };
    const owner = doc.nodes.some(isOwner) ? frameUnder(doc, ids, middle) : null;
    const why = whyNotInside(doc, ids, owner);
    if (why) return refuse(t(`flow.notInside.${why}`));
    const moved = moveNodes(doc, places);
    const { doc: next, cut } = placeInside(moved, ids, owner);
    const was = ownerOf(doc, one);
    const label =
      owner === was
        ? t("did.move", { n: dragged.length })
        : owner
          ? t("flow.movedInto", { name: stepName(doc, owner, t) })
          : t("flow.movedOut", { name: stepName(doc, was ?? "", t) });
    run(label, () => next);
    if (cut > 0) toast(t("flow.cut", { n: cut }));
  }
  function connectFrom(id: string) {
    select(id);
    setConnecting((n) => n + 1);
  }

  const actions: MapActions = {
    addAfter: (id, port = null) => setAdding({ how: "after", node: id, port, at: null }),
    addInside: (id) => frameOf(doc, id) && setAdding({ how: "inside", node: id }),
    addOn: (edge) => setAdding({ how: "on", edge }),
    connectFrom,
    changeKind: (id) => setAdding({ how: "kind", node: id }),
    duplicate: (id) => duplicate(id ? [id] : steps),
    remove: (id) => remove(id ? [id] : chosen),
    open: (id) => select(id),
  };
  const kept = useRef(actions);
  useLayoutEffect(() => {
    kept.current = actions;
  });
  // One object for good: cards hold it, and are not drawn again because of it.
  const stable = useMemo<MapActions>(
    () => ({
      addAfter: (...a) => kept.current.addAfter(...a),
      addInside: (...a) => kept.current.addInside(...a),
      addOn: (...a) => kept.current.addOn(...a),
      connectFrom: (...a) => kept.current.connectFrom(...a),
      changeKind: (...a) => kept.current.changeKind(...a),
      duplicate: (...a) => kept.current.duplicate(...a),
      remove: (...a) => kept.current.remove(...a),
      open: (...a) => kept.current.open(...a),
    }),
    [],
  );

  return {
    adding,
    setAdding,
    connecting,
    steps,
    focusStep,
    stayHere,
    add,
    remove,
    duplicate,
    copy,
    cut() {
      const text = copy();
      if (text) remove(steps);
      return text;
    },
    paste: (text: string) =>
      paste(text, besideChosen(steps.length ? steps : doc.nodes.map((n) => n.id)), frameOfAll(steps), (n) =>
        t("did.paste", { n }),
      ),
    tidy,
    connectFrom,
    connectTo,
    reconnectTo,
    drop,
    actions: stable,
  };
}
