import type { Action, Process } from "./process.ts";

/** Every list of actions of a process, with the step or SLA it belongs to. */
export function actionLists(process: Process): { node?: string; field: string; actions: readonly Action[] }[] {
  const lists: { node?: string; field: string; actions: readonly Action[] }[] = [];
  for (const { id, actions, onComplete, compensate } of process.nodes)
    for (const [field, list] of Object.entries({ actions, onComplete, compensate }))
      if (list) lists.push({ node: id, field, actions: list });
  for (const [key, sla] of Object.entries(process.slas)) {
    lists.push(
      { field: `slas.${key}.onWarn`, actions: sla.onWarn },
      { field: `slas.${key}.onBreach`, actions: sla.onBreach },
    );
    sla.ladder?.forEach((rung, i) => lists.push({ field: `slas.${key}.ladder.${i}.do`, actions: rung.do }));
  }
  return lists;
}

/** Keys of the connections that actions of a process name. */
export const namedConnections = (process: Process): ReadonlySet<string> =>
  new Set(actionLists(process).flatMap(({ actions }) => actions.flatMap((action) => connectionOf(action) ?? [])));

export function connectionOf(action: Action): string | undefined {
  if (action.verb === "connector") return action.connector;
  return action.verb === "http" || action.verb === "chat" ? action.connection : undefined;
}
