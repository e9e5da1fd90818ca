/** What changed between two versions of a process, as a list people can read: one entry a node, connection or part. */
import type { Plain } from "./model.ts";
import type { Process } from "./process.ts";

export type Change = {
  kind: "added" | "removed" | "changed";
  part: "node" | "edge" | "sla" | "form" | "table" | "role" | "queue" | "calendar" | "variable" | "kpi" | "process";
  id: string;
  name: string;
  fields: string[];
};

/** Positions and groups are not changes: they move nothing but the drawing. */
const drawn = new Set(["position", "group"]);

export function diffProcess(before: Process, after: Process): Change[] {
  const nodes = compare("node", byId(before.nodes), byId(after.nodes), (n) => n.name || n.id);
  const edges = compare("edge", byId(before.edges), byId(after.edges), (e) => `${e.from} → ${e.to}`);
  const named = <T extends object>(part: Change["part"], a: Record<string, T>, b: Record<string, T>) =>
    compare(part, new Map(Object.entries(a)), new Map(Object.entries(b)), (value, key) =>
      "name" in value && typeof value.name === "string" ? value.name : key,
    );
  const own = Object.keys({ ...before, ...after }).filter(
    (key) =>
      ![
        "nodes",
        "edges",
        "slas",
        "forms",
        "decisionTables",
        "roles",
        "queues",
        "calendars",
        "variables",
        "kpis",
        "groups",
      ].includes(key) && !same(before[key as keyof Process], after[key as keyof Process]),
  );
  return [
    ...nodes,
    ...edges,
    ...named("sla", before.slas, after.slas),
    ...named("form", before.forms, after.forms),
    ...named("table", before.decisionTables, after.decisionTables),
    ...named("role", before.roles, after.roles),
    ...named("queue", before.queues, after.queues),
    ...named("calendar", before.calendars, after.calendars),
    ...named("variable", before.variables, after.variables),
    ...compare(
      "kpi",
      new Map(before.kpis.map((k) => [`${k.kpi}/${k.node ?? ""}`, k])),
      new Map(after.kpis.map((k) => [`${k.kpi}/${k.node ?? ""}`, k])),
      (k) => k.kpi,
    ),
    ...(own.length
      ? [{ kind: "changed" as const, part: "process" as const, id: after.key, name: after.name, fields: own }]
      : []),
  ];
}

const byId = <T extends { id: string }>(list: readonly T[]) => new Map(list.map((item) => [item.id, item]));

function compare<T extends object>(
  part: Change["part"],
  before: Map<string, T>,
  after: Map<string, T>,
  name: (value: T, key: string) => string,
): Change[] {
  const changes: Change[] = [];
  for (const [id, value] of after) {
    const old = before.get(id);
    if (!old) changes.push({ kind: "added", part, id, name: name(value, id), fields: [] });
    else {
      const fields = Object.keys({ ...old, ...value }).filter(
        (key) => !drawn.has(key) && !same(old[key as keyof T], value[key as keyof T]),
      );
      if (fields.length) changes.push({ kind: "changed", part, id, name: name(value, id), fields });
    }
  }
  for (const [id, value] of before)
    if (!after.has(id)) changes.push({ kind: "removed", part, id, name: name(value, id), fields: [] });
  return changes;
}

const same = (a: unknown, b: unknown) => stable(a) === stable(b);
/** JSON with sorted keys; a missing entry and an undefined one are the same. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_, v: Plain) =>
    typeof v === "object" && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([x], [y]) => (x < y ? -1 : 1)))
      : v,
  ) ?? "";
