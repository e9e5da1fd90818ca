/** Made-up values for the page of step states, as the server would send them. Instants are relative to `now`. */
import type { Where } from "@/server/inbox/explain.ts";
import type { TokenFlow } from "@/server/inbox/explain-flow.ts";
import type { StepCard } from "@/server/inbox/read-card.ts";
import type { InboxRow } from "@/server/inbox/read-inbox.ts";
import type { StepKindId } from "@/server/engine/process.ts";

type Words = Record<
  "title" | "record" | "process" | "reason" | "role" | "sla" | "next" | "branch" | "previous" | "guidance" | "check",
  string
>;
export type TaskState = "on_track" | "at_risk" | "breached" | "paused" | "blocked" | "snoozed" | "done" | "none";
const hour = 3_600_000;

/** When it is due, and how much work time is left, by state. */
const due: Record<TaskState, number | null> = {
  on_track: 20 * hour,
  at_risk: hour,
  breached: -3 * hour,
  paused: 9 * hour,
  blocked: 9 * hour,
  snoozed: 30 * hour,
  done: -hour,
  none: null,
};
const statusOf = (state: TaskState): InboxRow["rank"]["status"] =>
  state === "blocked" ? "paused" : state === "snoozed" || state === "done" ? "on_track" : state;

function row(kind: "task" | "approval", state: TaskState, words: Words, now: number): InboxRow {
  const left = due[state];
  return {
    id: `run_${state}.w1`,
    runId: `run_${state}`,
    work: "w1",
    title: words.title,
    kind,
    process: "deal",
    processName: words.process,
    record: { id: "opp_1", type: "opportunity", title: words.record, account: null },
    amount: 84_000,
    valueAtRisk: state === "none" ? null : 84_000,
    assignee: "mem_1",
    dueAt: left === null ? null : now + left,
    leftMs: left,
    offeredAt: now - 5 * hour,
    snoozedUntil: state === "snoozed" ? now + 16 * hour : null,
    blockedReason: state === "blocked" ? words.reason : null,
    rank: { status: statusOf(state), lossPerHour: 4200, band: 1 },
    split: state === "done" ? "done" : state === "snoozed" ? "snoozed" : "now",
    completedAt: state === "done" ? now - 2 * hour : null,
    outcome: null,
  };
}

/** The queue with one row a state. */
export const rows = (kind: "task" | "approval", words: Words, now: number): InboxRow[] =>
  (["breached", "at_risk", "on_track", "none", "paused", "blocked", "snoozed", "done"] as const).map((state) =>
    row(kind, state, words, now),
  );

export function task(
  kind: "task" | "approval",
  state: "on_track" | "breached" | "blocked" | "done",
  words: Words,
  now: number,
): NonNullable<StepCard> {
  const base = row(kind, state, words, now);
  const isDone = state === "done";
  return {
    ...base,
    rev: 7,
    version: 3,
    state: state === "blocked" ? "paused" : "claimed",
    open: !isDone,
    approval: kind === "approval",
    asked: null,
    role: words.role,
    mine: true,
    assigneeName: "Lan Phạm",
    completedByName: isDone ? "Lan Phạm" : null,
    guidance: words.guidance,
    checklist: [{ id: "c1", text: words.check }],
    fields: [],
    outcomeField: null,
    outcomes: [
      { value: "go", label: words.branch, primary: true },
      { value: "back", label: words.previous, primary: false },
    ],
    next: [{ node: "next", name: words.next, kind: "task", role: words.role, label: words.branch }],
    path: [
      { node: "a", name: words.previous, kind: "task", state: "done", at: now - 30 * hour },
      { node: "b", name: words.title, kind, state: isDone ? "done" : "now", at: now - 5 * hour },
      { node: "c", name: words.next, kind: "task", state: "likely", at: null },
    ],
    clocks: [
      {
        id: "c1",
        name: words.sla,
        target: "8h",
        state: isDone ? "completed" : state === "blocked" ? "paused" : "in_progress",
        status: isDone ? "met" : state === "blocked" ? "paused" : state,
        startedAt: now - 5 * hour,
        dueAt: base.dueAt,
        stoppedAt: base.completedAt,
        leftMs: base.leftMs,
        zone: "Asia/Ho_Chi_Minh",
        bands: [
          { kind: "open", from: now - 5 * hour, to: now - 4 * hour },
          { kind: "closed", from: now - 4 * hour, to: now - 3 * hour },
          { kind: "open", from: now - 3 * hour, to: Math.max(now, base.dueAt ?? 0) },
        ],
      },
    ],
    recordFields: [],
    recordOwner: null,
    baseCurrency: "USD",
    recordCurrency: "USD",
    activity: [],
  };
}

