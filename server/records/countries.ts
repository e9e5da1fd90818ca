/** Countries by code and by name, and the time zone of a place. */
import { countryTable } from "./country-table.ts";
import { fold } from "./fold.ts";
import { regionZones } from "./region-zones.ts";

export type Country = {
  /** ISO 3166-1 alpha-2. */
  code: string;
  alpha3: string;
  /** Calling code and the digits dialled before a national number; null where national numbers are not read. */
  calling: string | null;
  trunk: string;
  /** Zone of most of its people. */
  zone: string;
};

const rows: Country[] = countryTable
  .trim()
  .split("\n")
  .map((line) => {
    const [code = "", alpha3 = "", calling = "-", trunk = "-", zone = "Etc/UTC"] = line.split(" ");
    return { code, alpha3, calling: calling === "-" ? null : calling, trunk: trunk === "-" ? "" : trunk, zone };
  });

const byCode = new Map(rows.map((row) => [row.code, row]));

/** Names that people write besides the ones the language data knows. */
const otherNames: Readonly<Record<string, string>> = {
  usa: "US",
  "u s a": "US",
  "u s": "US",
  "united states of america": "US",
  america: "US",
  uk: "GB",
  "great britain": "GB",
  england: "GB",
  scotland: "GB",
  wales: "GB",
  "northern ireland": "GB",
  korea: "KR",
  "republic of korea": "KR",
  "viet nam": "VN",
  russia: "RU",
  "russian federation": "RU",
  "czech republic": "CZ",
  holland: "NL",
  "the netherlands": "NL",
  turkey: "TR",
  turkiye: "TR",
  uae: "AE",
  "hong kong": "HK",
  macau: "MO",
  macao: "MO",
  "ivory coast": "CI",
  burma: "MM",
  swaziland: "SZ",
  macedonia: "MK",
  "cape verde": "CV",
};

export const countryOf = (code: string | null | undefined): Country | null =>
  code ? (byCode.get(code) ?? null) : null;

const displayNames = {
  en: new Intl.DisplayNames("en", { type: "region" }),
  vi: new Intl.DisplayNames("vi", { type: "region" }),
};

export const countryName = (code: string, language: "en" | "vi"): string => displayNames[language].of(code) ?? code;

export const countryCodes = (): string[] => rows.map((row) => row.code);

/** Alpha-2, alpha-3, or a name in English or Vietnamese, as alpha-2; null for what is none. */
export function readCountry(text: string): string | null {
  const upper = text.trim().toUpperCase();
  if (byCode.has(upper)) return upper;
  const alpha3 = rows.find((row) => row.alpha3 === upper);
  return alpha3?.code ?? names().get(fold(text)) ?? null;
}

/** Every English name, for a suggestion beside a misspelt one. */
export const countryNames: readonly string[] = rows.map((row) => countryName(row.code, "en"));

let known: Map<string, string> | null = null;
function names(): Map<string, string> {
  if (known) return known;
  known = new Map();
  for (const language of ["vi", "en"] as const) {
    for (const { code } of rows) known.set(fold(countryName(code, language)), code);
  }
  for (const [name, code] of Object.entries(otherNames)) known.set(name, code);
  return known;
}

/** The zone of a place: its region's where the country has several and the region is known, else its country's. */
export function zoneOf(country: string | null | undefined, region?: string | null): string | null {
  const known = region ? regionZones[region] : undefined;
  if (known && (!country || region?.startsWith(`${country}-`))) return known;
  return countryOf(country)?.zone ?? null;
}
