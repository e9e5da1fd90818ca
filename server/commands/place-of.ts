/** Where it counts: the zone and the country whose hours and holidays a clock goes by. */
import type { EngineRecord } from "@/server/engine/model.ts";
import type { RecordRules, Records } from "@/server/engine/world.ts";
import { isZone } from "@/server/engine/calendar/zone.ts";
import { zoneOf } from "@/server/records/countries.ts";
import type { WorkspaceContext } from "./workspace-context.ts";

/** Whose zone and country count: the customer's, the assignee's, else the workspace's; or the zone that is named. */
export function placeOf(
  rule: string,
  record: EngineRecord | null,
  assignee: string | null,
  context: WorkspaceContext,
  model: RecordRules,
  records: Records,
): { zone: string; country: string } {
  const home = { zone: context.zone, country: context.country };
  if (rule === "record") {
    const own = record ? model.place(record.type, record.values) : null;
    const accountId = record?.values.account_id;
    const account = typeof accountId === "string" ? records.get(accountId) : undefined;
    const customer = account ? model.place(account.type, account.values) : null;
    const country = own?.country ?? customer?.country ?? null;
    // A record may hold any text where its zone should stand.
    const stated = [own?.zone, customer?.zone].find((zone) => zone && isZone(zone));
    return {
      zone: stated ?? (country ? zoneOf(country) : null) ?? home.zone,
      country: country ?? home.country,
    };
  }
  const ownerId = record?.values.owner_id;
  const person = context.directory.people.get(assignee ?? (typeof ownerId === "string" ? ownerId : ""));
  const teamZone = rule === "team" && person?.teamId ? context.teamZones.get(person.teamId) : undefined;
  if (person && teamZone) return { zone: teamZone, country: person.country };
  if (rule === "owner" || rule === "team") return person ? { zone: person.zone, country: person.country } : home;
  return { zone: rule || home.zone, country: person?.country ?? home.country };
}
