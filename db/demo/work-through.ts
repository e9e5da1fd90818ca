/** People of the demo find open work, begin it after a while, and finish it: through the commands everybody uses. */
import { and, eq, gte, isNull } from "drizzle-orm";
import { kept } from "@/db/queries/kept.ts";
import { findRun } from "@/db/queries/runs.ts";
import { recordsById } from "@/db/queries/world.ts";
import type { Row } from "@/db/store.ts";
import { engineRecord } from "@/server/commands/load-world.ts";
import type { Answer } from "@/server/commands/command-loop.ts";
import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";
import type { Run, Work } from "@/server/engine/model.ts";
import { dayMs, localDay, weekdayOf } from "@/server/engine/calendar/zone.ts";
import type { Person } from "@/server/engine/world.ts";
import { atBest, fridayFactor, habitOf, reviewGain, withThinEvidence } from "./behaviour.ts";
import { afterWorkOf } from "./calendar-of-work.ts";
import { type Step, fillForm } from "./fill-form.ts";
import { prepare, signContract } from "./prepare.ts";
import { shownRep } from "./people.ts";
import type { DemoWorld } from "./world.ts";

type Item = Row<"workItem">;
/** What the shown rep left lying: so many things of the last weeks. */
const backlog = { items: 16, ms: 20 * 86_400_000, share: 0.85 };

const openWorkSince = kept<{ workspaceId: string; since: number }, Item>(({ read, t }, { given }) =>
  read
    .select()
    .from(t.workItem)
    .where(
      and(
        eq(t.workItem.workspaceId, given("workspaceId")),
        isNull(t.workItem.completedAt),
        gte(t.workItem.offeredAt, given("since")),
      ),
    ),
);

/** Plans the work that appeared since the last look. */
export async function planNewWork(world: DemoWorld, known: Set<string>): Promise<void> {
  const { store, contexts } = world.engine;
  // What was offered before was seen before; a day is more than any timer of it comes late.
  const open = await openWorkSince(store, { workspaceId: world.workspaceId, since: world.clock.now() - dayMs });
  const fresh = open.filter((item) => !known.has(`${item.runId}/${item.work}`));
  if (fresh.length === 0) return;
  const context = await contexts.get(world.workspaceId, world.clock.now());
  for (const item of fresh) {
    known.add(`${item.runId}/${item.work}`);
    plan(world, context, item);
  }
}

function plan(world: DemoWorld, { directory }: WorkspaceContext, item: Item): void {
  const { chance, plans } = world;
  const id = item.assignee ?? directory.role(item.role)[0];
  const person = id ? directory.people.get(id) : undefined;
  const planted = world.planted.get(item.recordId);
  if (!person || (planted === "lying" && item.node === "legal_review")) return;
  const { wait, touch } = habitOf(item.process, item.node);
  const hurry = planted ? 0.4 : 1;
  // The rep whom visitors look over the shoulder has fallen behind: there is something to do in their inbox.
  const lately = !planted && person.id === shownRep && item.offeredAt > world.end - backlog.ms;
  if (lately && world.left < backlog.items && chance.happens(backlog.share)) return void world.left++;
  const begins = afterWorkOf(person, item.offeredAt, chance.around(wait * factorOf(item, person) * hurry));
  const blocked = planted === "blocked" && item.node === "proposal";
  const ends = blocked ? begins + 900_000 : afterWorkOf(person, begins, Math.max(0.25, chance.around(touch)));
  plans.add({ at: begins, run: item.runId, do: (now) => begin(world, item, person, now) });
  const end = blocked ? block : finish;
  plans.add({ at: ends, run: item.runId, do: (now) => end(world, item, person, now) });
}

function factorOf(item: Item, person: Person): number {
  const friday = weekdayOf(localDay(person.zone, item.offeredAt)) === 4;
  const gained = item.process === "opportunity_to_close" && item.node === "deal_review" && item.version > 1;
  return (friday ? fridayFactor : 1) * (gained ? reviewGain : 1);
}

async function begin(world: DemoWorld, item: Item, person: Person, now: number): Promise<void> {
  const { engine, workspaceId } = world;
  const run = await findRun(engine.store, workspaceId, item.runId);
  if (!isOpen(run, item.work)) return;
  const answer = await engine.loop.submit({
    id: engine.newId("cmd"),
    workspaceId,
    runId: item.runId,
    at: now,
    actor: { kind: "member", id: workerOf(run, item.work) ?? person.id },
    type: "startWork",
    work: item.work,
  });
  note(world, item, answer);
}

async function block(world: DemoWorld, item: Item, person: Person, now: number): Promise<void> {
  const { engine, workspaceId } = world;
  const answer = await engine.loop.submit({
    id: engine.newId("cmd"),
    workspaceId,
    runId: item.runId,
    at: now,
    actor: { kind: "member", id: person.id },
    type: "pauseWork",
    work: item.work,
    reason: "Their board meets on it next week.",
  });
  note(world, item, answer);
}

async function finish(world: DemoWorld, item: Item, person: Person, now: number): Promise<void> {
  const { engine, workspaceId } = world;
  await prepare(world, item, person, now);
  const step = await stepOf(world, item, now);
  if (!step) return;
  let also: string[] = [];
  for (let tries = 0; tries < 4; tries++) {
    const { outcome, values } = fillForm(step, also, world.chance);
    if (values["run.signature_result"] === "signed") await signContract(world, item, person, now);
    const answer = await engine.loop.submit({
      id: engine.newId("cmd"),
      workspaceId,
      runId: item.runId,
      at: now,
      actor: { kind: "member", id: workerOf(step.run, item.work) ?? person.id },
      type: "completeWork",
      work: item.work,
      outcome,
      values,
    });
    const asked = answer.ok ? [] : missingFields(answer);
    if (asked.length === 0 || tries === 3) return note(world, item, answer);
    also = [...also, ...asked];
  }
}

const isOpen = (run: Run | null, work: string): run is Run => {
  const item: Work | undefined = run?.status === "active" ? run.work[work] : undefined;
  return item !== undefined;
};
const workerOf = (run: Run, work: string): string | null => run.work[work]?.assignee ?? null;

async function stepOf(world: DemoWorld, item: Item, at: number): Promise<Step | null> {
  const { store, contexts } = world.engine;
  const run = await findRun(store, world.workspaceId, item.runId);
  const process = await contexts.version(world.workspaceId, item.process, item.version);
  const node = process?.nodes.get(item.node);
  if (!isOpen(run, item.work) || !process || !node) return null;
  const ids = [run.recordId, ...Object.values(run.related).flatMap((id) => id ?? [])];
  const rows = await recordsById(store, { workspaceId: world.workspaceId, ids });
  const { model } = await contexts.get(world.workspaceId, at);
  const records = new Map(rows.map((row) => [row.id, engineRecord(row)]));
  const habit = habitOf(item.process, item.node);
  const planted = world.planted.get(item.recordId);
  const shown = planted === "held" && item.node === "discovery" ? withThinEvidence(habit) : habit;
  return { process, node, run, records, model, habit: planted ? atBest(shown) : habit, at };
}

function missingFields(answer: Extract<Answer, { ok: false }>): string[] {
  const fields = answer.code === "MISSING_FIELDS" ? answer.details?.fields : undefined;
  return Array.isArray(fields)
    ? fields.flatMap((f) => (f && typeof f === "object" && "field" in f ? [String(f.field)] : []))
    : [];
}

function note(world: DemoWorld, item: Item, answer: Answer): void {
  if (!answer.ok) world.refused.push(`${item.process}.${item.node}: ${answer.code} ${answer.text}`);
}
