import { holdingsOf, recordsOwnedBy } from "@/db/queries/people.ts";
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
 * says so.
 */
export async function handOverPerson(deps: Deps, ask: Ask, from: string, to: string): Promise<HandedOver | Refusal> {
  const { store, loop, newId, contexts } = deps;
  const { workspaceId, now } = ask;
  const { people } = (await contexts.get(workspaceId, now)).directory;
  if (!people.has(from)) return refuse("NOT_FOUND", "This person does not exist, or you may not see them.");
  if (from === to || !people.get(to)?.active)
    return refuse("INVALID", "That person cannot take this over. Nothing was changed; choose an active colleague.");
  const held = await holdingsOf(store, workspaceId, from, now);
  const answers = await Promise.all(
    held.work.map(({ runId, work }) =>
      loop.submit({
        id: newId("cmd"),
        workspaceId,
        runId,
        at: now,
        actor: ask.actor,
        type: "assignWork",
        work,
        how: { kind: "hand_over", to },
      }),
    ),
  );
  // An approval that the other one may not have goes by its own rules.
  if (answers.some((one) => !one.ok)) await reviewApprovers(deps, ask, from, true);
  const records = await giveRecords(deps, ask, from, to);
  const written = await writeSetting(deps, ask, async () => {
    const { processes, queues, teams, reports, backupOf, keys } = await holdingsOf(store, workspaceId, from, now);
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
        queue: queues.map((one) => ({
          ...one,
          members: [...new Set(one.members.map((id) => (id === from ? to : id)))],
        })),
        team: teams.map((one) => ({ ...one, managerId: to })),
        member: [...relinked.values()],
        apiKey: keys.map((one) => ({ ...one, revokedAt: now })),
      },
    };
  });
  if (!written.ok) return written;
  return { ok: true, work: answers.filter((one) => one.ok).length, ...records };
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
