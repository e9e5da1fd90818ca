import { eq } from "drizzle-orm";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeSetting } from "./write-setting.ts";

/** `members` in the order they take turns. */
export type QueueInput = { key: string; name: string; members: string[] };

/**
 * Makes a queue (`isNew`) or changes one. Processes name it by its key, which therefore never changes. Whoever had the last
 * turn is kept while still in it, so that an edit does not give the same person twice.
 */
export async function saveQueue(
  deps: Deps,
  ask: Ask,
  { key, name, members }: QueueInput,
  isNew: boolean,
): Promise<{ ok: true } | Refusal> {
  const { read, t } = deps.store;
  return writeSetting(deps, ask, async () => {
    const queues = await read.select().from(t.queue).where(eq(t.queue.workspaceId, ask.workspaceId));
    const before = queues.find((queue) => queue.key === key) ?? null;
    if (isNew && before)
      return refuse("CONFLICT", "There is a queue of this key already. Nothing was made; choose another key.");
    if (!isNew && !before) return refuse("NOT_FOUND", "This queue does not exist, or you may not see it.");
    const people = await read
      .select({ id: t.member.id })
      .from(t.member)
      .where(eq(t.member.workspaceId, ask.workspaceId));
    if (members.some((id) => !people.some((one) => one.id === id)))
      return refuse("NOT_FOUND", "This colleague does not exist. Nothing was changed.");
    const unique = [...new Set(members)];
    const after = { workspaceId: ask.workspaceId, key, name, members: unique };
    return {
      ok: true,
      setting: `queue.${key}`,
      from: before && visible(before),
      to: visible(after),
      put: { queue: [after] },
    };
  });
}

/** Removes a queue that no live process names. */
export async function removeQueue(deps: Deps, ask: Ask, key: string): Promise<{ ok: true } | Refusal> {
  const { read, t } = deps.store;
  return writeSetting(deps, ask, async () => {
    const queues = await read.select().from(t.queue).where(eq(t.queue.workspaceId, ask.workspaceId));
    const before = queues.find((queue) => queue.key === key);
    if (!before) return refuse("NOT_FOUND", "This queue does not exist, or you may not see it.");
    const { live } = await deps.contexts.get(ask.workspaceId, ask.now);
    const user = [...live.values()].find((process) => Object.hasOwn(process.compiled.document.queues, key));
    if (user)
      return refuse(
        "CONFLICT",
        `The process “${user.name}” takes work from this queue. Nothing was removed; publish a version without it first.`,
      );
    return {
      ok: true,
      setting: `queue.${key}`,
      from: visible(before),
      to: null,
      drop: { queue: [[ask.workspaceId, key]] },
    };
  });
}

const visible = ({ name, members }: Pick<QueueInput, "name" | "members">): Plain => ({ name, members });
