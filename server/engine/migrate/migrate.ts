/**
 * A run goes on under another version of its process, or under another process (semantics, section 3). All or nothing: what has
 * nothing to become is closed under the source, one fact renames what stands in the run, and what is new opens under the target.
 */
import type { CommandOf } from "../commands.ts";
import { closeClocks, openClocks, rebaseClocks, rulesThere } from "./clocks.ts";
import { announce } from "../clocks/clocks.ts";
import { setReview } from "../clocks/clock-review.ts";
import { armBoundary, dueOf, keyOf } from "../flow/boundary.ts";
import { messageAsFeel, takeEarly } from "../flow/early-messages.ts";
import { type Arrival, release } from "../flow/leave.ts";
import { placeOf, resume, run as runTokens } from "../flow/moves.ts";
import type { Facts, Pick } from "../events.ts";
import type { CompiledNode, CompiledProcess } from "../graph.ts";
import { type Plain, type Refusal, type Run, type Token, type Values, refuse } from "../model.ts";
import { rebind } from "../records.ts";
import { type Turn, emit, nextId, nodeOf } from "../turn.ts";
import { handOut, pickAssignee } from "../work/assign.ts";
import { approvalOf } from "../work/approval-config.ts";
import { setTimeout, timeoutTimer } from "../work/open-approval.ts";
import { fillAnew } from "../work/seats.ts";
import { asksThere } from "./asks-there.ts";
import { checkMigration } from "./check.ts";
import type { MigrationMap } from "./map.ts";
import { mapOfRun } from "./map-of-run.ts";
import { waitingAt } from "./waiting.ts";

export function migrate(turn: Turn, { to, plan, reason }: CommandOf<"migrateRun">): Refusal | null {
  const target = turn.world.version?.(to.process, to.version);
  if (!target) return refuse("NOT_FOUND", "That version does not exist. Nothing was moved.");
  const source = turn.process;
  const verdict = checkMigration(source, target, turn.run, plan);
  if (!verdict.ok)
    return refuse("UNSOUND", verdict.reasons.map(({ text }) => text).join(" "), {
      reasons: verdict.reasons as unknown as Plain,
    });
  const { map } = verdict;
  const stood = new Map(Object.values(turn.run.visits).map(({ id, node }) => [id, node]));
  const before = turn.run.rev;
  closeClocks(turn, target, map);
  closeTimers(turn, source, target, map);
  turn.process = target;
  const picks = picksFor(turn, target, map, plan.reassign ?? []);
  const asks = asksThere(turn, target, map, plan.reassign ?? []);
  emit(turn, "RunMigrated", {
    how: "migrated",
    from: { process: source.document.key, version: source.version },
    to,
    reason,
    before,
    map: mapOfRun(turn.run, source, map),
    ...optional("variables", newVariables(turn.run, target)),
    ...optional("clocks", rulesThere(turn, map)),
    ...optional("work", workChanges(turn.run, new Map<string, Given>([...picks, ...asks]), plan.renewForm ?? [])),
    ...optional("seats", Object.fromEntries([...asks].map(([work, { ask }]) => [work, ask]))),
    ...optional("loops", loopNames(turn.run, target, map)),
    ...(plan.rebase?.length && { rebase: [...plan.rebase] }),
  });
  rebind(turn);
  const arrivals: Arrival[] = [];
  for (const { id } of Object.values(turn.run.tokens)) {
    const wrong = renew(turn, source, id, stood, map, arrivals);
    if (wrong) return refuse("UNSOUND", `${wrong} Nothing was moved.`);
  }
  for (const [work, pick] of picks) assignAnew(turn, work, pick);
  for (const work of asks.keys()) {
    const item = turn.run.work[work];
    if (item) fillAnew(turn, item, nodeOf(turn, item.node));
  }
  rebaseClocks(turn, plan.rebase ?? [], map);
  openClocks(turn, source, map, stood);
  setReview(turn);
  if (turn.run.status === "active") runTokens(turn, arrivals);
  turn.dirty = true;
  return null;
}

/** A part of a fact that says nothing is left out. */
const optional = <K extends string, T extends object>(name: K, value: T) =>
  (Object.keys(value).length ? { [name]: value } : {}) as Partial<Record<K, T>>;

/** Timers of steps and of their edges that nothing there waits for. Others of a token (an absence that ends) are not drawn. */
function closeTimers(turn: Turn, source: CompiledProcess, target: CompiledProcess, map: MigrationMap): void {
  for (const { id, name, token: of } of Object.values(turn.run.timers)) {
    const token = of ? turn.run.tokens[of] : undefined;
    const here = token && source.nodes.get(token.node);
    const there = token && target.nodes.get(map.nodes[token.node] ?? "");
    if (!here || !there) continue;
    const boundary = name.startsWith("boundary:") ? name.slice("boundary:".length) : null;
    const event = boundary === null ? null : map.boundaries[`${here.id}.${boundary}`];
    const kept =
      boundary === null
        ? !isDrawn(here, name) || isDrawn(there, name)
        : there.boundary.some(({ id: other, kind }) => kind === "timer" && other === event);
    if (!kept) emit(turn, "TimerCancelled", { id });
  }
}

/** A time that the step itself waits for: of a wait, or of an approval. */
const isDrawn = (node: CompiledNode, name: string): boolean =>
  name === timeoutTimer
    ? node.node.kind === "approval" && approvalOf(node).timeout !== undefined
    : waitingAt(node)?.timers?.some((timer) => timer.name === name) === true;

function newVariables(run: Run, { document }: CompiledProcess): Values {
  const values: Values = {};
  for (const [name, { default: first }] of Object.entries(document.variables))
    if (run.variables[name] === undefined) values[name] = first ?? null;
  return values;
}

