import { AlertOctagon, Gauge } from "lucide-react";
import { useTranslations } from "use-intl";
import type { StepKindId } from "@/server/engine/process.ts";
import { heatLook } from "../charts/heat.ts";
import { cn } from "../ui/cn.ts";
import { Status, type StatusKind } from "../ui/status.tsx";
import { type Sign, Signs } from "../canvas/signs.tsx";
import { icons, outline } from "./step-look.ts";

/** What an overlay says about a step: the number is always printed, the colour only repeats it. */
export type StepOverlay = { text: string; heat: 1 | 2 | 3 | 4 | 5 | null };
export type KpiChip = { text: string; state: "met" | "missed" | "none"; spoken: string };

export type StepFaceProps = {
  name: string;
  kind: StepKindId;
  role: string;
  sla: string;
  /** How many are in it now. */
  wip: number;
  /** How many of them cannot go on. */
  stuck: number;
  /** The worst of what is in it, with its word; null when nothing is or nothing counts. */
  state: { kind: StatusKind; word: string } | null;
  /** What it is besides its kind: a goal, an end of all, a step that can be taken back. */
  signs?: readonly Sign[];
  overlay?: StepOverlay | null;
  kpi?: KpiChip | null;
  selected?: boolean;
  /** What a screen reader says of it where it can be chosen. */
  spoken?: string;
  select?: (() => void) | null;
  /** Seen from far: only what can still be read is drawn. */
  far?: boolean;
};

/** A step as a card of fixed size; kinds differ by icon and outline, and the number in it is always printed. */
export function StepFace(step: StepFaceProps) {
  const t = useTranslations("processes");
  const { name, kind, overlay, select } = step;
  const Icon = icons[kind];
  const round = kind === "start" || kind === "end";
  return (
    <div
      className={cn(
        "relative grid h-[104px] w-60 grid-cols-[minmax(0,1fr)] content-between overflow-hidden border bg-surface p-3 text-ink shadow-raised",
        outline(kind),
        step.selected && "border-accent ring-2 ring-accent",
      )}
    >
      {overlay?.heat && <span aria-hidden className={cn("absolute inset-y-0 left-0 w-3", heatLook[overlay.heat])} />}
      {step.far && <FarCard {...step} />}
      <div className={cn("flex items-start gap-2", step.far && "invisible")}>
        <span className="grid size-6 shrink-0 place-items-center rounded-md bg-sunken text-ink-2">
          <Icon aria-hidden className="size-3.5" />
        </span>
        <span title={name} className={cn("text-sm font-semibold", round ? "line-clamp-2" : "truncate")}>
          {name}
        </span>
        {step.signs && step.signs.length > 0 && (
          <span className="ml-auto flex shrink-0 gap-1">
            <Signs signs={step.signs} />
          </span>
        )}
        {step.wip > 0 && (
          <span
            title={t("inProgress", { n: step.wip })}
            className="ml-auto shrink-0 rounded-full bg-mute-bg px-2 text-2xs font-semibold text-mute"
          >
            {step.wip}
          </span>
        )}
      </div>
      <p className={cn("flex items-center gap-2 pl-8 text-xs text-ink-2", step.far && "invisible")}>
        <span className="truncate">{step.role || t(`kinds.${kind}`)}</span>
        {overlay && (
          <span className="ml-auto font-semibold whitespace-nowrap text-ink tabular-nums">{overlay.text}</span>
        )}
      </p>
      {!round && <Chips {...step} />}
      {select && (
        <button
          type="button"
          aria-label={step.spoken}
          aria-pressed={step.selected}
          onClick={select}
          className="nodrag absolute inset-0 cursor-pointer rounded-[inherit]"
        />
      )}
    </div>
  );
}

