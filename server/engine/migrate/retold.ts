/**
 * A run's log in the names of the version it is on: for readers that look from today's drawing back over a migration. What became
 * nothing keeps the name it had.
 */
import type { StoredEvent } from "../events.ts";
import type { Run } from "../model.ts";
import type { MigrationMap } from "./map.ts";

export function retold(events: readonly StoredEvent[]): StoredEvent[] {
  if (!events.some(({ type }) => type === "RunMigrated")) return [...events];
  const hosts = hostsOf(events);
  const told: StoredEvent[] = [];
  /** Maps that come later, the nearest first. */
  let maps: MigrationMap[] = [];
  /** What lies above this revision was taken back, and keeps its names. */
  let kept = Infinity;
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i]!;
    const taken = event.stream.kind === "run" && event.version > kept;
    if (event.type === "RunMigrated" && !taken) {
      if (event.data.restored !== undefined) kept = (JSON.parse(event.data.restored) as Run).rev;
      if (event.data.map) {
        told.push({ ...event, data: { ...event.data, map: sameAs(event.data.map, maps) } });
        maps = [event.data.map, ...maps];
        continue;
      }
    }
    if (event.stream.kind === "run" && event.version <= kept) kept = Infinity;
    told.push(
      event.stream.kind === "run" && !taken && maps.length ? renamed(event, maps, hosts.get(event.seq)) : event,
    );
  }
  return told.reverse();
}

/** The step that the token of an event stood at: events at its edge are named by it. */
function hostsOf(events: readonly StoredEvent[]): Map<number, string> {
  const at = new Map<string, string>();
  const hosts = new Map<number, string>();
  for (const event of events) {
    if (event.type === "TokenEntered") at.set(event.data.token, event.data.node);
    if (event.type === "RunMigrated")
      for (const [token, node] of at) at.set(token, event.data.map?.nodes[node] ?? node);
    const { token } = event.data as { token?: unknown };
    const host = typeof token === "string" ? at.get(token) : undefined;
    if (host !== undefined) hosts.set(event.seq, host);
  }
  return hosts;
}

const through = (name: string, maps: readonly MigrationMap[], part: "nodes" | "edges" | "slas"): string =>
  maps.reduce((now, map) => map[part][now] ?? now, name);

function boundaryThrough(host: string, event: string, maps: readonly MigrationMap[]): string {
  let [node, now] = [host, event];
  for (const map of maps) {
    now = map.boundaries[`${node}.${now}`] ?? now;
    node = map.nodes[node] ?? node;
  }
  return now;
}

/** A map between names that are the same already. */
function sameAs(map: MigrationMap, later: readonly MigrationMap[]): MigrationMap {
  const same = (part: "nodes" | "edges" | "slas") =>
    Object.fromEntries(Object.values(map[part]).map((to) => [through(to, later, part), through(to, later, part)]));
  return {
    nodes: same("nodes"),
    edges: same("edges"),
    slas: same("slas"),
    boundaries: Object.fromEntries(
      Object.entries(map.boundaries).map(([place, event]) => {
        const host = map.nodes[place.split(".")[0]!] ?? "";
        const now = boundaryThrough(host, event, later);
        return [`${through(host, later, "nodes")}.${now}`, now];
      }),
    ),
  };
}

function renamed(event: StoredEvent, maps: readonly MigrationMap[], host: string | undefined): StoredEvent {
  const data: Record<string, unknown> = { ...event.data };
  for (const name of ["node", "from", "to"] as const)
    if (typeof data[name] === "string") data[name] = through(data[name], maps, "nodes");
  if (typeof data.edge === "string") data.edge = through(data.edge, maps, "edges");
  if (typeof data.sla === "string") data.sla = through(data.sla, maps, "slas");
  for (const name of ["edges", "open"] as const)
    if (Array.isArray(data[name])) data[name] = data[name].map((edge) => through(String(edge), maps, "edges"));
  if (host !== undefined)
    for (const name of ["boundary", "port"] as const)
      if (typeof data[name] === "string") data[name] = boundaryThrough(host, data[name], maps);
  // The same fact with other names in it.
  return { ...event, data } as StoredEvent;
}
