/** A whole Millrace in a test: a real database, the command loop, the worker, and a clock that is moved by hand. */
import { isNull } from "drizzle-orm";
import type { Store } from "@/db/store.ts";
import { createRecord } from "@/server/commands/create-record.ts";
import { changeRecord } from "@/server/commands/change-record.ts";
import { createProcess } from "@/server/commands/create-process.ts";
import { publishProcess } from "@/server/commands/publish-process.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Values } from "@/server/engine/model.ts";
import { type Process, processSchema } from "@/server/engine/process.ts";
import { virtualClock } from "@/server/runtime/clock.ts";
import type { Wait } from "@/server/effects/answer.ts";
import type { Sender } from "@/server/effects/dispatch.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { recordsById } from "@/db/queries/world.ts";
import { eventsOf, findRun, runsOfRecord } from "@/db/queries/runs.ts";
import type { Given } from "../support/flow-play.ts";

export type Bench = Awaited<ReturnType<typeof openBench>>;

export const people = [
  { id: "lan", name: "Lan Phạm", roles: ["rep"], processRoles: ["ae"], managerId: "mai" },
  { id: "tom", name: "Tom Reed", roles: ["rep"], processRoles: ["ae"], managerId: "mai" },
  { id: "mai", name: "Mai Võ", roles: ["manager"], processRoles: ["manager"], managerId: null },
  { id: "linh", name: "Linh Trần", roles: ["ops", "admin"], processRoles: [], managerId: null },
];

export type BenchPerson = (typeof people)[number];

export async function openBench(
  store: Store,
  start = Date.UTC(2026, 2, 2, 2),
  members: readonly (Omit<BenchPerson, "managerId"> & { managerId: string | null })[] = people,
  /** The other side, where it is not to say yes to everything. */
  outside: { send?: Sender; waitFor?: Wait } = {},
) {
  const clock = virtualClock(start); // Monday 2026-03-02 09:00 in Hanoi
  const workspaceId = "ws_test";
  await store.commit([
    {
      workspaceId,
      guards: [],
      events: [],
      put: {
        workspace: [
          {
            id: workspaceId,
            name: "Test",
            zone: "Asia/Ho_Chi_Minh",
            locale: "en",
            currency: "USD",
            country: "VN",
            demo: false,
            settings: {},
            createdAt: start,
          },
        ],
        dayCount: [{ workspaceId, zone: "Asia/Ho_Chi_Minh" }],
        member: members.map((p) => ({
          ...p,
          workspaceId,
          userId: null,
          email: `${p.id}@example.com`,
          teamId: null,
          backupId: null,
          zone: "Asia/Ho_Chi_Minh",
          country: "VN",
          locale: "en",
          theme: "system",
          capacityPerDay: null,
          status: "active",
          createdAt: start,
        })),
      },
      drop: {},
    },
  ]);
  const sent: { kind: string }[] = [];
  const errors: unknown[] = [];
  const engine = startEngine({
    store,
    clock,
    newId: countedIds(),
    send: async (effect, key, workspace, at) => {
      sent.push(effect);
      return outside.send ? outside.send(effect, key, workspace, at) : { ok: true, result: null };
    },
    ...(outside.waitFor && { waitFor: outside.waitFor }),
    onError: (error) => errors.push(error),
  });
  const ask = (memberId = "linh") => ({
    workspaceId,
    actor: { kind: "member" as const, id: memberId },
    now: clock.now(),
  });
  const bench = {
    workspaceId,
    clock,
    engine,
    store,
    sent,
    errors,
    ask,
    async publish(document: unknown): Promise<number> {
      const parsed = processSchema.parse(document);
      const made = await createProcess(engine, ask(), "linh", parsed);
      const processId = made.ok
        ? made.processId
        : String((made.details as { processId?: string } | undefined)?.processId);
      const live = (await engine.contexts.get(workspaceId, clock.now())).live.get(parsed.key);
      const published = await publishProcess(engine, ask(), {
        processId,
        document: parsed as Process,
        note: "test",
        baseVersion: live?.version ?? null,
        memberId: "linh",
        changes: 1,
      });
      if (!published.ok) throw new Error(published.text);
      return published.version;
    },
    async record(type: string, values: Values): Promise<string> {
      const made = await createRecord(engine, ask(), { type, values });
      if (!made.ok) throw new Error(made.text);
      return made.id;
    },
    async change(id: string, values: Values, memberId = "linh") {
      return changeRecord(engine, ask(memberId), { id, values });
    },
    send: (command: Given<RunCommand>, memberId?: string) =>
      engine.loop.submit({
        id: engine.newId("cmd"),
        workspaceId,
        at: clock.now(),
        actor: memberId ? { kind: "member", id: memberId } : { kind: "system" },
        ...command,
      } as RunCommand),
    async start(process: string, recordId: string, recordType: string): Promise<string> {
      const live = (await engine.contexts.get(workspaceId, clock.now())).live.get(process);
      const runId = engine.newId("run");
      const answer = await bench.send(
        {
          type: "startRun",
          runId,
          process,
          version: live!.version,
          recordType,
          recordId,
          trigger: { event: "manual", at: clock.now() },
        },
        "linh",
      );
      if (!answer.ok) throw new Error(answer.text);
      return runId;
    },
    run: async (id: string) => (await findRun(store, workspaceId, id))!,
    runsOf: (recordId: string) => runsOfRecord(store, workspaceId, recordId),
    factsOf: (runId: string) => eventsOf(store, workspaceId, "run", [runId]),
    valuesOf: async (recordId: string) => (await recordsById(store, { workspaceId, ids: [recordId] }))[0]!.values,
    /** Moves the clock from one due job to the next, as a running server would see them. */
    async advance(ms: number): Promise<void> {
      const end = clock.now() + ms;
      await engine.worker.drain();
      for (;;) {
        const { job } = store.t;
        const live = store.read.select({ dueAt: job.dueAt }).from(job).where(isNull(job.deadAt));
        const [next] = await live.orderBy(job.dueAt).limit(1);
        if (!next || next.dueAt > end) break;
        clock.set(Math.max(clock.now(), next.dueAt));
        await engine.worker.drain();
      }
      clock.set(end);
    },
  };
  return bench;
}
