/** Walks a shipped template as its people would: a whole company, the templates published, and steps finished by name. */
import type { Store } from "@/db/store.ts";
import type { Plain } from "@/server/engine/model.ts";
import { readShippedTemplate } from "@/server/templates/index.ts";
import { type Bench, openBench } from "./bench.ts";

export { finish, placeOf } from "../support/flow-play.ts";

const person = (id: string, managerId: string | null, ...processRoles: string[]) => ({
  id,
  name: id,
  roles: ["rep"],
  processRoles,
  managerId,
});
/** Two of each role that work is taken from and given to; one of each that decides. */
export const company = [
  person("an", "chi", "sdr"),
  person("binh", "chi", "sdr"),
  person("chi", null, "sdr_manager"),
  person("lan", "mai", "ae"),
  person("tom", "mai", "ae"),
  person("mai", null, "sales_manager"),
  person("son", null, "sales_director"),
  person("dung", "vy", "am", "csm"),
  person("vy", null, "cs_manager"),
  person("em", null, "se", "implementation"),
  person("giang", null, "legal"),
  person("ha", null, "finance", "deal_desk"),
  person("khoa", null, "order_ops", "billing"),
  person("nga", "oanh", "collector"),
  person("oanh", null, "ar_manager"),
  person("phuc", null, "executive"),
  { ...person("linh", null), roles: ["ops", "admin"] },
];

export async function openTemplates(
  store: Store,
  keys: readonly string[],
  outside: Parameters<typeof openBench>[3] = {},
): Promise<Bench> {
  const bench = await openBench(store, Date.UTC(2026, 2, 2, 2), company, outside);
  for (const key of keys) await bench.publish(await readShippedTemplate(key));
  return bench;
}

/** The one run of this process for the record. */
export async function runOf(bench: Bench, recordId: string, process?: string): Promise<string> {
  await bench.engine.worker.drain();
  const rows = (await bench.runsOf(recordId)).filter((row) => !process || row.process === process);
  if (rows.length !== 1) throw new Error(`${rows.length} runs of ${process ?? "any process"} for ${recordId}`);
  return rows[0]!.id;
}

/** Every node that some run of the workspace entered, by process. */
export async function entered(bench: Bench, process: string): Promise<Set<string>> {
  const { t, read } = bench.store;
  const runs = new Set((await read.select().from(t.run)).filter((r) => r.process === process).map((r) => r.id));
  const nodes = new Set<string>();
  for (const event of await read.select().from(t.event))
    if (event.streamKind === "run" && runs.has(event.streamId)) {
      const node = (event.data as { node?: Plain }).node;
      if (event.type === "TokenEntered" && typeof node === "string") nodes.add(node);
    }
  return nodes;
}
