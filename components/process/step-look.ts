import {
  CheckSquare,
  Clock3,
  Flag,
  GitBranch,
  GitFork,
  GitMerge,
  type LucideIcon,
  Play,
  Repeat,
  Split,
  Stamp,
  Workflow,
  Zap,
} from "lucide-react";
import type { StepKindId } from "@/server/engine/process.ts";

export const icons: Record<StepKindId, LucideIcon> = {
  start: Play,
  task: CheckSquare,
  approval: Stamp,
  decision: GitBranch,
  parallel: GitFork,
  inclusive: Split,
  join: GitMerge,
  wait: Clock3,
  automation: Zap,
  for_each: Repeat,
  subprocess: Workflow,
  end: Flag,
};

/** Kinds differ by outline too, never by colour alone. */
export const outline = (kind: StepKindId): string =>
  kind === "start" || kind === "end"
    ? "rounded-full border-line-strong px-5"
    : kind === "decision"
      ? "rounded-none border-line-strong"
      : kind === "subprocess" || kind === "for_each"
        ? "rounded-lg border-4 border-double border-line-strong"
        : kind === "automation"
          ? "rounded-lg border-line bg-info-bg"
          : "rounded-lg border-line";
