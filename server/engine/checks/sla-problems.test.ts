/** The traps of semantics, section 1, found while drawing, and nothing said about what is normal. */
import { describe, expect, it } from "vitest";
import { typeScope } from "@/server/commands/check-context.ts";
import { fieldOf } from "@/server/records/model.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { type Process, processSchema } from "../process.ts";

const day = [{ from: "09:00", to: "17:00" }];
const office = { zone: "UTC", week: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [], sun: [] } };

const drawn = (sla: object, calendars: object = { office }): Process =>
  processSchema.parse({
    key: "tiny",
    name: "Tiny",
    recordType: "lead",
    roles: { sdr: { name: "Rep" } },
    calendars,
    slas: { p: { name: "P", target: "4h", calendar: "office", ...sla } },
    nodes: [
      { id: "start", kind: "start", name: "Came in" },
      { id: "call", kind: "task", name: "Call", role: "sdr", slas: ["p"] },
      { id: "write", kind: "automation", name: "Write", actions: [{ verb: "log", text: "x" }] },
      { id: "end", kind: "end", name: "Done" },
    ],
    edges: [
      { id: "e1", from: "start", to: "call" },
      { id: "e2", from: "call", to: "write" },
      { id: "e3", from: "write", to: "end" },
    ],
  });
const found = (sla: object, calendars?: object) =>
  checkDraft(drawn(sla, calendars), { types: typeScope, hasField: (type, field) => fieldOf(type, field) !== null })
    .filter(({ code }) => code !== "NO_SLA")
    .map(({ severity, code, field }) => `${severity} ${code} ${field?.replace("slas.p", "") ?? ""}`.trim());

describe("traps of conditions", () => {
  it("start ⇒ stop: it never attaches", () =>
    expect(found({ appliesWhen: "lead.fit_score > 50", stopWhen: "lead.fit_score > 20" })).toEqual([
      "error SLA_START_STOPS .stopWhen",
    ]));
  it("start ⇒ pause: it never runs", () =>
    expect(found({ appliesWhen: 'lead.priority = "hot"', pauseWhen: 'lead.priority in ("hot","warm")' })).toEqual([
      "error SLA_START_PAUSES .pauseWhen",
    ]));
  it("not the normal case: start `open`, pause `open and waiting`", () =>
    expect(
      found({
        appliesWhen: 'lead.status = "working"',
        pauseWhen: 'lead.status = "working" and lead.do_not_contact = true',
      }),
    ).toEqual([]));
  it("start ⇒ pause with another way to cancel is none: the start may end while it stands still", () =>
    expect(
      found({ appliesWhen: 'lead.priority = "hot"', pauseWhen: 'lead.priority in ("hot","warm")', cancel: "never" }),
    ).toEqual([]));
  it("start ∩ pause = ∅ with the default: it is cancelled instead of paused", () => {
    const given = { appliesWhen: 'lead.priority = "hot"', pauseWhen: 'lead.priority = "cold"' };
    expect(found(given)).toEqual(["error SLA_NEVER_PAUSES .pauseWhen"]);
    expect(found({ ...given, cancel: "never" })).toEqual([]);
  });
  it("conditions that can never hold: start, stop, pause, reset", () => {
    const never = "lead.fit_score > 5 and lead.fit_score < 5";
    expect(found({ startWhen: never })).toEqual(["error SLA_NEVER_STARTS .startWhen"]);
    expect(found({ stops: "quote.sent", stopWhen: never })).toEqual(["error SLA_NEVER_STOPS .stopWhen"]);
    expect(found({ pauseWhen: never })).toEqual(["error SLA_NEVER_PAUSES .pauseWhen"]);
    expect(found({ appliesWhen: "lead.fit_score > 5", resetWhen: "lead.fit_score < 5" })).toEqual([
      "error SLA_NEVER_RESETS .resetWhen",
    ]);
  });
  it("a pause that always holds", () =>
    expect(found({ pauseWhen: "true" })).toEqual(["error SLA_START_PAUSES .pauseWhen"]));
  it("is silent where it does not know", () => {
    expect(found({ appliesWhen: "lead.fit_score * 2 > 50", pauseWhen: "lead.fit_score > 10" })).toEqual([]);
    expect(
      found({ appliesWhen: 'contains(lead.company_name, "a")', pauseWhen: 'contains(lead.company_name, "b")' }),
    ).toEqual([]);
  });
  it("a target that never counts because an earlier one does", () =>
    expect(
      found({
        targets: [
          { when: "lead.fit_score > 50", target: "1h" },
          { when: "lead.fit_score > 80", target: "30m" },
        ],
      }),
    ).toEqual(["warning SLA_RULE_NEVER .targets.1"]));
});

