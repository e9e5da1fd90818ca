/** The stories of `approvals.ts` on both databases and on the bare engine. */
import { describe, expect, it } from "vitest";
import type { Store } from "@/db/store.ts";
import { undoWork } from "@/server/commands/undo-work.ts";
import { tryStep } from "@/server/inbox/try-step.ts";
import { addAbsence } from "@/server/commands/save-absence.ts";
import { addDelegation } from "@/server/commands/save-delegation.ts";
import { reviewApprovers } from "@/server/commands/review-approvers.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { evolve } from "@/server/engine/evolve.ts";
import type { Run } from "@/server/engine/model.ts";
import { copyRun } from "@/server/engine/run-shape.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { openBareBench } from "../support/bare-bench.ts";
import { barePerson } from "../support/bare-world.ts";
import { describeOnBoth } from "../support/databases.ts";
import { type Stage, approvals, ask, cast } from "./approvals.ts";
import { type Bench, openBench } from "./bench.ts";

describe("approvals on the bare engine", () => {
  const people = cast.map(({ id, ...who }) => barePerson(id, who));
  const bench = openBareBench(Date.UTC(2026, 2, 2, 2), people);
  const of = (id: string) => people.find((one) => one.id === id)!;
  const review = async (gone?: string) => {
    for (const { id, endedAt } of bench.runs())
      if (endedAt === null) await bench.send({ type: "reviewApprovers", runId: id, ...(gone && { gone }) });
  };
  const stage: Stage = {
    ...bench,
    away: async (member, from, to) => {
      of(member).absences = [{ from, to }];
      await review();
    },
    delegate: async (member, delegate, from, to) => {
      of(member).delegations = [{ from, to, delegate }];
      await review();
    },
    leaves: async (member) => {
      of(member).active = false;
      await review(member);
    },
    returns: async (member) => {
      of(member).active = true;
    },
  };
  approvals(async () => stage);

  it("the log rebuilds all of these", async () => {
    for (const run of bench.runs()) {
      let rebuilt: Run | null = null;
      for (const event of await bench.factsOf(run.id)) rebuilt = evolve(rebuilt && copyRun(rebuilt), event);
      expect(JSON.stringify(rebuilt)).toBe(JSON.stringify(run));
    }
  });
});

describeOnBoth("approvals", (open) => {
  let opened: Promise<Bench> | undefined;
  const theBench = () =>
    (opened ??= open().then((store) =>
      openBench(
        store,
        undefined,
        cast.map(({ id, roles, managerId }) => ({ id, name: id, roles: ["rep"], processRoles: roles, managerId })),
      ).then(async (bench) => {
        for (const { id, backupId } of cast) if (backupId) await write(store, bench, id, { backupId });
        return bench;
      }),
    ));
  const stage = async (): Promise<Stage> => {
    const bench = await theBench();
    const status = async (member: string, to: "active" | "inactive") => {
      await write(bench.store, bench, member, { status: to });
      if (to === "inactive") await reviewApprovers(bench.engine, bench.ask(), member, true);
    };
    return {
      ...bench,
      now: () => bench.clock.now(),
      away: async (memberId, from, to) => {
        const added = await addAbsence(bench.engine, bench.ask(), { memberId, from, to, reason: "holiday" });
        expect(added).toMatchObject({ ok: true });
      },
      delegate: async (memberId, delegateId, from, to) => {
        const input = { memberId, delegateId, from, to, reason: "conference" };
        expect(await addDelegation(bench.engine, bench.ask(), input)).toMatchObject({ ok: true });
      },
      leaves: (member) => status(member, "inactive"),
      returns: (member) => status(member, "active"),
    };
  };
  approvals(stage);

  it("each decision can be taken back for ten seconds, and the level stands as it stood", async () => {
    const on = await stage();
    const bench = await theBench();
    const run = await ask(on, { levels: [{ ask: ["*director"], needs: 2 }] });
    await run.request();
    const { id: work } = (await run.workOf("dee"))!;
    await run.decide("dee", "approved");
    expect(await run.asked()).toBe("dan, dot");
    const mine = { ...bench.ask("dee"), now: bench.clock.now() };
    expect(await undoWork(bench.engine, mine, `${run.runId}.${work}`)).toMatchObject({ ok: true });
    expect(await run.asked()).toBe("dee, dan, dot");
    await run.decide("dan", "approved");
    await run.decide("dee", "approved");
    expect(await run.at()).toBe("won");
    const last = { ...bench.ask("dee"), now: bench.clock.now() };
    expect(await undoWork(bench.engine, last, `${run.runId}.${work}`)).toMatchObject({ ok: true });
    expect(await run.asked()).toBe("dee, dot");
  });

  it("a step is tried on a record: who would be asked, why, and what is missing", async () => {
    const bench = await theBench();
    const on = await stage();
    const run = await ask(on, { levels: [{ ask: ["manager"] }, { ask: ["*director", "@lan"], needs: "majority" }] });
    const { version, process } = await run.run();
    const { document } = (await bench.engine.contexts.version(bench.workspaceId, process, version))!;
    const tried = await tryStep(bench.engine, {
      workspaceId: bench.workspaceId,
      process: compileVersion(document, 0),
      node: "okay",
      record: { type: "lead", id: run.record },
      requester: "lan",
      now: bench.clock.now(),
    });
    expect(tried).toMatchObject({
      wrong: null,
      levels: [
        { required: 1, enough: true, seats: [{ who: "mai", asked: "manager" }] },
        {
          required: 3,
          enough: true,
          seats: [
            { who: "dee", everybody: true, rule: "everybody" },
            { who: "dan" },
            { who: "dot" },
            // lan asks and owns the record: her manager would be asked.
            { who: "mai", rule: "manager", asked: "lan" },
          ],
        },
      ],
    });
  });

  it("a step is tried with all that a run would see: who had such work before, and whose hours are on", async () => {
    const bench = await theBench();
    const run = await ask(await stage(), {});
    const { version, process } = await run.run();
    const { document } = (await bench.engine.contexts.version(bench.workspaceId, process, version))!;
    const manager = { ...document.roles.manager!, queue: "managers" };
    const queue = {
      role: "manager",
      strategy: "least_loaded" as const,
      sticky: "account" as const,
      hours: "prefer" as const,
    };
    const drawn = { ...document, roles: { ...document.roles, manager }, queues: { managers: queue } };
    const tried = await tryStep(bench.engine, {
      workspaceId: bench.workspaceId,
      process: compileVersion(drawn, 0),
      node: "okay",
      record: { type: "lead", id: run.record },
      requester: "lan",
      now: bench.clock.now(),
    });
    expect(tried?.levels).toMatchObject([{ seats: [{ who: "mai", rule: "least_loaded" }] }]);
  });

  it("the log rebuilds all of these", async () => {
    const bench = await theBench();
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
    expect(bench.errors).toEqual([]);
  });
});

async function write(store: Store, bench: Bench, id: string, change: { backupId?: string; status?: string }) {
  const member = (await store.read.select().from(store.t.member)).find((one) => one.id === id)!;
  const { workspaceId } = bench;
  await store.commit([{ workspaceId, guards: [], events: [], put: { member: [{ ...member, ...change }] }, drop: {} }]);
  bench.engine.contexts.forget(workspaceId);
}
