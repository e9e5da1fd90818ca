/** Fills an empty database with the demo: a workspace, its people, and a year that the real engine ran on a virtual clock. */
import { isNull } from "drizzle-orm";
import type { Store } from "@/db/store.ts";
import { createRecord } from "@/server/commands/create-record.ts";
import { dayMs } from "@/server/engine/calendar/zone.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { virtualClock } from "@/server/runtime/clock.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import type { Sessions } from "@/server/auth/sessions.ts";
import { type Customer, planArrivals } from "./arrivals.ts";
import { chanceFrom } from "./chance.ts";
import { type Company, companies } from "./companies.ts";
import { absentRep, accountExecutives, emailOf, hanoi, memberRows, opsPerson, people, teamRows } from "./people.ts";
import { planBook } from "./plans.ts";
import { leaveDraft, publishDealVersion, publishProcesses, publishQuoteVersion } from "./processes.ts";
import { planNewWork } from "./work-through.ts";
import { askOf, type DemoWorld } from "./world.ts";

export const demoWorkspace = "ws_demo";
export const demoPassword = "northwind-demo";
const seed = 20_260_406;
/** What happens within these hours is committed together: a year in thousands of groups instead of ten thousands. */
const together = 3 * 3_600_000;

export type Seeded = { refused: string[] };

/** `now`: epoch ms, the end of the year. `months`: how much history; the product seeds twelve. */
export async function seedDemo({
  store,
  sessions,
  now,
  months = 12,
  say,
}: {
  store: Store;
  sessions: Pick<Sessions, "addUser">;
  now: number;
  months?: number;
  say(line: string): void;
}): Promise<Seeded> {
  const start = now - Math.round(months * 30.4) * dayMs;
  const clock = virtualClock(start - 7 * dayMs);
  say("Making the demo workspace …");
  await addPeople(store, sessions, clock.now(), now);
  const failures: unknown[] = [];
  const engine = startEngine({
    store,
    clock,
    newId: countedIds(),
    send: async () => ({ ok: true, result: null }),
    onError: (error) => failures.push(error),
  });
  const world: DemoWorld = {
    workspaceId: demoWorkspace,
    engine,
    clock,
    chance: chanceFrom(seed),
    plans: planBook(),
    planted: new Map(),
    left: 0,
    end: now,
    refused: [],
  };
  await publishProcesses(world);
  const all = companies(80, world.chance);
  const customers = await addCustomers(world, all.slice(0, 50));
  planArrivals(world, { customers, strangers: all.slice(50) }, start, now);
  const half = start + (now - start) / 2;
  world.plans.add({ at: half, do: () => publishDealVersion(world) });
  world.plans.add({ at: now - 26 * dayMs, do: () => publishQuoteVersion(world) });
  await liveThrough(world, start, now, say);
  await leaveDraft(world);
  await engine.worker.stop();
  await engine.loop.idle();
  if (failures.length) throw failures[0];
  await markReady(store);
  return { refused: world.refused };
}

async function addPeople(store: Store, sessions: Pick<Sessions, "addUser">, at: number, now: number): Promise<void> {
  const users = new Map<string, string>();
  for (const person of people.filter((p) => p.signsIn)) {
    const userId = await sessions.addUser({ email: emailOf(person), name: person.name, password: demoPassword });
    if (userId) users.set(person.id, userId);
  }
  await store.commit([
    {
      workspaceId: demoWorkspace,
      guards: [],
      events: [],
      put: {
        workspace: [
          {
            id: demoWorkspace,
            name: "Northwind Lead-to-Cash",
            zone: hanoi,
            locale: "en",
            currency: "USD",
            country: "VN",
            demo: true,
            settings: { default_value_at_risk: { lead: 3_000, quote: 24_000 } },
            createdAt: at,
          },
        ],
        dayCount: [{ workspaceId: demoWorkspace, zone: hanoi }],
        team: teamRows(demoWorkspace),
        member: memberRows(demoWorkspace, at, users),
        absence: [
          {
            workspaceId: demoWorkspace,
            id: "abs_demo",
            memberId: absentRep,
            from: now - 4 * dayMs,
            to: now + 6 * dayMs,
            reason: "Leave",
          },
        ],
      },
      drop: {},
    },
  ]);
}

async function addCustomers(world: DemoWorld, list: readonly Company[]): Promise<Customer[]> {
  const customers: Customer[] = [];
  for (const company of list) {
    const made = await createRecord(world.engine, askOf(world, opsPerson), {
      type: "account",
      values: {
        name: company.name,
        domain: company.domain,
        billing_country: company.country,
        owner_id: world.chance.pick(accountExecutives),
      },
    });
    if (made.ok) customers.push({ ...company, id: made.id });
    else world.refused.push(`account: ${made.text}`);
  }
  return customers;
}

/** From one thing that is due to the next: a plan of the people, or a job of the engine. */
async function liveThrough(world: DemoWorld, from: number, until: number, say: (line: string) => void): Promise<void> {
  const { engine, clock, plans } = world;
  const { store, worker } = engine;
  const known = new Set<string>();
  let told = 0;
  // Nobody looks for work when none was handed out.
  let offered = true;
  const off = store.onCommit(({ types }) => (offered ||= types.includes("WorkOffered")));
  const lookForWork = async () => {
    if (!offered) return;
    offered = false;
    await planNewWork(world, known);
  };
  for (;;) {
    const { job } = store.t;
    const [next] = await store.read
      .select({ dueAt: job.dueAt })
      .from(job)
      .where(isNull(job.deadAt))
      .orderBy(job.dueAt)
      .limit(1);
    const at = Math.max(clock.now(), Math.min(plans.next(), next?.dueAt ?? Number.POSITIVE_INFINITY));
    if (at > until) break;
    // People act at their own times, also twice in these hours; what the engine has to do by itself is done at their end.
    const end = Math.min(until, at + together);
    for (let due = plans.due(end); due.length; due = plans.due(end)) {
      await Promise.all(due.map((plan) => plan.do(plan.at)));
      await lookForWork();
    }
    clock.set(end);
    await worker.drain();
    await lookForWork();
    const done = Math.floor(((at - from) / (until - from)) * 4);
    if (done > told && done < 4) say(`Running the demo's year … ${(told = done) * 25} %`);
  }
  off();
  clock.set(until);
}

/** Written last: a workspace without it was left half way. */
async function markReady(store: Store): Promise<void> {
  const [workspace] = await store.read.select().from(store.t.workspace);
  await store.commit([
    {
      workspaceId: demoWorkspace,
      guards: [],
      events: [],
      put: { workspace: [{ ...workspace!, settings: { ...workspace!.settings, demo_ready: true } }] },
      drop: {},
    },
  ]);
}
