/** The shipped process “Inbound lead to meeting”, from the inquiry to each of its ends, on a virtual clock. */
import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Values } from "@/server/engine/model.ts";
import { readShippedTemplate } from "@/server/templates/index.ts";
import { describeOnBoth } from "../support/databases.ts";
import type { Bench } from "./bench.ts";
import { entered, finish, openTemplates, placeOf, runOf } from "./template-walk.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const key = "inbound_lead_to_meeting";
const asked: Values = {
  last_name: "Nguyễn",
  email: "thu@lotusfoods.com",
  company_name: "Lotus Foods",
  country: "VN",
  source: "inbound_web",
  inquiry_type: "demo_request",
  fit_score: 80,
  engagement_score: 40,
};
const qualified: Values = {
  "run.qualification": "qualified",
  "lead.need_summary": "Quotes take three days and two deals were lost over it.",
  "lead.budget_status": "planned",
  "lead.authority_level": "decision_maker",
  "lead.purchase_timeline": "this_quarter",
};
const inquiry = async (bench: Bench, n: number, values: Values = {}) => {
  const id = await bench.record("lead", {
    ...asked,
    last_name: `Nguyễn ${n}`,
    email: `p${n}@firm${n}.com`,
    company_name: `Firm ${n}`,
    ...values,
  });
  return { id, runId: await runOf(bench, id, key) };
};
const booked = (bench: Bench): Values => ({
  "lead.next_meeting_at": bench.clock.now() + 2 * day,
  "lead.meeting_status": "booked",
});

