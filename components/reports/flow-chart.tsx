import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { bandAt, bandPath, stackBands, wholeTicks } from "../charts/bands.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { DayFrame, dayAt, frameHeight, frameWidth } from "./day-frame.tsx";
import { dateOf, fillOf, leadDays } from "./flow-look.ts";
import type { Flow } from "./report-screen.tsx";

/**
 * A band for each step, as high as what is in it at the end of each day. One tab stop: left and right move along the days, up and
 * down along the steps, Enter opens the visits of the step.
 */
export function FlowChart({
  flow,
  nameOf,
  day,
  step,
  sel,
  move,
  open,
}: {
  flow: Flow;
  nameOf: (node: string) => string;
  /** Places in the lists: of the day the cursor is on, and of the step it is on, if any. */
  day: number;
  step: number | null;
  /** The step whose visits stand below. */
  sel: string | null;
  move: (day: number, step: number | null) => void;
  open: (node: string) => void;
}) {
  const t = useTranslations("reports.flow");
  const format = useFormat();
  const { steps } = flow;
  const days = flow.last - flow.first + 1;
  const chosen = steps.findIndex(({ node }) => node === sel);
  const lit = step ?? (chosen < 0 ? null : chosen);
  const bands = useMemo(() => stackBands(steps.map(({ wip }) => wip)), [steps]);
  const ticks = useMemo(() => wholeTicks(Math.max(0, ...(bands[0]?.high ?? []))), [bands]);
  const top = ticks.at(-1)!;
  const paths = useMemo(() => bands.map((band) => bandPath(band, top, frameWidth, frameHeight)), [bands, top]);
  const y = (value: number) => (1 - value / top) * 100;
  const at = (event: { clientX: number; clientY: number; currentTarget: Element }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const level = (1 - (event.clientY - box.top) / box.height) * top;
    return { day: Math.round(part * (days - 1)), step: bandAt(bands, part * (days - 1), level) };
  };
  const keys: Record<string, () => void> = {
    ArrowLeft: () => move(Math.max(0, day - 1), step),
    ArrowRight: () => move(Math.min(days - 1, day + 1), step),
    PageDown: () => move(Math.max(0, day - 7), step),
    PageUp: () => move(Math.min(days - 1, day + 7), step),
    Home: () => move(0, step),
    End: () => move(days - 1, step),
    ArrowUp: () => move(day, Math.max(0, (step ?? steps.length) - 1)),
    ArrowDown: () => move(day, Math.min(steps.length - 1, (step ?? -1) + 1)),
    Enter: () => step !== null && open(steps[step]!.node),
    Escape: () => move(day, null),
  };
  const said = (index: number) => {
    const { node, wip, leavesADay } = steps[index]!;
    const lead = leadDays(wip[day]!, leavesADay);
    return lead === null
      ? t("saidNoLead", { step: nameOf(node), wip: wip[day]! })
      : t("said", { step: nameOf(node), wip: wip[day]!, lead: format.number(lead) });
  };
  const total = bands[0]?.high[day] ?? 0;
  return (
    <DayFrame
      first={flow.first}
      days={days}
      ticks={ticks}
      role="slider"
      tabIndex={0}
      aria-label={t("cursor")}
      aria-describedby="flow-keys"
      aria-valuemin={0}
      aria-valuemax={days - 1}
      aria-valuenow={day}
      aria-valuetext={`${format.day(dateOf(flow.first + day))}: ${step === null ? t("saidTotal", { wip: total }) : said(step)}`}
      className={cn("h-56 touch-pan-y md:h-72", step !== null && "cursor-pointer")}
      onKeyDown={(event) => {
        const act = keys[event.key];
        if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        act();
      }}
      onPointerMove={(event) => {
        const to = at(event);
        if (to.day !== day || to.step !== step) move(to.day, to.step);
      }}
      onPointerLeave={(event) => event.pointerType === "mouse" && move(days - 1, null)}
      onClick={(event) => {
        const to = at(event);
        move(to.day, to.step);
        // A finger looks first: the names beside the chart open what it found.
        const finger = event.nativeEvent instanceof PointerEvent && event.nativeEvent.pointerType === "touch";
        if (to.step !== null && !finger) open(steps[to.step]!.node);
      }}
    >
      <svg
        aria-hidden
        viewBox={`0 0 ${frameWidth} ${frameHeight}`}
        preserveAspectRatio="none"
        className="absolute inset-0 size-full"
      >
        {paths.map((path, i) => (
          <path
            key={steps[i]!.node}
            d={path}
            vectorEffect="non-scaling-stroke"
            style={{ fill: fillOf(i), stroke: "var(--surface)", strokeWidth: days > 120 ? 0.4 : 1 }}
            opacity={lit === null || lit === i ? 1 : 0.35}
          />
        ))}
      </svg>
      {bands.map((band, i) => {
        const [low, high] = [band.low[days - 1]!, band.high[days - 1]!];
        if ((high - low) / top < 0.09) return null;
        return (
          <span
            key={steps[i]!.node}
            className="pointer-events-none absolute right-2 max-w-[45%] -translate-y-1/2 truncate rounded-sm bg-surface px-1.5 py-px text-2xs text-ink"
            style={{ top: `${y((low + high) / 2)}%` }}
          >
            {nameOf(steps[i]!.node)}
          </span>
        );
      })}
      <span
        aria-hidden
        className="pointer-events-none absolute inset-y-0 w-px bg-ink"
        style={{ left: `${dayAt(day, days)}%` }}
      />
    </DayFrame>
  );
}
