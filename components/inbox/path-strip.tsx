import { useTranslations } from "use-intl";
import type { PathStep } from "@/server/inbox/path-view.ts";
import { cn } from "../ui/cn.ts";

/** What was done, where it stands, what likely comes. */
export function PathStrip({ path }: { path: readonly PathStep[] }) {
  const t = useTranslations("path");
  if (path.length === 0) return null;
  return (
    <ol aria-label={t("title")} className="relative flex gap-1 overflow-x-auto pt-1" tabIndex={0}>
      {path.map((step) => (
        <li
          key={step.node}
          aria-current={step.state === "now" || step.state === "stuck" ? "step" : undefined}
          className="grid min-w-20 flex-1 justify-items-center gap-1 text-center"
        >
          <span
            aria-hidden
            className={cn(
              "size-3 rounded-full border-2",
              step.state === "done" && "border-mute-solid bg-mute-solid",
              step.state === "now" && "border-accent bg-accent ring-3 ring-accent-soft",
              step.state === "likely" && "border-dashed border-line-strong",
              step.state === "skipped" && "rounded-none border-mute-solid",
              step.state === "stuck" && "rotate-45 rounded-none border-breach-solid bg-breach-solid",
            )}
          />
          <span
            className={cn(
              "line-clamp-2 text-2xs text-ink-2",
              step.state === "now" && "font-semibold text-ink",
              step.state === "skipped" && "line-through",
              step.state === "stuck" && "font-semibold text-breach",
            )}
          >
            {step.name}
            <span className="sr-only">{` – ${t(step.state)}`}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
