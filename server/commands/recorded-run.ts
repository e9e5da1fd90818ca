/**
 * A run that another system recorded, as facts of our log: what it entered, worked and left, each at its own time. Reports,
 * maps and record pages read it like any run of ours.
 */
import type { WriteSet } from "@/db/store.ts";
import type { Event, EventType, Facts } from "@/server/engine/events.ts";
import { evolve } from "@/server/engine/evolve.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Actor, Run } from "@/server/engine/model.ts";
import { projectRun } from "@/server/engine/project.ts";
import { runRow } from "@/server/engine/rows.ts";
import type { Visit } from "@/server/mining/visits.ts";

export type Recorded = {
  workspaceId: string;
  runId: string;
  recordId: string;
  process: CompiledProcess;
  /** In whose days its visits are counted. */
  zone: string;
  version: number;
  actor: Actor;
  cause: string;
  /** The case's visits in the order they were entered; each activity has a node. */
  visits: readonly Visit[];
  nodeOf: (activity: string) => string;
  /** A member's id, or the name the log has. */
  ownerOf: (resource: string) => string;
  /** Worth of the case in base currency; null when the log does not say. */
  value: number | null;
  /** True when a case ends with this activity, so that what is still open then was left undone. */
  endsCase: (activity: string) => boolean;
};

type Fact = { [T in EventType]: { type: T; at: number; data: Facts[T] } }[EventType];

/** The write set of one run that does not exist yet. Never empty visits. */
export function recordedRun(input: Recorded): WriteSet {
  const { workspaceId, runId, process, actor, cause } = input;
  const projection = projectRun(process, workspaceId, runId, { visits: new Map(), work: new Map() }, input.zone);
  let run: Run | null = null;
  const events = factsOf(input).map(({ at, ...fact }, i) => {
    const event = { ...fact, stream: { kind: "run", id: runId }, version: i + 1, at, actor, cause } as Event;
    projection.before(event, run);
    run = evolve(run, event);
    projection.after(event, run);
    return event;
  });
  const { put, drop, add = {} } = projection.rows();
  return {
    workspaceId,
    guards: [{ table: "run", id: runId, was: 0 }],
    events,
    put: { ...put, run: run ? [runRow(run)] : [] },
    drop,
    add,
  };
}

function factsOf(input: Recorded): Fact[] {
  const { visits } = input;
  const began = visits[0]!.enteredAt;
  const closing = closingOf(input);
  const facts: { order: number; fact: Fact }[] = [];
  const tell = (order: number, fact: Fact) => facts.push({ order, fact });
  const from = visits.map((visit) => predecessor(visits, visit));
  for (const [i, visit] of visits.entries()) {
    const left = visit.completedAt ?? closing ?? null;
    const id = `v${i + 1}`;
    const token = `t${i + 1}`;
    const node = input.nodeOf(visit.activity);
    const before = from[i] === null ? null : visits[from[i]!]!;
    const edge = edgeBetween(input.process, before && input.nodeOf(before.activity), node);
    tell(i, {
      type: "TokenEntered",
      at: visit.enteredAt,
      data: {
        token,
        node,
        edge,
        from: before && input.nodeOf(before.activity),
        visit: {
          id,
          no: visit.visitNo,
          valueAtRisk: input.value,
          assumed: input.value === null,
          rework: visit.visitNo > 1,
        },
      },
    });
    const end = left ?? visit.startedAt ?? visit.enteredAt;
    tell(i, {
      type: "WorkRecorded",
      at: end,
      data: {
        visit: id,
        startedAt: visit.startedAt ?? null,
        touchMs:
          visit.startedAt === undefined || left === null ? 0 : Math.max(0, left - visit.startedAt - visit.blockedMs),
        blockedMs: visit.blockedMs,
        owner: visit.resource === undefined ? null : input.ownerOf(visit.resource),
      },
    });
    if (left === null) continue;
    const next = from.findIndex((place) => place === i);
    const onward = next < 0 ? null : edgeBetween(input.process, node, input.nodeOf(visits[next]!.activity));
    tell(i, {
      type: "TokenLeft",
      at: left,
      data: {
        token,
        node,
        visit: id,
        port: portOfEdge(input.process, onward),
        edges: onward ? [onward] : [],
        outcome: null,
        ...(visit.outcome === "skipped" && { skipped: true }),
        ...((visit.outcome === "withdrawn" || visit.completedAt === undefined) && { cancelled: true }),
      },
    });
  }
  // Facts in order of time; at one instant a visit is entered before it is left, and earlier ones come first.
  const rank = { TokenEntered: 0, WorkRecorded: 1, TokenLeft: 2 } as Partial<Record<EventType, number>>;
  const place = ({ type }: Fact) => rank[type] ?? 3;
  facts.sort((a, b) => a.fact.at - b.fact.at || a.order - b.order || place(a.fact) - place(b.fact));
  return [
    {
      type: "RunStarted",
      at: began,
      data: {
        workspaceId: input.workspaceId,
        process: input.process.document.key,
        version: input.version,
        recordType: input.process.document.recordType,
        recordId: input.recordId,
        trigger: { event: "import", at: began },
        variables: {},
        related: {},
        parent: null,
      },
    },
    ...facts.map(({ fact }) => fact),
    ...(closing === null
      ? []
      : [{ type: "RunCompleted", at: closing, data: { end: endOf(input.process), outcome: "neutral" } } as Fact]),
  ];
}

/**
 * When the case was over; null while it goes on. It is over at its last completion when nothing is open any more, or when that
 * completion is one with which cases end: what is open then was left undone.
 */
function closingOf({ visits, endsCase }: Recorded): number | null {
  const done = visits.filter((v) => v.completedAt !== undefined);
  const last = done.reduce<Visit | null>((a, b) => (a === null || b.completedAt! >= a.completedAt! ? b : a), null);
  if (!last) return null;
  const over = done.length === visits.length || endsCase(last.activity);
  return over ? Math.max(last.completedAt!, ...visits.map((v) => v.enteredAt)) : null;
}

/** The visit that led to this one: the latest completed by then. */
function predecessor(visits: readonly Visit[], visit: Visit): number | null {
  let found: number | null = null;
  for (const [i, other] of visits.entries()) {
    if (other === visit) break;
    if (other.completedAt === undefined || other.completedAt > visit.enteredAt) continue;
    if (found === null || other.completedAt >= visits[found]!.completedAt!) found = i;
  }
  return found;
}

/** The connection from one step to the next, if the process has it: what went another way was off the path. */
function edgeBetween(process: CompiledProcess, from: string | null, to: string): string | null {
  const { edges } = process.document;
  const direct = edges.find((e) => e.to === to && e.from === (from ?? "start"));
  return (direct ?? (from === null ? edges.find((e) => e.to === to && e.from === "first") : undefined))?.id ?? null;
}
const portOfEdge = (process: CompiledProcess, edge: string | null) =>
  process.document.edges.find((e) => e.id === edge)?.port ?? "done";
const endOf = (process: CompiledProcess) => process.document.nodes.find((n) => n.kind === "end")?.id ?? "end";
