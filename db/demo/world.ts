/** What every part of the seeding needs. */
import type { Ask } from "@/server/commands/deps.ts";
import type { Engine } from "@/server/runtime/engine.ts";
import type { virtualClock } from "@/server/runtime/clock.ts";
import type { Chance } from "./chance.ts";
import type { PlanBook } from "./plans.ts";

/**
 * `lying`: worth the most, in legal review far past its time. `held`: before the proposal, with too little evidence. `blocked`:
 * its proposal waits for the customer.
 */
export type Planted = "lying" | "held" | "blocked";

export type DemoWorld = {
  workspaceId: string;
  engine: Engine;
  clock: ReturnType<typeof virtualClock>;
  chance: Chance;
  plans: PlanBook;
  /** Things the shown rep has left lying so far. */
  left: number;
  /** The day of seeding. */
  end: number;
  /** Deals with a story, by record: all goes well for each until its place. */
  planted: Map<string, Planted>;
  /** Commands that were refused, for the test: a demo without a single one is the aim. */
  refused: string[];
};

/** Somebody asks for something, now or at the time their plan says. */
export const askOf = ({ workspaceId, clock }: DemoWorld, memberId: string, at = clock.now()): Ask => ({
  workspaceId,
  actor: { kind: "member", id: memberId },
  now: at,
});
