/** Increments of counters, one row a key: those of many steps are added up before they are written. */
import type { CounterName, Row, WriteSet } from "./store.ts";

export const counterNames = ["stepDay", "stepTime"] as const satisfies CounterName[];

/** Primary keys; every other column is added up. */
const keys = {
  stepDay: ["workspaceId", "process", "day", "node", "version"],
  stepTime: ["workspaceId", "process", "day", "node", "version", "bucket"],
} as const satisfies { [T in CounterName]: (keyof Row<T>)[] };

type Increment = Record<string, string | number>;
export type Sums = ReturnType<typeof adding>;

/** Collects increments. `rows` are in the order of their keys, so that two servers never wait for each other in a ring. */
export function adding() {
  const sums = { stepDay: new Map<string, Increment>(), stepTime: new Map<string, Increment>() };
  return {
    add(rows: WriteSet["add"]): void {
      for (const name of counterNames) for (const row of rows?.[name] ?? []) addTo(sums[name], keys[name], row);
    },
    /** Those that are not nothing, by what names them. */
    rows<T extends CounterName>(name: T): Row<T>[] {
      const isKey = new Set<string>(keys[name]);
      return [...sums[name]]
        .filter(([, row]) => Object.entries(row).some(([column, n]) => n !== 0 && !isKey.has(column)))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, row]) => row as Row<T>);
    },
  };
}

function addTo(sums: Map<string, Increment>, names: readonly string[], row: Increment): void {
  let key = "";
  for (const name of names) key += `${row[name]}\u0000`;
  const sum = sums.get(key);
  if (!sum) sums.set(key, { ...row });
  else
    for (const [name, n] of Object.entries(row)) if (!names.includes(name)) sum[name] = Number(sum[name]) + Number(n);
}
