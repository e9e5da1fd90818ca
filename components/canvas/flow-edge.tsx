"use client";
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { CircleAlert, CornerUpLeft, Plus } from "lucide-react";
import { memo, useState } from "react";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import type { Mark } from "./exits.ts";
import { backPath } from "./geometry.ts";
import { useMapActions } from "./map-actions.ts";
import { markIcons } from "./signs.tsx";

export type FlowData = {
  look: "plain" | "conditional" | "otherwise" | "late" | "back";
  /** What it leaves by, where that stands at the edge of a step. */
  mark: Mark | null;
  label: string | null;
  whole: string | null;
  problem: string | null;
  /** In the game that is played: a token has just come this way, in the picture of this number, or stands at its end. */
  token?: { moved: number | null };
};

/** A connection: solid, or by its meaning. Its label is a chip of HTML; a plus stands in its middle. */
export const FlowEdge = memo(function FlowEdge(props: EdgeProps<Edge<FlowData>>) {
  const { id, data, selected, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, markerEnd } = props;
  const t = useTranslations("editor");
  const actions = useMapActions();
  const [near, setNear] = useState(false);
  const look = data?.look ?? "plain";
  const back = look === "back";
  const Mark = data?.mark ? markIcons[data.mark] : null;
  const [straight, middleX, middleY] = getSmoothStepPath({
    sourceX,
    sourceY,
    sourcePosition,
    targetX,
    targetY,
    targetPosition,
    borderRadius: 8,
  });
  const over = backPath({ x: sourceX, y: sourceY }, { x: targetX, y: targetY });
  const path = back ? over.path : straight;
  const at = back ? over.label : { x: middleX, y: middleY };
  const token = data?.token;
  const stroke = selected || token ? "var(--accent)" : look === "late" ? "var(--risk-solid)" : "var(--line-strong)";
  return (
    <>
      <g onPointerEnter={() => setNear(true)} onPointerLeave={() => setNear(false)}>
        <BaseEdge
          id={id}
          path={path}
          interactionWidth={16}
          {...(markerEnd && { markerEnd })}
          style={{
            stroke,
            strokeWidth: selected || token ? 2 : 1.5,
            ...(look === "late" && { strokeDasharray: "6 4" }),
          }}
        />
        {token && token.moved !== null && (
          <circle key={token.moved} r={6} className="fill-accent stroke-surface motion-reduce:hidden" strokeWidth={2}>
            <animateMotion
              dur="0.7s"
              path={path}
              fill="freeze"
              calcMode="spline"
              keyTimes="0;1"
              keySplines="0.4 0 0.2 1"
            />
          </circle>
        )}
        {look === "conditional" && (
          <rect
            x={sourceX + 5}
            y={sourceY - 4}
            width={8}
            height={8}
            transform={`rotate(45 ${sourceX + 9} ${sourceY})`}
            fill="var(--surface)"
            stroke={stroke}
          />
        )}
        {look === "otherwise" && (
          <line
            x1={sourceX + 6}
            y1={sourceY + 5}
            x2={sourceX + 12}
            y2={sourceY - 5}
            stroke={stroke}
            strokeWidth={1.5}
          />
        )}
      </g>
      <EdgeLabelRenderer>
        <div
          className="nodrag nopan group/edge pointer-events-auto absolute flex items-center"
          style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
          onPointerEnter={() => setNear(true)}
          onPointerLeave={() => setNear(false)}
        >
          {data?.label && (
            <button
              type="button"
              tabIndex={-1}
              title={data.whole ?? data.label}
              onClick={() => actions.open(id)}
              className={cn(
                "inline-flex h-5 max-w-40 items-center gap-1 rounded-sm border border-line bg-surface px-1.5 text-2xs font-medium text-ink-2",
                look === "late" && "border-risk-solid bg-risk-bg text-risk",
                selected && "border-accent text-accent-text",
              )}
            >
              {Mark && <Mark aria-hidden className="size-3 shrink-0" />}
              {back && <CornerUpLeft aria-hidden className="size-3 shrink-0" />}
              <span className="truncate">{data.label}</span>
              {data.problem && <CircleAlert aria-label={data.problem} className="size-3 shrink-0 text-breach" />}
            </button>
          )}
          <button
            type="button"
            tabIndex={-1}
            aria-label={t("addOnEdge")}
            title={t("addOnEdge")}
            onClick={() => actions.addOn(id)}
            className={cn(
              "grid size-6 place-items-center rounded-full bg-accent text-accent-ink opacity-0 transition-opacity duration-100 group-hover/edge:opacity-100 focus:opacity-100 [@media(hover:none)]:opacity-100",
              data?.label && "absolute left-full ml-1",
              (near || selected) && "opacity-100",
            )}
          >
            <Plus aria-hidden className="size-3.5" />
          </button>
        </div>
      </EdgeLabelRenderer>
    </>
  );
});
