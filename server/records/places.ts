/** Regions, languages and time zones: what counts as one. */
import { countryOf } from "./countries.ts";
import { fold } from "./fold.ts";
import { regionNames } from "./region-zones.ts";

/** ISO 3166-2 ("US-CA") from a code, a code within the country ("CA" in US), or a name we know; null for anything else. */
export function readRegion(written: string, country?: string | null): string | null {
  const code = written.trim().toUpperCase();
  if (/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(code) && countryOf(code.slice(0, 2))) return isKnown(code) ? code : null;
  if (country && regionNames.has(`${country}-${code}`)) return `${country}-${code}`;
  const wanted = fold(written);
  const named = [...regionNames].filter(
    ([region, name]) => fold(name) === wanted && (!country || region.startsWith(`${country}-`)),
  );
  return named.length === 1 ? (named[0]?.[0] ?? null) : null;
}

/** Where we have a country's list, only its codes; elsewhere the shape is all that can be told. */
const isKnown = (code: string): boolean =>
  regionNames.has(code) || ![...regionNames.keys()].some((known) => known.startsWith(code.slice(0, 3)));

/** A well-formed BCP 47 tag. */
export function isLanguage(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1 && /^[a-z]{2,3}(-|$)/i.test(text);
  } catch {
    return false;
  }
}

const knownZones = new Set<string>();

/** An IANA zone this machine knows. Bare offsets are not zones: they have no summer time. */
export function isZone(text: string): boolean {
  if (knownZones.has(text)) return true;
  if (!/^[A-Za-z]/.test(text) || text.length > 64) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
  } catch {
    return false;
  }
  knownZones.add(text);
  return true;
}
