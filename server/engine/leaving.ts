/** Effects as jobs: which of them leave the house, when they may, and how they are named. */
import type { Effect, Event } from "./events.ts";

/** So long a completion can be taken back; what leaves because of it waits as long. At the end of it, it leaves. */
export const undoMs = 10_000;

export const leavesHouse = (kind: Effect["kind"]): boolean =>
  kind === "mail" || kind === "http" || kind === "connector" || kind === "chat";

/** One job a timer and an effect of a run. */
export const jobIdOf = (workspaceId: string, runId: string, kind: "timer" | "effect", id: string): string =>
  `${workspaceId}:${runId}:${kind === "timer" ? "" : "e:"}${id}`;

/** What leaves because of a person's completion waits as long as it can be taken back. */
export function effectDue(event: Event, kind: Effect["kind"], after: number | undefined): number {
  if (after !== undefined) return after;
  return event.at + (leavesHouse(kind) && event.actor.kind === "member" ? undoMs : 0);
}
