/** When a clock attaches, and from when it counts: once, again, or not at all, told as a list of its cycles. */
import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { type ClockBench, at, clockBench, iso } from "@/tests/support/clock-bench.ts";

const line = `ask:task
  next:task
  start -> ask -> next -> done`;
const bench = (
  sla: object,
  { on = [], values = {}, graph = line }: { on?: string[]; values?: Values; graph?: string } = {},
) =>
  clockBench(
    graph,
    {
      slas: { p: { name: "P", target: "90h", ...sla } },
      nodes: Object.fromEntries(on.map((id) => [id, { slas: ["p"] }])),
    },
    { start: "2026-03-02T10:00", values },
  );
const cycles = (run: ClockBench) =>
  run
    .clocks()
    .map(
      ({ cycle, state, startedAt, stoppedAt }) =>
        `${cycle} ${state} ${iso(startedAt)?.slice(11)}–${iso(stoppedAt)?.slice(11) ?? ""}`,
    );
const why = (run: ClockBench) => run.events.flatMap((event) => (event.type === "ClockStarted" ? [event.data.why] : []));
const quote = { starts: "quote.sent", stops: "quote.accepted" };

describe("a promise between two events of the run", () => {
  it("runs once, however often it is started", () => {
    const run = bench(quote);
    run.to("2026-03-02T11:00").tell("quote.sent").to("2026-03-02T12:00").tell("quote.sent");
    run.to("2026-03-02T13:00").tell("quote.accepted").to("2026-03-02T14:00").tell("quote.sent");
    expect(cycles(run)).toEqual(["1 completed 11:00–13:00"]);
    expect(why(run)).toEqual([{ clause: "start", event: "quote.sent" }]);
  });
  it("one that reopens begins its next cycle with each start after its end", () => {
    const run = bench({ ...quote, reopens: true });
    for (const [hour, news] of [
      ["11", "quote.sent"],
      ["12", "quote.accepted"],
      ["13", "quote.accepted"],
      ["14", "quote.sent"],
      ["15", "quote.accepted"],
    ])
      run.to(`2026-03-02T${hour}:00`).tell(news!);
    expect(cycles(run)).toEqual(["1 completed 11:00–12:00", "2 completed 14:00–15:00"]);
    // A change of the record is no start.
    expect(cycles(run.change({ fit_score: 1 }))).toHaveLength(2);
  });
  it("one that reopens and has conditions begins again only with a start that is newer than its end", () => {
    const run = bench({ ...quote, reopens: true, appliesWhen: "lead.fit_score > 5" }, { values: { fit_score: 9 } });
    run.to("2026-03-02T11:00").tell("quote.sent").to("2026-03-02T12:00").tell("quote.accepted");
    run.to("2026-03-02T13:00").change({ fit_score: 8 });
    expect(cycles(run)).toEqual(["1 completed 11:00–12:00"]);
    run.to("2026-03-02T14:00").tell("quote.sent");
    expect(cycles(run)).toEqual(["1 completed 11:00–12:00", "2 in_progress 14:00–"]);
  });
  it("one whose start is a condition as well begins again when that holds once more", () => {
    const run = bench(
      {
        starts: "run.started",
        stops: "run.completed",
        stopWhen: "lead.fit_score > 90",
        startWhen: "lead.fit_score > 50",
        reopens: true,
      },
      { values: { fit_score: 60 } },
    );
    run.to("2026-03-02T11:00").change({ fit_score: 95 }).to("2026-03-02T12:00").change({ fit_score: 70 });
    expect(cycles(run)).toEqual(["1 completed 10:00–11:00", "2 in_progress 12:00–"]);
  });
  it("stopped and started at one instant is stopped; a start after a stop is a start", () => {
    const both = bench(quote).to("2026-03-02T11:00").tell("quote.accepted", "quote.sent");
    expect(cycles(both)).toEqual([]);
    const later = bench(quote).to("2026-03-02T11:00").tell("quote.accepted").to("2026-03-02T12:00").tell("quote.sent");
    expect(cycles(later)).toEqual(["1 in_progress 12:00–"]);
    const held = bench({ ...quote, appliesWhen: "lead.fit_score > 5" }, { values: { fit_score: 1 } });
    held
      .to("2026-03-02T11:00")
      .tell("quote.accepted")
      .to("2026-03-02T12:00")
      .tell("quote.sent")
      .to("2026-03-02T13:00")
      .change({ fit_score: 9 });
    expect(cycles(held)).toEqual(["1 in_progress 12:00–"]);
    const over = bench({ ...quote, appliesWhen: "lead.fit_score > 5" }, { values: { fit_score: 1 } });
    over
      .to("2026-03-02T11:00")
      .tell("quote.sent")
      .to("2026-03-02T12:00")
      .tell("quote.accepted")
      .to("2026-03-02T13:00")
      .change({ fit_score: 9 });
    expect(cycles(over)).toEqual([]);
  });
  it("news that cancels it keeps it from beginning, before or after", () => {
    const given = { ...quote, cancel: "cancel_matches", cancels: "lead.recycled" };
    expect(cycles(bench(given).tell("lead.recycled").to("2026-03-02T11:00").tell("quote.sent"))).toEqual([]);
    expect(
      cycles(
        bench({ ...given, cancel: "never" })
          .tell("lead.recycled")
          .to("2026-03-02T11:00")
          .tell("quote.sent"),
      ),
    ).toEqual(["1 in_progress 11:00–"]);
  });
});

