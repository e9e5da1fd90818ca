/** What a record made from another one takes over beside the fields of the same name: what means the same under another name. */
const byType: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  lead: {
    account: { company_name: "name", company_domain: "domain", country: "billing_country", region: "billing_region" },
    opportunity: { company_name: "name" },
  },
};

/** Field of `from` → field of `to`; empty where nothing is called differently. */
export const carriedFields = (from: string, to: string): Readonly<Record<string, string>> => byType[from]?.[to] ?? {};
