/** Colours of steps in the flow: the six of the categories, then the same in lighter tints. A name stands beside each. */
const tints = [100, 62, 34];

export const fillOf = (index: number): string => {
  const colour = `var(--cat-${(index % 6) + 1})`;
  const tint = tints[Math.floor(index / 6) % tints.length]!;
  return tint === 100 ? colour : `color-mix(in srgb, ${colour} ${tint}%, var(--surface))`;
};

/** `2026-11-26` of days since 1970-01-01. */
export const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** Days a visit takes by Little's law: in progress ÷ what leaves on a mean day; null where nothing is there, or nothing leaves. */
export const leadDays = (wip: number, leavesADay: number): number | null =>
  wip > 0 && leavesADay > 0 ? wip / leavesADay : null;
