/** What somebody can do about an incident: again, from the start of the step or of the run, past the action, with other values. */
import { expect, it } from "vitest";
import { lookAtIncident } from "@/server/commands/look-at-incident.ts";
import { retryIncidents } from "@/server/commands/retry-incidents.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";

/** A task, a step with three actions of which the second fails while there is no industry, and a parallel task. */
const drawn = {
  key: "deal",
  name: "Deal",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  variables: { note: { type: "text" }, tries: { type: "integer", default: 0 } },
  slas: { whole: { name: "Whole", target: "P10D", starts: "run.started", stops: "run.completed" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    { id: "both", kind: "parallel", name: "Both" },
    { id: "visit", kind: "task", name: "Visit", role: "ae" },
    {
      id: "write",
      kind: "automation",
      name: "Write",
      actions: [
        { verb: "set", field: "run.tries", value: "run.tries + 1" },
        { verb: "set", field: "run.note", value: 'if account.employee_count > 10 then "big" else number("x")' },
        { verb: "set", field: "account.website", value: '"https://done.example"' },
      ],
    },
    { id: "meet", kind: "join", name: "Meet", config: { mode: "all" } },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e0", from: "start", to: "both" },
    { id: "e1", from: "both", to: "visit" },
    { id: "e2", from: "both", to: "write" },
    { id: "e3", from: "visit", to: "meet" },
    { id: "e4", from: "write", to: "meet" },
    { id: "e5", from: "meet", to: "done" },
  ],
};

/** One task, whose clock does three things at its breach; the second fails while the account is small. */
const watched = {
  ...drawn,
  slas: {
    reply: {
      name: "Reply",
      target: "24h",
      onBreach: [
        { verb: "set", field: "run.tries", value: "run.tries + 1" },
        { verb: "set", field: "run.note", value: 'if account.employee_count > 10 then "big" else number("x")' },
        { verb: "set", field: "run.tries", value: "run.tries + 1" },
      ],
    },
  },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    { id: "visit", kind: "task", name: "Visit", role: "ae", slas: ["reply"] },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e0", from: "start", to: "visit" },
    { id: "e1", from: "visit", to: "done" },
  ],
};

