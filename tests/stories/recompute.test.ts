/** Clocks computed anew from the log: shown, adopted, taken back; what was is never lost. */
import { expect, it } from "vitest";
import { adoptClocks, previewClocks, revertClock } from "@/server/commands/recompute-clocks.ts";
import { reviseCalendar } from "@/server/commands/revise-calendar.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { newLead } from "../support/flow-play.ts";
import { textGraph } from "../support/text-graph.ts";
import { type Bench, openBench } from "./bench.ts";
import { finish } from "./template-walk.ts";

const hour = 3_600_000;
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const hours = (from: string, to: string) => ({
  zone: "Asia/Ho_Chi_Minh",
  week: Object.fromEntries(days.map((d) => [d, [{ from, to }]])) as never,
  holidays: "none",
});
const iso = (at: number | null | undefined) => (at == null ? null : new Date(at).toISOString().slice(5, 16));

describeOnBoth("clocks computed anew", (open) => {
  /** A task with eight hours from Monday 09:00 in Hanoi, on a calendar of 09–17. */
  const begin = async (sla: object = {}) => {
    const bench = await openBench(await open());
    const graph = (more: object) =>
      textGraph("promise", "ask:task\nnext:task\nstart -> ask -> next -> done", {
        calendars: { office: hours("09:00", "17:00") },
        slas: { p: { name: "P", target: "8h", calendar: "office", warnAt: [50], ...more } },
        nodes: { ask: { slas: ["p"] } },
      });
    await bench.publish(graph(sla));
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
    return { bench, runId, lead, graph };
  };
  const preview = async (bench: Bench, runId: string, under: "own" | "live" = "own") => {
    const shown = await previewClocks(bench.engine, bench.ask(), runId, under);
    if (!shown.ok) throw new Error(shown.text);
    return shown;
  };
  const rowOf = async (bench: Bench, runId: string) => {
    const rows = await bench.store.read.select().from(bench.store.t.slaClock);
    return rows.find((row) => row.runId === runId)!;
  };

  it("where nothing has changed nothing differs", async () => {
    const { bench, runId, lead } = await begin({
      pauseWhen: "lead.do_not_contact = true",
      targets: [{ when: 'lead.priority = "hot"', target: "4h" }],
    });
    await bench.advance(hour);
    await bench.change(lead, { do_not_contact: true });
    await bench.advance(hour);
    await bench.change(lead, { do_not_contact: false, priority: "hot" });
    await bench.advance(30 * hour);
    expect((await preview(bench, runId)).differences).toMatchObject([{ id: "c1", differs: false, adoptable: true }]);
    await finish(bench, runId, "ask");
    await bench.advance(hour);
    expect((await preview(bench, runId)).differences).toMatchObject([{ id: "c1", differs: false, ended: true }]);
  });

  it("of several approvers the last vote stops what stops when the work is done, computed anew as well", async () => {
    const bench = await openBench(await open());
    await bench.publish(
      textGraph("votes", "okay:approval\nstart -> okay -> done", {
        slas: { p: { name: "P", target: "8h", stops: "work_item.completed" } },
        nodes: {
          okay: {
            slas: ["p"],
            config: { levels: [{ ask: ["@lan", "@tom"], needs: "all" }, { ask: ["@mai"] }], selfApproval: "allow" },
          },
        },
      }),
    );
    const lead = await newLead(bench, { owner_id: "linh" });
    await bench.engine.worker.drain();
    const runId = await bench.start("votes", lead, "lead");
    const clocks = async () => (await rowOf(bench, runId)).stoppedAt;
    for (const member of ["lan", "tom", "mai"]) {
      await bench.engine.worker.drain();
      expect(await clocks()).toBeNull();
      await bench.advance(hour);
      const item = Object.values((await bench.run(runId)).work).find(({ assignee }) => assignee === member)!;
      const vote = { type: "completeWork" as const, runId, work: item.id, outcome: "approved", values: {} };
      expect(await bench.send(vote, member)).toMatchObject({ ok: true });
    }
    expect(await clocks()).toBe(bench.clock.now());
    expect((await preview(bench, runId)).differences).toMatchObject([{ differs: false, ended: true }]);
  });

  it("a new revision of the calendar changes it only so: shown, adopted with a reason, taken back", async () => {
    const { bench, runId } = await begin();
    const wide = {
      key: "promise.office",
      name: "Office",
      definition: hours("08:00", "12:00"),
      validFrom: bench.clock.now(),
    };
    expect(await reviseCalendar(bench.engine, bench.ask(), wide, false)).toMatchObject({ ok: true });
    await bench.advance(hour);
    expect(iso((await rowOf(bench, runId)).dueAt)).toBe("03-02T10:00");
    const shown = await preview(bench, runId);
    expect(shown.differences).toMatchObject([
      {
        id: "c1",
        name: "P",
        node: "ask",
        differs: true,
        adoptable: true,
        revertible: false,
        was: { calendar: { revision: 1 } },
        now: { calendar: { revision: 2 } },
      },
    ]);
    expect(iso(shown.differences[0]!.now!.dueAt)).toBe("03-04T02:00");
    // Looking writes nothing.
    expect(iso((await rowOf(bench, runId)).dueAt)).toBe("03-02T10:00");

    const adopt = { runId, under: "own" as const, clocks: ["c1"], reason: "the hours were wrong", rev: shown.rev };
    expect(await adoptClocks(bench.engine, bench.ask(), adopt)).toEqual({ ok: true, adopted: 1 });
    expect(await rowOf(bench, runId)).toMatchObject({
      dueAt: Date.UTC(2026, 2, 4, 2),
      data: { revision: 1, calendar: { revision: 2 } },
    });
    // What was decided on an older look is refused.
    expect(await adoptClocks(bench.engine, bench.ask(), adopt)).toMatchObject({ ok: false, code: "CONFLICT" });
    await bench.advance(10 * hour);
    expect((await rowOf(bench, runId)).breachedAt ?? null).toBeNull();

    expect((await preview(bench, runId)).differences).toMatchObject([{ revertible: true }]);
    const back = { runId, clock: "c1", reason: "they were right" };
    expect(await revertClock(bench.engine, bench.ask(), back)).toEqual({ ok: true, adopted: 1 });
    expect(iso((await rowOf(bench, runId)).dueAt)).toBe("03-02T10:00");
    await bench.advance(1);
    expect(iso((await rowOf(bench, runId)).breachedAt)).toBe("03-02T10:00");
    expect(await revertClock(bench.engine, bench.ask(), back)).toMatchObject({ ok: false, code: "CONFLICT" });
    expect((await verifyWorkspace(bench.engine, bench.workspaceId)).problems).toEqual([]);
  });

  it("under the definition that is live now, for those that are open; a finished cycle only where it is chosen", async () => {
    const { bench, runId, graph } = await begin();
    await bench.advance(9 * hour);
    await bench.publish(graph({ target: "16h" }));
    const open_ = await preview(bench, runId, "live");
    expect(open_.differences).toMatchObject([
      { was: { target: "8h" }, now: { target: "16h", breachedAt: null }, ended: false },
    ]);
    expect((await preview(bench, runId)).differences).toMatchObject([{ differs: false }]);
    await finish(bench, runId, "ask");
    await bench.engine.worker.drain();
    expect(await rowOf(bench, runId)).toMatchObject({ state: "completed", breachedAt: Date.UTC(2026, 2, 2, 10) });

    const shown = await preview(bench, runId, "live");
    expect(shown.differences).toMatchObject([{ ended: true, differs: true, adoptable: true }]);
    const chosen = { runId, under: "live" as const, clocks: ["c1"], reason: "16 h was agreed", rev: shown.rev };
    expect(await adoptClocks(bench.engine, bench.ask(), { ...chosen, clocks: [] })).toEqual({ ok: true, adopted: 0 });
    expect((await rowOf(bench, runId)).breachedAt).not.toBeNull();
    expect(await adoptClocks(bench.engine, bench.ask(), chosen)).toEqual({ ok: true, adopted: 1 });
    expect(await rowOf(bench, runId)).toMatchObject({ state: "completed", breachedAt: null });
    expect(await revertClock(bench.engine, bench.ask(), { runId, clock: "c1", reason: "no" })).toEqual({
      ok: true,
      adopted: 1,
    });
    expect(await rowOf(bench, runId)).toMatchObject({ breachedAt: Date.UTC(2026, 2, 2, 10) });
    expect((await verifyWorkspace(bench.engine, bench.workspaceId)).problems).toEqual([]);
  });

  it("a breach that is taken back and comes again rings once in its cycle", async () => {
    const { bench, runId, graph } = await begin({ onBreach: [{ verb: "notify", to: "process_owner", text: "late" }] });
    await bench.advance(9 * hour);
    const notices = async () =>
      (await bench.store.read.select().from(bench.store.t.notice)).filter((one) => one.text === "late").length;
    expect(await notices()).toBe(1);
    await bench.publish(graph({ target: "12h", onBreach: [{ verb: "notify", to: "process_owner", text: "late" }] }));
    const shown = await preview(bench, runId, "live");
    await adoptClocks(bench.engine, bench.ask(), {
      runId,
      under: "live",
      clocks: ["c1"],
      reason: "agreed",
      rev: shown.rev,
    });
    expect((await rowOf(bench, runId)).breachedAt ?? null).toBeNull();
    await bench.advance(48 * hour);
    expect((await rowOf(bench, runId)).breachedAt).not.toBeNull();
    expect(await notices()).toBe(1);
  });
});
