import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { bandPath, cumulated, wholeTicks } from "../charts/bands.ts";
import { useFormat } from "../ui/locale.tsx";
import { DayFrame, dayAt, frameHeight, frameWidth } from "./day-frame.tsx";
import { dateOf, fillOf } from "./flow-look.ts";
import type { Flow } from "./report-screen.tsx";

/**
 * One step, cumulated: all that came in above all that left. Upright between the lines is what was in progress, along between them
 * about how long it takes.
 */
export function FlowStep({ flow, at, name, day }: { flow: Flow; at: number; name: string; day: number }) {
  const t = useTranslations("reports.flow");
  const format = useFormat();
  const step = flow.steps[at]!;
  const days = step.wip.length;
  const band = useMemo(() => ({ high: cumulated(step.wipStart, step.in), low: cumulated(0, step.out) }), [step]);
  const ticks = useMemo(() => wholeTicks(band.high.at(-1)!), [band]);
  const top = ticks.at(-1)!;
  const said = t("cumulated", {
    day: format.day(dateOf(flow.first + day)),
    start: step.wipStart,
    in: band.high[day]! - step.wipStart,
    out: band.low[day]!,
    wip: step.wip[day]!,
  });
  return (
    <div className="grid gap-2">
      <p className="text-sm font-semibold">
        {t.rich("cumulatedTitle", { step: name, em: (chunks) => <em>{chunks}</em> })}
        <span className="block text-xs font-normal text-ink-3">{said}</span>
      </p>
      <DayFrame
        first={flow.first}
        days={days}
        ticks={ticks}
        role="img"
        aria-label={`${name}. ${said}`}
        className="h-40"
      >
        <svg
          aria-hidden
          viewBox={`0 0 ${frameWidth} ${frameHeight}`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full"
        >
          <path
            d={bandPath(band, top, frameWidth, frameHeight)}
            vectorEffect="non-scaling-stroke"
            style={{ fill: fillOf(at), stroke: "var(--ink-2)", strokeWidth: 1 }}
          />
        </svg>
        <span aria-hidden className="absolute inset-y-0 w-px bg-ink" style={{ left: `${dayAt(day, days)}%` }} />
      </DayFrame>
    </div>
  );
}
