/** Two workspaces in one database, each with one person of every role: what the rights tests walk through. */
import { Readable } from "node:stream";
import type { Row } from "@/db/store.ts";
import { type Role, roles } from "@/server/api/authorisation.ts";
import { createKey } from "@/server/auth/api-keys.ts";
import { type Person, personOfUser } from "@/server/auth/person.ts";
import { createProcess } from "@/server/commands/create-process.ts";
import { createRecord } from "@/server/commands/create-record.ts";
import { publishProcess } from "@/server/commands/publish-process.ts";
import { processSchema } from "@/server/engine/process.ts";
import type { Uploads } from "@/server/runtime/uploads.ts";
import type { Engine } from "@/server/runtime/engine.ts";

/**
 * One workspace, and the ids of one thing of every kind in it. `mark` stands in the name of everything, so that an answer
 * that shows any of it can be told. A new router adds its things here.
 */
export type Side = {
  mark: string;
  workspaceId: string;
  people: Record<Role, Person>;
  memberId: string;
  keyId: string;
  teamId: string;
  recordId: string;
  processId: string;
  processKey: string;
  runId: string;
  workId: string;
  incidentRunId: string;
  importId: string;
  batchId: string;
  uploadId: string;
  connectionId: string;
  receiptId: string;
};

export async function twoWorkspaces(
  engine: Engine,
  now: number,
  /** `bare`: people only, nothing in the log yet */
  how: "full" | "bare" = "full",
  uploads?: Uploads,
): Promise<{ own: Side; foreign: Side; absent: Side }> {
  const own = await makeSide(engine, now, "Ownmark", how, uploads);
  const foreign = await makeSide(engine, now, "Foreignmark", how, uploads);
  return {
    own,
    foreign,
    absent: {
      ...own,
      mark: "Absentmark",
      workspaceId: "ws_absent",
      memberId: "mem_absent",
      keyId: "key_absent",
      teamId: "team_absent",
      recordId: "acc_absent",
      processId: "prc_absent",
      processKey: "absent",
      runId: "run_absent",
      workId: "run_absent.w1",
      incidentRunId: "run_absent",
      importId: "imp_absent",
      batchId: "bat_absent",
      uploadId: "upl_absentabsent",
      connectionId: "con_absent",
      receiptId: "rcp_absent",
    },
  };
}

async function makeSide(
  engine: Engine,
  now: number,
  mark: string,
  how: "full" | "bare",
  uploads: Uploads | undefined,
): Promise<Side> {
  const { store, newId } = engine;
  const workspaceId = newId("ws");
  const workspace: Row<"workspace"> = {
    id: workspaceId,
    name: mark,
    zone: "Europe/Berlin",
    locale: "en",
    currency: "EUR",
    country: "DE",
    demo: false,
    settings: {},
    createdAt: now,
  };
  const team = {
    workspaceId,
    id: newId("team"),
    name: `${mark} team`,
    managerId: null,
    zone: "Europe/Berlin",
    calendar: null,
  };
  const members = roles.map(
    (role): Row<"member"> =>
      member({
        workspaceId,
        id: newId("mem"),
        userId: newId("usr"),
        name: `${mark} ${role}`,
        email: `${role}@${mark.toLowerCase()}.test`,
        roles: [role],
        createdAt: now,
      }),
  );
  const importId = newId("imp");
  const connectionId = newId("con");
  const receiptId = newId("rcp");
  await store.commit([
    {
      workspaceId,
      guards: [],
      events: [],
      put: {
        workspace: [workspace],
        member: members,
        team: [team],
        importJob: [importOf(workspaceId, importId, mark, now)],
        connection: [
          {
            workspaceId,
            id: connectionId,
            key: "hook",
            name: `${mark} hook`,
            host: "",
            config: { kind: "hook", takes: { what: "message", event: "payment.received" } },
            secret: null,
            createdAt: now,
            changedAt: now,
          },
        ],
        webhookReceipt: [
          { workspaceId, id: receiptId, connectionId, message: mark, at: now, bytes: 2, state: "failed", note: mark },
        ],
        importMapping: [
          { workspaceId, name: `${mark} mapping`, recordType: "account", mapping: { key: mark }, savedAt: now },
        ],
      },
      drop: {},
    },
  ]);
  const batchId = newId("bat");
  await store.commit([
    { workspaceId, guards: [], events: [], put: { batch: [batchOf(workspaceId, batchId, mark, now)] }, drop: {} },
  ]);
  const table = `name,step,when\n${mark} One,Call,2026-03-02\n`;
  const upload = await uploads?.save({ workspaceId, fileName: `${mark}.csv`, at: now }, Readable.from([table]));
  const people = Object.fromEntries(
    await Promise.all(members.map(async (row) => [row.roles[0], await personOfUser(store, String(row.userId))])),
  ) as Record<Role, Person>;
  const memberId = people.rep.memberId;
  const key = await createKey(store, newId, now, {
    workspaceId,
    memberId: people.admin.memberId,
    name: `${mark} key`,
    scopes: ["*"],
    days: 30,
  });
  const nothing = { recordId: "", processId: "", processKey: "", runId: "", workId: "", incidentRunId: "" };
  const work =
    how === "bare"
      ? nothing
      : await makeWork(engine, now, { mark, workspaceId, ops: people.ops.memberId, rep: memberId });
  const uploadId = upload?.id ?? "";
  return {
    mark,
    workspaceId,
    people,
    memberId,
    keyId: key.id,
    teamId: team.id,
    importId,
    uploadId,
    connectionId,
    receiptId,
    batchId,
    ...work,
  };
}

