/** What facts about approvals change in a run. */
import { waited } from "../counting.ts";
import type { Event } from "../events.ts";
import type { Run } from "../model.ts";
import type { ApprovalLevel, ApprovalSeat } from "./approval-path.ts";

type ApprovalFact = Extract<Event, { type: `Approval${string}` }>;

/** Changes the given run in place, as `evolve` does. */
export function evolveApproval(run: Run, event: ApprovalFact, at: number): void {
  switch (event.type) {
    case "ApprovalPlanned": {
      const visit = run.visits[event.data.visit];
      const { requester, levels } = event.data;
      if (visit) visit.approval = { requester, at, level: -1, levels };
      return;
    }
    case "ApprovalLevelOpened": {
      const { level, required, seats } = event.data;
      waited(run);
      changeLevel(run, event.data.visit, level, (one) => ({ ...one, required, seats }));
      return;
    }
    case "ApprovalRequested": {
      const { visit, seat, work } = event.data;
      changeSeat(run, visit, seat, { work });
      return;
    }
    case "ApprovalDecided": {
      const { visit, seat, decision, by, comment, reason } = event.data;
      changeSeat(run, visit, seat, {
        decision,
        by,
        at,
        ...(event.data.for && { for: event.data.for }),
        ...(comment && { comment }),
        ...(reason && { reason }),
      });
      return;
    }
    case "ApprovalLevelClosed": {
      const { visit, level, spared } = event.data;
      changeLevel(run, visit, level, (one) => ({
        ...one,
        seats: (one.seats ?? []).map((seat) => (spared.includes(seat.id) ? { ...seat, spared: true } : seat)),
      }));
      return;
    }
    case "ApprovalSettled":
    case "ApprovalWithdrawn": {
      const visit = run.visits[event.data.visit];
      const settled =
        event.type === "ApprovalSettled"
          ? { decision: event.data.decision, why: event.data.why, at }
          : ({ decision: "withdrawn", why: "withdrawn", at } as const);
      if (visit?.approval) visit.approval = { ...visit.approval, settled };
      return;
    }
    default:
      event satisfies never;
  }
}

/** An approval is replaced, never changed: a copied run shares it. */
function changeLevel(run: Run, id: string, level: number, change: (level: ApprovalLevel) => ApprovalLevel): void {
  const visit = run.visits[id];
  if (!visit?.approval) return;
  visit.approval = {
    ...visit.approval,
    level,
    levels: visit.approval.levels.map((one, i) => (i === level ? change(one) : one)),
  };
}

function changeSeat(run: Run, visit: string | undefined, seat: string | undefined, to: Partial<ApprovalSeat>): void {
  const level = visit ? run.visits[visit]?.approval?.level : undefined;
  if (!visit || !seat || level === undefined) return;
  changeLevel(run, visit, level, (one) => ({
    ...one,
    seats: (one.seats ?? []).map((own) => (own.id === seat ? { ...own, ...to } : own)),
  }));
}
