import type { Ask, Deps } from "./deps.ts";

/** A task, and who has it and who is to have it. */
export type WorkMove = { id: string; from: string; to: string };
export type Moved = { moved: WorkMove[]; left: { id: string; text: string }[] };

/**
 * Moves tasks between people, each for itself: one that somebody has taken or finished in the meantime is left where it is, and said.
 * The same the other way round takes it back.
 */
export async function moveWork({ loop, newId }: Deps, ask: Ask, moves: readonly WorkMove[]): Promise<Moved> {
  const answers = await Promise.all(
    moves.map(({ id, from, to }) => {
      const [runId = "", work = ""] = id.split(".");
      return loop.submit({
        id: newId("cmd"),
        workspaceId: ask.workspaceId,
        runId,
        at: ask.now,
        actor: ask.actor,
        type: "assignWork",
        work,
        how: { kind: "rebalance", from, to },
      });
    }),
  );
  return {
    moved: moves.filter((_, i) => answers[i]!.ok),
    left: answers.flatMap((answer, i) => (answer.ok ? [] : [{ id: moves[i]!.id, text: answer.text }])),
  };
}
