import { useTranslations } from "use-intl";
import type { PathStep } from "@/server/inbox/path-view.ts";
import { cn } from "../ui/cn.ts";

/** What was done, where it stands, what likely comes. */
export function PathStrip({ path }: { path: readonly PathStep[] }) {
  const t = useTranslations("path");
  if (path.length === 0) return null;
  return (
    <ol aria-label={t("title")} className="flex gap-1 overflow-x-auto pt-1" tabIndex={0}>
      {path.map((step) => (
        <li
          key={step.node}
          aria-current={step.state === "now" ? "step" : undefined}
          className="grid min-w-20 flex-1 justify-items-center gap-1 text-center"
        >
          <span
            aria-hidden
            className={cn(
              "size-3 rounded-full border-2",
              step.state === "done" && "border-mute-solid bg-mute-solid",
              step.state === "now" && "border-accent bg-accent ring-3 ring-accent-soft",
              step.state === "likely" && "border-dashed border-line-strong",
            )}
          />
          <span className={cn("line-clamp-2 text-2xs text-ink-2", step.state === "now" && "font-semibold text-ink")}>
            {step.name}
            <span className="sr-only">{` – ${t(step.state)}`}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
