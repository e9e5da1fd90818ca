import type { Language } from "@/server/records/field.ts";

/** The language this browser chose last, as the pages read it (app/preferences.ts); null when it never chose one. */
export function chosenLanguage(cookie: string | null | undefined): Language | null {
  const chosen = /(?:^|;\s*)locale=([^;]*)/.exec(cookie ?? "")?.[1];
  return chosen === undefined ? null : chosen === "vi" ? "vi" : "en";
}
