/** A lead becomes customer data, as the record model says: an account, a contact, an opportunity, and the lead names them. */
import type { Place } from "./actions.ts";
import { type Made, create } from "./create.ts";
import type { Values } from "./model.ts";
import { changeRecord } from "./records.ts";
import { type Turn, recordNamed } from "./turn.ts";

/** Null, or why it cannot be. A lead that names its account already was converted before; nothing is made twice. */
export function convert(turn: Turn, withOpportunity: boolean, place: Place, source: string): Made {
  const { model } = turn.world;
  const lead = recordNamed(turn, "lead");
  if (!lead) return { code: "NO_RECORD", text: "There is no lead to convert here." };
  if (lead.values.converted_account_id) return null;
  const after: Values = { ...lead.values, lifecycle_stage: "converted", status: "converted" };
  const refused = model.problems("lead", after, lead.values).find(({ field }) => field === "lifecycle_stage");
  if (refused) return { code: "VALUE_REFUSED", text: refused.text };
  const matched = lead.values.matched_account_id;
  const links: Record<string, string> = typeof matched === "string" ? { account_id: "lead.matched_account_id" } : {};
  const types = [
    ...(typeof matched === "string" ? [] : ["account"]),
    "contact",
    ...(withOpportunity ? ["opportunity"] : []),
  ];
  for (const type of types) {
    const wrong = create(turn, { verb: "create", type, from: "lead", with: links }, place, source);
    if (wrong) return wrong;
  }
  const { account, contact, opportunity } = turn.run.made;
  const now = recordNamed(turn, "lead")!;
  const named: Values = {
    lifecycle_stage: "converted",
    status: "converted",
    converted_account_id: typeof matched === "string" ? matched : (account ?? null),
    converted_contact_id: contact ?? null,
    converted_opportunity_id: withOpportunity ? (opportunity ?? null) : null,
    converted_at: turn.instant,
  };
  changeRecord(turn, now, named, source);
  return null;
}
