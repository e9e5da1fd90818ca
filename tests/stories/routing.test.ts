/** Who gets the work: taken in turn by weight, moved when it is uneven, handed over when somebody leaves; each pick with its proof. */
import { expect, it } from "vitest";
import { eq } from "drizzle-orm";
import { lastTurns, openWorkOf } from "@/db/queries/picks.ts";
import type { Row, WriteSet } from "@/db/store.ts";
import { handOutWorkOf, handOverPerson } from "@/server/commands/hand-over-person.ts";
import { moveWork } from "@/server/commands/move-work.ts";
import { saveQueue } from "@/server/commands/save-queue.ts";
import { undoWork } from "@/server/commands/undo-work.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { processSchema } from "@/server/engine/process.ts";
import type { QueueSettings } from "@/server/engine/work/queue-settings.ts";
import { levelLoad } from "@/server/routing/level-load.ts";
import { ledgerCsv } from "@/server/routing/ledger-csv.ts";
import { pickNames } from "@/server/routing/pick-names.ts";
import { readLedger } from "@/server/routing/read-ledger.ts";
import { tellPick } from "@/server/routing/tell-pick.ts";
import { tryPick } from "@/server/routing/try-pick.ts";
import { describeOnBoth, type OpenStore } from "../support/databases.ts";
import { type Bench, openBench, people } from "./bench.ts";

const hour = 3_600_000;
const day = 24 * hour;
const team = [
  ...people,
  { id: "nam", name: "Nam Lý", roles: ["rep"], processRoles: ["ae"], managerId: "mai" },
  { id: "minh", name: "Minh Đỗ", roles: ["rep"], processRoles: ["ae"], managerId: "mai" },
];

/** Two tasks one after the other, both for the pool of account executives. */
const callThenQuote = {
  key: "calls",
  name: "Calls",
  recordType: "opportunity",
  roles: { ae: { name: "Account executive", queue: "pool", fallback: "manager" }, manager: { name: "Sales manager" } },
  queues: { pool: { name: "AE pool", role: "ae", strategy: "round_robin", sticky: "off" } },
  nodes: [
    { id: "start", kind: "start", name: "Start" },
    { id: "call", kind: "task", name: "Call", role: "ae" },
    { id: "quote", kind: "task", name: "Quote", role: "ae" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "quote" },
    { id: "e3", from: "quote", to: "done" },
  ],
};

async function office(open: OpenStore, settings: QueueSettings = {}, process: object = callThenQuote) {
  const bench = await openBench(await open(), undefined, team);
  const pool = { key: "pool", name: "AE pool", members: ["lan", "minh", "nam"], settings };
  const saved = await saveQueue(bench.engine, bench.ask(), pool, true);
  if (!saved.ok) throw new Error(saved.text);
  await bench.publish(process);
  let n = 0;
  const account = await bench.record("account", { name: "Everybody", owner_id: "linh" });
  const deal = (more: Record<string, string> = {}) =>
    bench.record("opportunity", {
      name: `Deal ${++n}`,
      account_id: account,
      type: "new_business",
      stage: "qualification",
      amount: 1_000_000,
      currency: "USD",
      owner_id: "linh",
      close_date: "2026-06-30",
      source: "inbound_web",
      ...more,
    });
  const lead = async (more: Record<string, string> = {}) => {
    const id = await deal(more);
    return { id, run: await bench.start("calls", id, "opportunity") };
  };
  const whoHas = async (run: string, work = "w1") => (await bench.run(run)).work[work]?.assignee ?? null;
  const put = async (rows: WriteSet["put"]): Promise<void> => {
    await bench.store.commit([{ workspaceId: bench.workspaceId, guards: [], events: [], put: rows, drop: {} }]);
    bench.engine.contexts.forget(bench.workspaceId);
  };
  return {
    ...bench,
    deal,
    lead,
    /** Changes somebody as it stands in the database. */
    async person(id: string, patch: Partial<Row<"member">>): Promise<void> {
      const { member } = bench.store.t;
      const [row] = await bench.store.read.select().from(member).where(eq(member.id, id));
      await put({ member: [{ ...row!, ...patch }] });
    },
    away: (memberId: string, ms: number) =>
      put({
        absence: [
          {
            workspaceId: bench.workspaceId,
            id: `away_${memberId}`,
            memberId,
            from: bench.clock.now(),
            to: bench.clock.now() + ms,
            reason: "holiday",
          },
        ],
      }),
    whoHas,
    /** So many leads, and who got each. */
    async leads(count: number): Promise<(string | null)[]> {
      const got: (string | null)[] = [];
      for (let i = 0; i < count; i++) got.push(await whoHas((await lead()).run));
      return got;
    },
    finish: (run: string, work: string, by: string) =>
      bench.send({ type: "completeWork", runId: run, work, outcome: null, values: {} }, by),
    ledger: (from = 0, to = 4e12) => ledgerOf(bench, from, to),
    verified: async () => (await verifyWorkspace(bench.engine, bench.workspaceId)).problems,
  };
}

