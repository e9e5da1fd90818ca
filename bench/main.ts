/** Every benchmark, printed as a table or, with --json, as a list of figures. */
import { durable } from "./durable.ts";
import { expressions } from "./expressions.ts";
import type { Figure } from "./figure.ts";
import { importFigures } from "./imports.ts";

const figures: Figure[] = [...(await durable()), ...expressions(), ...(await importFigures())];
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
