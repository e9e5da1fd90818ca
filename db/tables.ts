/** Every table of the product, made once for both dialects. `workspace_id` leads every key, so a workspace is also a shard. */
import type { Actor, Plain, Values } from "@/server/engine/model.ts";
import type { Facts } from "@/server/engine/events.ts";
import type { Process } from "@/server/engine/process.ts";
import { makeRoutingTables } from "./routing-tables.ts";
import { makeAuthTables } from "./auth-tables.ts";
import { makeConnectionTables } from "./connection-tables.ts";
import { delegationTable } from "./delegation-table.ts";
import { makeImportTables } from "./import-tables.ts";
import type { Kit } from "./kit.ts";
import { makeOperateTables } from "./operate-tables.ts";
import { makeRecordTables } from "./record-tables.ts";
import { makeReportTables } from "./report-tables.ts";
import { makeRunTables } from "./run-tables.ts";

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
    ...makeRunTables(k),
    ...makeRecordTables(k),
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
