"use client";
import "@xyflow/react/dist/style.css";
import {
  applyNodeChanges,
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeChange,
  type NodeProps,
  Position,
  ReactFlow,
  type ReactFlowInstance,
} from "@xyflow/react";
import { AlertTriangle, Plus } from "lucide-react";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { Problem } from "@/server/engine/problems.ts";
import type { Process, StepKindId } from "@/server/engine/process.ts";
import { icons, outline } from "../process/step-look.ts";
import { cn } from "../ui/cn.ts";

type Card = {
  name: string;
  kind: StepKindId;
  role: string;
  sla: string;
  problem: string | null;
  on: boolean;
  add: () => void;
  addLabel: string;
};

const EditCard = memo(function EditCard({ data }: NodeProps<Node<Card>>) {
  const Icon = icons[data.kind];
  return (
    <div
      className={cn(
        "group grid h-[104px] w-60 content-between border bg-surface p-3 text-ink shadow-raised",
        outline(data.kind),
        data.on && "border-accent ring-2 ring-accent",
      )}
    >
      <Handle type="target" position={Position.Left} />
      <div className="flex items-start gap-2">
        <span className="grid size-6 shrink-0 place-items-center rounded-md bg-sunken text-ink-2">
          <Icon aria-hidden className="size-3.5" />
        </span>
        <span className="line-clamp-2 text-sm font-semibold">{data.name}</span>
        {data.problem && (
          <span title={data.problem} className="ml-auto text-breach">
            <AlertTriangle aria-label={data.problem} className="size-4" />
          </span>
        )}
      </div>
      <p className="truncate text-xs text-ink-3">{data.role}</p>
      <p className="truncate text-2xs font-semibold text-ink-2">{data.sla}</p>
      <Handle type="source" position={Position.Right} />
      {data.kind !== "end" && (
        <button
          type="button"
          tabIndex={-1}
          aria-label={data.addLabel}
          title={data.addLabel}
          onClick={data.add}
          className={cn(
            "nodrag absolute top-1/2 -right-9 grid size-6 -translate-y-1/2 place-items-center rounded-full bg-accent text-accent-ink opacity-0 group-hover:opacity-100 focus:opacity-100",
            data.on && "opacity-100",
          )}
        >
          <Plus aria-hidden className="size-4" />
        </button>
      )}
    </div>
  );
});
const nodeTypes = { step: EditCard };

type Props = {
  doc: Process;
  problems: Problem[];
  selected: string | null;
  onSelect: (id: string | null) => void;
  onAdd: (after: string) => void;
  onConnect: (from: string, to: string) => void;
  onMove: (id: string, position: { x: number; y: number }) => void;
};

/** The map to draw on. Positions snap to 8 px and are kept only when a drag has ended. */
export function EditorMap({ doc, problems, selected, onSelect, onAdd, onConnect, onMove }: Props) {
  const t = useTranslations("editor");
  const flow = useRef<ReactFlowInstance<Node<Card>, Edge> | null>(null);
  // What was chosen by key, from the problems or from the inspector comes into view.
  const isStep = selected !== null && doc.nodes.some((n) => n.id === selected);
  useEffect(() => {
    if (isStep)
      void flow.current?.fitView({
        nodes: [{ id: selected ?? "" }],
        maxZoom: Math.max(0.7, flow.current.getZoom()),
        duration: 150,
      });
  }, [selected, isStep]);
  const [dragged, setDragged] = useState<Record<string, { x: number; y: number }>>({});
  const nodes = useMemo(
    () =>
      doc.nodes.map(
        (node): Node<Card> => ({
          id: node.id,
          type: "step",
          position: dragged[node.id] ?? node.position ?? { x: 0, y: 0 },
          width: 240,
          height: 104,
          selected: node.id === selected,
          ariaLabel: t("stepLabel", {
            name: node.name || node.id,
            kind: t(`kinds.${node.kind}`),
            n: doc.edges.filter((e) => e.from === node.id).length,
          }),
          data: {
            name: node.name || t("unnamed"),
            kind: node.kind,
            role: node.role ? (doc.roles[node.role]?.name ?? node.role) : t(`kinds.${node.kind}`),
            sla: (node.slas ?? []).map((s) => doc.slas[s]?.target ?? "").join(" · "),
            problem: problems.find((p) => p.node === node.id && p.severity === "error")?.text ?? null,
            on: node.id === selected,
            add: () => onAdd(node.id),
            addLabel: t("addAfter"),
          },
        }),
      ),
    [doc, problems, selected, dragged, onAdd, t],
  );
  const edges = useMemo(
    () =>
      doc.edges.map(
        (edge): Edge => ({
          id: edge.id,
          source: edge.from,
          target: edge.to,
          type: "smoothstep",
          label: edge.label ?? edge.when ?? (edge.otherwise ? t("otherwise") : edge.port),
          labelStyle: { fill: "var(--ink-2)", fontSize: 11 },
          labelBgStyle: { fill: "var(--surface)" },
          selected: edge.id === selected,
          markerEnd: { type: MarkerType.ArrowClosed },
          ...(edge.rework && { style: { stroke: "var(--risk-solid)", strokeDasharray: "6 4" } }),
        }),
      ),
    [doc, selected, t],
  );
  function change(changes: NodeChange<Node<Card>>[]) {
    const moved = applyNodeChanges(changes, nodes);
    for (const one of changes) {
      if (one.type !== "position") continue;
      const node = moved.find((n) => n.id === one.id);
      if (!node) continue;
      if (one.dragging) setDragged((d) => ({ ...d, [one.id]: node.position }));
      else {
        setDragged(({ ...rest }) => {
          delete rest[one.id];
          return rest;
        });
        const position = { x: Math.round(node.position.x / 8) * 8, y: Math.round(node.position.y / 8) * 8 };
        const before = doc.nodes.find((n) => n.id === one.id)?.position;
        if (before?.x !== position.x || before.y !== position.y) onMove(one.id, position);
      }
    }
  }
  return (
    <section aria-label={t("map", { n: doc.nodes.length })} className="min-h-96 bg-sunken">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        {...openAt(doc)}
        onInit={(instance) => {
          flow.current = instance;
        }}
        minZoom={0.1}
        snapToGrid
        snapGrid={[8, 8]}
        deleteKeyCode={null}
        disableKeyboardA11y
        onNodesChange={change}
        onNodeClick={(_, node) => onSelect(node.id)}
        onEdgeClick={(_, edge) => onSelect(edge.id)}
        onPaneClick={() => onSelect(null)}
        onConnect={({ source, target }) => onConnect(source, target)}
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
    </section>
  );
}

/** A small process is shown whole; a long one begins at its start, at a size that can be read. */
function openAt(doc: Process) {
  if (doc.nodes.length <= 8) return { fitView: true, fitViewOptions: { maxZoom: 1 } };
  const start = doc.nodes.find((n) => n.kind === "start")?.position ?? { x: 0, y: 0 };
  return { defaultViewport: { x: 40 - start.x * 0.7, y: 220 - start.y * 0.7, zoom: 0.7 } };
}
