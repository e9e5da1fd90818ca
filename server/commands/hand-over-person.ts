import { holdingsOf, recordsOwnedBy } from "@/db/queries/people.ts";
import type { QueueSettings } from "@/server/engine/work/queue-settings.ts";
import type { Person } from "@/server/engine/world.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import { changeRecord } from "./change-record.ts";
import type { Ask, Deps } from "./deps.ts";
import { reviewApprovers } from "./review-approvers.ts";
import { writeSetting } from "./write-setting.ts";

export type HandedOver = {
  ok: true;
  work: number;
  records: number;
  /** Records that could not be given over, with the reason: a running approval holds them, or a field is missing. */
  kept: { id: string; title: string; text: string }[];
};

/**
 * Gives everything that hangs on one person to another: open tasks, records, processes, the place in queues, teams and people
 * they lead, whom they stand in for. The person's keys are revoked. Each task is handed over through the engine, so its history
 * says so; with `by_rule` each goes where its queue's rule picks now, and only the rest to that one colleague.
 */
export async function handOverPerson(
  deps: Deps,
  ask: Ask,
  from: string,
  to: string,
  tasks: "to" | "by_rule" = "to",
): Promise<HandedOver | Refusal> {
  const { store, contexts } = deps;
  const { workspaceId, now } = ask;
  const { people } = (await contexts.get(workspaceId, now)).directory;
  if (!people.has(from)) return refuse("NOT_FOUND", "This person does not exist, or you may not see them.");
  if (from === to || !people.get(to)?.active)
    return refuse("INVALID", "That person cannot take this over. Nothing was changed; choose an active colleague.");
  const held = await holdingsOf(store, workspaceId, from, now);
  // Records first: work that goes to a record's owner then goes to the new one.
  const records = await giveRecords(deps, ask, from, to);
  const given = await giveWork(
    deps,
    ask,
    held.work,
    tasks === "to" ? { kind: "hand_over", to } : { kind: "rule", from },
  );
  // An approval that the other one may not have goes by its own rules.
  if (given < held.work.length) await reviewApprovers(deps, ask, from, true);
  const written = await writeSetting(deps, ask, async () => {
    const { processes, queues, ruled, teams, reports, backupOf, keys } = await holdingsOf(
      store,
      workspaceId,
      from,
      now,
    );
    const relinked = new Map(
      [...reports, ...backupOf].map((one) => [
        one.id,
        {
          ...one,
          // Nobody leads or stands in for themselves.
          managerId: one.managerId === from ? (one.id === to ? null : to) : one.managerId,
          backupId: one.backupId === from ? (one.id === to ? null : to) : one.backupId,
        },
      ]),
    );
    return {
      ok: true,
      setting: `handover.${from}`,
      from: { member: from, work: held.work.length, records: held.records },
      to: {
        member: to,
        processes: processes.map((one) => one.key),
        queues: queues.map((one) => one.key),
        teams: teams.map((one) => one.id),
        keysRevoked: keys.map((one) => one.id),
      },
      put: {
        process: processes.map((one) => ({ ...one, ownerId: to })),
        queue: [...new Map([...queues, ...ruled].map((one) => [one.key, one])).values()].map((one) => ({
          ...one,
          members: [...new Set(one.members.map((id) => (id === from ? to : id)))],
          settings: one.settings && inPlaceOf(one.settings, people.get(from)!, to),
        })),
        team: teams.map((one) => ({ ...one, managerId: to })),
        member: [...relinked.values()],
        apiKey: keys.map((one) => ({ ...one, revokedAt: now })),
      },
    };
  });
  if (!written.ok) return written;
  return { ok: true, work: given, ...records };
}

/** Somebody works here no more: each of their open tasks goes where its queue's rule picks now. How many did. */
export async function handOutWorkOf(deps: Deps, ask: Ask, member: string): Promise<number> {
  const { work } = await holdingsOf(deps.store, ask.workspaceId, member, ask.now);
  return giveWork(deps, ask, work, { kind: "rule", from: member });
}

async function giveWork(
  { loop, newId }: Deps,
  { workspaceId, now, actor }: Ask,
  tasks: readonly { runId: string; work: string }[],
  how: { kind: "hand_over"; to: string } | { kind: "rule"; from: string },
): Promise<number> {
  const answers = await Promise.all(
    tasks.map(({ runId, work }) =>
      loop.submit({ id: newId("cmd"), workspaceId, runId, at: now, actor, type: "assignWork", work, how }),
    ),
  );
  return answers.filter((one) => one.ok).length;
}

/** A queue's weights, caps and territories with one person in another's place; what the other has of their own stays. */
function inPlaceOf(settings: QueueSettings, from: Person, to: string): QueueSettings {
  const given = (of: Record<string, number> | undefined) => {
    if (!of || of[from.id] === undefined) return of;
    const { [from.id]: n, ...others } = of;
    return { [to]: n!, ...others };
  };
  const names = new Set([from.id, from.email?.toLowerCase()]);
  return {
    ...settings,
    ...(settings.weights && { weights: given(settings.weights) }),
    ...(settings.caps && { caps: given(settings.caps) }),
    ...(settings.territories && {
      territories: settings.territories.map((rule) =>
        names.has(rule.to.trim()) || names.has(rule.to.trim().toLowerCase()) ? { ...rule, to } : rule,
      ),
    }),
  };
}

async function giveRecords(
  deps: Deps,
  ask: Ask,
  from: string,
  to: string,
): Promise<Pick<HandedOver, "records" | "kept">> {
  const kept: HandedOver["kept"] = [];
  let records = 0;
  for (let after = ""; ; ) {
    const page = await recordsOwnedBy(deps.store, ask.workspaceId, from, after, 200);
    for (const row of page) {
      const changed = await changeRecord(deps, ask, { id: row.id, values: { owner_id: to } });
      if (changed.ok) records++;
      else kept.push({ id: row.id, title: row.title, text: changed.text });
    }
    after = page.at(-1)?.id ?? "";
    if (page.length < 200) return { records, kept };
  }
}
