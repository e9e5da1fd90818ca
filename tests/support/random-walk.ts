/** Random walks through a process: what somebody tries next, and what must hold of the run after each step. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect } from "vitest";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Event } from "@/server/engine/events.ts";
import { copyRun } from "@/server/engine/run-shape.ts";
import { evolve } from "@/server/engine/evolve.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Run } from "@/server/engine/model.ts";
import { startedRun } from "@/server/engine/started-run.ts";
import type { LineStop, Records } from "@/server/engine/world.ts";

export const hour = 3_600_000;
export const begin = Date.UTC(2026, 2, 2, 2);
export const team = ["lan", "tom", "mai"];
const next = (who: number): string => team[(who + 1) % team.length]!;

/** A person fills in the lead so that it passes the gates, or no longer does. */
export function fill(records: Records, { what, pick }: Try): void {
  const lead = what === "fill" && records.get("lead");
  if (lead)
    records.set("lead", { ...lead, version: lead.version + 1, values: { ...lead.values, fit_score: pick ? 60 : 10 } });
}

/** Steps that their operators have stopped; `toggle` stops the one meant, or lets it go on. The engine asks `world`. */
export function lineStops() {
  const stopped = new Map<string, LineStop>();
  return {
    toggle(process: CompiledProcess, one: Try, run: Run): void {
      if (one.what !== "stop_step") return;
      const nodes = [...new Set(Object.values(run.tokens).map(({ node }) => node)), ...process.nodes.keys()];
      const node = [...stopped.keys()][0] ?? nodes[one.pick % nodes.length]!;
      if (!stopped.delete(node)) stopped.set(node, { reason: "closed today", clocks: one.who ? "pause" : "go_on" });
    },
    world: { stopped: (node: string) => stopped.get(node) ?? null },
  };
}

/** What somebody tries next; `pick` chooses among what is open then, and may miss. */
export type Try = { what: (typeof kinds)[number]; pick: number; who: number; hours: number };
const kinds = [
  "complete",
  "complete_absent",
  "news",
  "time",
  "claim",
  "release",
  "hand_over",
  "rebalance",
  "by_rule",
  "pause",
  "resume",
  "snooze",
  "start",
  "suspend",
  "resume_run",
  "cancel",
  "stop",
  "jump",
  "skip",
  "add",
  "retry",
  "answer",
  "answer_badly",
  "child",
  "withdraw",
  "review",
  "stop_step",
  "fill",
] as const;
/** Mostly the run goes on; what is done by hand comes in between. */
const usual = [
  "complete",
  "complete",
  "complete",
  "complete",
  "time",
  "time",
  "answer",
  "answer",
  "retry",
  "resume_run",
] as const;
export const tries: fc.Arbitrary<Try[]> = fc.array(
  fc.record({
    what: fc.oneof(fc.constantFrom<Try["what"]>(...kinds), fc.constantFrom<Try["what"]>(...usual)),
    pick: fc.nat(3),
    who: fc.nat(team.length - 1),
    hours: fc.integer({ min: 0, max: 12 }),
  }),
  { maxLength: 30, size: "max" },
);

export function commandOf(process: CompiledProcess, one: Try, run: Run, at: number, n: number): RunCommand {
  const open = Object.keys(run.work);
  const work = open[one.pick % Math.max(1, open.length)] ?? "w999";
  const base = {
    id: `c${n}`,
    workspaceId: "ws",
    runId: "run",
    at,
    actor: { kind: "member", id: team[one.who]! },
  } as const;
  // Mostly whoever has the task; now and then somebody else, who may not.
  const holder = one.hours === 7 ? undefined : run.work[work]?.assignee;
  const actor = { kind: "member", id: holder ?? team[one.who]! } as const;
  switch (one.what) {
    case "complete":
      return {
        ...base,
        actor,
        type: "completeWork",
        work,
        outcome: outcomeOf(process, run, work, one.pick),
        values: {},
      };
    case "complete_absent":
      return { ...base, type: "completeWork", work: "w999", outcome: null, values: {} };
    case "news":
      return { ...base, type: "receiveMessage", event: "news", payload: {} };
    case "time":
      return { ...base, actor: { kind: "system" }, type: "fireTimer", timer: "m1" };
    case "claim":
      return { ...base, type: "assignWork", work, how: { kind: "claim" } };
    case "release":
      return { ...base, type: "assignWork", work, how: { kind: "release" } };
    case "hand_over":
      return { ...base, type: "assignWork", work, how: { kind: "hand_over", to: next(one.who) } };
    case "rebalance":
      return {
        ...base,
        type: "assignWork",
        work,
        how: { kind: "rebalance", from: team[one.who]!, to: next(one.who) },
      };
    case "by_rule":
      return { ...base, type: "assignWork", work, how: { kind: "rule", from: team[one.who]! } };
    case "pause":
      return { ...base, type: "pauseWork", work, reason: "waits" };
    case "resume":
      return { ...base, type: "resumeWork", work };
    case "snooze":
      return { ...base, type: "snoozeWork", work, until: at + one.hours * hour };
    case "start":
      return { ...base, type: "startWork", work };
    case "suspend":
      return { ...base, type: "suspendRun", reason: "holiday" };
    case "resume_run":
      return { ...base, type: "resumeRun" };
    case "stop":
      return { ...base, type: "receiveMessage", event: "stop", payload: {} };
    case "retry":
      return {
        ...base,
        type: "retryIncident",
        incident: Object.keys(run.incidents)[0] ?? "i999",
        how: (["action", "step", "run", "skip"] as const)[one.pick]!,
        reason: "tried",
      };
    case "answer":
    case "answer_badly": {
      const waiting = Object.values(run.tokens).flatMap(({ effect }) => effect ?? []);
      const effect = waiting[one.pick % Math.max(1, waiting.length)] ?? "e999";
      const ok = one.what === "answer";
      const result = ok ? { status: 200, body: { taken: true } } : "503";
      return { ...base, actor: { kind: "system" }, type: "effectAnswered", effect, ok, result };
    }
    case "child": {
      const caller = Object.values(run.tokens).find(({ child }) => child);
      const child = caller?.child?.includes("/") ? caller.child : startedRun("ws", "run", caller?.child ?? "e999");
      const ended = one.pick === 0 ? { error: { code: "odd", text: "It broke." } } : {};
      const token = caller?.id ?? "t999";
      return { ...base, actor: { kind: "system" }, type: "childEnded", token, child, outcome: "success", ...ended };
    }
    case "withdraw": {
      const asked = Object.values(run.work).find(({ approval }) => approval)?.token ?? "t999";
      return { ...base, type: "withdrawApproval", token: asked, forced: one.pick > 1, reason: "changed" };
    }
    case "review":
      return { ...base, actor: { kind: "system" }, type: "reviewApprovers", ...(one.pick === 0 && { gone: team[2]! }) };
    case "stop_step":
      return { ...base, actor: { kind: "system" }, type: "reviewStops" };
    case "fill":
      return { ...base, type: "recordChanged", recordType: "lead", recordId: "lead", events: [] };
    case "jump":
    case "skip":
    case "add": {
      const nodes = [...process.nodes.keys()];
      const token = Object.values(run.tokens)[one.pick % Math.max(1, Object.keys(run.tokens).length)];
      const to = nodes[(one.pick * 7 + one.hours) % nodes.length] ?? "";
      const how =
        one.what === "add"
          ? ({ kind: "add", node: to } as const)
          : one.what === "skip"
            ? ({ kind: "skip", token: token?.id ?? "t999" } as const)
            : ({ kind: "jump", token: token?.id ?? "t999", to } as const);
      return { ...base, type: "jump", how, reason: "by hand" };
    }
    case "cancel":
      // Once in a while only: a cancelled run has no more to show.
      return one.pick === 3 ? { ...base, type: "cancelRun", reason: "over" } : { ...base, type: "startWork", work };
    default:
      return one.what satisfies never;
  }
}

