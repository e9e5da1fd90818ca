import { expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { readShippedTemplate } from "@/server/templates/index.ts";
import { describeOnBoth, type OpenStore } from "../support/databases.ts";
import { openBench } from "./bench.ts";
import { join, walk } from "./walk.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

async function sales(open: OpenStore) {
  const bench = await openBench(await open());
  await join(bench, [
    { id: "sam", name: "Sam", processRoles: ["sdr"], managerId: "ria" },
    { id: "sue", name: "Sue", processRoles: ["sdr"], managerId: "ria" },
    { id: "ria", name: "Ria", processRoles: ["sdr_manager"] },
    { id: "amy", name: "Amy", processRoles: ["am"] },
  ]);
  const close = await readShippedTemplate("opportunity_to_close");
  await bench.publish(close);
  await bench.publish(await readShippedTemplate("inbound_lead_to_meeting"));
  const lead = async (values: Values = {}) => {
    const id = await bench.record("lead", {
      first_name: "Quang",
      last_name: "Hồ",
      email: "quang@lotusfoods.vn",
      company_name: "Lotus Foods",
      company_domain: "lotusfoods.vn",
      inquiry_type: "demo_request",
      fit_score: 70,
      engagement_score: 50,
      source: "inbound_web",
      timezone: "Asia/Ho_Chi_Minh",
      country: "VN",
      ...values,
    });
    await bench.engine.worker.drain();
    const [run] = await bench.runsOf(id);
    return { id, ...walk(bench, run!.id) };
  };
  return { bench, lead };
}

const qualified = {
  "lead.need_summary": "Three days of stock are lost a month",
  "lead.budget_status": "planned",
  "lead.authority_level": "decision_maker",
  "lead.purchase_timeline": "this_quarter",
  "run.qualification": "qualified",
};

describeOnBoth("inbound lead to meeting", (open) => {
  it("an inquiry becomes a held meeting, an account, a contact and an opportunity that runs on by itself", async () => {
    const { bench, lead } = await sales(open);
    const { id, run, stands, finish, visited, verdict } = await lead();
    expect(await stands()).toBe("first_touch");
    expect(await finish("first_touch", { "run.touch_result": "connected" })).toBe("qualify");
    expect(await finish("qualify", qualified)).toBe("book");
    expect(
      await finish("book", { "lead.next_meeting_at": bench.clock.now() + 2 * day, "lead.meeting_status": "booked" }),
    ).toBe("wait_meeting");
    await bench.change(id, { meeting_status: "held" });
    await bench.engine.worker.drain();
    expect(await stands()).toBe("ae_accept");
    expect(await finish("ae_accept", { "run.ae_decision": "accepted" })).toBe("");
    expect(await run()).toMatchObject({ status: "completed", end: "end_meeting_held", outcome: "success" });
    expect(await visited()).toEqual([
      "validate",
      "dedupe",
      "enrich",
      "score",
      "route",
      "first_touch",
      "qualify",
      "book",
      "wait_meeting",
      "ae_accept",
      "convert",
    ]);
    const { converted_opportunity_id: opportunity } = (await bench.store.read.select().from(bench.store.t.record)).find(
      (r) => r.id === id,
    )!.values;
    expect(await bench.runsOf(String(opportunity))).toMatchObject([
      { process: "opportunity_to_close", status: "active" },
    ]);
    expect(await verdict()).toMatchObject({ ok: true, problems: [] });
    expect(bench.errors).toEqual([]);
  });

  it("a hot inquiry that nobody touches warns its owner, then goes to somebody else and their manager hears of it", async () => {
    const { bench, lead } = await sales(open);
    const { run, taskAt, notices, verdict } = await lead();
    const first = (await taskAt("first_touch")).assignee;
    await bench.advance(3 * minute);
    expect((await notices()).filter((n) => n.memberId === first && n.title === "First touch")).not.toEqual([]);
    await bench.advance(3 * minute);
    const second = (await taskAt("first_touch")).assignee;
    expect([first, second].sort()).toEqual(["sam", "sue"]);
    expect((await notices()).some((n) => n.memberId === "ria")).toBe(true);
    const hot = Object.values((await run()).clocks).find((c) => c.sla === "speed_to_lead_hot");
    expect(hot?.clock.breachedAt).toBe(bench.clock.now() - minute);
    expect(hot?.breachedWith).toBe(first);
    expect(await verdict()).toMatchObject({ ok: true });
  });

  it("six unanswered attempts, each after its wait, end in a recycled lead", async () => {
    const { bench, lead } = await sales(open);
    const { id, run, stands, finish, visited } = await lead();
    let at = await finish("first_touch", { "run.touch_result": "no_answer" });
    for (let attempt = 1; attempt <= 6; attempt++) {
      expect([attempt, at]).toEqual([attempt, "wait_retry"]);
      await bench.advance(4 * day);
      expect(await stands()).toBe("follow_up");
      at = await finish("follow_up", { "run.touch_result": "voicemail" });
    }
    expect(await run()).toMatchObject({ end: "end_recycled", outcome: "neutral", variables: { attempt_count: 6 } });
    expect((await visited()).filter((node) => node === "follow_up")).toHaveLength(6);
    const [row] = (await bench.store.read.select().from(bench.store.t.record)).filter((r) => r.id === id);
    expect(row?.values).toMatchObject({ status: "nurture", lifecycle_stage: "recycled" });
  });

  it("a reply ends the wait; bad data is corrected; two no-shows recycle; a rejection for missing information goes back", async () => {
    const { bench, lead } = await sales(open);
    const first = await lead();
    expect(await first.finish("first_touch", { "run.touch_result": "bad_contact_data" })).toBe("fix_contact");
    expect(await first.finish("fix_contact", { "lead.company_domain": "lotusfoods.com.vn" })).toBe("follow_up");
    expect(await first.finish("follow_up", { "run.touch_result": "no_answer" })).toBe("wait_retry");
    await bench.record("activity", {
      type: "email",
      direction: "inbound",
      subject: "Re: your question",
      related_type: "lead",
      related_id: first.id,
      occurred_at: bench.clock.now(),
    });
    await bench.engine.worker.drain();
    expect(await first.stands()).toBe("qualify");
    await first.finish("qualify", qualified);
    const book = { "lead.next_meeting_at": bench.clock.now() + day, "lead.meeting_status": "booked" };
    await first.finish("book", book);
    for (const node of ["rebook", "rebook"]) {
      await bench.change(first.id, { meeting_status: "no_show" });
      await bench.engine.worker.drain();
      expect(await first.stands()).toBe(node);
      await first.finish("rebook", book);
    }
    await bench.change(first.id, { meeting_status: "held" });
    await bench.engine.worker.drain();
    await first.finish("ae_accept", { "run.ae_decision": "rejected", "run.ae_reject_reason": "missing_information" });
    expect(await first.stands()).toBe("qualify");
    await first.finish("qualify", {
      ...qualified,
      "run.qualification": "not_fit",
      "lead.disqualify_reason": "no_need",
    });
    expect(await first.run()).toMatchObject({ end: "end_disqualified", outcome: "negative" });
    expect(await first.verdict()).toMatchObject({ ok: true });
  });

  it("a customer's inquiry goes to the account's owner, a blocked one ends at once, a cold one is recycled", async () => {
    const { bench, lead } = await sales(open);
    await bench.record("account", {
      name: "Lotus Foods",
      domain: "lotusfoods.vn",
      billing_country: "VN",
      account_type: "customer",
      owner_id: "amy",
    });
    const known = await lead();
    expect(await known.stands()).toBe("notify_account_owner");
    expect((await known.taskAt("notify_account_owner")).assignee).toBe("amy");
    await known.finish("notify_account_owner", { "run.touch_result": "connected" });
    expect(await known.run()).toMatchObject({ end: "end_existing_customer" });
    const other = { company_name: "Bến Nghé", company_domain: "bennghe.vn" };
    const blocked = await lead({ ...other, email: "a@bennghe.vn", do_not_contact: true });
    expect(await blocked.run()).toMatchObject({ end: "end_disqualified" });
    const cold = await lead({ ...other, email: "b@bennghe.vn", inquiry_type: "content_download", fit_score: 5 });
    expect(await cold.run()).toMatchObject({ end: "end_recycled" });
  });
});
