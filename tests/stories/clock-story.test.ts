/** What a record's page tells of its clocks: what each did and why, linked to the fact that made it; and why a promise has none. */
import { expect, it } from "vitest";
import { clocksOfRuns, eventsOf } from "@/db/queries/runs.ts";
import { clockStory } from "@/server/inbox/clock-story.ts";
import { unattached } from "@/server/inbox/unattached.ts";
import { describeOnBoth } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { openBench } from "./bench.ts";

const hour = 3_600_000;

describeOnBoth("a record's clocks", (open) => {
  const begin = async () => {
    const bench = await openBench(await open());
    await bench.publish(
      textGraph("promise", "ask:task\nnext:task\nstart -> ask -> next -> done", {
        slas: {
          answer: {
            name: "Answer",
            target: "4h",
            pauseWhen: "lead.do_not_contact = true",
            targets: [{ when: 'lead.priority = "hot"', target: "2h" }],
            warnAt: [50],
          },
          hot: { name: "Hot", target: "1h", appliesWhen: "lead.fit_score > 80" },
          later: { name: "Later", target: "1h" },
          quote: { name: "Quote", target: "8h", starts: "quote.sent", stops: "quote.accepted" },
          date: { name: "By the date", target: "lead.recycle_until" },
        },
        nodes: { ask: { slas: ["answer", "hot", "date"] }, next: { slas: ["later"] } },
      }),
    );
    const lead = await bench.record("lead", {
      last_name: "Vu",
      email: "vu@firm.com",
      company_name: "Firm",
      source: "inbound_web",
      owner_id: "lan",
    });
    await bench.engine.worker.drain();
    const runId = await bench.start("promise", lead, "lead");
    await bench.engine.worker.drain();
    return { bench, lead, runId };
  };

  it("each turn of a clock is told with its condition and the change that made it", async () => {
    const { bench, lead, runId } = await begin();
    await bench.advance(hour);
    await bench.change(lead, { do_not_contact: true });
    await bench.advance(hour);
    await bench.change(lead, { do_not_contact: false, priority: "hot" });
    await bench.advance(2 * hour);
    const context = await bench.engine.contexts.get(bench.workspaceId, bench.clock.now());
    const process = (await bench.engine.contexts.version(bench.workspaceId, "promise", 1))!;
    const [row] = await clocksOfRuns(bench.store, bench.workspaceId, [runId]);
    const events = [
      ...(await eventsOf(bench.store, bench.workspaceId, "run", [runId])),
      ...(await eventsOf(bench.store, bench.workspaceId, "record", [lead])),
    ].sort((a, b) => a.seq - b.seq);
    const story = clockStory(context, process, row!, events, bench.clock.now());
    expect(
      story.turns.map(({ what, detail, why, cause }) => [
        what,
        detail,
        why?.clause ?? null,
        why?.seen?.[0]?.text ?? null,
        cause?.type ?? null,
      ]),
    ).toEqual([
      ["ClockStarted", "4h", "start", 'lead.priority = "hot"', "TokenEntered"],
      ["ClockPaused", null, "pause", "lead.do_not_contact = true", "RecordChanged"],
      ["ClockRetargeted", "2h", "goal", 'lead.priority = "hot"', "RecordChanged"],
      ["ClockResumed", null, "resume", "lead.do_not_contact = true", "RecordChanged"],
      ["ClockWarned", "50 %", null, null, null],
      ["ClockBreached", null, null, null, null],
    ]);
    expect(story.bands.map(({ kind, from, to }) => [kind, (to - from) / hour])).toEqual([
      ["open", 1],
      ["paused", 1],
      ["open", 2],
    ]);
    expect(story).toMatchObject({
      status: "breached",
      businessMs: 3 * hour,
      wallMs: 3 * hour,
      businessPercent: 150,
      pausedWallMs: hour,
      leftMs: -hour,
      cycle: 1,
      definition: 1,
    });
    expect(story.dueAt! - story.startedAt).toBe(3 * hour);
    expect(story.originalDueAt - story.startedAt).toBe(4 * hour);
  });

  it("a promise without a clock says what keeps it", async () => {
    const { bench, lead, runId } = await begin();
    await bench.change(lead, { fit_score: 10 });
    await bench.engine.worker.drain();
    const process = (await bench.engine.contexts.version(bench.workspaceId, "promise", 1))!;
    const why = async () =>
      (await unattached(bench.engine, process, await bench.run(runId), bench.clock.now()))
        .map(({ name, reason, seen }) => [name, reason, seen?.[0]?.inputs ?? null] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
    expect(await why()).toEqual([
      ["By the date", "no_date", null],
      ["Hot", "condition_false", { "lead.fit_score": 10 }],
      ["Later", "step_not_reached", null],
      ["Quote", "event_missing", null],
    ]);
    await bench.change(lead, { fit_score: 90, recycle_until: "2026-04-01" });
    await bench.engine.worker.drain();
    expect((await why()).map(([name]) => name)).toEqual(["Later", "Quote"]);
  });
});
