import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import type { Story } from "./clock-card.tsx";

/** How the time went, from the start to the end or now: running, standing still, closed. Closed stretches are drawn short. */
export function ClockBar({ clock }: { clock: Story }) {
  const t = useTranslations("clock");
  const format = useFormat();
  const { dueAt } = clock;
  // A stretch that runs past the due time is two: in time, and late.
  const bands = clock.bands.flatMap((band) =>
    band.kind === "open" && dueAt !== null && band.from < dueAt && dueAt < band.to
      ? [
          { ...band, to: dueAt },
          { ...band, from: dueAt },
        ]
      : [band],
  );
  const first = bands[0];
  const last = bands.at(-1);
  if (!first || !last) return null;
  const counted = bands.reduce((sum, band) => sum + (band.kind === "closed" ? 0 : band.to - band.from), 0);
  const cap = Math.max(counted * 0.06, (last.to - first.from) * 0.01, 1);
  const widths = bands.map((band) =>
    band.kind === "closed" ? Math.min(band.to - band.from, cap) : band.to - band.from,
  );
  const whole = widths.reduce((a, b) => a + b, 0);
  const look = { open: "bg-ok-solid", paused: "bg-mute-solid", closed: "hatched" } as const;
  const kinds = (["open", "paused", "closed"] as const).filter((kind) => bands.some((band) => band.kind === kind));
  const late = (band: (typeof bands)[number]) => band.kind === "open" && dueAt !== null && band.from >= dueAt;
  return (
    <figure className="grid gap-1">
      <div
        role="img"
        aria-label={bands
          .map((band) => t(`band.${band.kind}`, { from: format.dateTime(band.from), to: format.dateTime(band.to) }))
          .join(", ")}
        className="flex h-3 overflow-hidden rounded-sm border border-line-strong bg-surface"
      >
        {bands.map((band, i) => (
          <span
            key={band.from}
            title={t(`band.${band.kind}`, { from: format.dateTime(band.from), to: format.dateTime(band.to) })}
            className={cn("h-full", look[band.kind], late(band) && "bg-breach-solid")}
            style={{ width: `${(widths[i]! / whole) * 100}%` }}
          />
        ))}
      </div>
      <figcaption className="flex flex-wrap items-center gap-x-3 text-2xs text-ink-3">
        <span>{format.dateTime(first.from)}</span>
        {kinds.map((kind) => (
          <span key={kind} className="flex items-center gap-1">
            <span aria-hidden className={cn("size-2 rounded-xs border border-line-strong", look[kind])} />
            {t(`legend.${kind}`)}
          </span>
        ))}
        {bands.some(late) && (
          <span className="flex items-center gap-1">
            <span aria-hidden className="size-2 rounded-xs border border-line-strong bg-breach-solid" />
            {t("legend.late")}
          </span>
        )}
        <span className="ml-auto">{clock.stoppedAt === null ? t("now") : format.dateTime(last.to)}</span>
      </figcaption>
    </figure>
  );
}
