/** Import of a real pipeline: 8,800 deals read, mapped, written and started, on SQLite with synced commits. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openSqlite } from "@/db/sqlite/store.ts";
import { importRecords } from "@/server/commands/import-records.ts";
import { presets } from "@/server/interop/csv/presets.ts";
import { readShippedTemplate } from "@/server/templates/index.ts";
import { openBench } from "@/tests/stories/bench.ts";
import type { Figure } from "./figure.ts";

const folder = path.join(process.cwd(), "../shared/data/crm");
/** The goal: 8,800 opportunities imported and started in so many seconds. */
const goalSeconds = 10;

export async function importFigures(): Promise<Figure[]> {
  if (!existsSync(folder)) return [];
  const home = mkdtempSync(path.join(tmpdir(), "millrace-bench-imports-"));
  const store = openSqlite({ file: path.join(home, "imports.db") });
  try {
    const bench = await openBench(store);
    await bench.publish(await readShippedTemplate("opportunity_to_close"));
    const bring = async (key: string, file: string, start?: string) => {
      const answer = await importRecords(bench.engine, bench.ask(), {
        fileName: file,
        bytes: readFileSync(path.join(folder, file)),
        mapping: presets.find((preset) => preset.key === key)!,
        start,
      });
      if (!answer.ok) throw new Error(answer.text);
      return answer;
    };
    await bring("crm-accounts", "accounts.csv");
    await bring("crm-products", "products.csv");
    await bring("crm-sales-teams", "sales_teams.csv");
    const began = performance.now();
    const deals = await bring("crm-sales-pipeline", "sales_pipeline.csv", "opportunity_to_close");
    const seconds = (performance.now() - began) / 1000;
    if (deals.created !== 8800 || deals.started !== 8800)
      throw new Error(`${deals.created} deals came in and ${deals.started} were started`);
    return [
      {
        name: "8,800 deals imported and started",
        value: seconds,
        unit: "s",
        reference: null,
        ratio: null,
        goal: `<= ${goalSeconds} s`,
        ok: seconds <= goalSeconds,
      },
    ];
  } finally {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  }
}
