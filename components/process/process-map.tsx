"use client";
import "@xyflow/react/dist/style.css";
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { useTranslations } from "use-intl";
import { memo, useMemo } from "react";
import type { Process, StepKindId } from "@/server/engine/process.ts";
import { cn } from "../ui/cn.ts";
import { Status } from "../ui/status.tsx";
import { icons, outline } from "./step-look.ts";

type Card = { name: string; kind: StepKindId; role: string; sla: string; wip: number; stuck: number };

/** A step as a card of fixed size; kinds differ by icon and outline, and the number in it is always printed. */
const StepCard = memo(function StepCard({ data }: NodeProps<Node<Card>>) {
  const t = useTranslations("processes");
  const Icon = icons[data.kind];
  return (
    <div
      className={cn(
        "grid h-[104px] w-60 content-between border bg-surface p-3 text-ink shadow-raised",
        outline(data.kind),
      )}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} className="!opacity-0" />
      <div className="flex items-start gap-2">
        <span className="grid size-6 shrink-0 place-items-center rounded-md bg-sunken text-ink-2">
          <Icon aria-hidden className="size-3.5" />
        </span>
        <span className="line-clamp-2 text-sm font-semibold">{data.name}</span>
        {data.wip > 0 && (
          <span
            title={t("inProgress", { n: data.wip })}
            className="ml-auto rounded-full bg-mute-bg px-2 text-2xs font-semibold text-mute"
          >
            {data.wip}
          </span>
        )}
      </div>
      <p className="truncate text-xs text-ink-3">{data.role || t(`kinds.${data.kind}`)}</p>
      <div className="flex items-center gap-2">
        {data.sla && <p className="truncate text-2xs font-semibold text-ink-2">{data.sla}</p>}
        {data.stuck > 0 && (
          <Status kind="breached" className="ml-auto">
            {t("stuckIn", { n: data.stuck })}
          </Status>
        )}
      </div>
      <Handle type="source" position={Position.Right} isConnectable={false} className="!opacity-0" />
    </div>
  );
});
const nodeTypes = { step: StepCard };

/** The version as it is drawn, to look at: pan, zoom, and how much is in each step now. */
export function ProcessMap({
  document,
  wip,
  incidents,
}: {
  document: Process;
  wip: Record<string, number>;
  incidents: Record<string, number>;
}) {
  const t = useTranslations("processes");
  const nodes = useMemo(
    () =>
      document.nodes.map(
        (node): Node<Card> => ({
          id: node.id,
          type: "step",
          position: node.position ?? { x: 0, y: 0 },
          width: 240,
          height: 104,
          ariaLabel: [
            t("stepLabel", { name: node.name || node.id, kind: t(`kinds.${node.kind}`), n: wip[node.id] ?? 0 }),
            incidents[node.id] && t("stuckIn", { n: incidents[node.id] ?? 0 }),
          ]
            .filter(Boolean)
            .join(", "),
          data: {
            name: node.name || node.id,
            kind: node.kind,
            role: node.role ? (document.roles[node.role]?.name ?? node.role) : "",
            sla: (node.slas ?? []).map((s) => document.slas[s]?.target ?? "").join(" · "),
            wip: wip[node.id] ?? 0,
            stuck: incidents[node.id] ?? 0,
          },
        }),
      ),
    [document, wip, incidents, t],
  );
  const edges = useMemo(
    () =>
      document.edges.map(
        (edge): Edge => ({
          id: edge.id,
          source: edge.from,
          target: edge.to,
          type: "smoothstep",
          focusable: false,
          label: edge.label ?? (edge.otherwise ? t("otherwise") : undefined),
          labelStyle: { fill: "var(--ink-2)", fontSize: 11 },
          labelBgStyle: { fill: "var(--surface)" },
          markerEnd: { type: MarkerType.ArrowClosed },
          ...(edge.rework && { style: { stroke: "var(--risk-solid)", strokeDasharray: "6 4" } }),
        }),
      ),
    [document, t],
  );
  return (
    <div
      className="h-[60vh] overflow-hidden rounded-lg border border-line bg-sunken"
      role="region"
      aria-label={t("map", { n: document.nodes.length })}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        fitView
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
