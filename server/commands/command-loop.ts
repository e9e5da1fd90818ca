/**
 * Commands are committed in groups: what arrived in one turn of the event loop is loaded in a few queries, decided in memory
 * one after the other, and written in one synced transaction. Callers are answered after it. One poisonous command sinks
 * nobody: a group that cannot be written is tried again one by one.
 */
import { createHash } from "node:crypto";
import { canonical } from "@/db/chain.ts";
import { findWork } from "@/db/queries/inbox.ts";
import { receiptsOf } from "@/db/queries/world.ts";
import type { Committed, Store, WriteSet } from "@/db/store.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import type { VersionRef } from "@/server/engine/migrate/map.ts";
import type { Plain, Refusal } from "@/server/engine/model.ts";
import { refuse } from "@/server/engine/model.ts";
import { projectRun } from "@/server/engine/project.ts";
import { type Changed, bodyHash, keepsReceipt, newBatch, setOf } from "./batch.ts";
import { type CommandMeter, commandMeter } from "./command-meter.ts";
import { type Loaded, loadWorld } from "./load-world.ts";
import { targetOf, versionKey } from "./version-of.ts";
import { layerOver } from "@/server/engine/layer.ts";
import { reentryRefused } from "./reentry.ts";
import { warmRuns } from "./warm-runs.ts";
import type { Contexts } from "./workspace-context.ts";

export type Answer = { ok: true; value: Plain; seq: number } | Refusal;
/** A write that is not a run command (a record, a publish, a setting): it makes its own set, in its place in the queue. */
export type Write = {
  workspaceId: string;
  id: string;
  /** What was asked, for writes that may be asked again with the same `id`. */
  receipt?: { body: Plain; at: number };
  make: () => Promise<{ ok: true; sets: WriteSet[]; value: Plain } | Refusal>;
};

export type CommandLoop = {
  submit(command: RunCommand): Promise<Answer>;
  write(write: Write): Promise<Answer>;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
  counts: CommandMeter["counts"];
};

type Waiting = {
  workspaceId: string;
  command?: RunCommand;
  write?: Write;
  answer: (answer: Answer) => void;
  fail: (error: unknown) => void;
  tries: number;
};

