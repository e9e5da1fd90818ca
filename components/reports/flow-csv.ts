import type { Ageing, Flow } from "./report-screen.tsx";
import { csvText } from "./report-csv.ts";
import { dateOf } from "./flow-look.ts";

type Words = (key: string) => string;
const columns = [
  "arrivals",
  "completions",
  "skips",
  "cancellations",
  "rework",
  "wipStart",
  "wipEnd",
  "net",
  "p50",
  "p85",
  "touch",
  "blocked",
] as const;

/** The table of steps as a file, each line with its period. Times in ms. */
export function flowCsv(flow: Flow, nameOf: (node: string) => string, t: Words): string {
  const [from, to] = [dateOf(flow.first), dateOf(flow.last)];
  const head = ["from", "to", "step", ...columns].map((key) => t(`flow.csv.${key}`));
  return csvText([head, ...flow.steps.map((s) => [from, to, nameOf(s.node), ...columns.map((key) => s[key])])]);
}

/** What the chart shows: a line for each day and step. */
export function flowDaysCsv(flow: Flow, nameOf: (node: string) => string, t: Words): string {
  const head = ["day", "step", "in", "out", "wip"].map((key) => t(`flow.csv.${key}`));
  const rows = Array.from({ length: flow.last - flow.first + 1 }, (_, i) =>
    flow.steps.map((s) => [dateOf(flow.first + i), nameOf(s.node), s.in[i]!, s.out[i]!, s.wip[i]!]),
  );
  return csvText([head, ...rows.flat()]);
}

/** The dots of the ageing chart, a line each. */
export function ageingCsv(ageing: Ageing, nameOf: (node: string) => string, t: Words): string {
  const steps = new Map(ageing.steps.map((step) => [step.node, step]));
  const head = ["record", "step", "owner", "entered", "age", "pace", "n", "p50", "p85", "p95"].map((key) =>
    t(`ageing.csv.${key}`),
  );
  const rows = ageing.stays.map((stay) => {
    const step = steps.get(stay.node);
    const entered = new Date(stay.enteredAt).toISOString();
    const usual = [step?.n ?? 0, step?.p50 ?? null, step?.p85 ?? null, step?.p95 ?? null];
    return [stay.title, nameOf(stay.node), stay.owner, entered, stay.days, stay.pace, ...usual];
  });
  return csvText([head, ...rows]);
}
