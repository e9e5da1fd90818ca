import type { DecisionTableDefinition, Process, Variable } from "./process.ts";

/** Names whose fields expressions of this process may read as they are. */
export const knownNames = (process: Process): ReadonlySet<string> =>
  new Set([process.recordType, ...Object.keys(process.related), "run", "step"]);

/** The process with the tables beside its own, a key that is taken made free; variables it has already stay as they are. */
export function addTables(
  process: Process,
  taken: { tables: Record<string, DecisionTableDefinition>; variables: Record<string, Variable> },
): { process: Process; added: string[] } {
  const decisionTables = { ...process.decisionTables };
  const added: string[] = [];
  for (const [key, table] of Object.entries(taken.tables)) {
    let free = key;
    for (let n = 2; Object.hasOwn(decisionTables, free); n++) free = `${key.slice(0, 58)}_${n}`;
    decisionTables[free] = table;
    added.push(free);
  }
  return { process: { ...process, decisionTables, variables: { ...taken.variables, ...process.variables } }, added };
}
