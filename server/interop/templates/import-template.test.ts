import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Process } from "@/server/engine/process.ts";
import { typeScope } from "@/server/commands/check-context.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { fieldOf } from "@/server/records/model.ts";
import { kpiCatalogue } from "@/server/kpis/catalogue.ts";
import { readShippedTemplate, shippedRecordType, shippedTemplates, templateFile } from "@/server/templates/index.ts";
import { writeProcess } from "../process-text/write.ts";
import { importTemplate } from "./import-template.ts";

const pack = path.join(process.cwd(), "..", "shared", "domain", "templates");
const files = existsSync(pack) ? readdirSync(pack).filter((name) => name.endsWith(".yaml")) : [];
const context = { recordTypeOf: shippedRecordType, kpis: new Set(kpiCatalogue.map(({ id }) => id)) };

const imported = (key: string) => {
  const read = importTemplate(readFileSync(path.join(pack, `${key.replaceAll("_", "-")}.yaml`)), context);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const node = (id: string) => read.process.nodes.find((n) => n.id === id)!;
  const edges = (from: string) => read.process.edges.filter((e) => e.from === from);
  return { ...read, node, edges };
};

const errorsOf = (process: Process) =>
  checkDraft(process, { types: typeScope, hasField: (type, field) => fieldOf(type, field) !== null }).filter(
    ({ severity }) => severity === "error",
  );

describe.each(shippedTemplates)("the shipped process $key", ({ key, recordType, name }) => {
  it("is a sound draft: nothing in it keeps it from being published", async () => {
    const process = (await readShippedTemplate(key))!;
    expect(process).toMatchObject({ key, recordType, name: name.en });
    expect(errorsOf(process)).toEqual([]);
  });
});

it("no other process is shipped", async () => {
  expect(await readShippedTemplate("../index")).toBeNull();
});

