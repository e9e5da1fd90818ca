/** Derived fields of subscriptions, invoices and payments. */
import type { Plain, Values } from "@/server/engine/model.ts";
import { type Decimal, isZero, minus, plus, whole } from "../decimal.ts";
import type { Deriving } from "../derive.ts";
import { addDays, daysBetween } from "../written-numbers.ts";
import { amount, based, bookingDay, decimalIn, kept, percentOf } from "./amounts.ts";

export function subscription(values: Values, context: Deriving): Values {
  const end = typeof values.end_date === "string" ? values.end_date : null;
  const notice = typeof values.notice_period_days === "number" ? values.notice_period_days : null;
  const renewal = end && addDays(end, 1);
  const [active, bought] = [decimalIn(values.seats_active), decimalIn(values.seats_purchased)];
  return {
    renewal_date: renewal,
    notice_deadline: end && notice !== null ? addDays(end, -notice) : null,
    days_to_renewal: renewal && daysBetween(context.today, renewal),
    arr_base: based(amount(values, "arr", context), values, bookingDay(values.start_date, context), context),
    usage_percent: active && bought ? percentOf(active, bought) : null,
  };
}

export function invoice(values: Values, context: Deriving): Values {
  const [subtotal, tax] = [amount(values, "subtotal", context), amount(values, "tax_total", context)];
  const total = amount(values, "total", context) ?? (subtotal && (tax ? plus(subtotal, tax) : subtotal));
  const owed = balance(values, total, context);
  const day = bookingDay(values.issue_date, context);
  return {
    total: kept(total, values, context),
    total_base: based(total, values, day, context),
    balance: kept(owed, values, context),
    balance_base: based(owed, values, day, context),
    days_past_due: pastDue(values.due_date, owed, context.today),
  };
}

/**
 * Total less payments that succeeded and what was written off. Without the payments: nothing on a paid or void invoice, the
 * stored balance moved by what the total moved, or all of it.
 */
function balance(values: Values, total: Decimal | null, context: Deriving): Decimal | null {
  if (!total) return null;
  if (values.status === "void") return whole(0);
  const writtenOff = amount(values, "write_off_amount", context) ?? whole(0);
  if (context.payments)
    return minus(
      minus(total, context.payments.map((one) => received(one, values, context)).reduce(plus, whole(0))),
      writtenOff,
    );
  if (values.status === "paid") return whole(0);
  const stored = amount(values, "balance", context);
  const { previous } = context;
  const totalBefore = previous ? amount(previous, "total", context) : null;
  const offBefore = previous ? (amount(previous, "write_off_amount", context) ?? whole(0)) : writtenOff;
  if (stored && totalBefore) return plus(minus(stored, minus(writtenOff, offBefore)), minus(total, totalBefore));
  return stored ?? minus(total, writtenOff);
}

/** What a payment pays of its invoice: nothing unless it succeeded in the invoice's currency. */
function received(payment: Values, invoice: Values, context: Deriving): Decimal {
  if (payment.status !== "succeeded" || payment.currency !== invoice.currency) return whole(0);
  return minus(
    amount(payment, "amount", context) ?? whole(0),
    amount(payment, "unapplied_amount", context) ?? whole(0),
  );
}

/** Days since it was due, while something is owed. */
function pastDue(due: Plain | undefined, owed: Decimal | null, today: string): Plain {
  if (typeof due !== "string" || !owed) return null;
  return isZero(owed) || owed.units < 0n ? 0 : Math.max(0, daysBetween(due, today));
}

export const payment = (values: Values, context: Deriving): Values => ({
  amount_base: based(amount(values, "amount", context), values, bookingDay(values.received_at, context), context),
});
