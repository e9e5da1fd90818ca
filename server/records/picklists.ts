/** Every picklist of the standard model. Values are stable ids; labels may change. */
import type { Label } from "./field.ts";
import { dealPicklists } from "./objects/picklists-deal.ts";
import { fulfilmentPicklists } from "./objects/picklists-fulfilment.ts";
import { moneyAndWorkPicklists } from "./objects/picklists-money-and-work.ts";
import { personPicklists } from "./objects/picklists-person.ts";

export type PicklistValue = {
  value: string;
  label: Label /** Readable on old records, gone from forms. */;
  retired?: true;
};

const written = { ...personPicklists, ...dealPicklists, ...fulfilmentPicklists, ...moneyAndWorkPicklists };
export type PicklistName = keyof typeof written;

export const standardPicklists: Readonly<Record<string, readonly PicklistValue[]>> = Object.fromEntries(
  Object.entries(written).map(([name, values]) => [
    name,
    values.map(([value, en, vi]) => ({ value, label: { en, vi } })),
  ]),
);
