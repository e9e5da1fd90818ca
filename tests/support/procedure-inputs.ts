/**
 * A valid input for every procedure, made from the things of one workspace. The rights test calls each procedure with its own
 * workspace's things, with a foreign one's and with absent ones; a procedure that is not here fails it.
 */
import type { Side } from "./two-workspaces.ts";

let calls = 0;

export const procedureInputs: Record<string, (side: Side) => unknown> = {
  "keys.list": () => undefined,
  "keys.create": () => ({ name: "reporting", scopes: ["reports.*"], days: 30 }),
  "keys.revoke": (side) => ({ id: side.keyId }),
  "live.changes": () => undefined,
  "me.change": () => ({ theme: "dark" }),
  "me.read": () => undefined,
  "people.list": () => undefined,
  "people.add": (side) => ({
    name: "New",
    email: `new${side.mark}${++calls}@x.test`,
    password: "a long password",
    roles: ["rep"],
    processRoles: [],
    teamId: side.teamId,
    managerId: side.memberId,
    zone: "Europe/Berlin",
    country: "DE",
    locale: "en",
  }),
  "people.change": (side) => ({ id: side.memberId, patch: { capacityPerDay: 8 } }),
  "people.setPassword": (side) => ({ id: side.memberId, password: "another long password" }),
};