async function ledgerOf({ store, engine, workspaceId, clock }: Bench, from: number, to: number) {
  const context = await engine.contexts.get(workspaceId, clock.now());
  const queues = await store.read.select().from(store.t.queue);
  const queue = queues.find(({ key }) => key === "pool")!;
  const names = pickNames(context, new Map(queues.map((one) => [one.key, one.name])));
  return readLedger(store, context, names, { workspaceId, queue, from, to, limit: 50 });
}

describeOnBoth("Who gets the work", (open) => {
  it("by weight, over a restart and a change of the queue; the ledger has each pick with its proof, and the shares", async () => {
    const calls = await office(open, { weights: { lan: 2 } });
    expect(await calls.leads(4)).toEqual(["lan", "minh", "lan", "nam"]);
    calls.engine.contexts.forget(calls.workspaceId);
    expect(await calls.leads(2)).toEqual(["lan", "minh"]);
    const { shares, picks } = await calls.ledger();
    expect(shares).toEqual([
      { id: "lan", name: "Lan Phạm", weight: 2, picked: 3, turns: 3, byHand: 0, had: 50, meant: 50 },
      { id: "minh", name: "Minh Đỗ", weight: 1, picked: 2, turns: 2, byHand: 0, had: 100 / 3, meant: 25 },
      { id: "nam", name: "Nam Lý", weight: 1, picked: 1, turns: 1, byHand: 0, had: 100 / 6, meant: 25 },
    ]);
    expect(picks[0]).toMatchObject({
      chosen: "Minh Đỗ",
      rule: "round_robin",
      process: "Calls",
      by: null,
      pick: {
        queue: "AE pool",
        role: "Account executive",
        turn: 6,
        next: "Nam Lý",
        pool: [
          { name: "Lan Phạm", open: 3, weight: 2, owed: -0.5, available: true },
          { name: "Minh Đỗ", open: 1, weight: 1, owed: 0.25 },
          { name: "Nam Lý", open: 1, weight: 1, owed: 0.25 },
        ],
      },
    });
    expect(picks.map(({ pick }) => pick?.turn)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(ledgerCsv(picks, "en").split("\r\n")[1]).toContain(
      'Minh Đỗ,round_robin,6,,Nam Lý,,"Lan Phạm: open 3, weight 2, owed -0.5; Minh Đỗ',
    );
    expect(ledgerCsv(picks, "vi").split("\r\n")[0]).toContain(
      "Sự kiện,Lúc (UTC),Quy trình,Bản ghi,Mã bản ghi,Giao cho",
    );
    expect(await calls.verified()).toEqual([]);
  });

  it("nobody gets more than their cap in a day of theirs, done or not; the next day it begins anew", async () => {
    const calls = await office(open, { cap: 1, caps: { nam: 2 } });
    await calls.person("minh", { capacityPerDay: 0 });
    const first = await calls.lead();
    expect(await calls.whoHas(first.run)).toBe("lan");
    await calls.finish(first.run, "w1", "lan");
    // Done or not, it was Lan's one of today; over a restart as well.
    expect(await calls.whoHas(first.run, "w2")).toBe("nam");
    calls.engine.contexts.forget(calls.workspaceId);
    expect(await calls.leads(2)).toEqual(["nam", "mai"]);
    const { picks } = await calls.ledger();
    expect(picks).toHaveLength(3);
    const facts = await calls.factsOf((await calls.lead()).run);
    const told = facts.flatMap((fact) => (fact.type === "WorkAssigned" && fact.data.pick) || []);
    expect(told[0]).toMatchObject({
      chosen: "mai",
      fallback: "ae",
      tried: [{ role: "ae", queue: "pool", rule: "round_robin", why: "nobody_free" }],
    });
    await calls.advance(day);
    expect(["lan", "nam"]).toContain((await calls.leads(1))[0]);
  });

  it("who is away gets nothing and is told of", async () => {
    const calls = await office(open);
    await calls.away("lan", day);
    expect(await calls.leads(3)).toEqual(["minh", "nam", "minh"]);
    expect((await calls.ledger()).picks[0]?.pick?.pool[0]).toMatchObject({ name: "Lan Phạm", reason: "away" });
  });

  it("only who has what the step asks for", async () => {
    const nodes = callThenQuote.nodes.map((node) => (node.id === "call" ? { ...node, skills: ["German"] } : node));
    const calls = await office(open, {}, { ...callThenQuote, nodes });
    // Nor has the sales manager, the fallback: it comes to the process owner.
    expect(await calls.leads(1)).toEqual(["linh"]);
    await calls.person("nam", { skills: ["german"] });
    expect(await calls.leads(2)).toEqual(["nam", "nam"]);
  });

  it("who had the account before has it again, in another run of another record", async () => {
    const calls = await office(open, { sticky: "account" });
    const account = await calls.record("account", { name: "Acme", owner_id: "linh" });
    const linked = { account_id: account };
    const first = await calls.lead(linked);
    expect(await calls.whoHas(first.run)).toBe("lan");
    expect(await calls.leads(1)).toEqual(["minh"]);
    await calls.send(
      { type: "assignWork", runId: first.run, work: "w1", how: { kind: "hand_over", to: "nam" } },
      "lan",
    );
    const again = await calls.lead(linked);
    const [told] = (await calls.factsOf(again.run)).flatMap(
      (fact) => (fact.type === "WorkAssigned" && fact.data.pick) || [],
    );
    expect(told).toMatchObject({ rule: "sticky_account", chosen: "nam" });
    expect((await calls.ledger()).shares.find(({ id }) => id === "nam")).toMatchObject({ picked: 1, byHand: 1 });
  });

  it("a rule that names somebody who has left is no dead end: the fallback has it, and the log says why", async () => {
    const calls = await office(open, {
      strategy: "territory",
      territories: [{ name: "All", when: "true", to: "nam@example.com" }],
    });
    expect(await calls.leads(1)).toEqual(["nam"]);
    await calls.person("nam", { status: "inactive" });
    const { run } = await calls.lead();
    expect(await calls.whoHas(run)).toBe("mai");
    const [told] = (await calls.factsOf(run)).flatMap((f) => (f.type === "WorkAssigned" && f.data.pick) || []);
    expect(told?.tried).toEqual([
      {
        role: "ae",
        queue: "pool",
        rule: "territory",
        why: "inactive",
        said: { rule: 1, name: "All", text: "true", inputs: {}, result: "nam" },
      },
    ]);
    expect(
      await saveQueue(
        calls.engine,
        calls.ask(),
        { key: "pool", name: "AE pool", members: ["lan"], settings: { territories: [{ to: "nam" }] } },
        false,
      ),
    ).toMatchObject({
      code: "INVALID",
      text: "Rule 1 names nam, and nobody here is called that. Nothing was saved.",
    });
  });

  it("uneven work is evened out at once, and taken back at once; what was begun meanwhile stays", async () => {
    const calls = await office(open, { weights: { minh: 0, nam: 0 } });
    expect(await calls.leads(6)).toEqual(Array.from({ length: 6 }, () => "lan"));
    const open_ = await openWorkOf(calls.store, { workspaceId: calls.workspaceId, queue: "pool", limit: 100 });
    const tasks = open_.map((row) => ({
      id: `${row.runId}.${row.work}`,
      assignee: row.assignee!,
      begun: false,
      dueAt: row.dueAt ?? null,
      offeredAt: row.offeredAt,
    }));
    const moves = levelLoad(
      ["lan", "nam"].map((id) => ({ id, weight: 1, available: true })),
      tasks,
      { most: 12 },
    );
    expect(moves).toHaveLength(3);
    expect(await moveWork(calls.engine, calls.ask("mai"), moves)).toEqual({ moved: moves, left: [] });
    const has = async (who: string) =>
      (await openWorkOf(calls.store, { workspaceId: calls.workspaceId, members: [who], limit: 100 })).length;
    expect([await has("lan"), await has("nam")]).toEqual([3, 3]);
    const [run = ""] = moves[0]!.id.split(".");
    await calls.finish(run, "w1", "nam");
    const back = moves.map(({ id, from, to }) => ({ id, from: to, to: from }));
    const taken = await moveWork(calls.engine, calls.ask("mai"), back);
    expect(taken.moved).toHaveLength(2);
    expect(taken.left).toHaveLength(1);
    expect(await moveWork(calls.engine, calls.ask("mai"), [{ ...moves[1]!, from: "nam" }])).toMatchObject({
      left: [{ text: "Somebody else has this task by now. It was left where it is." }],
    });
    expect(await calls.verified()).toEqual([]);
  });

  it("somebody leaves: each task goes where its queue's rule picks, the rest to one colleague, also in rules", async () => {
    const calls = await office(open, { weights: { lan: 3 }, territories: [{ to: "Lan@Example.com" }, { to: "nam" }] });
    const got = await calls.leads(5);
    const lans = got.filter((one) => one === "lan").length;
    const given = await handOverPerson(calls.engine, calls.ask(), "lan", "tom", "by_rule");
    expect(given).toMatchObject({ ok: true, work: lans });
    await calls.person("lan", { status: "inactive" });
    const open_ = await openWorkOf(calls.store, { workspaceId: calls.workspaceId, queue: "pool", limit: 100 });
    expect(open_.map((row) => row.assignee)).not.toContain("lan");
    expect(new Set(open_.map((row) => row.assignee))).toEqual(new Set(["minh", "nam"]));
    const [queue] = await calls.store.read.select().from(calls.store.t.queue);
    expect(queue).toMatchObject({
      members: ["tom", "minh", "nam"],
      settings: { weights: { tom: 3 }, territories: [{ to: "tom" }, { to: "nam" }] },
    });
    expect(await calls.verified()).toEqual([]);
  });

  it("somebody is let go without more: their tasks are given out by rule", async () => {
    const calls = await office(open);
    expect(await calls.leads(4)).toEqual(["lan", "minh", "nam", "lan"]);
    await calls.person("lan", { status: "inactive" });
    expect(await handOutWorkOf(calls.engine, calls.ask(), "lan")).toBe(2);
    const rows = await openWorkOf(calls.store, { workspaceId: calls.workspaceId, queue: "pool", limit: 100 });
    expect(rows.map((row) => row.assignee).sort()).toEqual(["minh", "minh", "nam", "nam"]);
    expect(await calls.verified()).toEqual([]);
  });

  it("tried on a record: who it would be and why, at another instant too, and nothing is changed", async () => {
    const calls = await office(open, { weights: { lan: 1 } });
    const id = await calls.deal();
    const now = calls.clock.now();
    await calls.away("lan", day);
    const document = processSchema.parse(callThenQuote);
    const ask = (at: number) =>
      tryPick(calls.engine, {
        workspaceId: calls.workspaceId,
        document,
        role: "ae",
        node: "call",
        record: { type: "opportunity", id },
        at,
        now,
      });
    const before = await calls.store.read.select().from(calls.store.t.event);
    expect(await ask(now)).toMatchObject({ chosen: "minh", pool: [{ reason: "away" }, {}, {}] });
    expect(await ask(now)).toMatchObject({ chosen: "minh", turn: 1 });
    expect(await ask(now + 2 * day)).toMatchObject({ chosen: "lan" });
    expect(await calls.store.read.select().from(calls.store.t.event)).toEqual(before);
    expect(await calls.leads(1)).toEqual(["minh"]);
  });

  it("an owner whom an action picks is told like any pick: why this lead went to them", async () => {
    const nodes = [
      callThenQuote.nodes[0]!,
      { id: "route", kind: "automation", name: "Route", actions: [{ verb: "assign", role: "ae" }] },
      ...callThenQuote.nodes.slice(1),
    ];
    const edges = [
      { id: "e0", from: "start", to: "route" },
      { id: "e1", from: "route", to: "call" },
      ...callThenQuote.edges.slice(1),
    ];
    const calls = await office(open, {}, { ...callThenQuote, nodes, edges });
    const { id, run } = await calls.lead();
    expect((await calls.valuesOf(id)).owner_id).toBe("lan");
    const facts = await calls.factsOf(run);
    const picked = facts.flatMap((fact) => (fact.type === "PersonPicked" ? fact.data : []))[0]!;
    expect(picked).toMatchObject({ node: "route", field: "opportunity.owner_id", pick: { chosen: "lan", turn: 1 } });
    const context = await calls.engine.contexts.get(calls.workspaceId, calls.clock.now());
    expect(tellPick(picked.pick, pickNames(context, new Map([["pool", "AE pool"]])))).toMatchObject({
      rule: "round_robin",
      queue: "AE pool",
      chosen: "Lan Phạm",
      next: "Minh Đỗ",
    });
    expect(await calls.verified()).toEqual([]);
  });

  it("a completion that is taken back takes its pick back, and the turn comes again", async () => {
    const calls = await office(open);
    const { run } = await calls.lead();
    await calls.finish(run, "w1", "lan");
    expect(await calls.whoHas(run, "w2")).toBe("minh");
    expect((await calls.ledger()).picks).toHaveLength(2);
    expect(await undoWork(calls.engine, calls.ask("lan"), `${run}.w1`)).toMatchObject({ ok: true });
    expect((await calls.ledger()).picks).toHaveLength(1);
    calls.engine.contexts.forget(calls.workspaceId);
    await calls.finish(run, "w1", "lan");
    expect(await calls.whoHas(run, "w2")).toBe("minh");
    expect(await lastTurns(calls.store, calls.workspaceId, ["pool", "none"])).toMatchObject(
      new Map([["pool", expect.objectContaining({ turn: 2 })]]),
    );
    expect(await calls.verified()).toEqual([]);
  });

  it("a process whose work could come to nobody is not published", async () => {
    const calls = await office(open);
    const circle = { ae: { name: "AE", queue: "pool", fallback: "b" }, b: { name: "B", fallback: "ae" } };
    await expect(calls.publish({ ...callThenQuote, roles: circle })).rejects.toThrow(
      "The fallbacks of AE go round in a circle and never come to a person.",
    );
    await calls.person("tom", { roles: ["admin"] });
    await calls.person("linh", { status: "inactive" });
    await expect(calls.publish({ ...callThenQuote, summary: "new" })).rejects.toThrow(
      "What nobody in Account executive can take falls back to the process owner, and this process has none who works here.",
    );
    // What is published goes on, and ends in a person.
    await saveQueue(calls.engine, calls.ask("tom"), { key: "pool", name: "AE pool", members: ["linh"] }, false);
    await calls.person("mai", { status: "inactive" });
    expect(await calls.leads(1)).toEqual(["tom"]);
  });
});
