/** A definition of a clock, read: whose it is, what it listens to, what has to be looked at when. */
import { expect, it } from "vitest";
import { compileSla, isRelativeSla, isVisitEvent, targetsOf } from "./compile-sla.ts";
import { compile } from "../expression/index.ts";
import { slaSchema } from "../process.ts";

const given = (change: object = {}) => slaSchema.parse({ name: "First reply", target: "4h", ...change });
const read = (change: object = {}) =>
  compileSla("p", given(change), (text) => {
    const result = text?.trim() ? compile(text) : null;
    return result?.ok ? result.expression : null;
  });
const when = (change: object) => {
  const { start, stop, pause, resume, reset, cancel } = read(change);
  return Object.fromEntries(
    Object.entries({ start, stop, pause, resume, reset, cancel }).flatMap(([name, clause]) =>
      clause.event || clause.when ? [[name, [clause.event, clause.when?.text ?? null]]] : [],
    ),
  );
};

it("from the entry to a step to its completion, when nothing else is said", () => {
  expect(when({})).toEqual({ start: ["step.entered", null], stop: ["step.completed", null] });
  expect([...read().events]).toEqual(["step.entered", "step.completed"]);
});
it("each of the six conditions is an event, a condition or both", () => {
  expect(
    when({
      starts: "run.started",
      startWhen: "a",
      stops: "run.completed",
      stopWhen: "b",
      pauses: "work_item.snoozed",
      pauseWhen: "c",
      resumes: "work_item.woken",
      resumeWhen: "d",
      resets: "deal.moved",
      resetWhen: "e",
      cancel: "cancel_matches",
      cancels: "deal.lost",
      cancelWhen: "f",
    }),
  ).toEqual({
    start: ["run.started", "a"],
    stop: ["run.completed", "b"],
    pause: ["work_item.snoozed", "c"],
    resume: ["work_item.woken", "d"],
    reset: ["deal.moved", "e"],
    cancel: ["deal.lost", "f"],
  });
});
it("a step makes it the event of that step", () => {
  const between = { startStep: "call", stopStep: "review" };
  expect(when(between)).toEqual({ start: ["step.entered:call", null], stop: ["step.completed:review", null] });
});
it("false is no condition, except of a start, which then never holds", () => {
  const never = {
    pauseWhen: "false",
    stopWhen: " false ",
    resumeWhen: "false",
    resetWhen: "false",
    startWhen: "false",
  };
  expect(when(never)).toEqual({ start: ["step.entered", "false"], stop: ["step.completed", null] });
  expect(read({ stopWhen: "false" }).looks).toBe(false);
});
it("a cancel condition counts only where cancelling goes by it", () => {
  const cancels = { cancels: "deal.lost", cancelWhen: "deal.closed < today()" };
  expect(when(cancels)).not.toHaveProperty("cancel");
  expect(read(cancels).time.today).toBe(false);
  expect(read({ ...cancels, cancel: "never" }).events.has("deal.lost")).toBe(false);
  expect(read({ ...cancels, cancel: "cancel_matches" }).time.today).toBe(true);
});
it("a clock that is due at a point in time has no pause", () => {
  const pauses = { pauses: "work_item.snoozed", pauseWhen: "deal.waiting", calendar: "office" };
  expect(when({ ...pauses, target: "eod" })).not.toHaveProperty("pause");
  expect(when({ ...pauses, target: "2bd" })).toHaveProperty("pause");
});
it.each([
  ["from its entry to its completion", {}, "visit"],
  ["to an event of the task", { stops: "work_item.completed" }, "visit"],
  ["to an event of the run", { stops: "run.completed" }, "run"],
  ["to the leaving of a step", { stops: "step.entered" }, "run"],
  ["to another step", { stopStep: "review" }, "run"],
  ["from one step to its completion", { startStep: "call" }, "visit"],
  ["from one step to an event of the run", { startStep: "call", stops: "run.completed" }, "run"],
])("whose clock: %s", (_, change, subject) => expect(read(change).subject).toBe(subject));

it.each([
  ["nothing to look at", {}, false],
  ["a condition to apply", { appliesWhen: "deal.hot" }, true],
  ["a choice of targets", { targets: [{ when: "deal.hot", target: "1h" }] }, true],
  ["a condition to stop", { stopWhen: "deal.won" }, true],
  ["a date of the record", { target: "deal.due_date" }, true],
  ["a date of the record in a choice", { targets: [{ when: "true", target: "deal.due_date" }] }, true],
])("a change of the record: %s", (_, change, looks) => expect(read(change).looks).toBe(looks));

it.each(["startWhen", "appliesWhen", "stopWhen", "pauseWhen", "resumeWhen", "resetWhen"])(
  "%s is looked at again at midnight and when now passes a field, each field once",
  (name) => {
    const { time } = read({ [name]: "now() > deal.until and deal.until < today() or now() < deal.until" });
    expect([time.today, time.fields.map(({ text }) => text)]).toEqual([true, ["deal.until"]]);
  },
);
it("the conditions of targets are looked at as well", () => {
  const { time, targets } = read({ targets: [{ when: "deal.close < today()", target: "1h", calendar: "night" }] });
  expect(time).toEqual({ today: true, fields: [], reads: ["deal.close"] });
  expect(targets.map((t) => [t.when?.text, t.target, t.calendar])).toEqual([["deal.close < today()", "1h", "night"]]);
  expect(read().time).toEqual({ today: false, fields: [], reads: [] });
});
it("rungs that can be read, and the conditions of the start", () => {
  const { ladder, applies, from } = read({
    ladder: [{ at: "150%" }, { at: "soon" }, { at: "1h left" }],
    appliesWhen: "deal.hot",
    startFrom: "deal.created_at",
  });
  expect(ladder.map(({ at }) => at)).toEqual(["150%", "1h left"]);
  expect([applies?.text, from?.text]).toEqual(["deal.hot", "deal.created_at"]);
  expect([read().ladder, read().applies, read().from]).toEqual([[], null, null]);
});
it("an event of one stay is one of a step or of its work", () => {
  expect(["step.entered", "work_item.created", "run.started", "deal.step.x"].map(isVisitEvent)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
it("every target with its calendar: its own, else the definition's", () => {
  const targets = [
    { when: "a", target: "1h" },
    { when: "b", target: "2h", calendar: "night" },
  ];
  expect(targetsOf(given({ targets, calendar: "office" }))).toEqual([
    { target: "1h", calendar: "office" },
    { target: "2h", calendar: "night" },
    { target: "4h", calendar: "office" },
  ]);
});
it.each([
  ["4h", undefined, false],
  ["2bd", "office", false],
  ["eod", "office", true],
  ["eod", undefined, false],
  ["1bd 16:00", "office", true],
  ["deal.due_date", undefined, true],
  ["nonsense", "office", false],
])("due at a point in time: %s in %s", (target, calendar, relative) => {
  expect(isRelativeSla(given({ target, calendar }))).toBe(relative);
  expect(isRelativeSla(given({ targets: [{ when: "a", target, calendar }] }))).toBe(relative);
});
