/** One story for each way a run can move, on real databases and a clock that is moved by hand. */
import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { undoWork } from "@/server/commands/undo-work.ts";
import type { Values } from "@/server/engine/model.ts";
import { describeOnBoth } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { type Bench, openBench } from "./bench.ts";
import { finish, placeOf } from "./template-walk.ts";

const hour = 3_600_000;
const day = 24 * hour;
const office = {
  office: {
    zone: "Asia/Ho_Chi_Minh",
    week: Object.fromEntries(
      ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((d) => [
        d,
        d === "sat" || d === "sun" ? [] : [{ from: "09:00", to: "17:00" }],
      ]),
    ),
    holidays: "none",
  },
};

describeOnBoth("control flow", (open) => {
  let opened: Promise<Bench> | undefined;
  const theBench = () => (opened ??= open().then((store) => openBench(store)));
  let leads = 0;
  const lead = async (bench: Bench, values: Values = {}) =>
    bench.record("lead", {
      last_name: `L${++leads}`,
      email: `l${leads}@firm${leads}.com`,
      company_name: `Firm ${leads}`,
      source: "inbound_web",
      owner_id: "lan",
      ...values,
    });
  /** Publishes the graph and starts one run of it on a new lead. */
  const play = async (key: string, text: string, more: Parameters<typeof textGraph>[2] = {}, values: Values = {}) => {
    const bench = await theBench();
    await bench.publish(textGraph(key, text, more));
    const id = await lead(bench, values);
    await bench.engine.worker.drain();
    const runId = await bench.start(key, id, "lead");
    await bench.engine.worker.drain();
    return { bench, id, runId, at: () => placeOf(bench, runId) };
  };
  const workOf = async (bench: Bench, runId: string) => Object.values((await bench.run(runId)).work)[0]!;
  const clockOf = async (bench: Bench, runId: string) => Object.values((await bench.run(runId)).clocks)[0]!.clock;

  it("parallel branches are joined when the last is done", async () => {
    const { bench, runId, at } = await play(
      "both",
      `split:parallel
       a:task
       b:task
       meet:join
       start -> split -> a -> meet -> done
       split -> b -> meet`,
    );
    expect(await at()).toBe("a + b");
    await finish(bench, runId, "b");
    expect(await at()).toBe("a + meet");
    await finish(bench, runId, "a");
    expect(await at()).toBe("done");
  });

  it("waits: a duration, working hours, a date field, an event with its deadline", async () => {
    const { bench, id, runId, at } = await play(
      "waits",
      `nap:wait for=duration duration=PT2H
       shift:wait for=duration duration=PT8H calendar=office
       until:wait for=date until=lead.recycle_until
       reply:wait for=event event=reply.received timeout=P1D
       start -> nap -> shift -> until -> reply
       reply.event -> heard
       reply.timeout -> silent`,
      { calendars: office },
      { recycle_until: "2026-03-20" },
    );
    await bench.advance(2 * hour - 1);
    expect(await at()).toBe("nap");
    await bench.advance(1);
    expect(await at()).toBe("shift");
    // Eight working hours from some hour of a working day end on the next working day.
    await bench.advance(8 * hour);
    expect(await at()).toBe("shift");
    await bench.advance(4 * day);
    expect(await at()).toBe("until");
    await bench.advance(Date.UTC(2026, 2, 19, 17) - bench.clock.now());
    expect(await at()).toBe("reply");
    await bench.record("activity", {
      type: "email",
      direction: "inbound",
      subject: "Re",
      occurred_at: bench.clock.now(),
      related_type: "lead",
      related_id: id,
    });
    await bench.engine.worker.drain();
    expect(await at()).toBe("heard");
    const other = await bench.start("waits", await lead(bench, { recycle_until: "2026-03-01" }), "lead");
    await bench.advance(7 * day);
    expect(await placeOf(bench, other)).toBe("silent");
    expect((await bench.run(runId)).status).toBe("completed");
  });

  it("a missing date is an incident; a retry after it was filled goes on", async () => {
    const { bench, id, runId, at } = await play(
      "no_date",
      `until:wait for=date until=lead.recycle_until
       start -> until -> done`,
    );
    expect(await at()).toContain("NO_DATE at until");
    await bench.change(id, { recycle_until: "2026-01-01" });
    await bench.send({ type: "retryIncident", runId, incident: "i1" }, "linh");
    await bench.advance(1);
    expect(await at()).toBe("done");
  });

  it("a called process runs on the same record and gives back", async () => {
    const bench = await theBench();
    await bench.publish(textGraph("called", `ask:task\nstart -> ask -> done`));
    const { id, runId, at } = await play("caller", `call:subprocess process=called record=same\nstart -> call -> done`);
    expect(await at()).toBe("call");
    const child = (await bench.runsOf(id)).find((r) => r.process === "called")!;
    await finish(bench, child.id, "ask");
    expect(await at()).toBe("done");
    expect(runId).not.toBe(child.id);
  });

  it("a timer on a human step: interrupting, beside it, and again and again", async () => {
    const boundary = (more: object) => ({
      nodes: { ask: { boundary: [{ id: "late", kind: "timer", after: "PT1H", ...more }] } },
    });
    const text = `ask:task
       poke:automation
       start -> ask -> done
       ask.late -> poke -> poked`;
    const first = await play("interrupting", text, boundary({ interrupting: true }));
    await first.bench.advance(hour);
    expect(await first.at()).toBe("poked");
    const visits = await first.bench.store.read.select().from(first.bench.store.t.stepVisit);
    expect(visits.find((v) => v.runId === first.runId && v.node === "ask")?.leftAt).not.toBeNull();
    const once = await play("beside", text, boundary({ interrupting: false }));
    await once.bench.advance(3 * hour);
    expect(await once.at()).toBe("ask");
    expect((await once.bench.run(once.runId)).visited.poke).toBe(1);
    const again = await play("repeating", text, boundary({ interrupting: false, repeat: true }));
    await again.bench.advance(3 * hour);
    expect((await again.bench.run(again.runId)).visited.poke).toBe(3);
    await finish(again.bench, again.runId, "ask");
    await again.bench.advance(3 * hour);
    expect((await again.bench.run(again.runId)).visited.poke).toBe(3);
  });

  it("entry criteria hold the token, a skip condition passes it on without work", async () => {
    const { bench, id, runId, at } = await play(
      "gates",
      `skip:task
       gate:task
       start -> skip -> gate -> done`,
      {
        nodes: {
          skip: { skipWhen: "lead.fit_score = null" },
          gate: { entryCriteria: "lead.need_summary != null" },
        },
      },
    );
    expect(await at()).toBe("gate (held)");
    expect(Object.keys((await bench.run(runId)).work)).toEqual([]);
    await bench.change(id, { need_summary: "Slow quotes" });
    await bench.engine.worker.drain();
    expect(await at()).toBe("gate");
  });

  it("a decision takes the first true branch, else otherwise; without one it cannot be published", async () => {
    const text = `size:decision
       start -> size
       size -> big [lead.fit_score > 80]
       size -> middle [lead.fit_score > 50]`;
    const otherwise = `${text}\nsize -> small otherwise`;
    expect(await (await play("first", otherwise, {}, { fit_score: 90 })).at()).toBe("big");
    expect(await (await play("second", otherwise, {}, { fit_score: 60 })).at()).toBe("middle");
    expect(await (await play("otherwise", otherwise)).at()).toBe("small");
    const bench = await theBench();
    await expect(bench.publish(textGraph("none", text))).rejects.toThrow(/no otherwise branch/);
  });

  it("a decision table writes the outputs of its first fitting rule", async () => {
    const { bench, id } = await play(
      "table",
      `rate:automation\nstart -> rate -> done`,
      {
        decisionTables: {
          grade: {
            hitPolicy: "first",
            inputs: ["lead.fit_score"],
            outputs: ["lead.grade", "lead.priority"],
            rules: [
              { when: [">= 50"], then: ["A", "hot"] },
              { when: [">= 40"], then: ["B", "warm"] },
            ],
          },
        },
        nodes: { rate: { decisionTables: ["grade"] } },
      },
      { fit_score: 60 },
    );
    const [row] = (await bench.store.read.select().from(bench.store.t.record)).filter((r) => r.id === id);
    expect(row?.values).toMatchObject({ grade: "A", priority: "hot" });
  });

  it("an automation sets, creates, assigns, notifies, mails, starts, emits, locks and unlocks", async () => {
    const bench = await theBench();
    await bench.publish(textGraph("started", `ask:task\nstart -> ask -> done`));
    const heard = await play(
      "hears",
      `ear:wait for=event event=deal.warm timeout=P9D\nstart -> ear\near.event -> heard\near.timeout -> deaf`,
    );
    await bench.publish(
      textGraph("verbs", `doing:automation\nask:task\nfree:automation\nstart -> doing -> ask -> free -> done`, {
        nodes: {
          doing: {
            actions: [
              { verb: "set", field: "lead.priority", value: '"hot"' },
              { verb: "set", field: "lead.grade", value: '"A"', until: 'now() + duration("PT2H")' },
              { verb: "create", type: "account", from: "lead", with: { name: "lead.company_name" } },
              { verb: "assign", role: "ae" },
              { verb: "notify", to: "manager", text: "look" },
              { verb: "send_template", template: "hello" },
              { verb: "start_process", process: "started" },
              { verb: "emit", event: "deal.warm" },
              { verb: "lock", object: "lead" },
            ],
          },
          free: { actions: [{ verb: "unlock", object: "lead" }] },
        },
      }),
    );
    const before = bench.sent.length;
    const runId = await bench.start("verbs", heard.id, "lead");
    await bench.advance(11_000);
    expect(await placeOf(bench, runId)).toBe("ask");
    const records = await bench.store.read.select().from(bench.store.t.record);
    expect(records.find((r) => r.id === heard.id)).toMatchObject({ lockedBy: runId });
    expect(records.find((r) => r.id === heard.id)?.values).toMatchObject({ priority: "hot", grade: "A" });
    expect(
      records.filter(
        (r) => r.type === "account" && r.values.name === records.find((o) => o.id === heard.id)?.values.company_name,
      ),
    ).toHaveLength(1);
    expect(bench.sent.slice(before)).toMatchObject([{ kind: "mail", template: "hello" }]);
    const notices = await bench.store.read.select().from(bench.store.t.notice);
    expect(notices.some((n) => n.memberId === "mai" && n.text === "look")).toBe(true);
    expect((await bench.runsOf(heard.id)).map((r) => r.process).sort()).toEqual(["hears", "started", "verbs"]);
    expect(await heard.at()).toBe("heard");
    expect(await bench.change(heard.id, { job_title: "CRO" })).toMatchObject({ ok: false, code: "LOCKED" });
    await bench.advance(2 * hour);
    const after = await bench.store.read.select().from(bench.store.t.record);
    expect(after.find((r) => r.id === heard.id)?.values.grade ?? null).toBeNull();
    await finish(bench, runId, "ask");
    expect(await bench.change(heard.id, { job_title: "CRO" })).toMatchObject({ ok: true });
  });

  it("an SLA warns, breaches, notifies and hands over; another takes the late exit", async () => {
    const sla = (more: object) => ({
      calendars: office,
      slas: {
        fast: {
          name: "Fast",
          target: "PT2H",
          warnAt: [50],
          onWarn: [{ verb: "notify", to: "assignee", text: "half" }],
          ...more,
        },
      },
      nodes: { ask: { slas: ["fast"] } },
    });
    const handed = await play(
      "hands_over",
      `ask:task\nstart -> ask -> done`,
      sla({ onBreach: [{ verb: "reassign" }] }),
    );
    const { assignee } = await workOf(handed.bench, handed.runId);
    await handed.bench.advance(hour);
    expect(await clockOf(handed.bench, handed.runId)).toMatchObject({ fired: [50] });
    expect((await clockOf(handed.bench, handed.runId)).breachedAt ?? null).toBeNull();
    await handed.bench.advance(hour + 1);
    expect((await clockOf(handed.bench, handed.runId)).breachedAt ?? null).not.toBeNull();
    expect((await workOf(handed.bench, handed.runId)).assignee).not.toBe(assignee);
    const late = await play("late_exit", `ask:task\nstart -> ask -> done\nask.late -> boss`, sla({ escalate: true }));
    await late.bench.advance(2 * hour + 1);
    expect(await late.at()).toBe("boss");
  });

  it("a pause condition stops the clock, and its time does not count", async () => {
    const { bench, id, runId } = await play("pauses", `ask:task\nstart -> ask -> done`, {
      slas: { fast: { name: "Fast", target: "PT2H", pauseWhen: 'lead.reply_sentiment = "out_of_office"' } },
      nodes: { ask: { slas: ["fast"] } },
    });
    await bench.advance(hour);
    await bench.change(id, { reply_sentiment: "out_of_office" });
    await bench.advance(5 * hour);
    expect((await clockOf(bench, runId)).breachedAt ?? null).toBeNull();
    await bench.change(id, { reply_sentiment: "positive" });
    await bench.advance(hour - 1);
    expect((await clockOf(bench, runId)).breachedAt ?? null).toBeNull();
    await bench.advance(2);
    expect((await clockOf(bench, runId)).breachedAt ?? null).not.toBeNull();
  });

  it("a loop without a wait cannot be published; one that never waits at run time is an incident", async () => {
    const bench = await theBench();
    await expect(
      bench.publish(
        textGraph(
          "spins",
          `a:automation\ngo:decision\nstart -> a -> go\ngo -> a [lead.fit_score = null]\ngo -> done otherwise`,
        ),
      ),
    ).rejects.toThrow(/no step that waits/);
    const { id, runId, at } = await play(
      "loops",
      `ask:task
       go:decision
       start -> ask -> go
       go -> ask [lead.fit_score = null]
       go -> done otherwise`,
      { nodes: { ask: { skipWhen: "true" } } },
    );
    expect(await at()).toContain("ENDLESS_LOOP");
    await bench.change(id, { fit_score: 1 });
    await bench.send({ type: "retryIncident", runId, incident: "i1" }, "linh");
    await bench.engine.worker.drain();
    expect(await at()).toBe("done");
  });

  it("a completion is undone within ten seconds, and not later", async () => {
    const { bench, id, runId, at } = await play("undoes", `ask:task\nnext:task\nstart -> ask -> next -> done`, {
      forms: { f: { title: "F", fields: [{ field: "lead.need_summary" }] } },
      nodes: { ask: { form: "f" } },
    });
    const { assignee } = await workOf(bench, runId);
    const ask = { workspaceId: bench.workspaceId, actor: { kind: "member" as const, id: assignee! }, now: 0 };
    await finish(bench, runId, "ask", { "lead.need_summary": "oops" });
    expect(await at()).toBe("next");
    await bench.advance(9_000);
    expect(await undoWork(bench.engine, { ...ask, now: bench.clock.now() }, `${runId}.w1`)).toEqual({ ok: true });
    expect(await at()).toBe("ask");
    const [row] = (await bench.store.read.select().from(bench.store.t.record)).filter((r) => r.id === id);
    expect(row?.values.need_summary ?? null).toBeNull();
    await finish(bench, runId, "ask", { "lead.need_summary": "right" });
    await bench.advance(11_000);
    expect(await undoWork(bench.engine, { ...ask, now: bench.clock.now() }, `${runId}.w1`)).toMatchObject({
      ok: false,
      code: "UNDO_REFUSED",
    });
  });

  it("a record has one active run of a process; two people finish a task, and the second is told who and when", async () => {
    const { bench, id, runId } = await play("single", `ask:task\nnext:task\nstart -> ask -> next -> done`);
    await expect(bench.start("single", id, "lead")).rejects.toThrow(/already in this process/);
    const complete = (who: string) =>
      bench.send({ type: "completeWork", runId, work: "w1", outcome: null, values: {} }, who);
    const [one, two] = await Promise.all([complete("lan"), complete("tom")]);
    expect(one).toMatchObject({ ok: true });
    expect(two).toMatchObject({ ok: false, code: "CONFLICT" });
    expect(two.ok ? "" : two.text).toContain("Lan Phạm");
    expect(two.ok ? null : two.details).toMatchObject({ by: "Lan Phạm", at: bench.clock.now() });
  });

  it("work is handed over, snoozed and blocked", async () => {
    const { bench, runId } = await play("cares", `ask:task\nstart -> ask -> done`);
    const hand = { type: "assignWork" as const, runId, work: "w1" };
    expect(
      await bench.send({ ...hand, how: { kind: "hand_over", to: "tom", note: "you know them" } }, "lan"),
    ).toMatchObject({ ok: true });
    expect(await workOf(bench, runId)).toMatchObject({ assignee: "tom" });
    expect(await bench.send({ ...hand, how: { kind: "claim" } }, "lan")).toMatchObject({ ok: false, code: "CONFLICT" });
    const until = bench.clock.now() + hour;
    await bench.send({ type: "snoozeWork", runId, work: "w1", until }, "tom");
    expect((await workOf(bench, runId)).snoozedUntil).toBe(until);
    await bench.advance(hour);
    expect((await workOf(bench, runId)).snoozedUntil ?? null).toBeNull();
    await bench.send({ type: "pauseWork", runId, work: "w1", reason: "waits for legal" }, "tom");
    expect(await workOf(bench, runId)).toMatchObject({ state: "paused", blockedReason: "waits for legal" });
    await bench.advance(hour);
    await bench.send({ type: "resumeWork", runId, work: "w1" }, "tom");
    expect(Object.values((await bench.run(runId)).visits)[0]?.blockedMs).toBe(hour);
  });

  it("starts: by hand, from a form, when a record is made, on an event, by the clock", async () => {
    const bench = await theBench();
    const starting = (key: string, config: object) =>
      bench.publish(textGraph(key, `ask:task\nstart -> ask -> done`, { nodes: { start: { config } } }));
    await starting("by_form", { trigger: "form" });
    await starting("on_made", { trigger: "record_created", when: 'lead.grade = "D"' });
    await starting("on_event", { trigger: "event", event: "meeting.concluded", when: 'lead.grade = "D"' });
    await starting("by_clock", { trigger: "schedule", at: "07:00", when: 'lead.grade = "D"' });
    const plain = await lead(bench);
    const id = await lead(bench, { grade: "D" });
    await bench.engine.worker.drain();
    const processes = async (of: string) => (await bench.runsOf(of)).map((r) => r.process).sort();
    expect(await processes(plain)).toEqual([]);
    expect(await processes(id)).toEqual(["on_made"]);
    await bench.start("by_form", id, "lead");
    await bench.change(id, { meeting_status: "held" });
    await bench.advance(day);
    expect(await processes(id)).toEqual(["by_clock", "by_form", "on_event", "on_made"]);
    expect(await processes(plain)).toEqual([]);
  });

  it("after all of it the log rebuilds what is stored", async () => {
    const bench = await theBench();
    expect(bench.errors).toEqual([]);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
