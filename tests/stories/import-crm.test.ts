import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { importRecords } from "@/server/commands/import-records.ts";
import { undoImport } from "@/server/commands/undo-import.ts";
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

it.runIf(existsSync(folder))("only the deals that meet a condition, or were chosen, start runs", async () => {
  const bench = await openBench(await open());
  await bench.publish(await readShippedTemplate("opportunity_to_close"));
  const lines = readFileSync(path.join(folder, "sales_pipeline.csv"), "utf8").split(/\r?\n/);
  const mapping = {
    ...presets.find((p) => p.key === "crm-sales-pipeline")!,
    columns: [
      { column: "opportunity_id", field: "external_id" },
      {
        column: "deal_stage",
        field: "stage",
        values: { Engaging: "discovery", Won: "closed_won", Lost: "closed_lost" },
      },
    ],
    mayBeMissing: [{ field: "account_id" }, { field: "close_date" }, { field: "owner_id" }],
  };
  const bring = (from: number, more: { startWhen?: string; startRows?: number[] }) =>
    importRecords(bench.engine, bench.ask(), {
      fileName: "some.csv",
      bytes: new TextEncoder().encode([lines[0], ...lines.slice(from, from + 20)].join("\r\n")),
      mapping,
      start: "opportunity_to_close",
      ...more,
    });
  const open20 = lines.slice(1, 21).filter((line) => line.includes(",Engaging,")).length;
  expect(open20).toBeGreaterThan(0);
  const conditional = await bring(1, { startWhen: 'opportunity.stage = "discovery"' });
  expect(conditional).toMatchObject({ ok: true, created: 20, started: open20 });
  expect(await bring(21, { startRows: [2, 5] })).toMatchObject({ ok: true, created: 20, started: 2 });
  expect(await bring(41, { startWhen: "opportunity.stage = " })).toMatchObject({ ok: false, code: "INVALID" });
});

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
  if (!answer.ok) return;
  expect(await undoImport(bench.engine, bench.ask(), answer.importId)).toMatchObject({
    removed: 40,
    kept: 0,
    cancelled: 40,
  });
  const { read, t } = bench.store;
  expect((await read.select().from(t.run)).map((run) => run.status)).toEqual(
    Array.from({ length: 40 }, () => "cancelled"),
  );
  expect((await read.select().from(t.workItem)).filter((work) => work.completedAt === null)).toEqual([]);
  expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  expect(bench.errors).toEqual([]);
});
