"use client";
import { Check, CircleDashed, Clock3, RotateCcw, UserX, X } from "lucide-react";
import { useTranslations } from "use-intl";
import type { AskedView } from "@/server/inbox/asked-view.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";

type Level = AskedView["levels"][number];
type Seat = Level["seats"][number];

const signs = {
  approved: { icon: Check, look: "bg-ok-bg text-ok" },
  rejected: { icon: X, look: "bg-breach-bg text-breach" },
  returned: { icon: RotateCcw, look: "bg-risk-bg text-risk" },
  open: { icon: Clock3, look: "bg-info-bg text-info" },
  vacant: { icon: UserX, look: "bg-breach-bg text-breach" },
  spared: { icon: CircleDashed, look: "bg-mute-bg text-mute" },
  next: { icon: CircleDashed, look: "bg-mute-bg text-mute" },
} as const;

/** The way of a request: level after level, who decided what, when and why, who is asked now and who comes next. */
export function AskedLevels({ asked }: { asked: AskedView }) {
  const t = useTranslations("asked");
  const format = useFormat();
  return (
    <section aria-label={t("title")} className="grid gap-2">
      <h3 className="flex flex-wrap items-baseline gap-x-2 text-xs font-semibold text-ink-2">
        {t("title")}
        <span className="font-normal text-ink-3">
          {[
            asked.requester && t("by", { name: asked.requester, when: format.ago(asked.at) }),
            asked.usually !== null && t("usually", { time: format.duration(asked.usually) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </h3>
      <ol className="grid gap-2">
        {asked.levels.map((level, i) => (
          <li
            key={i}
            aria-current={level.state === "open" ? "step" : undefined}
            className={cn(
              "grid gap-1.5 rounded-md border px-3 py-2",
              level.state === "open" ? "border-accent" : "border-line",
            )}
          >
            <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
              <span className="font-semibold">{level.name || t("level", { n: i + 1 })}</span>
              <span className="text-xs text-ink-2">{needsOf(level, t)}</span>
            </p>
            <ul className="grid gap-1.5">
              {level.seats.map((seat, j) => (
                <SeatLine key={j} seat={seat} />
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

type T = ReturnType<typeof useTranslations<"asked">>;

/** Before a level is opened nobody knows how many are in a role. */
function needsOf(level: Level, t: T): string {
  if (level.state === "next")
    return typeof level.needs === "number" ? t("needs.some", { n: level.needs }) : t(`needs.${level.needs}`);
  return level.seats.length > 1 ? t("needs.of", { n: level.required, of: level.seats.length }) : t("needs.one");
}

function SeatLine({ seat }: { seat: Seat }) {
  const t = useTranslations("asked");
  const format = useFormat();
  const { icon: Icon, look } = signs[seat.state];
  return (
    <li className="grid gap-0.5 text-sm">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">
          {seat.who ?? (seat.everybody ? t("everybody", { role: seat.asked }) : seat.asked)}
        </span>
        {seat.mine && <span className="text-xs text-ink-3">{t("you")}</span>}
        {seat.for && <span className="text-xs text-ink-2">{t("for", { name: seat.for })}</span>}
        {seat.who && seat.who !== seat.asked && <span className="text-xs text-ink-3">{seat.asked}</span>}
        <span className={cn("inline-flex h-5 items-center gap-1 rounded-full px-2 text-2xs font-semibold", look)}>
          <Icon aria-hidden className="size-3" />
          {t(`state.${seat.state}`)}
        </span>
        {seat.at !== null && <span className="text-xs text-ink-3">{format.dateTime(seat.at)}</span>}
      </span>
      {(seat.reason ?? seat.comment) && (
        <span className="text-ink-2">{[seat.reason, seat.comment].filter(Boolean).join(" – ")}</span>
      )}
    </li>
  );
}