describeOnBoth("an incident", (open) => {
  async function stuck() {
    const bench = await openBench(await open());
    await bench.publish(drawn);
    const account = await bench.record("account", { name: "Lotus", employee_count: 3 });
    const runId = await bench.start("deal", account, "account");
    expect(Object.values((await bench.run(runId)).incidents)).toMatchObject([{ id: "i1", node: "write" }]);
    const retry = (incident: string, how: object, memberId = "linh") =>
      bench.send({ type: "retryIncident", runId, incident, ...how }, memberId);
    const finish = async () => {
      const [task] = Object.values((await bench.run(runId)).work);
      await bench.send(
        { type: "completeWork", runId, work: task!.id, outcome: null, values: {} },
        task!.assignee ?? "lan",
      );
      expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
      return bench.run(runId);
    };
    return { bench, account, runId, retry, finish };
  }

  it("shows what its action reads, and goes on with the values that were put right", async () => {
    const { bench, account, runId, retry, finish } = await stuck();
    const { engine, workspaceId, clock } = bench;
    const look = await lookAtIncident(engine, { workspaceId, runId, incident: "i1", language: "en", now: clock.now() });
    expect(look).toMatchObject({
      action: { verb: "set", at: 1, of: 3 },
      fields: [{ path: "account.employee_count", value: 3, type: "integer" }, { path: "run.note" }],
    });
    const wrong = { "account.employee_count": "many" };
    expect(await retry("i1", { values: wrong })).toMatchObject({ ok: false, code: "INVALID" });
    expect(await retry("i1", { values: { "account.nothing": 1 } })).toMatchObject({ ok: false, code: "INVALID" });
    expect(await retry("i1", { values: { "account.employee_count": 40 } })).toMatchObject({ ok: true });
    expect(await bench.valuesOf(account)).toMatchObject({ employee_count: 40, website: "https://done.example" });
    expect(await finish()).toMatchObject({ status: "completed", variables: { note: "big", tries: 1 } });
  });

  it("is gone past with a reason, which stands in the history", async () => {
    const { bench, account, runId, retry, finish } = await stuck();
    expect(await retry("i1", { how: "skip" })).toMatchObject({ ok: false, code: "INVALID" });
    expect(await retry("i1", { how: "skip", reason: "not needed for small ones" })).toMatchObject({ ok: true });
    expect(await bench.valuesOf(account)).toMatchObject({ website: "https://done.example" });
    const facts = await bench.factsOf(runId);
    expect(facts.find(({ type }) => type === "IncidentResolved")).toMatchObject({
      data: { id: "i1", how: "skip", reason: "not needed for small ones" },
      actor: { kind: "member", id: "linh" },
    });
    expect(await finish()).toMatchObject({ status: "completed", variables: { note: null, tries: 1 } });
  });

  it("is begun anew with its step: the first action is done again, the other branch stays where it is", async () => {
    const { bench, account, runId, retry, finish } = await stuck();
    await bench.change(account, { employee_count: 40 });
    await bench.engine.worker.drain();
    const before = Object.keys((await bench.run(runId)).work);
    expect(await retry("i1", { how: "step" })).toMatchObject({ ok: true });
    const run = await bench.run(runId);
    expect(run.variables).toMatchObject({ tries: 2, note: "big" });
    expect(Object.keys(run.work)).toEqual(before);
    expect(run.visited.write).toBe(2);
    expect(await finish()).toMatchObject({ status: "completed" });
  });

  it("is begun anew with its run: everything open is cancelled, the promise of the whole run goes on", async () => {
    const { bench, account, runId, retry, finish } = await stuck();
    await bench.change(account, { employee_count: 40 });
    await bench.engine.worker.drain();
    const clock = Object.values((await bench.run(runId)).clocks)[0];
    expect(await retry("i1", { how: "run", reason: "wrong customer data" })).toMatchObject({ ok: true });
    const run = await bench.run(runId);
    expect(run).toMatchObject({ status: "active", incidents: {}, variables: { tries: 2 } });
    expect(Object.values(run.work)).toMatchObject([{ id: "w2", node: "visit" }]);
    expect(Object.values(run.clocks)).toMatchObject([{ id: clock?.id, clock: { startedAt: clock?.clock.startedAt } }]);
    expect(await finish()).toMatchObject({ status: "completed", end: "done" });
  });

  it("that two people deal with at once is dealt with by one, and the other is told by whom", async () => {
    const { bench, runId } = await stuck();
    const one = [{ runId, incident: "i1" }];
    const skip = { how: "skip" as const, reason: "no need" };
    const [first, second] = await Promise.all([
      retryIncidents(bench.engine, bench.ask("linh"), one, skip),
      retryIncidents(bench.engine, bench.ask("mai"), one, skip),
    ]);
    const results = [first.retried[0]!, second.retried[0]!].sort((a, b) => (a.result < b.result ? -1 : 1));
    expect(results).toMatchObject([
      { result: "moved" },
      { result: "refused", text: expect.stringMatching(/^(Linh Trần|Mai Võ) has dealt with this already/) },
    ]);
  });

  it("of a suspended run waits for the run to be resumed", async () => {
    const { bench, runId, retry } = await stuck();
    await bench.send({ type: "suspendRun", runId, reason: "holiday" }, "linh");
    expect(await retry("i1", {})).toMatchObject({ ok: false, code: "UNAVAILABLE" });
    await bench.send({ type: "resumeRun", runId }, "linh");
    expect(await retry("i1", { how: "skip", reason: "fine" })).toMatchObject({ ok: true });
  });
});

