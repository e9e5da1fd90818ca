"use client";
import "@xyflow/react/dist/style.css";
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  type Edge,
  type FinalConnectionState,
  MarkerType,
  MiniMap,
  type Node,
  type NodeChange,
  ReactFlow,
  type ReactFlowInstance,
} from "@xyflow/react";
import { type MouseEvent as ReactMouseEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { Problem } from "@/server/engine/checks/problems.ts";
import type { Process } from "@/server/engine/process.ts";
import type { Frame } from "@/server/engine/checks/token-game.ts";
import { readingOrder } from "./document.ts";
import { GroupFrames } from "./group-frames.tsx";
import { FlowEdge, type FlowData } from "./flow-edge.tsx";
import { insetOf, placeOf, type Point, sizeOf, snap } from "./geometry.ts";
import { type MapActions, MapContext } from "./map-actions.ts";
import { frameOf, withInsides } from "../process/nesting.ts";
import { cardOf, flowOf, spokenStep } from "./map-model.ts";
import { OwnerFrame } from "./owner-frame.tsx";
import { type CardData, StepCard } from "./step-card.tsx";
import { ZoomBar } from "./zoom-bar.tsx";

export type MapFlow = ReactFlowInstance<Node<CardData>, Edge<FlowData>>;

const nodeTypes = { step: StepCard, frame: OwnerFrame };
const edgeTypes = { flow: FlowEdge };
/** From this many steps on, the small map helps. */
const manySteps = 25;

type Props = {
  doc: Process;
  problems: readonly Problem[];
  wip: Readonly<Record<string, number>>;
  changed: ReadonlySet<string>;
  chosen: readonly string[];
  /** The picture of a counter-example that is shown now, and its number. */
  picture: { frame: Frame; at: number; places: readonly string[] } | null;
  actions: MapActions;
  onReady: (flow: MapFlow) => void;
  onChoose: (ids: string[]) => void;
  onToggle: (id: string) => void;
  onConnect: (from: string, to: string, port: string | null) => void;
  onReconnect: (edge: string, from: string, to: string, port: string | null) => void;
  /** A connection was dropped on empty canvas: what comes there? */
  onDropped: (from: string, port: string | null, at: Point) => void;
  onMove: (places: Record<string, Point>) => void;
};

/** The map to draw on. Positions snap to 8 px and are kept only when a drag has ended: one entry for all that moved. */
export function EditorMap(props: Props) {
  const { doc, problems, wip, changed, chosen, picture, actions, onChoose } = props;
  const t = useTranslations("editor");
  const flow = useRef<MapFlow | null>(null);
  const boxing = useRef<Set<string> | null>(null);
  const [dragged, setDragged] = useState<Record<string, Point>>({});
  const [small, setSmall] = useState(doc.nodes.length >= manySteps);

  // What was chosen by key, from the problems or from the outline comes into view.
  const only = chosen.length === 1 ? chosen[0] : undefined;
  useEffect(() => {
    const at = only === undefined ? null : middleOf(doc, only);
    if (at && flow.current) bringIntoView(flow.current, at);
    // Only a new choice moves the view, an edit does not.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [only]);

  // The steps of the game come into view together, as near as they fit.
  const played = picture?.places;
  useEffect(() => {
    const nodes = played?.map((id) => ({ id }));
    if (nodes) void flow.current?.fitView({ nodes, maxZoom: 1, padding: 0.12, duration: motion(150) });
  }, [played]);

  const first = useMemo(() => readingOrder(doc)[0] ?? null, [doc]);
  const stop = chosen.find((id) => doc.nodes.some((n) => n.id === id)) ?? first;
  const still = useMemo(
    () =>
      doc.nodes.map((node): Node<CardData> => {
        const data = cardOf(
          doc,
          node,
          {
            problems,
            wip: wip[node.id] ?? 0,
            changed: changed.has(node.id),
            alone: only === node.id && !picture,
            tokens: picture?.frame.standing.filter((s) => s.node === node.id).length ?? 0,
          },
          t,
        );
        const inset = insetOf(node.kind);
        const frame = frameOf(doc, node.id);
        const place = frame && data.owner ? frame : null;
        return {
          id: node.id,
          type: place ? "frame" : "step",
          position: place ? { x: place.x, y: place.y } : { x: placeOf(node).x + inset.x, y: placeOf(node).y + inset.y },
          ...(place ? { width: place.width, height: place.height } : sizeOf(node.kind)),
          // A frame lies below what is inside it, and lets the pointer through.
          ...(place && { zIndex: data.depth - 20, style: { pointerEvents: "none" }, dragHandle: ".frame-title" }),
          selected: chosen.includes(node.id),
          ariaLabel: spokenStep(doc, node, data, t),
          domAttributes: { tabIndex: node.id === stop ? 0 : -1, "aria-roledescription": t("stepRole") },
          data,
        };
      }),
    [doc, problems, wip, changed, chosen, picture, only, stop, t],
  );
  const nodes = useMemo(
    () => still.map((node) => (dragged[node.id] ? { ...node, position: dragged[node.id]! } : node)),
    [still, dragged],
  );
  const edges = useMemo(
    () =>
      doc.edges.map((edge): Edge<FlowData> => {
        const { handle, ...data } = flowOf(doc, edge, problems, t);
        const on = chosen.includes(edge.id);
        const moved = picture?.frame.step?.edges.includes(edge.id) ?? false;
        const stands = picture?.frame.standing.some((s) => s.edge === edge.id) ?? false;
        return {
          id: edge.id,
          source: edge.from,
          target: edge.to,
          sourceHandle: handle,
          targetHandle: handle === "back" ? "above" : "in",
          type: "flow",
          focusable: false,
          selected: on,
          ariaLabel: t("edgeLabel", { name: data.label ?? t("connection") }),
          markerEnd: {
            type: MarkerType.ArrowClosed,
            color:
              on || moved || stands
                ? "var(--accent)"
                : data.look === "late"
                  ? "var(--risk-solid)"
                  : "var(--line-strong)",
          },
          data: moved || stands ? { ...data, token: { moved: moved && picture ? picture.at : null } } : data,
        };
      }),
    [doc, problems, chosen, picture, t],
  );

  /** Of a step that moved: where it stands in the document. */
  const placeAt = (id: string, at: Point): Point | null => {
    const node = doc.nodes.find((n) => n.id === id);
    const drawn = still.find((n) => n.id === id)?.position;
    return node && drawn
      ? { x: snap(placeOf(node).x + at.x - drawn.x), y: snap(placeOf(node).y + at.y - drawn.y) }
      : null;
  };
  function change(changes: NodeChange<Node<CardData>>[]) {
    const moved = applyNodeChanges(changes, nodes);
    const dragging: Record<string, Point> = {};
    const ended: Record<string, Point> = {};
    for (const one of changes) {
      if (one.type === "select" && boxing.current)
        if (one.selected) boxing.current.add(one.id);
        else boxing.current.delete(one.id);
      if (one.type !== "position") continue;
      const at = moved.find((n) => n.id === one.id)?.position;
      const node = doc.nodes.find((n) => n.id === one.id);
      const place = at && placeAt(one.id, at);
      if (!at || !node || !place) continue;
      if (one.dragging) {
        dragging[one.id] = at;
        // What is inside a frame goes along.
        const from = still.find((n) => n.id === one.id)!.position;
        for (const inner of withInsides(doc, [one.id])) {
          const rest = still.find((n) => n.id === inner)!.position;
          if (inner !== one.id) dragging[inner] = { x: rest.x + at.x - from.x, y: rest.y + at.y - from.y };
        }
      } else if (placeOf(node).x !== place.x || placeOf(node).y !== place.y) ended[one.id] = place;
    }
    if (Object.keys(dragging).length) setDragged((d) => ({ ...d, ...dragging }));
    else if (changes.some((c) => c.type === "position")) setDragged({});
    if (Object.keys(ended).length) props.onMove(ended);
  }
  const named = ({ sourceHandle }: { sourceHandle?: string | null | undefined }) =>
    sourceHandle && sourceHandle !== "back" ? sourceHandle : null;
  function dropped(event: MouseEvent | TouchEvent, state: FinalConnectionState) {
    if (state.isValid || !state.fromNode || state.toNode || state.fromHandle?.type !== "source" || !flow.current)
      return;
    const { clientX, clientY } = "changedTouches" in event ? event.changedTouches[0]! : event;
    const at = flow.current.screenToFlowPosition({ x: clientX, y: clientY });
    props.onDropped(state.fromNode.id, state.fromHandle.id ?? null, { x: snap(at.x), y: snap(at.y - 52) });
  }
  const click = (event: ReactMouseEvent, id: string) =>
    event.shiftKey || event.ctrlKey || event.metaKey ? props.onToggle(id) : onChoose([id]);
  return (
    <MapContext value={actions}>
      <section aria-label={t("map", { n: doc.nodes.length })} className="relative min-h-0 bg-sunken">
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          {...openAt(doc)}
          onInit={(instance) => {
            flow.current = instance;
            props.onReady(instance);
          }}
          minZoom={0.1}
          maxZoom={2}
          snapToGrid
          snapGrid={[8, 8]}
          deleteKeyCode={null}
          multiSelectionKeyCode={null}
          disableKeyboardA11y
          connectOnClick
          elevateNodesOnSelect={false}
          onNodesChange={change}
          onNodeClick={(event, node) => click(event, node.id)}
          onNodeDragStart={(_, node) => !chosen.includes(node.id) && onChoose([node.id])}
          onEdgeClick={(event, edge) => click(event, edge.id)}
          onPaneClick={() => onChoose([])}
          onSelectionStart={() => {
            boxing.current = new Set();
          }}
          onSelectionEnd={() => {
            if (boxing.current) onChoose([...boxing.current]);
            boxing.current = null;
          }}
          onConnect={(made: Connection) => props.onConnect(made.source, made.target, named(made))}
          onConnectEnd={dropped}
          onReconnect={(edge, made) => props.onReconnect(edge.id, made.source, made.target, named(made))}
          onlyRenderVisibleElements={nodes.length > 500}
          ariaLabelConfig={{
            "node.a11yDescription.default": t("nodeHelp"),
            "node.a11yDescription.keyboardDisabled": t("nodeHelp"),
            "edge.a11yDescription.default": t("edgeHelp"),
            "minimap.ariaLabel": t("minimap"),
            "handle.ariaLabel": t("handle"),
          }}
        >
          <GroupFrames doc={doc} />
          <Background variant={BackgroundVariant.Dots} gap={24} size={1} />
          {small && (
            <MiniMap
              pannable
              zoomable
              className="!rounded-md !border !border-line"
              nodeStrokeColor={(n) => (n.type === "frame" ? "var(--line-strong)" : "transparent")}
              nodeColor={(n) =>
                n.type === "frame" ? "transparent" : n.selected ? "var(--accent)" : "var(--mute-solid)"
              }
              maskColor="color-mix(in srgb, var(--bg) 60%, transparent)"
            />
          )}
          <ZoomBar small={small} onSmall={setSmall} />
        </ReactFlow>
      </section>
    </MapContext>
  );
}

/** Where a step stands, or half way along a connection. */
function middleOf(doc: Process, id: string): Point | null {
  const place = (node: string) => {
    const found = doc.nodes.find((n) => n.id === node);
    return found ? placeOf(found) : null;
  };
  const edge = doc.edges.find((e) => e.id === id);
  if (!edge) return place(id);
  const [from, to] = [place(edge.from), place(edge.to)];
  return from && to ? { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 } : null;
}

/** Moves the view only as far as is needed to show the whole cell with some room. */
function bringIntoView(flow: MapFlow, at: Point) {
  const pane = document.querySelector(".react-flow")?.getBoundingClientRect();
  if (!pane) return;
  const { x, y, zoom } = flow.getViewport();
  const room = 48;
  const left = at.x * zoom + x;
  const top = at.y * zoom + y;
  const shift = (from: number, length: number, whole: number) =>
    from < room ? room - from : from + length > whole - room ? Math.max(room, whole - room - length) - from : 0;
  const dx = shift(left, 240 * zoom, pane.width);
  const dy = shift(top, 104 * zoom, pane.height);
  if (dx || dy) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: motion(150) });
}

/** No movement for people who asked for none. */
export const motion = (ms: number) => (window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : ms);

/** A small process is shown whole; a long one begins at its start, at a size that can be read. */
function openAt(doc: Process) {
  if (doc.nodes.length <= 8) return { fitView: true, fitViewOptions: { maxZoom: 1, padding: 0.15 } };
  const start = placeOf(doc.nodes.find((n) => n.kind === "start") ?? doc.nodes[0]!);
  return { defaultViewport: { x: 40 - start.x * 0.7, y: 260 - start.y * 0.7, zoom: 0.7 } };
}
