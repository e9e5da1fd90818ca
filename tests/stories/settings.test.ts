import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { auditRows } from "@/db/queries/audit.ts";
import { holdingsOf } from "@/db/queries/people.ts";
import { changeMember } from "@/server/commands/members.ts";
import { changeWorkspace } from "@/server/commands/change-workspace.ts";
import { clearDemo } from "@/server/commands/clear-demo.ts";
import { handOverPerson } from "@/server/commands/hand-over-person.ts";
import { reviseCalendar } from "@/server/commands/revise-calendar.ts";
import { addAbsence, removeAbsence } from "@/server/commands/save-absence.ts";
import { saveField } from "@/server/commands/save-field.ts";
import { removeQueue, saveQueue } from "@/server/commands/save-queue.ts";
import type { Values } from "@/server/engine/model.ts";
import { removeTeam, saveTeam } from "@/server/commands/save-team.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { areaTypes, auditEntries } from "@/server/reports/audit.ts";
import { describeOnBoth } from "../support/databases.ts";
import { type Bench, openBench } from "./bench.ts";
import { dealProcess } from "./deal-process.ts";

const day = 86_400_000;
const shut = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
const office = (mon: { from: string; to: string }[]) => ({ zone: "", holidays: "none", week: { ...shut, mon } });

const audited = async (bench: Bench, area: Parameters<typeof areaTypes>[0], limit = 50) => {
  const { types, deeds } = areaTypes(area);
  const rows = await auditRows(bench.store, bench.workspaceId, { types, refusals: deeds }, null, limit + 1);
  return auditEntries(rows, { limit, cursor: null, name: (id) => (id === "linh" ? "Linh Trần" : null) });
};

/** Somebody must be able to sign in as an admin before people may be changed. */
const signsIn = async ({ store, workspaceId }: Bench) => {
  const [linh] = await store.read.select().from(store.t.member).where(eq(store.t.member.id, "linh"));
  const put = { member: [{ ...linh!, userId: "usr_linh" }] };
  await store.commit([{ workspaceId, guards: [], events: [], put, drop: {} }]);
};

const deal = async (bench: Bench, owner: string, more: Values = {}) => {
  const account = await bench.record("account", { name: `Lotus ${owner}`, owner_id: owner, ...more });
  return bench.record("opportunity", {
    name: "Lotus Foods",
    account_id: account,
    type: "new_business",
    stage: "qualification",
    amount: 8_400_000,
    currency: "USD",
    owner_id: owner,
    close_date: "2026-06-30",
    source: "inbound_web",
  });
};

