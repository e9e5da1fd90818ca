"use client";
import "@xyflow/react/dist/style.css";
import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  EdgeLabelRenderer,
  type EdgeProps,
  getSmoothStepPath,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  type ReactFlowState,
  useStore,
} from "@xyflow/react";
import { useTranslations } from "use-intl";
import { memo, useMemo } from "react";
import type { StepState } from "@/db/queries/step-states.ts";
import type { Process } from "@/server/engine/process.ts";
import { cn } from "../ui/cn.ts";
import { foldLayout } from "./fold-layout.ts";
import type { Mark } from "../canvas/exits.ts";
import { shortTarget, signsOf } from "../canvas/map-model.ts";
import { EdgeMark } from "../canvas/signs.tsx";
import { type Box, boxOf, isOwner, nestedIn, ownerOf, withInsides } from "./nesting.ts";
import { FrameFace, type KpiChip, StepFace, type StepFaceProps, type StepOverlay } from "./step-face.tsx";

export type { KpiChip, StepOverlay };
export type MapOverlay = {
  steps: Readonly<Record<string, StepOverlay>>;
  kpis?: Readonly<Record<string, KpiChip>>;
  /** Times each edge was taken: printed on it, and its width. */
  edges?: Readonly<Record<string, number>>;
  incidents?: Readonly<Record<string, number>>;
};
type Card = StepFaceProps & { marks: { port: string; mark: Mark; soft: boolean }[] };

/** A step between its two ends. */
const StepCard = memo(function StepCard({ data }: NodeProps<Node<Card>>) {
  const far = useStore(isFar);
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="!opacity-0" />
      <StepFace {...data} far={far} />
      <Exits marks={data.marks} />
    </>
  );
});

/** Where ways leave: right, and at each mark below. */
const Exits = ({ marks, top }: { marks: Card["marks"]; top?: number }) => (
  <>
    {marks.map(({ port, mark, soft }, i) => (
      <span key={port} style={{ left: `${((i + 1) * 100) / (marks.length + 1)}%` }} className="absolute bottom-0">
        <EdgeMark mark={mark} soft={soft} className="-translate-x-1/2 translate-y-1/2" />
        <Handle
          type="source"
          id={port}
          position={Position.Bottom}
          isConnectable={false}
          className="!opacity-0"
          style={{ left: 0, bottom: -12 }}
        />
      </span>
    ))}
    <Handle
      type="source"
      id="out"
      position={Position.Right}
      isConnectable={false}
      className="!opacity-0"
      {...(top !== undefined && { style: { top } })}
    />
  </>
);

/** A step with steps inside: a frame around them with its title. */
const FrameCard = memo(function FrameCard({ data }: NodeProps<Node<Card>>) {
  const far = useStore(isFar);
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="!opacity-0" style={{ top: 24 }} />
      <FrameFace {...data} far={far} />
      <Exits marks={data.marks} top={24} />
    </>
  );
});

/** Where each step stands: the drawing in rows; what is inside a frame moves with it. */
function placesOf(document: Process): Map<string, Box> {
  const outer = document.nodes.filter((n) => ownerOf(document, n.id) === null);
  const places = new Map<string, Box>();
  for (const { id, x, y } of foldLayout(outer.map((n) => ({ id: n.id, ...boxOf(document, n) })))) {
    const was = boxOf(document, outer.find((n) => n.id === id)!);
    for (const inner of withInsides(document, [id])) {
      const box = boxOf(document, document.nodes.find((n) => n.id === inner)!);
      places.set(inner, { ...box, x: box.x + x - was.x, y: box.y + y - was.y });
    }
  }
  return places;
}

const isFar = (state: ReactFlowState): boolean => state.transform[2] < 0.6;

type Way = { label: string; count: number | null; width: number; rework: boolean };

