/** What people and other systems ask for, each under a key of its own, and again under the same key until it is answered. */
import { changeRecord } from "@/server/commands/change-record.ts";
import { createRecord } from "@/server/commands/create-record.ts";
import { undoWork } from "@/server/commands/undo-work.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { EventType } from "@/server/engine/events.ts";
import type { Given } from "../support/flow-play.ts";
import { goOn, operate } from "./operators.ts";
import { type Request, workspaceId } from "./request.ts";
import type { Life } from "./world.ts";

const hour = 3_600_000;
const team = ["lan", "tom"] as const;

type OpenWork = {
  run_id: string;
  work: string;
  node: string;
  process: string;
  version: number;
  assignee: string | null;
};

/** The next thing somebody wants, by chance and by what there is to see. Null when there is nothing to do. */
export async function wish(life: Life, chance: () => number, key: string): Promise<Request | null> {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(chance() * from.length)];
  const rows = <T>(sql: string) => life.store.writer.prepare(sql).all() as T[];
  const who = pick(team)!;
  const command = (given: Given<RunCommand>, makes: EventType | null, member: string | null = who): Request => ({
    key,
    makes,
    said: "nothing",
    ask: (engine, now) =>
      engine.loop.submit({
        id: key,
        workspaceId,
        at: now,
        actor: member ? { kind: "member", id: member } : { kind: "api", id: "outside" },
        ...given,
      } as RunCommand),
  });
  const ask = (now: number) => ({ workspaceId, actor: { kind: "member", id: who } as const, now, commandId: key });
  const openWork = () =>
    pick(
      rows<OpenWork>(
        "select w.run_id, w.work, w.node, w.assignee, r.process, r.version from work_item w join run r on r.id = w.run_id where w.completed_at is null",
      ),
    );
  const openRun = () => pick(rows<{ id: string; status: string }>("select id, status from run where ended_at is null"));
  const record = (type: string) => pick(rows<{ id: string }>(`select id from record where type = '${type}'`));

  const dice = chance();
  if (dice < 0.14) {
    const values = { name: `Account ${key}`, billing_city: pick(["Hue", "Hanoi", "Hanoi"])!, owner_id: who };
    return {
      key,
      makes: "RecordCreated",
      said: "nothing",
      ask: (e, now) => createRecord(e, ask(now), { type: "account", values }),
    };
  }
  if (dice < 0.18) {
    const values = {
      last_name: key,
      email: `${key}@sim.test`,
      company_name: key,
      source: "inbound_web",
      owner_id: who,
    };
    return {
      key,
      makes: "RecordCreated",
      said: "nothing",
      ask: (e, now) => createRecord(e, ask(now), { type: "lead", values }),
    };
  }
  if (dice < 0.26) {
    const found = record("account");
    if (!found) return null;
    const values = { billing_street: `${key} street` };
    return {
      key,
      makes: "RecordChanged",
      said: "nothing",
      ask: (e, now) => changeRecord(e, ask(now), { id: found.id, values }),
    };
  }
  if (dice < 0.48) {
    const process = pick(["deal", "deal", "hear", "parent", "random", "random"])!;
    const recordType = process === "random" ? "lead" : "account";
    const found = record(recordType);
    if (!found) return null;
    return {
      key,
      makes: "RunStarted",
      said: "nothing",
      ask: (engine, now) =>
        engine.loop.submit({
          id: key,
          workspaceId,
          runId: `run_${key}`,
          at: now,
          actor: { kind: "member", id: who },
          type: "startRun",
          process,
          version: 1,
          recordType,
          recordId: found.id,
          trigger: { event: "manual", at: now },
        }),
    };
  }
  if (dice < 0.76) {
    const work = openWork();
    return work ? command(await completion(life, work, chance), "WorkCompleted", work.assignee ?? who) : null;
  }
  if (dice < 0.8) {
    const [last] = rows<{ id: string; by: string }>(
      "select run_id || '.' || work id, completed_by by from work_item where completed_by is not null order by completed_at desc limit 1",
    );
    if (!last) return null;
    return {
      key,
      makes: "WorkUndone",
      said: "nothing",
      ask: (e, now) => undoWork(e, { ...ask(now), actor: { kind: "member", id: last.by } }, last.id),
    };
  }
  if (dice < 0.9) {
    const work = openWork();
    if (!work) return null;
    const { run_id: runId, work: id } = work;
    const now = life.clock.now();
    const given = pick<[Given<RunCommand>, EventType | null]>([
      [{ type: "assignWork", runId, work: id, how: { kind: "hand_over", to: pick(team)! } }, null],
      [{ type: "snoozeWork", runId, work: id, until: now + Math.ceil(chance() * 5) * hour }, "WorkSnoozed"],
      [{ type: "pauseWork", runId, work: id, reason: "waits" }, "StepPaused"],
      [{ type: "resumeWork", runId, work: id }, "StepResumed"],
      [{ type: "startWork", runId, work: id }, "WorkStarted"],
    ])!;
    return command(given[0], given[1], work.assignee ?? who);
  }
  if (dice < 0.92) {
    const found = record("lead");
    // What gates ask for: it is there, or no longer.
    const values = { fit_score: chance() < 0.7 ? 60 : 10 };
    return found
      ? { key, makes: null, said: "nothing", ask: (e, now) => changeRecord(e, ask(now), { id: found.id, values }) }
      : null;
  }
  if (dice < 0.94) return operate(life, chance, key);
  const run = openRun();
  if (!run) return null;
  const runId = run.id;
  if (dice < 0.96)
    return command(
      { type: "receiveMessage", runId, event: pick(["news", "stop", "account.served"])!, payload: {} },
      null,
      null,
    );
  if (dice < 0.98)
    return run.status === "suspended"
      ? command({ type: "resumeRun", runId }, "RunResumed")
      : command({ type: "suspendRun", runId, reason: "holiday" }, "RunSuspended");
  if (dice < 0.99) return command({ type: "cancelRun", runId, reason: "over" }, "RunCancelled");
  const stuck = pick(
    rows<{ run_id: string; incident: string }>("select run_id, incident from incident where resolved_at is null"),
  );
  return stuck
    ? command({ type: "retryIncident", runId: stuck.run_id, incident: stuck.incident }, "IncidentResolved")
    : null;
}

