"use client";
import type { Node, NodeProps } from "@xyflow/react";
import { Clock3, Gauge, Plus } from "lucide-react";
import { memo } from "react";
import { useTranslations } from "use-intl";
import { icons } from "../process/step-look.ts";
import { cn } from "../ui/cn.ts";
import { ContextBar } from "./context-bar.tsx";
import { useMapActions } from "./map-actions.ts";
import { type CardData, Chip, Marks } from "./step-card.tsx";
import { tile } from "./step-frame.tsx";
import { StepPorts } from "./step-ports.tsx";

/** A step drawn as a frame around the steps inside it: its title is held to move it, its ports are on its border. */
export const OwnerFrame = memo(
  Frame,
  (a, b) =>
    a.id === b.id &&
    a.selected === b.selected &&
    a.width === b.width &&
    a.height === b.height &&
    JSON.stringify(a.data) === JSON.stringify(b.data),
);

function Frame({ id, data, selected }: NodeProps<Node<CardData>>) {
  const t = useTranslations("editor");
  const actions = useMapActions();
  const Icon = icons[data.kind];
  return (
    <div className="group pointer-events-none relative size-full text-ink">
      <span
        aria-hidden
        className={cn(
          "absolute inset-0 rounded-lg border-4 border-double border-line-strong bg-bg/70",
          data.kind === "subprocess" && "border-2 border-solid",
          selected && "border-accent",
        )}
      />
      {data.changed && (
        <span aria-hidden className="absolute inset-y-2 -left-[3px] border-l-2 border-dashed border-accent" />
      )}
      <div className="frame-title pointer-events-auto absolute inset-x-1 top-1 flex h-10 cursor-grab items-center gap-2 rounded-t-md bg-surface px-3">
        <span className={cn("grid size-6 shrink-0 place-items-center rounded-sm", tile[data.kind])}>
          <Icon aria-hidden className="size-3.5" />
        </span>
        <span className="min-w-0 truncate text-sm font-semibold" title={data.name}>
          {data.name}
        </span>
        <span className="min-w-0 shrink-[2] truncate text-xs text-ink-3" title={data.second}>
          {data.second}
        </span>
        <span className="ml-auto flex shrink-0 items-center gap-1.5">
          {data.sla && <Chip icon={Clock3} text={data.sla} label={t("slaChip", { target: data.sla })} />}
          {data.kpi && <Chip icon={Gauge} text={data.kpi} label={t("kpiChip", { target: data.kpi })} />}
          <Marks data={data} />
          {data.wip > 0 && (
            <span
              title={t("inProgress", { n: data.wip })}
              className="rounded-full bg-mute-bg px-2 text-2xs font-semibold text-mute tabular-nums"
            >
              {data.wip}
            </span>
          )}
        </span>
      </div>
      {(data.empty || data.alone) && (
        <button
          type="button"
          tabIndex={-1}
          title={`${t("flow.addInside")} (I)`}
          onClick={(e) => {
            e.stopPropagation();
            actions.addInside(id);
          }}
          className={cn(
            "nodrag pointer-events-auto absolute flex h-7 items-center gap-1 rounded-md border border-dashed border-line-strong bg-surface px-2 text-xs font-semibold text-accent-text hover:bg-sunken",
            data.empty ? "top-1/2 left-1/2 -translate-x-1/2 -translate-y-1/2" : "right-3 bottom-1 h-6",
          )}
        >
          <Plus aria-hidden className="size-3.5" />
          {t("flow.addInside")}
        </button>
      )}
      <div className="pointer-events-auto contents [&_.react-flow__handle]:pointer-events-auto">
        <StepPorts data={data} at={24} />
      </div>
      <button
        type="button"
        tabIndex={-1}
        aria-label={t("addAfterStep", { name: data.name })}
        title={`${t("addAfter")} (A)`}
        onClick={(e) => {
          e.stopPropagation();
          actions.addAfter(id);
        }}
        className={cn(
          "nodrag pointer-events-auto absolute top-3 -right-8 grid size-6 place-items-center rounded-full bg-accent text-accent-ink opacity-0 transition-opacity duration-100 group-hover:opacity-100 focus:opacity-100 [@media(hover:none)]:opacity-100",
          data.alone && "opacity-100",
        )}
      >
        <Plus aria-hidden className="size-4" />
      </button>
      {data.alone && <ContextBar id={id} kind={data.kind} owner />}
    </div>
  );
}
