/**
 * A run as it was at a past instant or event, rebuilt from its log alone: where it stood, who had what, clocks, timers, variables and
 * the fields of its record; and what is different now.
 */
import { recordsUntil, runUntil } from "@/server/engine/explain/past.ts";
import type { StoredEvent } from "@/server/engine/events.ts";
import { versionKey } from "@/server/commands/version-of.ts";
import { figures } from "@/server/engine/clocks/sla.ts";
import { type CompiledProcess, typeOf } from "@/server/engine/graph.ts";
import { retold } from "@/server/engine/migrate/retold.ts";
import type { EngineRecord, Plain, Run } from "@/server/engine/model.ts";
import type { FieldDescription, RecordLabels } from "@/server/records/rules.ts";
import type { Say } from "@/server/wording/translator.ts";
import { childRun } from "./explain-flow.ts";
import { describeVariable } from "./form-view.ts";
import type { RunStory } from "./run-story.ts";

/** One of the moments a stepper goes through. */
export type Moment = { seq: number; at: number; type: string; what: string; by: string | null };
type Shown = Pick<FieldDescription, "label" | "type" | "options"> & { path: string; value: Plain };
export type StateView = {
  status: Run["status"];
  end: string | null;
  places: {
    token: string;
    node: string;
    name: string;
    state: "held" | "in" | "failed";
    since: number;
    /** The run it waited for. */
    child: string | null;
  }[];
  work: { id: string; name: string; assignee: string | null; state: string }[];
  clocks: {
    id: string;
    name: string;
    step: string | null;
    state: string;
    dueAt: number | null;
    leftMs: number | null;
  }[];
  timers: { id: string; step: string | null; due: number }[];
  incidents: { id: string; name: string; text: string }[];
  values: Shown[];
};
export type Difference = {
  kind: "status" | "place" | "work" | "clock" | "timer" | "incident" | "value";
  what: string;
  /** In words or as a value; null: it was, or is, not there. */
  then: Plain;
  now: Plain;
  /** Set for values: how to show them. */
  field: Pick<FieldDescription, "label" | "type" | "options"> | null;
};
export type AsOfView = {
  run: string;
  record: { id: string; title: string };
  /** The run that called it. */
  parent: string | null;
  processName: string;
  version: number;
  document: CompiledProcess["document"];
  /** The last event that counts; 0: nothing had happened yet. */
  seq: number;
  at: number;
  moments: Moment[];
  /** Null before the run was started. */
  state: StateView | null;
  /** How often each connection had been taken, and how many stood in each step. */
  taken: Record<string, number>;
  standing: Record<string, number>;
  differences: Difference[];
  now: number;
};

/** What is asked: everything up to this instant, or up to and with this event. */
export type Asked = { at: number } | { seq: number };

type Wording = { name: (member: string | null | undefined) => string | null; labels: RecordLabels; say: Say };

export function runAsOf(story: RunStory, asked: Asked, now: number, wording: Wording): AsOfView {
  const { run, record, events } = story;
  const until = (event: StoredEvent) => ("seq" in asked ? event.seq <= asked.seq : event.at <= asked.at);
  const then = runUntil(events, until);
  // In the names of the version it was on then.
  const process = (then && story.versions.get(versionKey(then.process, then.version))) ?? story.process;
  const counted = retold(events.filter(until));
  const last = counted.at(-1);
  const at = "at" in asked ? asked.at : (last?.at ?? run.startedAt);
  const records = recordsUntil(events, until, story.world.records);
  const state = then && stateOf({ ...story, process }, then, records, at, wording);
  const present = stateOf(story, run, story.world.records, now, wording);
  const taken: Record<string, number> = {};
  const standing: Record<string, number> = {};
  for (const e of counted)
    if (e.type === "TokenLeft") for (const edge of e.data.edges) taken[edge] = (taken[edge] ?? 0) + 1;
  for (const { node } of Object.values(then?.tokens ?? {})) standing[node] = (standing[node] ?? 0) + 1;
  return {
    run: run.id,
    record: { id: record.id, title: record.title },
    parent: run.parent?.run ?? null,
    processName: process.document.name,
    version: then?.version ?? run.version,
    document: process.document,
    seq: last?.seq ?? 0,
    at,
    moments: momentsOf(story.process, retold(events), record.id, wording),
    state,
    taken,
    standing,
    differences: state ? differencesOf(state, present) : [],
    now,
  };
}

/** Facts that a person follows a run by; those in between (timers set, effects asked) change nothing that is shown alone. */
const followed = new Set<StoredEvent["type"]>([
  "RunStarted",
  "RunCompleted",
  "RunCancelled",
  "RunSuspended",
  "RunResumed",
  "RunJumped",
  "RunMigrated",
  "GoalReached",
  "TokenHeld",
  "TokenEntered",
  "WorkAssigned",
  "WorkCompleted",
  "WorkUndone",
  "StepPaused",
  "StepResumed",
  "DecisionMade",
  "ClockStarted",
  "ClockPaused",
  "ClockResumed",
  "ClockWarned",
  "ClockBreached",
  "ClockCompleted",
  "ClockCancelled",
  "TimerFired",
  "MessageReceived",
  "MessageConsumed",
  "BoundaryFired",
  "ErrorCaught",
  "IncidentRaised",
  "IncidentResolved",
  "RecordCreated",
  "RecordChanged",
]);

