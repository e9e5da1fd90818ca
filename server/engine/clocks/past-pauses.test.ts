/** A clock that counts from a date before it was attached leaves out the pauses there were in between. */
import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { at, clockBench, iso, nineToFive } from "@/tests/support/clock-bench.ts";

const office = { zone: "UTC", week: nineToFive, holidays: "none" };
const line = `ask:task
  next:task
  start -> ask -> next -> done`;

/** From the lead's own date, attached when `next` is reached. */
function attached(
  sla: object,
  deeds: [when: string, values: Values][],
  then: string,
  values: Values = {},
  zone = "UTC",
) {
  const bench = clockBench(
    line,
    {
      slas: { p: { name: "P", target: "100h", startFrom: "lead.consent_at", retroPause: true, ...sla } },
      calendars: { office },
      nodes: { next: { slas: ["p"] } },
    },
    { start: "2026-03-02T10:00", zone, values: { consent_at: at("2026-03-02T10:00"), ...values } },
  );
  for (const [when, changes] of deeds) bench.to(when).change(changes);
  const clock = bench.to(then).finish("ask").clock();
  return {
    pauses: (clock.pauses ?? []).map(([from, to]) => `${iso(from)?.slice(8)} – ${iso(to)?.slice(8)}`),
    pausedAt: iso(clock.pausedAt)?.slice(8) ?? null,
    due: iso(clock.dueAt)?.slice(5) ?? null,
    open: clock.pausedOpen / 3_600_000,
  };
}
const waits = { pauseWhen: "lead.do_not_contact = true" };

describe("pauses of before", () => {
  it("each stretch in which the condition held, and no other", () =>
    expect(
      attached(
        waits,
        [
          ["2026-03-02T11:00", { do_not_contact: true }],
          ["2026-03-02T13:00", { do_not_contact: false }],
          ["2026-03-02T14:00", { fit_score: 1 }],
          ["2026-03-02T15:00", { do_not_contact: true }],
          ["2026-03-02T15:30", { fit_score: 2 }],
          ["2026-03-02T16:00", { do_not_contact: false }],
        ],
        "2026-03-02T20:00",
      ),
    ).toEqual({ pauses: ["02T11:00 – 02T13:00", "02T15:00 – 02T16:00"], pausedAt: null, due: "03-06T17:00", open: 3 }));

  it("one that goes on is a pause of the clock: it ends when the condition does", () =>
    expect(attached(waits, [["2026-03-02T11:00", { do_not_contact: true }]], "2026-03-02T20:00")).toEqual({
      pauses: ["02T11:00 – 02T20:00"],
      pausedAt: "02T20:00",
      due: null,
      open: 9,
    }));

  it("one that held at the start, of which only what lies after it counts", () => {
    const told = attached(
      { ...waits, startFrom: "lead.enriched_at" },
      [
        ["2026-03-02T11:00", { do_not_contact: true }],
        ["2026-03-02T13:00", { do_not_contact: false }],
      ],
      "2026-03-02T20:00",
      { enriched_at: at("2026-03-02T12:00") },
    );
    expect(told.pauses).toEqual(["02T12:00 – 02T13:00"]);
  });

  it("counts only open time of them, and none at all where the promise does not say so", () => {
    const deeds: [string, Values][] = [
      ["2026-03-02T16:00", { do_not_contact: true }],
      ["2026-03-03T10:00", { do_not_contact: false }],
    ];
    expect(attached({ ...waits, calendar: "office" }, deeds, "2026-03-03T12:00").open).toBe(2);
    expect(attached({ ...waits, retroPause: false }, deeds, "2026-03-03T12:00").pauses).toEqual([]);
    expect(attached({}, deeds, "2026-03-03T12:00").pauses).toEqual([]);
  });

  it("by the day: each midnight of the zone is looked at", () => {
    const byDay = { pauseWhen: "lead.recycle_until = today()" };
    const values = { recycle_until: "2026-03-04" };
    expect(attached(byDay, [], "2026-03-06T10:00", values).pauses).toEqual(["04T00:00 – 05T00:00"]);
    expect(attached(byDay, [], "2026-03-06T10:00", values, "Asia/Ho_Chi_Minh").pauses).toEqual(["03T17:00 – 04T17:00"]);
  });

  it("by the minute: the instant of the field is, and the one after it", () => {
    const values = { next_meeting_at: at("2026-03-02T12:30") };
    expect(attached({ pauseWhen: "now() < lead.next_meeting_at" }, [], "2026-03-02T20:00", values).pauses).toEqual([
      "02T10:00 – 02T12:30",
    ]);
    expect(attached({ pauseWhen: "now() <= lead.next_meeting_at" }, [], "2026-03-02T20:00", values).pauses).toEqual([
      "02T10:00 – 02T12:30:00.001",
    ]);
    expect(
      attached(
        { pauseWhen: "now() < lead.next_meeting_at" },
        [["2026-03-02T11:00", { next_meeting_at: at("2026-03-02T15:00") }]],
        "2026-03-02T20:00",
        values,
      ).pauses,
    ).toEqual(["02T10:00 – 02T15:00"]);
  });
});
