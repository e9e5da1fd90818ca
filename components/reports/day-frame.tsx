import type { ComponentProps, ReactNode } from "react";
import { spread } from "../charts/bands.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { dateOf } from "./flow-look.ts";

/** The room of drawings inside: they are stretched to the box. */
export const [frameWidth, frameHeight] = [1000, 400];
/** From the left, % of the box. */
export const dayAt = (day: number, days: number): number => (days === 1 ? 50 : (day / (days - 1)) * 100);

/** Whole numbers up, days along; what is drawn goes into the box between. */
export function DayFrame({
  first,
  days,
  ticks,
  children,
  className,
  ...box
}: {
  /** Days since 1970-01-01, and how many. */
  first: number;
  days: number;
  ticks: readonly number[];
  children: ReactNode;
} & ComponentProps<"div">) {
  const format = useFormat();
  const above = (tick: number) => ({ top: `${(1 - tick / ticks.at(-1)!) * 100}%` });
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 gap-y-1 text-2xs text-ink-3 tabular-nums">
      <div aria-hidden className="relative w-7 text-right">
        {ticks.map((tick) => (
          <span key={tick} className="absolute right-0 -translate-y-1/2" style={above(tick)}>
            {format.number(tick, 0)}
          </span>
        ))}
      </div>
      <div {...box} className={cn("relative", className)}>
        {ticks.map((tick) => (
          <span key={tick} aria-hidden className="absolute inset-x-0 h-px bg-line" style={above(tick)} />
        ))}
        {children}
      </div>
      <span />
      <div aria-hidden className="relative h-4">
        {spread(days, 5).map((i, k, all) => (
          <span
            key={i}
            className={cn(
              "absolute whitespace-nowrap",
              k > 0 && (k === all.length - 1 ? "-translate-x-full" : "-translate-x-1/2"),
              k % 2 === 1 && "max-sm:hidden",
            )}
            style={{ left: `${dayAt(i, days)}%` }}
          >
            {format.day(dateOf(first + i))}
          </span>
        ))}
      </div>
    </div>
  );
}
