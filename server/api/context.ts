/** What every procedure is given: the services, and the person whose request it is. */
import type { Services } from "@/server/runtime/boot.ts";
import type { Language } from "@/server/records/field.ts";
import { chosenLanguage } from "@/server/http/language.ts";
import { sayIn } from "@/server/wording/say.ts";
import { asItIs, type Say } from "@/server/wording/translator.ts";
import { languageOf, type Person, personOfKey, personOfUser } from "@/server/auth/person.ts";

export type Context = {
  services: Services;
  /** Null when nobody is signed in. */
  person: Person | null;
  /** The language of the screen that asks, as the page has it: what the browser chose last, else the profile's. */
  language?: Language;
  /** Says our sentences in it; left out, they are English. */
  say?: Say;
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
  const person = await personOf(services, headers, options);
  const chosen = headers.has("authorization") ? null : chosenLanguage(headers.get("cookie"));
  const language = chosen ?? (person ? languageOf(person) : "en");
  return { services, person, language, say: await sayTo(services, person, language), signal: options.signal };
}

/** A program that comes with a key is answered in English. The workspace's own fields are known by their labels. */
async function sayTo({ engine }: Services, person: Person | null, language: Language): Promise<Say> {
  if (language === "en" || person?.key) return asItIs;
  const context = person
    ? await engine.contexts.get(person.workspaceId, engine.clocks.of(person.workspaceId).now())
    : null;
  return sayIn(language, context?.fields);
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
