/**
 * Commands are committed in groups: what arrived in one turn of the event loop is loaded in a few queries, decided in memory
 * one after the other, and written in one synced transaction. Callers are answered after it. One poisonous command sinks
 * nobody: a group that cannot be written is tried again one by one.
 */
import { createHash } from "node:crypto";
import { canonical } from "@/db/chain.ts";
import { findWork } from "@/db/queries/inbox.ts";
import { receiptsOf } from "@/db/queries/world.ts";
import type { Committed, Piecewise, Store, WriteSet } from "@/db/store.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Plain, Refusal } from "@/server/engine/model.ts";
import { refuse } from "@/server/engine/model.ts";
import { bodyHash, keepsReceipt, newBatch } from "./batch.ts";
import { type CommandMeter, commandMeter } from "./command-meter.ts";
import { decideInto } from "./decide-into.ts";
import { type Loaded, loadWorld } from "./load-world.ts";
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

/** So many commands are decided before what they write is sent: fewer are more statements, more leave the database idle. */
const piece = 32;

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

/** How an attempt is written; null when others have written meanwhile. */
type Way = {
  commit(sets: WriteSet[]): Promise<Committed | null>;
  /** The same in pieces, where that gains something. */
  begin?(): Promise<Piecewise | null>;
};
type Deciding = (from: number, to: number, write: (command: RunCommand, set: WriteSet) => void) => Answer[];
type Written = { answers: Answer[]; sets: WriteSet[]; setOf: Map<string, number>; committed: Committed };
type Decided = Written & { loaded: Loaded; now: number };

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

  /**
   * Decides on what is stored while nobody else can change it. Where several servers write, an attempt may turn out to have been made
   * on what was not so any more: it wrote nothing, and is made again while this server has the workspace to itself.
   */
  async function inTurn<T extends object>(workspaceId: string, attempt: (way: Way) => Promise<T | null>): Promise<T> {
    const { turns } = store;
    let made: T | null = null;
    if (!turns) made = await attempt({ commit: store.commit });
    else if (turns.isMine(workspaceId))
      made = await attempt({ commit: turns.commit, begin: () => turns.begin(workspaceId) });
    if (made) return made;
    made = turns
      ? await turns.hold(workspaceId, (commit) => {
          // Another server was faster: what it has handed out counts now, and what was handed out here does not.
          contexts.recount(workspaceId);
          return attempt({ commit });
        })
      : null;
    if (!made) throw new Error("a commit was neither made nor refused");
    return made;
  }

  async function commitGroup(group: Waiting[]): Promise<void> {
    if (group[0]!.write) return commitWrite(group[0]!);
    const workspaceId = group[0]!.workspaceId;
    const commands = group.map((w) => w.command!);
    const { loaded, now, answers, sets, setOf, committed } = await inTurn(workspaceId, (way) =>
      decideGroup(workspaceId, commands, way),
    );
    const lost = new Set(committed.lost);
    sets.forEach((set, i) => {
      if (!lost.has(i)) for (const { id } of set.put.run ?? []) warm.keep(workspaceId, warmed(loaded, id));
    });
    if (lost.size) contexts.recount(workspaceId);
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

  /** What a group of one workspace's commands leads to; null when it turns out to be decided on what is not so any more. */
  async function decideGroup(workspaceId: string, commands: RunCommand[], way: Way): Promise<Decided | null> {
    const now = Math.max(...commands.map((c) => c.at));
    const receiptsNow = () =>
      receiptsFor(
        store,
        workspaceId,
        commands.filter(keepsReceipt).map((c) => c.id),
      );
    const world = loadWorld(store, contexts, workspaceId, commands, now, warm);
    const beginning = way.begin?.();
    // Told where it is waited for, which is later than it may fail.
    beginning?.catch(() => {});
    // Of a run that stands where it was left nobody else has done anything. Of others the receipts come after the world: what another
    // server did of the same request in between is told by its receipt, not by what it left.
    const [loaded, early] = await orAbandon(beginning, Promise.all([world, alone ? null : receiptsNow()]));
    const receipts = early && !loaded.fresh ? early : await orAbandon(beginning, receiptsNow());
    const decideSome: Deciding = (from, to, write) =>
      commands.slice(from, to).map((command): Answer => {
        const known = receipts.get(command.id);
        if (known) return known.body === bodyHash(command) ? (known.answer as Answer) : usedBefore();
        const body = keepsReceipt(command) ? bodyHash(command) : null;
        const answer = decideInto(loaded, write, command, body);
        // Asked twice at the same moment: the second finds the first one's receipt, as it would a moment later.
        if (answer.ok && body) receipts.set(command.id, { body, answer });
        return answer;
      });
    const written = beginning
      ? await decideInPieces(decideSome, workspaceId, commands.length, await beginning)
      : await decideAndWrite(decideSome, workspaceId, commands.length, way.commit);
    return written && { ...written, loaded, now };
  }

  /** Each piece is on its way to the database while the next is decided: all of them or none. */
  async function decideInPieces(
    decideSome: Deciding,
    workspaceId: string,
    count: number,
    writing: Piecewise | null,
  ): Promise<Written | null> {
    if (!writing) return null;
    const sets: WriteSet[] = [];
    const answers: Answer[] = [];
    try {
      for (let from = 0; from < count; from += piece) {
        const batch = newBatch(workspaceId);
        answers.push(...decideSome(from, from + piece, batch.add));
        const made = batch.sets().sets;
        sets.push(...made);
        // Until the commit has said yes, nobody knows what is stored.
        warm.forget(made);
        if (made.length) await writing.send(made);
      }
    } catch (error) {
      writing.abandon();
      throw error;
    }
    if (sets.length === 0) writing.abandon();
    const committed = sets.length ? await writing.commit() : { lost: [], seq: 0 };
    return committed && { answers, sets, setOf: new Map(), committed };
  }

  /**
   * Where nobody else writes, each set is on its way to the disk while the next is decided, all in one transaction: what fails
   * fails for all, and is tried again one by one. Elsewhere sets are written together and win or lose each by itself.
   */
  async function decideAndWrite(
    decideSome: Deciding,
    workspaceId: string,
    count: number,
    commit: Way["commit"],
  ): Promise<Written | null> {
    const writing = alone && count > 1 ? (store.begin?.() ?? null) : null;
    if (!writing) {
      const batch = newBatch(workspaceId);
      const answers = decideSome(0, count, batch.add);
      const { sets, setOf } = batch.sets();
      // Until the commit has said yes, nobody knows what is stored.
      warm.forget(sets);
      const committed = sets.length ? await commit(sets) : { lost: [], seq: 0 };
      return committed && { answers, sets, setOf, committed };
    }
    const sets: WriteSet[] = [];
    const setOf = new Map<string, number>();
    let answers: Answer[];
    try {
      answers = decideSome(0, count, (command, set) => {
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
    const { answer, sets } = await inTurn(item.workspaceId, ({ commit }) =>
      makeWrite(item.workspaceId, item.write!, commit),
    );
    contexts.written(item.workspaceId, sets);
    if (answer) return item.answer(answer);
    if (++item.tries < tries) return void waiting.push(item);
    item.answer(
      refuse("CONFLICT", "Somebody else changed this at the same time. Nothing was saved; look at it again."),
    );
  }

  /** Without an answer when a guard did not hold; null as in `decideGroup`. */
  async function makeWrite(
    workspaceId: string,
    write: Write,
    commit: Way["commit"],
  ): Promise<{ answer: Answer | null; sets: WriteSet[] } | null> {
    const body = write.receipt ? createHash("sha256").update(canonical(write.receipt.body)).digest("hex") : "";
    const answered = async (): Promise<Answer | null> => {
      const known = (await receiptsFor(store, workspaceId, [write.id])).get(write.id);
      if (!known) return null;
      return known.body === body ? (known.answer as Answer) : usedBefore();
    };
    const before = await answered();
    if (before) return { answer: before, sets: [] };
    const made = await write.make();
    // Refused because another server has just done it? Then its answer is this one's too.
    if (!made.ok) return { answer: (await answered()) ?? made, sets: [] };
    const [first, ...others] = made.sets;
    const sets = first && write.receipt ? [withReceipt(first, write, body, made.value), ...others] : made.sets;
    warm.forget(sets);
    const committed = await commit(sets);
    if (!committed) return null;
    return { answer: committed.lost.length ? null : { ok: true, value: made.value, seq: committed.seq }, sets };
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

/** What was begun beside `work` is given up should that fail. */
async function orAbandon<T>(begun: Promise<Piecewise | null> | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    void begun?.then(
      (writing) => writing?.abandon(),
      () => {},
    );
    throw error;
  }
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

async function receiptsFor(store: Store, workspaceId: string, commands: string[]) {
  const rows = commands.length ? await receiptsOf(store, { workspaceId, commands }) : [];
  return new Map(rows.map((r) => [r.commandId, { body: r.body, answer: r.answer }]));
}
