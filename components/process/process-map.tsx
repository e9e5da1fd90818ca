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
import { AlertOctagon, Gauge } from "lucide-react";
import { useTranslations } from "use-intl";
import { memo, useMemo } from "react";
import type { Process, StepKindId } from "@/server/engine/process.ts";
import { heatLook } from "../charts/heat.ts";
import { cn } from "../ui/cn.ts";
import { foldLayout } from "./fold-layout.ts";
import { icons, outline } from "./step-look.ts";

/** What an overlay says about a step: the number is always printed, the colour only repeats it. */
export type StepOverlay = { text: string; heat: 1 | 2 | 3 | 4 | 5 | null };
export type KpiChip = { text: string; state: "met" | "missed" | "none"; spoken: string };
export type MapOverlay = {
  steps: Readonly<Record<string, StepOverlay>>;
  kpis?: Readonly<Record<string, KpiChip>>;
  /** Times each edge was taken: printed on it, and its width. */
  edges?: Readonly<Record<string, number>>;
  incidents?: Readonly<Record<string, number>>;
};
type Card = {
  name: string;
  kind: StepKindId;
  role: string;
  sla: string;
  wip: number;
  overlay: StepOverlay | null;
  kpi: KpiChip | null;
  incidents: number;
  selected: boolean;
  spoken: string;
  select: (() => void) | null;
};

/** A step as a card of fixed size; kinds differ by icon and outline, and the number in it is always printed. */
const StepCard = memo(function StepCard({ data }: NodeProps<Node<Card>>) {
  const t = useTranslations("processes");
  const far = useStore(isFar);
  const Icon = icons[data.kind];
  const round = data.kind === "start" || data.kind === "end";
  return (
    <div
      className={cn(
        "relative grid h-[104px] w-60 content-between overflow-hidden border bg-surface p-3 text-ink shadow-raised",
        outline(data.kind),
        data.selected && "border-accent ring-2 ring-accent",
      )}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} className="!opacity-0" />
      {data.overlay?.heat && (
        <span aria-hidden className={cn("absolute inset-y-0 left-0 w-3", heatLook[data.overlay.heat])} />
      )}
      {far ? <FarCard data={data} /> : null}
      <div className={cn("flex items-start gap-2", far && "invisible")}>
        <span className="grid size-6 shrink-0 place-items-center rounded-md bg-sunken text-ink-2">
          <Icon aria-hidden className="size-3.5" />
        </span>
        <span title={data.name} className={cn("text-sm font-semibold", round ? "line-clamp-2" : "truncate")}>
          {data.name}
        </span>
        {data.wip > 0 && (
          <span
            title={t("inProgress", { n: data.wip })}
            className="ml-auto rounded-full bg-mute-bg px-2 text-2xs font-semibold text-mute"
          >
            {data.wip}
          </span>
        )}
      </div>
      <p className={cn("flex items-center gap-2 pl-8 text-xs text-ink-3", far && "invisible")}>
        <span className="truncate">{data.role || t(`kinds.${data.kind}`)}</span>
        {data.overlay && (
          <span className="ml-auto font-semibold whitespace-nowrap text-ink tabular-nums">{data.overlay.text}</span>
        )}
      </p>
      {!round && (
        <p className={cn("flex h-5 items-center gap-1.5", far && "invisible")}>
          {data.sla && (
            <span className="truncate rounded-full bg-mute-bg px-2 text-2xs font-semibold text-mute">{data.sla}</span>
          )}
          {data.kpi && (
            <span
              title={data.kpi.spoken}
              className={cn(
                "inline-flex shrink-0 items-center gap-1 rounded-full px-2 text-2xs font-semibold",
                data.kpi.state === "met" && "bg-ok-bg text-ok",
                data.kpi.state === "missed" && "bg-breach-bg text-breach",
                data.kpi.state === "none" && "bg-mute-bg text-mute",
              )}
            >
              <Gauge aria-hidden className="size-3" />
              {data.kpi.text}
            </span>
          )}
          {data.incidents > 0 && (
            <span
              title={t("incidents", { n: data.incidents })}
              className="ml-auto inline-flex items-center gap-1 rounded-full bg-breach-bg px-2 text-2xs font-semibold text-breach"
            >
              <AlertOctagon aria-hidden className="size-3" />
              {data.incidents}
            </span>
          )}
        </p>
      )}
      {data.select && (
        <button
          type="button"
          aria-label={data.spoken}
          aria-pressed={data.selected}
          onClick={data.select}
          className="nodrag absolute inset-0 cursor-pointer rounded-[inherit]"
        />
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} className="!opacity-0" />
    </div>
  );
});

