import { expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const bench = openBareBench();
const slas = Object.fromEntries(
  ["claimed", "reassigned", "assigned"].map((what) => [
    what,
    { name: what, target: "PT9H", starts: `work_item.${what}` },
  ]),
);

/** A task that Lan has, with a clock that counts from each kind of assignment. */
async function lansTask(key: string) {
  const run = await playOn(bench, key, "ask:task\nstart -> ask -> done", {
    slas,
    nodes: { ask: { slas: Object.keys(slas) } },
  });
  const assign = (how: Parameters<typeof bench.send>[0] & { type: "assignWork" }, by?: string) => bench.send(how, by);
  return {
    ...run,
    assignee: async () => (await run.run()).work.w1?.assignee,
    claim: (by?: string) => assign({ type: "assignWork", runId: run.runId, work: "w1", how: { kind: "claim" } }, by),
    release: () => assign({ type: "assignWork", runId: run.runId, work: "w1", how: { kind: "release" } }, "lan"),
    handOver: (to: string, note?: string) =>
      assign(
        { type: "assignWork", runId: run.runId, work: "w1", how: { kind: "hand_over", to, ...(note && { note }) } },
        "lan",
      ),
    assignments: async () =>
      (await bench.factsOf(run.runId))
        .filter((fact) => fact.type === "WorkAssigned")
        .slice(1)
        .map((fact) => fact.data),
    heard: async () =>
      (await bench.factsOf(run.runId))
        .filter((fact) => fact.type === "LatchSet")
        .map((f) => (f.data as { event: string }).event),
  };
}

it("what somebody has taken is taken: the other hears who has it", async () => {
  const task = await lansTask("taken");
  expect(await task.assignee()).toBe("lan");
  expect(await task.claim("tom")).toMatchObject({ ok: false, code: "CONFLICT", text: "lan has taken this task." });
  expect(await task.claim("lan")).toMatchObject({ ok: true });
  expect(await task.assignments()).toEqual([]);
});

it("given back, anybody may take it; each change is told to the clocks", async () => {
  const task = await lansTask("given_back");
  await task.release();
  expect(await task.assignee()).toBeNull();
  await task.release();
  await task.claim();
  await task.claim("tom");
  expect(await task.assignee()).toBe("tom");
  expect(await task.assignments()).toEqual([
    { work: "w1", assignee: null, from: "lan", why: "release" },
    { work: "w1", assignee: "tom", from: null, why: "claim" },
  ]);
  expect(await task.heard()).toEqual(
    expect.arrayContaining(["work_item.reassigned", "work_item.claimed", "work_item.assigned"]),
  );
});

it("handed over, with a note when there is one, and only to who can take work", async () => {
  const task = await lansTask("handed_over");
  expect(await task.handOver("linh")).toMatchObject({
    ok: false,
    code: "INVALID",
    text: "That person cannot take work. Nothing was changed; choose somebody else.",
  });
  await task.handOver("tom", "knows them");
  await task.handOver("lan");
  expect(await task.assignments()).toEqual([
    { work: "w1", assignee: "tom", from: "lan", why: "hand_over", note: "knows them" },
    { work: "w1", assignee: "lan", from: "tom", why: "hand_over" },
  ]);
  const heard = await task.heard();
  expect(heard).toContain("work_item.reassigned");
  expect(heard).not.toContain("work_item.claimed");
});
