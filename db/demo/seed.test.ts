import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { and, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlite } from "@/db/sqlite/store.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { workspaceContexts } from "@/server/commands/workspace-context.ts";
import { dayMs } from "@/server/engine/zone.ts";
import { readReport } from "@/server/reports/read-report.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { opsPerson, shownRep } from "./people.ts";
import { demoWorkspace, seedDemo } from "./seed.ts";

const now = Date.UTC(2026, 10, 24, 5);
const folder = mkdtempSync(path.join(tmpdir(), "millrace-demo-"));
const store = openSqlite({ file: path.join(folder, "demo.db"), checkpointer: false });
const contexts = workspaceContexts(store);
let refused: string[] = [];

beforeAll(async () => {
  store.writer.pragma("synchronous = OFF");
  const seeded = await seedDemo({
    store,
    sessions: { addUser: async ({ email }) => `user_${email}` },
    now,
    months: 2,
    say: () => {},
  });
  refused = seeded.refused;
}, 120_000);
afterAll(async () => {
  await store.close();
  if (existsSync(folder)) rmSync(folder, { recursive: true });
});

describe("the demo workspace", () => {
  it("was run by the engine without one refusal or open incident", async () => {
    const counts = new Map<string, number>();
    for (const text of refused) counts.set(text, (counts.get(text) ?? 0) + 1);
    expect([...counts]).toEqual([]);
    const open = await store.read.select().from(store.t.incident).where(isNull(store.t.incident.resolvedAt));
    expect(open.map((i) => `${i.node}: ${i.text}`)).toEqual([]);
  });

  it("holds what its log says", async () => {
    expect(await verifyWorkspace({ store, contexts }, demoWorkspace)).toMatchObject({ ok: true, problems: [] });
  });

  it("has legal review as its first bottleneck", async () => {
    const query = { process: "opportunity_to_close", from: now - 90 * dayMs, to: now };
    const report = await readReport({ store, contexts }, demoWorkspace, query, now);
    expect(report?.rows[0]).toMatchObject({ node: "legal_review", rank: 1 });
  });

  it("leaves the rep with open work", async () => {
    const { workItem } = store.t;
    const open = await store.read.select().from(workItem).where(isNull(workItem.completedAt));
    expect(open.filter((w) => w.assignee === shownRep).length).toBeGreaterThanOrEqual(10);
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
});