/** From far only what can still be read: the name, the number of the overlay, and what is stuck. */
const isFar = (state: ReactFlowState): boolean => state.transform[2] < 0.6;

function FarCard({ data }: { data: Card }) {
  return (
    <div aria-hidden className="absolute inset-0 grid content-center gap-1 py-1 pr-2 pl-4 leading-none">
      <span className="line-clamp-2 text-[26px] leading-7 font-semibold">{data.name}</span>
      <span className="flex items-center gap-2 text-[26px] font-semibold tabular-nums">
        {data.overlay ? (
          <span className="truncate">{data.overlay.text}</span>
        ) : (
          data.wip > 0 && <span className="rounded-full bg-mute-bg px-3 text-mute">{data.wip}</span>
        )}
        {data.kpi && (
          <span
            className={cn(
              "ml-auto rounded-full px-2",
              data.kpi.state === "met" && "bg-ok-bg text-ok",
              data.kpi.state === "missed" && "bg-breach-bg text-breach",
              data.kpi.state === "none" && "bg-mute-bg text-mute",
            )}
          >
            {data.kpi.text}
          </span>
        )}
        {data.incidents > 0 && <AlertOctagon className="size-7 shrink-0 text-breach" />}
      </span>
    </div>
  );
}

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
const nodeTypes = { step: StepCard };
const edgeTypes = { way: WayEdge };

/** The version as it is drawn, to look at: pan, zoom, how much is in each step now, and what an overlay says of it. */
export function ProcessMap({
  document,
  wip,
  overlay,
  sel,
  onSelect,
  className,
}: {
  document: Process;
  wip: Record<string, number>;
  overlay?: MapOverlay | undefined;
  sel?: string | null;
  onSelect?: (node: string) => void;
  className?: string;
}) {
  const t = useTranslations("processes");
  const places = useMemo(
    () =>
      new Map(
        foldLayout(document.nodes.map((n) => ({ id: n.id, x: n.position?.x ?? 0, y: n.position?.y ?? 0 }))).map((p) => [
          p.id,
          p,
        ]),
      ),
    [document],
  );
  const nodes = useMemo(
    () =>
      document.nodes.map((node): Node<Card> => {
        const place = places.get(node.id);
        const said = overlay?.steps[node.id];
        const chip = overlay?.kpis?.[node.id];
        const spoken = [
          t("stepLabel", {
            name: node.name || node.id,
            kind: t(`kinds.${node.kind}`),
            n: wip[node.id] ?? 0,
          }),
          said?.text,
          chip?.spoken,
        ]
          .filter(Boolean)
          .join(", ");
        return {
          id: node.id,
          type: "step",
          position: { x: place?.x ?? 0, y: place?.y ?? 0 },
          width: 240,
          height: 104,
          focusable: !onSelect,
          ariaLabel: spoken,
          data: {
            name: node.name || node.id,
            kind: node.kind,
            role: node.role ? (document.roles[node.role]?.name ?? node.role) : "",
            sla: (node.slas ?? []).map((s) => document.slas[s]?.target ?? "").join(" · "),
            wip: wip[node.id] ?? 0,
            overlay: said ?? null,
            kpi: chip ?? null,
            incidents: overlay?.incidents?.[node.id] ?? 0,
            selected: sel === node.id,
            spoken,
            select: onSelect ? () => onSelect(node.id) : null,
          },
        };
      }),
    [document, places, wip, overlay, sel, onSelect, t],
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
        type: "way",
        focusable: false,
        data: {
          label: edge.label ?? (edge.otherwise ? t("otherwise") : ""),
          count,
          width: count === null ? 1.5 : 1 + 6 * Math.sqrt(count / most),
          rework: edge.rework === true,
        },
        markerEnd: { type: MarkerType.ArrowClosed, markerUnits: "userSpaceOnUse", width: 16, height: 16 },
      };
    });
  }, [document, overlay, t]);
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
