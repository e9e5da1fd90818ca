/** ISO 3166-2 subdivisions of countries with several zones: the zone of most of their people, and their names. */
const zones: Readonly<Record<string, string>> = {
  "America/New_York":
    "US-CT US-DC US-DE US-FL US-GA US-IN US-KY US-ME US-MD US-MA US-MI US-NH US-NJ US-NY US-NC US-OH US-PA US-RI US-SC US-VT US-VA US-WV",
  "America/Chicago": "US-AL US-AR US-IL US-IA US-KS US-LA US-MN US-MS US-MO US-NE US-ND US-OK US-SD US-TN US-TX US-WI",
  "America/Denver": "US-CO US-ID US-MT US-NM US-UT US-WY",
  "America/Phoenix": "US-AZ",
  "America/Los_Angeles": "US-CA US-NV US-OR US-WA",
  "America/Anchorage": "US-AK",
  "Pacific/Honolulu": "US-HI",
  "America/Toronto": "CA-ON CA-QC",
  "America/Vancouver": "CA-BC",
  "America/Edmonton": "CA-AB CA-NT",
  "America/Regina": "CA-SK",
  "America/Winnipeg": "CA-MB",
  "America/Halifax": "CA-NS CA-NB CA-PE",
  "America/St_Johns": "CA-NL",
  "America/Whitehorse": "CA-YT",
  "America/Iqaluit": "CA-NU",
  "Australia/Sydney": "AU-NSW AU-ACT",
  "Australia/Melbourne": "AU-VIC",
  "Australia/Brisbane": "AU-QLD",
  "Australia/Adelaide": "AU-SA",
  "Australia/Perth": "AU-WA",
  "Australia/Hobart": "AU-TAS",
  "Australia/Darwin": "AU-NT",
};

const names = `
US-AL Alabama
US-AK Alaska
US-AZ Arizona
US-AR Arkansas
US-CA California
US-CO Colorado
US-CT Connecticut
US-DE Delaware
US-DC District of Columbia
US-FL Florida
US-GA Georgia
US-HI Hawaii
US-ID Idaho
US-IL Illinois
US-IN Indiana
US-IA Iowa
US-KS Kansas
US-KY Kentucky
US-LA Louisiana
US-ME Maine
US-MD Maryland
US-MA Massachusetts
US-MI Michigan
US-MN Minnesota
US-MS Mississippi
US-MO Missouri
US-MT Montana
US-NE Nebraska
US-NV Nevada
US-NH New Hampshire
US-NJ New Jersey
US-NM New Mexico
US-NY New York
US-NC North Carolina
US-ND North Dakota
US-OH Ohio
US-OK Oklahoma
US-OR Oregon
US-PA Pennsylvania
US-RI Rhode Island
US-SC South Carolina
US-SD South Dakota
US-TN Tennessee
US-TX Texas
US-UT Utah
US-VT Vermont
US-VA Virginia
US-WA Washington
US-WV West Virginia
US-WI Wisconsin
US-WY Wyoming
CA-AB Alberta
CA-BC British Columbia
CA-MB Manitoba
CA-NB New Brunswick
CA-NL Newfoundland and Labrador
CA-NS Nova Scotia
CA-NT Northwest Territories
CA-NU Nunavut
CA-ON Ontario
CA-PE Prince Edward Island
CA-QC Quebec
CA-SK Saskatchewan
CA-YT Yukon
AU-ACT Australian Capital Territory
AU-NSW New South Wales
AU-NT Northern Territory
AU-QLD Queensland
AU-SA South Australia
AU-TAS Tasmania
AU-VIC Victoria
AU-WA Western Australia
`;

export const regionZones: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(zones).flatMap(([zone, regions]) => regions.split(" ").map((region) => [region, zone])),
);

/** Code → English name. */
export const regionNames: ReadonlyMap<string, string> = new Map(
  names
    .trim()
    .split("\n")
    .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
);