describe("what starts and stops it", () => {
  it("the event that starts it", () =>
    expect(found({ starts: "quote.sent", stops: "quote.sent" })).toEqual(["error SLA_NEVER_RUNS"]));
  it("a step that does not exist", () =>
    expect(found({ startStep: "nowhere" })).toEqual(["error UNKNOWN_REFERENCE .startStep"]));
  it("a step that no way leads to", () =>
    expect(found({ startStep: "write", stopStep: "call" })).toEqual(["error SLA_NEVER_STOPS .stopStep"]));
  it("work of a person at a step without one", () =>
    expect(found({ startStep: "call", stops: "work_item.completed", stopStep: "write" })).toEqual([
      "error SLA_NEVER_STOPS .stops",
    ]));
  it("from one step to another is fine", () => expect(found({ startStep: "call", stopStep: "write" })).toEqual([]));
});

describe("settings", () => {
  it("a relative target and a pause", () => {
    for (const target of ["eod", "end of next business day", "1bd 16:00", "lead.recycle_until"])
      expect(found({ target, pauses: "quote.sent", resumes: "quote.accepted" })).toEqual([
        "error SLA_RELATIVE_PAUSE .pauseWhen",
      ]);
  });
  it("a pause that nothing ends", () => {
    expect(found({ pauses: "quote.sent" })).toEqual(["error SLA_NEVER_RESUMES .resumes"]);
    expect(found({ pauseWhen: "lead.do_not_contact = true", resume: "resume_matches" })).toEqual([
      "error SLA_NEVER_RESUMES .resumes",
    ]);
  });
  it("a cancel condition that is not used, and one that is missing", () => {
    expect(found({ cancelWhen: "lead.fit_score > 5" })).toEqual(["warning SLA_CANCEL_UNUSED .cancel"]);
    expect(found({ cancel: "cancel_matches" })).toEqual(["warning SLA_NEVER_CANCELS .cancel"]);
  });
  it("rungs that are none, or twice", () => {
    expect(found({ ladder: [{ at: "150%" }, { at: "1h left" }, { at: "2h late" }] })).toEqual([]);
    expect(found({ ladder: [{ at: "soon" }, { at: "1bd late" }] })).toEqual([
      "error BAD_RUNG .ladder.0",
      "error BAD_RUNG .ladder.1",
    ]);
    expect(found({ ladder: [{ at: "150%" }, { at: "150%" }] })).toEqual(["error BAD_RUNG .ladder.1"]);
  });
  it("targets that are none: a duration, a field, a calendar", () => {
    expect(found({ target: "soon" })).toEqual(["error BAD_DURATION"]);
    expect(found({ target: "lead.no_such" })).toEqual(["error UNKNOWN_FIELD"]);
    expect(found({ targets: [{ when: "true", target: "1d" }] })).toEqual(["error BAD_DURATION .targets.0"]);
    expect(found({ targets: [{ when: "lead.fit_score > 1", target: "1h", calendar: "none_such" }] })).toEqual([
      "error UNKNOWN_REFERENCE .targets.0",
    ]);
  });
});

describe("now() and today()", () => {
  it("today() and now() against a field may be asked", () =>
    expect(found({ pauseWhen: "lead.recycle_until > today()", stopWhen: "now() >= lead.next_meeting_at" })).toEqual(
      [],
    ));
  it("any other now() cannot be published", () => {
    for (const text of [
      'now() - lead.next_meeting_at > duration("PT1H")',
      'now() > date and time("2026-01-01T00:00:00")',
    ])
      expect(found({ pauseWhen: text })).toContain("error SLA_USES_NOW .pauseWhen");
    expect(found({ targets: [{ when: 'string(now()) = "x"', target: "1h" }] })).toContain(
      "error SLA_USES_NOW .targets.0.when",
    );
  });
});

describe("conditions and calendars that cannot be used", () => {
  it("a poisoned condition, each at its place", () =>
    expect(
      found({ startWhen: "lead.", resumeWhen: "lead.nothing = 1", targets: [{ when: "((", target: "1h" }] }).toSorted(),
    ).toEqual([
      "error BAD_EXPRESSION .resumeWhen",
      "error BAD_EXPRESSION .startWhen",
      "error BAD_EXPRESSION .targets.0.when",
    ]));
  it("no hours, a zone that does not exist, intervals that overlap, a country without holidays", () => {
    const none = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    const calendar = (change: object) => found({}, { office: { ...office, ...change } });
    expect(calendar({ week: none })).toEqual(["error BAD_CALENDAR calendars.office"]);
    expect(calendar({ zone: "Mars/Phobos" })).toEqual(["error BAD_CALENDAR calendars.office"]);
    expect(calendar({ week: { ...none, mon: [...day, { from: "16:00", to: "18:00" }] } })).toEqual([
      "error BAD_CALENDAR calendars.office",
    ]);
    expect(calendar({ holidays: "XX" })).toEqual(["error BAD_CALENDAR calendars.office"]);
    expect(calendar({ zone: "record", holidays: "by_country" })).toEqual([]);
  });
});

