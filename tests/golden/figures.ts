/** What a history must still say in every later release: counts, hashes of state, and the figures of its report. */
import { createHash } from "node:crypto";
import { canonical } from "@/db/chain.ts";
import type { Store } from "@/db/store.ts";
import type { Plain, Run } from "@/server/engine/model.ts";

export type Figures = {
  events: number;
  /** The last hash of the log's chain. */
  head: string;
  /** By status. */
  runs: Record<string, number>;
  /** Over what each run and record is, in fields that every release has. */
  state: string;
  records: string;
  /** Rows of tables that the log makes. */
  rows: Record<string, number>;
  /** By process and node: visits, visits that were left, sum of ms from entry to leaving, breached. */
  steps: string;
};

/** Of a store that holds one workspace. */
export async function figuresOf({ read, t }: Store): Promise<Figures> {
  const [head] = await read.select().from(t.logHead);
  const runs = await read.select().from(t.run).orderBy(t.run.id);
  const records = await read.select().from(t.record).orderBy(t.record.id);
  const visits = await read.select().from(t.stepVisit);
  const steps: Record<string, [number, number, number, number]> = {};
  for (const { process, node, enteredAt, leftAt, breachedAt } of visits) {
    const sum = (steps[`${process}/${node}`] ??= [0, 0, 0, 0]);
    sum[0]++;
    if (leftAt !== null) {
      sum[1]++;
      sum[2] += leftAt - enteredAt;
    }
    if (breachedAt !== null) sum[3]++;
  }
  return {
    events: head?.seq ?? 0,
    head: head?.hash ?? "",
    runs: countBy(runs.map(({ state }) => state.status)),
    state: digest(runs.map(({ state }) => plainState(state))),
    records: digest(records.map(({ id, type, version, values }) => ({ id, type, version, values }))),
    rows: {
      stepVisit: visits.length,
      workItem: (await read.select({ id: t.workItem.work }).from(t.workItem)).length,
      slaClock: (await read.select({ id: t.slaClock.clock }).from(t.slaClock)).length,
      incident: (await read.select({ id: t.incident.incident }).from(t.incident)).length,
      job: (await read.select({ id: t.job.id }).from(t.job)).length,
    },
    steps: digest(steps),
  };
}

/** Later releases give runs more fields; these stay. */
const plainState = (run: Run): Plain => ({
  ...some(run, ["id", "status", "end", "outcome", "rev", "startedAt", "endedAt", "lastAt", "variables"]),
  tokens: Object.values(run.tokens).map((token) => ({ token: token.id, ...some(token, ["node", "state", "since"]) })),
  work: Object.values(run.work).map((work) => ({
    work: work.id,
    ...some(work, ["node", "state", "assignee", "offeredAt"]),
  })),
  timers: Object.values(run.timers).map((timer) => ({ timer: timer.id, ...some(timer, ["due", "name"]) })),
  clocks: Object.values(run.clocks).map(({ id, sla, clock }) => ({
    clock: id,
    sla,
    state: clock.state,
    dueAt: clock.dueAt ?? null,
  })),
  incidents: Object.values(run.incidents).map((incident) => some(incident, ["node", "code", "text"])),
});

const some = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;

const countBy = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};
const digest = (value: unknown): string =>
  createHash("sha256")
    .update(canonical(JSON.parse(JSON.stringify(value)) as Plain))
    .digest("hex");
