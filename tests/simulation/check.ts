/**
 * What must hold, told apart from the engine: read with plain SQL from the file, and counted. Nothing here uses the engine's own
 * ideas of state; that the state is what the log says is `verify`'s part.
 */
import { createHash } from "node:crypto";
import type Database from "better-sqlite3";
import { contentOf, type Outside } from "./outside.ts";
import type { Request } from "./request.ts";

type Fact = {
  seq: number;
  stream: string;
  version: number;
  type: string;
  at: number;
  cause: string | null;
  data: Data;
};
type Data = Record<string, unknown> & {
  id?: string;
  due?: number;
  work?: string;
  until?: number | null;
  effect?: { kind?: string; once?: string };
};
type Job = { id: string; kind: string; run_id: string | null; dead_at: number | null; due_at: number };
type RunRow = { id: string; status: string; state: string };

/** One line for each thing that is wrong. `rest`: the world has come to rest. */
export function faults(db: Database.Database, requests: readonly Request[], there: Outside): string[] {
  const facts = (
    db
      .prepare(
        "select seq, stream_kind || '/' || stream_id stream, version, type, at, cause, data from event order by seq",
      )
      .all() as (Omit<Fact, "data"> & { data: string })[]
  ).map((row) => ({ ...row, data: JSON.parse(row.data) as Data }));
  const jobs = db.prepare("select id, kind, run_id, dead_at, due_at from job").all() as Job[];
  const runs = db.prepare("select id, status, state from run").all() as RunRow[];
  return [
    ...inOrder(facts),
    ...onceEach(facts, requests),
    ...timers(facts),
    ...effects(facts, jobs, there),
    ...waiting(runs, jobs),
    ...starts(db),
  ];
}

/** Numbers without gaps; versions and times of a stream that never run back. */
function inOrder(facts: readonly Fact[]): string[] {
  const wrong: string[] = [];
  const last = new Map<string, Fact>();
  facts.forEach((fact, i) => {
    if (fact.seq !== i + 1) wrong.push(`event ${i + 1} has number ${fact.seq}`);
    const before = last.get(fact.stream);
    if (fact.version !== (before?.version ?? 0) + 1 && !fact.stream.startsWith("workspace"))
      wrong.push(`${fact.stream} goes from version ${before?.version ?? 0} to ${fact.version}`);
    if (before && fact.at < before.at)
      wrong.push(`time of ${fact.stream} runs back at event ${fact.seq} (${fact.type})`);
    last.set(fact.stream, fact);
  });
  return wrong;
}

/** What was said yes to is there once; whatever was asked is there at most once. */
function onceEach(facts: readonly Fact[], requests: readonly Request[]): string[] {
  const made = new Map<string, number>();
  for (const { cause, type, data } of facts) {
    // Where an earlier sleep is over by then, that is told first.
    if (type === "WorkSnoozed" && data.until === null) continue;
    made.set(`${cause} ${type}`, (made.get(`${cause} ${type}`) ?? 0) + 1);
  }
  return requests.flatMap(({ key, makes, said }) => {
    if (!makes) return [];
    const times = made.get(`${key} ${makes}`) ?? 0;
    // A person may be handed more than one task by an assignment's fallback; nothing else makes its fact twice.
    if (times > 1 && makes !== "WorkAssigned") return [`${key} made ${times} ${makes}`];
    if (said === "yes" && times === 0) return [`${key} was answered yes, but there is no ${makes}`];
    if (said === "no" && times > 0) return [`${key} was refused, but there is a ${makes}`];
    return [];
  });
}

/** None early, each fired once (an undone completion may set it again), none of an ended run left. */
function timers(facts: readonly Fact[]): string[] {
  const wrong: string[] = [];
  const fired = new Map<string, number>();
  const undone = new Map<string, number>();
  const open = new Map<string, Set<string>>();
  for (const { stream, type, at, data } of facts) {
    const mine = open.get(stream) ?? new Set();
    open.set(stream, mine);
    if (type === "TimerSet") mine.add(data.id!);
    if (type === "TimerCancelled") mine.delete(data.id!);
    if (type === "WorkUndone") undone.set(stream, (undone.get(stream) ?? 0) + 1);
    if (type === "TimerFired") {
      mine.delete(data.id!);
      if (at < data.due!) wrong.push(`timer ${data.id} of ${stream} fired ${data.due! - at} ms early`);
      const key = `${stream} ${data.id}`;
      fired.set(key, (fired.get(key) ?? 0) + 1);
    }
    if ((type === "RunCompleted" || type === "RunCancelled") && mine.size > 0 && !undone.has(stream))
      wrong.push(`${stream} ended with timers ${[...mine].join()}`);
  }
  for (const [key, times] of fired)
    if (times > 1 + (undone.get(key.split(" ")[0]!) ?? 0)) wrong.push(`timer ${key} fired ${times} times`);
  return wrong;
}

