/** What a durable step costs beside a million stored visits, with their tasks and facts, and beside ten thousand. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type Database from "better-sqlite3";
import { openSqlite } from "@/db/sqlite/store.ts";
import { type Figure, median } from "./figure.ts";
import { openClients } from "./through-engine.ts";

const clients = 64;
const stepsEach = 20;
const rounds = 5;

export async function scale(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-bench-"));
  const open = async (visits: number) => {
    const store = openSqlite({ file: path.join(folder, `${visits}.db`) });
    const { go } = await openClients(store, "whole", clients);
    fill(store.writer, visits);
    return { store, go };
  };
  const small = await open(10_000);
  const large = await open(1_000_000);
  await small.go(2);
  await large.go(2);
  const costs: { small: number; large: number }[] = [];
  // By turns, so that both have the same machine.
  for (let round = 0; round < rounds; round++)
    costs.push({ small: 1e6 / (await small.go(stepsEach)).rate, large: 1e6 / (await large.go(stepsEach)).rate });
  await small.store.close();
  await large.store.close();
  rmSync(folder, { recursive: true, force: true });
  const ratio = median(costs.map((cost) => cost.large / cost.small));
  return [
    {
      name: "a durable step beside a million stored visits",
      value: median(costs.map((cost) => cost.large)),
      unit: "µs",
      reference: { name: "beside ten thousand", value: median(costs.map((cost) => cost.small)) },
      ratio,
      goal: "≤ 1.2 times",
      ok: ratio <= 1.2,
    },
  ];
}

/** Closed visits of other runs, a hundred each, spread over a year: each with its task and a fact, as the first of ours has them. */
function fill(db: Database.Database, visits: number): void {
  const numbers = `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${visits - 1})`;
  const copy = (table: string, own: Record<string, string>) => {
    const columns = (db.prepare(`select name from pragma_table_info('${table}')`).all() as { name: string }[]).map(
      ({ name }) => name,
    );
    const chosen = columns.map((name) => own[name] ?? `s."${name}"`).join(", ");
    db.exec(
      `${numbers} insert into "${table}" (${columns.map((name) => `"${name}"`).join(", ")})
       select ${chosen} from n, (select * from "${table}" where workspace_id = 'ws_test' limit 1) s`,
    );
  };
  const run = "'run_filler_' || (i / 100)";
  const at = "s.entered_at - (i % 31536000) * 1000";
  copy("step_visit", { run_id: run, visit: "'v' || (i % 100 + 1)", entered_at: at, left_at: `${at} + 60000` });
  const offered = "s.offered_at - (i % 31536000) * 1000";
  copy("work_item", {
    run_id: run,
    work: "'w' || (i % 100 + 1)",
    visit: "'v' || (i % 100 + 1)",
    state: "'completed'",
    offered_at: offered,
    completed_at: `${offered} + 60000`,
    completed_by: "'lan'",
  });
  // Numbered below nothing that counts: the log's head stays where it is.
  copy("event", { seq: "-1 - i", stream_id: run, version: "i % 100 + 1" });
}
