/** A prospect of the list: seven touches on three channels, and every answer to them. */
import type { Store } from "@/db/store.ts";
import type { Values } from "@/server/engine/model.ts";
import { type Cast, day, openTale } from "./tell.ts";

const call: Cast[string] = (_, result = "no_answer") => ({ "run.call_result": result });
const later: Values = { "lead.recycle_reason": "timing", "lead.recycle_until": "2026-12-01" };
const cast: Cast = {
  research: (_, how = "ready") => ({
    "run.research_ok": how,
    ...(how === "ready" && { "lead.trigger_event": "New head of sales", "lead.persona": "CRO" }),
  }),
  call_1: call,
  call_2: call,
  call_3: call,
  triage_reply: (_, route = "book") => ({
    "lead.reply_sentiment": "neutral",
    "run.reply_route": route,
    ...(route === "later" && later),
  }),
  book: ({ now }) => ({
    "lead.next_meeting_at": now() + day,
    "lead.meeting_status": "booked",
    "lead.need_summary": "Forecasts are guesses.",
  }),
  lead: ({ change, id }, field = "", value = "") => change(id, { [field]: JSON.parse(value) }),
  reply: ({ bench, id, now }) =>
    bench.record("activity", {
      type: "email",
      direction: "inbound",
      subject: "Re: your note",
      occurred_at: now(),
      related_type: "lead",
      related_id: id,
    }),
};

/** The way to each step while nobody answers. */
const opening = "research ready\n call_1 voicemail\n email_1\n at wait_a";
const social = `${opening}\n wait\n social_touch\n at wait_b`;
const second = `${social}\n wait\n at call_2`;
const proof = `${second}\n call_2 no_answer\n email_2\n at wait_c`;
const third = `${proof}\n wait\n at call_3`;
const long = `${third}\n call_3 wrong_number\n at wait_d`;
const closing = `${long}\n wait\n email_close\n at wait_final`;

export async function outboundSequence(store: Store) {
  const tale = await openTale(store, cast, "outbound_sequence");
  const { bench, story } = tale;
  let n = 0;
  const prospect = (values: Values = {}) => {
    n += 1;
    return () =>
      bench.record("lead", {
        last_name: `Hoa ${n}`,
        email: `hoa${n}@sen${n}.com`,
        company_name: `Sen ${n}`,
        country: "VN",
        source: "outbound",
        owner_id: "an",
        ...values,
      });
  };

  // Nobody ever answers, and the first steps are late; out of office stops the clock for three days.
  await story(
    prospect(),
    `late research_time
     research ready
     lead reply_sentiment "out_of_office"
     days 3
     lead reply_sentiment "none"
     late touch_on_time
     call_1 no_answer
     email_1
     wait
     social_touch
     wait
     call_2 voicemail
     email_2
     wait
     call_3 no_answer
     wait
     email_close
     wait
     ends end_resting`,
  );

  // Each call can end it.
  await story(prospect(), "research ready\n call_1 connected_interested\n book\n ends end_meeting_booked");
  await story(prospect(), "research ready\n call_1 connected_not_now\n ends end_resting");
  await story(prospect(), "research ready\n call_1 connected_no\n ends end_suppressed");
  await story(prospect(), `${second}\n call_2 connected_interested\n book\n ends end_meeting_booked`);
  await story(prospect(), `${second}\n call_2 connected_not_now\n ends end_resting`);
  await story(prospect(), `${second}\n call_2 connected_no\n ends end_suppressed`);
  await story(prospect(), `${third}\n call_3 connected_interested\n book\n ends end_meeting_booked`);
  await story(prospect(), `${third}\n call_3 connected_no\n ends end_suppressed`);

  // They write back, at each of the five waits; the answer is late once.
  await story(
    prospect(),
    `${opening}
     reply
     late reply_speed
     triage_reply objection
     call_2 no_answer
     email_2
     reply
     triage_reply book
     book
     ends end_meeting_booked`,
  );
  await story(prospect(), `${social}\n reply\n triage_reply stop\n ends end_suppressed`);
  await story(prospect(), `${long}\n reply\n triage_reply later\n ends end_resting`);
  await story(prospect(), `${closing}\n reply\n triage_reply referral\n ends end_resting`);

  // Not worth it, or not allowed.
  await story(prospect(), "research no_trigger\n ends end_not_started");
  await story(prospect({ do_not_contact: true }), "ends end_suppressed");
  await story(prospect({ email_status: "invalid" }), "ends end_not_started");
  const account = await bench.record("account", {
    name: "Known",
    domain: "known.com",
    billing_country: "VN",
    account_type: "customer",
  });
  await story(prospect({ matched_account_id: account }), "ends end_not_started");
  return tale;
}

export const outboundSequenceCannot: Readonly<Record<string, string>> = {};
