/** What somebody in the simulated world asks for, once or again and again until it is answered. */
import type { EventType } from "@/server/engine/events.ts";
import type { Refusal } from "@/server/engine/model.ts";
import type { Engine } from "@/server/runtime/engine.ts";

export const workspaceId = "ws_test";

export type Request = {
  key: string;
  /** The one fact that it makes; null where it may make none. */
  makes: EventType | null;
  ask(engine: Engine, now: number): Promise<{ ok: true } | Refusal>;
  said: "nothing" | "yes" | "no";
  /** The last error that came instead of an answer. */
  error?: string;
};
