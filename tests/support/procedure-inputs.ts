/**
 * A valid input for every procedure, made from the things of one workspace. The rights test calls each procedure with its own
 * workspace's things, with a foreign one's and with absent ones; a procedure that is not here fails it.
 */
import type { Side } from "./two-workspaces.ts";

export const procedureInputs: Record<string, (side: Side) => unknown> = {
  "keys.list": () => undefined,
  "keys.create": () => ({ name: "reporting", scopes: ["reports.*"], days: 30 }),
  "keys.revoke": (side) => ({ id: side.keyId }),
  "live.changes": () => undefined,
  "me.read": () => undefined,
};
