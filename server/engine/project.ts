/**
 * What the log looks like as tables: `projector` watches each fact with the run before and after it and keeps the rows to
 * put and to drop. It runs no SQL; live work and rebuilding use the same one, which is why live = rebuilt is a test.
 */
import type { WriteSet } from "@/db/store.ts";
import type { Event } from "./events.ts";
import type { CompiledProcess } from "./graph.ts";
import type { EngineRecord, Plain, Run, RunClock, Visit, Work } from "./model.ts";
import type { RecordRules } from "./world.ts";

export type Projection = {
  /** To be called with every event of a run, before it is applied. */
  before(event: Event, run: Run | null): void;
  after(event: Event, run: Run): void;
  rows(): Pick<WriteSet, "put" | "drop">;
};

type Puts = Required<
  Pick<WriteSet["put"], "stepVisit" | "workItem" | "slaClock" | "incident" | "job" | "runLink" | "notice">
>;
type VisitRow = Puts["stepVisit"][number];
type WorkRow = Puts["workItem"][number];

/** Rows that a run's events make. `known`: rows of open visits and work as stored, which later facts add to. */
export function projectRun(
  process: CompiledProcess,
  workspaceId: string,
  runId: string,
  stored: { visits: Map<string, VisitRow>; work: Map<string, WorkRow> },
): Projection {
  const visits = new Map<string, VisitRow>();
  const work = new Map<string, WorkRow>();
  const clocks = new Map<string, Puts["slaClock"][number]>();
  const incidents = new Map<string, Puts["incident"][number]>();
  const jobs = new Map<string, Puts["job"][number]>();
  const links = new Map<string, Puts["runLink"][number]>();
  const notices = new Map<string, Puts["notice"][number]>();
  const dropJobs = new Set<string>();
  const dropped = {
    visits: new Set<string>(),
    work: new Set<string>(),
    clocks: new Set<string>(),
    incidents: new Set<string>(),
  };
  const jobId = (kind: "timer" | "effect", id: string) =>
    `${workspaceId}:${runId}:${kind === "timer" ? "" : "e:"}${id}`;

  const visitRow = (run: Run, visit: Visit): VisitRow => {
    const node = process.nodes.get(visit.node);
    const row = visits.get(visit.id) ?? stored.visits.get(visit.id);
    const due = dueOfVisit(run, visit.id);
    return {
      ...(row ?? {
        workspaceId,
        runId,
        visit: visit.id,
        process: run.process,
        version: run.version,
        node: visit.node,
        kind: node?.node.kind ?? "task",
        visitNo: visit.no,
        recordId: run.recordId,
        role: node?.node.role ?? null,
        enteredAt: visit.enteredAt,
        assignedAt: null,
        leftAt: null,
        outcome: null,
        port: null,
        skipped: false,
        cancelled: false,
        rework: visit.rework,
        breachedAt: null,
        calendar: visit.calendar?.key ?? null,
        zone: visit.calendar?.zone ?? null,
        valueAtRisk: visit.valueAtRisk,
        valueAssumed: visit.valueAtRisk === null,
        startRecorded: true,
        pauses: [],
      }),
      owner: visit.assignee ?? null,
      startedAt: visit.startedAt ?? null,
      pausedAt: visit.pausedAt ?? null,
      blockedMs: visit.blockedMs,
      touchMs: visit.touchMs,
      dueAt: due ?? row?.dueAt ?? null,
    } as VisitRow;
  };
  const workRow = (run: Run, item: Work): WorkRow => {
    const row = work.get(item.id) ?? stored.work.get(item.id);
    return {
      ...(row ?? {
        workspaceId,
        runId,
        work: item.id,
        visit: item.visit,
        process: run.process,
        version: run.version,
        node: item.node,
        recordType: run.recordType,
        recordId: run.recordId,
        role: item.role,
        queue: item.queue,
        approval: item.approval,
        offeredAt: item.offeredAt,
        completedAt: null,
        completedBy: null,
        outcome: null,
      }),
      state: item.state,
      assignee: item.assignee,
      startedAt: item.startedAt ?? null,
      snoozedUntil: item.snoozedUntil ?? null,
      blockedReason: item.blockedReason ?? null,
      priority: item.priority,
      dueAt: dueOfVisit(run, item.visit) ?? null,
      atRiskAt: riskOfVisit(run, item.visit) ?? null,
      valueAtRisk: run.visits[item.visit]?.valueAtRisk ?? row?.valueAtRisk ?? null,
    } as WorkRow;
  };
  const clockRow = (run: Run, clock: RunClock, stopped: boolean) => ({
    workspaceId,
    runId,
    clock: clock.id,
    process: run.process,
    version: run.version,
    sla: clock.sla,
    node: clock.node,
    visit: clock.visit,
    state: clock.clock.state,
    startedAt: clock.clock.startedAt,
    dueAt: clock.clock.dueAt ?? null,
    breachedAt: clock.clock.breachedAt ?? null,
    stoppedAt: stopped ? (clock.clock.stoppedAt ?? run.lastAt) : null,
    breachedWith: clock.breachedWith ?? null,
    data: clock.clock,
  });
  const refresh = (run: Run, visitId: string | null | undefined) => {
    const visit = visitId ? run.visits[visitId] : undefined;
    if (!visit) return;
    visits.set(visit.id, visitRow(run, visit));
    for (const item of Object.values(run.work)) if (item.visit === visit.id) work.set(item.id, workRow(run, item));
  };

  return {
    before(event, run) {
      if (!run) return;
      const at = event.due ?? event.at;
      if (event.type === "TokenLeft" && event.data.visit) {
        const visit = run.visits[event.data.visit];
        if (visit) {
          const row = visitRow(run, visit);
          const paused = visit.pausedAt !== undefined ? at - visit.pausedAt : 0;
          visits.set(visit.id, {
            ...row,
            leftAt: at,
            outcome: event.data.outcome ?? null,
            port: event.data.port,
            skipped: event.data.skipped === true,
            cancelled: event.data.cancelled === true,
            pausedAt: null,
            blockedMs: row.blockedMs + paused,
            pauses: paused ? [...row.pauses, [visit.pausedAt!, at]] : row.pauses,
          });
        }
      }
      if ((event.type === "StepResumed" || event.type === "WorkCompleted") && run) {
        const visit =
          run.visits[event.type === "StepResumed" ? event.data.visit : (run.work[event.data.work]?.visit ?? "")];
        if (visit?.pausedAt !== undefined) {
          const row = visitRow(run, visit);
          visits.set(visit.id, { ...row, pauses: [...row.pauses, [visit.pausedAt, at]] });
        }
      }
      if (event.type === "WorkCompleted" || event.type === "WorkCancelled") {
        const item = run.work[event.data.work];
        if (item) {
          const row = workRow(run, item);
          const done = event.type === "WorkCompleted";
          work.set(item.id, {
            ...row,
            state: done ? "completed" : "cancelled",
            completedAt: at,
            completedBy: done && event.actor.kind === "member" ? event.actor.id : null,
            outcome: done ? event.data.outcome : null,
            startedAt: row.startedAt ?? (done ? at : null),
          });
        }
      }
      if (event.type === "ClockCompleted" || event.type === "ClockCancelled") {
        const clock = run.clocks[event.data.id];
        if (clock) clocks.set(clock.id, clockRow(run, { ...clock, clock: event.data.clock }, true));
      }
      if (event.type === "IncidentResolved") {
        const incident = run.incidents[event.data.id];
        if (incident)
          incidents.set(incident.id, {
            workspaceId,
            runId,
            incident: incident.id,
            process: run.process,
            version: run.version,
            node: incident.node,
            code: incident.code,
            text: incident.text,
            raisedAt: incident.at,
            resolvedAt: at,
          });
      }
      if (event.type === "WorkUndone") {
        const restored = JSON.parse(event.data.restored) as Run;
        const numbers = (from: number, to: number, letter: string) =>
          Array.from({ length: Math.max(0, to - from) }, (_, i) => `${letter}${from + i + 1}`);
        for (const id of numbers(restored.counters.visit, run.counters.visit, "v")) dropped.visits.add(id);
        for (const id of numbers(restored.counters.work, run.counters.work, "w")) dropped.work.add(id);
        for (const id of numbers(restored.counters.clock, run.counters.clock, "c")) dropped.clocks.add(id);
        for (const id of numbers(restored.counters.incident, run.counters.incident, "i")) dropped.incidents.add(id);
        for (const id of Object.keys(run.timers)) if (!restored.timers[id]) dropJobs.add(jobId("timer", id));
        for (const id of numbers(restored.counters.effect, run.counters.effect, "e")) dropJobs.add(jobId("effect", id));
      }
    },

    after(event, run) {
      const at = event.due ?? event.at;
      switch (event.type) {
        case "RunStarted":
          links.set(run.recordId, { workspaceId, recordId: run.recordId, runId });
          for (const id of Object.values(run.related)) if (id) links.set(id, { workspaceId, recordId: id, runId });
          return;
        case "RelatedBound":
          if (event.data.id) links.set(event.data.id, { workspaceId, recordId: event.data.id, runId });
          return;
        case "TokenEntered":
          refresh(run, event.data.visit?.id);
          return;
        case "WorkOffered":
        case "WorkStarted":
        case "WorkSaved":
        case "WorkSnoozed":
        case "WorkPrioritised":
          refresh(run, run.work[event.data.work]?.visit);
          return;
        case "WorkRecorded": {
          refresh(run, event.data.visit);
          const row = visits.get(event.data.visit);
          if (row) row.startRecorded = event.data.startedAt !== null;
          return;
        }
        case "WorkAssigned": {
          const visitId = run.work[event.data.work]?.visit;
          refresh(run, visitId);
          const row = visitId ? visits.get(visitId) : undefined;
          if (row && row.assignedAt === null) row.assignedAt = at;
          return;
        }
        case "StepPaused":
        case "StepResumed":
          refresh(run, event.data.visit);
          return;
        case "ClockStarted":
        case "ClockPaused":
        case "ClockResumed":
        case "ClockWarned":
        case "ClockBreached": {
          const clock = run.clocks[event.data.id];
          if (!clock) return;
          clocks.set(clock.id, clockRow(run, clock, false));
          refresh(run, visitOf(run, clock));
          if (event.type === "ClockBreached") {
            const visitRowNow = visits.get(visitOf(run, clock) ?? "");
            if (visitRowNow) visitRowNow.breachedAt ??= clock.clock.breachedAt ?? at;
          }
          return;
        }
        case "TimerSet": {
          const id = jobId("timer", event.data.id);
          jobs.set(id, {
            id,
            workspaceId,
            kind: "timer",
            runId,
            payload: { timer: event.data.id },
            dueAt: event.data.due,
            lease: 0,
            attempts: 0,
            deadAt: null,
            lastError: null,
          });
          return;
        }
        case "TimerFired":
        case "TimerCancelled": {
          const id = jobId("timer", event.data.id);
          if (!jobs.delete(id)) dropJobs.add(id);
          return;
        }
        case "EffectRequested": {
          const { effect } = event.data;
          if (effect.kind === "notice") {
            if (effect.to)
              notices.set(event.data.id, {
                workspaceId,
                id: `${runId}.${event.data.id}`,
                memberId: effect.to,
                runId,
                title: effect.title,
                text: effect.text,
                urgency: effect.urgency,
                link: effect.link,
                at,
                readAt: null,
              });
            return;
          }
          const id = jobId("effect", event.data.id);
          jobs.set(id, {
            id,
            workspaceId,
            kind: effect.kind,
            runId,
            payload: { effect: event.data.id, at, ...effect } as Plain,
            dueAt: effectDue(event, effect.kind, "after" in effect ? effect.after : undefined),
            lease: 0,
            attempts: 0,
            deadAt: null,
            lastError: null,
          });
          return;
        }
        case "IncidentRaised":
          incidents.set(event.data.id, {
            workspaceId,
            runId,
            incident: event.data.id,
            process: run.process,
            version: run.version,
            node: event.data.node,
            code: event.data.code,
            text: event.data.text,
            raisedAt: at,
            resolvedAt: null,
          });
          return;
        case "WorkUndone":
          for (const id of Object.keys(run.visits)) refresh(run, id);
          for (const item of Object.values(run.work))
            work.set(item.id, { ...workRow(run, item), completedAt: null, completedBy: null, outcome: null });
          for (const visit of Object.values(run.visits))
            visits.set(visit.id, { ...visits.get(visit.id)!, leftAt: null, outcome: null, port: null });
          for (const clock of Object.values(run.clocks)) clocks.set(clock.id, clockRow(run, clock, false));
          for (const timer of Object.values(run.timers)) {
            const id = jobId("timer", timer.id);
            jobs.set(id, {
              id,
              workspaceId,
              kind: "timer",
              runId,
              payload: { timer: timer.id },
              dueAt: timer.due,
              lease: 0,
              attempts: 0,
              deadAt: null,
              lastError: null,
            });
          }
          return;
        default:
          return;
      }
    },

    rows() {
      for (const id of jobs.keys()) dropJobs.delete(id);
      const gone = <T>(map: Map<string, T>, ids: Set<string>) => [...ids].forEach((id) => map.delete(id));
      gone(visits, dropped.visits);
      gone(work, dropped.work);
      gone(clocks, dropped.clocks);
      gone(incidents, dropped.incidents);
      const keys = (ids: Set<string>) => [...ids].map((id) => [workspaceId, runId, id]);
      return {
        put: {
          stepVisit: [...visits.values()],
          workItem: [...work.values()],
          slaClock: [...clocks.values()],
          incident: [...incidents.values()],
          job: [...jobs.values()],
          runLink: [...links.values()],
          notice: [...notices.values()],
        },
        drop: {
          job: [...dropJobs].map((id) => [id]),
          stepVisit: keys(dropped.visits),
          workItem: keys(dropped.work),
          slaClock: keys(dropped.clocks),
          incident: keys(dropped.incidents),
        },
      };
    },
  };
}

