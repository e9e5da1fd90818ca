import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { importRecords, undoImport } from "@/server/commands/import-records.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { presets } from "@/server/interop/csv/presets.ts";
import { readShippedTemplate } from "@/server/templates/index.ts";
import { onSqlite } from "../support/databases.ts";
import { openBench } from "./bench.ts";

const folder = path.join(process.cwd(), "../shared/data/crm");
const open = onSqlite();

it.runIf(existsSync(folder))(
  "a real pipeline of 8,800 deals comes in, is found by its owners, and can be taken back",
  async () => {
    const bench = await openBench(await open(), Date.UTC(2026, 2, 2, 2));
    const bring = async (key: string, file: string) => {
      const mapping = presets.find((p) => p.key === key)!;
      const answer = await importRecords(bench.engine, bench.ask(), {
        fileName: file,
        bytes: readFileSync(path.join(folder, file)),
        mapping,
      });
      if (!answer.ok) throw new Error(answer.text);
      return answer;
    };
    expect(await bring("crm-accounts", "accounts.csv")).toMatchObject({ total: 85, created: 85, failed: 0 });
    expect(await bring("crm-products", "products.csv")).toMatchObject({ created: 7, failed: 0 });
    expect(await bring("crm-sales-teams", "sales_teams.csv")).toMatchObject({ total: 35, failed: 0 });
    const deals = await bring("crm-sales-pipeline", "sales_pipeline.csv");
    expect(deals).toMatchObject({ total: 8800, created: 8800, failed: 0 });
    const again = await bring("crm-sales-pipeline", "sales_pipeline.csv");
    expect(again).toMatchObject({ created: 0, updated: 8800 });
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, records: 85 + 7 + 8800 });
    expect(await undoImport(bench.engine, bench.ask(), deals.importId)).toMatchObject({
      ok: true,
      removed: 0,
      kept: 8800,
    });
    expect(await undoImport(bench.engine, bench.ask(), again.importId)).toMatchObject({ ok: true, restored: 8800 });
  },
  120_000,
);

it.runIf(existsSync(folder))("imported deals start their runs in the process that is asked for", async () => {
  const bench = await openBench(await open());
  await bench.publish(await readShippedTemplate("opportunity_to_close"));
  for (const [key, file] of [
    ["crm-accounts", "accounts.csv"],
    ["crm-products", "products.csv"],
    ["crm-sales-teams", "sales_teams.csv"],
  ] as const)
    await importRecords(bench.engine, bench.ask(), {
      fileName: file,
      bytes: readFileSync(path.join(folder, file)),
      mapping: presets.find((p) => p.key === key)!,
    });
  const text = readFileSync(path.join(folder, "sales_pipeline.csv"), "utf8").split(/\r?\n/).slice(0, 41).join("\r\n");
  const answer = await importRecords(bench.engine, bench.ask(), {
    fileName: "some.csv",
    bytes: new TextEncoder().encode(text),
    mapping: presets.find((p) => p.key === "crm-sales-pipeline")!,
    start: "opportunity_to_close",
  });
  expect(answer).toMatchObject({ ok: true, created: 40, started: 40 });
  expect(bench.errors).toEqual([]);
});
