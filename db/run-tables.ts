/** Runs and what is told of them as rows: visits, tasks, clocks, incidents, decisions, and what is due for them. */
import { sql } from "drizzle-orm";
import type { SlaClock } from "@/server/engine/clocks/sla.ts";
import type { Plain, Run } from "@/server/engine/model.ts";
import type { Kit } from "./kit.ts";

export const makeRunTables = (k: Kit) => {
  const run = k.table(
    "run",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      process: k.text("process").notNull(),
      version: k.int("version").notNull(),
      recordType: k.text("record_type").notNull(),
      recordId: k.text("record_id").notNull(),
      status: k.text("status").$type<Run["status"]>().notNull(),
      outcome: k.text("outcome"),
      endNode: k.text("end_node"),
      incidents: k.int("incidents").notNull(),
      rev: k.int("rev").notNull(),
      startedAt: k.time("started_at").notNull(),
      endedAt: k.time("ended_at"),
      lastAt: k.time("last_at").notNull(),
      state: k.json<Run>("state").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.id] }),
      k.index("run_record").on(t.workspaceId, t.recordId),
      // The search of runs, newest first.
      k.index("run_started").on(t.workspaceId, t.startedAt, t.id),
      k.index("run_open").on(t.workspaceId, t.process, t.startedAt).where(sql`ended_at is null`),
      k.index("run_ended").on(t.workspaceId, t.process, t.endedAt).where(sql`ended_at is not null`),
    ],
  );
  /** Which runs look at a record: its own run and those that have it as a related one. */
  const runLink = k.table(
    "run_link",
    {
      workspaceId: k.text("workspace_id").notNull(),
      recordId: k.text("record_id").notNull(),
      runId: k.text("run_id").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.recordId, t.runId] })],
  );
  /** One row for each time a token was in a step: the fact table behind every report. */
  const stepVisit = k.table(
    "step_visit",
    {
      workspaceId: k.text("workspace_id").notNull(),
      runId: k.text("run_id").notNull(),
      visit: k.text("visit").notNull(),
      process: k.text("process").notNull(),
      version: k.int("version").notNull(),
      node: k.text("node").notNull(),
      kind: k.text("kind").notNull(),
      visitNo: k.int("visit_no").notNull(),
      recordId: k.text("record_id").notNull(),
      role: k.text("role"),
      owner: k.text("owner"),
      enteredAt: k.time("entered_at").notNull(),
      assignedAt: k.time("assigned_at"),
      startedAt: k.time("started_at"),
      pausedAt: k.time("paused_at"),
      leftAt: k.time("left_at"),
      /** Closed pauses, ms of wall time; open ones run from `paused_at`. */
      blockedMs: k.long("blocked_ms").notNull(),
      touchMs: k.long("touch_ms").notNull(),
      outcome: k.text("outcome"),
      port: k.text("port"),
      skipped: k.bool("skipped").notNull(),
      cancelled: k.bool("cancelled").notNull(),
      rework: k.bool("rework").notNull(),
      calendar: k.text("calendar"),
      zone: k.text("zone"),
      dueAt: k.time("due_at"),
      breachedAt: k.time("breached_at"),
      valueAtRisk: k.real("value_at_risk"),
      valueAssumed: k.bool("value_assumed").notNull(),
      /** False where an imported log has no start of work. */
      startRecorded: k.bool("start_recorded").notNull(),
      /** Pauses as [from, to] pairs in epoch ms, so that business time can leave them out. */
      pauses: k.json<[number, number][]>("pauses").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.runId, t.visit] }),
      k.index("visit_open").on(t.workspaceId, t.process, t.node).where(sql`left_at is null`),
      k.index("visit_left").on(t.workspaceId, t.process, t.leftAt).where(sql`left_at is not null`),
    ],
  );
  const workItem = k.table(
    "work_item",
    {
      workspaceId: k.text("workspace_id").notNull(),
      runId: k.text("run_id").notNull(),
      work: k.text("work").notNull(),
      visit: k.text("visit").notNull(),
      process: k.text("process").notNull(),
      version: k.int("version").notNull(),
      node: k.text("node").notNull(),
      recordType: k.text("record_type").notNull(),
      recordId: k.text("record_id").notNull(),
      role: k.text("role").notNull(),
      queue: k.text("queue"),
      approval: k.bool("approval").notNull(),
      state: k.text("state").notNull(),
      assignee: k.text("assignee"),
      offeredAt: k.time("offered_at").notNull(),
      startedAt: k.time("started_at"),
      snoozedUntil: k.time("snoozed_until"),
      blockedReason: k.text("blocked_reason"),
      priority: k.int("priority").notNull(),
      /** The earliest open clock of the visit. */
      dueAt: k.time("due_at"),
      atRiskAt: k.time("at_risk_at"),
      valueAtRisk: k.real("value_at_risk"),
      completedAt: k.time("completed_at"),
      completedBy: k.text("completed_by"),
      outcome: k.text("outcome"),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.runId, t.work] }),
      k.index("work_mine").on(t.workspaceId, t.assignee).where(sql`completed_at is null`),
      k.index("work_queue").on(t.workspaceId, t.role).where(sql`completed_at is null and assignee is null`),
      k.index("work_done").on(t.workspaceId, t.completedBy, t.completedAt).where(sql`completed_at is not null`),
    ],
  );
  const slaClock = k.table(
    "sla_clock",
    {
      workspaceId: k.text("workspace_id").notNull(),
      runId: k.text("run_id").notNull(),
      clock: k.text("clock").notNull(),
      process: k.text("process").notNull(),
      version: k.int("version").notNull(),
      sla: k.text("sla").notNull(),
      node: k.text("node"),
      visit: k.text("visit"),
      state: k.text("state").notNull(),
      startedAt: k.time("started_at").notNull(),
      dueAt: k.time("due_at"),
      breachedAt: k.time("breached_at"),
      stoppedAt: k.time("stopped_at"),
      /** Who had the work at the breach. */
      breachedWith: k.text("breached_with"),
      data: k.json<SlaClock>("data").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.runId, t.clock] }),
      k.index("clock_stopped").on(t.workspaceId, t.process, t.stoppedAt),
      k.index("clock_open").on(t.workspaceId, t.process, t.node).where(sql`stopped_at is null`),
    ],
  );
  const incident = k.table(
    "incident",
    {
      workspaceId: k.text("workspace_id").notNull(),
      runId: k.text("run_id").notNull(),
      incident: k.text("incident").notNull(),
      process: k.text("process").notNull(),
      version: k.int("version").notNull(),
      node: k.text("node").notNull(),
      code: k.text("code").notNull(),
      text: k.text("text").notNull(),
      raisedAt: k.time("raised_at").notNull(),
      resolvedAt: k.time("resolved_at"),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.runId, t.incident] }),
      k.index("incident_open").on(t.workspaceId, t.process).where(sql`resolved_at is null`),
    ],
  );

  /** One row for each time a decision table was asked; `no`: the version of the run's fact that says so. */
  const tableHit = k.table(
    "table_hit",
    {
      workspaceId: k.text("workspace_id").notNull(),
      runId: k.text("run_id").notNull(),
      no: k.int("no").notNull(),
      process: k.text("process").notNull(),
      version: k.int("version").notNull(),
      table: k.text("decision_table").notNull(),
      /** 0-based rules that counted, with commas; empty when none matched. */
      rules: k.text("rules").notNull(),
      at: k.time("at").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.runId, t.no] }),
      // How often each rule of a process's tables counted.
      k.index("table_hit_rules").on(t.workspaceId, t.process, t.version, t.table, t.rules),
    ],
  );

  /** Timers and effects. There is no "locked" state: a held job is simply due again when its lease runs out. */
  const job = k.table(
    "job",
    {
      /** Workspace, run and timer or effect id: one job a cause. */
      id: k.text("id").primaryKey(),
      workspaceId: k.text("workspace_id").notNull(),
      kind: k.text("kind").notNull(),
      runId: k.text("run_id"),
      payload: k.json<Plain>("payload").notNull(),
      dueAt: k.time("due_at").notNull(),
      lease: k.int("lease").notNull(),
      attempts: k.int("attempts").notNull(),
      /** Set when it was given up: kept for the operator. */
      deadAt: k.time("dead_at"),
      lastError: k.text("last_error"),
    },
    (t) => [
      k.index("job_due").on(t.dueAt, t.id).where(sql`dead_at is null`),
      // At the start: what a server that died still held.
      k.index("job_held").on(t.lease).where(sql`lease > 0`),
      k.index("job_run").on(t.workspaceId, t.runId),
      k.index("job_dead").on(t.workspaceId, t.deadAt).where(sql`dead_at is not null`),
    ],
  );
  return { run, runLink, stepVisit, workItem, slaClock, incident, tableHit, job };
};
