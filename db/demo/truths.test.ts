import { and, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { visitsInPeriod } from "@/db/queries/reports.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { workspaceContexts } from "@/server/commands/workspace-context.ts";
import { dayMs } from "@/server/engine/calendar/zone.ts";
import { readChanges } from "@/server/reports/read-changes.ts";
import { readKpis } from "@/server/reports/read-kpis.ts";
import { readMap } from "@/server/reports/read-map.ts";
import { reportContext, visitFacts } from "@/server/reports/report-context.ts";
import { readReport } from "@/server/reports/read-report.ts";
import { visitsBehind } from "@/server/reports/read-visits.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { absentRep, opsPerson, people, shownRep } from "./people.ts";
import { demoWorkspace, seedDemo } from "./seed.ts";

const now = Date.UTC(2026, 10, 24, 5);
const store = openSqlite({ file: ":memory:" });
const contexts = workspaceContexts(store);
let refused: string[] = [];

beforeAll(async () => {
  const seeded = await seedDemo({
    store,
    sessions: { addUser: async ({ email }) => `user_${email}` },
    now,
    months: 6,
    say: () => {},
  });
  refused = seeded.refused;
}, 600_000);
afterAll(() => store.close());

const deals = { process: "opportunity_to_close", from: now - 90 * dayMs, to: now };
const deps = { store, contexts };
const openWork = () => store.read.select().from(store.t.workItem).where(isNull(store.t.workItem.completedAt));

describe("the demo workspace", () => {
  it("was run by the engine without one refusal", () => {
    const counts = new Map<string, number>();
    for (const text of refused) counts.set(text, (counts.get(text) ?? 0) + 1);
    expect([...counts]).toEqual([]);
  });

  it("holds what its log says", async () => {
    expect(await verifyWorkspace({ store, contexts }, demoWorkspace)).toMatchObject({ ok: true, problems: [] });
  });

  it("has fourteen people in three teams and two zones, and five live processes", async () => {
    expect(people).toHaveLength(14);
    expect(new Set(people.map((p) => p.team)).size).toBe(3);
    expect(new Set(people.map((p) => p.zone)).size).toBe(2);
    const context = await contexts.get(demoWorkspace, now);
    expect(context.live.size).toBe(5);
  });

  it("leaves ops with a draft that has three problems", async () => {
    const { draft } = store.t;
    const [row] = await store.read
      .select()
      .from(draft)
      .where(and(eq(draft.workspaceId, demoWorkspace), eq(draft.memberId, opsPerson)));
    const problems = checkDraft(row!.document).filter((p) => p.severity === "error");
    expect(problems.map((p) => p.text)).toHaveLength(3);
  });

  it("leaves the rep with a filled inbox", async () => {
    const mine = (await openWork()).filter((w) => w.assignee === shownRep);
    expect(mine.length, `${mine.length} items`).toBeGreaterThanOrEqual(12);
  });

  it("has one rep away today, with a backup", async () => {
    const { directory } = await contexts.get(demoWorkspace, now);
    const away = [...directory.people.values()].filter((p) => p.absences.some((a) => a.from <= now && now < a.to));
    expect(away.map((p) => [p.id, p.backupId !== null])).toEqual([[absentRep, true]]);
  });
});

describe("what the manager's report finds", () => {
  it("legal review first, with all three factors, and the visits behind it add up", async () => {
    const report = (await readReport(deps, demoWorkspace, deals, now))!;
    const [first, second] = report.rows;
    expect(first).toMatchObject({ node: "legal_review", rank: 1 });
    expect(first!.delay).toBeGreaterThan(2 * second!.delay);
    expect(first!.n * first!.meanWait * first!.meanValue).toBeCloseTo(first!.delay, 3);
    const visits = (await visitsBehind(deps, demoWorkspace, { ...deals, node: "legal_review" }, now))!;
    expect(visits.total).toBe(first!.n);
    expect(visits.delay).toBeCloseTo(first!.delay, 3);
    expect(visits.rows.reduce((sum, v) => sum + v.delay, 0)).toBeCloseTo(first!.delay, 3);
  });

  it("waits measured in the calendar and zone that each visit was entered under", async () => {
    const found = (await reportContext(deps, demoWorkspace, deals, now))!;
    const visits = (await visitsInPeriod(store, demoWorkspace, deals)).map(visitFacts).filter((v) => v.calendar);
    expect(new Set(visits.map((v) => v.zone))).toEqual(new Set(["Asia/Ho_Chi_Minh", "Europe/London"]));
    for (const visit of visits) expect(found.calendarOf(visit).zone).toBe(visit.zone);
  });

  it("a deal of high value that lies there far past its time", async () => {
    const visits = (await visitsBehind(deps, demoWorkspace, { ...deals, node: "legal_review" }, now))!;
    const [worst] = visits.rows;
    expect(worst).toMatchObject({ leftAt: null, breached: true });
    expect(worst!.value).toBeGreaterThan(300_000);
    expect(worst!.title).toContain("group rollout");
  });

  it("that what comes in on a Friday waits longer, and opens those visits", async () => {
    const report = (await readReport(deps, demoWorkspace, deals, now))!;
    const friday = report.patterns.find((p) => p.dimension === "weekday");
    expect(friday).toMatchObject({ value: "4", driver: true });
    expect(friday!.times).toBeGreaterThan(1.4);
    const segment = { dimension: "weekday", value: "4" };
    const narrowed = (await readReport(deps, demoWorkspace, { ...deals, segment }, now))!;
    expect(narrowed.n).toBeLessThan(report.n / 2);
  });

  it("that the second version halved the wait for a deal review, by version filter and by change", async () => {
    const year = { ...deals, from: now - 365 * dayMs };
    const wait = async (version: number) => {
      const report = await readReport(deps, demoWorkspace, { ...year, versions: [version] }, now);
      return report!.rows.find((r) => r.node === "deal_review")!.waitP50!;
    };
    const [before, after] = [await wait(1), await wait(2)];
    expect(after / before).toBeGreaterThan(0.3);
    expect(after / before).toBeLessThan(0.7);
    const [change] = (await readChanges(deps, demoWorkspace, { process: deals.process }, now))!;
    expect(change).toMatchObject({ version: 2 });
    expect(change!.steps[0]).toMatchObject({ node: "deal_review" });
    expect(change!.steps[0]!.ratio).toBeLessThan(0.7);
  });

  it("the volume of every edge: what goes into a step came along its edges", async () => {
    const [report, map] = [
      (await readReport(deps, demoWorkspace, deals, now))!,
      (await readMap(deps, demoWorkspace, deals, now))!,
    ];
    for (const node of ["legal_review", "proposal", "deal_review"]) {
      const into = map.document.edges.filter((e) => e.to === node).reduce((sum, e) => sum + (map.edges[e.id] ?? 0), 0);
      const { arrivals } = report.rows.find((r) => r.node === node)!;
      // A token that is held at the gate took the edge and has not arrived.
      expect(into - arrivals).toBeGreaterThanOrEqual(0);
      expect(into - arrivals).toBeLessThanOrEqual(2);
    }
  });

  it("its KPIs with target and status, and says why where there is none", async () => {
    const kpis = (await readKpis(deps, demoWorkspace, deals, now))!;
    const by = new Map(kpis.list.map((k) => [k.key, k]));
    expect(by.get("legal_turnaround")).toMatchObject({ node: "legal_review", state: "missed", target: { max: 48 } });
    expect(by.get("win_rate_count")!.value).toBeGreaterThan(20);
    expect(by.get("win_rate_count")!.value).toBeLessThan(95);
    expect(by.get("slip_rate")).toMatchObject({ value: null, state: "not_measured", why: "snapshots" });
  });

  it("a deal held at an entry gate, one blocked by its customer, and orders that got stuck", async () => {
    const runs = await store.read.select().from(store.t.run).where(isNull(store.t.run.endedAt));
    const held = runs.filter(
      (r) =>
        r.process === deals.process &&
        Object.values(r.state.tokens).some((t) => t.state === "held" && t.node === "proposal"),
    );
    expect(held.length).toBeGreaterThanOrEqual(1);
    expect((await openWork()).filter((w) => w.blockedReason !== null).map((w) => w.node)).toEqual(["proposal"]);
    const stuck = await store.read.select().from(store.t.incident).where(isNull(store.t.incident.resolvedAt));
    expect(new Set(stuck.map((i) => `${i.node} ${i.code}`))).toEqual(new Set(["activate NO_LIVE_VERSION"]));
  });
});