/** What leaves because of a person's completion waits ten seconds, so that it can be taken back. */
function effectDue(event: Event, kind: string, after: number | undefined): number {
  if (after !== undefined) return after;
  const leaves = kind === "mail" || kind === "http" || kind === "connector";
  return event.at + (leaves && event.actor.kind === "member" ? 10_000 : 0);
}

const visitOf = (run: Run, clock: RunClock): string | null =>
  clock.visit ?? Object.values(run.visits).find((v) => v.node === clock.node)?.id ?? null;
const openClocksOf = (run: Run, visit: string) => Object.values(run.clocks).filter((c) => visitOf(run, c) === visit);

/** The earliest due instant among the visit's running clocks. */
function dueOfVisit(run: Run, visit: string): number | undefined {
  const dues = openClocksOf(run, visit).flatMap((c) => c.clock.dueAt ?? []);
  return dues.length ? Math.min(...dues) : undefined;
}
/** When that clock becomes "at risk". */
function riskOfVisit(run: Run, visit: string): number | undefined {
  const risks = openClocksOf(run, visit).flatMap((c) => c.clock.atRiskAt ?? []);
  return risks.length ? Math.min(...risks) : undefined;
}

/** The run's own row. */
export const runRow = (run: Run) => ({
  workspaceId: run.workspaceId,
  id: run.id,
  process: run.process,
  version: run.version,
  recordType: run.recordType,
  recordId: run.recordId,
  status: run.status,
  outcome: run.outcome,
  endNode: run.end,
  incidents: Object.keys(run.incidents).length,
  rev: run.rev,
  startedAt: run.startedAt,
  endedAt: run.endedAt,
  lastAt: run.lastAt,
  state: run,
});