const WayEdge = memo(function WayEdge({ data, markerEnd, ...ends }: EdgeProps<Edge<Way>>) {
  const [path, x, y] = getSmoothStepPath(ends);
  const far = useStore(isFar);
  const label = far && data?.count != null ? "" : data?.label;
  const chips = [label, data?.count == null ? null : String(data.count)].filter(Boolean);
  return (
    <>
      <BaseEdge
        path={path}
        {...(markerEnd && { markerEnd })}
        style={{
          strokeWidth: data?.width ?? 1.5,
          ...(data?.rework && { stroke: "var(--risk-solid)", strokeDasharray: "6 4" }),
          ...(data?.count === 0 && { opacity: 0.35 }),
        }}
      />
      {chips.length > 0 && (
        <EdgeLabelRenderer>
          <span
            className="nodrag nopan pointer-events-none absolute flex max-w-40 items-center gap-1 rounded-full border border-line bg-surface px-1.5 text-2xs text-ink-2"
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px) scale(${far ? 2.2 : 1})` }}
          >
            {label && <span className="truncate">{label}</span>}
            {data?.count != null && <strong className="font-semibold text-ink tabular-nums">{data.count}</strong>}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
const nodeTypes = { step: StepCard, frame: FrameCard };
const edgeTypes = { way: WayEdge };

/** The version as it is drawn, to look at: pan, zoom, how much is in each step now, and what an overlay says of it. */
export function ProcessMap({
  document,
  wip,
  states = {},
  overlay,
  sel,
  onSelect,
  className,
}: {
  document: Process;
  wip: Record<string, number>;
  /** The worst of what is in each step now, and how many stand so. */
  states?: Record<string, { state: StepState; n: number }>;
  overlay?: MapOverlay | undefined;
  sel?: string | null;
  onSelect?: (node: string) => void;
  className?: string;
}) {
  const t = useTranslations("processes");
  const status = useTranslations("status");
  const editor = useTranslations("editor");
  const places = useMemo(() => placesOf(document), [document]);
  const nodes = useMemo(
    () =>
      document.nodes.map((node): Node<Card> => {
        const place = places.get(node.id);
        const said = overlay?.steps[node.id];
        const chip = overlay?.kpis?.[node.id];
        const stuck = overlay?.incidents?.[node.id] ?? 0;
        const worst = states[node.id];
        const state = worst ? { kind: worst.state, word: `${worst.n} ${status(worst.state).toLowerCase()}` } : null;
        const spoken = [
          t("stepLabel", {
            name: node.name || node.id,
            kind: t(`kinds.${node.kind}`),
            n: wip[node.id] ?? 0,
          }),
          said?.text,
          chip?.spoken,
          stuck > 0 && t("stuckIn", { n: stuck }),
          state?.word,
        ]
          .filter(Boolean)
          .join(", ");
        const framed = isOwner(node);
        return {
          id: node.id,
          type: framed ? "frame" : "step",
          position: { x: place?.x ?? 0, y: place?.y ?? 0 },
          width: place?.width ?? 240,
          height: place?.height ?? 104,
          ...(framed && { zIndex: nestedIn(document, node.id) - 20 }),
          focusable: !onSelect,
          ariaLabel: spoken,
          data: {
            name: node.name || node.id,
            kind: node.kind,
            role: node.role ? (document.roles[node.role]?.name ?? node.role) : "",
            marks: (node.boundary ?? []).map((one) => ({
              port: one.id,
              mark: one.kind,
              soft: one.kind !== "error" && !one.interrupting,
            })),
            signs: signsOf(node, editor),
            sla: (node.slas ?? []).map((s) => shortTarget(document.slas[s]?.target ?? "", editor)).join(" · "),
            wip: wip[node.id] ?? 0,
            overlay: said ?? null,
            kpi: chip ?? null,
            stuck,
            state,
            selected: sel === node.id,
            spoken,
            select: onSelect ? () => onSelect(node.id) : null,
          },
        };
      }),
    [document, places, wip, states, overlay, sel, onSelect, t, status, editor],
  );
  const edges = useMemo(() => {
    const counts = overlay?.edges;
    const most = Math.max(1, ...Object.values(counts ?? {}));
    return document.edges.map((edge): Edge<Way> => {
      const count = counts ? (counts[edge.id] ?? 0) : null;
      return {
        id: edge.id,
        source: edge.from,
        target: edge.to,
        sourceHandle: document.nodes.some((n) => n.id === edge.from && n.boundary?.some((b) => b.id === edge.port))
          ? edge.port!
          : "out",
        type: "way",
        focusable: false,
        data: {
          label: [
            edge.label ?? (edge.otherwise ? t("otherwise") : ""),
            edge.cap !== undefined && editor("flow.cap", { n: edge.cap }),
          ]
            .filter(Boolean)
            .join(" · "),
          count,
          width: count === null ? 1.5 : 1 + 6 * Math.sqrt(count / most),
          rework: edge.rework === true,
        },
        markerEnd: { type: MarkerType.ArrowClosed, markerUnits: "userSpaceOnUse", width: 16, height: 16 },
      };
    });
  }, [document, overlay, t, editor]);
  return (
    <div
      className={cn("h-[60vh] overflow-hidden rounded-lg border border-line bg-sunken", className)}
      role="region"
      aria-label={t("map", { n: document.nodes.length })}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        fitView
        fitViewOptions={{ padding: 0.06 }}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        onlyRenderVisibleElements={nodes.length > 500}
        ariaLabelConfig={{
          "controls.zoomIn.ariaLabel": t("zoomIn"),
          "controls.zoomOut.ariaLabel": t("zoomOut"),
          "controls.fitView.ariaLabel": t("fit"),
        }}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}
