import { describe, expect, it } from "vitest";
import { readKpi } from "./evaluate.ts";
import { type HandoffFact, handoffsOf } from "./handoffs.ts";
import { dayMs, hourMs, type KpiFacts, type KpiRecord, type KpiRun, type KpiVisit } from "./facts.ts";

const from = Date.UTC(2026, 9, 1);
const to = from + 30 * dayMs;
const facts = (more: Partial<KpiFacts>): KpiFacts => ({
  from,
  to,
  now: to,
  visits: [],
  runs: [],
  clocks: [],
  handoffs: [],
  receivers: new Map(),
  records: [],
  onwards: new Map(),
  asks: new Map(),
  open: (a, b) => Math.max(0, b - a),
  businessDay: dayMs,
  ...more,
});
let count = 0;
const visit = (more: Partial<KpiVisit>): KpiVisit => ({
  runId: `run_${++count}`,
  recordId: `rec_${count}`,
  node: "review",
  kind: "task",
  enteredAt: from + dayMs,
  leftAt: from + 2 * dayMs,
  cancelled: false,
  rework: false,
  outcome: null,
  byHand: true,
  queue: 6 * hourMs,
  touch: 2 * hourMs,
  blocked: 4 * hourMs,
  cycle: 12 * hourMs,
  businessDay: 8 * hourMs,
  paused: 0,
  delay: 100,
  ...more,
});
const run = (id: string, more: Partial<KpiRun> = {}): KpiRun => ({
  id,
  recordId: id.replace("run", "rec"),
  startedAt: from + dayMs,
  endedAt: null,
  status: "active",
  outcome: null,
  ...more,
});
const record = (id: string, type: string, values: KpiRecord["values"], createdAt = from + dayMs): KpiRecord => ({
  id,
  type,
  createdAt,
  values,
});
const value = (key: string, node: string | null, more: Partial<KpiFacts>) => {
  const { value: found, n } = readKpi(key, node, undefined, facts(more));
  return [found, n];
};

describe("a KPI", () => {
  it("of nothing is not measured, and never 0", () => {
    expect(readKpi("win_rate_count", null, 25, facts({}))).toMatchObject({
      value: null,
      state: "not_measured",
      why: "nothing",
    });
    expect(readKpi("nrr", null, 105, facts({}))).toMatchObject({ value: null, why: "cohorts" });
    expect(readKpi("slip_rate", null, 25, facts({}))).toMatchObject({ value: null, why: "snapshots" });
    expect(readKpi("own_invention", null, 1, facts({}))).toMatchObject({ value: null, why: "unknown" });
  });

  it("meets a target on the side its direction says, and says when it counted few", () => {
    const visits = [visit({ outcome: "approved" }), visit({ outcome: "returned" })];
    expect(readKpi("approval_first_pass_rate", "review", 80, facts({ visits }))).toMatchObject({
      value: 50,
      n: 2,
      few: true,
      target: { min: 80 },
      state: "missed",
    });
    const legal = [visit({ leftAt: from + dayMs + 30 * hourMs, paused: 6 * hourMs })];
    expect(readKpi("legal_turnaround", "review", 48, facts({ visits: legal }))).toMatchObject({
      value: 24,
      target: { max: 48 },
      state: "met",
    });
  });
});

