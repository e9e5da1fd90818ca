/** Why no run began for a record: each answer, and which of several comes first. */
import { describe, expect, it } from "vitest";
import { compiled } from "@/tests/support/move-on.ts";
import { notStarted, type Occasion, type StartFacts, startEvent } from "./not-started.ts";

const process = (config: object, more: object = {}) =>
  compiled("care", { text: "call:task\n start -> call -> done", more: { ...more, nodes: { start: { config } } } });
const created = process({ trigger: "record_created" });
const won = process({ trigger: "event", event: "deal.won" });
const seen = (result: boolean | null) => ({ text: "lead.fit_score > 50", inputs: {}, result });
const occasion = (given: Partial<Occasion> = {}): Occasion => ({
  at: 70,
  seq: 7,
  imported: false,
  version: 1,
  starts: true,
  seen: null,
  running: null,
  ...given,
});
const facts = (given: Partial<StartFacts> = {}): StartFacts => ({
  now: 100,
  last: null,
  again: null,
  occasions: [],
  since: 20,
  daily: null,
  news: { waiting: false, error: null },
  ...given,
});
const ended = { id: "run_1", startedAt: 30, endedAt: 60 };

it("a process starts by a record that is made, by an event, or not by itself", () => {
  expect(startEvent(created)).toBe("record.created");
  expect(startEvent(won)).toBe("deal.won");
  for (const trigger of ["manual", "form", "import", "schedule"]) expect(startEvent(process({ trigger }))).toBeNull();
  expect(startEvent({ ...created, start: null })).toBeNull();
});

describe("the last run", () => {
  it("that still runs keeps the record", () => {
    expect(notStarted(created, facts({ last: { ...ended, endedAt: null }, occasions: [occasion()] }))).toEqual({
      why: "running",
      run: "run_1",
    });
  });

  it("was the only one, or keeps the record out for a while", () => {
    const once = process({ trigger: "record_created" }, { reentry: "never" });
    expect(notStarted(once, facts({ last: ended, again: 200, occasions: [occasion()] }))).toEqual({
      why: "once",
      run: "run_1",
    });
    expect(notStarted(once, facts({ occasions: [occasion()] }))).toMatchObject({ why: "told" });
    const last = { last: ended, occasions: [occasion()] };
    expect(notStarted(created, facts({ ...last, again: 101 }))).toEqual({ why: "too_soon", run: "run_1", from: 101 });
    expect(notStarted(created, facts({ ...last, again: 100 }))).toMatchObject({ why: "told" });
    expect(notStarted(created, facts({ ...last, again: 99 }))).toMatchObject({ why: "told" });
    expect(notStarted(created, facts({ again: 101, occasions: [occasion()] }))).toMatchObject({ why: "told" });
  });
});

describe("a process that somebody or the clock starts", () => {
  it("says how", () => {
    expect(["manual", "form", "import"].map((trigger) => notStarted(process({ trigger }), facts()).why)).toEqual([
      "by_hand",
      "by_form",
      "by_import",
    ]);
  });

  it("looks at its time, and says whether its condition holds now", () => {
    const daily = process({ trigger: "schedule", at: "09:00" });
    const told = (result: boolean | null | undefined) =>
      notStarted(daily, facts({ daily: { next: 150, seen: result === undefined ? null : seen(result) } }));
    expect(told(undefined)).toEqual({ why: "daily", next: 150, seen: null, holds: true });
    expect(told(true)).toEqual({ why: "daily", next: 150, seen: seen(true), holds: true });
    expect(told(false)).toMatchObject({ holds: false });
    expect(told(null)).toMatchObject({ holds: false });
  });
});

describe("what should have set it off", () => {
  it("did not happen, since the process is there or since its last run began", () => {
    expect(notStarted(won, facts())).toEqual({ why: "no_event", event: "deal.won", since: 20 });
    expect(notStarted(won, facts({ last: ended }))).toEqual({ why: "no_event", event: "deal.won", since: 30 });
    expect(notStarted(won, facts({ last: { ...ended, startedAt: 10 } }))).toMatchObject({ since: 20 });
    expect(notStarted(created, facts())).toEqual({ why: "no_event", event: "record.created", since: 20 });
  });

  it("was told of once: a record is made once", () => {
    expect(notStarted(created, facts({ last: ended }))).toEqual({ why: "began_then", run: "run_1", at: 30 });
  });

  it("happened, and one thing stood in the way: the last time counts", () => {
    const told = (given: Partial<Occasion>, more: Partial<StartFacts> = {}) =>
      notStarted(won, facts({ occasions: [occasion({ at: 5, seq: 1 }), occasion(given)], ...more }));
    const when = { event: "deal.won", at: 70, seq: 7 };
    const everything = { imported: true, running: "run_3", seen: seen(false) };
    expect(told({ ...everything, version: null })).toEqual({ why: "published_later", ...when, published: 20 });
    expect(told({ ...everything, starts: false })).toEqual({ why: "published_later", ...when, published: 20 });
    expect(told(everything)).toEqual({ why: "imported", ...when });
    expect(told({ ...everything, imported: false })).toEqual({ why: "was_running", ...when, run: "run_3" });
    expect(told({ seen: seen(false) })).toEqual({ why: "condition", ...when, seen: seen(false) });
    expect(told({ seen: seen(null) })).toMatchObject({ why: "condition" });
    expect(told({ seen: seen(true) })).toEqual({ why: "told", ...when, waiting: false, error: null });
    expect(told({}, { news: { waiting: true, error: "no" } })).toEqual({
      why: "told",
      ...when,
      waiting: true,
      error: "no",
    });
  });
});
