/**
 * The clocks of a run computed anew from its log are those it had, to the last field: whatever happened to its steps and tasks. What
 * happens to the run itself and to its record: `replay-run.test.ts`.
 */
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "@/server/engine/events.ts";
import type { Run, RunClock } from "@/server/engine/model.ts";
import { mapRecords } from "@/server/commands/load-world.ts";
import { barePerson } from "@/tests/support/bare-world.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { iso } from "@/tests/support/clock-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";
import type { SlaClock } from "./sla.ts";
import { replayClocks } from "./replay-clocks.ts";

const hour = 3_600_000;
type Bench = ReturnType<typeof openBareBench>;
type Clocks = readonly RunClock[];

/** Every clock of a run as its log has it, ended ones with their end. */
function stood(story: readonly StoredEvent[], run: Run): Clocks {
  const known = new Map<string, RunClock>();
  for (const event of story) {
    if (event.type === "ClockStarted") {
      const { id, sla, node, visit, clock } = event.data;
      known.set(id, { id, sla, node, visit, clock });
    } else if (event.type.startsWith("Clock") && "clock" in event.data) {
      const { id, clock } = event.data as { id: string; clock: SlaClock };
      known.set(id, { ...known.get(id)!, clock });
    }
  }
  return [...known.values()].map((clock) => run.clocks[clock.id] ?? clock);
}
const plain = (clocks: Clocks) =>
  JSON.parse(
    JSON.stringify(clocks.map(({ breachedWith: _with, resetHeld: _held, pausedBy: _by, ...kept }) => kept)),
  ) as object[];
const words = (clocks: Clocks) =>
  clocks.map(
    ({ sla, node, visit, clock }) =>
      `${sla} of ${visit ? `${node} ${visit}` : "the run"}: ${clock.state} ${iso(clock.startedAt)?.slice(8)} – ${iso(clock.stoppedAt)?.slice(8) ?? ""}`,
  );

async function again(bench: Bench, runId: string): Promise<string[]> {
  const run = await bench.run(runId);
  const story = bench.storyOf(runId);
  const records = mapRecords(new Map());
  const computed = replayClocks({
    process: bench.process(run),
    events: story,
    world: { ...bench.world(), records },
    records,
    until: bench.now(),
  });
  const had = stood(story, run);
  expect(plain(computed)).toEqual(plain(had));
  return words(had);
}

/** One promise at `ask`, and one of the run. */
const promise = (sla: object, more: object = {}) => ({
  slas: { p: { name: "P", target: "PT4H", ...sla } },
  nodes: { ask: { slas: ["p"] } },
  ...more,
});
const line = `ask:task
  next:task
  start -> ask -> next -> done`;

let stories = 0;
const people = [
  barePerson("lan", { roles: ["ae"] }),
  barePerson("tom", { roles: ["ae"] }),
  barePerson("mai", { roles: ["manager"] }),
];
const opened = async (text: string, more: Parameters<typeof playOn>[3], values = {}) => {
  const bench = openBareBench(Date.UTC(2026, 2, 2, 9), people);
  const run = await playOn(bench, `again${++stories}`, text, more, values);
  const work = async () => Object.values((await run.run()).work)[0]!;
  return { ...run, bench, work, again: () => again(bench, run.runId) };
};

