/** Money as records store it: a whole number of minor units of the record's own currency, 1/10,000 for unit prices. */
import type { Values } from "@/server/engine/model.ts";
import { minorPlaces, unitPricePlaces } from "./currencies.ts";
import { type Decimal, decimalOf, numberOf, rounded, times, whole, dividedBy } from "./decimal.ts";
import type { Field } from "./field.ts";

/**
 * One unit of `currency` was worth `rate` units of the base currency from `date` (YYYY-MM-DD) on. The rate is decimal text,
 * so that it is exact.
 */
export type ExchangeRate = { currency: string; date: string; rate: string };

/** Decimal places in which this money field is stored. */
export const moneyPlaces = (field: Pick<Field, "unitPrice">, currency: string | null): number =>
  field.unitPrice ? unitPricePlaces : minorPlaces(currency);

/** The stored integer as an exact decimal; null when the field is empty. */
export const moneyOf = (field: Pick<Field, "unitPrice">, stored: unknown, currency: string | null): Decimal | null =>
  typeof stored === "number" && Number.isSafeInteger(stored) ? whole(stored, moneyPlaces(field, currency)) : null;

/** An exact decimal as stored, rounded half away from zero; null when it is beyond what a whole number can hold. */
export function storedMoney(field: Pick<Field, "unitPrice">, amount: Decimal, currency: string | null): number | null {
  const units = Number(rounded(amount, moneyPlaces(field, currency)).units);
  return Number.isSafeInteger(units) ? units : null;
}

export const currencyOf = (values: Values, baseCurrency: string): string =>
  typeof values.currency === "string" && values.currency ? values.currency : baseCurrency;

/** The newest rate at or before the day; null when there is none: no figure is made up. */
export function rateOn(
  rates: readonly ExchangeRate[],
  currency: string,
  baseCurrency: string,
  day: string,
): Decimal | null {
  if (currency === baseCurrency) return whole(1);
  let best: ExchangeRate | null = null;
  for (const rate of rates)
    if (rate.currency === currency && rate.date <= day && (best === null || rate.date > best.date)) best = rate;
  const found = best && decimalOf(best.rate);
  return found && found.units > 0n ? found : null;
}

/** The amount in the base currency, rounded to its minor unit, so that sums tie to the cent. */
export function inBase(
  amount: Decimal,
  currency: string,
  rates: readonly ExchangeRate[],
  baseCurrency: string,
  day: string,
): Decimal | null {
  const rate = rateOn(rates, currency, baseCurrency, day);
  return rate && rounded(times(amount, rate), minorPlaces(baseCurrency));
}

/** An amount in the base currency, in another one at that day's rate. */
export function fromBase(
  amount: Decimal,
  currency: string,
  rates: readonly ExchangeRate[],
  baseCurrency: string,
  day: string,
): Decimal | null {
  const rate = rateOn(rates, currency, baseCurrency, day);
  return rate && dividedBy(amount, rate, minorPlaces(currency));
}

/** What FEEL and reports see: the decimal number. */
export const moneyNumber = (
  field: Pick<Field, "unitPrice">,
  stored: unknown,
  currency: string | null,
): number | null => {
  const amount = moneyOf(field, stored, currency);
  return amount && numberOf(amount);
};