describeOnBoth("inbound lead to meeting", (open) => {
  it("goes every way it is drawn: met, no-show, late, lost, and each node is visited", async () => {
    const bench = await openTemplates(await open(), [key, "opportunity_to_close"]);

    // The straight way: touched in time, qualified, met, accepted by somebody else than who qualified.
    const met = await inquiry(bench, 1);
    expect(await placeOf(bench, met.runId)).toBe("first_touch");
    await bench.advance(2 * minute);
    await finish(bench, met.runId, "first_touch", { "run.touch_result": "connected" });
    const touched = await bench.store.read.select().from(bench.store.t.slaClock);
    expect(touched.find((c) => c.sla === "speed_to_lead_hot")).toMatchObject({ state: "completed", breachedAt: null });
    await finish(bench, met.runId, "qualify", qualified);
    await finish(bench, met.runId, "book", booked(bench));
    expect(await placeOf(bench, met.runId)).toBe("wait_meeting");
    await bench.change(met.id, { meeting_status: "held" });
    await bench.engine.worker.drain();
    await finish(bench, met.runId, "ae_accept", { "run.ae_decision": "accepted" });
    expect(await bench.run(met.runId)).toMatchObject({
      status: "completed",
      end: "end_meeting_held",
      outcome: "success",
    });
    const made = await bench.store.read.select().from(bench.store.t.record);
    expect(
      made
        .filter((r) => ["account", "contact", "opportunity"].includes(r.type))
        .map((r) => r.type)
        .sort(),
    ).toEqual(["account", "contact", "opportunity"]);
    const opportunity = made.find((r) => r.type === "opportunity")!;
    expect(opportunity.values).toMatchObject({ name: "Firm 1", stage: "discovery" });
    const account = made.find((r) => r.type === "account")!;
    expect(account.values).toMatchObject({ name: "Firm 1", domain: "firm1.com" });
    expect(await placeOf(bench, await runOf(bench, opportunity.id, "opportunity_to_close"))).toBe("qualify");

    // Late: five minutes pass untouched, the lead goes to the other rep, and the manager is told.
    const late = await inquiry(bench, 2);
    const first = Object.values((await bench.run(late.runId)).work)[0]!;
    await bench.advance(6 * minute);
    const now = await bench.run(late.runId);
    const hot = Object.values(now.clocks).find((c) => c.sla === "speed_to_lead_hot")!;
    expect(hot.clock.breachedAt).toBe(hot.clock.startedAt + 5 * minute);
    expect(Object.values(now.work)[0]!.assignee).not.toBe(first.assignee);
    expect(["an", "binh"]).toContain(Object.values(now.work)[0]!.assignee);

    // No answer, wrong number, no answer six times: recycled.
    await finish(bench, late.runId, "first_touch", { "run.touch_result": "bad_contact_data" });
    await finish(bench, late.runId, "fix_contact", { "lead.company_domain": "firm2.com" });
    for (let attempt = 1; attempt <= 6; attempt++) {
      await finish(bench, late.runId, "follow_up", { "run.touch_result": "no_answer" });
      if (attempt < 6) {
        expect(await placeOf(bench, late.runId)).toBe("wait_retry");
        await bench.advance(5 * day);
      }
    }
    expect(await bench.run(late.runId)).toMatchObject({ end: "end_recycled", outcome: "neutral" });

    // They reply while we wait; not complete at first; two no-shows; recycled.
    const shy = await inquiry(bench, 3);
    await finish(bench, shy.runId, "first_touch", { "run.touch_result": "voicemail" });
    await bench.record("activity", {
      type: "email",
      direction: "inbound",
      subject: "Re: hello",
      occurred_at: bench.clock.now(),
      related_type: "lead",
      related_id: shy.id,
      outcome: "replied",
    });
    await bench.engine.worker.drain();
    await finish(bench, shy.runId, "qualify", qualified);
    await finish(bench, shy.runId, "book", booked(bench));
    await bench.change(shy.id, { meeting_status: "no_show" });
    await bench.engine.worker.drain();
    await finish(bench, shy.runId, "rebook", booked(bench));
    await bench.advance(16 * day);
    expect(await placeOf(bench, shy.runId)).toBe("rebook");
    await finish(bench, shy.runId, "rebook", booked(bench));
    await bench.change(shy.id, { meeting_status: "no_show" });
    await bench.engine.worker.drain();
    expect(await bench.run(shy.runId)).toMatchObject({ end: "end_recycled" });
    const rework = (await bench.store.read.select().from(bench.store.t.stepVisit)).filter(
      (v) => v.runId === shy.runId && v.rework,
    );
    expect(rework.map((v) => v.node)).toEqual(expect.arrayContaining(["rebook", "wait_meeting"]));

    // The AE sends it back for a missing fact, then rejects it for good.
    const weak = await inquiry(bench, 4);
    await finish(bench, weak.runId, "first_touch", { "run.touch_result": "connected" });
    for (const reason of ["missing_information", "not_icp"]) {
      await finish(bench, weak.runId, "qualify", qualified);
      await finish(bench, weak.runId, "book", booked(bench));
      await bench.change(weak.id, { meeting_status: "held" });
      await bench.engine.worker.drain();
      await finish(bench, weak.runId, "ae_accept", { "run.ae_decision": "rejected", "run.ae_reject_reason": reason });
    }
    expect(await bench.run(weak.runId)).toMatchObject({ end: "end_recycled" });

    // Lost at once, a duplicate, and a customer's own inquiry.
    const lost = await inquiry(bench, 5, { do_not_contact: true });
    expect(await bench.run(lost.runId)).toMatchObject({ end: "end_disqualified", outcome: "negative" });
    await inquiry(bench, 6);
    const twice = await inquiry(bench, 7, { email: "p6@firm6.com", company_name: "Firm 6" });
    expect(await bench.run(twice.runId)).toMatchObject({ end: "end_duplicate" });
    await bench.record("account", {
      name: "Known",
      domain: "known.com",
      billing_country: "VN",
      account_type: "customer",
      owner_id: "dung",
    });
    const known = await inquiry(bench, 8, { email: "x@known.com", company_name: "Known", company_domain: "known.com" });
    await finish(bench, known.runId, "notify_account_owner", { "run.touch_result": "connected" });
    expect(await bench.run(known.runId)).toMatchObject({ end: "end_existing_customer" });

    const document = (await readShippedTemplate(key))!;
    const seen = await entered(bench, key);
    expect(document.nodes.map((n) => n.id).filter((id) => !seen.has(id))).toEqual([]);
    expect(bench.errors).toEqual([]);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
