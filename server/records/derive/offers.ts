/** Derived fields of quotes and their lines, contracts, orders and activities. */
import type { Plain, Values } from "@/server/engine/model.ts";
import { type Decimal, decimalOf, dividedBy, fits, minus, numberOf, plus, rounded, times, whole } from "../decimal.ts";
import type { Deriving } from "../derive.ts";
import { minorPlaces } from "../currencies.ts";
import { currencyOf, inBase, moneyOf } from "../money.ts";
import { monthsBetween } from "../written-numbers.ts";
import { isFirstTouch } from "./activities.ts";
import { amount, based, bookingDay, decimalIn, discount, kept, percentOf } from "./amounts.ts";

const unit = (line: Values, key: "list_price" | "net_price" | "unit_cost"): Decimal | null =>
  moneyOf({ unitPrice: true }, line[key], null);

/** quantity × price × periods, rounded to the currency's minor unit: a line is what the invoice will say. */
function lineAmount(
  line: Values,
  key: "list_price" | "net_price" | "unit_cost",
  term: Plain | undefined,
  currency: string,
): Decimal | null {
  const [quantity, price, count] = [decimalIn(line.quantity), unit(line, key), periods(line, term)];
  return quantity && price && count ? rounded(times(times(quantity, price), count), minorPlaces(currency)) : null;
}

/** How often the line's price is paid over its term: its own dates first, else the quote's months. Null when nobody says. */
function periods(line: Values, term: Plain | undefined): Decimal | null {
  if (line.recurrence === "one_time" || line.recurrence === "usage") return whole(1);
  const { start_date: start, end_date: end } = line;
  const months =
    typeof start === "string" && typeof end === "string" && end >= start ? monthsBetween(start, end) : decimalIn(term);
  if (!months) return null;
  return line.recurrence === "monthly" ? months : dividedBy(months, whole(12), 10);
}

/** Usage is not committed: it has a price, but no part in totals. */
const isCommitted = (line: Values): boolean => line.recurrence !== "usage";

export function quoteLine(values: Values, context: Deriving): Values {
  const currency = context.quote
    ? currencyOf(context.quote, context.baseCurrency)
    : currencyOf(values, context.baseCurrency);
  const [list, net] = [unit(values, "list_price"), unit(values, "net_price")];
  const total = lineAmount(values, "net_price", context.quote?.term_months, currency);
  return {
    currency: context.quote ? currency : (values.currency ?? null),
    discount_percent: list && net ? discount(net, list) : null,
    line_total: total ? kept(total, { currency }, context) : (values.line_total ?? null),
  };
}

export function quote(values: Values, context: Deriving): Values {
  const { lines } = context;
  const totals = lines
    ? totalsOf(lines.filter(isCommitted), values, context)
    : {
        list_total: values.list_total ?? null,
        net_total: values.net_total ?? null,
        gross_margin_percent: values.gross_margin_percent ?? null,
      };
  const known: Values = { ...values, ...totals };
  const [list, net, tax] = [
    amount(known, "list_total", context),
    amount(known, "net_total", context),
    amount(known, "tax_total", context),
  ];
  const day = bookingDay(values.accepted_at, context);
  return {
    ...totals,
    discount_percent: list && net ? discount(net, list) : null,
    grand_total: net && kept(tax ? plus(net, tax) : net, values, context),
    acv_base: lines
      ? based(yearly(lines, currencyOf(values, context.baseCurrency)), values, day, context)
      : (values.acv_base ?? null),
    tcv_base: based(net, values, day, context),
  };
}

/** Sums over the lines; a sum with an unknown part is unknown. */
function totalsOf(lines: readonly Values[], values: Values, context: Deriving): Values {
  const currency = currencyOf(values, context.baseCurrency);
  const sum = (key: "list_price" | "net_price" | "unit_cost"): Decimal | null =>
    lines
      .map((line) => lineAmount(line, key, values.term_months, currency))
      .reduce((all, one) => all && one && plus(all, one), whole(0) as Decimal | null);
  const [list, net, cost] = [sum("list_price"), sum("net_price"), sum("unit_cost")];
  return {
    list_total: kept(list, values, context),
    net_total: kept(net, values, context),
    gross_margin_percent: net && cost && lines.length > 0 ? percentOf(minus(net, cost), net) : null,
  };
}