describe("flow", () => {
  it("is counted over visits that ended in the period", () => {
    const visits = [
      visit({}),
      visit({}),
      visit({ leftAt: to + 1 }),
      visit({ leftAt: null }),
      visit({ cancelled: true }),
    ];
    expect(value("throughput", "review", { visits })).toEqual([2 / 30, 2]);
    expect(value("wip", "review", { visits })).toEqual([2, 2]);
    expect(value("queue_time_median", "review", { visits })).toEqual([6, 2]);
    expect(value("touch_time_median", "review", { visits })).toEqual([120, 2]);
    expect(value("cycle_time_p50", "review", { visits })).toEqual([1.5, 2]);
    expect(value("blocked_time_share", "review", { visits })[0]).toBeCloseTo(100 / 3, 9);
    expect(value("flow_efficiency", "review", { visits })[0]).toBeCloseTo(100 / 6, 9);
    expect(value("delay_contributed", "review", { visits })).toEqual([500, 5]);
  });

  it("counts clocks that ended, and open ones that are late", () => {
    const clock = (breachedAt: number | null, stoppedAt: number | null, state = "completed") => ({
      node: "review",
      state,
      dueAt: from + 2 * dayMs,
      breachedAt,
      stoppedAt,
      overrun: breachedAt && stoppedAt ? 40 : null,
    });
    const clocks = [
      clock(null, from + dayMs),
      clock(from + 2 * dayMs, from + 3 * dayMs),
      clock(null, null, "in_progress"),
      clock(null, from + dayMs, "cancelled"),
    ];
    expect(value("sla_attainment", null, { clocks })[0]).toBeCloseTo(100 / 3, 9);
    expect(value("sla_breach_severity", "review", { clocks })).toEqual([40, 1]);
  });

  it("follows the cohort of a step to the steps that can still end well", () => {
    const onwards = new Map([["discovery", new Set(["demo"])]]);
    const at = (runId: string, node: string, day: number, left: number | null) =>
      visit({ runId, node, enteredAt: from + day * dayMs, leftAt: left === null ? null : from + left * dayMs });
    const visits = [
      at("run_a", "discovery", 1, 2),
      at("run_a", "demo", 2, 3),
      at("run_b", "discovery", 1, 2),
      at("run_b", "close_lost", 2, 3),
      at("run_c", "discovery", 5, null),
    ];
    expect(value("stage_conversion", "discovery", { visits, onwards })).toEqual([50, 2]);
  });
});

describe("handoffs", () => {
  const at = (hours: number) => from + hours * hourMs;
  const told = (runId: string, ...facts: [type: string, hours: number, token?: string][]): HandoffFact[] =>
    facts.map(([type, hours, token = "t1"], i) => {
      const fact = { runId, seq: i + 1, at: at(hours), edge: "write_to_take", token };
      return { ...fact, type: `Handoff${type}` } as HandoffFact;
    });
  const kpis = (facts: HandoffFact[], more: Partial<KpiFacts> = {}, node: string | null = null) => {
    const all = { handoffs: handoffsOf(facts), ...more };
    return [value("handoff_acceptance_rate", node, all), value("handoff_time_median", node, all)];
  };

  it("count the first pass: one that was sent back is the same when it comes again, and each answer has its time", () => {
    const facts = [
      ...told("run_a", ["Submitted", 0], ["Accepted", 2]),
      ...told("run_b", ["Submitted", 0], ["Rejected", 4], ["Submitted", 10], ["Accepted", 16]),
      // Sent back after it was taken over: the first answer has its time, and the pass was not clean.
      ...told("run_c", ["Submitted", 0], ["Accepted", 8], ["Rejected", 9]),
      ...told("run_d", ["Submitted", 0]),
    ];
    expect(kpis(facts)).toEqual([
      [expect.closeTo(100 / 3, 9), 3],
      [5, 4],
    ]);
  });

  it("are of the period in which they are answered, whenever they were sent back before", () => {
    const facts = [
      ...told("run_a", ["Submitted", -30], ["Rejected", -20], ["Submitted", -10], ["Accepted", 6]),
      ...told("run_b", ["Submitted", -30], ["Accepted", -20]),
    ];
    expect(kpis(facts)).toEqual([
      [0, 1],
      [16, 1],
    ]);
  });

  it("of items beside each other are told apart by their token, and go on under another where tokens are joined", () => {
    const facts = told(
      "run_a",
      ["Submitted", 0, "t1"],
      ["Submitted", 0, "t2"],
      ["Rejected", 2, "t2"],
      ["Accepted", 4, "t1"],
      ["Submitted", 5, "t3"],
      ["Accepted", 6, "t3"],
    );
    expect(kpis(facts)).toEqual([
      [50, 2],
      [2, 3],
    ]);
  });

  it("leave out what a completion said that was taken back, and what an earlier release handed over", () => {
    const undone = told("run_a", ["Submitted", 0], ["Rejected", 2], ["Accepted", 3]);
    undone.splice(2, 0, { runId: "run_a", seq: 2.5, type: "WorkUndone", undone: 1 });
    const older: HandoffFact = { runId: "run_b", seq: 1, type: "HandoffSubmitted", at: at(0), edge: "write_to_take" };
    expect(kpis([...undone, older])).toEqual([
      [100, 1],
      [3, 1],
    ]);
    expect(kpis([older])).toEqual([
      [null, 0],
      [null, 0],
    ]);
  });

  it("on a step are those that its people receive, whichever of several the run came to", () => {
    const facts = [
      ...told("run_a", ["Submitted", 0], ["Accepted", 2]),
      ...told("run_b", ["Submitted", 0], ["Accepted", 4]),
    ];
    const visits = [
      visit({ runId: "run_a", node: "take", enteredAt: at(1) }),
      visit({ runId: "run_b", node: "desk", enteredAt: at(1) }),
    ];
    const receivers = new Map([["write_to_take", new Set(["take", "desk"])]]);
    expect(kpis(facts, { visits, receivers }, "take")).toEqual([
      [100, 1],
      [2, 1],
    ]);
    const alone = new Map([["write_to_take", new Set(["take"])]]);
    expect(kpis(facts, { visits, receivers: alone }, "take")[0]).toEqual([100, 2]);
    expect(kpis(facts, { visits, receivers: alone }, "desk")[0]).toEqual([null, 0]);
  });
});

