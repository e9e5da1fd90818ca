/** One clock of a step as its card shows it. */
import type { Row } from "@/db/store.ts";
import { calendarAt } from "@/server/commands/resolve-calendar.ts";
import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import { clockBands, timeLeft } from "./clock-bands.ts";
import { statusOf } from "./rank.ts";

export type ClockView = ReturnType<typeof clockView>;

/** A clock with what a person asks of it: its state in one word, the work time left, and the stretches it ran in. */
export function clockView(
  context: WorkspaceContext,
  process: CompiledProcess,
  visits: readonly Row<"stepVisit">[],
  clock: Row<"slaClock">,
  now: number,
) {
  const sla = process.document.slas[clock.sla];
  const calendar = calendarAt(context.revisions, process.document, clock.data.calendar);
  const until = clock.stoppedAt ?? now;
  const dueAt = clock.dueAt ?? null;
  const pauses = clock.data.pauses ?? visits.find((v) => v.visit === clock.visit)?.pauses ?? [];
  const open =
    clock.data.pausedAt !== undefined && clock.state === "paused" ? [[clock.data.pausedAt, until] as const] : [];
  const status =
    clock.state === "completed"
      ? clock.breachedAt == null
        ? ("met" as const)
        : ("missed" as const)
      : statusOf(
          {
            dueAt: dueAt ?? clock.breachedAt ?? null,
            atRiskAt: clock.data.atRiskAt ?? null,
            paused: clock.state === "paused",
          },
          now,
        );
  return {
    id: clock.clock,
    name: sla?.name ?? clock.sla,
    target: sla?.target ?? "",
    state: clock.state,
    status,
    startedAt: clock.startedAt,
    dueAt,
    stoppedAt: clock.stoppedAt ?? null,
    leftMs: dueAt === null ? null : timeLeft(calendar, dueAt, until),
    zone: calendar.allDay ? null : calendar.zone,
    /** From the start to now or, while it can still be met, to the due instant. */
    bands: clockBands(
      calendar,
      clock.startedAt,
      clock.stoppedAt === null || clock.stoppedAt === undefined ? Math.max(now, dueAt ?? 0) : until,
      [...pauses, ...open],
    ),
  };
}
