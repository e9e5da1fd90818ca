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
import type { Process } from "@/server/engine/process.ts";
import type { StepState } from "@/db/queries/step-states.ts";
import { StepFace, type StepFaceProps } from "./step-face.tsx";

type Card = StepFaceProps;

const StepCard = memo(function StepCard({ data }: NodeProps<Node<Card>>) {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="!opacity-0" />
      <StepFace {...data} />
      <Handle type="source" position={Position.Right} isConnectable={false} className="!opacity-0" />
    </>
  );
});
const nodeTypes = { step: StepCard };

/** The version as it is drawn, to look at: pan, zoom, and how much is in each step now. */
export function ProcessMap({
  document,
  wip,
  incidents,
  states,
}: {
  document: Process;
  wip: Record<string, number>;
  incidents: Record<string, number>;
  states: Record<string, { state: StepState; n: number }>;
}) {
  const status = useTranslations("status");
  const t = useTranslations("processes");
  const nodes = useMemo(() => {
    const stateOf = (id: string): Card["state"] => {
      const worst = states[id];
      return worst ? { kind: worst.state, word: `${worst.n} ${status(worst.state).toLowerCase()}` } : null;
    };
    return document.nodes.map(
      (node): Node<Card> => ({
        id: node.id,
        type: "step",
        position: node.position ?? { x: 0, y: 0 },
        width: 240,
        height: 104,
        ariaLabel: [
          t("stepLabel", { name: node.name || node.id, kind: t(`kinds.${node.kind}`), n: wip[node.id] ?? 0 }),
          incidents[node.id] && t("stuckIn", { n: incidents[node.id] ?? 0 }),
          stateOf(node.id)?.word,
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
          state: stateOf(node.id),
        },
      }),
    );
  }, [document, wip, incidents, states, t, status]);
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
