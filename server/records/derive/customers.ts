/** Derived fields of leads, accounts, contacts and opportunities. */
import type { Plain, Values } from "@/server/engine/model.ts";
import { companyDomainOf } from "../contact-details.ts";
import { zoneOf } from "../countries.ts";
import { numberOf, plus, times, whole } from "../decimal.ts";
import type { Deriving } from "../derive.ts";
import { startOfDay } from "../written-numbers.ts";
import { lastActivity, touches } from "./activities.ts";
import { amount, based, bookingDay, decimalIn, integer } from "./amounts.ts";

const textOf = (value: Plain | undefined): string | null => (typeof value === "string" && value !== "" ? value : null);

export function lead(values: Values, context: Deriving): Values {
  return {
    company_domain: textOf(values.company_domain) ?? companyDomainOf(values.email),
    timezone: textOf(values.timezone) ?? zoneOf(textOf(values.country), textOf(values.region)),
    lead_score: leadScore(values),
    expected_acv_base:
      values.expected_acv_base ?? context.medianAcv?.[textOf(values.segment) ?? ""] ?? context.medianAcv?.[""] ?? null,
    ...touches(values, context),
  };
}

/** 0.6 fit + 0.4 engagement, rounded half up. A half that is unknown counts as nothing known in its favour: 0. */
function leadScore(values: Values): number | null {
  const [fit, engagement] = [decimalIn(values.fit_score), decimalIn(values.engagement_score)];
  if (!fit && !engagement) return null;
  return integer(plus(times(fit ?? whole(0), whole(6, 1)), times(engagement ?? whole(0), whole(4, 1))));
}

export function account(values: Values, context: Deriving): Values {
  const held = context.subscriptions;
  const starts = held
    ?.filter(({ status }) => status !== "pending")
    .flatMap(({ start_date: day }) => (typeof day === "string" ? [day] : []));
  return {
    arr_base: held
      ? sumOf(held.filter(({ status }) => status === "active").map(({ arr_base: arr }) => arr))
      : (values.arr_base ?? null),
    customer_since_date: starts ? (starts.sort()[0] ?? null) : (values.customer_since_date ?? null),
    last_activity_at: lastActivity(values, context),
  };
}

const sumOf = (numbers: readonly (Plain | undefined)[]): number =>
  numberOf(numbers.map((one) => decimalIn(one) ?? whole(0)).reduce(plus, whole(0)));

export const contact = (values: Values, context: Deriving): Values => ({
  last_activity_at: lastActivity(values, context),
});

/** Percent by stage until the workspace's own history says better. */
export const defaultProbability: Readonly<Record<string, number>> = {
  qualification: 10,
  discovery: 20,
  solution_fit: 40,
  proposal: 60,
  negotiation: 75,
  contracting: 90,
  closed_won: 100,
  closed_lost: 0,
};

const meddicc = [
  "metrics",
  "economic_buyer",
  "decision_criteria",
  "decision_process",
  "identify_pain",
  "champion",
  "competition",
].map((letter) => `meddicc_${letter}`);

export function opportunity(values: Values, context: Deriving): Values {
  const closedAt = closing(values, context);
  const known = { ...values, amount: values.amount ?? values[context.amountFrom ?? "acv"] ?? null };
  const scores = meddicc.flatMap((key) => (typeof values[key] === "number" ? [values[key]] : []));
  return {
    amount: known.amount,
    amount_base: based(amount(known, "amount", context), values, bookingDay(closedAt, context), context),
    probability: probability(values, context),
    meddicc_score: scores.length === 0 ? null : scores.reduce((sum, one) => sum + one, 0),
    original_close_date: values.original_close_date ?? context.previous?.close_date ?? values.close_date ?? null,
    close_date_push_count: pushes(values, context),
    stage_entered_at: stageEntry(values, closedAt, context),
    closed_at: closedAt,
    contact_count: recentContacts(values, context),
    last_activity_at: lastActivity(values, context),
  };
}

const isClosed = (stage: Plain | undefined): boolean => stage === "closed_won" || stage === "closed_lost";

/** A closed record that arrives as such was closed on its close date; a reopened one is not closed. */
function closing(values: Values, context: Deriving): number | null {
  if (!isClosed(values.stage)) return null;
  if (typeof values.closed_at === "number" && context.previous?.stage !== undefined && isClosed(context.previous.stage))
    return values.closed_at;
  if (context.previous) return context.now;
  if (typeof values.closed_at === "number") return values.closed_at;
  return typeof values.close_date === "string" && values.close_date < context.today
    ? startOfDay(values.close_date, context.zone)
    : context.now;
}

function stageEntry(values: Values, closedAt: number | null, context: Deriving): Plain {
  if (context.previous && context.previous.stage !== values.stage) return context.now;
  return values.stage_entered_at ?? closedAt ?? context.now;
}

/** The stage's default follows the stage until somebody writes another number; a closed deal is certain. */
function probability(values: Values, context: Deriving): Plain {
  const stage = textOf(values.stage) ?? "";
  const byStage = { ...defaultProbability, ...context.stageProbability };
  if (isClosed(stage)) return stage === "closed_won" ? 100 : 0;
  const { previous } = context;
  const untouched =
    previous &&
    previous.stage !== stage &&
    previous.probability === values.probability &&
    previous.probability === byStage[textOf(previous.stage) ?? ""];
  return untouched || values.probability === null || values.probability === undefined
    ? (byStage[stage] ?? null)
    : values.probability;
}

/** Times the close date moved to a later day. */
function pushes(values: Values, { previous }: Deriving): number {
  const before = typeof values.close_date_push_count === "number" ? values.close_date_push_count : 0;
  const [from, to] = [previous?.close_date, values.close_date];
  return before + (typeof from === "string" && typeof to === "string" && to > from ? 1 : 0);
}

/** Distinct contacts with an activity in the last 30 days. */
function recentContacts(values: Values, { activities, now }: Deriving): Plain {
  if (!activities) return values.contact_count ?? null;
  const recent = activities.filter(
    ({ occurred_at: at }) => typeof at === "number" && at > now - 30 * 86_400_000 && at <= now,
  );
  return new Set(recent.map(({ contact_id: contact }) => contact).filter((contact) => typeof contact === "string"))
    .size;
}
