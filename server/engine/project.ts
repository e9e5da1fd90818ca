/**
 * What the log looks like as tables: `projector` watches each fact with the run before and after it and keeps the rows to
 * put and to drop. It runs no SQL; live work and rebuilding use the same one, which is why live = rebuilt is a test.
 */
import type { WriteSet } from "@/db/store.ts";
import type { Event } from "./events.ts";
import { dueOfVisit, riskOfVisit, visitOf } from "./clocks/visit-clocks.ts";
import { effectDue, jobIdOf } from "./leaving.ts";
import type { CompiledProcess } from "./graph.ts";
import type { Plain, Run, Visit, Work } from "./model.ts";
import { clockRow, hitRow, incidentRow, newJobRow, newVisitRow, newWorkRow, noticeRow } from "./rows.ts";
import { takenBack } from "./taken-back.ts";
import { emptyTally, tallyChange } from "./tally.ts";

export type Projection = {
  /** To be called with every event of a run, before it is applied. */
  before(event: Event, run: Run | null): void;
  after(event: Event, run: Run): void;
  rows(): Pick<WriteSet, "put" | "drop" | "add">;
};

type Puts = Required<
  Pick<
    WriteSet["put"],
    "stepVisit" | "workItem" | "slaClock" | "incident" | "tableHit" | "pick" | "job" | "runLink" | "notice"
  >
>;
type Dropped = {
  visits: Set<string>;
  work: Set<string>;
  clocks: Set<string>;
  incidents: Set<string>;
  facts: (string | number)[][];
};
type VisitRow = Puts["stepVisit"][number];
type WorkRow = Puts["workItem"][number];

/**
 * Rows that a run's events make. `stored`: rows of open visits and work as they are, which later facts add to, and all of them where
 * something is undone. `zone`: in whose days visits are counted. `other`: the version that a migration leads to.
 */
