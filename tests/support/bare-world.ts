/** What the engine needs to know, in memory and without a database. */
import { always } from "@/server/engine/calendar/calendar.ts";
import type { Person, World } from "@/server/engine/world.ts";
import { standardModel } from "@/server/records/model.ts";
import { workspaceRules } from "@/server/records/rules.ts";

const model = workspaceRules({ currency: "USD", zone: "Asia/Ho_Chi_Minh", settings: {} }, standardModel);
export type BarePerson = Person & { roles: readonly string[] };
/** Somebody of a bare workspace. Without roles they work for every role. */
export const barePerson = (id: string, given: Partial<BarePerson> = {}): BarePerson => ({
  roles: [],
  ...person(id),
  ...given,
});
const person = (id: string): Person => ({
  id,
  name: id,
  zone: "UTC",
  country: "VN",
  managerId: null,
  teamId: null,
  backupId: null,
  capacityPerDay: null,
  active: true,
  absences: [],
});
/** A workspace of these people, the real record model, and nothing else: no calendars, no other processes. */
export function bareWorld(
  records: World["records"],
  team: readonly string[] = ["lan"],
  people: readonly BarePerson[] = [],
): World {
  return {
    workspace: { id: "ws", zone: "Asia/Ho_Chi_Minh", country: "VN", currency: "USD" },
    model,
    records,
    directory: {
      people: new Map([...team.map((id) => [id, person(id)] as const), ...people.map((one) => [one.id, one] as const)]),
      queue: () => [],
      role: (key) =>
        people.length ? people.flatMap((one) => (one.active && one.roles.includes(key) ? one.id : [])) : team,
      open: new Map(),
      today: new Map(),
      turns: new Map(),
      settings: () => ({}),
      admins: [],
    },
    atWork: () => true,
    heldBefore: () => null,
    processOwner: team[0] ?? null,
    newest: () => [],
    calendar: () => null,
    calendarAt: () => always,
    live: () => null,
    watched: () => false,
    match: () => ({ duplicateOf: null, account: null }),
    recordId: (type, command, n) => `${type}_${command}_${n}`,
  };
}
