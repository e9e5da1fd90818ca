import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runSlaCases, type SlaAnswer } from "./sla-run.ts";

const folder = path.join(process.cwd(), "../shared/data/sla");
type Expected = Record<string, unknown> & { id: string };
const read = (name: string): { cases: Expected[]; elapsed_cases?: Expected[]; status_cases?: Expected[] } =>
  JSON.parse(readFileSync(path.join(folder, name), "utf8"));
const answersTo = (json: unknown): Map<string, SlaAnswer> => {
  const result = runSlaCases(json);
  if (!result.ok) throw new Error(result.text);
  return new Map(result.answers.map((answer) => [answer.id, answer]));
};

describe.runIf(existsSync(folder))("the shared cases, to the second", () => {
  const file = existsSync(folder) ? read("sla_cases.shared.json") : { cases: [] };
  const answers = existsSync(folder) ? answersTo(file) : new Map<string, SlaAnswer>();
  it.each(file.cases.map((c) => [c.id, c] as const))("%s is due", (id, { due_utc, due, state }) =>
    expect(answers.get(id)).toEqual({ id, due_utc, due, state }),
  );
  it.each((file.elapsed_cases ?? []).map((c) => [c.id, c] as const))("%s has elapsed", (id, { business_seconds }) =>
    expect(answers.get(id)).toEqual({ id, business_seconds }),
  );
  it.each((file.status_cases ?? []).map((c) => [c.id, c] as const))("%s stands", (id, expected) =>
    expect(answers.get(id)).toEqual({
      id,
      due_utc: expected.due_utc,
      consumed_seconds: expected.consumed_seconds,
      status: expected.status,
    }),
  );
  it("answers all of them", () => expect(answers.size).toBe(98 + 18 + 13));
});

describe.runIf(existsSync(folder))("the cases of somebody else", () => {
  const file = existsSync(folder) ? read("third_party_cases.shared.json") : { cases: [] };
  const answers = existsSync(folder) ? answersTo(file) : new Map<string, SlaAnswer>();
  it.each(file.cases.map((c) => [c.id, c] as const))("%s", (id, { expected }) =>
    expect(answers.get(id)).toEqual({ id, instant: new Date(String(expected)).toISOString().replace(".000Z", "Z") }),
  );
});

const office = {
  timezone: "America/New_York",
  hours: Object.fromEntries(["mon", "tue", "wed", "thu", "fri"].map((day) => [day, [["09:00", "17:00"]]])),
};
const due = {
  id: "a",
  calendar: "office",
  start_utc: "2026-06-10T13:00:00Z",
  unit: "business_seconds",
  amount: 14_400,
};
const answer = (extra: object, calendars: object = { office }) =>
  answersTo({ calendars, cases: [{ ...due, ...extra }] }).get("a");

describe("cases of our own", () => {
  it("a pause without end leaves no due instant, but says what is left", () =>
    expect(answer({ pauses: [{ from: "2026-06-10T14:00:00Z", to: null }] })).toEqual({
      id: "a",
      due_utc: null,
      due: null,
      state: "paused",
      remaining_seconds: 10_800,
    }));
  it("a clock that has run out when the endless pause begins is due", () =>
    expect(answer({ pauses: [{ from: "2026-06-10T17:00:00Z", to: null }] })).toMatchObject({
      due_utc: "2026-06-10T17:00:00Z",
      due: "2026-06-10T13:00:00-04:00",
    }));
  it("a pause that began before the start counts from the start", () =>
    expect(answer({ pauses: [{ from: "2026-06-10T10:00:00Z", to: "2026-06-10T14:00:00Z" }] })).toMatchObject({
      due_utc: "2026-06-10T18:00:00Z",
    }));
  it("a pause that covers now shows as paused; used up before it, as breached", () => {
    const question = {
      id: "a",
      calendar: "office",
      start_utc: "2026-06-10T13:00:00Z",
      target_seconds: 3600,
      now_utc: "2026-06-10T15:00:00Z",
    };
    const at = (from: string) =>
      answersTo({ calendars: { office }, status_cases: [{ ...question, pauses: [{ from, to: null }] }] }).get("a");
    expect(at("2026-06-10T13:30:00Z")).toMatchObject({ due_utc: null, consumed_seconds: 1800, status: "paused" });
    expect(at("2026-06-10T14:00:00Z")).toMatchObject({ due_utc: "2026-06-10T14:00:00Z", status: "breached" });
  });
  it("a calendar that cannot be used, or is not there, is said in the case's answer", () => {
    expect(answer({ calendar: "moon" })).toEqual({ id: "a", error: "There is no calendar “moon”." });
    expect(answer({}, { office: { ...office, timezone: "Mars/Base" } })).toEqual({
      id: "a",
      error: "There is no time zone “Mars/Base”.",
    });
    expect(answer({}, { office: { ...office, hours: {} } })).toMatchObject({
      error: expect.stringContaining("no open hours"),
    });
    expect(answer({ start_utc: "soon" })).toMatchObject({
      id: "a",
      error: expect.stringContaining("“soon” is not an instant"),
    });
  });
  it("what is no file of cases is refused", () => {
    expect(runSlaCases([1, 2])).toMatchObject({ ok: false });
    expect(runSlaCases({ cases: [] })).toMatchObject({ ok: false });
    expect(runSlaCases(null)).toMatchObject({ ok: false });
  });
});
