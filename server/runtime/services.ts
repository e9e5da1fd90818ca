/**
 * What pages may use of the server. `main.ts` builds one object and puts it behind a global symbol, because Next gives
 * server components their own copy of every module. Import types only here: no page bundle may pull in the database.
 */
import type { Services } from "./boot.ts";

const key = Symbol.for("millrace.services");
const shared = globalThis as typeof globalThis & { [key]?: Services };

export const provide = (made: Services): void => {
  shared[key] = made;
};

/** The services of this process. Throws outside the front door. */
export const services = (): Services => {
  const made = shared[key];
  if (!made) throw new Error("Pages are served through server/main.ts (npm start, npm run dev), not by Next alone.");
  return made;
};