/** What was asked of the other side arrived, always in the same words, and nothing arrived that nobody asked for. */
function effects(facts: readonly Fact[], jobs: readonly Job[], there: Outside): string[] {
  const wrong: string[] = [];
  /** The key of what was asked for, with its job and its run. */
  const asked = new Map<string, { job: string; run: string }>();
  const undone = new Set<string>();
  for (const { stream, type, data } of facts) {
    if (type === "WorkUndone") undone.add(stream);
    const kind = data.effect?.kind;
    if (type !== "EffectRequested" || (kind !== "mail" && kind !== "connector" && kind !== "http" && kind !== "chat"))
      continue;
    const run = stream.slice("run/".length);
    const job = `ws_test:${run}:e:${data.id}`;
    asked.set(kind === "mail" ? job : callKey(run, data.effect!), { job, run });
  }
  const left = new Set(jobs.map(({ id }) => id));
  for (const [key, { job, run }] of asked)
    if (!there.arrived.has(key) && !left.has(job) && !undone.has(`run/${run}`))
      wrong.push(`${job} was asked for, and never sent`);
  for (const [key, { bodies }] of there.arrived) {
    const of = asked.get(key);
    if (!of) wrong.push(`${key} was sent, and nobody asked for it`);
    else if (bodies.size > 1 && !undone.has(`run/${of.run}`))
      wrong.push(`${of.job} was sent in ${bodies.size} wordings`);
  }
  return wrong;
}

/** A call's key is its workspace, run, place and content: asked again by hand after an incident, it is the same. */
function callKey(run: string, effect: { once?: string }): string {
  return createHash("sha256")
    .update(sorted(["ws_test", run, effect.once, contentOf(effect)]))
    .digest("hex")
    .slice(0, 32);
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** Every run has ended, or each of its tokens waits for something that can be named; every timer it counts on will ring. */
function waiting(runs: readonly RunRow[], jobs: readonly Job[]): string[] {
  const wrong: string[] = [];
  const live = new Set(jobs.filter(({ dead_at }) => dead_at === null).map(({ id }) => id));
  const wanted = new Set<string>();
  for (const { id, status, state } of runs) {
    if (status === "completed" || status === "cancelled") continue;
    const run = JSON.parse(state) as {
      tokens: Record<string, Record<string, unknown>>;
      timers: Record<string, { token?: string; due: number }>;
      work: Record<string, { token: string }>;
      incidents: Record<string, { token: string }>;
      scopes: Record<string, { token: string }>;
    };
    for (const timer of Object.keys(run.timers)) {
      const job = `ws_test:${id}:${timer}`;
      wanted.add(job);
      if (status === "active" && !live.has(job)) wrong.push(`timer ${timer} of ${id} will never ring`);
    }
    if (status !== "active") continue;
    for (const [token, { effect, child, events, condition, state: stands, node }] of Object.entries(run.tokens)) {
      const owned = [run.timers, run.work, run.incidents, run.scopes].some((things) =>
        Object.values(things).some((thing) => thing.token === token),
      );
      const called =
        typeof child === "string" &&
        (live.has(`ws_test:${id}:e:${child}`) ||
          runs.some((r) => r.state.includes(`"run":"${id}","token":"${token}"`)));
      const sent = typeof effect === "string" && live.has(`ws_test:${id}:e:${effect}`);
      // A join waits for its other tokens.
      const joins = String(node).startsWith("join");
      if (
        !owned &&
        !called &&
        !sent &&
        !(events as unknown[] | undefined)?.length &&
        !condition &&
        stands !== "held" &&
        !joins
      )
        wrong.push(`token ${token} of ${id} at ${String(node)} waits for nothing`);
    }
  }
  for (const { id, kind } of jobs) if (kind === "timer" && !wanted.has(id)) wrong.push(`${id} is a timer of nobody`);
  for (const { id, dead_at } of jobs) if (dead_at !== null && !/:e:/.test(id)) wrong.push(`${id} was given up`);
  return wrong;
}

/** Begun once for each cause: a new account, a call of another process, a record's morning. */
function starts(db: Database.Database): string[] {
  const counted = (sql: string) =>
    (db.prepare(sql).all() as { what: string; n: number }[]).map(({ what, n }) => `${what}: ${n}`);
  return [
    ...counted(
      "select 'greeted ' || c.id what, (select count(*) from run r where r.process = 'greet' and r.record_id = c.id) n from record c where c.type = 'account' and c.deleted_at is null and n <> 1",
    ),
    ...counted(
      "select 'morning of ' || record_id || ' ' || json_extract(state, '$.trigger.at') what, count(*) n from run where process = 'morning' group by record_id, json_extract(state, '$.trigger.at') having n > 1",
    ),
    ...counted(
      // The random process may come round to its call again.
      "select 'called by ' || json_extract(state, '$.parent.run') || json_extract(state, '$.parent.token') what, count(*) n from run where process = 'child' and json_extract(state, '$.parent.run') is not null group by 1 having n > 1",
    ),
  ];
}