function loopNames(run: Run, target: CompiledProcess, map: MigrationMap): Record<string, string> {
  const names: Record<string, string> = {};
  for (const { id, node, loop } of Object.values(run.tokens)) {
    const as = target.nodes.get(map.nodes[node] ?? "")?.config.as;
    if (loop && typeof as === "string" && as !== loop.as) names[id] = as;
  }
  return names;
}

/** Who gets the tasks that are to be handed out anew; the turn stands in the target, its run in the source. */
function picksFor(turn: Turn, target: CompiledProcess, map: MigrationMap, nodes: readonly string[]): Map<string, Pick> {
  const picks = new Map<string, Pick>();
  for (const work of Object.values(turn.run.work)) {
    // The seats of an approval are handed out by its own rules.
    if (turn.run.visits[work.visit]?.approval) continue;
    const node = nodes.includes(work.node) ? target.nodes.get(map.nodes[work.node] ?? "") : undefined;
    if (node) picks.set(work.id, pickAssignee(turn, node.node.role ?? work.role, node));
  }
  return picks;
}

type Given = { role: string; queue: string | null };

function workChanges(
  run: Run,
  given: ReadonlyMap<string, Given>,
  renewForm: readonly string[],
): NonNullable<Facts["RunMigrated"]["work"]> {
  const changes: NonNullable<Facts["RunMigrated"]["work"]> = {};
  for (const { id, node, draft } of Object.values(run.work)) {
    const to = given.get(id);
    const empty = renewForm.includes(node) && draft !== undefined;
    if (to || empty) changes[id] = { ...(to && { role: to.role, queue: to.queue }), ...(empty && { draft: null }) };
  }
  return changes;
}

function assignAnew(turn: Turn, id: string, pick: Pick): void {
  const work = turn.run.work[id];
  if (!work || work.assignee === pick.chosen) return;
  release(turn, work.assignee);
  handOut(turn, pick);
  emit(turn, "WorkAssigned", { work: id, assignee: pick.chosen, from: work.assignee, why: "rule", pick });
  announce(turn, work.assignee ? "work_item.reassigned" : "work_item.assigned", work.visit);
}

/** What a token waits for, by what its step waits for there: kept where it did so before, opened where it is new. */
function renew(
  turn: Turn,
  source: CompiledProcess,
  id: string,
  stood: ReadonlyMap<string, string>,
  map: MigrationMap,
  arrivals: Arrival[],
): string | null {
  const token = turn.run.tokens[id];
  if (token?.state !== "in" || !token.visit) return null;
  const node = nodeOf(turn, token.node);
  const before = source.nodes.get(stood.get(token.visit) ?? "");
  const acting = token.effect !== undefined && token.action !== undefined;
  if (!acting) {
    const wrong = renewWait(turn, token, node, before, arrivals);
    if (wrong) return wrong;
  }
  const kept = new Set((before?.boundary ?? []).flatMap((one) => map.boundaries[`${before!.id}.${one.id}`] ?? []));
  for (const boundary of node.boundary) {
    if (kept.has(boundary.id)) continue;
    armBoundary(turn, id, boundary, placeOf(turn, id, node));
    if (acting && !turn.run.tokens[id]?.armed?.[boundary.id])
      emit(turn, "BoundaryArmed", { token: id, boundary: boundary.id });
  }
  return null;
}

function renewWait(
  turn: Turn,
  token: Token,
  node: CompiledNode,
  before: CompiledNode | undefined,
  arrivals: Arrival[],
): string | null {
  const place = placeOf(turn, token.id, node);
  const { events = [], conditions = [], timers = [], work, call, body } = waitingAt(node) ?? {};
  const known = token.events ?? [];
  // The n-th wait for an event is the n-th there.
  const left = known.map((event, i) => ({ event, key: token.keys?.[i] ?? null }));
  const fresh: boolean[] = [];
  const keys = events.map(({ event, correlate }): Plain => {
    const at = left.findIndex((one) => one.event === event);
    fresh.push(at < 0);
    if (at >= 0) return left.splice(at, 1)[0]!.key;
    return correlate?.trim() ? keyOf(turn, correlate, place) : null;
  });
  const names = events.map(({ event }) => event);
  const waitsForNews = events.length > 0 || conditions.length > 0 || (!work && !call && !body);
  const changed = names.join("\n") !== known.join("\n") || (token.condition === true) !== conditions.length > 0;
  if (waitsForNews && changed)
    emit(turn, "WaitStarted", {
      token: token.id,
      events: names,
      condition: conditions.length > 0,
      ...(keys.some((key) => key !== null) && { keys }),
    });
  const running = new Set(
    Object.values(turn.run.timers).flatMap((timer) => (timer.token === token.id ? timer.name : [])),
  );
  for (const timer of timers) {
    if (running.has(timer.name) || (before && waitingAt(before)?.timers?.some(({ name }) => name === timer.name)))
      continue;
    const due = dueOf(turn, timer, place);
    if (typeof due === "string") return due;
    emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: timer.name, due, token: token.id });
  }
  if (isDrawn(node, timeoutTimer) && before && !isDrawn(before, timeoutTimer)) setTimeout(turn, token.id, node);
  if (turn.run.status !== "active") return null;
  const opened = events.map((one, i) => ({ ...one, fresh: one.fresh === true || !fresh[i] }));
  const early = takeEarly(turn, token.id, opened, keys);
  if (early) arrivals.push(...resume(turn, token.id, early.signal, messageAsFeel(early.payload)));
  return null;
}
