/** Every benchmark, printed as a table or, with --json, as a list of figures. */
import { calendar } from "./calendar.ts";
import { core } from "./core.ts";
import { durable } from "./durable.ts";
import { expressions } from "./expressions.ts";
import type { Figure } from "./figure.ts";
import { importFigures } from "./imports.ts";
import { pages } from "./pages.ts";
import { onPostgres } from "./postgres.ts";
import { scale } from "./scale.ts";
import { soundness } from "./soundness.ts";
import { timers } from "./timers.ts";

// `npm run bench -- core pages`: only these.
const all: Record<string, () => Figure[] | Promise<Figure[]>> = {
  core,
  durable,
  postgres: onPostgres,
  scale,
  timers,
  expressions,
  calendar,
  soundness,
  pages,
  imports: importFigures,
};
const asked = process.argv.slice(2).filter((word) => word in all);
const figures: Figure[] = [];
for (const name of asked.length ? asked : Object.keys(all)) figures.push(...(await all[name]!()));
if (process.argv.includes("--json")) console.log(JSON.stringify(figures, null, 2));
else {
  for (const f of figures) {
    const reference = f.reference === null ? "" : `, beside ${f.reference.name} ${round(f.reference.value)} ${f.unit}`;
    const ratio = f.ratio === null ? "" : `, ratio ${f.ratio.toFixed(2)}`;
    const goal = f.goal === null ? "" : ` (goal ${f.goal}: ${f.ok ? "met" : "missed"})`;
    console.log(`${f.name}: ${round(f.value)} ${f.unit}${reference}${ratio}${goal}`);
  }
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