export function projectRun(
  process: CompiledProcess,
  workspaceId: string,
  runId: string,
  stored: { visits: Map<string, VisitRow>; work: Map<string, WorkRow> },
  zone: string,
  other: CompiledProcess | null = null,
): Projection {
  let drawn = process;
  const visits = new Map<string, VisitRow>();
  const work = new Map<string, WorkRow>();
  // Made when there is something to hold: most commands leave most of them empty.
  let clocks: Map<string, Puts["slaClock"][number]> | null = null;
  let incidents: Map<string, Puts["incident"][number]> | null = null;
  let jobs: Map<string, Puts["job"][number]> | null = null;
  let links: Map<string, Puts["runLink"][number]> | null = null;
  let notices: Map<string, Puts["notice"][number]> | null = null;
  let hits: Map<number, Puts["tableHit"][number]> | null = null;
  let picks: Map<number, Puts["pick"][number]> | null = null;
  let dropJobs: Set<string> | null = null;
  /** What was taken back: rows by their ids, hits and picks by their facts. */
  let dropped: Dropped | null = null;
  const jobId = (kind: "timer" | "effect", id: string) => jobIdOf(workspaceId, runId, kind, id);

  /** The visit's row as this command leaves it: copied from what is stored, or begun, once; then brought up to date. */
  const visitRow = (run: Run, visit: Visit): VisitRow => {
    let row = visits.get(visit.id);
    if (!row) {
      const before = stored.visits.get(visit.id);
      visits.set(visit.id, (row = before ? { ...before } : newVisitRow(drawn, run, visit)));
    }
    row.owner = visit.assignee ?? null;
    row.startedAt = visit.startedAt ?? null;
    row.pausedAt = visit.pausedAt ?? null;
    row.blockedMs = visit.blockedMs;
    row.touchMs = visit.touchMs;
    row.dueAt = dueOfVisit(run, visit.id) ?? row.dueAt ?? null;
    return row;
  };
  const workRow = (run: Run, item: Work): WorkRow => {
    let row = work.get(item.id);
    if (!row) {
      const before = stored.work.get(item.id);
      work.set(item.id, (row = before ? { ...before } : newWorkRow(run, item)));
    }
    row.state = item.state;
    row.assignee = item.assignee;
    row.startedAt = item.startedAt ?? null;
    row.snoozedUntil = item.snoozedUntil ?? null;
    row.blockedReason = item.blockedReason ?? null;
    row.priority = item.priority;
    row.dueAt = dueOfVisit(run, item.visit) ?? null;
    row.atRiskAt = riskOfVisit(run, item.visit) ?? null;
    row.valueAtRisk = run.visits[item.visit]?.valueAtRisk ?? row.valueAtRisk ?? null;
    return row;
  };
  const setJob = (id: string, kind: string, payload: Plain, dueAt: number) =>
    (jobs ??= new Map()).set(
      id,
      newJobRow({
        id,
        workspaceId,
        kind,
        runId,
        payload,
        dueAt,
      }),
    );
  const setTimer = (timer: string, due: number) => setJob(jobId("timer", timer), "timer", { timer }, due);
  const refresh = (run: Run, visitId: string | null | undefined) => {
    const visit = visitId ? run.visits[visitId] : undefined;
    if (!visit) return;
    visitRow(run, visit);
    for (const item of Object.values(run.work)) if (item.visit === visit.id) workRow(run, item);
  };
  /** What is open now stands under another version; what has ended stays where it was. */
  const standUnder = (run: Run) => {
    if (other) drawn = other;
    const place = { process: run.process, version: run.version };
    for (const visit of Object.values(run.visits)) Object.assign(visitRow(run, visit), place, { node: visit.node });
    for (const item of Object.values(run.work))
      Object.assign(workRow(run, item), place, { node: item.node, role: item.role, queue: item.queue });
    for (const clock of Object.values(run.clocks)) (clocks ??= new Map()).set(clock.id, clockRow(run, clock, false));
    for (const incident of Object.values(run.incidents))
      (incidents ??= new Map()).set(incident.id, incidentRow(run, incident));
  };

  const picked = (
    event: Event,
    run: Run,
    rule: string,
    member: string,
    of: { role: string; queue: string | null; turn?: number },
  ) =>
    (picks ??= new Map()).set(event.version, {
      workspaceId,
      runId,
      no: event.version,
      at: event.due ?? event.at,
      process: run.process,
      recordId: run.recordId,
      role: of.role,
      queue: of.queue,
      rule,
      member,
      turn: of.turn ?? null,
    });

  return {
    before(event, run) {
      if (!run) return;
      const at = event.due ?? event.at;
      if (event.type === "TokenLeft" && event.data.visit) {
        const visit = run.visits[event.data.visit];
        if (visit) {
          const row = visitRow(run, visit);
          const paused = visit.pausedAt !== undefined ? at - visit.pausedAt : 0;
          row.leftAt = at;
          row.outcome = event.data.outcome ?? null;
          row.port = event.data.port;
          row.skipped = event.data.skipped === true;
          row.cancelled = event.data.cancelled === true;
          row.pausedAt = null;
          row.blockedMs += paused;
          if (paused) row.pauses = [...row.pauses, [visit.pausedAt!, at]];
        }
      }
      if ((event.type === "StepResumed" || event.type === "WorkCompleted") && run) {
        const visit =
          run.visits[event.type === "StepResumed" ? event.data.visit : (run.work[event.data.work]?.visit ?? "")];
        if (visit?.pausedAt !== undefined) {
          const row = visitRow(run, visit);
          row.pauses = [...row.pauses, [visit.pausedAt, at]];
        }
      }
      if (event.type === "WorkCompleted" || event.type === "WorkCancelled") {
        const item = run.work[event.data.work];
        if (item) {
          const row = workRow(run, item);
          const done = event.type === "WorkCompleted";
          row.state = done ? "completed" : "cancelled";
          row.completedAt = at;
          row.completedBy = done && event.actor.kind === "member" ? event.actor.id : null;
          row.outcome = done ? event.data.outcome : null;
          row.startedAt ??= done ? at : null;
        }
      }
      if (event.type === "ClockCompleted" || event.type === "ClockCancelled") {
        const clock = run.clocks[event.data.id];
        if (clock) (clocks ??= new Map()).set(clock.id, clockRow(run, { ...clock, clock: event.data.clock }, true));
      }
      if (event.type === "IncidentResolved") {
        const incident = run.incidents[event.data.id];
        if (incident) (incidents ??= new Map()).set(incident.id, { ...incidentRow(run, incident), resolvedAt: at });
      }
      const given = event.type === "WorkUndone" || event.type === "RunMigrated" ? event.data.restored : undefined;
      if (given !== undefined) {
        const back = takenBack(JSON.parse(given) as Run, run, event.version);
        const gone = (dropped ??= {
          visits: new Set(),
          work: new Set(),
          clocks: new Set(),
          incidents: new Set(),
          facts: [],
        });
        for (const kind of ["visits", "work", "clocks", "incidents"] as const)
          for (const id of back[kind]) gone[kind].add(id);
        for (const no of back.facts) {
          hits?.delete(no);
          picks?.delete(no);
          gone.facts.push([workspaceId, runId, no]);
        }
        for (const id of back.timers) (dropJobs ??= new Set()).add(jobId("timer", id));
        for (const id of back.effects) (dropJobs ??= new Set()).add(jobId("effect", id));
      }
    },

    after(event, run) {
      const at = event.due ?? event.at;
      switch (event.type) {
        case "RunStarted":
          (links ??= new Map()).set(run.recordId, { workspaceId, recordId: run.recordId, runId });
          for (const id of Object.values(run.related))
            if (id) (links ??= new Map()).set(id, { workspaceId, recordId: id, runId });
          return;
        case "RelatedBound":
          if (event.data.id) (links ??= new Map()).set(event.data.id, { workspaceId, recordId: event.data.id, runId });
          return;
        case "TokenEntered":
          refresh(run, event.data.visit?.id);
          return;
        case "PersonPicked": {
          const { pick } = event.data;
          if (pick.chosen) picked(event, run, pick.rule, pick.chosen, pick);
          return;
        }
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
          const { pick, why, assignee } = event.data;
          const item = run.work[event.data.work];
          if (assignee && item) picked(event, run, pick?.rule ?? why, assignee, pick ?? item);
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
        case "ClockRetargeted":
        case "ClockBreached": {
          const clock = run.clocks[event.data.id];
          if (!clock) return;
          (clocks ??= new Map()).set(clock.id, clockRow(run, clock, false));
          refresh(run, visitOf(run, clock));
          if (event.type === "ClockBreached") {
            const visitRowNow = visits.get(visitOf(run, clock) ?? "");
            if (visitRowNow) visitRowNow.breachedAt ??= clock.clock.breachedAt ?? at;
          }
          return;
        }
        case "ClockRecomputed": {
          const { data } = event;
          const clock = { ...run.clocks[data.id], ...data };
          (clocks ??= new Map()).set(data.id, clockRow(run, clock, data.clock.stoppedAt !== undefined));
          const visitId = data.visit && run.visits[data.visit] ? data.visit : null;
          refresh(run, visitId);
          const row = visitId ? visits.get(visitId) : undefined;
          if (row && (row.breachedAt ?? undefined) === data.was.breachedAt)
            row.breachedAt = data.clock.breachedAt ?? null;
          return;
        }
        case "TimerSet":
          setTimer(event.data.id, event.data.due);
          return;
        case "TimerFired":
        case "TimerCancelled": {
          const id = jobId("timer", event.data.id);
          if (!jobs?.delete(id)) (dropJobs ??= new Set()).add(id);
          return;
        }
        case "EffectRequested": {
          const { effect } = event.data;
          if (effect.kind === "notice") {
            if (effect.to)
              (notices ??= new Map()).set(event.data.id, noticeRow(run, event.data.id, effect.to, effect, at));
            return;
          }
          setJob(
            jobId("effect", event.data.id),
            effect.kind,
            { effect: event.data.id, at, ...effect } as Plain,
            effectDue(event, effect.kind, "after" in effect ? effect.after : undefined),
          );
          return;
        }
        case "IncidentRaised":
          (incidents ??= new Map()).set(event.data.id, incidentRow(run, { ...event.data, at }));
          return;
        case "DecisionMade":
          (hits ??= new Map()).set(event.version, hitRow(run, event.version, event.data, at));
          return;
        case "RunMigrated":
          if (event.data.how === "migrated") return standUnder(run);
          standUnder(run);
          for (const visit of Object.values(run.visits)) Object.assign(visitRow(run, visit), reopened);
          // A pause that the migration ended has not ended.
          for (const visit of Object.values(run.visits)) {
            const row = visitRow(run, visit);
            row.pauses = row.pauses.filter(([from]) => from !== visit.pausedAt);
          }
          for (const timer of Object.values(run.timers)) setTimer(timer.id, timer.due);
          return;
        case "WorkUndone":
          for (const id of Object.keys(run.visits)) refresh(run, id);
          for (const item of Object.values(run.work))
            Object.assign(workRow(run, item), { completedAt: null, completedBy: null, outcome: null });
          for (const visit of Object.values(run.visits)) Object.assign(visitRow(run, visit), reopened);
          for (const clock of Object.values(run.clocks))
            (clocks ??= new Map()).set(clock.id, clockRow(run, clock, false));
          for (const timer of Object.values(run.timers)) setTimer(timer.id, timer.due);
          return;
        default:
          return;
      }
    },

    rows() {
      if (jobs && dropJobs) for (const id of jobs.keys()) dropJobs.delete(id);
      if (dropped) {
        forget(visits, dropped.visits);
        forget(work, dropped.work);
        forget(clocks, dropped.clocks);
        forget(incidents, dropped.incidents);
      }
      const add = emptyTally();
      for (const [id, row] of visits) tallyChange(add, stored.visits.get(id), row, zone);
      for (const id of dropped?.visits ?? []) tallyChange(add, stored.visits.get(id), undefined, zone);
      const keys = (ids: Iterable<string> = []) => [...ids].map((id) => [workspaceId, runId, id]);
      return {
        put: {
          stepVisit: [...visits.values()],
          workItem: [...work.values()],
          slaClock: listed(clocks),
          incident: listed(incidents),
          tableHit: listed(hits),
          pick: listed(picks),
          job: listed(jobs),
          runLink: listed(links),
          notice: listed(notices),
        },
        drop: {
          job: dropJobs ? [...dropJobs].map((id) => [id]) : [],
          ...(dropped && {
            stepVisit: keys(dropped.visits),
            workItem: keys(dropped.work),
            slaClock: keys(dropped.clocks),
            incident: keys(dropped.incidents),
            tableHit: dropped.facts,
            pick: dropped.facts,
          }),
        },
        add,
      };
    },
  };
}

/** What a visit has not that was taken back before it was left. */
const reopened = { leftAt: null, outcome: null, port: null, skipped: false, cancelled: false };

const listed = <T>(rows: Map<unknown, T> | null): T[] => (rows ? [...rows.values()] : []);
const forget = (rows: Map<string, unknown> | null, ids: Set<string>) => {
  for (const id of ids) rows?.delete(id);
};
