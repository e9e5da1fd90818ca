/** Walks a run through its steps in a story: who has the open task of a step finishes it, as they would in the inbox. */
import { inArray } from "drizzle-orm";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Values } from "@/server/engine/model.ts";
import type { Bench } from "./bench.ts";

export type Colleague = { id: string; name: string; processRoles: string[]; managerId?: string | null };

/** More people than the bench has: each works for the process roles they name. */
export async function join(bench: Bench, colleagues: readonly Colleague[]): Promise<void> {
  await bench.store.commit([
    {
      workspaceId: bench.workspaceId,
      guards: [],
      events: [],
      put: {
        member: colleagues.map(({ id, name, processRoles, managerId = null }) => ({
          workspaceId: bench.workspaceId,
          id,
          name,
          processRoles,
          managerId,
          roles: ["rep"],
          userId: null,
          email: `${id}@example.com`,
          teamId: null,
          backupId: null,
          zone: "Asia/Ho_Chi_Minh",
          country: "VN",
          locale: "en",
          theme: "system",
          capacityPerDay: null,
          status: "active",
          createdAt: bench.clock.now(),
        })),
      },
      drop: {},
    },
  ]);
  bench.engine.contexts.forget(bench.workspaceId);
}

export function walk(bench: Bench, runId: string) {
  const run = () => bench.run(runId);
  const taskAt = async (node: string) => {
    const now = await run();
    const item = Object.values(now.work).find((w) => w.node === node);
    if (!item) throw new Error(`no task at ${node}; it stands at ${await stands()}`);
    return item;
  };
  /** Where its tokens are, with what is wrong: `qualify`, `demo (held)`. */
  const stands = async () =>
    Object.values((await run()).tokens)
      .map((t) => (t.state === "in" ? t.node : `${t.node} (${t.state})`))
      .sort()
      .join(" + ");
  return {
    run,
    stands,
    taskAt,
    async finish(node: string, values: Values = {}, outcome: string | null = null): Promise<string> {
      const item = await taskAt(node);
      const answer = await bench.send(
        { type: "completeWork", runId, work: item.id, outcome, values },
        item.assignee ?? undefined,
      );
      if (!answer.ok) throw new Error(`${node}: ${answer.text}`);
      await bench.engine.worker.drain();
      return stands();
    },
    /** The nodes this run was in, in order. */
    async visited(): Promise<string[]> {
      const { stepVisit } = bench.store.t;
      const rows = await bench.store.read
        .select()
        .from(stepVisit)
        .where(inArray(stepVisit.runId, [runId]));
      return rows
        .sort((a, b) => a.enteredAt - b.enteredAt || Number(a.visit.slice(1)) - Number(b.visit.slice(1)))
        .map((v) => v.node);
    },
    notices: async () => (await bench.store.read.select().from(bench.store.t.notice)).filter((n) => n.runId === runId),
    verdict: () => verifyWorkspace(bench.engine, bench.workspaceId),
  };
}
