/** What every procedure is given: the services, and the person whose request it is. */
import type { Services } from "@/server/runtime/boot.ts";
import { type Person, personOfKey, personOfUser } from "@/server/auth/person.ts";

export type Context = {
  services: Services;
  /** Null when nobody is signed in. */
  person: Person | null;
  /** Ends when the caller has gone or the server stops: subscriptions watch it. */
  signal: AbortSignal | undefined;
};

/**
 * A bearer key is looked at alone: with one, cookies do not count. `refresh` renews a session that is being used and puts
 * the new cookie in `cookies`.
 */
export async function contextOf(
  services: Services,
  headers: Headers,
  options: { refresh?: boolean; cookies?: (values: string[]) => void; signal?: AbortSignal } = {},
): Promise<Context> {
  return { services, person: await personOf(services, headers, options), signal: options.signal };
}

async function personOf(
  services: Services,
  headers: Headers,
  { refresh = false, cookies }: { refresh?: boolean; cookies?: (values: string[]) => void },
): Promise<Person | null> {
  const { store, clock, sessions } = services;
  const bearer = headers.get("authorization")?.match(/^Bearer\s+(\S+)$/i)?.[1];
  if (headers.has("authorization")) return bearer ? personOfKey(store, bearer, clock.now()) : null;
  const session = await sessions.who(headers, refresh);
  if (!session) return null;
  if (session.cookies.length) cookies?.(session.cookies);
  return personOfUser(store, session.userId);
}
