import { useTranslations } from "use-intl";
import type { Band } from "@/server/inbox/clock-bands.ts";
import type { ClockView } from "@/server/inbox/clock-view.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";

const fills = {
  on_track: "bg-ok-solid",
  met: "bg-ok-solid",
  none: "bg-ok-solid",
  at_risk: "bg-risk-solid",
  breached: "bg-ok-solid",
  missed: "bg-ok-solid",
  paused: "bg-mute-solid",
} as const;

/** One clock in working time: its state, when it is due, what is left, and how the time went. */
export function ClockBand({ clock }: { clock: ClockView }) {
  const t = useTranslations("inbox");
  const word = useTranslations("status");
  const format = useFormat();
  const { status } = clock;
  const chip = status === "met" ? "done" : status === "missed" ? "breached" : status;
  return (
    <section aria-label={clock.name} className="grid gap-2 rounded-md bg-sunken px-3 py-2.5">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <Status kind={chip}>{word(status === "none" ? "on_track" : status)}</Status>
        <span className="font-semibold">
          {clock.state === "paused"
            ? t("clockPaused")
            : clock.dueAt === null
              ? clock.name
              : t("clockDue", { when: format.moment(clock.dueAt) })}
        </span>
        {clock.leftMs !== null && clock.state !== "completed" && (
          <span className="text-ink-2">
            {clock.leftMs >= 0
              ? t("left", { time: format.work(clock.leftMs) })
              : t("late", { time: format.work(clock.leftMs) })}
          </span>
        )}
        <span className="ml-auto text-xs text-ink-3">
          {[clock.name, clock.zone?.split("/").at(-1)?.replaceAll("_", " ")].filter(Boolean).join(" · ")}
        </span>
      </p>
      <Bar clock={clock} />
    </section>
  );
}

/** Nights and weekends are drawn short, so that the hours that count can be seen. */
function Bar({ clock }: { clock: ClockView }) {
  const t = useTranslations("inbox");
  const format = useFormat();
  const { bands, dueAt } = clock;
  if (bands.length === 0) return null;
  const counted = bands.reduce((sum, b) => sum + (b.kind === "closed" ? 0 : b.to - b.from), 0);
  const cap = Math.max(counted * 0.08, 1);
  const widths = bands.map((b) => (b.kind === "closed" ? Math.min(b.to - b.from, cap) : b.to - b.from));
  const whole = widths.reduce((a, b) => a + b, 0);
  const place = (at: number) => {
    let x = 0;
    for (const [i, band] of bands.entries()) {
      if (at >= band.to) x += widths[i]!;
      else if (at > band.from) x += (widths[i]! * (at - band.from)) / (band.to - band.from);
    }
    return (x / whole) * 100;
  };
  const end = clock.stoppedAt ?? format.now;
  const first = bands[0]!.from;
  const nowAt = place(end);
  const dueX = dueAt === null ? null : place(dueAt);
  return (
    <div aria-hidden className="grid gap-1">
      <div className="relative h-2 overflow-hidden rounded-sm border border-line-strong bg-surface">
        {bands.map((band) => {
          return band.kind === "closed" ? (
            <span
              key={band.from}
              className="absolute inset-y-0 hatched"
              style={{ left: `${place(band.from)}%`, width: `${place(band.to) - place(band.from)}%` }}
            />
          ) : (
            parts(band, dueAt, end).map(([from, to, late]) => (
              <span
                key={from}
                className={cn(
                  "absolute inset-y-0",
                  band.kind === "paused" ? "bg-mute-bg" : late ? "bg-breach-solid" : fills[clock.status],
                )}
                style={{ left: `${place(from)}%`, width: `${place(to) - place(from)}%` }}
              />
            ))
          );
        })}
        {dueX !== null && dueX < 100 && (
          <span className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: `${dueX}%` }} />
        )}
        {clock.stoppedAt === null && nowAt < 100 && (
          <span className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: `${nowAt}%` }} />
        )}
      </div>
      <div className="relative h-4 text-2xs text-ink-3">
        <span className="absolute left-0">{format.moment(first)}</span>
        {clock.stoppedAt === null && nowAt > 25 && nowAt < 75 && (
          <span className="absolute -translate-x-1/2 font-semibold text-ink" style={{ left: `${nowAt}%` }}>
            {t("now")}
          </span>
        )}
        {dueX !== null && dueX > 75 ? (
          <span className="absolute right-0">{t("due", { when: format.moment(dueAt!) })}</span>
        ) : (
          clock.stoppedAt === null &&
          nowAt >= 75 && <span className="absolute right-0 font-semibold text-ink">{t("now")}</span>
        )}
      </div>
    </div>
  );
}

/** What has run of a stretch, [from, to, after due?]: cut at the due instant. */
function parts(band: Band, dueAt: number | null, end: number): [number, number, boolean][] {
  const to = Math.min(band.to, end);
  const cut = dueAt === null ? to : Math.min(Math.max(dueAt, band.from), to);
  return (
    [
      [band.from, cut, false],
      [cut, to, true],
    ] as [number, number, boolean][]
  ).filter(([a, b]) => b > a);
}
