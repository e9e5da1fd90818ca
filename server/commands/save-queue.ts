import { eq } from "drizzle-orm";
import { compile } from "@/server/engine/expression/index.ts";
import type { Row } from "@/db/store.ts";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import { type QueueSettings, queueSettingsSchema } from "@/server/engine/work/queue-settings.ts";
import { isSomebody } from "./check-context.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeSetting } from "./write-setting.ts";

/** `members` in the order they take turns. `settings`: how it picks, where that is not left to the process. */
export type QueueInput = { key: string; name: string; members: string[]; settings?: QueueSettings | undefined };

/**
 * Makes a queue (`isNew`) or changes one. Processes name it by its key, which therefore never changes. Whoever had the last
 * turn is kept while still in it, so that an edit does not give the same person twice.
 */
export async function saveQueue(
  deps: Deps,
  ask: Ask,
  { key, name, members, settings }: QueueInput,
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
    const wrong = settings && (await settingProblem(deps, ask, settings));
    if (wrong) return wrong;
    const after = {
      workspaceId: ask.workspaceId,
      key,
      name,
      members: unique,
      settings: settings ? ofMembers(settings, unique) : (before?.settings ?? null),
    };
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

/** A rule that could never name anybody is refused here, where somebody can still mend it. */
async function settingProblem(deps: Deps, ask: Ask, settings: QueueSettings): Promise<Refusal | null> {
  const { strategy, territories = [], who } = settings;
  if (strategy === "territory" && territories.length === 0)
    return refuse("INVALID", "A queue that picks by territory needs a rule. Nothing was saved.");
  if (strategy === "expression" && !who?.trim())
    return refuse("INVALID", "A queue that picks by an expression needs one. Nothing was saved.");
  for (const text of [who, ...territories.map(({ when }) => when)]) {
    const read = text?.trim() ? compile(text) : null;
    if (read && !read.ok) return refuse("INVALID", `“${text}”: ${read.problems[0]?.text ?? ""} Nothing was saved.`);
  }
  const context = await deps.contexts.get(ask.workspaceId, ask.now);
  const unknown = territories.findIndex(({ to }) => !isSomebody(context, to));
  if (unknown >= 0)
    return refuse(
      "INVALID",
      `Rule ${unknown + 1} names ${territories[unknown]!.to}, and nobody here is called that. Nothing was saved.`,
    );
  return null;
}

/** Weights and caps of who is in the queue; what is as it would be anyway is not kept. */
function ofMembers(settings: QueueSettings, members: readonly string[]): QueueSettings {
  const only = (of: Record<string, number> | undefined, usual?: number) => {
    const kept = Object.entries(of ?? {}).filter(([id, n]) => members.includes(id) && n !== usual);
    return kept.length ? Object.fromEntries(kept) : undefined;
  };
  return queueSettingsSchema.parse(
    Object.fromEntries(
      Object.entries({ ...settings, weights: only(settings.weights, 1), caps: only(settings.caps) }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
  );
}

/** Rules may name people by their address: the log keeps how many there are. */
const visible = ({ name, members, settings }: Pick<Row<"queue">, "name" | "members" | "settings">): Plain => ({
  name,
  members,
  ...(settings && {
    settings: {
      strategy: settings.strategy ?? null,
      weights: settings.weights ?? {},
      caps: settings.caps ?? {},
      cap: settings.cap ?? null,
      sticky: settings.sticky ?? null,
      hours: settings.hours ?? null,
      territories: settings.territories?.length ?? 0,
    },
  }),
});
