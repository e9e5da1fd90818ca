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

/** What names a connection in a process, as people call it: its steps, then its SLAs. */
export function usersOfConnection(process: Process, key: string): string[] {
  const users = actionLists(process).flatMap(({ node, field, actions }) => {
    if (!actions.some((action) => connectionOf(action) === key)) return [];
    const sla = field.split(".")[1] ?? "";
    return node ? nameOf(process, node) : process.slas[sla]?.name || sla;
  });
  return [...new Set(users)];
}

/** Steps that wait for a message of this name, in themselves or at their edge. */
export function waitersFor(process: Process, event: string): string[] {
  return process.nodes.flatMap(({ id, kind, config, boundary = [] }) => {
    const branches = Array.isArray(config.branches) ? config.branches : [];
    const waits =
      kind === "wait" &&
      [config, ...branches].some(
        (one) => typeof one === "object" && one !== null && "event" in one && one.event === event,
      );
    const looks = boundary.some((one) => one.kind === "message" && one.event === event);
    return waits || looks ? nameOf(process, id) : [];
  });
}

const nameOf = (process: Process, node: string): string => process.nodes.find(({ id }) => id === node)?.name || node;

export function connectionOf(action: Action): string | undefined {
  if (action.verb === "connector") return action.connector;
  return action.verb === "http" || action.verb === "chat" ? action.connection : undefined;
}
