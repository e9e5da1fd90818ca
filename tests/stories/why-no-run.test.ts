/** Why no process is at work on a record: what its start asks for, with the values of that moment. */
import { expect, it } from "vitest";
import { findRecord } from "@/db/queries/records.ts";
import { whyNoRun } from "@/server/inbox/why-no-run.ts";
import { recordLabels } from "@/server/records/rules.ts";
import type { Values } from "@/server/engine/model.ts";
import { describeOnBoth } from "../support/databases.ts";
import { finish, newLead } from "../support/flow-play.ts";
import { textGraph } from "../support/text-graph.ts";
import { type Bench, openBench } from "./bench.ts";

const hour = 3_600_000;

describeOnBoth("why no process runs", (open) => {
  let opened: Promise<Bench> | undefined;
  let count = 0;
  const theBench = () => (opened ??= open().then((store) => openBench(store)));
  /** A process of one task that starts like this. */
  async function published(start: object, more: object = {}): Promise<string> {
    const key = `start${++count}`;
    const drawn = textGraph(key, "call:task\nstart -> call -> done", { nodes: { start: { config: start } }, ...more });
    await (await theBench()).publish(drawn);
    return key;
  }
  async function lead(values: Values = {}): Promise<string> {
    const bench = await theBench();
    const id = await newLead(bench, values);
    await bench.engine.worker.drain();
    return id;
  }
  async function reasonOf(key: string, record: string) {
    const { engine, store, workspaceId, clock } = await theBench();
    const row = (await findRecord(store, workspaceId, record))!;
    const why = await whyNoRun(engine, row, clock.now(), recordLabels("en"));
    return { ...why.processes.find((one) => one.key === key)!, fields: why.fields };
  }
  async function openRun(key: string, record: string) {
    const runs = await (await theBench()).runsOf(record);
    return runs.find(({ process }) => process === key)!;
  }

  it("its start condition was not met when the record was made, whatever the record says now", async () => {
    const key = await published({ trigger: "record_created", when: "lead.fit_score > 50" });
    const id = await lead({ fit_score: 20 });
    await (await theBench()).change(id, { fit_score: 90 });
    const why = await reasonOf(key, id);
    expect(why.reason).toMatchObject({
      why: "condition",
      event: "record.created",
      seen: { text: "lead.fit_score > 50", inputs: { "lead.fit_score": 20 }, result: false },
    });
    expect(why.reason).toHaveProperty("seq", expect.any(Number));
    expect(why.fields["lead.fit_score"]).toMatchObject({ label: "Fit score" });
  });

  it("the process was published only afterwards", async () => {
    const id = await lead();
    const bench = await theBench();
    await bench.advance(hour);
    const key = await published({ trigger: "record_created" });
    expect((await reasonOf(key, id)).reason).toMatchObject({ why: "published_later", published: bench.clock.now() });
  });

  it("one run at a time: it runs now, and it ran when it was told of the last thing", async () => {
    const bench = await theBench();
    const key = await published({ trigger: "event", event: "meeting.concluded" });
    const id = await lead();
    expect((await reasonOf(key, id)).reason).toMatchObject({ why: "no_event", event: "meeting.concluded" });
    await bench.advance(hour);
    await bench.change(id, { meeting_status: "held" });
    await bench.engine.worker.drain();
    const { id: runId } = await openRun(key, id);
    expect((await reasonOf(key, id)).reason).toEqual({ why: "running", run: runId });
    await bench.advance(hour);
    await bench.change(id, { meeting_status: "no_show" });
    await bench.advance(hour);
    await finish(bench, runId, "call");
    expect(await reasonOf(key, id)).toMatchObject({
      reason: { why: "was_running", event: "meeting.concluded", run: runId },
      last: { id: runId, status: "completed", outcome: "success" },
    });
  });

  it("a record comes in once, or not so soon again", async () => {
    const bench = await theBench();
    const once = await published({ trigger: "manual" }, { reentry: "never" });
    const soon = await published({ trigger: "manual" }, { reentry: { after: "P7D" } });
    const always = await published({ trigger: "manual" });
    const id = await lead();
    expect((await reasonOf(once, id)).reason).toEqual({ why: "by_hand" });
    for (const key of [once, soon, always]) await finish(bench, await bench.start(key, id, "lead"), "call");
    expect((await reasonOf(once, id)).reason).toMatchObject({ why: "once" });
    expect((await reasonOf(soon, id)).reason).toMatchObject({
      why: "too_soon",
      from: bench.clock.now() + 7 * 24 * hour,
    });
    expect((await reasonOf(always, id)).reason).toEqual({ why: "by_hand" });
  });

  it("it began when the record was made, and a record is made once", async () => {
    const bench = await theBench();
    const key = await published({ trigger: "record_created" });
    const id = await lead();
    const run = await openRun(key, id);
    await finish(bench, run.id, "call");
    expect((await reasonOf(key, id)).reason).toMatchObject({ why: "began_then", run: run.id });
  });

  it("it looks once a day, and says what it would see now", async () => {
    const key = await published({ trigger: "schedule", at: "06:00", when: "lead.fit_score > 50" });
    const id = await lead({ fit_score: 10 });
    const next = Date.UTC(2026, 2, 2, 23);
    expect((await reasonOf(key, id)).reason).toMatchObject({
      why: "daily",
      holds: false,
      next: expect.any(Number),
      seen: { inputs: { "lead.fit_score": 10 } },
    });
    expect(((await reasonOf(key, id)).reason as { next: number }).next % (24 * hour)).toBe(next % (24 * hour));
  });

  it("the process was retired", async () => {
    const { engine, store, workspaceId } = await theBench();
    const key = await published({ trigger: "manual" });
    const id = await lead();
    const [row] = (await store.read.select().from(store.t.process)).filter((one) => one.key === key);
    await store.commit([
      { workspaceId, guards: [], events: [], put: { process: [{ ...row!, status: "retired" }] }, drop: {} },
    ]);
    engine.contexts.forget(workspaceId);
    expect(await reasonOf(key, id)).toMatchObject({ version: null, reason: { why: "retired" } });
  });
});
