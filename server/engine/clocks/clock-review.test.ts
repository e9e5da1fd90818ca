/** When the clocks of a run are looked at again though nothing happens: the one timer that is set for it, and no other. */
import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { type ClockBench, at, clockBench, iso, nineToFive } from "@/tests/support/clock-bench.ts";

const line = `ask:task
  next:task
  start -> ask -> next -> done`;
const hanoi = { zone: "Asia/Ho_Chi_Minh", week: nineToFive, holidays: "none" };
const bench = (
  slas: Record<string, object>,
  { at: named = ["p"], values = {}, zone = "UTC" }: { at?: string[]; values?: Values; zone?: string } = {},
) =>
  clockBench(
    line,
    {
      slas: Object.fromEntries(Object.entries(slas).map(([key, sla]) => [key, { name: key, target: "90h", ...sla }])),
      calendars: { hanoi },
      nodes: { ask: { slas: named } },
    },
    { start: "2026-03-02T10:00", values, zone },
  );
/** The instant of the one review timer. */
function looksAgain(run: ClockBench): string | null {
  const timers = Object.values(run.run().timers).filter(({ name }) => name === "review");
  expect(timers.length).toBeLessThan(2);
  return iso(timers[0]?.due)?.slice(5) ?? null;
}
const sets = (run: ClockBench) =>
  run.events.filter(({ type, data }) => type === "TimerSet" && (data as { name: string }).name === "review").length;

describe("for a promise of a step", () => {
  it("never, where its conditions turn only by what happens", () =>
    expect(looksAgain(bench({ p: { pauseWhen: "lead.fit_score > 5" } }))).toBeNull());
  it("at the next midnight of the workspace, or of its calendar", () => {
    const today = { pauseWhen: "lead.recycle_until = today()" };
    expect(looksAgain(bench({ p: today }))).toBe("03-03T00:00");
    expect(looksAgain(bench({ p: { ...today, calendar: "hanoi" } }))).toBe("03-02T17:00");
    expect(looksAgain(bench({ p: today }, { zone: "Asia/Tokyo" }))).toBe("03-02T15:00");
  });
  it("each midnight anew, until its clock has ended", () => {
    const run = bench({ p: { pauseWhen: "lead.recycle_until = today()" } }).to("2026-03-04T10:00");
    expect(looksAgain(run)).toBe("03-05T00:00");
    expect(looksAgain(run.finish("ask"))).toBeNull();
  });
  it("at the instant of the field that now() is compared with, once more just after it, and then no more", () => {
    const run = bench(
      { p: { pauseWhen: "now() > lead.next_meeting_at" } },
      { values: { next_meeting_at: at("2026-03-02T12:00") } },
    );
    expect(looksAgain(run)).toBe("03-02T12:00");
    expect(looksAgain(run.to("2026-03-02T12:00"))).toBe("03-02T12:00:00.001");
    expect(run.clock().state).toBe("in_progress");
    expect(looksAgain(run.to("2026-03-02T12:01"))).toBeNull();
    expect(iso(run.clock().pausedAt)).toBe("2026-03-02T12:00:00.001");
  });
  it("not for a field that is empty or past, and anew when it changes", () => {
    const run = bench({ p: { pauseWhen: "now() > lead.next_meeting_at" } });
    expect(looksAgain(run)).toBeNull();
    expect(looksAgain(run.change({ next_meeting_at: at("2026-03-02T15:00") }))).toBe("03-02T15:00");
    expect(looksAgain(run.change({ next_meeting_at: at("2026-03-02T14:00") }))).toBe("03-02T14:00");
    expect(looksAgain(run.change({ next_meeting_at: at("2026-03-02T09:00") }))).toBeNull();
  });
  it("at the earliest of all, set once as long as that stays", () => {
    const run = bench(
      { p: { pauseWhen: "lead.recycle_until = today()" }, q: { stopWhen: "now() >= lead.next_meeting_at" } },
      { at: ["p", "q"], values: { next_meeting_at: at("2026-03-02T12:00") } },
    );
    expect(looksAgain(run)).toBe("03-02T12:00");
    const before = sets(run);
    run.change({ fit_score: 1 }).change({ fit_score: 2 });
    expect(sets(run)).toBe(before);
    expect(looksAgain(run.to("2026-03-02T13:00"))).toBe("03-03T00:00");
  });
  it("while it could still begin at this stay: not once it has ended there", () => {
    const starts = { startWhen: "lead.recycle_until <= today()", stops: "work_item.started" };
    const run = bench({ p: starts }, { values: { recycle_until: "2026-03-20" } });
    expect(looksAgain(run)).toBe("03-03T00:00");
    const begun = bench({ p: starts }, { values: { recycle_until: "2026-03-01" } });
    expect(looksAgain(begun)).toBe("03-03T00:00");
    expect(looksAgain(begun.work("startWork").change({ fit_score: 1 }))).toBeNull();
  });
  it("in the zone of the calendar it would begin in", () =>
    expect(
      looksAgain(
        bench(
          { p: { startWhen: "lead.recycle_until <= today()", calendar: "hanoi" } },
          { values: { recycle_until: "2026-03-20" } },
        ),
      ),
    ).toBe("03-02T17:00"));
  it("not where no step names it", () =>
    expect(
      looksAgain(
        bench(
          { p: { startWhen: "lead.recycle_until <= today()" } },
          { at: [], values: { recycle_until: "2026-03-20" } },
        ),
      ),
    ).toBeNull());
});

describe("for a promise of the run", () => {
  const later = { starts: "quote.sent", stops: "quote.accepted", startWhen: "lead.recycle_until <= today()" };
  const values = { recycle_until: "2026-03-04" };
  it("once its event has happened and it has not begun: it begins at that midnight", () => {
    const run = bench({ p: later }, { at: [], values });
    expect(looksAgain(run)).toBeNull();
    expect(looksAgain(run.tell("quote.sent"))).toBe("03-03T00:00");
    run.to("2026-03-05T10:00");
    expect(iso(run.clock().startedAt)).toBe("2026-03-04T00:00");
    expect(looksAgain(run)).toBe("03-06T00:00");
  });
  it("in the zone of its calendar", () =>
    expect(looksAgain(bench({ p: { ...later, calendar: "hanoi" } }, { at: [], values }).tell("quote.sent"))).toBe(
      "03-02T17:00",
    ));
  it("not once it has ended, but where it was only cancelled while its start did not hold", () => {
    const run = bench({ p: later }, { at: [], values: { recycle_until: "2026-03-01" } }).tell("quote.sent");
    expect(looksAgain(run)).toBe("03-03T00:00");
    run.change({ recycle_until: "2026-03-09" });
    expect([run.clock().state, looksAgain(run)]).toEqual(["cancelled", "03-03T00:00"]);
    run.to("2026-03-09T10:00").tell("quote.accepted");
    expect([run.clock().state, run.clock().cycle, looksAgain(run)]).toEqual(["completed", 2, null]);
  });
});
