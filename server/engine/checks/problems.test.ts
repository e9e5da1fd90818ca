import { describe, expect, it } from "vitest";
import { checkDraft } from "@/server/steps/index.ts";
import { typeScope } from "@/server/commands/check-context.ts";
import { fieldOf } from "@/server/records/model.ts";
import { type Action, type Process, processSchema } from "../process.ts";

/** One call with one SLA; only its rungs and the step's actions differ. */
const drawn = (rungs: { onWarn?: Action[]; onBreach?: Action[] }, actions: Action[] = []): Process =>
  processSchema.parse({
    key: "tiny",
    name: "Tiny",
    recordType: "lead",
    roles: { sdr: { name: "Rep" } },
    calendars: {
      office: {
        zone: "UTC",
        week: { mon: [{ from: "09:00", to: "17:00" }], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
      },
    },
    slas: { touch: { name: "First touch", target: "PT4H", calendar: "office", ...rungs } },
    nodes: [
      { id: "start", kind: "start", name: "Came in" },
      { id: "call", kind: "task", name: "Call", role: "sdr", slas: ["touch"], actions },
      { id: "end", kind: "end", name: "Done" },
    ],
    edges: [
      { id: "e1", from: "start", to: "call" },
      { id: "e2", from: "call", to: "end" },
    ],
  });
const errors = (process: Process) =>
  checkDraft(process, { types: typeScope, hasField: (type, field) => fieldOf(type, field) !== null })
    .filter(({ severity }) => severity === "error")
    .map(({ code, field }) => `${code} ${field}`);

describe("what the system is told to do is checked wherever it stands", () => {
  it("a rung that writes an existing field is fine", () => {
    expect(errors(drawn({ onBreach: [{ verb: "set", field: "lead.priority", value: '"hot"' }] }))).toEqual([]);
  });

  it("a rung of an SLA: its condition, its value and the field it writes", () => {
    expect(errors(drawn({ onWarn: [{ verb: "notify", to: "sdr", when: "lead.prio = 1" }] }))).toEqual([
      "BAD_EXPRESSION slas.touch.onWarn.0.when",
    ]);
    expect(errors(drawn({ onBreach: [{ verb: "set", field: "lead.priority", value: '"hot' }] }))).toEqual([
      "BAD_EXPRESSION slas.touch.onBreach.0.value",
    ]);
    expect(errors(drawn({ onBreach: [{ verb: "set", field: "lead.prio", value: "1" }] }))).toEqual([
      "UNKNOWN_FIELD slas.touch",
    ]);
  });

  it("hours that another calendar of the workspace hides", () => {
    const process = drawn({});
    const { office } = process.calendars;
    const shared = (definition: typeof office) =>
      checkDraft(process, { types: typeScope, sharedCalendar: () => definition }).flatMap(({ code, field }) =>
        code === "SHARED_CALENDAR" ? field : [],
      );
    expect(shared({ ...office!, name: "The office" })).toEqual([]);
    expect(shared({ ...office!, closed: [{ date: "2026-12-24" }] })).toEqual(["calendars.office"]);
  });

  it("the date until which a field is set", () => {
    const set = (until: string): Action => ({ verb: "set", field: "lead.do_not_contact", value: "true", until });
    expect(errors(drawn({}, [set("lead.recycle_until")]))).toEqual([]);
    expect(errors(drawn({}, [set("lead.recycle_til")]))).toEqual(["BAD_EXPRESSION actions.0.until"]);
  });
});
