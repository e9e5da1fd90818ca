import { useTranslations } from "use-intl";
import type { StepKindId } from "@/server/engine/process.ts";
import { cn } from "../ui/cn.ts";
import { Status, type StatusKind } from "../ui/status.tsx";
import { icons, outline } from "./step-look.ts";

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
};

/** A step as a card of fixed size; kinds differ by icon and outline, and the number in it is always printed. */
export function StepFace({ name, kind, role, sla, wip, stuck, state }: StepFaceProps) {
  const t = useTranslations("processes");
  const Icon = icons[kind];
  return (
    <div
      className={cn("grid h-[104px] w-60 content-between border bg-surface p-3 text-ink shadow-raised", outline(kind))}
    >
      <div className="flex items-start gap-2">
        <span className="grid size-6 shrink-0 place-items-center rounded-md bg-sunken text-ink-2">
          <Icon aria-hidden className="size-3.5" />
        </span>
        <span className="line-clamp-2 text-sm font-semibold">{name}</span>
        {wip > 0 && (
          <span
            title={t("inProgress", { n: wip })}
            className="ml-auto rounded-full bg-mute-bg px-2 text-2xs font-semibold text-mute"
          >
            {wip}
          </span>
        )}
      </div>
      <p className="truncate text-xs text-ink-2">{role || t(`kinds.${kind}`)}</p>
      <div className="flex items-center gap-2">
        {sla && <p className="truncate text-2xs font-semibold text-ink-2">{sla}</p>}
        {stuck > 0 ? (
          <Status kind="breached" className="ml-auto">
            {t("stuckIn", { n: stuck })}
          </Status>
        ) : (
          state && (
            <Status kind={state.kind} className="ml-auto">
              {state.word}
            </Status>
          )
        )}
      </div>
    </div>
  );
}
