import {
  AlarmClock,
  CircleX,
  Clock3,
  FilePenLine,
  type LucideIcon,
  Mail,
  Merge,
  OctagonX,
  Target,
  Undo2,
} from "lucide-react";
import { cn } from "../ui/cn.ts";
import type { Mark } from "./exits.ts";

/** What happens at the edge of a step, by kind. */
export const markIcons: Record<Mark, LucideIcon> = {
  timer: Clock3,
  late: AlarmClock,
  error: CircleX,
  message: Mail,
  record_changed: FilePenLine,
};

/** What a step is besides its kind; the words say the same. */
export type Sign = { icon: "goal" | "terminate" | "error" | "compensate" | "merge"; text: string };
const signIcons: Record<Sign["icon"], LucideIcon> = {
  goal: Target,
  terminate: OctagonX,
  error: CircleX,
  compensate: Undo2,
  merge: Merge,
};

export const Signs = ({ signs }: { signs: readonly Sign[] }) =>
  signs.map(({ icon, text }) => {
    const Icon = signIcons[icon];
    return (
      <span key={icon} title={text}>
        <Icon aria-hidden className={cn("size-3.5", icon === "error" ? "text-breach" : "text-ink-2")} />
      </span>
    );
  });

/** A mark on the edge of a step: a ring with its icon, broken when the step stays open. */
export function EdgeMark({ mark, soft, className }: { mark: Mark; soft: boolean; className?: string }) {
  const Icon = markIcons[mark];
  return (
    <span
      aria-hidden
      className={cn(
        "grid size-6 place-items-center rounded-full border-2 bg-surface",
        mark === "error" ? "border-breach-solid text-breach" : "border-risk-solid text-risk",
        soft && "border-dashed",
        className,
      )}
    >
      <Icon className="size-3.5" />
    </span>
  );
}