export function commandLoop({
  store,
  contexts,
  alone = store.dialect === "sqlite",
  most = 256,
  tries = 5,
}: {
  store: Store;
  contexts: Contexts;
  /** Whether this is the one process that writes to the database. */
  alone?: boolean;
  most?: number;
  tries?: number;
}): CommandLoop {
  const warm = warmRuns(alone);
  const meter = commandMeter();
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;
  const enqueue = (item: Omit<Waiting, "answer" | "fail" | "tries">) =>
    new Promise<Answer>((answer, fail) => {
      waiting.push({ ...item, answer, fail, tries: 0 });
      running ??= drain();
    });

  async function drain(): Promise<void> {
    await nextTurn(); // what arrived in this turn joins the group
    while (waiting.length) {
      const group = takeGroup();
      try {
        await commitGroup(group);
      } catch (error) {
        contexts.forget(group[0]!.workspaceId);
        if (group.length === 1) group[0]!.fail(error);
        else for (const one of group) await commitGroup([one]).catch((e: unknown) => one.fail(e));
      }
      await nextTurn(); // HTTP has its turn
    }
    running = null;
  }

  /** The next commands of one workspace; a write stands alone. Workspaces are served in turn. */
  function takeGroup(): Waiting[] {
    const first = waiting[0]!;
    if (first.write) {
      waiting = waiting.slice(1);
      return [first];
    }
    const group: Waiting[] = [];
    const rest: Waiting[] = [];
    let open = true;
    for (const item of waiting) {
      if (item.workspaceId === first.workspaceId && item.write) open = false;
      if (open && item.workspaceId === first.workspaceId && group.length < most) group.push(item);
      else rest.push(item);
    }
    waiting = rest;
    return group;
  }

  async function commitGroup(group: Waiting[]): Promise<void> {
    if (group[0]!.write) return commitWrite(group[0]!);
    const workspaceId = group[0]!.workspaceId;
    const commands = group.map((w) => w.command!);
    const now = Math.max(...commands.map((c) => c.at));
    const receiptsNow = () =>
      receiptsFor(
        store,
        workspaceId,
        commands.filter(keepsReceipt).map((c) => c.id),
      );
    const world = loadWorld(store, contexts, workspaceId, commands, now, warm);
    // Of a run that stands where it was left nobody else has done anything. Of others the receipts come after the world: what another
    // server did of the same request in between is told by its receipt, not by what it left.
    const [loaded, early] = await Promise.all([world, alone ? null : receiptsNow()]);
    const receipts = early && !loaded.fresh ? early : await receiptsNow();
    const decideAll = (write: (command: RunCommand, set: WriteSet) => void) =>
      commands.map((command): Answer => {
        const known = receipts.get(command.id);
        if (known) return known.body === bodyHash(command) ? (known.answer as Answer) : usedBefore();
        const body = keepsReceipt(command) ? bodyHash(command) : null;
        const answer = decideInto(loaded, write, command, body);
        // Asked twice at the same moment: the second finds the first one's receipt, as it would a moment later.
        if (answer.ok && body) receipts.set(command.id, { body, answer });
        return answer;
      });
    const { answers, sets, setOf, committed } = await decideAndWrite(decideAll, workspaceId, commands.length);
    const lost = new Set(committed.lost);
    sets.forEach((set, i) => {
      if (!lost.has(i)) for (const { id } of set.put.run ?? []) warm.keep(workspaceId, warmed(loaded, id));
    });
    // Another server was faster: what it has handed out counts now.
    if ([...lost].some((i) => sets[i]!.guards.some(({ table }) => table === "lineStop"))) contexts.forget(workspaceId);
    else if (lost.size) contexts.recount(workspaceId);
    const { seq } = committed;
    for (const [i, answer] of answers.entries())
      if (!answer.ok && typeof answer.details?.work === "string")
        answers[i] = await nameWinner(store, loaded, commands[i]!, answer, answer.details.work);
    meter.note(workspaceId, now, answers.length, answers.filter(({ ok }) => !ok).length);
    group.forEach((item, i) => {
      const set = setOf.get(item.command!.id);
      if (set === undefined || !lost.has(set)) {
        const answer = answers[i]!;
        item.answer(answer.ok ? { ...answer, seq: answer.seq || seq } : answer);
      } else if (item.command!.type === "undoWork")
        item.answer(refuse("UNDO_REFUSED", "Something else has happened since. Nothing was undone."));
      else if (++item.tries < tries) waiting.push(item);
      else item.answer(refuse("BUSY", "Too many people changed this at once. Nothing was changed; try again."));
    });
  }

  /**
   * Where nobody else writes, each set is on its way to the disk while the next is decided, all in one transaction: what fails
   * fails for all, and is tried again one by one. Elsewhere sets are written together and win or lose each by itself.
   */
  async function decideAndWrite(
    decideAll: (write: (command: RunCommand, set: WriteSet) => void) => Answer[],
    workspaceId: string,
    count: number,
  ): Promise<{ answers: Answer[]; sets: WriteSet[]; setOf: Map<string, number>; committed: Committed }> {
    const writing = alone && count > 1 ? (store.begin?.() ?? null) : null;
    if (!writing) {
      const batch = newBatch(workspaceId);
      const answers = decideAll(batch.add);
      const { sets, setOf } = batch.sets();
      // Until the commit has said yes, nobody knows what is stored.
      warm.forget(sets);
      return { answers, sets, setOf, committed: sets.length ? await store.commit(sets) : { lost: [], seq: 0 } };
    }
    const sets: WriteSet[] = [];
    const setOf = new Map<string, number>();
    let answers: Answer[];
    try {
      answers = decideAll((command, set) => {
        setOf.set(command.id, sets.length);
        sets.push(set);
        writing.add(set);
      });
    } catch (error) {
      writing.abandon();
      warm.forget(sets);
      throw error;
    }
    warm.forget(sets);
    return { answers, sets, setOf, committed: await writing.commit() };
  }

  async function commitWrite(item: Waiting): Promise<void> {
    const { write } = item;
    const body = write!.receipt ? createHash("sha256").update(canonical(write!.receipt.body)).digest("hex") : "";
    const before = await answered();
    if (before) return item.answer(before);
    const made = await write!.make();
    // Refused because another server has just done it? Then its answer is this one's too.
    if (!made.ok) return item.answer((await answered()) ?? made);
    const [first, ...others] = made.sets;
    const sets = first && write!.receipt ? [withReceipt(first, write!, body, made.value), ...others] : made.sets;
    warm.forget(sets);
    const { lost, seq } = await store.commit(sets);
    contexts.written(item.workspaceId, sets);
    if (lost.length === 0) return item.answer({ ok: true, value: made.value, seq });
    if (++item.tries < tries) return void waiting.push(item);
    item.answer(
      refuse("CONFLICT", "Somebody else changed this at the same time. Nothing was saved; look at it again."),
    );

    async function answered(): Promise<Answer | null> {
      const known = (await receiptsFor(store, item.workspaceId, [write!.id])).get(write!.id);
      if (!known) return null;
      return known.body === body ? (known.answer as Answer) : usedBefore();
    }
  }

  return {
    submit: (command) => enqueue({ workspaceId: command.workspaceId, command }),
    write: (write) => enqueue({ workspaceId: write.workspaceId, write }),
    idle: async () => {
      while (running) await running;
    },
    counts: meter.counts,
  };
}

