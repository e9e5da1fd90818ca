import { clsx, type ClassValue } from "clsx";

/** What a class sets, by the shape of its name; the first row that fits counts. `$1`: what the brackets hold. */
const groups: readonly [group: string, fits: RegExp][] = [
  ["display", /^(?:hidden|block|inline|inline-block|flex|inline-flex|grid|table|table-cell|contents)$/],
  ["sr-only", /^(?:not-)?sr-only$/],
  ["position", /^(?:static|fixed|absolute|relative|sticky)$/],
  ["text-size", /^text-(?:\d?xs|sm|base|lg|\d?xl|\[\d.*)$/],
  ["text-align", /^text-(?:left|center|right)$/],
  ["font-weight", /^font-(?:normal|medium|semibold|bold)$/],
  ["border-style", /^border-(?:solid|dashed|dotted|double)$/],
  ["border", /^border(?:-\d)?$/],
  ["border-$1", /^border-([xytrbl])(?:-\d)?$/],
  ["border-$1-colour", /^border-([xytrbl])-/],
  ["border-colour", /^border-(?!collapse)/],
  ["$1", /^(ring|ring-offset|stroke)(?:-\d|-\[\d.*)?$/],
  ["$1-colour", /^(ring-offset|ring|stroke)-/],
  ["outline", /^outline(?:-\d)?$/],
  ["flex-wrap", /^flex-(?:wrap|nowrap)$/],
  ["decoration", /^(?:underline|line-through|no-underline)$/],
  // The rest is named for what it sets: `px` of `px-3`, `mt` of `-mt-2`.
  [
    "$1",
    /^-?(text|bg|rounded-t|rounded|grid-cols|grid-rows|col-span|row-span|gap-[xy]|gap|min-[hw]|max-[hw]|[hwzp]|size|[pm][xytrbl]|m|top|left|right|bottom|inset-[xy]|inset|justify-items|justify-self|justify|items|content|self|place-items|leading|opacity|overflow-[xy]|overflow|rotate|translate-[xy]|transition|duration|cursor|line-clamp|shadow|list|whitespace|fill|accent|pointer-events|flex(?!-(?:col|row))|shrink|grow|basis|order|break|col-start|underline-offset|outline-offset|scroll-mt)(?:-|$)/,
  ],
];
const sides = (name: string, ends = "") => [..."xytrbl"].map((side) => name + side + ends);
/** What else is set by setting one. */
const over: Readonly<Record<string, readonly string[]>> = {
  size: ["w", "h"],
  p: sides("p"),
  px: ["pr", "pl"],
  py: ["pt", "pb"],
  m: sides("m"),
  mx: ["mr", "ml"],
  my: ["mt", "mb"],
  gap: ["gap-x", "gap-y"],
  inset: ["inset-x", "inset-y", "top", "right", "bottom", "left"],
  "inset-x": ["right", "left"],
  "inset-y": ["top", "bottom"],
  overflow: ["overflow-x", "overflow-y"],
  rounded: ["rounded-t"],
  border: sides("border-"),
  "border-y": ["border-t", "border-b"],
  "border-x": ["border-l", "border-r"],
  "border-colour": sides("border-", "-colour"),
  "text-size": ["leading"],
  flex: ["shrink", "grow", "basis"],
  "line-clamp": ["display", "overflow"],
};

/** Class names, later ones win. cn.test.ts holds it against tailwind-merge, which weighs ten times as much. */
export function cn(...names: ClassValue[]): string {
  const kept: string[] = [];
  const set = new Set<string>();
  for (const name of clsx(names).split(" ").reverse()) {
    const sets = settingsOf(name);
    if (sets[0] !== undefined && set.has(sets[0])) continue;
    for (const one of sets) set.add(one);
    kept.push(name);
  }
  return kept.reverse().join(" ");
}

/** Classes are written in the source, so there are as many as the screens use. */
const known = new Map<string, string[]>();

/** What a class sets, first its own group, each with its condition: `lg:hover:px`. Nothing: it never gives way. */
function settingsOf(name: string): string[] {
  let sets = known.get(name);
  if (!sets) {
    const flat = name.replace(/\[[^\]]*\]/g, (inner) => "_".repeat(inner.length));
    const when = name.slice(0, /^(?:[^:]*:)*!?/.exec(flat)![0].length);
    const group = groupOf(name.slice(when.length));
    sets = group ? [group, ...(over[group] ?? [])].map((one) => when + one) : [];
    known.set(name, sets);
  }
  return sets;
}

function groupOf(name: string): string | undefined {
  for (const [group, fits] of groups) {
    const found = fits.exec(name);
    if (found) return group.replace("$1", found[1] ?? "");
  }
  return undefined;
}
