/** Amounts of a record: read exactly, added exactly, kept as the field keeps them. */
import type { Plain, Values } from "@/server/engine/model.ts";
import { type Decimal, decimalOfNumber, dividedBy, minus, numberOf, rounded, times, whole } from "../decimal.ts";
import type { Deriving } from "../derive.ts";
import { currencyOf, inBase, moneyOf, storedMoney } from "../money.ts";
import { dayIn, isDay } from "../written-numbers.ts";

/** A money field of the record as an exact decimal in the record's currency. */
export const amount = (values: Values, key: string, context: Deriving): Decimal | null =>
  moneyOf({}, values[key], currencyOf(values, context.baseCurrency));

/** An exact amount as a money field of this record stores it. */
export const kept = (value: Decimal | null, values: Values, context: Deriving): number | null =>
  value && storedMoney({}, value, currencyOf(values, context.baseCurrency));

/** The amount as a `_base` field holds it: a decimal number in the workspace's currency, at the rate of that day. */
export function based(value: Decimal | null, values: Values, day: string, context: Deriving): number | null {
  const converted =
    value && inBase(value, currencyOf(values, context.baseCurrency), context.rates, context.baseCurrency, day);
  return converted && numberOf(converted);
}

/** part ÷ total × 100 to two places; null when there is no total. */
export function percentOf(part: Decimal, total: Decimal): number | null {
  const share = dividedBy(times(part, whole(100)), total, 2);
  return share && numberOf(share);
}

/** How much less than the list it is, in percent. */
export const discount = (net: Decimal, list: Decimal): number | null => percentOf(minus(list, net), list);

export const decimalIn = (value: Plain | undefined): Decimal | null =>
  typeof value === "number" ? decimalOfNumber(value) : null;

export const integer = (value: Decimal): number => numberOf(rounded(value, 0));

/** The day of a date or an instant field, no later than today; today when it is empty. */
export function bookingDay(value: Plain | undefined, context: Deriving): string {
  const day = typeof value === "number" ? dayIn(value, context.zone) : isDay(value) ? value : context.today;
  return day < context.today ? day : context.today;
}