describe("a promise of a step that begins with news of the run", () => {
  it("begins at each stay that stands there, and at none where it has ended", () => {
    const sla = { starts: "quote.sent", stops: "step.completed" };
    expect(
      cycles(
        bench(sla, { on: ["next"] })
          .to("2026-03-02T11:00")
          .tell("quote.sent"),
      ),
    ).toEqual([]);
    const run = bench(sla, { on: ["ask"] })
      .to("2026-03-02T11:00")
      .tell("quote.sent");
    expect(run.clock().visit).toBe("v1");
    expect(cycles(run.to("2026-03-02T12:00").finish("ask").tell("quote.sent"))).toEqual(["1 completed 11:00–12:00"]);
  });
  it("news that came before counts from when it came", () => {
    const run = bench({ starts: "quote.sent", stops: "step.completed" }, { on: ["next"] });
    run.to("2026-03-02T11:00").tell("quote.sent").to("2026-03-02T12:00").finish("ask");
    expect(cycles(run)).toEqual(["1 in_progress 11:00–"]);
  });
});

describe("a promise that is asked for at several steps, and of the run", () => {
  it("begins with the first of them and goes on with the next", () => {
    const run = bench({ stops: "quote.accepted" }, { on: ["ask", "next"] })
      .to("2026-03-02T12:00")
      .finish("ask");
    expect(cycles(run)).toEqual(["1 in_progress 10:00–"]);
    expect([run.clock().visit, cycles(run.tell("quote.accepted"))]).toEqual([null, ["1 completed 10:00–12:00"]]);
  });
});

describe("from when it counts", () => {
  it("from the date it names where that lies before; one that is to come or missing is no matter", () => {
    const from = (values: Values) =>
      iso(bench({ startFrom: "lead.consent_at" }, { on: ["ask"], values }).clock().startedAt);
    expect([
      from({ consent_at: at("2026-03-01T08:00") }),
      from({ consent_at: at("2026-03-03T08:00") }),
      from({}),
    ]).toEqual(["2026-03-01T08:00", "2026-03-02T10:00", "2026-03-02T10:00"]);
  });
  it("after a reset from the reset, whatever date it names and whatever stops it", () => {
    const run = bench(
      { startFrom: "lead.consent_at", resets: "lead.recycled", startWhen: "lead.fit_score > 5" },
      { on: ["ask"], values: { consent_at: at("2026-03-01T08:00"), fit_score: 9 } },
    );
    run.to("2026-03-02T12:00").tell("lead.recycled");
    expect(run.clocks().map(({ startedAt, cycle }) => [iso(startedAt), cycle])).toEqual([
      ["2026-03-01T08:00", 1],
      ["2026-03-02T12:00", 2],
    ]);
    expect(why(run).at(-1)).toEqual({ clause: "reset", event: "lead.recycled" });
  });
  it("what was read to begin stands with it", () => {
    const run = bench(
      {
        appliesWhen: "lead.fit_score > 5",
        startWhen: 'lead.priority = "hot"',
        targets: [{ when: "lead.fit_score > 8", target: "1h" }],
      },
      { on: ["ask"], values: { fit_score: 7, priority: "hot" } },
    );
    expect(why(run)).toMatchObject([
      {
        clause: "start",
        event: "step.entered",
        seen: [
          { text: "lead.fit_score > 5" },
          { text: 'lead.priority = "hot"' },
          { text: "lead.fit_score > 8", result: false },
        ],
      },
    ]);
    expect(why(bench({}, { on: ["ask"] }))).toEqual([{ clause: "start", event: "step.entered" }]);
  });
});
