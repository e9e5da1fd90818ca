/**
 * What `RunMigrated` does to the state of a run: every name of the source that stands in it becomes that of the target. Nothing else
 * changes. Names that become nothing are dropped; by then the clocks, timers and subscriptions behind them have been closed.
 */
import type { Facts } from "../events.ts";
import type { Run, Token } from "../model.ts";
import type { Approval } from "../work/approval-path.ts";
import { none } from "../run-shape.ts";
import type { MigrationMap } from "./map.ts";

type Migrated = Facts["RunMigrated"];

/** Changes the given run in place, as `evolve` does. */
export function applyMigration(run: Run, { to, map, variables, clocks, work, seats, loops }: Migrated): void {
  if (!map) return;
  run.process = to.process;
  run.version = to.version;
  for (const timer of Object.values(run.timers)) {
    const host = timer.token && run.tokens[timer.token]?.node;
    const event = host && map.boundaries[`${host}.${timer.name.replace(/^boundary:/, "")}`];
    if (event && timer.name.startsWith("boundary:")) run.timers[timer.id] = { ...timer, name: `boundary:${event}` };
  }
  for (const token of Object.values(run.tokens)) moveToken(token, map, loops?.[token.id]);
  for (const visit of Object.values(run.visits)) {
    visit.node = map.nodes[visit.node] ?? visit.node;
    if (visit.ended) visit.ended = visit.ended.flatMap((key) => map.slas[key] ?? []);
    if (visit.approval && seats) visit.approval = asking(visit.approval, seats, work);
  }
  for (const item of Object.values(run.work)) {
    item.node = map.nodes[item.node] ?? item.node;
    Object.assign(item, work?.[item.id]);
    if (work?.[item.id]?.draft === null) item.draft = undefined;
  }
  for (const clock of Object.values(run.clocks)) {
    const sla = map.slas[clock.sla] ?? clock.sla;
    const rule = clocks?.[`${clock.sla}/${clock.visit ?? ""}`];
    run.clocks[clock.id] = {
      ...clock,
      sla,
      node: clock.node === null ? null : (map.nodes[clock.node] ?? null),
      clock: { ...clock.clock, policy: sla, ...(rule !== undefined && { rule }) },
    };
  }
  for (const incident of Object.values(run.incidents))
    run.incidents[incident.id] = { ...incident, node: map.nodes[incident.node] ?? incident.node };
  run.visited = renamed(
    run.visited,
    (place) => placeIn(place, map),
    (a, b) => a + b,
  );
  run.passed = renamed(
    Object.fromEntries(
      Object.entries(run.passed).flatMap(([place, open]) => {
        const left = open.flatMap((edge) => map.edges[edge] ?? []);
        return left.length ? [[place, left]] : [];
      }),
    ),
    (place) => placeIn(place, map),
    (a) => a,
  );
  run.handoffs &&= run.handoffs.flatMap((one) => {
    const edge = map.edges[one.edge];
    return edge === undefined ? [] : [{ ...one, edge }];
  });
  run.reworks = renamed(run.reworks, (edge) => map.edges[edge], Math.max);
  run.latches = renamed(run.latches, (event) => latchIn(event, map), Math.max);
  run.ended = renamed(
    run.ended,
    (key) => map.slas[key],
    (a, b) => a + b,
  );
  if (run.free)
    run.free = renamed(
      run.free,
      (key) => map.slas[key],
      (a, b) => a + b,
    );
  if (run.reopened) run.reopened = renamed(run.reopened, (key) => slaPlaceIn(key, map), Math.max);
  run.compensable = run.compensable.flatMap((one) => {
    const node = map.nodes[one.node];
    return node === undefined ? [] : [{ ...one, node }];
  });
  const scopes = Object.values(run.scopes);
  if (scopes.length)
    run.scopes = Object.fromEntries(
      scopes.map((scope) => [
        scope.id,
        { ...scope, node: map.nodes[scope.node] ?? scope.node, lastEnd: endIn(scope.lastEnd, map) },
      ]),
    );
  run.lastEnd = endIn(run.lastEnd, map);
  if (variables) run.variables = { ...variables, ...run.variables };
  // The bounds on endless loops start anew: it waits.
  run.automatic = 0;
  run.spins = none;
}

function asking(approval: Approval, seats: Record<string, string>, work: Migrated["work"]): Approval {
  const levels = approval.levels.map((level) =>
    level.seats
      ? {
          ...level,
          seats: level.seats.map((seat) => {
            const ask = seat.work === undefined ? undefined : seats[seat.work];
            return ask === undefined ? seat : { ...seat, ask, role: work?.[seat.work!]?.role ?? seat.role };
          }),
        }
      : level,
  );
  return { ...approval, levels };
}

function moveToken(token: Token, map: MigrationMap, as: string | undefined): void {
  const before = token.node;
  token.node = map.nodes[before] ?? before;
  token.edge = token.edge === null ? null : (map.edges[token.edge] ?? null);
  if (token.armed)
    token.armed = Object.fromEntries(
      Object.entries(token.armed).flatMap(([event, held]) => {
        const now = map.boundaries[`${before}.${event}`];
        return now === undefined ? [] : [[now, held]];
      }),
    );
  if (token.loop && as !== undefined) token.loop = { ...token.loop, as };
}

/** `review`, or `review@0.2` in the instances of a for-each, or `meet@s1` of a join. */
function placeIn(place: string, map: MigrationMap): string | undefined {
  const at = place.indexOf("@");
  const node = map.nodes[at < 0 ? place : place.slice(0, at)];
  return node === undefined ? undefined : at < 0 ? node : node + place.slice(at);
}

/** `deal.won`, or `step.entered:review`. */
function latchIn(event: string, map: MigrationMap): string | undefined {
  const at = event.indexOf(":");
  if (at < 0) return event;
  const node = map.nodes[event.slice(at + 1)];
  return node === undefined ? undefined : event.slice(0, at + 1) + node;
}

/** `answer`, or `answer/v3`. */
function slaPlaceIn(key: string, map: MigrationMap): string | undefined {
  const at = key.indexOf("/");
  const sla = map.slas[at < 0 ? key : key.slice(0, at)];
  return sla === undefined ? undefined : at < 0 ? sla : sla + key.slice(at);
}

const endIn = (end: Run["lastEnd"], map: MigrationMap): Run["lastEnd"] =>
  end && { ...end, node: map.nodes[end.node] ?? end.node };

function renamed<T>(
  held: Readonly<Record<string, T>>,
  nameOf: (name: string) => string | undefined,
  both: (one: T, other: T) => T,
): Record<string, T> {
  const map: Record<string, T> = {};
  for (const [name, value] of Object.entries(held)) {
    const now = nameOf(name);
    if (now === undefined) continue;
    const known = map[now];
    map[now] = known === undefined ? value : both(known, value);
  }
  return Object.keys(map).length ? map : none;
}
