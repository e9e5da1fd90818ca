/**
 * How the people of the demo behave: how long work waits before somebody begins it, how long it takes, and how it ends. The
 * truths planted here are what the reports must find: legal review waits longest, work that comes in on a Friday waits longer,
 * and the second version of the deal process halves the wait for a deal review.
 */
import type { Plain } from "@/server/engine/model.ts";

export type StepHabit = {
  /** Median working hours until somebody begins, and of the work itself. */
  wait: number;
  touch: number;
  /** Odds of a field's values, by path. */
  choose?: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

export const fridayFactor = 2;
/** What the second version of the deal process does to the wait for a review. */
export const reviewGain = 0.5;

const deal: Record<string, StepHabit> = {
  qualify: {
    wait: 5,
    touch: 1,
    choose: {
      "run.qualify_decision": { pursue: 78, nurture: 10, disqualify: 12 },
      "opportunity.meddicc_identify_pain": { 2: 1 },
    },
  },
  discovery: {
    wait: 9,
    touch: 4,
    choose: {
      "opportunity.discovery_held": { true: 1 },
      "opportunity.meddicc_metrics": { 1: 3, 2: 5 },
      "opportunity.meddicc_economic_buyer": { 1: 4, 2: 4 },
      "opportunity.meddicc_decision_criteria": { 1: 3, 2: 5 },
      "opportunity.meddicc_decision_process": { 1: 5, 2: 3 },
      "opportunity.meddicc_champion": { 1: 4, 2: 4 },
      "opportunity.meddicc_competition": { 1: 5, 2: 3 },
    },
  },
  demo: {
    wait: 8,
    touch: 3,
    choose: {
      "opportunity.demo_outcome": { strong_fit: 62, partial_fit: 14, needs_poc: 14, no_fit: 10 },
      "opportunity.poc_required": { true: 1, false: 4 },
      "opportunity.security_review_required": { true: 2, false: 3 },
      "opportunity.procurement_required": { true: 1, false: 3 },
    },
  },
  poc: { wait: 7, touch: 14, choose: { "opportunity.demo_outcome": { strong_fit: 1 } } },
  deal_review: {
    wait: 11,
    touch: 0.7,
    choose: { "run.manager_review": { proceed: 86, rework: 6, stop: 8 } },
  },
  proposal: {
    wait: 7,
    touch: 3,
    choose: {
      "run.proposal_result": { accepted_in_principle: 68, changes_requested: 17, rejected: 15 },
      "opportunity.verbal_agreement": { true: 1 },
    },
  },
  negotiate: { wait: 8, touch: 3, choose: { "run.proposal_result": { changes_requested: 1 } } },
  security_review: { wait: 9, touch: 6, choose: { "run.security_result": { passed: 90, gaps: 8, failed: 2 } } },
  legal_review: {
    wait: 30,
    touch: 3,
    choose: {
      "contract.paper": { ours: 7, theirs: 3 },
      "contract.risk_level": { low: 6, medium: 3, high: 1 },
      "contract.status": { in_review: 1 },
    },
  },
  signature: {
    wait: 6,
    touch: 1,
    choose: {
      "contract.paper": { ours: 7, theirs: 3 },
      "contract.risk_level": { low: 6, medium: 3, high: 1 },
      "run.signature_result": { signed: 93, withdrawn: 7 },
    },
  },
  close_lost: { wait: 6, touch: 0.5 },
};

const lead: Record<string, StepHabit> = {
  notify_account_owner: { wait: 3, touch: 0.5, choose: { "run.touch_result": { connected: 3, replied: 1 } } },
  first_touch: { wait: 0.1, touch: 0.3, choose: { "run.touch_result": { connected: 5, replied: 2, no_answer: 3 } } },
  follow_up: {
    wait: 2,
    touch: 0.3,
    choose: { "run.touch_result": { connected: 4, replied: 2, no_answer: 3, voicemail: 1 } },
  },
  qualify: { wait: 3, touch: 0.6, choose: { "run.qualification": { qualified: 60, not_now: 22, not_fit: 18 } } },
  book: { wait: 1.5, touch: 0.3, choose: { "lead.meeting_status": { booked: 1 } } },
  rebook: { wait: 3, touch: 0.3, choose: { "lead.meeting_status": { booked: 1 } } },
  ae_accept: { wait: 2, touch: 0.3, choose: { "run.ae_decision": { accepted: 85, rejected: 15 } } },
};

const quote: Record<string, StepHabit> = {
  build_quote: {
    wait: 4,
    touch: 1.5,
    choose: { "run.config_result": { valid: 93, invalid: 7 }, "quote.non_standard_terms": { false: 4, true: 1 } },
  },
  present: { wait: 9, touch: 1, choose: { "run.presentation_result": { accepted: 1 } } },
  create_order: {
    wait: 1.6,
    touch: 0.5,
    choose: { "order.po_required": { false: 1 }, "order.tax_exempt": { false: 1 } },
  },
  fix_ae: { wait: 4, touch: 0.5, choose: { "order.fallout_reason": { none: 1 } } },
  fix_finance: { wait: 4, touch: 0.5, choose: { "order.fallout_reason": { none: 1 } } },
  fix_order: { wait: 4, touch: 0.5, choose: { "order.fallout_reason": { none: 1 } } },
  credit_review: {
    wait: 6,
    touch: 1,
    choose: { "order.credit_check_status": { passed: 1 }, "account.credit_status": { ok: 1 } },
  },
};

const approvalOdds = { approved: 88, approved_with_conditions: 12 };
const desk: Record<string, StepHabit> = {
  collect: { wait: 4, touch: 0.7, choose: { "quote.non_standard_terms": { false: 4, true: 1 } } },
  desk_review: {
    wait: 1.2,
    touch: 0.8,
    choose: {
      "run.completeness": { complete: 88, incomplete: 12 },
      "run.desk_recommendation": { approve: 7, approve_with_conditions: 3 },
    },
  },
  manager_decision: { wait: 5, touch: 0.3, choose: { "run.decision": approvalOdds } },
  director_decision: { wait: 6, touch: 0.3, choose: { "run.decision": approvalOdds } },
  finance_decision: { wait: 6, touch: 0.5, choose: { "run.finance_decision": approvalOdds } },
  legal_decision: { wait: 9, touch: 0.7, choose: { "run.legal_decision": approvalOdds } },
  executive_decision: { wait: 10, touch: 0.3, choose: { "run.executive_decision": approvalOdds } },
};

const outbound: Record<string, StepHabit> = {};

const habits: Readonly<Record<string, Readonly<Record<string, StepHabit>>>> = {
  opportunity_to_close: deal,
  inbound_lead_to_meeting: lead,
  quote_to_order: quote,
  deal_desk_approval: desk,
  outbound_sequence: outbound,
};

/** A step nobody wrote a habit for: begun within half a day, done within the hour, any outcome as likely as another. */
export const habitOf = (process: string, node: string): StepHabit => habits[process]?.[node] ?? { wait: 4, touch: 0.5 };

/** The same habit when everything goes as it mostly does. */
export const atBest = ({ choose = {}, ...habit }: StepHabit): StepHabit => ({
  ...habit,
  choose: Object.fromEntries(
    Object.entries(choose).map(([field, odds]) => {
      const [likely] = Object.entries(odds).sort(([, a], [, b]) => b - a);
      return [field, { [likely![0]]: 1 }];
    }),
  ),
});

/** Discovery that passes its own gate and falls one point short of the proposal's. */
export const withThinEvidence = ({ choose = {}, ...habit }: StepHabit): StepHabit => ({
  ...habit,
  choose: Object.fromEntries(
    Object.entries(choose).map(([field, odds]) => [
      field,
      !field.includes("meddicc") ? odds : { [field.endsWith("competition") ? 0 : 1]: 1 },
    ]),
  ),
});

/** Weights are written by key; a field wants the value. */
export function valueOfKey(key: string): Plain {
  if (key === "true" || key === "false") return key === "true";
  return /^\d+$/.test(key) ? Number(key) : key;
}
