/** Effects as jobs: which of them leave the house, when they may, and how they are named. */
import type { Effect } from "./events.ts";

/** So long a completion can be taken back; what leaves because of it waits as long. At the end of it, it leaves. */
export const undoMs = 10_000;

export const leavesHouse = (kind: Effect["kind"]): boolean =>
  kind === "mail" || kind === "http" || kind === "connector" || kind === "chat";

/** One job a timer and an effect of a run. */
export const jobIdOf = (workspaceId: string, runId: string, kind: "timer" | "effect", id: string): string =>
  `${workspaceId}:${runId}:${kind === "timer" ? "" : "e:"}${id}`;