describe("what happens to a task", () => {
  it("begun: what starts with that counts from it", async () => {
    const run = await opened(line, promise({ starts: "work_item.started" }));
    await run.wait(hour);
    const { id } = await run.work();
    await run.bench.send({ type: "startWork", runId: run.runId, work: id }, "lan");
    await run.wait(hour);
    expect(await run.again()).toEqual(["p of ask v1: in_progress 02T10:00 – "]);
  });

  it.each([
    ["let go and claimed", "work_item.claimed", { kind: "claim" as const }, "tom"],
    ["handed over", "work_item.reassigned", { kind: "hand_over" as const, to: "tom" }, "lan"],
  ])("%s: what stops with that is kept then", async (_, stops, how, by) => {
    const run = await opened(line, promise({ stops }));
    await run.wait(hour);
    const { id } = await run.work();
    const assign = (given: typeof how | { kind: "release" }, who: string) =>
      run.bench.send({ type: "assignWork", runId: run.runId, work: id, how: given }, who);
    if (how.kind === "claim") await assign({ kind: "release" }, "lan");
    expect(await assign(how, by)).toMatchObject({ ok: true });
    await run.wait(hour);
    expect(await run.again()).toEqual(["p of ask v1: completed 02T09:00 – 02T10:00"]);
  });

  it("given to its first owner: an assignment, and no reassignment", async () => {
    const run = await opened(line, promise({ starts: "work_item.assigned", resets: "work_item.reassigned" }));
    await run.wait(hour);
    expect(await run.again()).toEqual(["p of ask v1: in_progress 02T09:00 – "]);
  });

  it("blocked and taken up again: what pauses and resumes with that", async () => {
    const run = await opened(line, promise({ pauses: "step.paused", resumes: "step.resumed" }));
    const { id } = await run.work();
    await run.wait(hour);
    await run.bench.send({ type: "pauseWork", runId: run.runId, work: id, reason: "waits" }, "lan");
    await run.wait(hour);
    await run.again();
    await run.bench.send({ type: "resumeWork", runId: run.runId, work: id }, "lan");
    await run.wait(3 * hour + 1);
    expect(await run.again()).toEqual(["p of ask v1: in_progress 02T09:00 – "]);
    expect(stood(run.bench.storyOf(run.runId), await run.run())[0]?.clock).toMatchObject({ pausedWall: hour });
  });

  it("done: what stops when the work is, and what stops when the step is", async () => {
    const run = await opened(line, {
      slas: {
        work: { name: "W", target: "PT4H", stops: "work_item.completed" },
        step: { name: "S", target: "PT4H", stops: "step.completed" },
        both: { name: "B", target: "PT4H", startStep: "ask", stopStep: "next", resets: "step.completed:ask" },
      },
      nodes: { ask: { slas: ["work", "step"] } },
    });
    await run.wait(hour);
    await run.done("ask");
    await run.wait(hour);
    await run.done("next");
    expect(await run.again()).toEqual([
      "both of the run: completed 02T09:00 – 02T10:00",
      "work of ask v1: completed 02T09:00 – 02T10:00",
      "step of ask v1: completed 02T09:00 – 02T10:00",
      "both of the run: completed 02T10:00 – 02T11:00",
    ]);
  });

  it("decided by several: the last vote stops it, an overdue request does not", async () => {
    const okay = { levels: [{ ask: ["@lan", "@tom"], needs: "all" }], selfApproval: "allow" };
    const graph = `okay:approval
      start -> okay -> done`;
    const more = (config: object = {}) => ({
      slas: { p: { name: "P", target: "PT9H", stops: "work_item.completed" } },
      nodes: { okay: { slas: ["p"], config: { ...okay, ...config } } },
    });
    const votes = await opened(graph, more(), { owner_id: "mai" });
    for (const member of ["lan", "tom"]) {
      await votes.wait(hour);
      const item = Object.values((await votes.run()).work).find(({ assignee }) => assignee === member)!;
      const vote = {
        type: "completeWork" as const,
        runId: votes.runId,
        work: item.id,
        outcome: "approved",
        values: {},
      };
      expect(await votes.bench.send(vote, member)).toMatchObject({ ok: true });
      await votes.again();
    }
    expect(await votes.again()).toEqual(["p of okay v1: completed 02T09:00 – 02T11:00"]);
  });
});

describe("the run has promises that begin with what happens at a step", () => {
  const since = (starts: string, at = "ask") => ({
    slas: {
      p: {
        name: "P",
        target: "PT9H",
        starts,
        startStep: at,
        stops: "run.completed",
        reopens: true,
        resets: "customer.replied",
      },
    },
  });
  it.each([
    ["step.entered", "09:00"],
    ["work_item.assigned", "09:00"],
    ["work_item.reassigned", "10:00"],
    ["work_item.claimed", "11:00"],
    ["work_item.started", "12:00"],
    ["step.paused", "13:00"],
    ["step.resumed", "14:00"],
    ["work_item.completed", "15:00"],
    ["step.completed", "15:00"],
  ])("%s: from %s", async (starts, from) => {
    const run = await opened(line, since(starts));
    const { id: work } = await run.work();
    const { runId } = run;
    const deeds = [
      { type: "assignWork", work, runId, how: { kind: "hand_over", to: "tom" } },
      { type: "assignWork", work, runId, how: { kind: "release" } },
      { type: "startWork", work, runId },
      { type: "pauseWork", work, runId, reason: "waits" },
      { type: "resumeWork", work, runId },
      { type: "completeWork", work, runId, outcome: null, values: {} },
    ] as const;
    for (const [i, deed] of deeds.entries()) {
      await run.wait(hour);
      expect(await run.bench.send(deed, i < 1 ? "lan" : "tom")).toMatchObject({ ok: true });
      if (i === 1) await run.bench.send({ type: "assignWork", work, runId, how: { kind: "claim" } }, "tom");
    }
    await run.wait(hour);
    expect(await run.again()).toEqual([`p of the run: in_progress 02T${from} – `]);
    await run.send("customer.replied");
    await run.wait(hour);
    expect((await run.again()).at(-1)).toBe("p of the run: in_progress 02T16:00 – ");
  });

  it("work_item.reassigned, by the step's own deadline, and work_item.assigned, by an action that picks a person", async () => {
    const run = await opened(
      `ask:task
       pick:automation
       next:task
       start -> ask -> pick -> next -> done`,
      {
        slas: {
          late: { name: "Late", target: "PT2H", onBreach: [{ verb: "reassign" }] },
          moved: {
            name: "M",
            target: "PT9H",
            starts: "work_item.reassigned",
            startStep: "ask",
            stops: "run.completed",
          },
          given: { name: "G", target: "PT9H", starts: "work_item.assigned", startStep: "pick", stops: "run.completed" },
        },
        nodes: { ask: { slas: ["late"] }, pick: { actions: [{ verb: "assign", role: "ae" }] } },
      },
    );
    await run.wait(3 * hour);
    await run.done("ask");
    await run.wait(hour);
    expect(await run.again()).toEqual([
      "late of ask v1: completed 02T09:00 – 02T12:00",
      "moved of the run: in_progress 02T11:00:00.001 – ",
      "given of the run: in_progress 02T12:00 – ",
    ]);
  });

  it("work_item.completed, of several who decide: with the last vote", async () => {
    const levels = [{ ask: ["@lan", "@tom"], needs: "all" }, { ask: ["@mai"] }];
    const run = await opened(
      `okay:approval
       next:task
       start -> okay -> next -> done`,
      { ...since("work_item.completed", "okay"), nodes: { okay: { config: { levels, selfApproval: "allow" } } } },
      { owner_id: "mai" },
    );
    for (const member of ["lan", "tom", "mai"]) {
      await run.wait(hour);
      expect(await run.again()).toEqual([]);
      const item = Object.values((await run.run()).work).find(({ assignee }) => assignee === member)!;
      await run.bench.send(
        { type: "completeWork", runId: run.runId, work: item.id, outcome: "approved", values: {} },
        member,
      );
    }
    await run.wait(hour);
    expect(await run.again()).toEqual(["p of the run: in_progress 02T12:00 – "]);
  });

  it("work_item.completed, of an approval that nobody gave in time: never", async () => {
    const run = await opened(
      `okay:approval
       next:task
       start -> okay -> next -> done`,
      {
        ...since("work_item.completed", "okay"),
        nodes: { okay: { config: { levels: [{ ask: ["@lan"] }], timeout: { after: "PT2H", do: "reject" } } } },
      },
      { owner_id: "mai" },
    );
    await run.wait(3 * hour);
    expect([await run.at(), await run.again()]).toEqual(["next", []]);
  });
});

