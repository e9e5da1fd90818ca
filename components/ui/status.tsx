import { AlertTriangle, CheckCircle2, CircleSlash, Clock3, Info, Pause } from "lucide-react";
import { cn } from "./cn.ts";

export type StatusKind = "on_track" | "at_risk" | "breached" | "paused" | "blocked" | "done" | "info" | "none";

const looks = {
  on_track: { icon: CheckCircle2, look: "bg-ok-bg text-ok" },
  at_risk: { icon: Clock3, look: "bg-risk-bg text-risk" },
  breached: { icon: AlertTriangle, look: "bg-breach-bg text-breach" },
  paused: { icon: Pause, look: "bg-mute-bg text-mute" },
  blocked: { icon: CircleSlash, look: "bg-surface text-breach border border-breach-solid" },
  done: { icon: CheckCircle2, look: "bg-mute-bg text-mute" },
  info: { icon: Info, look: "bg-info-bg text-info" },
  none: { icon: Clock3, look: "bg-mute-bg text-mute" },
} as const;

/** Never by colour alone: an icon and a word always go with it. */
export function Status({
  kind,
  children,
  className,
}: {
  kind: StatusKind;
  children: React.ReactNode;
  className?: string;
}) {
  const { icon: Icon, look } = looks[kind];
  return (
    <span
      className={cn(
        "inline-flex h-5 shrink-0 items-center gap-1 rounded-full px-2 text-2xs font-semibold whitespace-nowrap",
        look,
        className,
      )}
    >
      <Icon aria-hidden className="size-3" />
      {children}
    </span>
  );
}
