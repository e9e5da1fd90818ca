/** An open approval as people see it: its levels, who has decided what and why, who is asked now, who is next. */
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Run, Work } from "@/server/engine/model.ts";
import { approvalOf, withdrawnBy } from "@/server/engine/work/approval-config.ts";
import type { ApprovalDecision } from "@/server/engine/work/approval.ts";
import { type ApprovalLevel, type Needs, roleAsked } from "@/server/engine/work/approval-path.ts";

export type AskedSeat = {
  /** Who decides or has decided; null: whoever takes it from the queue, or nobody yet. */
  who: string | null;
  /** Whom the process asks, in its words. */
  asked: string;
  everybody: boolean;
  /** In whose place. */
  for: string | null;
  state: ApprovalDecision | "open" | "vacant" | "spared" | "next";
  at: number | null;
  comment: string | null;
  reason: string | null;
  work: string | null;
  mine: boolean;
};
export type AskedLevel = {
  name: string;
  state: "done" | "open" | "next";
  needs: Needs;
  required: number;
  seats: AskedSeat[];
};
export type AskedView = {
  run: string;
  token: string;
  node: string;
  name: string;
  requester: string | null;
  at: number;
  levels: AskedLevel[];
  /** What taking it back does; null when this reader may not. */
  withdraw: "returned" | "withdrawn" | "cancel" | null;
  /** The median time of this step so far, ms; null when it was too seldom done to say. */
  usually: number | null;
  /** Decisions that need a comment, and reasons to choose from when it is not approved. */
  comment: readonly ApprovalDecision[];
  reasons: readonly string[];
};

type Known = {
  name: (member: string | null | undefined) => string | null;
  me: string;
  /** The record's owner. */
  owner: string | null;
  /** May take back what others asked. */
  forced: boolean;
  usually: (node: string) => number | null;
};

/** The approvals of a run that are open now. */
export function askedViews(process: CompiledProcess, run: Run, known: Known): AskedView[] {
  return Object.values(run.tokens).flatMap((token) => {
    const node = process.nodes.get(token.node);
    const visit = token.visit ? run.visits[token.visit] : undefined;
    if (node?.node.kind !== "approval" || !visit || token.state === "held") return [];
    const config = approvalOf(node);
    const open = Object.values(run.work).filter(({ token: at }) => at === token.id);
    if (!open.length && !visit.approval) return [];
    const requester = visit.approval ? visit.approval.requester : run.lastHuman;
    const how = withdrawnBy(config);
    const may = open.length > 0 && (known.forced || known.me === requester || known.me === known.owner);
    const levels = visit.approval?.levels ?? [oneOf(open)];
    const at = visit.approval?.level ?? 0;
    return [
      {
        run: run.id,
        token: token.id,
        node: node.id,
        name: node.node.name || node.id,
        requester: known.name(requester),
        at: visit.approval?.at ?? visit.enteredAt,
        levels: levels.map((level, i) =>
          levelView(process, run, level, i < at ? "done" : i === at ? "open" : "next", known),
        ),
        withdraw: may && how !== "forbid" ? how : null,
        usually: known.usually(node.id),
        comment: config.comment ?? [],
        reasons: config.reasons ?? [],
      },
    ];
  });
}

/** An approval with one approver, in the shape of one that has levels. */
const oneOf = (open: readonly Work[]): ApprovalLevel => ({
  name: "",
  ask: open.map(({ role }) => role),
  needs: "all",
  required: 1,
  seats: open.map(({ id, role }) => ({ id: "1.1", ask: role, role, work: id })),
});

function levelView(
  process: CompiledProcess,
  run: Run,
  level: ApprovalLevel,
  state: AskedLevel["state"],
  { name, me }: Known,
): AskedLevel {
  const says = (ask: string) => {
    const role = roleAsked(ask);
    return role === null ? (name(ask.slice(1)) ?? ask.slice(1)) : (process.document.roles[role]?.name ?? role);
  };
  const nothing = { for: null, at: null, comment: null, reason: null, work: null, mine: false };
  const seats: AskedSeat[] = level.seats
    ? level.seats.map((seat) => {
        const item = seat.work ? run.work[seat.work] : undefined;
        return {
          who: name(seat.by ?? item?.assignee),
          asked: says(seat.ask),
          everybody: seat.ask.startsWith("*"),
          for: name(seat.for ?? item?.for),
          state: seat.decision ?? (seat.vacant ? "vacant" : seat.spared ? "spared" : "open"),
          at: seat.at ?? null,
          comment: seat.comment ?? null,
          reason: seat.reason ?? null,
          work: item ? `${run.id}.${item.id}` : null,
          mine: item?.assignee === me,
        };
      })
    : level.ask.map((ask) => ({
        ...nothing,
        who: ask.startsWith("@") ? says(ask) : null,
        asked: says(ask),
        everybody: ask.startsWith("*"),
        state: "next" as const,
      }));
  return { name: level.name, state, needs: level.needs, required: level.required ?? seats.length, seats };
}
