"use client";
import { NodeToolbar, Position } from "@xyflow/react";
import { Copy, Plus, Replace, Spline, SquarePlus, Trash2 } from "lucide-react";
import { useTranslations } from "use-intl";
import type { StepKindId } from "@/server/engine/process.ts";
import { useMapActions } from "./map-actions.ts";

/** What can be done with the chosen step, above it. Each has its key. */
export function ContextBar({ id, kind, owner }: { id: string; kind: StepKindId; owner: boolean }) {
  const t = useTranslations("editor");
  const actions = useMapActions();
  const item = (Icon: typeof Plus, label: string, keys: string, act: () => void, danger = false) => (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      onClick={(e) => {
        e.stopPropagation();
        act();
      }}
      className={`grid size-7 place-items-center rounded-md hover:bg-sunken ${danger ? "text-breach" : "text-ink-2"}`}
    >
      <Icon aria-hidden className="size-4" />
    </button>
  );
  return (
    <NodeToolbar
      position={Position.Top}
      offset={10}
      align="start"
      className="nodrag flex gap-0.5 rounded-md border border-line bg-surface p-0.5 shadow-overlay"
    >
      {kind !== "end" && item(Plus, t("bar.add"), "A", () => actions.addAfter(id))}
      {owner && item(SquarePlus, t("flow.addInside"), "I", () => actions.addInside(id))}
      {kind !== "end" && item(Spline, t("bar.connect"), "C", () => actions.connectFrom(id))}
      {kind !== "start" && item(Replace, t("bar.kind"), "", () => actions.changeKind(id))}
      {kind !== "start" && item(Copy, t("bar.duplicate"), "Ctrl D", () => actions.duplicate())}
      {item(Trash2, t("bar.remove"), "Delete", () => actions.remove(), true)}
    </NodeToolbar>
  );
}