describeOnBoth("an incident of an older version", (open) => {
  const mended = {
    ...drawn,
    nodes: drawn.nodes.map((node) =>
      node.id === "write"
        ? {
            ...node,
            actions: [
              { verb: "set", field: "run.tries", value: "run.tries + 1" },
              { verb: "set", field: "run.note", value: '"mended"' },
              { verb: "set", field: "account.website", value: '"https://done.example"' },
            ],
          }
        : node,
    ),
  };
  it.each(["action", "run"] as const)("goes on in the new one: %s", async (how) => {
    const bench = await openBench(await open());
    await bench.publish(drawn);
    const account = await bench.record("account", { name: "Lotus", employee_count: 3 });
    const runId = await bench.start("deal", account, "account");
    await bench.publish(mended);
    const one = [{ runId, incident: "i1" }];
    // In its own version it is stuck again.
    const still = await retryIncidents(bench.engine, bench.ask(), one, { how });
    expect(still.retried).toMatchObject([{ result: "stuck" }]);
    const { retried } = await retryIncidents(bench.engine, bench.ask(), [{ runId, incident: "i2" }], {
      how,
      live: true,
    });
    expect(retried).toMatchObject([{ result: "moved" }]);
    const run = await bench.run(runId);
    expect(run).toMatchObject({ version: 2, incidents: {}, variables: { note: "mended" } });
    expect(Object.values(run.work)).toMatchObject([{ node: "visit" }]);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});

describeOnBoth("an incident", (open) => {
  it("of a clock's action holds nobody up, and is done after all once its values were put right", async () => {
    const bench = await openBench(await open());
    await bench.publish(watched);
    const account = await bench.record("account", { name: "Lotus", employee_count: 3 });
    const runs = [await bench.start("deal", account, "account"), await bench.start("deal", account, "account")];
    await bench.advance(25 * 3_600_000);
    const look = async (runId: string) => {
      const { status, incidents, clocks, variables } = await bench.run(runId);
      return { status, variables, state: Object.values(clocks).map(({ clock }) => clock.state), incidents };
    };
    for (const runId of runs)
      expect(await look(runId)).toMatchObject({
        status: "active",
        // The action before it and the one after it were done.
        variables: { tries: 2 },
        incidents: { i1: { token: "", node: "visit", sla: { action: { verb: "set", field: "run.note" } } } },
      });
    const [first, second] = runs as [string, string];
    const asked = {
      workspaceId: bench.workspaceId,
      runId: first,
      incident: "i1",
      language: "en",
      now: bench.clock.now(),
    } as const;
    const found = await lookAtIncident(bench.engine, asked);
    expect(found?.action).toEqual({ verb: "set", at: 0, of: 1 });
    expect(found?.fields.map(({ path }) => path)).toContain("account.employee_count");
    const retry = (runId: string, incident: string, how: object) =>
      bench.send({ type: "retryIncident", runId, incident, ...how }, "linh");
    expect(await retry(first, "i1", { how: "step", reason: "anew" })).toMatchObject({ code: "INVALID" });
    // Tried as it is, it fails again, and says so again.
    expect(await retry(first, "i1", {})).toMatchObject({ ok: true });
    expect(Object.keys((await bench.run(first)).incidents)).toEqual(["i2"]);
    expect(await retry(first, "i2", { values: { "account.employee_count": 12 } })).toMatchObject({ ok: true });
    expect(await look(first)).toMatchObject({ incidents: {}, variables: { note: "big" } });
    // The other run comes to its end; the action is of no use any more.
    await bench.send({ type: "completeWork", runId: second, work: "w1", outcome: null, values: {} }, "lan");
    expect((await bench.run(second)).status).toBe("completed");
    expect(await retry(second, "i1", {})).toMatchObject({ code: "RUN_OVER" });
    expect(await retry(second, "i1", { how: "skip", reason: "the deal is done" })).toMatchObject({ ok: true });
    expect((await bench.run(second)).incidents).toEqual({});
    expect(bench.errors).toEqual([]);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
