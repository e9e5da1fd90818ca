import { AlertTriangle, Check, Circle, Clock3, SkipForward } from "lucide-react";
import { useTranslations } from "use-intl";
import type { PathStep } from "@/server/inbox/path-view.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";

const look = { done: Check, skipped: SkipForward, now: Clock3, stuck: AlertTriangle, likely: Circle } as const;

/** The way of one run: who did each step, when and how it ended; where it stands; what likely comes. */
export function RunPath({ path }: { path: readonly PathStep[] }) {
  const t = useTranslations("path");
  const r = useTranslations("record");
  const format = useFormat();
  if (path.length === 0) return null;
  return (
    <ol aria-label={t("title")} className="flex overflow-x-auto pb-1" tabIndex={0}>
      {path.map((step, i) => {
        const Icon = look[step.state];
        const until = step.leftAt ?? format.now;
        return (
          <li
            key={step.node}
            aria-current={step.state === "now" || step.state === "stuck" ? "step" : undefined}
            className="grid min-w-32 flex-1 content-start gap-0.5 pr-2 text-xs text-ink-3"
          >
            <span className="mb-1 flex items-center gap-1.5">
              <span
                aria-hidden
                className={cn(
                  "grid size-5 shrink-0 place-items-center rounded-full",
                  step.state === "done" && "bg-mute-solid text-surface",
                  step.state === "now" && "bg-accent text-accent-ink",
                  step.state === "stuck" && "bg-breach-bg text-breach",
                  step.state === "skipped" && "bg-mute-bg text-mute",
                  step.state === "likely" && "border border-dashed border-line-strong",
                )}
              >
                {step.state !== "likely" && <Icon className="size-3" />}
              </span>
              {i < path.length - 1 && (
                <span
                  className={cn(
                    "flex min-w-4 flex-1 items-center border-t border-line-strong",
                    step.state !== "done" && step.state !== "skipped" && "border-dashed",
                  )}
                />
              )}
            </span>
            <span className={cn("text-sm font-semibold text-ink", step.state === "now" && "text-accent-text")}>
              {step.name}
              <span className="sr-only">{` – ${t(step.state)}`}</span>
            </span>
            {step.owner && <span>{step.owner}</span>}
            {step.enteredAt !== undefined && (
              <span>
                {`${format.moment(step.enteredAt)} · `}
                <strong className="font-semibold text-ink-2">{format.duration(until - step.enteredAt)}</strong>
              </span>
            )}
            {step.outcome && (
              <span className="text-ink-2">{r("ended", { outcome: step.outcome.replaceAll("_", " ") })}</span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
