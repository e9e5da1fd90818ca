import type { StepKindId } from "@/server/engine/process.ts";
import { icons } from "../process/step-look.ts";
import { cn } from "../ui/cn.ts";
import { isKnot, isPill } from "./geometry.ts";

/** The outline of a kind. Kinds differ by icon and outline, never by colour alone. */
export function StepFrame({ kind, on, changed }: { kind: StepKindId; on: boolean; changed: boolean }) {
  return (
    <>
      {kind === "decision" ? (
        <svg aria-hidden className="absolute inset-0 size-full overflow-visible" viewBox="0 0 240 104">
          <path
            d="M 14 0.5 H 226 L 239.5 14 V 90 L 226 103.5 H 14 L 0.5 90 V 14 Z"
            className={cn("fill-surface", on ? "stroke-accent" : "stroke-line-strong")}
            strokeWidth={on ? 2 : 1}
          />
        </svg>
      ) : (
        <span
          aria-hidden
          className={cn(
            "absolute inset-0 border bg-surface shadow-raised",
            isPill(kind) ? "rounded-full border-line-strong" : isKnot(kind) ? "rounded-md border-line-strong" : "",
            kind === "wait" ? "rounded-xl border-line-strong" : !isPill(kind) && "rounded-md border-line-strong",
            kind === "subprocess" && "ring-1 ring-line-strong ring-offset-2 ring-offset-surface",
            on && "border-accent ring-2 ring-accent ring-offset-0",
          )}
        />
      )}
      {kind === "automation" && (
        <span aria-hidden className="absolute inset-x-px top-px h-[54px] rounded-t-[5px] bg-info-bg" />
      )}
      {changed && (
        <span aria-hidden className="absolute inset-y-2 -left-[3px] border-l-2 border-dashed border-accent" />
      )}
    </>
  );
}

/** The colour of the icon's tile; the icon itself says the kind. */
export const tile: Record<StepKindId, string> = {
  start: "bg-ok-bg text-ok",
  task: "bg-accent-soft text-accent-text",
  approval: "bg-ok-bg text-ok",
  decision: "bg-risk-bg text-risk",
  parallel: "bg-sunken text-ink-2",
  inclusive: "bg-sunken text-ink-2",
  join: "bg-sunken text-ink-2",
  wait: "bg-mute-bg text-mute",
  automation: "bg-info-solid text-surface",
  for_each: "bg-accent-soft text-accent-text",
  subprocess: "bg-accent-soft text-accent-text",
  end: "bg-mute-bg text-mute",
};

export function KindIcon({ kind, label, className }: { kind: StepKindId; label?: string; className?: string }) {
  const Icon = icons[kind];
  return <Icon {...(label ? { "aria-label": label } : { "aria-hidden": true })} className={className} />;
}
