/**
 * Looks for what is due and does it: timers as commands, effects through the dispatcher. There is no timer in memory that
 * anybody would miss; the wake-up only looks at the table.
 */
import type { JobsOf, Row, Store } from "@/db/store.ts";
import type { CommandLoop } from "@/server/commands/command-loop.ts";
import type { Dispatcher } from "@/server/effects/dispatch.ts";
import { type Clock, type Clocks, clocksOf } from "./clock.ts";

/** A claimed job is due again after this, if its holder died. */
const holdMs = 30_000;
const most = 200;

export type Worker = {
  start(): void;
  /** Does everything that is due by now, and what that makes due, then resolves. Tests and the virtual clock use it. */
  drain(): Promise<number>;
  stop(): Promise<void>;
};

export function worker({
  store,
  loop,
  dispatch,
  clock: given,
  onError,
}: {
  store: Store;
  loop: CommandLoop;
  dispatch: Dispatcher;
  clock: Clock | Clocks;
  onError: (error: unknown) => void;
}): Worker {
  let stopped = true;
  let wake: ReturnType<typeof setTimeout> | null = null;
  let working: Promise<number> | null = null;
  const finish = together(store);
  const clocks = clocksOf(given);

  /** One claim's worth. */
  async function round(): Promise<number> {
    const apart = clocks.moved();
    const claimed = [
      await take(clocks.now(), apart.length ? { except: apart } : undefined),
      ...(await Promise.all(apart.map((only) => take(clocks.of(only).now(), { only })))),
    ];
    return claimed.reduce((sum, n) => sum + n, 0);
  }

  /** Of workspaces whose time is `now`. */
  async function take(now: number, of?: JobsOf): Promise<number> {
    const jobs = await store.claimJobs(now, most, holdMs, of);
    const timers = jobs.filter((j) => j.kind === "timer");
    const effects = jobs.filter((j) => j.kind !== "timer");
    await Promise.all([fire(timers, now), ...effects.map((job) => effect(job, now))]);
    return jobs.length;
  }

  /** Timers of one run are one command: it fires all that are due. Their rows go in the same transaction. */
  async function fire(timers: Row<"job">[], now: number): Promise<void> {
    const byRun = new Map<string, Row<"job">[]>();
    for (const job of timers)
      byRun.set(`${job.workspaceId}/${job.runId}`, [...(byRun.get(`${job.workspaceId}/${job.runId}`) ?? []), job]);
    await Promise.all(
      [...byRun.values()].map(async (jobs) => {
        const { workspaceId, runId } = jobs[0]!;
        const answer = await loop.submit({
          id: `${jobs[0]!.id}@${jobs[0]!.lease}`,
          workspaceId,
          runId: runId!,
          at: now,
          actor: { kind: "system" },
          type: "fireTimer",
          timer: String((jobs[0]!.payload as { timer: string }).timer),
        });
        // A timer of a run that is over or suspended has no events of its own: a suspended run's is looked at later.
        if (!answer.ok && answer.code === "BUSY") return;
        await finish(jobs.map((j) => ({ id: j.id, lease: j.lease ?? 0 })));
      }),
    );
  }

  async function effect(job: Row<"job">, now: number): Promise<void> {
    const lease = job.lease ?? 0;
    try {
      const outcome = await dispatch.run(job, now);
      const again =
        "again" in outcome ? outcome.again : "dead" in outcome ? { dead: outcome.dead, at: now } : undefined;
      await finish([{ id: job.id, lease, ...(again && { again }) }]);
    } catch (error) {
      onError(error);
    }
  }

  async function drain(): Promise<number> {
    let total = 0;
    for (let done = await round(); done > 0; done = await round()) total += done;
    return total;
  }

  function look(): void {
    if (stopped || working) return;
    working = drain()
      .catch((error: unknown) => {
        onError(error);
        return 0;
      })
      .finally(() => {
        working = null;
        if (!stopped) wake = setTimeout(look, 500);
      });
  }

  const off = store.onCommit((change) => {
    if (change.jobsDue === null || stopped || working) return;
    if (change.jobsDue > clocks.of(change.workspaceId).now()) return;
    if (wake) clearTimeout(wake);
    wake = setTimeout(look, 0);
  });

  return {
    start() {
      stopped = false;
      look();
    },
    async drain() {
      if (working) await working;
      return drain();
    },
    async stop() {
      stopped = true;
      off();
      if (wake) clearTimeout(wake);
      if (working) await working;
    },
  };
}

type Ended = Parameters<Store["finishJobs"]>[0];

/** Finishes jobs: those that end in one turn of the event loop in one transaction, as each is a sync of the disk. */
function together(store: Store): (ended: Ended) => Promise<void> {
  let waiting: Ended = [];
  let leaving: Promise<void> | null = null;
  async function leave(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const all = waiting;
    waiting = [];
    leaving = null;
    // Two servers that finish the same jobs take their rows in the same order.
    await store.finishJobs(all.sort((a, b) => (a.id < b.id ? -1 : 1)));
  }
  return (ended) => {
    waiting.push(...ended);
    return (leaving ??= leave());
  };
}