describe("what happens to a step", () => {
  it("skipped: its promises never begin", async () => {
    const run = await opened(
      line,
      {
        ...promise({ stops: "work_item.completed" }),
        nodes: { ask: { slas: ["p"], skipWhen: 'lead.priority = "hot"' } },
      },
      { priority: "hot" },
    );
    expect(await run.again()).toEqual([]);
  });

  it("skipped by hand or jumped over: they are cancelled with it", async () => {
    for (const kind of ["skip", "jump"] as const) {
      const run = await opened(line, promise({}));
      await run.wait(hour);
      const { id } = await run.token("ask");
      await run.jump(kind === "skip" ? { kind, token: id } : { kind, token: id, to: "next" });
      await run.wait(hour);
      expect(await run.again()).toEqual(["p of ask v1: cancelled 02T09:00 – 02T10:00"]);
    }
  });

  it("left by its timer: cancelled, and no completion is told", async () => {
    const run = await opened(
      `ask:task
       next:task
       start -> ask -> next -> done
       ask.late -> done`,
      {
        slas: {
          p: { name: "P", target: "PT4H" },
          q: { name: "Q", target: "PT4H", starts: "run.started", stops: "step.completed", stopStep: "ask" },
        },
        nodes: { ask: { slas: ["p"], boundary: [{ id: "late", kind: "timer", after: "PT2H" }] } },
      },
    );
    await run.wait(5 * hour);
    expect(await run.again()).toEqual([
      "q of the run: cancelled 02T09:00 – 02T11:00",
      "p of ask v1: cancelled 02T09:00 – 02T11:00",
    ]);
  });

  it("come to again: each stay has its own, and a promise on entering a step begins anew where it reopens", async () => {
    const run = await opened(
      `ask:task
       next:task
       good:decision
       start -> ask -> next -> good
       good -> ask [lead.fit_score < 50] max 3
       good -> done otherwise`,
      {
        slas: {
          p: { name: "P", target: "PT4H" },
          q: { name: "Q", target: "PT4H", startStep: "ask", stopStep: "next", reopens: true },
        },
        nodes: { ask: { slas: ["p"] } },
      },
      { fit_score: 1 },
    );
    for (const step of ["ask", "next", "ask"]) {
      await run.wait(hour);
      await run.done(step);
    }
    expect(await run.again()).toEqual([
      "q of the run: completed 02T09:00 – 02T11:00",
      "p of ask v1: completed 02T09:00 – 02T10:00",
      "q of the run: in_progress 02T11:00 – ",
      "p of ask v3: completed 02T11:00 – 02T12:00",
    ]);
  });

  it("a message that arrives stops what stops with it, whether somebody waits for it or not", async () => {
    for (const text of [line, `ask:wait for=event event=customer.replied\nstart -> ask\nask.event -> done`]) {
      const run = await opened(text, promise({ starts: "run.started", stops: "customer.replied" }));
      await run.wait(hour);
      await run.send("customer.replied");
      await run.wait(hour);
      expect(await run.again()).toEqual(["p of the run: completed 02T09:00 – 02T10:00"]);
    }
  });
});