/** A record's row: promoted columns beside its values. */
export function recordRow(workspaceId: string, record: EngineRecord, model: RecordRules, at: number) {
  const { values } = record;
  const text = (field: string) => (typeof values[field] === "string" ? values[field] : null);
  const title = model.title(record.type, values);
  return {
    workspaceId,
    id: record.id,
    type: record.type,
    version: record.version,
    title,
    search: model.search(record.type, values),
    ownerId: text("owner_id"),
    accountId: text("account_id"),
    status: model.status(record.type, values),
    amount: model.amount(record.type, values),
    externalId: text("external_id"),
    lockedBy: record.lockedBy ?? null,
    values,
    createdAt: record.createdAt,
    updatedAt: at,
    deletedAt: null,
  };
}

/** References of a record as link rows. */
export const linkRows = (workspaceId: string, record: EngineRecord, model: RecordRules) =>
  model
    .references(record.type)
    .flatMap(({ field }) =>
      typeof record.values[field] === "string"
        ? [{ workspaceId, fromId: record.id, field, toId: record.values[field], fromType: record.type }]
        : [],
    );

/** Match keys of a record as rows. */
export const keyRows = (workspaceId: string, record: EngineRecord, model: RecordRules) =>
  [...new Set(model.matchKeys(record.type, record.values))].map((key) => ({ workspaceId, key, recordId: record.id }));
