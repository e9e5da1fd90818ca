/** What comes in on the working days of the demo's year: deals and inquiries. Creating the record starts the process. */
import { createRecord } from "@/server/commands/create-record.ts";
import { dateOfDay, dayMs, localDay, startOfDay, weekdayOf } from "@/server/engine/calendar/zone.ts";
import { type Company, firstNames, jobTitles, lastNames, projects } from "./companies.ts";
import { absentRep, accountExecutives, hanoi, opsPerson, shownRep } from "./people.ts";
import { askOf, type DemoWorld, type Planted } from "./world.ts";

export type Customer = Company & { id: string };
/** Means per working day. */
const dealsPerDay = 0.72;
const inquiriesPerDay = 0.4;
const prospectsPerDay = 0.08;
const hour = 3_600_000;

export function planArrivals(
  world: DemoWorld,
  { customers, strangers }: { customers: readonly Customer[]; strangers: readonly Company[] },
  from: number,
  until: number,
): void {
  const { chance, plans } = world;
  for (let day = localDay(hanoi, from); day < localDay(hanoi, until); day++) {
    if (weekdayOf(day) > 4) continue;
    const morning = startOfDay(hanoi, day) + 9 * hour;
    for (let left = dealsPerDay; left > 0; left--)
      if (chance.happens(Math.min(1, left))) {
        const at = morning + chance.whole(0, 32) * (hour / 4);
        plans.add({ at, do: () => newDeal(world, chance.pick(customers), at) });
      }
    const noon = morning + chance.whole(8, 20) * (hour / 4);
    if (chance.happens(inquiriesPerDay))
      plans.add({ at: noon, do: () => newLead(world, strangers, noon, "inbound_web") });
    if (chance.happens(prospectsPerDay)) plans.add({ at: noon, do: () => newLead(world, strangers, noon, "outbound") });
  }
  stories.forEach(({ planted, daysAgo, ...story }, i) => {
    const at = startOfDay(hanoi, localDay(hanoi, until) - daysAgo) + 10 * hour;
    plans.add({ at, do: () => plantedDeal(world, customers[i]!, at, planted, story) });
  });
  // Whatever chance has left of the year, whoever looks as the rep finds what came in just now.
  for (const hoursAgo of [1, 2, 3]) {
    const at = until - hoursAgo * hour;
    plans.add({ at, do: () => newDeal(world, chance.pick(customers), at, shownRep) });
  }
}

const stories: readonly { planted: Planted; daysAgo: number; name: string; amount: number; owner: string }[] = [
  {
    planted: "lying",
    daysAgo: 38,
    name: "group rollout",
    amount: 64_000_000,
    owner: accountExecutives.find((p) => p !== absentRep && p !== shownRep)!,
  },
  { planted: "held", daysAgo: 24, name: "second region", amount: 5_400_000, owner: shownRep },
  { planted: "blocked", daysAgo: 21, name: "store rollout", amount: 7_200_000, owner: shownRep },
];

async function newDeal(world: DemoWorld, customer: Customer, at: number, owner?: string): Promise<void> {
  const { chance } = world;
  await deal(world, customer, at, {
    name: `${customer.name} — ${chance.pick(projects)}`,
    amount: Math.round(Math.min(240_000, chance.around(36_000, 0.7)) / 500) * 50_000,
    owner: owner ?? (chance.happens(0.4) ? shownRep : chance.pick(accountExecutives)),
  });
}

async function plantedDeal(
  world: DemoWorld,
  customer: Customer,
  at: number,
  planted: Planted,
  { name, amount, owner }: { name: string; amount: number; owner: string },
): Promise<void> {
  const id = await deal(world, customer, at, { name: `${customer.name} — ${name}`, amount, owner });
  if (id) world.planted.set(id, planted);
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

/** A person with a wish, or one whom sales development found. */
async function newLead(
  world: DemoWorld,
  strangers: readonly Company[],
  at: number,
  source: "inbound_web" | "outbound",
): Promise<void> {
  const { chance } = world;
  const company = chance.pick(strangers);
  const asked = source === "inbound_web";
  const owner = company.country === "VN" || company.country === "SG" ? "mem_hoang" : "mem_sofia";
  const made = await createRecord(world.engine, askOf(world, opsPerson, at), {
    type: "lead",
    values: {
      first_name: chance.pick(firstNames),
      last_name: chance.pick(lastNames),
      email: `contact-${Math.floor(at / 900_000)}@${company.domain}`,
      job_title: chance.pick(jobTitles),
      company_name: company.name,
      company_domain: company.domain,
      country: company.country,
      currency: "USD",
      source,
      inquiry_type: asked ? chance.weighted({ demo_request: 5, pricing_request: 3, contact_us: 2 }) : "none",
      message: asked ? "Please show us how this works for a team of forty." : null,
      fit_score: chance.whole(15, 95),
      engagement_score: chance.whole(10, 90),
      consent_status: "granted",
      owner_id: owner,
    },
  });
  if (!made.ok) world.refused.push(`lead: ${made.text}`);
}