/** Completes a task by one of the exits it is drawn with. */
async function completion(life: Life, work: OpenWork, chance: () => number): Promise<Given<RunCommand>> {
  const process = await life.engines[0]!.contexts.version(workspaceId, work.process, work.version);
  const node = process!.nodes.get(work.node)!;
  const ports = node.definition.ports(node.node, node.config);
  const outcome =
    Array.isArray(ports) && ports[0] !== "done" ? (ports[Math.floor(chance() * ports.length)] ?? null) : null;
  return { type: "completeWork", runId: work.run_id, work: work.work, outcome, values: {} };
}

/** What keeps runs from their end: all of it done, so that the world comes to rest. */
export async function tidyUp(life: Life, chance: () => number, keyOf: () => string): Promise<Request[]> {
  const rows = <T>(sql: string) => life.store.writer.prepare(sql).all() as T[];
  const all: Request[] = [];
  const add = (given: Given<RunCommand>, member: string | null) => {
    const key = keyOf();
    const actor = member ? ({ kind: "member", id: member } as const) : ({ kind: "api", id: "outside" } as const);
    all.push({
      key,
      makes: null,
      said: "nothing",
      ask: (engine, now) => engine.loop.submit({ id: key, workspaceId, at: now, actor, ...given } as RunCommand),
    });
  };
  for (const { id } of rows<{ id: string }>("select id from run where status = 'suspended'"))
    add({ type: "resumeRun", runId: id }, "linh");
  // What fails again and again is passed over: the action, or the step where no action failed.
  for (const { run_id, incident } of rows<{ run_id: string; incident: string }>(
    "select run_id, incident from incident where resolved_at is null",
  ))
    add(
      chance() < 0.5
        ? { type: "retryIncident", runId: run_id, incident }
        : { type: "retryIncident", runId: run_id, incident, how: "skip", reason: "by hand" },
      "linh",
    );
  for (const { id, state } of rows<{ id: string; state: string }>("select id, state from run where ended_at is null")) {
    const { tokens, incidents } = JSON.parse(state) as {
      tokens: Record<string, { id: string; state: string }>;
      incidents: Record<string, { token: string }>;
    };
    const stuck = Object.values(incidents)
      .map(({ token }) => tokens[token])
      .find((token) => token);
    if (stuck && chance() < 0.3)
      add({ type: "jump", runId: id, how: { kind: "skip", token: stuck.id }, reason: "by hand" }, "linh");
  }
  for (const line of rows<{ process: string; node: string }>("select process, node from line_stop"))
    all.push(goOn(keyOf(), line));
  // Gates let everything through.
  for (const { id } of rows<{ id: string }>(
    "select id from record where type = 'lead' and coalesce(json_extract(\"values\", '$.fit_score'), 0) < 50",
  )) {
    const key = keyOf();
    const ask = (now: number) => ({ workspaceId, actor: { kind: "member", id: "linh" } as const, now, commandId: key });
    all.push({
      key,
      makes: null,
      said: "nothing",
      ask: (e, now) => changeRecord(e, ask(now), { id, values: { fit_score: 60 } }),
    });
  }
  for (const work of rows<OpenWork>(
    "select w.run_id, w.work, w.node, w.assignee, r.process, r.version from work_item w join run r on r.id = w.run_id where w.completed_at is null",
  ))
    add(await completion(life, work, chance), work.assignee ?? "lan");
  for (const { id } of rows<{ id: string }>("select id from run where ended_at is null"))
    add({ type: "receiveMessage", runId: id, event: "news", payload: {} }, null);
  return all;
}
