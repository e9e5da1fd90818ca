/**
 * What the workspace says of a queue: the people are the workspace's, so their weights and caps are too, and it may choose another
 * strategy than the process does. What it leaves out is as the process says.
 */
import { z } from "zod";
import { type Process, type QueueStrategy, queueStrategies, routingShape } from "../process.ts";

const ofMember = <T extends z.ZodType>(value: T) => z.record(z.string().min(1).max(60), value);

export const queueSettingsSchema = z.strictObject({
  strategy: z.enum(queueStrategies).optional(),
  /** A person's share in round robin, against the others'; 1 when left out, 0 = takes no turns. */
  weights: ofMember(z.number().int().min(0).max(100)).optional(),
  /** The most that one person is given by this queue in a day of theirs. */
  caps: ofMember(z.number().int().min(0).max(1000)).optional(),
  /** The same for everybody without a cap of their own. */
  cap: z.number().int().min(0).max(1000).optional(),
  ...routingShape,
});
export type QueueSettings = z.infer<typeof queueSettingsSchema>;

export type QueueRule = Omit<QueueSettings, "strategy"> & {
  strategy: QueueStrategy;
  ownerField?: string | undefined;
  capacityPerDay?: number | undefined;
  territoryTable?: string | undefined;
};

/** How a queue picks: as the workspace says, else as the process does; a queue of neither takes the least loaded. */
export function ruleOf(drawn: Process["queues"][string] | undefined, settings: QueueSettings): QueueRule {
  const { strategy, territories, ...said } = settings;
  const kept = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const { role: _, name: __, ...own } = drawn ?? { role: "", strategy: undefined };
  return {
    ...own,
    ...kept,
    strategy: strategy ?? own.strategy ?? "least_loaded",
    // Rules of one's own stand in place of the drawn ones, a table too.
    ...(territories?.length && { territories, territoryTable: undefined }),
  };
}
