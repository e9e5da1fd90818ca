import Link from "next/link";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { wholeTicks } from "../charts/bands.ts";
import { swarm } from "../charts/swarm.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { ageLook, lines } from "./ageing-look.ts";
import type { Ageing, To } from "./report-screen.tsx";

/**
 * A column for each step, a dot for each open visit, as high as it is old. One tab stop: left and right move between steps, up and
 * down between the dots of one, Enter opens the record.
 */
export function AgeingChart({
  ageing,
  nameOf,
  said,
  dot,
  move,
  open,
  to,
}: {
  ageing: Ageing;
  nameOf: (node: string) => string;
  /** A dot in words. */
  said: (dot: number) => string;
  /** Place in the list of the one that is looked at. */
  dot: number | null;
  move: (dot: number | null) => void;
  open: (dot: number) => void;
  to: To;
}) {
  const t = useTranslations("reports.ageing");
  const format = useFormat();
  const { steps, stays } = ageing;
  const ticks = useMemo(
    () => wholeTicks(Math.max(...steps.map(({ p95 }) => p95 ?? 0), ...stays.map(({ days }) => days))),
    [steps, stays],
  );
  const top = ticks.at(-1)!;
  /** By column, the youngest first. */
  const columns = useMemo(
    () =>
      steps.map(({ node }) => {
        const here = stays
          .flatMap((stay, at) => (stay.node === node ? [{ at, days: stay.days }] : []))
          .sort((a, b) => a.days - b.days);
        const moved = swarm(
          here.map(({ days }) => days / top),
          26,
        );
        return here.map((one, i) => ({ ...one, aside: moved[i]! }));
      }),
    [steps, stays, top],
  );
  const column = dot === null ? -1 : columns.findIndex((list) => list.some(({ at }) => at === dot));
  const show = (at: number) => {
    move(at);
    document.getElementById(`age-${at}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const walk = (by: 1 | -1) => {
    const list = columns[column];
    if (!list) return toColumn(0, 1);
    const next = list[list.findIndex(({ at }) => at === dot) + by];
    if (next) show(next.at);
  };
  const toColumn = (from: number, by: 1 | -1) => {
    for (let i = from; i >= 0 && i < columns.length; i += by) {
      const oldest = columns[i]!.at(-1);
      if (oldest) return show(oldest.at);
    }
  };
  const keys: Record<string, () => void> = {
    ArrowUp: () => walk(1),
    ArrowDown: () => walk(-1),
    ArrowRight: () => toColumn(column + 1, 1),
    ArrowLeft: () => toColumn(column < 0 ? columns.length - 1 : column - 1, -1),
    Home: () => toColumn(0, 1),
    End: () => toColumn(columns.length - 1, -1),
    Enter: () => dot !== null && open(dot),
    Escape: () => move(null),
  };
  const grid = { gridTemplateColumns: `2rem repeat(${steps.length}, minmax(4.5rem, 1fr))` };
  const height = (days: number) => `${(days / top) * 100}%`;
  const dotOf = (target: EventTarget) => {
    const found = target instanceof Element ? target.closest("[data-dot]") : null;
    return found ? Number(found.getAttribute("data-dot")) : null;
  };
  return (
    <div className="-mx-3 overflow-x-auto px-3 pt-3">
      <div
        role="listbox"
        tabIndex={0}
        aria-label={t("dots")}
        aria-describedby="ageing-keys"
        aria-activedescendant={dot === null ? undefined : `age-${dot}`}
        className="grid h-72 min-w-max outline-offset-8"
        style={grid}
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
          event.preventDefault();
          act();
        }}
        onPointerOver={(event) => {
          const found = dotOf(event.target);
          if (found !== null) move(found);
        }}
        onClick={(event) => {
          const found = dotOf(event.target);
          if (found === null) return;
          move(found);
          // A finger looks first: the name beside the chart opens the record.
          const finger = event.nativeEvent instanceof PointerEvent && event.nativeEvent.pointerType === "touch";
          if (!finger) open(found);
        }}
      >
        <div aria-hidden className="relative text-2xs text-ink-3 tabular-nums">
          {ticks.map((tick) => (
            <span key={tick} className="absolute right-2 translate-y-1/2" style={{ bottom: height(tick) }}>
              {format.number(tick, 0)}
            </span>
          ))}
        </div>
        {steps.map((step, i) => (
          <div key={step.node} className={cn("relative border-l border-line", i === column && "bg-sunken")}>
            {ticks.map((tick) => (
              <span
                key={tick}
                aria-hidden
                className="absolute inset-x-0 h-px bg-line"
                style={{ bottom: height(tick) }}
              />
            ))}
            {lines.map(({ key, look }) =>
              step[key] === null ? null : (
                <span
                  key={key}
                  aria-hidden
                  className={cn("absolute inset-x-1.5", look)}
                  style={{ bottom: height(step[key]) }}
                />
              ),
            )}
            {columns[i]!.map(({ at, days, aside }) => (
              <span
                key={at}
                id={`age-${at}`}
                data-dot={at}
                role="option"
                aria-selected={at === dot}
                aria-label={said(at)}
                className="absolute left-1/2 grid size-4 cursor-pointer place-items-center"
                style={{ bottom: height(days), transform: `translate(calc(-50% + ${aside * 10}px), 50%)` }}
              >
                <span
                  className={cn(
                    "block",
                    ageLook(stays[at]!.pace),
                    at === dot && "scale-150 outline-2 outline-offset-1 outline-ink",
                  )}
                />
              </span>
            ))}
          </div>
        ))}
      </div>
      <div className="grid min-w-max pt-2" style={grid}>
        <span />
        {steps.map(({ node, open: count }) => (
          // The keyboard finds the steps in the table below.
          <Link
            key={node}
            href={to({ sel: node })}
            scroll={false}
            tabIndex={-1}
            className="w-0 min-w-full px-1 pt-1 text-center text-2xs text-ink-2 hover:underline"
          >
            <span className="line-clamp-2">{nameOf(node)}</span>
            <span className="text-ink-3">{t("openShort", { n: count })}</span>
          </Link>
        ))}
      </div>
    </div>
  );
}
