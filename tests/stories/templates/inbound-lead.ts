/** An inquiry, on each of its ways to a meeting that was held, to the shelf, or out. */
import type { Store } from "@/db/store.ts";
import type { Values } from "@/server/engine/model.ts";
import { type Cast, day, openTale, workspaceWords } from "./tell.ts";

const key = "inbound_lead_to_meeting";

const touch: Cast[string] = (_, result = "connected") => ({ "run.touch_result": result });
const meeting: Cast[string] = ({ now }) => ({
  "lead.next_meeting_at": now() + 2 * day,
  "lead.meeting_status": "booked",
});
const qualifications: Record<string, Values> = {
  qualified: { "lead.need_summary": "Quotes take three days and two deals were lost over it." },
  not_now: { "lead.recycle_reason": "timing", "lead.recycle_until": "2026-12-01" },
  not_fit: { "lead.disqualify_reason": "no_need" },
};
const cast: Cast = {
  ...workspaceWords,
  first_touch: touch,
  follow_up: touch,
  notify_account_owner: touch,
  fix_contact: () => ({ "lead.company_domain": "firm.com" }),
  qualify: (_, how = "qualified") => ({
    "run.qualification": how,
    "lead.budget_status": "planned",
    "lead.authority_level": "decision_maker",
    "lead.purchase_timeline": "this_quarter",
    ...qualifications[how],
  }),
  book: meeting,
  rebook: meeting,
  ae_accept: (_, decision = "accepted", reason) => ({
    "run.ae_decision": decision,
    ...(reason && { "run.ae_reject_reason": reason }),
  }),
  lead: ({ change, id }, field = "", value = "") => change(id, { [field]: JSON.parse(value) }),
  meeting: ({ change, id }, status = "held") => change(id, { meeting_status: status }),
  reply: ({ bench, id, now }) =>
    bench.record("activity", {
      type: "email",
      direction: "inbound",
      subject: "Re: hello",
      occurred_at: now(),
      related_type: "lead",
      related_id: id,
      outcome: "replied",
    }),
};

export async function inboundLead(store: Store) {
  const tale = await openTale(store, cast, key, "opportunity_to_close");
  const { bench, story } = tale;
  let n = 0;
  const inquiry = (values: Values = {}) => {
    n += 1;
    return () =>
      bench.record("lead", {
        last_name: `Nguyễn ${n}`,
        email: `p${n}@firm${n}.com`,
        company_name: `Firm ${n}`,
        country: "VN",
        source: "inbound_web",
        inquiry_type: "demo_request",
        fit_score: 80,
        engagement_score: 40,
        ...values,
      });
  };

  // Hot and touched in time, met, accepted.
  await story(
    inquiry(),
    `at first_touch
     first_touch connected
     qualify
     book
     meeting held
     ae_accept accepted
     ends end_meeting_held`,
  );
  // Hot and too late, blocked for a while and free again; bad data, then six attempts in vain.
  await story(
    inquiry(),
    `lead do_not_contact true
     hours 1
     lead do_not_contact false
     late speed_to_lead_hot
     first_touch bad_contact_data
     fix_contact
     lead meeting_status "booked"
     days 1
     lead meeting_status "none"
     late follow_up_cadence
     follow_up no_answer
     wait
     follow_up no_answer
     wait
     follow_up no_answer
     wait
     follow_up no_answer
     wait
     follow_up no_answer
     wait
     follow_up no_answer
     ends end_recycled`,
  );
  // Warm and touched in time: they reply while we wait; first not complete, then not now.
  await story(
    inquiry({ fit_score: 30 }),
    `first_touch voicemail
     at wait_retry
     reply
     # Somebody passes over it, and it is not complete: back to it.
     skip qualify
     at qualify
     lead reply_sentiment "out_of_office"
     days 3
     lead reply_sentiment "positive"
     late qualification_call
     qualify not_now
     ends end_recycled`,
  );
  // Warm and too late; connected at the second attempt; not a fit.
  await story(
    inquiry({ inquiry_type: "referral", fit_score: 10 }),
    `lead do_not_contact true
     days 1
     lead do_not_contact false
     late speed_to_lead_warm
     first_touch no_answer
     wait
     follow_up connected
     qualify not_fit
     ends end_disqualified`,
  );
  // No-show, no signal, no-show again: recycled.
  await story(
    inquiry({ inquiry_type: "trial_signup", fit_score: 60 }),
    `first_touch replied
     qualify
     book
     meeting no_show
     late no_show_recovery
     rebook
     wait
     rebook
     meeting no_show
     ends end_recycled`,
  );
  // The AE is late, misses a fact, then rejects.
  await story(
    inquiry({ inquiry_type: "content_download", fit_score: 55, engagement_score: 70 }),
    `first_touch connected
     qualify
     book
     meeting held
     late ae_acceptance
     ae_accept rejected missing_information
     qualify
     book
     meeting held
     ae_accept rejected not_icp
     ends end_recycled`,
  );
  // Cold ones wait on the shelf, whoever they are; one opts out; one is blocked from the start.
  await story(inquiry({ inquiry_type: "event_scan", fit_score: 55, engagement_score: 10 }), "ends end_recycled");
  await story(inquiry({ inquiry_type: "event_scan", fit_score: 10, engagement_score: 10 }), "ends end_recycled");
  await story(inquiry(), "first_touch opted_out\n ends end_disqualified");
  await story(inquiry({ do_not_contact: true }), "ends end_disqualified");
  // A second inquiry of somebody we already talk to, and one of a customer.
  await story(inquiry({ email: "twice@firm.com", company_name: "Twice" }), "at first_touch");
  await story(inquiry({ email: "twice@firm.com", company_name: "Twice" }), "ends end_duplicate");
  await bench.record("account", {
    name: "Known",
    domain: "known.com",
    billing_country: "VN",
    account_type: "customer",
    owner_id: "dung",
  });
  await story(
    inquiry({ email: "x@known.com", company_name: "Known", company_domain: "known.com" }),
    "notify_account_owner connected\n ends end_existing_customer",
  );
  // What enriches is down, and they ask us not to call meanwhile: the lead waits before the first touch.
  tale.refuse("enrichment");
  await story(
    inquiry(),
    `at enrich (failed); EFFECT_FAILED at enrich: This system is down.
     lead do_not_contact true
     hours 1
     works
     retry
     hours 1
     at first_touch (held)
     lead do_not_contact false
     first_touch connected
     qualify not_fit
     ends end_disqualified`,
  );
  // The same, moved past it by hand; whoever published the process has left, so nothing may be routed: late, until they are back.
  tale.refuse("enrichment");
  await story(
    inquiry(),
    `everybody leave
     move enrich route
     hours 1
     works
at route (failed); NOT_ALLOWED at route: Whoever published this version may not do this, so the automation may not either. Let a colleague who may publish it, then retry.
     everybody return
     retry
     first_touch opted_out
     ends end_disqualified`,
  );
  return tale;
}

/** What no run of it can show, and why. */
export const inboundLeadCannot: Readonly<Record<string, string>> = {};
