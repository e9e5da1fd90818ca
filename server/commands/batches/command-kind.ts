/** Kinds that are run commands: their preview decides the very commands, in memory, that the batch will send. */
import type { z } from "zod";
import type { Action } from "@/server/api/authorisation.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Run } from "@/server/engine/model.ts";
import { findRun } from "@/db/queries/runs.ts";
import { tryCommands } from "../try-commands.ts";
import type { BatchContext, BatchKind, ItemResult } from "./kind.ts";

/** A command as far as its kind knows it; who, when and to which run come from the batch. */
type Asked = RunCommand extends infer C
  ? C extends RunCommand
    ? Omit<C, "id" | "workspaceId" | "runId" | "at" | "actor">
    : never
  : never;

export function commandKind<Params>({
  action,
  params,
  commands,
  judge = () => ({ result: "done", text: null }),
}: {
  action: Action;
  params: z.ZodType<Params>;
  /** The commands for a run, in order; or why there are none. */
  commands(run: Run, params: Params, context: BatchContext): Asked[] | ItemResult;
  /** What came of it, seen by the run as it stands afterwards. */
  judge?(after: Run): ItemResult;
}): BatchKind<Params> {
  const orders = (context: BatchContext, run: Run, given: Params, commandId: string): RunCommand[] | ItemResult => {
    const asked = commands(run, given, context);
    if (!Array.isArray(asked)) return asked;
    const { workspaceId, now: at, actor } = context;
    return asked.map((one, i) => ({
      ...one,
      // The last one carries the plain id: with its receipt all of them were done.
      id: i === asked.length - 1 ? commandId : `${commandId}/${i}`,
      workspaceId,
      runId: run.id,
      at,
      actor,
    }));
  };
  return {
    action,
    params,
    async preview(context, runs, given) {
      const asked = runs.map((run) => orders(context, run, given, `preview/${run.id}`));
      const tried = await tryCommands(
        context,
        context.workspaceId,
        asked.flatMap((one) => (Array.isArray(one) ? one : [])),
        context.now,
      );
      return asked.map((one): ItemResult => {
        if (!Array.isArray(one)) return one;
        const answers = one.map(({ id }) => tried.get(id)!);
        const refused = answers.find((answer) => !answer.ok);
        if (refused && !refused.ok) return { result: "refused", text: refused.text };
        const last = answers.at(-1);
        return last?.ok ? judge(last.run) : { result: "done", text: null };
      });
    },
    async one(context, run, given) {
      const asked = orders(context, run, given, context.commandId);
      if (!Array.isArray(asked)) return asked;
      for (const command of asked) {
        const answer = await context.loop.submit(command);
        if (!answer.ok) return { result: "refused", text: answer.text };
      }
      const after = await findRun(context.store, context.workspaceId, run.id);
      return after ? judge(after) : { result: "done", text: null };
    },
  };
}

export const skip = (text: string): ItemResult => ({ result: "skipped", text });
