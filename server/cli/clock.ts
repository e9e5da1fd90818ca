import { type Clocks } from "@/server/runtime/clock.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { idMaker } from "@/server/runtime/ids.ts";
import {
  advanceClock,
  allowPractice,
  type ClockView,
  heldInPractice,
  readClock,
} from "@/server/runtime/practice-clock.ts";
import { type Opened, openWorkspace } from "./open-workspace.ts";
import type { Arguments, Outcome, Verb } from "./verb.ts";

export const verb: Verb = {
  usage: "clock (show | advance DURATION | advance next | practice | real) [--workspace ID] [--json]",
  about:
    "The time of a workspace for practice. advance P3D moves it ahead as if three days had passed: what falls due on the way is done in its order. advance next goes to what falls due next. practice makes a workspace one whose mail and calls stay in the house, which is needed first; the demo is one. real takes that back while its clock was never moved.",
  flags: ["workspace"],
  arguments: { least: 1, most: 2 },
  async run({ files: [what = "", how], flags }: Arguments): Promise<Outcome> {
    if (!["show", "advance", "practice", "real"].includes(what))
      return { refused: `“${what}” is not something a clock does: show, advance, practice or real.` };
    if (what === "advance" && !how) return { refused: "Say how far: clock advance P3D, or clock advance next." };
    const opened = await openWorkspace(flags.workspace);
    if (!opened.ok) return { refused: opened.text };
    try {
      return await run(opened, what, how ?? "");
    } finally {
      await opened.store.close();
    }
  },
};

async function run(opened: Extract<Opened, { ok: true }>, what: string, how: string): Promise<Outcome> {
  const { store, workspaceId, clocks } = opened;
  const errors: unknown[] = [];
  const nothingConnected = { ok: false as const, final: true, text: "Nothing is connected here." };
  const engine = startEngine({
    store,
    clock: clocks,
    newId: idMaker(clocks.now),
    send: heldInPractice(store, clocks, async () => nothingConnected),
    onError: (error) => errors.push(error),
  });
  const ask = {
    workspaceId,
    actor: { kind: "api" as const, id: "cli" },
    now: clocks.of(workspaceId).now(),
  };
  try {
    if (what === "practice" || what === "real") {
      const allowed = await allowPractice(engine, ask, what === "practice");
      if (!allowed.ok) return { refused: allowed.text };
    }
    if (what === "advance") {
      const moved = await advanceClock(engine, ask, how === "next" ? { next: true } : { by: how.toUpperCase() });
      if (!moved.ok) return { refused: moved.text };
      if (errors.length) return { refused: `Something that fell due failed: ${String(errors[0])}` };
      const text = `${stamp(moved.from)} → ${stamp(moved.to)}, ${moved.done} jobs done.`;
      return { data: { ...moved, ...(await shown(engine, workspaceId)) }, text };
    }
    const data = await shown(engine, workspaceId);
    return { data, text: textOf(data) };
  } finally {
    await engine.worker.stop();
    await engine.loop.idle();
  }
}

const shown = (engine: { store: Extract<Opened, { ok: true }>["store"]; clocks: Clocks }, workspaceId: string) =>
  readClock(engine, workspaceId);

const stamp = (at: number) => new Date(at).toISOString();

const textOf = ({ now, ahead, allowed, next }: ClockView): string =>
  [
    `${stamp(now)}${ahead > 0 ? `, ${Math.round(ahead / 60_000)} minutes ahead of the world` : ""}`,
    allowed ? "May be moved ahead: nothing leaves the house." : "May not be moved: this workspace does real work.",
    next ? `Next: ${next.kind} at ${stamp(next.at)}` : "Nothing falls due.",
  ].join("\n");