const importOf = (workspaceId: string, id: string, mark: string, at: number): Row<"importJob"> => ({
  workspaceId,
  id,
  kind: "records",
  fileName: `${mark}.csv`,
  memberId: null,
  state: "done",
  total: 0,
  done: 0,
  created: 0,
  updated: 0,
  failed: 0,
  started: 0,
  mapping: { recordType: "account" },
  problems: [],
  createdAt: at,
  endedAt: at,
  undoneAt: null,
  asked: null,
  lease: 0,
  heldUntil: null,
});

const batchOf = (workspaceId: string, id: string, mark: string, at: number): Row<"batch"> => ({
  workspaceId,
  id,
  kind: "retry",
  filter: { text: mark },
  params: {},
  askedBy: "",
  reason: mark,
  status: "stopped",
  gathered: true,
  text: null,
  createdAt: at,
  endedAt: at,
});

/** A published process, a record, a run of it with an open task, and one that stands before an incident. */
async function makeWork(
  engine: Engine,
  now: number,
  { mark, workspaceId, ops, rep }: { mark: string; workspaceId: string; ops: string; rep: string },
) {
  const ask = { workspaceId, actor: { kind: "member" as const, id: ops }, now };
  const key = `${mark.toLowerCase()}_care`;
  const document = processSchema.parse({
    key,
    name: `${mark} care`,
    recordType: "account",
    runPolicy: "many",
    roles: { am: { name: `${mark} manager` } },
    nodes: [
      { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
      { id: "call", kind: "task", name: `${mark} call`, role: "am" },
      { id: "done", kind: "end", name: "Done" },
    ],
    edges: [
      { id: "e1", from: "start", to: "call" },
      { id: "e2", from: "call", to: "done" },
    ],
  });
  const made = await createProcess(engine, ask, ops, document);
  if (!made.ok) throw new Error(made.text);
  const published = await publishProcess(engine, ask, {
    processId: made.processId,
    document,
    note: "first",
    baseVersion: null,
    memberId: ops,
    changes: 1,
  });
  if (!published.ok) throw new Error(published.text);
  const record = await createRecord(engine, ask, { type: "account", values: { name: `${mark} Ltd`, owner_id: rep } });
  if (!record.ok) throw new Error(record.text);
  const runId = engine.newId("run");
  const started = await engine.loop.submit({
    id: engine.newId("cmd"),
    workspaceId,
    at: now,
    actor: ask.actor,
    runId,
    type: "startRun",
    process: key,
    version: published.version,
    recordType: "account",
    recordId: record.id,
    trigger: { event: "manual", at: now },
  });
  if (!started.ok) throw new Error(started.text);
  return {
    recordId: record.id,
    processId: made.processId,
    processKey: key,
    runId,
    workId: `${runId}.w1`,
    incidentRunId: runId,
  };
}

const member = (
  who: Pick<Row<"member">, "workspaceId" | "id" | "userId" | "name" | "email" | "roles" | "createdAt">,
): Row<"member"> => ({
  ...who,
  processRoles: [],
  teamId: null,
  managerId: null,
  backupId: null,
  zone: "Europe/Berlin",
  country: "DE",
  locale: "en",
  theme: "system",
  capacityPerDay: null,
  status: "active",
});
