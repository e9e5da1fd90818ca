/** The fairness ledger of a queue: what it handed out, to whom, against the share each was to have, and the proof of each pick. */
import { picksOfQueue, sharesOfQueue } from "@/db/queries/picks.ts";
import type { Row, Store } from "@/db/store.ts";
import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";
import type { Pick } from "@/server/engine/events.ts";
import { peopleOfQueue } from "./queue-people.ts";
import { type PickNames, tellPick } from "./tell-pick.ts";

/** What people did themselves, or what undid a pick: no rule gave it to them. */
const byHand = new Set(["claim", "hand_over", "rebalance"]);

export type Share = {
  id: string;
  name: string;
  weight: number;
  /** Picks by a rule, all together and those in turn; what was taken or handed over by hand is apart. */
  picked: number;
  turns: number;
  byHand: number;
  /** Of all turns, else of all picks by a rule, in percent: had, and meant by weight among who is in the queue now. */
  had: number | null;
  meant: number | null;
};

export type LedgerRow = {
  seq: number;
  at: number;
  record: { id: string; type: string; title: string };
  process: string;
  chosen: string;
  rule: string;
  /** Who did it, where no rule did. */
  by: string | null;
  pick: ReturnType<typeof tellPick> | null;
};

export async function readLedger(
  store: Store,
  context: WorkspaceContext,
  names: PickNames,
  asked: { workspaceId: string; queue: Row<"queue">; from: number; to: number; limit: number },
): Promise<{ shares: Share[]; picks: LedgerRow[] }> {
  const of = { ...asked, queue: asked.queue.key };
  const [counted, rows] = await Promise.all([sharesOfQueue(store, of), picksOfQueue(store, of)]);
  const picks = rows.map((row): LedgerRow => {
    const pick = (row.data as { pick?: Pick }).pick;
    return {
      seq: row.seq,
      at: row.at,
      record: { id: row.recordId, type: row.recordType ?? "", title: row.title ?? row.recordId },
      process: context.live.get(row.process)?.name ?? row.process,
      chosen: names.person(row.member),
      rule: row.rule,
      by: !pick && row.actor.kind === "member" ? names.person(row.actor.id) : null,
      pick: pick ? tellPick(pick, names) : null,
    };
  });
  return { shares: sharesOf({ ...asked.queue, members: peopleOfQueue(context, asked.queue) }, counted, names), picks };
}

/** Who had how much of the turns, against their weight; who was given anything is listed, and who is in the queue. */
export function sharesOf(
  { members, settings }: QueueMembers,
  counted: readonly { member: string; rule: string; n: number }[],
  { person }: { person(id: string): string },
): Share[] {
  const sum = (list: readonly { n: number }[]) => list.reduce((all, { n }) => all + n, 0);
  const weightOf = (id: string) => (members.includes(id) ? (settings?.weights?.[id] ?? 1) : 0);
  const weights = members.reduce((all, id) => all + weightOf(id), 0);
  const turns = sum(counted.filter(({ rule }) => rule === "round_robin"));
  const ruled = sum(counted.filter(({ rule }) => !byHand.has(rule)));
  return [...new Set([...members, ...counted.map(({ member }) => member)])].map((id) => {
    const own = counted.filter(({ member }) => member === id);
    const inTurn = sum(own.filter(({ rule }) => rule === "round_robin"));
    const picked = sum(own.filter(({ rule }) => !byHand.has(rule)));
    return {
      id,
      name: person(id),
      weight: weightOf(id),
      picked,
      turns: inTurn,
      byHand: sum(own.filter(({ rule }) => byHand.has(rule))),
      had: turns ? (100 * inTurn) / turns : ruled ? (100 * picked) / ruled : null,
      meant: weights ? (100 * weightOf(id)) / weights : null,
    };
  });
}

type QueueMembers = { members: readonly string[]; settings?: Row<"queue">["settings"] };