/** What the recurring lines bring in a year: recurring value of the contract ÷ its years. */
function yearly(lines: readonly Values[], currency: string): Decimal | null {
  const recurring = lines.filter(({ recurrence }) => recurrence === "monthly" || recurrence === "annual");
  return recurring
    .map((line) => {
      const [quantity, price] = [decimalIn(line.quantity), unit(line, "net_price")];
      return (
        quantity &&
        price &&
        rounded(times(times(quantity, price), whole(line.recurrence === "monthly" ? 12 : 1)), minorPlaces(currency))
      );
    })
    .reduce((all, one) => all && one && plus(all, one), whole(0) as Decimal | null);
}

/** Rounds in which the other side's changes came back. */
export function contract(values: Values, { previous }: Deriving): Values {
  const before = typeof values.redline_round_count === "number" ? values.redline_round_count : 0;
  return { redline_round_count: before + (values.status === "redlining" && previous?.status !== "redlining" ? 1 : 0) };
}

export function order(values: Values, context: Deriving): Values {
  const { quote: offer, lines } = context;
  const fromLines =
    lines && offer
      ? amount(
          {
            ...offer,
            ...totalsOf(
              lines.filter(isCommitted),
              { ...offer, currency: values.currency ?? offer.currency ?? null },
              context,
            ),
          },
          "net_total",
          context,
        )
      : null;
  const sameCurrency = offer && currencyOf(offer, context.baseCurrency) === currencyOf(values, context.baseCurrency);
  const total =
    fromLines ??
    (offer && sameCurrency ? amount(offer, "net_total", context) : null) ??
    amount(values, "order_total", context);
  const day = bookingDay(values.booked_at ?? values.activated_at, context);
  const totalBase = based(total, values, day, context);
  const known: Values = {
    ...values,
    order_total: kept(total, values, context),
    order_total_base: totalBase,
    quote_variance_base: offer ? variance(totalBase, offer, day, context) : (values.quote_variance_base ?? null),
  };
  return { ...known, validation_error_count: orderFaults(known).length };
}

/** Order total less the quote's net total, both in base currency at the same day's rate. */
function variance(totalBase: number | null, offer: Values, day: string, context: Deriving): number | null {
  const net = amount(offer, "net_total", context);
  const netBase = net && inBase(net, currencyOf(offer, context.baseCurrency), context.rates, context.baseCurrency, day);
  const total = totalBase === null ? null : decimalOf(String(totalBase));
  const difference = total && netBase && minus(total, netBase);
  return difference && fits(difference, 4) ? numberOf(difference) : null;
}

/** What keeps an order from being carried out, as values of `order_fallout_reason`. */
export function orderFaults(values: Values): string[] {
  const blank = (key: string) => values[key] === null || values[key] === undefined || values[key] === "";
  const checks: [string, boolean][] = [
    ["missing_po", values.po_required === true && blank("po_number")],
    ["price_mismatch", typeof values.quote_variance_base === "number" && values.quote_variance_base !== 0],
    ["missing_billing_contact", blank("billing_contact_id") && blank("billing_email")],
    ["missing_tax_data", values.tax_exempt !== true && blank("tax_id")],
    [
      "start_date_conflict",
      typeof values.start_date === "string" &&
        typeof values.end_date === "string" &&
        values.end_date <= values.start_date,
    ],
    ["credit_hold", values.credit_check_status === "failed"],
  ];
  return checks.flatMap(([reason, holds]) => (holds ? [reason] : []));
}

export const activity = (values: Values, { activities }: Deriving): Values => ({
  is_first_touch: activities ? isFirstTouch(values, activities) : (values.is_first_touch ?? null),
});
