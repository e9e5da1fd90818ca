/** Every table of the product, made once for both dialects. `workspace_id` leads every key, so a workspace is also a shard. */
import { sql } from "drizzle-orm";
import type { Actor, Plain, Run, Values } from "@/server/engine/model.ts";
import type { Facts } from "@/server/engine/events.ts";
import type { Process } from "@/server/engine/process.ts";
import type { SlaClock } from "@/server/engine/clocks/sla.ts";
import { makeRoutingTables } from "./routing-tables.ts";
import { makeAuthTables } from "./auth-tables.ts";
import { makeConnectionTables } from "./connection-tables.ts";
import { delegationTable } from "./delegation-table.ts";
import { makeImportTables } from "./import-tables.ts";
import type { Kit } from "./kit.ts";
import { makeOperateTables } from "./operate-tables.ts";
import { makeReportTables } from "./report-tables.ts";

export const makeTables = (k: Kit) => {
  const workspace = k.table("workspace", {
    id: k.text("id").primaryKey(),
    name: k.text("name").notNull(),
    zone: k.text("zone").notNull(),
    locale: k.text("locale").notNull(),
    currency: k.text("currency").notNull(),
    country: k.text("country").notNull(),
    demo: k.bool("demo").notNull(),
    /** Custom fields, exchange rates, and other settings by key. */
    settings: k.json<Values>("settings").notNull(),
    createdAt: k.time("created_at").notNull(),
  });
  /** The head of a workspace's log: next sequence number and last hash. A batch takes it last. */
  const logHead = k.table("log_head", {
    workspaceId: k.text("workspace_id").primaryKey(),
    seq: k.long("seq").notNull(),
    hash: k.text("hash").notNull(),
  });

  const member = k.table(
    "member",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      /** The sign-in; null for people who are only named (imported owners). */
      userId: k.text("user_id"),
      name: k.text("name").notNull(),
      email: k.text("email").notNull(),
      /** admin, ops, manager, rep: the union counts. */
      roles: k.json<string[]>("roles").notNull(),
      /** Roles of processes this person works for ("ae", "legal"), workspace-wide. */
      processRoles: k.json<string[]>("process_roles").notNull(),
      teamId: k.text("team_id"),
      managerId: k.text("manager_id"),
      backupId: k.text("backup_id"),
      zone: k.text("zone").notNull(),
      country: k.text("country").notNull(),
      locale: k.text("locale").notNull(),
      theme: k.text("theme").notNull(),
      capacityPerDay: k.int("capacity_per_day"),
      /** What they can do: tags that steps ask for. */
      skills: k.json<string[]>("skills"),
      status: k.text("status").notNull(),
      createdAt: k.time("created_at").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.id] }),
      k.uniqueIndex("member_user").on(t.workspaceId, t.userId),
      k.index("member_by_user").on(t.userId),
    ],
  );
  const team = k.table(
    "team",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      name: k.text("name").notNull(),
      managerId: k.text("manager_id"),
      zone: k.text("zone").notNull(),
      calendar: k.text("calendar"),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.id] })],
  );
  /** Who is away, from (inclusive) to (exclusive). */
  const absence = k.table(
    "absence",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      memberId: k.text("member_id").notNull(),
      from: k.time("from_at").notNull(),
      to: k.time("to_at").notNull(),
      reason: k.text("reason").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.id] }), k.index("absence_member").on(t.workspaceId, t.memberId)],
  );
  const delegation = delegationTable(k);
  /** A calendar of the workspace: each revision stays, clocks name the one they ran under. */
  const calendar = k.table(
    "calendar",
    {
      workspaceId: k.text("workspace_id").notNull(),
      key: k.text("key").notNull(),
      revision: k.int("revision").notNull(),
      name: k.text("name").notNull(),
      definition: k.json<Process["calendars"][string]>("definition").notNull(),
      validFrom: k.time("valid_from").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.key, t.revision] })],
  );

  const process = k.table(
    "process",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      key: k.text("key").notNull(),
      name: k.text("name").notNull(),
      recordType: k.text("record_type").notNull(),
      ownerId: k.text("owner_id"),
      /** The version new runs start on; null until the first publish. */
      liveVersion: k.int("live_version"),
      status: k.text("status").notNull(),
      createdAt: k.time("created_at").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.id] }), k.uniqueIndex("process_key").on(t.workspaceId, t.key)],
  );
  /** Published versions: immutable. */
  const processVersion = k.table(
    "process_version",
    {
      workspaceId: k.text("workspace_id").notNull(),
      processId: k.text("process_id").notNull(),
      version: k.int("version").notNull(),
      document: k.json<Process>("document").notNull(),
      note: k.text("note").notNull(),
      authorId: k.text("author_id"),
      publishedAt: k.time("published_at").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.processId, t.version] })],
  );
  /** One draft a person and process. `revision` rises with each save; a save names the one it was based on. */
  const draft = k.table(
    "draft",
    {
      workspaceId: k.text("workspace_id").notNull(),
      processId: k.text("process_id").notNull(),
      memberId: k.text("member_id").notNull(),
      baseVersion: k.int("base_version"),
      revision: k.int("revision").notNull(),
      document: k.json<Process>("document").notNull(),
      savedAt: k.time("saved_at").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.processId, t.memberId] })],
  );

  const event = k.table(
    "event",
    {
      workspaceId: k.text("workspace_id").notNull(),
      seq: k.long("seq").notNull(),
      streamKind: k.text("stream_kind").notNull(),
      streamId: k.text("stream_id").notNull(),
      version: k.int("version").notNull(),
      type: k.text("type").$type<keyof Facts>().notNull(),
      at: k.time("at").notNull(),
      due: k.time("due"),
      actor: k.json<Actor>("actor").notNull(),
      cause: k.text("cause"),
      data: k.json<Plain>("data").notNull(),
      hash: k.text("hash").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.seq] }),
      k.uniqueIndex("event_stream").on(t.workspaceId, t.streamKind, t.streamId, t.version),
    ],
  );
  /** The answer given to a command, kept 30 days: a retry with the same id gets it again. */
  const receipt = k.table(
    "receipt",
    {
      workspaceId: k.text("workspace_id").notNull(),
      commandId: k.text("command_id").notNull(),
      /** hash of the command's body */ body: k.text("body").notNull(),
      answer: k.json<Plain>("answer").notNull(),
      at: k.time("at").notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.commandId] })],
  );

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

  const record = k.table(
    "record",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      type: k.text("type").notNull(),
      version: k.int("version").notNull(),
      title: k.text("title").notNull(),
      /** Folded title, e-mail, domain, number: what the search looks in. */
      search: k.text("search").notNull(),
      ownerId: k.text("owner_id"),
      accountId: k.text("account_id"),
      /** Status, stage or lifecycle: what lists group by. */
      status: k.text("status"),
      /** Amount in the workspace's base currency, for sorting. */
      amount: k.real("amount"),
      /** Id in the system it came from, unique per type. */
      externalId: k.text("external_id"),
      lockedBy: k.text("locked_by"),
      values: k.json<Values>("values").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      deletedAt: k.time("deleted_at"),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.id] }),
      k.index("record_list").on(t.workspaceId, t.type, t.createdAt),
      k.index("record_account").on(t.workspaceId, t.accountId),
      k.uniqueIndex("record_external").on(t.workspaceId, t.type, t.externalId),
    ],
  );
  /** A reference from one record's field to another: how related records are found. */
  const recordLink = k.table(
    "record_link",
    {
      workspaceId: k.text("workspace_id").notNull(),
      fromId: k.text("from_id").notNull(),
      field: k.text("field").notNull(),
      toId: k.text("to_id").notNull(),
      fromType: k.text("from_type").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.fromId, t.field] }),
      k.index("link_to").on(t.workspaceId, t.toId, t.fromType),
    ],
  );

  /** Normalised e-mail, phone, domain and name keys: how duplicates are found. */
  const recordKey = k.table(
    "record_key",
    {
      workspaceId: k.text("workspace_id").notNull(),
      key: k.text("key").notNull(),
      recordId: k.text("record_id").notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.key, t.recordId] }),
      k.index("key_record").on(t.workspaceId, t.recordId),
    ],
  );

  /** A message for one person, shown in the app. */
  const notice = k.table(
    "notice",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      memberId: k.text("member_id").notNull(),
      runId: k.text("run_id"),
      title: k.text("title").notNull(),
      text: k.text("text").notNull(),
      urgency: k.text("urgency").notNull(),
      link: k.text("link").notNull(),
      at: k.time("at").notNull(),
      readAt: k.time("read_at"),
    },
    (t) => [
      k.primaryKey({ columns: [t.workspaceId, t.id] }),
      k.index("notice_member").on(t.workspaceId, t.memberId, t.at),
    ],
  );
  const apiKey = k.table(
    "api_key",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      name: k.text("name").notNull(),
      hash: k.text("hash").notNull(),
      memberId: k.text("member_id").notNull(),
      scopes: k.json<string[]>("scopes").notNull(),
      createdAt: k.time("created_at").notNull(),
      expiresAt: k.time("expires_at").notNull(),
      revokedAt: k.time("revoked_at"),
      lastUsedAt: k.time("last_used_at"),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.id] }), k.uniqueIndex("api_key_hash").on(t.hash)],
  );
  /** What people did outside the log's streams, and every refusal of rights. */
  const audit = k.table(
    "audit",
    {
      workspaceId: k.text("workspace_id").notNull(),
      id: k.text("id").notNull(),
      at: k.time("at").notNull(),
      actor: k.json<Actor>("actor").notNull(),
      action: k.text("action").notNull(),
      subject: k.text("subject"),
      ok: k.bool("ok").notNull(),
      detail: k.text("detail"),
    },
    (t) => [k.primaryKey({ columns: [t.workspaceId, t.id] }), k.index("audit_at").on(t.workspaceId, t.at)],
  );

  return {
    workspace,
    logHead,
    member,
    team,
    absence,
    delegation,
    calendar,
    process,
    processVersion,
    draft,
    event,
    receipt,
    run,
    runLink,
    stepVisit,
    workItem,
    slaClock,
    incident,
    tableHit,
    job,
    record,
    recordLink,
    recordKey,
    notice,
    apiKey,
    audit,
    ...makeConnectionTables(k),
    ...makeRoutingTables(k),
    ...makeOperateTables(k),
    ...makeReportTables(k),
    ...makeImportTables(k),
    ...makeAuthTables(k),
  };
};
export type Tables = ReturnType<typeof makeTables>;