describe("the sentences people read", () => {
  const told = (sla: object, calendars?: object) =>
    checkDraft(drawn(sla, calendars), { types: typeScope, hasField: (type, field) => fieldOf(type, field) !== null })
      .filter(({ code, field }) => code !== "NO_SLA" && field?.match(/^(slas|calendars)/))
      .map(({ text, node }) => `${node ?? "-"}: ${text}`);
  const never = "lead.fit_score > 5 and lead.fit_score < 5";
  it.each<[object, string]>([
    [
      { appliesWhen: "lead.fit_score > 50", stopWhen: "lead.fit_score > 20" },
      "call: “P” never attaches: whenever its start holds, its stop condition holds too.",
    ],
    [
      { appliesWhen: 'lead.priority = "hot"', pauseWhen: 'lead.priority in ("hot","warm")' },
      "call: “P” never runs: whenever its start holds it is paused, and when that ends it is cancelled.",
    ],
    [
      { appliesWhen: 'lead.priority = "hot"', pauseWhen: 'lead.priority = "cold"' },
      "call: “P” never pauses: its pause condition cannot hold while its start does, so it is cancelled instead. Choose another way to cancel it, or change one of the two.",
    ],
    [{ startWhen: never }, "call: “P” never starts: its start conditions cannot hold together."],
    [{ stopWhen: never }, "call: The stop condition of “P” can never hold."],
    [{ stops: "work_item.completed", stopWhen: never }, "call: The stop condition of “P” can never hold."],
    [{ pauseWhen: never }, "call: The pause condition of “P” can never hold."],
    [{ pauseWhen: "true" }, "call: “P” never runs: its pause condition always holds."],
    [
      { appliesWhen: "lead.fit_score > 5", resetWhen: "lead.fit_score < 5" },
      "call: “P” is never reset: that needs its start to hold too, and both cannot.",
    ],
    [
      {
        targets: [
          { when: "lead.fit_score > 5", target: "1h" },
          { when: "lead.fit_score > 8", target: "2h" },
        ],
      },
      "call: Target 2 of “P” never counts: wherever it fits, an earlier one does.",
    ],
    [{ calendar: undefined }, "call: “P” has no calendar: nights and weekends count."],
    [{ target: "soon" }, "call: The target “soon” of “P” is not a duration. Write 8h, 2bd or PT8H."],
    [{ target: "lead.no_such" }, "call: There is no field lead.no_such."],
    [{ target: "run.no_such" }, "call: There is no field run.no_such."],
    [
      { targets: [{ when: "lead.fit_score > 1", target: "1h", calendar: "none_such" }] },
      "call: The calendar none_such of the SLA P is not in this process.",
    ],
    [
      { pauseWhen: 'now() > date and time("2026-01-01T00:00:00")' },
      "call: “P” asks for now() without comparing it with a date and time field. Use such a field, or today(): nobody could say when to look again.",
    ],
    [{ startStep: "nowhere" }, "call: “P” names the step nowhere, which is not in this process."],
    [{ stopStep: "end" }, "call: “P” names the step end, which is not in this process."],
    [{ starts: "quote.sent", stops: "quote.sent" }, "call: “P” stops with the event that starts it, so it never runs."],
    [
      { startStep: "call", stops: "work_item.completed", stopStep: "write" },
      "call: “P” stops with work_item.completed, but no person works at “Write”.",
    ],
    [{ startStep: "write", stopStep: "call" }, "call: “P” can never stop: no way leads from “Write” to “Call”."],
    [{ ladder: [{ at: "soon" }] }, "call: “soon” is no rung of a ladder. Write 150%, 1h left or 2h late."],
    [{ ladder: [{ at: "50%" }, { at: " 50%" }] }, "call: “P” has the rung 50% twice. Put what it does into one."],
    [
      { target: "eod", pauses: "quote.sent", resumes: "quote.accepted" },
      "call: “P” is due at a point in time, which no pause moves. Take the pause away, or give it a duration.",
    ],
    [{ pauses: "quote.sent" }, "call: “P” can be paused but never goes on. Say what makes it go on."],
    [
      { cancelWhen: "lead.fit_score > 5" },
      "call: “P” has a cancel condition that is not used: it is set to be cancelled in another way.",
    ],
    [{ cancel: "cancel_matches" }, "call: “P” is to be cancelled by a condition, but there is none."],
  ])("%j", (sla, text) => expect(told(sla)).toEqual([text]));
});