/** A step with steps inside: a frame as large as they are, its title above them. */
export function FrameFace(step: StepFaceProps) {
  const t = useTranslations("processes");
  const { name, kind, overlay, select, far } = step;
  const Icon = icons[kind];
  return (
    <div
      className={cn(
        "relative size-full overflow-hidden rounded-lg border-line-strong bg-bg/70 text-ink",
        kind === "for_each" ? "border-4 border-double" : "border-2",
        step.selected && "border-accent ring-2 ring-accent",
      )}
    >
      <div className="absolute inset-x-0 top-0 flex h-11 items-center gap-2 bg-surface px-3">
        {overlay?.heat && <span aria-hidden className={cn("absolute inset-y-0 left-0 w-3", heatLook[overlay.heat])} />}
        <span className="grid size-6 shrink-0 place-items-center rounded-md bg-sunken text-ink-2">
          <Icon aria-hidden className="size-3.5" />
        </span>
        <span title={name} className={cn("min-w-0 truncate font-semibold", far ? "text-[26px]" : "text-sm")}>
          {name}
        </span>
        {!far && <span className="shrink-0 text-xs text-ink-2">{t(`kinds.${kind}`)}</span>}
        {overlay && <span className="text-xs font-semibold whitespace-nowrap tabular-nums">{overlay.text}</span>}
        <span className="ml-auto flex shrink-0 items-center gap-1.5">
          {step.signs && <Signs signs={step.signs} />}
          {step.wip > 0 && (
            <span
              title={t("inProgress", { n: step.wip })}
              className="rounded-full bg-mute-bg px-2 text-2xs font-semibold text-mute"
            >
              {step.wip}
            </span>
          )}
          <Chips {...step} />
        </span>
      </div>
      {select && (
        <button
          type="button"
          aria-label={step.spoken}
          aria-pressed={step.selected}
          onClick={select}
          className="nodrag absolute inset-x-0 top-0 h-11 cursor-pointer"
        />
      )}
    </div>
  );
}

/** The bottom row: the SLA's target, the KPI's value, and on the right what is wrong or how it stands. */
function Chips({ sla, kpi, stuck, state, far }: StepFaceProps) {
  const t = useTranslations("processes");
  return (
    <p className={cn("flex h-5 items-center gap-1.5", far && "invisible")}>
      {sla && <span className="truncate rounded-full bg-mute-bg px-2 text-2xs font-semibold text-mute">{sla}</span>}
      {kpi && (
        <span
          title={kpi.spoken}
          className={cn(
            "inline-flex shrink-0 items-center gap-1 rounded-full px-2 text-2xs font-semibold",
            kpi.state === "met" && "bg-ok-bg text-ok",
            kpi.state === "missed" && "bg-breach-bg text-breach",
            kpi.state === "none" && "bg-mute-bg text-mute",
          )}
        >
          <Gauge aria-hidden className="size-3" />
          {kpi.text}
        </span>
      )}
      {stuck > 0 ? (
        <span
          title={t("stuckIn", { n: stuck })}
          className="ml-auto inline-flex items-center gap-1 rounded-full bg-breach-bg px-2 text-2xs font-semibold text-breach"
        >
          <AlertOctagon aria-hidden className="size-3" />
          {stuck}
          <span className="sr-only">{t("stuckIn", { n: stuck })}</span>
        </span>
      ) : (
        state &&
        !kpi && (
          <Status kind={state.kind} className="ml-auto">
            {state.word}
          </Status>
        )
      )}
    </p>
  );
}

/** From far only what can still be read: the name, the number of the overlay, and what is stuck. */
function FarCard({ name, overlay, wip, kpi, stuck }: StepFaceProps) {
  return (
    <div aria-hidden className="absolute inset-0 grid content-center gap-1 py-1 pr-2 pl-4 leading-none">
      <span className="line-clamp-2 text-[26px] leading-7 font-semibold">{name}</span>
      <span className="flex items-center gap-2 text-[26px] font-semibold tabular-nums">
        {overlay ? (
          <span className="truncate">{overlay.text}</span>
        ) : (
          wip > 0 && <span className="rounded-full bg-mute-bg px-3 text-mute">{wip}</span>
        )}
        {kpi && (
          <span
            className={cn(
              "ml-auto rounded-full px-2",
              kpi.state === "met" && "bg-ok-bg text-ok",
              kpi.state === "missed" && "bg-breach-bg text-breach",
              kpi.state === "none" && "bg-mute-bg text-mute",
            )}
          >
            {kpi.text}
          </span>
        )}
        {stuck > 0 && <AlertOctagon className="size-7 shrink-0 text-breach" />}
      </span>
    </div>
  );
}