/** One of the exits the task is drawn with, so that every branch is walked. */
function outcomeOf(process: CompiledProcess, run: Run, work: string, pick: number): string | null {
  const node = process.nodes.get(run.work[work]?.node ?? "");
  const ports = node?.definition.ports(node.node, node.config);
  return Array.isArray(ports) && ports[0] !== "done" ? (ports[pick % ports.length] ?? null) : null;
}

export const json = (value: unknown) => JSON.stringify(value);
export const plain = (run: Run): unknown => JSON.parse(json(run));

export function fold(events: readonly Event[], from: Run | null = null): Run {
  let run = from;
  for (const event of events) if (event.stream.kind === "run") run = evolve(run && copyRun(run), event);
  if (!run) throw new Error("no events");
  return run;
}

/** How many tokens there are by the log: one to begin with, and what each event says began or is over. */
function tokensBy(events: readonly Event[]): number {
  let tokens = 1;
  for (const { type, data } of events) {
    if (type === "TokenLeft") tokens += data.edges.length - 1 - (data.merged?.length ?? 0);
    if (type === "ScopeOpened" || type === "GoalReached") tokens++;
    if (type === "BoundaryFired" && data.beside) tokens++;
    // What failed begins anew: its step or the whole run, in place of what there was.
    if (type === "IncidentResolved" && (data.how === "step" || data.how === "run")) tokens++;
    if (type === "RunJumped" && (data.how === "jump" || data.how === "add")) tokens++;
  }
  return tokens;
}

/** Nothing outlives the token it was made for, and tokens neither vanish nor appear. */
export function lawful(run: Run, events: readonly Event[]): void {
  for (const visit of Object.values(run.visits)) expect(run.tokens[visit.token]?.visit).toBe(visit.id);
  for (const work of Object.values(run.work)) {
    held(run.tokens[work.token]);
    held(run.visits[work.visit]);
  }
  for (const timer of Object.values(run.timers)) {
    if (timer.token) held(run.tokens[timer.token]);
    if (timer.clock) held(run.clocks[timer.clock]);
    if (timer.work) held(run.work[timer.work]);
  }
  for (const clock of Object.values(run.clocks)) if (clock.visit) held(run.visits[clock.visit]);
  for (const token of Object.values(run.tokens)) if (token.scope) held(run.scopes[token.scope]);
  for (const scope of Object.values(run.scopes)) same(run.tokens[scope.token]?.node, scope.node);
  const tokens = tokensBy(events);
  expect(Object.keys(run.tokens)).toHaveLength(tokens);
  if (run.status === "completed" || run.status === "cancelled") {
    expect(tokens).toBe(0);
    expect([run.work, run.timers, run.clocks, run.visits].map((left) => Object.keys(left))).toEqual([[], [], [], []]);
    return;
  }
  expect(tokens).toBeGreaterThan(0);
  // What may be published can always finish: a run that nothing stopped waits for somebody, for time or for news.
  const all = Object.values(run.tokens);
  if (Object.keys(run.incidents).length > 0 || all.some((token) => token.state === "held")) return;
  const waits = all.some((token) => token.condition || token.effect || token.child || (token.events?.length ?? 0) > 0);
  same(waits || Object.keys(run.work).length > 0 || Object.keys(run.timers).length > 0, true);
}

// A thousand of these a second: the matchers of the test runner are too slow for it.
function held(value: unknown): void {
  if (value === undefined) expect(value).toBeDefined();
}
export function same(one: unknown, other: unknown): void {
  if (!isDeepStrictEqual(one, other)) expect(one).toEqual(other);
}
