import { expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { businessEvents, subjectOf } from "./business-events.ts";

const stories: [string, string, Values | null, Values, string[]][] = [
  ["an order is activated", "order", { status: "validated" }, { status: "activated" }, ["order.activated"]],
  ["an activated order is edited", "order", { status: "activated" }, { status: "activated", po_number: "7" }, []],
  ["an order is made already activated", "order", null, { status: "activated" }, ["order.activated"]],
  ["a quote is accepted", "quote", { status: "presented" }, { status: "accepted" }, ["quote.accepted"]],
  ["a quote is submitted", "quote", { status: "draft" }, { status: "in_approval" }, ["quote.submitted"]],
  ["a quote is submitted again", "quote", { status: "rejected" }, { status: "in_approval" }, ["quote.submitted"]],
  ["a quote is approved", "quote", { status: "in_approval" }, { status: "approved" }, []],
  ["a contract is signed", "contract", { status: "out_for_signature" }, { status: "signed" }, ["contract.signed"]],
  ["an invoice is issued", "invoice", { status: "draft" }, { status: "issued" }, ["invoice.issued"]],
  ["an invoice is overdue", "invoice", { status: "delivered" }, { status: "overdue" }, ["invoice.overdue"]],
  ["an invoice is paid", "invoice", { status: "overdue" }, { status: "paid" }, []],
  ["a meeting was held", "lead", { meeting_status: "booked" }, { meeting_status: "held" }, ["meeting.concluded"]],
  ["nobody came", "lead", { meeting_status: "booked" }, { meeting_status: "no_show" }, ["meeting.concluded"]],
  [
    "a meeting was cancelled",
    "lead",
    { meeting_status: "booked" },
    { meeting_status: "cancelled" },
    ["meeting.concluded"],
  ],
  [
    "a no-show turns out to be held",
    "lead",
    { meeting_status: "no_show" },
    { meeting_status: "held" },
    ["meeting.concluded"],
  ],
  ["a meeting is booked", "lead", { meeting_status: "none" }, { meeting_status: "booked" }, []],
  ["a payment arrives", "payment", null, { status: "succeeded" }, ["payment.received"]],
  ["a payment goes through", "payment", { status: "pending" }, { status: "succeeded" }, ["payment.received"]],
  ["a payment fails", "payment", { status: "pending" }, { status: "failed" }, []],
  [
    "somebody writes to us",
    "activity",
    null,
    { type: "email", direction: "inbound" },
    ["activity.logged", "reply.received"],
  ],
  [
    "our call is answered",
    "activity",
    null,
    { type: "call", direction: "outbound", outcome: "replied", owner_id: "u1" },
    ["activity.logged", "reply.received", "activity.first_touch"],
  ],
  [
    "a person calls",
    "activity",
    null,
    { type: "call", direction: "outbound", owner_id: "u1" },
    ["activity.logged", "activity.first_touch"],
  ],
  ["the system sends mail", "activity", null, { type: "system", direction: "outbound" }, ["activity.logged"]],
  [
    "a person calls again",
    "activity",
    null,
    { type: "call", direction: "outbound", owner_id: "u1", is_first_touch: false },
    ["activity.logged"],
  ],
  ["a note is taken", "activity", null, { type: "note", direction: "internal", owner_id: "u1" }, ["activity.logged"]],
];

it.each(stories)("%s", (_, type, before, after, events) => {
  expect(businessEvents(type, before, after)).toEqual(events);
});

it("tells a payment's invoice and an activity's record", () => {
  expect(subjectOf("payment", "p1", { invoice_id: "i1" }, "payment.received")).toEqual({ type: "invoice", id: "i1" });
  expect(subjectOf("payment", "p1", {}, "payment.received")).toBeNull();
  expect(subjectOf("activity", "a1", { related_type: "lead", related_id: "l1" }, "reply.received")).toEqual({
    type: "lead",
    id: "l1",
  });
  expect(subjectOf("order", "o1", {}, "order.activated")).toEqual({ type: "order", id: "o1" });
});
