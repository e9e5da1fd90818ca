/**
 * Looks for what is due and does it: timers as commands, effects through the dispatcher. There is no timer in memory that
 * anybody would miss; the wake-up only looks at the table. Timers never wait for effects: the other side may be slow.
 */
import type { JobsOf, Row, Store } from "@/db/store.ts";
import { troubleIn } from "@/db/trouble.ts";
import type { CommandLoop } from "@/server/commands/command-loop.ts";
import { type Dispatcher, tryAgain } from "@/server/effects/dispatch.ts";
import { timerJob } from "@/server/effects/job-payload.ts";
import { type Clock, type Clocks, clocksOf } from "./clock.ts";

/** A claimed job is due again after this, if its holder died. */
const holdMs = 30_000;
const most = 200;
/** A server that is asked to leave waits so long for answers from outside; the jobs are done again by whoever comes next. */
const stopMs = 2_000;

export type Worker = {
  start(): void;
  /** Claims once, fires the timers and begins the effects. How many it claimed; what it began may go on. */
  round(): Promise<number>;
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

  /** Effects that were begun and have not ended. */
  const underWay = new Set<Promise<void>>();

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
    // Were as many effects stuck as may be under way, timers would still be looked for.
    const jobs = await store.claimJobs(now, most, holdMs, { of, kinds: underWay.size < most ? "all" : "timers" });
    for (const job of jobs) if (job.kind !== "timer") begin(job, now);
    await fire(
      jobs.filter((job) => job.kind === "timer"),
      now,
    );
    return jobs.length;
  }

  function begin(job: Row<"job">, now: number): void {
    const ended = effect(job, now)
      .catch(onError)
      .finally(() => underWay.delete(ended));
    underWay.add(ended);
  }

  /** Timers of one run are one command: it fires all that are due. Their rows go in the same transaction. */
  async function fire(timers: Row<"job">[], now: number): Promise<void> {
    const byRun = new Map<string, Row<"job">[]>();
    for (const job of timers)
      byRun.set(`${job.workspaceId}/${job.runId}`, [...(byRun.get(`${job.workspaceId}/${job.runId}`) ?? []), job]);
    await Promise.all([...byRun.values()].map((jobs) => fireRun(jobs, now)));
  }

  async function fireRun(jobs: Row<"job">[], now: number): Promise<void> {
    const { workspaceId, runId } = jobs[0]!;
    try {
      const answer = await loop.submit({
        id: `${jobs[0]!.id}@${jobs[0]!.lease}`,
        workspaceId,
        runId: runId!,
        at: now,
        actor: { kind: "system" },
        type: "fireTimer",
        timer: timerJob.parse(jobs[0]!.payload).timer,
      });
      if (!answer.ok && answer.code === "BUSY") return;
      // A timer of a run that is over or suspended has no events of its own: a suspended run's is looked at later.
      await finish(jobs.map((job) => ({ id: job.id, lease: job.lease })));
    } catch (error) {
      // It stops this run only: the others of the round go on.
      onError(error);
      await finish(jobs.map((job) => ({ id: job.id, lease: job.lease, ...postponed(job, error) }))).catch(onError);
    }
  }

  async function effect(job: Row<"job">, now: number): Promise<void> {
    const { id, lease } = job;
    try {
      const outcome = await dispatch.run(job, now);
      const again =
        "again" in outcome ? outcome.again : "dead" in outcome ? { dead: outcome.dead, at: now } : undefined;
      await finish([{ id, lease, ...(again && { again }) }]);
    } catch (error) {
      onError(error);
      await finish([{ id, lease, ...postponed(job, error) }]);
    }
  }

  /** What threw is tried again as often and as late as what the other side refused, then kept for the operator. */
  function postponed(job: Row<"job">, error: unknown): Pick<Ended[number], "again"> {
    const at = clocks.of(job.workspaceId).now();
    const outcome = tryAgain(job, at, whyOf(error));
    return { again: "again" in outcome ? outcome.again : { dead: outcome.dead, at } };
  }

  /** Until nothing is due; effects that are still under way then are not waited for. */
  async function rounds(isOver: () => boolean): Promise<number> {
    let total = 0;
    for (let done = await round(); done > 0 && !isOver(); done = await round()) total += done;
    return total;
  }

  async function drain(): Promise<number> {
    let total = await rounds(() => false);
    while (underWay.size) {
      await Promise.race(underWay);
      total += await rounds(() => false);
    }
    return total;
  }

  function look(): void {
    if (stopped || working) return;
    // A batch of hours is no reason to keep a server from stopping.
    working = rounds(() => stopped)
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
    round,
    async drain() {
      if (working) await working;
      return drain();
    },
    async stop() {
      stopped = true;
      off();
      if (wake) clearTimeout(wake);
      if (working) await working;
      await Promise.race([Promise.all(underWay), new Promise((resolve) => setTimeout(resolve, stopMs))]);
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

/** For the operator. A database's error goes on with the parameters, which hold people's data. */
function whyOf(error: unknown): string {
  const { message } = troubleIn(error) ?? (error instanceof Error ? error : new Error(String(error)));
  return message.split("\nparams:")[0]!;
}
