/** What a batch can do to a run. A new kind is a file here and a line in `kinds.ts`. */
import type { z } from "zod";
import type { Store } from "@/db/store.ts";
import type { Action } from "@/server/api/authorisation.ts";
import type { Actor, Run } from "@/server/engine/model.ts";
import type { CommandLoop } from "../command-loop.ts";
import type { Contexts } from "../workspace-context.ts";

export type BatchDeps = { store: Store; loop: CommandLoop; contexts: Contexts };

/** In whose name, why, and when the batch was asked for; `now`: when this run's turn has come. */
export type BatchContext = BatchDeps & {
  workspaceId: string;
  actor: Actor;
  reason: string;
  askedAt: number;
  now: number;
};

/**
 * What became of one run. `skipped`: there was nothing to do. `refused`: it could not be done, or did not help.
 * `text`: why, in one sentence; null where there is nothing to say.
 */
export type ItemResult = { result: "done" | "skipped" | "refused"; text: string | null };

export type BatchKind<Params = never> = {
  /** The right to it: who lost it since is no longer obeyed. */
  action: Action;
  params: z.ZodType<Params>;
  /** What would become of each run, in the order given, as far as is known. Writes nothing. */
  preview(context: BatchContext, runs: readonly Run[], params: Params): Promise<ItemResult[]>;
  /**
   * Does it to one run. `commandId` is the same however often this run's turn comes, after a crash too: the last command that is
   * sent carries it, so that nothing happens twice.
   */
  one(context: BatchContext & { commandId: string }, run: Run, params: Params): Promise<ItemResult>;
};