describe("records", () => {
  it("tell the share of deals won and how long they took", () => {
    const deal = (id: string, stage: string, days: number) =>
      record(id, "opportunity", { stage, closed_at: from + days * dayMs, amount_base: 100 }, from);
    const records = [
      deal("a", "closed_won", 10),
      deal("b", "closed_won", 20),
      deal("c", "closed_lost", 5),
      record("d", "opportunity", { stage: "proposal" }),
    ];
    expect(value("win_rate_count", null, { records })[0]).toBeCloseTo(200 / 3, 9);
    expect(value("sales_cycle_days", null, { records })).toEqual([15, 2]);
  });

  it("tell how fast a lead is touched: from the inquiry to the step that touches", () => {
    const records = [
      record("rec_1x", "lead", { inquiry_type: "demo_request" }),
      record("rec_2x", "lead", { inquiry_type: "none" }),
    ];
    const runs = [run("run_1x"), run("run_2x")];
    const visits = [
      visit({ runId: "run_1x", node: "first_touch", leftAt: from + dayMs + 7 * 60_000 }),
      visit({ runId: "run_2x", node: "first_touch", leftAt: from + dayMs + 90 * 60_000 }),
    ];
    expect(value("speed_to_lead", "first_touch", { records, runs, visits })).toEqual([7, 1]);
    expect(value("lead_response_coverage", "first_touch", { records, runs, visits })).toEqual([100, 1]);
  });

  it("tell what quotes, orders and invoices say", () => {
    const records = [
      record("q1", "quote", {
        status: "accepted",
        accepted_at: from + 3 * dayMs,
        presented_at: from + 2 * dayMs,
        version_no: 2,
        list_total: 1000,
        net_total: 800,
      }),
      record("q2", "quote", {
        status: "accepted",
        accepted_at: from + 3 * dayMs,
        presented_at: from + 3 * dayMs,
        version_no: 1,
        list_total: 1000,
        net_total: 1000,
      }),
      record("o1", "opportunity", { stage: "closed_won", closed_at: from + 4 * dayMs }),
      record("r1", "order", {
        quote_id: "q1",
        opportunity_id: "o1",
        activated_at: from + 4 * dayMs + 6 * hourMs,
        fallout_reason: "po_missing",
      }),
      record("r2", "order", { quote_id: "q2", fallout_reason: "none" }),
      record("i1", "invoice", {
        order_id: "r1",
        issue_date: "2026-10-06",
        total: 100,
        total_base: 100,
        balance_base: 50,
        days_past_due: 3,
        status: "overdue",
        promise_to_pay_date: "2026-10-20",
        paid_at: Date.UTC(2026, 9, 20, 15),
      }),
      record("p1", "payment", { invoice_id: "i1", received_at: from + 13 * dayMs }),
    ];
    expect(value("quote_revision_rate", null, { records })).toEqual([1.5, 2]);
    expect(value("average_discount", null, { records })).toEqual([10, 2]);
    expect(value("quote_turnaround", null, { records })).toEqual([36, 2]);
    expect(value("order_fallout_rate", "validate_order", { records })).toEqual([50, 2]);
    expect(value("close_to_order_hours", null, { records })).toEqual([6, 1]);
    expect(value("quote_to_cash_days", null, { records })).toEqual([10, 1]);
    expect(value("dso", null, { records })).toEqual([15, 1]);
    expect(value("overdue_share", null, { records })).toEqual([100, 1]);
    expect(value("promise_kept_rate", null, { records })).toEqual([100, 1]);
  });
});
