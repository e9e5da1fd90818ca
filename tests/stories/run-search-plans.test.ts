/** The search of runs reads by its indexes, whatever is asked: the plans of both databases say so. */
import { sql, type SQLWrapper } from "drizzle-orm";
import { expect, it } from "vitest";
import type { Store } from "@/db/store.ts";
import { type RunFilter, searchQuery } from "@/db/queries/run-search.ts";
import { describeOnBoth } from "../support/databases.ts";

const now = 1_800_000_000_000;

/** How the database would go about it, line by line. PostgreSQL reads small tables whole unless it is told not to. */
async function planOf(store: Store, query: SQLWrapper): Promise<string[]> {
  type Rows = { detail?: string; "QUERY PLAN"?: string }[];
  const read = store.read as unknown as {
    all(query: unknown): Rows;
    transaction<T>(work: (tx: { execute(query: unknown): Promise<{ rows: Rows }> }) => Promise<T>): Promise<T>;
  };
  if (store.dialect === "sqlite") return read.all(sql`explain query plan ${query}`).map(({ detail }) => detail ?? "");
  return read.transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`);
    return (await tx.execute(sql`explain ${query}`)).rows.map((row) => row["QUERY PLAN"] ?? "");
  });
}

const asked: [string, RunFilter, RegExp][] = [
  ["nothing", {}, /run_started/],
  ["a process", { process: "deal" }, /run_started|run_open/],
  ["a step", { process: "deal", node: "call" }, /visit_open/],
  ["a gateway, by the state of open runs", { process: "deal", node: "choose" }, /run_open/],
  ["the age in a step", { process: "deal", atLeastInStep: 1000 }, /visit_open/],
  [
    "a count of days",
    { process: "dunning", fields: { tests: [{ field: "days_past_due", op: "at_least", value: 3 }], today: 20_500 } },
    /run_started|run_open/,
  ],
  ["an incident", { process: "deal", incident: "any" }, /incident_open/],
  ["whose work it is", { assignee: "lan" }, /work_mine/],
  ["a late clock", { process: "deal", sla: "breached" }, /sla_clock|clock_open/],
];

describeOnBoth("plans of the run search", (open) => {
  let opened: Promise<Store> | undefined;
  it.each(asked)("by %s", async (_, filter, index) => {
    const store = await (opened ??= open());
    const plan = await planOf(
      store,
      searchQuery(store, "ws", filter, now, { sort: "started", after: null, limit: 100 }).getSQL(),
    );
    const whole = plan.filter((line) =>
      store.dialect === "sqlite"
        ? /^SCAN (run|step_visit|incident|work_item|sla_clock|record)\b(?!.*USING)/.test(line)
        : /Seq Scan on/.test(line),
    );
    expect(whole, plan.join("\n")).toEqual([]);
    expect(plan.join("\n")).toMatch(index);
  });
});