function momentsOf(
  process: CompiledProcess,
  events: readonly StoredEvent[],
  recordId: string,
  { name }: Wording,
): Moment[] {
  const slas = new Map<string, string>();
  const works = new Map<string, string>();
  const called = (id: string) => process.nodes.get(id)?.node.name || id;
  return events.flatMap((e): Moment[] => {
    if (e.type === "ClockStarted") slas.set(e.data.id, process.document.slas[e.data.sla]?.name ?? e.data.sla);
    if (e.type === "WorkOffered") works.set(e.data.work, called(e.data.node));
    if (!followed.has(e.type) || (e.stream.kind === "record" && e.stream.id !== recordId)) return [];
    const what =
      "node" in e.data && typeof e.data.node === "string"
        ? called(e.data.node)
        : "work" in e.data && typeof e.data.work === "string"
          ? (works.get(e.data.work) ?? "")
          : e.type.startsWith("Clock") && "id" in e.data && typeof e.data.id === "string"
            ? (slas.get(e.data.id) ?? "")
            : "event" in e.data && typeof e.data.event === "string"
              ? e.data.event
              : "";
    return [
      {
        seq: e.seq,
        at: e.at,
        type: e.type,
        what,
        by: e.actor.kind === "member" ? (name(e.actor.id) ?? e.actor.id) : null,
      },
    ];
  });
}

function stateOf(
  { process, world, record }: RunStory,
  run: Run,
  records: { get(id: string): EngineRecord | undefined },
  at: number,
  { name, labels, say }: Wording,
): StateView {
  const called = (id: string | null | undefined) => (id ? process.nodes.get(id)?.node.name || id : null);
  const stepOf = (token: string | undefined) => called(token ? run.tokens[token]?.node : null);
  const shown = (path: string, value: Plain): Shown => {
    const [object, key] = [path.slice(0, path.indexOf(".")), path.slice(path.indexOf(".") + 1)];
    const { label, type, options } =
      object === "run" ? describeVariable(process, key) : labels.describe(typeOf(process, run, object), key);
    const member = type === "member" || type === "user" || /(^|_)(owner|csm|approver)_id$/.test(key);
    return { path, label, type, options, value: member && typeof value === "string" ? (name(value) ?? value) : value };
  };
  const known = records.get(record.id);
  const values = known ? world.model.onDay(known, at).values : {};
  return {
    status: run.status,
    end: called(run.end),
    places: Object.values(run.tokens).map((token) => ({
      token: token.id,
      node: token.node,
      name: process.nodes.get(token.node)?.node.name || token.node,
      state: token.state,
      since: token.since,
      child: token.child ? childRun(run, token.child) : null,
    })),
    work: Object.values(run.work).map((work) => ({
      id: work.id,
      name: process.nodes.get(work.node)?.node.name || work.node,
      assignee: name(work.assignee),
      state: work.state,
    })),
    clocks: Object.values(run.clocks).map(({ id, sla, node, clock }) => ({
      id,
      name: process.document.slas[sla]?.name ?? sla,
      step: called(node),
      state: clock.state,
      dueAt: clock.dueAt ?? null,
      leftMs: clock.calendar
        ? figures(clock, world.calendarAt(process, clock.calendar), at).leftMs
        : clock.dueAt === undefined
          ? null
          : clock.dueAt - at,
    })),
    timers: Object.values(run.timers)
      .filter(({ clock }) => clock === undefined)
      .map(({ id, token, due }) => ({ id, step: stepOf(token), due }))
      .sort((a, b) => a.due - b.due),
    incidents: Object.values(run.incidents).map((one) => ({
      id: one.id,
      name: process.nodes.get(one.node)?.node.name || one.node,
      text: say(one.text),
    })),
    values: [
      ...Object.entries(run.variables).map(([key, value]) => shown(`run.${key}`, value)),
      ...Object.entries(values).map(([key, value]) => shown(`${run.recordType}.${key}`, value)),
    ].filter(({ value }) => value !== null && value !== ""),
  };
}

/** What differs between then and now, one line a thing. */
function differencesOf(then: StateView, now: StateView): Difference[] {
  const lines: Difference[] = [];
  const line = (kind: Difference["kind"], what: string, a: Plain, b: Plain, field: Difference["field"] = null) => {
    if (JSON.stringify(a) !== JSON.stringify(b)) lines.push({ kind, what, then: a, now: b, field });
  };
  line("status", "", then.status, now.status);
  const pair = <T>(a: readonly T[], b: readonly T[], key: (one: T) => string) => {
    const [left, right] = [new Map(a.map((one) => [key(one), one])), new Map(b.map((one) => [key(one), one]))];
    return [...new Set([...left.keys(), ...right.keys()])].map((id) => [left.get(id), right.get(id)] as const);
  };
  for (const [a, b] of pair(then.places, now.places, (p) => p.name))
    line("place", (a ?? b)!.name, a?.state ?? null, b?.state ?? null);
  for (const [a, b] of pair(then.work, now.work, (w) => w.id))
    line("work", (a ?? b)!.name, a ? (a.assignee ?? a.state) : null, b ? (b.assignee ?? b.state) : null);
  for (const [a, b] of pair(then.clocks, now.clocks, (c) => c.id))
    line("clock", [(a ?? b)!.name, (a ?? b)!.step].filter(Boolean).join(" · "), a?.state ?? null, b?.state ?? null);
  for (const [a, b] of pair(then.timers, now.timers, (timer) => timer.id))
    line("timer", (a ?? b)!.step ?? "", a?.due ?? null, b?.due ?? null);
  for (const [a, b] of pair(then.incidents, now.incidents, (one) => one.id))
    line("incident", (a ?? b)!.name, a?.text ?? null, b?.text ?? null);
  for (const [a, b] of pair(then.values, now.values, (v) => v.path)) {
    const { label, type, options } = (a ?? b)!;
    line("value", label, a?.value ?? null, b?.value ?? null, { label, type, options });
  }
  return lines;
}