const warmed = ({ runs, visits, work }: Loaded, id: string) => ({
  run: runs.get(id)!,
  visits: visits.get(id) ?? new Map(),
  work: work.get(id) ?? new Map(),
});

const usedBefore = () =>
  refuse("IDEMPOTENCY_MISMATCH", "This request was used before for something else. Nothing was changed.");

/** The receipt stands or falls with the write's first set. */
function withReceipt(set: WriteSet, { id, receipt }: Write, body: string, value: Plain): WriteSet {
  const answer = { ok: true, value, seq: 0 };
  const row = { workspaceId: set.workspaceId, commandId: id, body, answer, at: receipt!.at };
  return { ...set, put: { ...set.put, receipt: [row] } };
}

/** Who was faster, and when: the task is closed by now, in this group or before it. */
async function nameWinner(
  store: Store,
  { context }: Loaded,
  { workspaceId, runId }: RunCommand,
  refusal: Refusal,
  work: string,
): Promise<Refusal> {
  const row = await findWork(store, workspaceId, runId, work);
  const by = row?.completedBy ? context.directory.people.get(row.completedBy)?.name : undefined;
  if (!row || !by) return refusal;
  return refuse(refusal.code, `${by} has done this task already. Nothing of yours was saved.`, {
    by,
    at: row.completedAt ?? null,
    outcome: row.outcome ?? null,
  });
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

function decideInto(
  loaded: Loaded,
  write: (command: RunCommand, set: WriteSet) => void,
  command: RunCommand,
  body: string | null,
): Answer {
  const before = loaded.runs.get(command.runId) ?? null;
  const process =
    command.type === "startRun"
      ? loaded.processes.get(versionKey(command.process, command.version))
      : before
        ? loaded.processes.get(versionKey(before.process, before.version))
        : null;
  if (!process) return refuse("NOT_FOUND", before ? "The version of this run is gone." : "This run does not exist.");
  if (
    command.type === "startRun" &&
    process.document.runPolicy === "one_active_per_record" &&
    isActive(loaded, command.process, command.recordId)
  )
    return refuse("ALREADY_RUNNING", "This record is already in this process. Nothing was started.");
  const tooSoon = command.type === "startRun" ? reentryRefused(process, command, loaded.ended) : null;
  if (tooSoon) return tooSoon;
  const to = targetOf(command);
  if (to && before && to.process !== before.process && isBusyThere(loaded, to, before.recordId))
    return refuse("ALREADY_RUNNING", "This record is already in that process. Nothing was moved.");
  if (command.type === "undoWork" && command.made?.some(({ id }) => isWorkedOn(loaded, id, command.runId)))
    return refuse("UNDO_REFUSED", "Another process works on what it made already. Nothing was undone.");
  const records = layerOver(loaded.records);
  const stored = {
    visits: loaded.visits.get(command.runId) ?? new Map(),
    work: loaded.work.get(command.runId) ?? new Map(),
  };
  const other = to ? (loaded.processes.get(versionKey(to.process, to.version)) ?? null) : null;
  const projection = projectRun(process, command.workspaceId, command.runId, stored, loaded.context.zone, other);
  const decided = decide(process, before, command, loaded.worldFor(process, records), projection);
  if (!decided.ok) return decided;
  const answer: Answer = { ok: true, value: decided.answer, seq: 0 };
  if (decided.events.length === 0) return answer;
  const changed = changedRecords(decided.events, loaded.records, records);
  records.merge();
  loaded.runs.set(command.runId, decided.run);
  const rows = projection.rows();
  for (const row of rows.put.stepVisit ?? []) remember(loaded.visits, command.runId, row.visit, row);
  for (const row of rows.put.workItem ?? []) remember(loaded.work, command.runId, row.work, row);
  // What an undo took back may come again under the same name: it must not find its former row.
  for (const [, run, id] of rows.drop.stepVisit ?? []) loaded.visits.get(String(run))?.delete(String(id));
  for (const [, run, id] of rows.drop.workItem ?? []) loaded.work.get(String(run))?.delete(String(id));
  if (command.type === "startRun") loaded.active.add(`${command.process}/${command.recordId}`);
  if (to && before) {
    loaded.active.delete(`${before.process}/${before.recordId}`);
    loaded.active.add(`${decided.run.process}/${decided.run.recordId}`);
  }
  if (decided.run.endedAt !== null) {
    loaded.active.delete(`${decided.run.process}/${decided.run.recordId}`);
    loaded.ended.set(`${decided.run.process}/${decided.run.recordId}`, decided.run.endedAt);
  }
  const receipt = body === null ? null : { body, answer: decided.answer };
  const { run, events } = decided;
  const stops = stopGuards(loaded, run.process);
  write(command, setOf(command, before, run, events, rows, changed, loaded.context.model, receipt, stops));
  return answer;
}

/**
 * A process of which something is stopped: that it still is. Else a server that has not heard yet that it goes on would hold a run
 * whose turn the batch that lets go has had already.
 */
const stopGuards = ({ context }: Loaded, process: string): WriteSet["guards"] =>
  [...(context.stops.get(process) ?? [])].map(([node, { at }]) => ({
    table: "lineStop",
    id: `${process}\u0000${node}`,
    was: at,
  }));

/** Whether a run other than this one is at work on the record; also one that began in this very group. */
const isWorkedOn = ({ watchers, active }: Loaded, record: string, run: string): boolean =>
  watchers.get(record)?.some((one) => one !== run) || [...active].some((one) => one.endsWith(`/${record}`));

/** One run a record is the rule there, and there is one. */
const isBusyThere = (loaded: Loaded, to: VersionRef, recordId: string) =>
  loaded.processes.get(versionKey(to.process, to.version))?.document.runPolicy === "one_active_per_record" &&
  isActive(loaded, to.process, recordId);

const isActive = (loaded: Loaded, process: string, recordId: string) => loaded.active.has(`${process}/${recordId}`);

function remember<T>(map: Map<string, Map<string, T>>, run: string, id: string, row: T): void {
  const rows = map.get(run) ?? new Map<string, T>();
  rows.set(id, row);
  map.set(run, rows);
}

function changedRecords(
  events: readonly { stream: { kind: string; id: string } }[],
  before: Loaded["records"],
  after: Loaded["records"],
): Changed[] {
  if (!events.some(({ stream }) => stream.kind === "record")) return [];
  const ids = new Set(events.filter((e) => e.stream.kind === "record").map((e) => e.stream.id));
  return [...ids].map((id) => {
    const [was, is] = [before.get(id), after.get(id)];
    // What was taken away was there, and its last fact is that it went.
    return is
      ? { id, was: was?.version ?? 0, after: is, before: was }
      : { id, was: was!.version, after: { ...was!, version: was!.version + 1 }, before: was, gone: true };
  });
}

async function receiptsFor(store: Store, workspaceId: string, commands: string[]) {
  const rows = commands.length ? await receiptsOf(store, { workspaceId, commands }) : [];
  return new Map(rows.map((r) => [r.commandId, { body: r.body, answer: r.answer }]));
}
