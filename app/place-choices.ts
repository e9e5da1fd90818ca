import { countryCodes, countryName } from "@/server/records/countries.ts";
import { currencyCodes } from "@/server/records/currencies.ts";
import { holidayCountries } from "@/server/engine/calendar/holidays.ts";
import { preferences } from "./preferences.ts";

export type Places = {
  zones: string[];
  countries: { code: string; name: string }[];
  /** Those whose public holidays we know. */
  holidays: { code: string; name: string }[];
  currencies: string[];
};

/** What selects of places offer. Made on the server only: a browser may know other names, and both must draw the same. */
export async function placesOf(): Promise<Places> {
  const { locale } = await preferences();
  const named = (codes: readonly string[]) =>
    codes
      .map((code) => ({ code, name: countryName(code, locale) }))
      .sort((a, b) => new Intl.Collator(locale).compare(a.name, b.name));
  return {
    zones: ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")],
    countries: named(countryCodes()),
    holidays: named(holidayCountries),
    currencies: currencyCodes(),
  };
}
