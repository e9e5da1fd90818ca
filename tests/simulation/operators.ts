/** What operators do by chance: take a request back, move a run to the new version, stop a step and let it go on, order a batch. */
import { startBatch } from "@/server/commands/batches/start-batch.ts";
import { startLine, stopLine } from "@/server/commands/stop-line.ts";
import type { EventType } from "@/server/engine/events.ts";
import { pairsOf, proposeMap } from "@/server/engine/migrate/propose.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Given } from "../support/flow-play.ts";
import { type Request, workspaceId } from "./request.ts";
import type { Life } from "./world.ts";

type Open = { id: string; process: string; version: number; state: string };

/** Null when there is nothing of the kind to do. */
export async function operate(life: Life, chance: () => number, key: string): Promise<Request | null> {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(chance() * from.length)];
  const rows = <T>(sql: string) => life.store.writer.prepare(sql).all() as T[];
  const by = { actor: { kind: "member", id: "linh" } as const, memberId: "linh", workspaceId };
  const command = (given: Given<RunCommand>, makes: EventType | null): Request => ({
    key,
    makes,
    said: "nothing",
    ask: (engine, now) =>
      engine.loop.submit({ id: key, workspaceId, at: now, actor: by.actor, ...given } as RunCommand),
  });
  const run = pick(rows<Open>("select id, process, version, state from run where ended_at is null"));
  if (!run) return null;
  const dice = chance();
  if (dice < 0.3) {
    const { work } = JSON.parse(run.state) as { work: Record<string, { token: string; approval: boolean }> };
    const asked = Object.values(work).find(({ approval }) => approval);
    if (!asked) return null;
    return command({ type: "withdrawApproval", runId: run.id, token: asked.token, forced: true }, "ApprovalWithdrawn");
  }
  if (dice < 0.55) {
    if (run.process !== "random" || run.version !== 1) return null;
    const { contexts } = life.engines[0]!;
    const [source, target] = [
      await contexts.version(workspaceId, "random", 1),
      await contexts.version(workspaceId, "random", 2),
    ];
    if (!source || !target) return null;
    const plan = { nodes: pairsOf(proposeMap(source, target)) };
    const to = { process: "random", version: 2 };
    return command({ type: "migrateRun", runId: run.id, to, plan, reason: "the new version" }, "RunMigrated");
  }
  if (dice < 0.8) {
    const [stopped] = rows<{ process: string; node: string }>("select process, node from line_stop");
    if (stopped) return goOn(key, stopped);
    const { tokens } = JSON.parse(run.state) as { tokens: Record<string, { node: string }> };
    const node = chance() < 0.3 ? "" : (pick(Object.values(tokens))?.node ?? "");
    const clocks = chance() < 0.5 ? "pause" : "go_on";
    return {
      key,
      makes: null,
      said: "nothing",
      ask: (engine, now) =>
        stopLine(
          engine,
          { ...by, now, commandId: key },
          { process: run.process, node, reason: "closed today", clocks },
        ),
    };
  }
  const kind = pick(["suspend", "resume", "retry", "resume"] as const)!;
  return {
    key,
    makes: null,
    said: "nothing",
    ask: (engine, now) =>
      startBatch(
        engine,
        { ...by, now, commandId: key },
        { kind, params: {}, filter: { process: run.process }, reason: "all of them" },
      ),
  };
}

/** A step that was stopped goes on. */
export const goOn = (key: string, line: { process: string; node: string }): Request => ({
  key,
  makes: null,
  said: "nothing",
  ask: (engine, now) =>
    startLine(
      engine,
      { workspaceId, actor: { kind: "member", id: "linh" }, memberId: "linh", now, commandId: key },
      line,
    ),
});
