/** Which item of a for-each a task is about: several of the same name stand in one inbox. */
import type { InboxItem } from "@/db/queries/inbox.ts";
import { findRecords } from "@/db/queries/records.ts";
import { runStates } from "@/db/queries/world.ts";
import type { Run } from "@/server/engine/model.ts";
import { engineRecord } from "@/server/commands/load-world.ts";
import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";
import { itemName, itemRecords } from "./explain-flow.ts";
import type { InboxDeps } from "./read-inbox.ts";

/** By `run.work`, for open work inside a for-each; only runs with such work are read. */
export async function itemTitles(
  { store, contexts }: InboxDeps,
  context: WorkspaceContext,
  items: readonly Pick<InboxItem, "workspaceId" | "process" | "version" | "node" | "runId" | "work">[],
): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  const [first] = items;
  if (!first) return titles;
  const inside = await Promise.all(
    items.map(async (item) => {
      const process = await contexts.version(item.workspaceId, item.process, item.version);
      return process?.nodes.get(item.node)?.node.in ? [item] : [];
    }),
  );
  const asked = inside.flat();
  if (asked.length === 0) return titles;
  const rows = await runStates(store, {
    workspaceId: first.workspaceId,
    runs: [...new Set(asked.map(({ runId }) => runId))],
  });
  const runs = new Map(rows.map((row) => [row.state.id, row.state]));
  const ids = [...runs.values()].flatMap(itemRecords);
  const records = new Map(
    (await findRecords(store, first.workspaceId, [...new Set(ids)])).map((row) => [row.id, engineRecord(row)]),
  );
  const known = { records, title: (one: ReturnType<typeof engineRecord>) => context.model.title(one.type, one.values) };
  for (const { runId, work } of asked) {
    const run = runs.get(runId);
    const title = run && itemOfWork(run, work, known);
    if (title) titles.set(`${runId}.${work}`, title);
  }
  return titles;
}

function itemOfWork(run: Run, work: string, known: Parameters<typeof itemName>[2]): string | null {
  for (let scope = run.scopes?.[run.tokens[run.work[work]?.token ?? ""]?.scope ?? ""]; scope; ) {
    if (scope.item !== undefined) return itemName(scope.item, run.tokens[scope.token]?.loop?.records === true, known);
    scope = scope.parent ? run.scopes?.[scope.parent] : undefined;
  }
  return null;
}
