/** What comes in on the working days of the demo's year: deals and inquiries. Creating the record starts the process. */
import { createRecord } from "@/server/commands/create-record.ts";
import { dateOfDay, dayMs, localDay, startOfDay, weekdayOf } from "@/server/engine/zone.ts";
import { type Company, firstNames, jobTitles, lastNames, projects } from "./companies.ts";
import { absentRep, accountExecutives, hanoi, opsPerson, shownRep } from "./people.ts";
import { askOf, type DemoWorld } from "./world.ts";

export type Customer = Company & { id: string };
/** Means per working day. */
const dealsPerDay = 1.15;
const hour = 3_600_000;

/** The deal that lies in legal review far past its time. */
export const stuckDeal = (() => {
  let id: string | null = null;
  return { is: (record: string) => record === id, mark: (record: string) => void (id = record) };
})();

export function planArrivals(world: DemoWorld, customers: readonly Customer[], from: number, until: number): void {
  const { chance, plans } = world;
  for (let day = localDay(hanoi, from); day < localDay(hanoi, until); day++) {
    if (weekdayOf(day) > 4) continue;
    const morning = startOfDay(hanoi, day) + 9 * hour;
    for (let left = dealsPerDay; left > 0; left--)
      if (chance.happens(Math.min(1, left))) {
        const at = morning + chance.whole(0, 32) * (hour / 4);
        plans.add({ at, do: () => newDeal(world, chance.pick(customers), at) });
      }
  }
  const at = startOfDay(hanoi, localDay(hanoi, until) - 38) + 10 * hour;
  plans.add({ at, do: () => bigDeal(world, customers[0]!, at) });
}

async function newDeal(world: DemoWorld, customer: Customer, at: number): Promise<void> {
  const { chance } = world;
  await deal(world, customer, at, {
    name: `${customer.name} — ${chance.pick(projects)}`,
    amount: Math.round(Math.min(240_000, chance.around(36_000, 0.7)) / 500) * 50_000,
    owner: chance.happens(0.2) ? shownRep : chance.pick(accountExecutives),
  });
}

async function bigDeal(world: DemoWorld, customer: Customer, at: number): Promise<void> {
  const id = await deal(world, customer, at, {
    name: `${customer.name} — group rollout`,
    amount: 64_000_000,
    owner: accountExecutives.find((p) => p !== absentRep && p !== shownRep)!,
  });
  if (id) stuckDeal.mark(id);
}

async function deal(
  world: DemoWorld,
  customer: Customer,
  at: number,
  { name, amount, owner }: { name: string; amount: number; owner: string },
): Promise<string | null> {
  const { chance } = world;
  const made = await createRecord(world.engine, askOf(world, owner, at), {
    type: "opportunity",
    values: {
      name,
      account_id: customer.id,
      type: chance.weighted({ new_business: 7, expansion: 2, win_back: 1 }),
      stage: "qualification",
      currency: "USD",
      amount,
      acv: amount,
      owner_id: owner,
      close_date: dateOfDay(Math.floor(at / dayMs) + chance.whole(35, 90)),
      source: chance.pick(["inbound_web", "referral", "event", "webinar"]),
    },
  });
  if (made.ok) return made.id;
  world.refused.push(`opportunity: ${made.text}`);
  return null;
}

/** An inquiry from the web: a person, a company, a wish. */
export async function newLead(world: DemoWorld, company: Company, at: number): Promise<void> {
  const { chance } = world;
  const made = await createRecord(world.engine, askOf(world, opsPerson, at), {
    type: "lead",
    values: {
      first_name: chance.pick(firstNames),
      last_name: chance.pick(lastNames),
      email: `inquiry${at % 1_000_000}@${company.domain}`,
      job_title: chance.pick(jobTitles),
      company_name: company.name,
      company_domain: company.domain,
      country: company.country,
      currency: "USD",
      source: "inbound_web",
      inquiry_type: chance.weighted({ demo_request: 5, pricing_request: 3, contact_us: 2 }),
      message: "Please show us how this works for a team of forty.",
      fit_score: chance.whole(15, 95),
      engagement_score: chance.whole(10, 90),
    },
  });
  if (!made.ok) world.refused.push(`lead: ${made.text}`);
}