describe.runIf(files.length > 0)("the eight templates", () => {
  it("give exactly the files that are shipped", () => {
    expect(files.length).toBe(shippedTemplates.length);
    for (const { key } of shippedTemplates)
      expect(writeProcess(imported(key).process)).toBe(readFileSync(templateFile(key), "utf8"));
  });

  it("import as drafts without errors, and every expression fits the fields it reads", () => {
    for (const { key } of shippedTemplates)
      expect({ key, errors: errorsOf(imported(key).process) }).toEqual({ key, errors: [] });
    const { process } = imported("deal_desk_approval");
    const broken = { ...process, valueAtRisk: "quote.nothing_like_it" };
    expect(errorsOf(broken)).toMatchObject([{ code: "BAD_EXPRESSION", field: "valueAtRisk" }]);
  });

  it("keep every id, and lose no line: it is done, done by hand, or done by the approval record", () => {
    for (const { key } of shippedTemplates) {
      const text = readFileSync(path.join(pack, `${key.replaceAll("_", "-")}.yaml`), "utf8");
      const { process } = imported(key);
      for (const [, id = ""] of text.matchAll(/^ {2}- \{?id: ([a-z_0-9]+)/gm))
        expect(process.nodes.some((node) => node.id === id)).toBe(true);
    }
    const { process, needs } = imported("order_to_cash");
    const byHand = process.nodes
      .flatMap((n) => [...(n.checklist ?? []), ...(n.actions ?? [])])
      .filter((item) => "byHand" in item && item.byHand);
    expect(byHand.length).toBe(needs.filter((n) => n.why === "intent" && n.text !== "call accounts payable").length);
  });

  it("inbound lead: routing, enrichment, conversion and what is left to people", () => {
    const { process, node, edges, needs } = imported("inbound_lead_to_meeting");
    expect(node("start").config).toEqual({ trigger: "record_created", when: 'lead.inquiry_type != "none"' });
    expect(node("start").note).toBe("Imported from the template inbound_lead_to_meeting, version 1.0.0.");
    expect(process.related).toEqual({
      account: { path: "lead.matched_account_id" },
      opportunity: { path: "lead.converted_opportunity_id" },
    });
    expect(node("dedupe").actions).toEqual([
      { verb: "match", type: "lead" },
      { verb: "notify", to: "process_owner", text: "set lead.matched_account_id by domain", byHand: true },
      {
        verb: "notify",
        to: "process_owner",
        text: "set lead.duplicate_of_id when an open lead matches exactly",
        byHand: true,
      },
    ]);
    expect(node("enrich").actions![0]).toEqual({
      verb: "connector",
      connector: "enrichment",
      operation: "with lead.email and lead.company_domain (timeout 20 s, 2 retries)",
    });
    expect(node("route").actions).toEqual([{ verb: "assign" }, { verb: "notify", to: "owner" }]);
    expect(node("score")).toMatchObject({
      decisionTables: ["lead_priority"],
      actions: [
        { verb: "set", field: "lead.lifecycle_stage", value: '"mql"', when: 'lead.priority in ("hot", "warm")' },
      ],
    });
    expect(node("convert").actions).toEqual([
      { verb: "create", type: "account", from: "lead", when: "lead.matched_account_id = null" },
      { verb: "create", type: "contact", from: "lead" },
      { verb: "create", type: "opportunity", from: "lead", with: { stage: '"discovery"' } },
      { verb: "set", field: "lead.lifecycle_stage", value: '"converted"' },
      { verb: "start_process", process: "opportunity_to_close" },
    ]);
    expect(node("set_recycled").actions![2]).toEqual({
      verb: "set",
      field: "lead.recycle_until",
      value: 'today() + duration("P60D")',
      ifEmpty: true,
    });
    expect(node("wait_retry").config).toEqual({
      for: "event",
      event: "reply.received",
      timeout: "PT20H",
      calendar: "sales_hours",
    });
    expect(edges("wait_retry")).toMatchObject([
      { port: "event", to: "qualify" },
      { port: "timeout", to: "follow_up", rework: true },
    ]);
    expect(edges("gw_mql")).toEqual([
      {
        id: "gw_mql_to_route",
        from: "gw_mql",
        to: "route",
        when: 'lead.priority in ("hot", "warm")',
        label: "Hot or warm",
      },
      { id: "gw_mql_to_set_recycled", from: "gw_mql", to: "set_recycled", otherwise: true, label: "Cold" },
    ]);
    expect(edges("route")[0]).toEqual({
      id: "route_to_first_touch",
      from: "route",
      to: "first_touch",
      handoff: "MQL package",
    });
    expect(node("ae_accept").config).toEqual({ selfApproval: "forbid", exits: "done" });
    expect(process.slas.speed_to_lead_hot).toEqual({
      name: "First touch (hot)",
      target: "PT5M",
      calendar: "sales_hours",
      starts: "step.entered",
      stops: "activity.first_touch",
      appliesWhen: 'lead.priority = "hot"',
      pauseWhen: "lead.do_not_contact = true",
      warnAt: [50, 80],
      onWarn: [{ verb: "notify", to: "assignee" }],
      onBreach: [
        { verb: "reassign", role: "sdr" },
        { verb: "notify", to: "sdr_manager" },
        { verb: "log", text: "breach" },
      ],
    });
    expect(process.slas.routing!.onBreach).toEqual([
      { verb: "reassign", role: "sdr_manager" },
      { verb: "notify", to: "process_owner" },
    ]);
    expect(process.slas.speed_to_lead_warm!.onBreach[1]).toEqual({
      verb: "escalate",
      to: "assignee",
      text: "raise queue priority",
    });
    expect(process.calendars.sales_hours!.week).toMatchObject({ mon: [{ from: "08:30", to: "18:30" }], sun: [] });
    expect(process.calendars.always!.week.sun).toEqual([{ from: "00:00", to: "24:00" }]);
    expect(process.queues.inbound_sdr).toEqual({ role: "sdr", strategy: "least_loaded", capacityPerDay: 35 });
    expect(process.variables.attempt_count).toEqual({ type: "integer", default: 0 });
    expect(needs.filter((n) => n.why !== "intent")).toEqual([
      { node: "enrich", text: "enrichment", why: "connector" },
      { node: "convert", text: "opportunity_to_close", why: "process" },
    ]);
  });

  it("opportunity: quotes and contracts by reference, people nobody knows, words in brackets", () => {
    const { process, node, needs, warnings } = imported("opportunity_to_close");
    expect(process.related.contract).toEqual({ newest: "contract", note: "latest contract of the opportunity" });
    expect(process.queues.opportunity_owner!.ownerField).toBe("opportunity.owner_id");
    expect(node("proposal").actions![1]).toEqual({ verb: "create", type: "quote", from: "opportunity" });
    expect(node("close_won").actions).toEqual([
      { verb: "set", field: "contract.status", value: '"signed"' },
      { verb: "set", field: "opportunity.stage", value: '"closed_won"' },
      { verb: "notify", to: "process_owner", text: "set opportunity.win_reason", byHand: true },
      { verb: "emit", event: "quote.accepted" },
      { verb: "notify", to: "process_owner" },
    ]);
    expect(process.slas.qualify_window!.pauseWhen).toBe("opportunity.next_step_due > today()");
    expect(process.slas.signature_window!.onBreach[1]).toEqual({
      verb: "notify",
      to: "process_owner",
      text: "call signer",
      byHand: true,
    });
    expect(needs.map((n) => n.text)).toEqual(["set opportunity.win_reason", "open risk task", "call signer"]);
    expect(warnings.map((w) => w.text)).toContain(
      "“notify se lead”: se lead is no role of this process, so the process owner is told.",
    );
  });

  it("deal desk: an event starts it, the record is locked, the approval record is not asked for twice", () => {
    const { process, node } = imported("deal_desk_approval");
    expect(node("start").config).toEqual({
      trigger: "event",
      event: "quote.submitted",
      when: 'quote.status = "in_approval"',
    });
    expect(node("route_level")).toMatchObject({
      decisionTables: ["approval_level", "finance_gate", "legal_gate"],
      actions: [
        { verb: "lock", object: "quote" },
        { verb: "set", field: "quote.approval_status", value: '"pending"' },
      ],
    });
    expect(node("auto_approve").actions).toEqual([
      { verb: "set", field: "quote.approval_status", value: '"not_required"' },
      { verb: "set", field: "quote.status", value: '"approved"' },
    ]);
    expect(node("apply_conditions").actions!.slice(0, 3)).toEqual([
      {
        verb: "set",
        field: "quote.approval_status",
        value: 'if quote.approval_conditions != null then "approved_with_conditions" else "approved"',
      },
      { verb: "set", field: "quote.status", value: '"approved"' },
      { verb: "set", field: "quote.approved_at", value: "now()" },
    ]);
    expect(node("return_to_ae").actions).toEqual([
      { verb: "set", field: "run.return_count", value: "run.return_count + 1" },
      { verb: "unlock", object: "quote" },
    ]);
    expect(node("finance_decision").skipWhen).toBe("run.needs_finance != true");
    expect(process.slas.executive_decision_sla!.onWarn).toEqual([
      { verb: "notify", to: "assignee" },
      { verb: "notify", to: "process_owner" },
    ]);
    expect(process.slas.approval_tier1!.onBreach[0]).toEqual({ verb: "reassign" });
  });

  it("quote to order: what only people can do stands in the step's checklist", () => {
    const { process, node } = imported("quote_to_order");
    expect(process.related.contract).toEqual({
      newest: "contract",
      through: "opportunity",
      note: "contract of the quote",
    });
    expect(node("approval").config).toEqual({ process: "deal_desk_approval", record: "same" });
    expect(node("build_quote").checklist).toEqual([
      { id: "copy_lines_from_the_recommended_bundle", text: "copy lines from the recommended bundle", byHand: true },
      { id: "check_configuration_rules", text: "check configuration rules", byHand: true },
      { id: "compute_totals_discount_and_margin", text: "compute totals, discount and margin", byHand: true },
    ]);
    expect(node("build_quote").actions).toEqual([
      { verb: "set", field: "run.change_count", value: "run.change_count + 1" },
    ]);
    expect(node("validate_order").actions!.at(-1)).toEqual({
      verb: "notify",
      to: "process_owner",
      text: "run credit check",
      byHand: true,
      when: "order.order_total_base >= 50000",
    });
    expect(node("accept").actions![2]).toEqual({ verb: "lock", object: "quote" });
  });

  it("order to cash: promises, dunning and the reminder an SLA sends", () => {
    const { process, node } = imported("order_to_cash");
    expect(process.queues.collections!.ownerField).toBe("invoice.collector_id");
    expect(process.queues.account_csm!.ownerField).toBe("account.csm_id");
    expect(node("wait_due").config).toEqual({
      for: "event",
      until: 'invoice.due_date - duration("P3D")',
      event: "payment.received",
      calendar: "calendar_days",
    });
    expect(node("pause_promise").actions).toEqual([
      {
        verb: "set",
        field: "invoice.dunning_hold",
        value: "true",
        until: 'invoice.promise_to_pay_date + duration("P1D")',
      },
    ]);
    expect(node("credit_and_reissue").actions!.slice(0, 2)).toEqual([
      { verb: "notify", to: "process_owner", text: "create credit note", byHand: true },
      { verb: "create", type: "invoice", from: "invoice" },
    ]);
    expect(node("notice_1").actions!.slice(0, 2)).toEqual([
      { verb: "send_template", template: "dunning_1" },
      { verb: "set", field: "invoice.dunning_level", value: "2" },
    ]);
    expect(node("reconcile").actions!.slice(1, 3)).toEqual([
      { verb: "set", field: "invoice.status", value: '"paid"', when: "invoice.balance_base <= 0" },
      { verb: "set", field: "invoice.paid_at", value: "now()", when: "invoice.balance_base <= 0" },
    ]);
    expect(process.slas.reminder_before_due!.onBreach).toEqual([
      { verb: "send_template", template: "payment_reminder_pre_due" },
    ]);
    expect(node("write_off").config).toEqual({ selfApproval: "forbid", decisionField: "none", exits: "done" });
  });

  it("onboarding and renewal: schedules, related records, self-approval, a run that starts later", () => {
    const onboarding = imported("customer_onboarding_handoff");
    expect(onboarding.node("start").config).toMatchObject({ trigger: "event", event: "order.activated" });
    expect(onboarding.process.related.opportunity).toEqual({
      path: "order.opportunity_id",
      where: 'opportunity.stage = "closed_won"',
      note: "won opportunity of the order",
    });
    expect(onboarding.process.queues.deal_owner!.ownerField).toBe("opportunity.owner_id");
    expect(onboarding.node("golive_check").config).toEqual({ selfApproval: "allow", exits: "done" });
    expect(onboarding.node("set_tier").actions![2]).toEqual({
      verb: "assign",
      field: "subscription.implementation_owner_id",
      queue: "implementation_pool",
      when: 'subscription.onboarding_tier != "tech_touch"',
    });
    expect(onboarding.node("stall").actions!.at(-1)).toEqual({
      verb: "start_process",
      process: "renewal_and_churn_save",
      after: "P30D",
      when: 'subscription.onboarding_status = "stalled"',
    });
    expect(onboarding.node("kickoff").onComplete).toEqual([
      {
        verb: "set",
        field: "run.stall_count",
        value: "run.stall_count + 1",
        when: 'run.kickoff_result = "customer_absent"',
      },
    ]);
    expect(onboarding.process.slas.first_value_sla!.onBreach[1]).toEqual({
      verb: "set",
      field: "subscription.health_band",
      value: '"red"',
    });

    const renewal = imported("renewal_and_churn_save");
    expect(renewal.node("start").config).toEqual({
      trigger: "schedule",
      when: 'subscription.days_to_renewal = 120 and subscription.status in ("active", "past_due")',
      at: "06:00",
    });
    expect(renewal.process.related.quote).toEqual({ newest: "quote", of: "opportunity", note: "renewal quote" });
    expect(renewal.node("approval").config).toEqual({ process: "deal_desk_approval", record: "related" });
    expect(renewal.node("classify").actions).toEqual([
      {
        verb: "create",
        type: "opportunity",
        with: { type: '"renewal"', amount: "subscription.arr", close_date: "subscription.end_date" },
        into: "subscription.renewal_opportunity_id",
      },
    ]);
    expect(renewal.node("save_plan").config.decisionField).toBe("none");
  });
});
