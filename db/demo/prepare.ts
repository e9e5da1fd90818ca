/** What people do on the record before they finish a step: the paper a later step asks for. */
import { valuesOfRecord } from "@/db/queries/telling.ts";
import { recordsReferring } from "@/db/queries/world.ts";
import type { Row } from "@/db/store.ts";
import { changeRecord } from "@/server/commands/change-record.ts";
import { createRecord } from "@/server/commands/create-record.ts";
import type { Values } from "@/server/engine/model.ts";
import type { Person } from "@/server/engine/world.ts";
import { dateOfDay, dayMs } from "@/server/engine/calendar/zone.ts";
import { projects } from "./companies.ts";
import { askOf, type DemoWorld } from "./world.ts";

export async function prepare(world: DemoWorld, item: Row<"workItem">, person: Person, now: number): Promise<void> {
  if (item.process === "opportunity_to_close" && item.node === "proposal")
    await draftContract(world, item, person, now);
  if (item.process === "opportunity_to_close" && item.node === "qualify") await nameDeal(world, item, person, now);
  if (item.process === "opportunity_to_close" && item.node === "close_lost") await closeLost(world, item, person, now);
  if (item.process === "inbound_lead_to_meeting" && (item.node === "book" || item.node === "rebook"))
    planMeeting(world, item, person, now);
}

/** Legal reviews a contract, so there has to be one. */
async function draftContract(world: DemoWorld, item: Row<"workItem">, person: Person, at: number): Promise<void> {
  const deal = await recordValues(world, item.recordId);
  if (!deal || (await contractOf(world, item.recordId))) return;
  const made = await createRecord(world.engine, askOf(world, person.id, at), {
    type: "contract",
    values: {
      number: `C-${item.recordId.slice(-6)}`,
      account_id: deal.account_id ?? null,
      opportunity_id: item.recordId,
      contract_type: "msa",
    },
  });
  if (!made.ok) world.refused.push(`contract: ${made.text}`);
}

/** The customer signs before the step is done: that is what its time limit waits for. */
export async function signContract(world: DemoWorld, item: Row<"workItem">, person: Person, at: number): Promise<void> {
  const id = await contractOf(world, item.recordId);
  if (!id) return;
  const changed = await changeRecord(world.engine, askOf(world, person.id, at), { id, values: { status: "signed" } });
  if (!changed.ok) world.refused.push(`contract: ${changed.text}`);
}

/** A deal that came from a lead has neither name nor date yet. */
async function nameDeal(world: DemoWorld, item: Row<"workItem">, person: Person, at: number): Promise<void> {
  const deal = await recordValues(world, item.recordId);
  if (!deal || typeof deal.name === "string") return;
  const customer = typeof deal.account_id === "string" ? await recordValues(world, deal.account_id) : null;
  const name = `${typeof customer?.name === "string" ? customer.name : "New customer"} — ${world.chance.pick(projects)}`;
  const changed = await changeRecord(world.engine, askOf(world, person.id, at), {
    id: item.recordId,
    values: { name, close_date: deal.close_date ?? dateOfDay(Math.floor(at / dayMs) + 60) },
  });
  if (!changed.ok) world.refused.push(`name: ${changed.text}`);
}

async function closeLost(world: DemoWorld, item: Row<"workItem">, person: Person, at: number): Promise<void> {
  const values = { stage: "closed_lost", loss_reason: world.chance.pick(["price", "no_decision", "competitor"]) };
  const changed = await changeRecord(world.engine, askOf(world, person.id, at), { id: item.recordId, values });
  if (!changed.ok) world.refused.push(`close lost: ${changed.text}`);
}

/** The meeting takes place some days later, mostly. */
function planMeeting(world: DemoWorld, item: Row<"workItem">, person: Person, now: number): void {
  const status = world.chance.weighted({ held: 82, no_show: 12, cancelled: 6 });
  world.plans.add({
    at: now + world.chance.whole(2, 6) * 86_400_000,
    do: async (at) => {
      const changed = await changeRecord(world.engine, askOf(world, person.id, at), {
        id: item.recordId,
        values: { meeting_status: status },
      });
      if (!changed.ok) world.refused.push(`meeting: ${changed.text}`);
    },
  });
}

async function recordValues({ engine: { store }, workspaceId }: DemoWorld, record: string): Promise<Values | null> {
  const [row] = await valuesOfRecord(store, { workspaceId, record });
  return row?.values ?? null;
}

async function contractOf({ engine: { store }, workspaceId }: DemoWorld, deal: string): Promise<string | null> {
  const [row] = await recordsReferring(store, { workspaceId, type: "contract", to: [deal] });
  return row?.record.id ?? null;
}
