/**
 * The clock of a workspace for practice, moved ahead as if time had passed: what falls due on the way is done in its order, each at
 * its own instant. Nothing of such a workspace leaves the house once its time is its own. How far it is ahead is stored before
 * anything is done at that time, so a crash on the way never sets it back.
 */
import { and, asc, eq, isNull } from "drizzle-orm";
import { type ClockSetting, clockSettings } from "@/db/queries/clock-offsets.ts";
import type { Store } from "@/db/store.ts";
import type { Ask } from "@/server/commands/deps.ts";
import { writeSetting } from "@/server/commands/write-setting.ts";
import type { Sender } from "@/server/effects/dispatch.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import { parseDuration } from "@/server/engine/expression/index.ts";
import type { Clocks } from "./clock.ts";
import type { Engine } from "./engine.ts";

/** The farthest that one step goes: a year, in which every template ends. */
const mostMs = 400 * 86_400_000;

/** Reads how far each workspace is ahead, and again when its settings change. */
export async function followClocks(store: Store, clocks: Clocks): Promise<void> {
  const read = async (workspaceId?: string) => {
    for (const one of await clockSettings(store, workspaceId)) clocks.put(one.workspaceId, one.ahead);
  };
  await read();
  store.onCommit((change) => {
    if (change.types.includes("SettingChanged") && !advancing.has(change.workspaceId))
      read(change.workspaceId).catch(() => undefined);
  });
}

/** Workspaces that are on their way here: what is stored already is reached step by step. */
const advancing = new Set<string>();

/** Mail, calls and connectors of a workspace for practice are taken for done: nobody outside is to hear of a time that is not. */
export const heldInPractice =
  (store: Store, clocks: Clocks, send: Sender): Sender =>
  async (effect, key, workspaceId, at) => {
    const held = clocks.ahead(workspaceId) > 0 || (await clockSettings(store, workspaceId))[0]?.practice === true;
    return held ? { ok: true, result: { held: true } } : send(effect, key, workspaceId, at);
  };

export type ClockView = {
  now: number;
  ahead: number;
  /** False in a workspace that does real work: its clock is the world's. */
  allowed: boolean;
  practice: boolean;
  /** What falls due next. */
  next: { at: number; kind: string } | null;
};

export async function readClock(
  { store, clocks }: Pick<Engine, "store" | "clocks">,
  workspaceId: string,
): Promise<ClockView> {
  const [setting] = await clockSettings(store, workspaceId);
  return {
    now: clocks.of(workspaceId).now(),
    ahead: clocks.ahead(workspaceId),
    allowed: setting !== undefined && isAllowed(setting),
    practice: setting?.practice ?? false,
    next: await nextDue(store, workspaceId),
  };
}

const isAllowed = ({ demo, practice }: ClockSetting) => demo || practice;

/** `by`: an ISO duration, `P3D` being three times 24 hours; `next`: to what falls due next. */
export type Advance = { by: string } | { next: true };

export async function advanceClock(
  engine: Engine,
  ask: Ask,
  how: Advance,
): Promise<{ ok: true; from: number; to: number; done: number } | Refusal> {
  const { store, clocks, worker } = engine;
  const { workspaceId } = ask;
  const clock = clocks.of(workspaceId);
  const [setting] = await clockSettings(store, workspaceId);
  if (!setting || !isAllowed(setting))
    return refuse(
      "INVALID",
      "This workspace does real work, so its clock is the world's. Only the clock of a demo or of a workspace for practice can be moved ahead.",
    );
  if (advancing.has(workspaceId))
    return refuse("BUSY", "The clock is being moved ahead already. Wait for it, then try again.");
  // What is due already is no part of the way.
  await worker.drain();
  const from = clock.now();
  const ms = "by" in how ? msOf(how.by) : ((await nextDue(store, workspaceId))?.at ?? Number.NaN) - from;
  if ("by" in how && ms === null)
    return refuse(
      "INVALID",
      "Say how far as a duration like PT1H, P1D or P2W; the clock only goes ahead, at most 400 days at once.",
    );
  if (ms === null || Number.isNaN(ms))
    return refuse("CONFLICT", "Nothing falls due any more. The clock was not moved.");
  const by = Math.max(0, ms);
  const ahead = clocks.ahead(workspaceId) + by;
  advancing.add(workspaceId);
  try {
    const stored = await writeSetting(engine, { ...ask, now: from }, async () => {
      const { t, read } = store;
      const [row] = await read.select().from(t.workspace).where(eq(t.workspace.id, workspaceId));
      if (!row) return refuse("NOT_FOUND", "This workspace does not exist, or you may not see it.");
      const settings = { ...row.settings, clock_ahead_ms: ahead };
      return { ok: true, setting: "clock", from, to: from + by, put: { workspace: [{ ...row, settings }] } };
    });
    if (!stored.ok) return stored;
    let done = 0;
    for (
      let due = await nextDue(store, workspaceId);
      due && due.at <= from + by;
      due = await nextDue(store, workspaceId)
    ) {
      clocks.put(workspaceId, Math.min(ahead, clocks.ahead(workspaceId) + Math.max(0, due.at - clock.now())));
      const some = await worker.drain();
      // Held by somebody else, or put off: it is not waited for.
      if (some === 0) break;
      done += some;
    }
    clocks.put(workspaceId, ahead);
    done += await worker.drain();
    return { ok: true, from, to: clock.now(), done };
  } finally {
    advancing.delete(workspaceId);
    clocks.put(workspaceId, ahead);
  }
}

/** Makes a workspace one for practice: from then on nothing of it leaves the house. One whose clock is ahead stays so. */
export async function allowPractice(engine: Engine, ask: Ask, practice: boolean): Promise<{ ok: true } | Refusal> {
  const { store, clocks } = engine;
  return writeSetting(engine, ask, async () => {
    const { t, read } = store;
    const [row] = await read.select().from(t.workspace).where(eq(t.workspace.id, ask.workspaceId));
    if (!row) return refuse("NOT_FOUND", "This workspace does not exist, or you may not see it.");
    if (!practice && clocks.ahead(ask.workspaceId) > 0)
      return refuse(
        "CONFLICT",
        "The clock of this workspace is ahead of the world's, so it stays for practice. Nothing was changed.",
      );
    const settings = { ...row.settings, practice };
    const was = row.settings.practice === true;
    return { ok: true, setting: "practice", from: was, to: practice, put: { workspace: [{ ...row, settings }] } };
  });
}

/** Hours and days as they pass, weeks too; null for anything else, and for what goes back or too far. */
function msOf(text: string): number | null {
  const weeks = /^P(\d{1,2})W$/.exec(text);
  const duration = parseDuration(weeks ? `P${Number(weeks[1]) * 7}D` : text);
  const ms = duration && "ms" in duration ? duration.ms : null;
  return ms !== null && ms > 0 && ms <= mostMs ? ms : null;
}

/** Index `job_due`: a workspace for practice has few jobs, and those due first come first. */
async function nextDue({ read, t: { job } }: Store, workspaceId: string): Promise<ClockView["next"]> {
  const [next] = await read
    .select({ at: job.dueAt, kind: job.kind })
    .from(job)
    .where(and(eq(job.workspaceId, workspaceId), isNull(job.deadAt)))
    .orderBy(asc(job.dueAt))
    .limit(1);
  return next ?? null;
}