/** Sentences of the record page about a step of this kind. */
export function wheres(
  kind: StepKindId,
  { name, role, branch, incident }: { name: string; role: string; branch: string; incident: string },
  now: number,
): Where[] {
  const place: Where = {
    token: "t1",
    node: "it",
    name,
    state: "waiting",
    since: now - 5 * hour,
    assignee: null,
    events: [],
    until: null,
    missing: [],
    blocked: null,
    incident: null,
    because: null,
    decided: [],
    seq: 4711,
  };
  const because: Where["because"] = {
    name,
    label: branch,
    conditions: [
      { text: "opportunity.amount > 50000", inputs: { "opportunity.amount": 84_000 }, result: true, edge: "e1" },
    ],
    seq: 4710,
  };
  const stuck: Where = { ...place, state: "failed", incident: { id: "i1", code: "NO_BRANCH", text: incident } };
  switch (kind) {
    case "start":
    case "end":
      return [];
    case "task":
    case "approval":
      return [
        { ...place, state: "working", assignee: role, because },
        { ...place, state: "held", missing: ["opportunity.amount != null"] },
        stuck,
      ];
    case "join":
      return [{ ...place, state: "joining" }, stuck];
    case "wait":
    case "for_each":
    case "subprocess":
      return [{ ...place, until: now + 18 * hour }, stuck];
    case "decision":
    case "parallel":
    case "inclusive":
      return [stuck];
    case "automation":
      return [
        stuck,
        {
          ...place,
          decided: [
            {
              seq: 4709,
              table: name,
              rules: [{ no: 2, note: null, cells: [{ input: "opportunity.amount", value: 84_000, cell: "> 50000" }] }],
              inputs: [{ input: "opportunity.amount", value: 84_000 }],
              outputs: [{ field: "opportunity.tier", value: "gold" }],
              error: null,
            },
          ],
        },
      ];
    default:
      return kind satisfies never;
  }
}

/** What a step of this kind waits for besides work, and what may happen meanwhile. */
export function flowOf(
  kind: StepKindId,
  { name, previous, next, item }: { name: string; previous: string; next: string; item: string },
  now: number,
): TokenFlow {
  const nothing: TokenFlow = {
    token: "t1",
    inside: [],
    loop: null,
    join: null,
    waits: [],
    edges: [],
    child: null,
    alone: false,
  };
  const seen = { text: "quote.amount > 100000", inputs: { "quote.amount": 84_000 }, result: false };
  switch (kind) {
    case "task":
    case "approval":
      return {
        ...nothing,
        inside: [{ name: previous, index: 2, total: 5, item }],
        edges: [
          { kind: "timer", to: next, text: "1d", due: now + 3 * hour, key: null, now: null, interrupting: false },
          { kind: "error", to: next, text: null, due: null, key: null, now: null, interrupting: true },
          {
            kind: "message",
            to: next,
            text: "quote.signed",
            due: null,
            key: "Q-0042",
            now: null,
            interrupting: true,
          },
          {
            kind: "record_changed",
            to: next,
            text: seen.text,
            due: null,
            key: null,
            now: seen,
            interrupting: true,
          },
        ],
      };
    case "for_each":
      return { ...nothing, loop: { total: 5, done: 2, open: 3, success: 1, negative: 1, sequential: false } };
    case "join":
      return { ...nothing, join: { mode: "taken", count: 3, arrived: [previous], awaited: [name, next] } };
    case "wait":
      return {
        ...nothing,
        waits: [
          { what: "event", text: "quote.signed", to: next, due: null, key: "Q-0042", now: null },
          { what: "condition", text: seen.text, to: previous, due: null, key: null, now: seen },
          { what: "time", text: "", to: next, due: now + 18 * hour, key: null, now: null },
        ],
      };
    case "start":
    case "end":
    case "decision":
    case "parallel":
    case "inclusive":
    case "automation":
    case "subprocess":
      return nothing;
    default:
      return kind satisfies never;
  }
}

/** A clock in each of its ends and states. */
export const clocks = (now: number) => [
  { state: "in_progress", dueAt: now + 20 * hour, atRiskAt: now + 10 * hour, breachedAt: null },
  { state: "in_progress", dueAt: now + hour, atRiskAt: now - hour, breachedAt: null },
  { state: "in_progress", dueAt: now - hour, atRiskAt: now - 3 * hour, breachedAt: now - hour },
  { state: "paused", dueAt: null, atRiskAt: null, breachedAt: null },
  { state: "completed", dueAt: now - 2 * hour, atRiskAt: null, breachedAt: null },
  { state: "completed", dueAt: now - 4 * hour, atRiskAt: null, breachedAt: now - 4 * hour },
  { state: "cancelled", dueAt: null, atRiskAt: null, breachedAt: null },
];
