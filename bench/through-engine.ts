/** Many clients who each complete one task after the other of a run of their own, through the public engine; and how fast it went. */
import type { Person } from "@/server/auth/person.ts";
import { createCaller } from "@/server/api/router.ts";
import type { Services } from "@/server/runtime/boot.ts";
import type { Store, WriteSet } from "@/db/store.ts";
import { type Bench, openBench } from "@/tests/stories/bench.ts";
import { watched } from "./watched.ts";

/**
 * `whole`: as a rep's click comes in: the right is asked, whose task it is, values are checked; every visit has an SLA clock with its
 * timer and a value at risk. `bare`: the command alone, of a process without clocks. Both write the visits and the counters that reports are read from.
 */
export type How = "whole" | "bare";
export type Through = { rate: number; p99: number; steps: number; batches: WriteSet[][] };

/** Two tasks that follow each other round and round. */
const processOf = (how: How) => {
  const clocks = how === "whole" && { slas: ["reply"] };
  return {
    key: "loop",
    name: "Loop",
    recordType: "opportunity",
    runPolicy: "many",
    roles: { ae: { name: "Account executive" } },
    ...(how === "whole" && {
      valueAtRisk: "opportunity.amount",
      slas: { reply: { name: "Reply", target: "PT8H", warnAt: [50] } },
    }),
    nodes: [
      { id: "start", kind: "start", name: "Start" },
      { id: "a", kind: "task", name: "A", role: "ae", ...clocks },
      {
        id: "b",
        kind: "task",
        name: "B",
        role: "ae",
        ...clocks,
        config: {
          outcomes: [
            { id: "again", label: "Again" },
            { id: "stop", label: "Stop" },
          ],
        },
      },
      { id: "done", kind: "end", name: "Done" },
    ],
    edges: [
      { id: "e1", from: "start", to: "a" },
      { id: "e2", from: "a", to: "b" },
      { id: "e3", from: "b", port: "again", to: "a", rework: true },
      { id: "e4", from: "b", port: "stop", to: "done" },
    ],
  };
};

/**
 * A bench on this store with a run for each client; `go(steps)` lets each of them complete so many tasks, and with `keep` hands
 * over what was written meanwhile.
 */
export async function openClients(opened: Store, how: How, clients: number) {
  const batches: WriteSet[][] = [];
  let keep = false;
  const store = watched(opened, (sets) => {
    if (keep) batches.push(sets);
  });
  const bench = await openBench(store);
  await bench.publish(processOf(how));
  const account = await bench.record("account", { name: "Acme" });
  const deals = await Promise.all(
    Array.from({ length: clients }, (_, i) =>
      bench.record("opportunity", {
        name: `Deal ${i}`,
        account_id: account,
        type: "new_business",
        stage: "qualification",
        amount: 100_000,
        currency: "USD",
        owner_id: "lan",
        close_date: "2026-06-30",
        source: "inbound_web",
      }),
    ),
  );
  const runs = await Promise.all(deals.map((deal) => bench.start("loop", deal, "opportunity")));
  const complete = how === "whole" ? byProcedure(bench) : byCommand(bench);
  let done = 0;
  return {
    bench,
    runs,
    async go(steps: number, what: { keep: boolean } = { keep: false }): Promise<Through> {
      batches.length = 0;
      keep = what.keep;
      const took: number[] = [];
      const start = performance.now();
      await Promise.all(
        runs.map(async (runId) => {
          for (let step = done + 1; step <= done + steps; step++) {
            const asked = performance.now();
            await complete(runId, `w${step}`, step % 2 ? null : "again");
            took.push(performance.now() - asked);
          }
        }),
      );
      const seconds = (performance.now() - start) / 1000;
      keep = false;
      done += steps;
      took.sort((a, b) => a - b);
      return {
        rate: took.length / seconds,
        p99: took[Math.floor(took.length * 0.99)] ?? 0,
        steps: took.length,
        batches: [...batches],
      };
    },
  };
}

type Complete = (runId: string, work: string, outcome: string | null) => Promise<void>;

const byCommand =
  (bench: Bench): Complete =>
  async (runId, work, outcome) => {
    const answer = await bench.send({ type: "completeWork", runId, work, outcome, values: {} }, "lan");
    if (!answer.ok) throw new Error(answer.text);
  };

/** As a request does it, but for the network and the session. */
function byProcedure({ engine, store, clock, workspaceId }: Bench): Complete {
  const person: Person = {
    workspaceId,
    memberId: "lan",
    userId: "user_lan",
    name: "Lan Phạm",
    email: "lan@example.com",
    roles: ["rep"],
    processRoles: ["ae"],
    teamId: null,
    zone: "Asia/Ho_Chi_Minh",
    country: "VN",
    locale: "en",
    theme: "system",
    key: null,
  };
  // What the procedure asks of the services, and no more of a server than that.
  const services = { engine, store, clock, newId: engine.newId } as unknown as Services;
  const caller = createCaller({ services, person, signal: undefined });
  return async (runId, work, outcome) => {
    await caller.inbox.complete({ id: `${runId}.${work}`, outcome, values: {} });
  };
}