describeOnBoth("the settings", (open) => {
  it("of teams and queues are made, changed, kept apart and removed, each with its fact", async () => {
    const bench = await openBench(await open());
    const { engine, store } = bench;
    await signsIn(bench);
    const vietnam = { name: "Vietnam", managerId: "mai", zone: "Asia/Ho_Chi_Minh", calendar: null };
    const made = await saveTeam(engine, bench.ask(), null, vietnam);
    if (!made.ok) throw new Error(made.text);
    expect(await saveTeam(engine, bench.ask(), null, { ...vietnam, name: "vietnam" })).toMatchObject({
      code: "CONFLICT",
    });
    expect(await saveTeam(engine, bench.ask(), null, { ...vietnam, name: "B", managerId: "nobody" })).toMatchObject({
      code: "NOT_FOUND",
    });
    await changeMember(engine, bench.ask(), "lan", { teamId: made.id });
    expect(await removeTeam(engine, bench.ask(), made.id)).toMatchObject({
      code: "CONFLICT",
      text: "One person is still in this team. Nothing was removed; move them to another team first.",
    });
    await changeMember(engine, bench.ask(), "lan", { teamId: null });
    expect(await removeTeam(engine, bench.ask(), made.id)).toEqual({ ok: true });
    expect(await store.read.select().from(store.t.team)).toEqual([]);

    const legal = { key: "legal", name: "Legal", members: ["tom", "lan", "tom"] };
    expect(await saveQueue(engine, bench.ask(), legal, true)).toEqual({ ok: true });
    expect(await saveQueue(engine, bench.ask(), legal, true)).toMatchObject({ code: "CONFLICT" });
    expect((await store.read.select().from(store.t.queue))[0]?.members).toEqual(["tom", "lan"]);
    await bench.publish({
      ...dealProcess,
      roles: { ae: { name: "AE", queue: "legal" }, manager: { name: "Manager" } },
      queues: { legal: { role: "ae", strategy: "round_robin" } },
    });
    expect(await removeQueue(engine, bench.ask(), "legal")).toMatchObject({ code: "CONFLICT" });

    const { entries } = await audited(bench, "settings");
    expect(entries.map((one) => [one.actor, one.subject])).toEqual([
      ["Linh Trần", "queue.legal"],
      ["Linh Trần", expect.stringMatching(/^team\./)],
      ["Linh Trần", "member.lan"],
      ["Linh Trần", "member.lan"],
      ["Linh Trần", expect.stringMatching(/^team\./)],
    ]);
    expect(entries[0]).toMatchObject({ from: null, to: { name: "Legal", members: ["tom", "lan"] } });
    const first = await audited(bench, "settings", 2);
    expect(first.entries.map((one) => one.id)).toEqual(entries.slice(0, 2).map((one) => one.id));
    expect(first.next).not.toBeNull();
  });

  it("of a queue whose people take turns: the turn is kept between tasks, and over a restart", async () => {
    const bench = await openBench(await open());
    const { engine, workspaceId } = bench;
    await saveQueue(engine, bench.ask(), { key: "desk", name: "Desk", members: ["tom", "lan", "linh"] }, true);
    await bench.publish({
      ...dealProcess,
      roles: { ae: { name: "AE", queue: "desk" }, manager: { name: "Manager" } },
      queues: { desk: { role: "ae", strategy: "round_robin" } },
    });
    for (let i = 0; i < 5; i++) {
      await deal(bench, "mai");
      await engine.worker.drain();
      await bench.advance(60_000);
      // As after a restart, or once the settings were changed.
      if (i === 3) engine.contexts.forget(workspaceId);
    }
    const items = await bench.store.read.select().from(bench.store.t.workItem);
    const turns = items.sort((a, b) => a.offeredAt - b.offeredAt).map((item) => item.assignee);
    expect(turns).toEqual(["tom", "lan", "linh", "tom", "lan"]);
  });

  it("of a calendar are revised from a date on; what ran before keeps its revision", async () => {
    const bench = await openBench(await open());
    const { engine, workspaceId } = bench;
    const morning = office([{ from: "09:00", to: "12:00" }]);
    const split = office([
      { from: "09:00", to: "12:00" },
      { from: "13:30", to: "17:00" },
    ]);
    const now = bench.clock.now();
    const one = { key: "office", name: "Office", definition: morning, validFrom: 0 };
    expect(await reviseCalendar(engine, bench.ask(), one, true)).toEqual({ ok: true, revision: 1 });
    expect(await reviseCalendar(engine, bench.ask(), one, true)).toMatchObject({ code: "CONFLICT" });
    const later = { ...one, definition: split, validFrom: now + 3 * 3_600_000 };
    expect(await reviseCalendar(engine, bench.ask(), later, false)).toEqual({ ok: true, revision: 2 });
    const current = async () => (await engine.contexts.get(workspaceId, bench.clock.now())).calendars.get("office");
    expect(await current()).toEqual({ revision: 1, definition: morning });
    bench.clock.set(later.validFrom - 1);
    expect((await current())?.revision).toBe(1);
    bench.clock.set(later.validFrom);
    expect(await current()).toEqual({ revision: 2, definition: split });
    expect((await engine.contexts.get(workspaceId, bench.clock.now())).revisions.get("office@1")).toEqual(morning);

    for (const [wrong, why] of [
      [office([]), "no open hours"],
      [office([{ from: "17:00", to: "09:00" }]), "is not a span"],
      [{ ...morning, zone: "Mars/Base" }, "no time zone"],
      [{ ...morning, holidays: "XX" }, "no public holidays"],
    ] as const) {
      const answer = await reviseCalendar(engine, bench.ask(), { ...one, definition: wrong }, false);
      expect(answer).toMatchObject({ ok: false, code: "INVALID", text: expect.stringContaining(why) });
    }
  });

  it("of a calendar that wait for their date take over on it, whatever was published meanwhile", async () => {
    const bench = await openBench(await open());
    const { engine } = bench;
    const hours = (from: string) => office([{ from, to: "17:00" }]);
    const now = bench.clock.now();
    const revise = (from: string, validFrom: number, isNew = false) =>
      reviseCalendar(engine, bench.ask(), { key: "office", name: "Office", definition: hours(from), validFrom }, isNew);
    await revise("09:00", now, true);
    expect(await revise("10:00", now + 3 * day)).toEqual({ ok: true, revision: 2 });
    expect(await revise("11:00", now + day)).toEqual({ ok: true, revision: 3 });
    const opens = async (at: number) => {
      bench.clock.set(at);
      const { calendars } = await engine.contexts.get(bench.workspaceId, at);
      return calendars.get("office")?.definition.week.mon[0]?.from;
    };
    expect([await opens(now), await opens(now + day), await opens(now + 3 * day)]).toEqual(["09:00", "11:00", "10:00"]);
  });

  it("of a calendar's zone follow the customer: the record's, else its account's, else its country's", async () => {
    const bench = await openBench(await open());
    const { office: hours } = dealProcess.calendars;
    await bench.publish({ ...dealProcess, calendars: { office: { ...hours, zone: "record" } } });
    const zoneOf = async (account: Values) => {
      await deal(bench, "lan", account);
      await bench.engine.worker.drain();
      const clocks = await bench.store.read.select().from(bench.store.t.slaClock);
      return clocks.toSorted((a, b) => b.startedAt - a.startedAt || (a.runId < b.runId ? 1 : -1))[0]?.data.calendar
        ?.zone;
    };
    expect(await zoneOf({ timezone: "Asia/Tokyo" })).toBe("Asia/Tokyo");
    await bench.advance(60_000);
    expect(await zoneOf({ billing_country: "DE" })).toBe("Europe/Berlin");
    await bench.advance(60_000);
    expect(await zoneOf({})).toBe("Asia/Ho_Chi_Minh");
  });

  it("of a calendar close it on days of one's own", async () => {
    const bench = await openBench(await open());
    const { office: hours } = dealProcess.calendars;
    const due = async (closed: { date: string; name?: string }[]) => {
      await bench.publish({ ...dealProcess, calendars: { office: { ...hours, closed } } });
      await deal(bench, "lan");
      await bench.engine.worker.drain();
      const clocks = await bench.store.read.select().from(bench.store.t.slaClock);
      return Math.max(...clocks.map((clock) => clock.dueAt ?? 0));
    };
    const open_ = await due([]);
    // Publishing hours that were drawn anew revises them. Four hours of Monday 2 March are due on Monday; with the offsite on Monday, a day later.
    expect(await due([{ date: "2026-03-02", name: "Offsite" }])).toBe(open_ + day);
    const shutDay = { ...office([{ from: "09:00", to: "12:00" }]), closed: [{ date: "2026-02-30" }] };
    const wrong = { key: "office", name: "Office", definition: shutDay, validFrom: 0 };
    expect(await reviseCalendar(bench.engine, bench.ask(), wrong, true)).toMatchObject({
      code: "INVALID",
      text: "“2026-02-30” is not a date. Write 2026-12-24.",
    });
  });

  it("of a team give the zone its calendars run in", async () => {
    const bench = await openBench(await open());
    await signsIn(bench);
    const team = { name: "London", managerId: null, zone: "Europe/London", calendar: null };
    const made = await saveTeam(bench.engine, bench.ask(), null, team);
    if (!made.ok) throw new Error(made.text);
    await changeMember(bench.engine, bench.ask(), "lan", { teamId: made.id });
    const { office: hours } = dealProcess.calendars;
    await bench.publish({ ...dealProcess, calendars: { office: { ...hours, zone: "team" } } });
    await deal(bench, "lan");
    await bench.engine.worker.drain();
    // Four hours of London's day: from nine in the morning there, which is seven hours later than Hanoi's.
    const [clock] = await bench.store.read.select().from(bench.store.t.slaClock);
    expect(clock?.dueAt).toBe(Date.UTC(2026, 2, 2, 13));
  });

  it("of absences keep work away from who is not there, and their reason out of the log", async () => {
    const bench = await openBench(await open());
    const { engine, store } = bench;
    await bench.publish(dealProcess);
    const now = bench.clock.now();
    const away = { memberId: "lan", from: now - day, to: now + day, reason: "Sick" };
    const added = await addAbsence(engine, bench.ask("mai"), away);
    expect(await addAbsence(engine, bench.ask("mai"), away)).toMatchObject({ code: "CONFLICT" });
    expect(await addAbsence(engine, bench.ask("mai"), { ...away, to: away.from })).toMatchObject({ code: "INVALID" });
    const assigneeOf = async (recordId: string) => {
      await engine.worker.drain();
      const [run] = await bench.runsOf(recordId);
      return Object.values((await bench.run(run!.id)).work)[0]?.assignee;
    };
    expect(await assigneeOf(await deal(bench, "lan"))).toBe("tom");
    if (!added.ok) throw new Error(added.text);
    await removeAbsence(engine, bench.ask("mai"), added.id);
    expect(await assigneeOf(await deal(bench, "lan"))).toBe("lan");
    expect(JSON.stringify(await store.read.select().from(store.t.event))).not.toContain("Sick");
  });

  it("of fields and the workspace hold at once, and not what would change the meaning of what is there", async () => {
    const bench = await openBench(await open());
    const { engine } = bench;
    const label = { en: "Tier", vi: "Hạng" };
    const value = (key: string) => ({ value: key, label: { en: key, vi: key } });
    const tier = { recordType: "account", key: "x_tier", type: "picklist" as const, label };
    expect(await saveField(engine, bench.ask(), tier)).toMatchObject({
      code: "INVALID",
      text: "The list x_tier needs at least one value. Nothing was changed.",
    });
    expect(await saveField(engine, bench.ask(), { ...tier, values: [value("gold"), value("iron")] })).toEqual({
      ok: true,
    });
    const id = await bench.record("account", { name: "Lotus", x_tier: "iron" });
    expect(await saveField(engine, bench.ask(), { ...tier, values: [value("gold")] })).toEqual({ ok: true });
    expect(await bench.change(id, { name: "Lotus Foods" })).toMatchObject({ ok: true });
    expect(await saveField(engine, bench.ask(), { ...tier, type: "text" })).toMatchObject({ code: "INVALID" });

    expect(await changeWorkspace(engine, bench.ask(), { currency: "EUR" })).toMatchObject({ code: "CONFLICT" });
    expect(await changeWorkspace(engine, bench.ask(), { name: "Acme", defaultValueAtRisk: { lead: 500 } })).toEqual({
      ok: true,
    });
    const context = await engine.contexts.get(bench.workspaceId, bench.clock.now());
    expect(context).toMatchObject({
      name: "Acme",
      currency: "USD",
      settings: { default_value_at_risk: { lead: 500 } },
    });
    expect(context.settings["custom_fields"]).toMatchObject([{ key: "x_tier", values: [{}, { retired: true }] }]);
  });

  it("of a leaver are given over: tasks, records, processes, queues, whom they lead", async () => {
    const bench = await openBench(await open());
    const { engine, store, workspaceId } = bench;
    await bench.publish(dealProcess);
    await saveQueue(engine, bench.ask(), { key: "legal", name: "Legal", members: ["lan", "mai"] }, true);
    await signsIn(bench);
    await changeMember(engine, bench.ask(), "tom", { managerId: "lan", backupId: "lan" });
    await deal(bench, "lan");
    await engine.worker.drain();
    const held = await holdingsOf(store, workspaceId, "lan", bench.clock.now());
    expect(held).toMatchObject({
      records: 2,
      work: [{ work: "w1", title: "Lotus Foods" }],
      queues: [{ key: "legal" }],
      reports: [{ id: "tom" }],
      backupOf: [{ id: "tom" }],
      onlyIn: [],
    });
    expect(await handOverPerson(engine, bench.ask(), "lan", "lan")).toMatchObject({ code: "INVALID" });
    expect(await handOverPerson(engine, bench.ask(), "lan", "tom")).toEqual({
      ok: true,
      work: 1,
      records: 2,
      kept: [],
    });
    expect(await holdingsOf(store, workspaceId, "lan", bench.clock.now())).toMatchObject({
      records: 0,
      work: [],
      queues: [],
      reports: [],
      backupOf: [],
    });
    const [queue] = await store.read.select().from(store.t.queue);
    expect(queue?.members).toEqual(["tom", "mai"]);
    const [tom] = await store.read.select().from(store.t.member).where(eq(store.t.member.id, "tom"));
    expect(tom).toMatchObject({ managerId: null, backupId: null });
    expect(await verifyWorkspace(engine, workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("end the demo: everything goes but its people, and the log begins anew", async () => {
    const bench = await openBench(await open());
    const { engine, store, workspaceId } = bench;
    await bench.publish(dealProcess);
    await deal(bench, "lan");
    await engine.worker.drain();
    expect(await clearDemo(engine, bench.ask(), "Test")).toMatchObject({ code: "INVALID" });
    const [workspace] = await store.read.select().from(store.t.workspace);
    await store.commit([
      { workspaceId, guards: [], events: [], put: { workspace: [{ ...workspace!, demo: true }] }, drop: {} },
    ]);
    expect(await clearDemo(engine, bench.ask(), "test")).toMatchObject({
      code: "INVALID",
      text: "To clear the demo, write its name exactly: Test. Nothing was changed.",
    });
    expect(await clearDemo(engine, bench.ask(), "Test")).toEqual({ ok: true });
    for (const table of [store.t.run, store.t.record, store.t.workItem, store.t.process, store.t.job])
      expect(await store.read.select().from(table)).toEqual([]);
    expect(await store.read.select().from(store.t.member)).toHaveLength(4);
    expect((await store.read.select().from(store.t.event)).map((one) => [one.seq, one.type])).toEqual([
      [1, "SettingChanged"],
    ]);
    expect(await verifyWorkspace(engine, workspaceId)).toMatchObject({ ok: true, runs: 0, problems: [] });
    // The same process can be published again and is version 1, freshly compiled.
    expect(await bench.publish({ ...dealProcess, name: "Deal, again" })).toBe(1);
    expect((await engine.contexts.version(workspaceId, "deal", 1))?.document.name).toBe("Deal, again");
  });
});
