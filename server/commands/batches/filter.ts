/** Which runs, as it comes in by an address, a screen or a stored batch. */
import { z } from "zod";
import type { RunFilter } from "@/db/queries/run-search.ts";
import { localDay } from "@/server/engine/calendar/zone.ts";
import { fold } from "@/server/records/fold.ts";

const word = z.string().trim().min(1).max(80);
const ms = z.number().int().min(0).max(1e15);

export const runFilter = z.strictObject({
  runs: z
    .array(z.string().regex(/^[\w-]{1,80}$/))
    .max(1000)
    .optional(),
  process: word.optional(),
  version: z.number().int().min(0).optional(),
  versions: z.array(z.number().int().min(0)).min(1).max(50).optional(),
  status: z
    .array(z.enum(["active", "suspended", "completed", "cancelled"]))
    .max(4)
    .optional(),
  node: word.optional(),
  atLeastInStep: ms.optional(),
  atMostInStep: ms.optional(),
  sla: z.enum(["breached", "at_risk", "paused", "on_track"]).optional(),
  incident: word.optional(),
  error: z.string().trim().min(1).max(200).optional(),
  owner: word.optional(),
  assignee: word.optional(),
  recordType: word.optional(),
  text: z.string().trim().min(1).max(200).optional(),
  startedFrom: ms.optional(),
  startedTo: ms.optional(),
  fields: z
    .array(
      z.strictObject({
        // A plain word: it stands in a path of the database's.
        field: z.string().regex(/^[a-z]\w{0,63}$/i),
        op: z.enum(["is", "is_not", "contains", "at_least", "at_most", "empty", "filled"]),
        value: z.union([z.string().max(200), z.number(), z.boolean()]).optional(),
      }),
    )
    .max(10)
    .optional(),
});

/** The filter as the search reads it at an instant in the workspace's zone, which says which day it is. */
export const readable = ({ fields, ...filter }: AskedFilter, now: number, zone: string): RunFilter => ({
  ...filter,
  ...(filter.text && { words: fold(filter.text) }),
  ...(fields?.length && { fields: { tests: fields, today: localDay(zone, now) } }),
});

export type AskedFilter = z.infer<typeof runFilter>;

/**
 * What was true of a run when the batch was asked for: none that started later, ages and counts of days as they were then. A step is
 * stopped or started again for runs too that began between the order and its being written.
 */
export const asAsked = (kind: string, filter: AskedFilter, askedAt: number, zone: string): RunFilter => ({
  ...readable(filter, askedAt, zone),
  ...(kind !== "line" && { startedTo: Math.min(filter.startedTo ?? Infinity, askedAt + 1) }),
});
