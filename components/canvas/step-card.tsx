"use client";
import type { Node, NodeProps } from "@xyflow/react";
import { AlertTriangle, CircleAlert, Clock3, Gauge, ListTree, MessageSquareText, Plus, Zap } from "lucide-react";
import { memo } from "react";
import { useTranslations } from "use-intl";
import type { StepKindId } from "@/server/engine/process.ts";
import { icons } from "../process/step-look.ts";
import { cn } from "../ui/cn.ts";
import { ContextBar } from "./context-bar.tsx";
import type { Exit } from "./exits.ts";
import { isKnot, isPill } from "./geometry.ts";
import { useMapActions } from "./map-actions.ts";
import { type Sign, Signs } from "./signs.tsx";
import { StepFrame, tile } from "./step-frame.tsx";
import { StepPorts } from "./step-ports.tsx";

export type CardData = {
  name: string;
  kind: StepKindId;
  second: string;
  sla: string | null;
  kpi: string | null;
  does: string | null;
  asks: string | null;
  wip: number;
  problem: { text: string; error: boolean } | null;
  note: string | null;
  changed: boolean;
  /** The only chosen step: it has the bar above it. */
  alone: boolean;
  /** Tokens of the game that is played on the map. */
  tokens: number;
  endsWell: boolean;
  exits: Exit[];
  signs: Sign[];
  /** A frame with steps inside; `empty`: none yet. */
  owner: boolean;
  empty: boolean;
  /** The first step in its frame. */
  entry: boolean;
  /** How many frames are around it. */
  depth: number;
};

/** A step as a card of fixed size: rows never wrap, texts are cut and shown whole on hover. One that says the same is not drawn again. */
export const StepCard = memo(
  Card,
  (a, b) => a.id === b.id && a.selected === b.selected && JSON.stringify(a.data) === JSON.stringify(b.data),
);

function Card({ id, data, selected }: NodeProps<Node<CardData>>) {
  const t = useTranslations("editor");
  const actions = useMapActions();
  const { kind } = data;
  const Icon = icons[kind];
  return (
    <div className="group relative size-full text-ink">
      <StepFrame kind={kind} on={selected} changed={data.changed} />
      {isKnot(kind) ? (
        <span className="absolute inset-0 grid place-items-center" title={data.name}>
          <Icon aria-hidden className="size-5 text-ink-2" />
          <span className="absolute top-full mt-1 grid w-40 text-center text-2xs text-ink-3">
            <span className="truncate">{data.name}</span>
            {kind === "join" && data.second !== t("kinds.join") && (
              <span className="truncate font-semibold text-ink-2">{data.second}</span>
            )}
          </span>
          {(data.signs.length > 0 || data.problem) && (
            <Marks data={data} className="absolute bottom-full left-full -mb-2 -ml-1" />
          )}
        </span>
      ) : isPill(kind) ? (
        <span className="absolute inset-0 flex items-center gap-2 px-3">
          <span
            className={cn(
              "grid size-6 shrink-0 place-items-center rounded-full",
              data.endsWell ? "bg-ok-bg text-ok" : tile[kind],
            )}
          >
            <Icon aria-hidden className="size-3.5" />
          </span>
          <span className="truncate text-sm font-semibold" title={data.name}>
            {data.name}
          </span>
          <Marks data={data} className="ml-auto" />
        </span>
      ) : (
        <div className="absolute inset-0 grid grid-rows-[24px_20px_1fr] px-3 pt-2.5 pb-2">
          <div className="flex min-w-0 items-center gap-2">
            <span className={cn("grid size-6 shrink-0 place-items-center rounded-sm", tile[kind])}>
              <Icon aria-hidden className="size-3.5" />
            </span>
            <span className="min-w-0 truncate text-sm font-semibold" title={data.name}>
              {data.name}
            </span>
            {data.wip > 0 && (
              <span
                title={t("inProgress", { n: data.wip })}
                className="ml-auto rounded-full bg-mute-bg px-2 text-2xs font-semibold text-mute tabular-nums"
              >
                {data.wip}
              </span>
            )}
          </div>
          <p className="truncate pl-8 text-xs text-ink-3" title={data.second}>
            {data.second}
          </p>
          <div className="flex min-w-0 items-center gap-1.5 self-end">
            {data.sla && <Chip icon={Clock3} text={data.sla} label={t("slaChip", { target: data.sla })} />}
            {data.kpi && <Chip icon={Gauge} text={data.kpi} label={t("kpiChip", { target: data.kpi })} />}
            {data.asks && <Chip icon={ListTree} text={data.asks} label={data.asks} />}
            {data.does && <Chip icon={Zap} text={data.does} label={data.does} />}
            <Marks data={data} className="ml-auto" />
          </div>
        </div>
      )}
      <StepPorts data={data} />
      {kind !== "end" && (
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
            "nodrag absolute grid size-6 place-items-center rounded-full bg-accent text-accent-ink opacity-0 transition-opacity duration-100 group-hover:opacity-100 focus:opacity-100 [@media(hover:none)]:opacity-100",
            // Beside the step; below it where the labels of its branches begin on the right.
            kind === "decision" || kind === "inclusive"
              ? "-bottom-8 left-1/2 -translate-x-1/2"
              : "top-1/2 -right-8 -translate-y-1/2",
            data.alone && "opacity-100",
          )}
        >
          <Plus aria-hidden className="size-4" />
        </button>
      )}
      {data.alone && <ContextBar id={id} kind={kind} owner={false} />}
      {data.tokens > 0 && <Token count={data.tokens} label={t("play.tokens", { n: data.tokens })} />}
    </div>
  );
}

/** A token of the game that is played: a ring around the step, and how many stand here. */
const Token = ({ count, label }: { count: number; label: string }) => (
  <>
    <span aria-hidden className="pointer-events-none absolute -inset-1.5 rounded-lg border-2 border-accent" />
    <span
      title={label}
      className="absolute -top-3.5 -left-3.5 grid h-6 min-w-6 place-items-center rounded-full border-2 border-surface bg-accent px-1 text-2xs font-bold text-accent-ink tabular-nums"
    >
      {count > 1 ? count : <span aria-hidden className="size-2 rounded-full bg-accent-ink" />}
      <span className="sr-only">{label}</span>
    </span>
  </>
);

export function Marks({ data, className }: { data: CardData; className?: string }) {
  const Mark = data.problem?.error ? CircleAlert : AlertTriangle;
  return (
    <span className={cn("flex shrink-0 items-center gap-1", className)}>
      <Signs signs={data.signs} />
      {data.note && (
        <span title={data.note}>
          <MessageSquareText aria-hidden className="size-3.5 text-ink-3" />
        </span>
      )}
      {data.problem && (
        <span title={data.problem.text}>
          <Mark aria-hidden className={cn("size-3.5", data.problem.error ? "text-breach" : "text-risk")} />
        </span>
      )}
    </span>
  );
}

export const Chip = ({ icon: Icon, text, label }: { icon: typeof Clock3; text: string; label: string }) => (
  <span
    title={label}
    className="inline-flex h-[18px] min-w-0 items-center gap-1 rounded-full bg-mute-bg px-1.5 text-2xs font-medium text-ink-2"
  >
    <Icon aria-hidden className="size-3 shrink-0" />
    <span className="truncate">{text}</span>
  </span>
);
