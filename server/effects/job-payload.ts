/** What jobs carry, as it is read back: whatever is stored there and is none of this is a job that this release cannot do. */
import { z } from "zod";
import type { Effect, Hop } from "@/server/engine/events.ts";
import type { Plain, Values } from "@/server/engine/model.ts";

const plain: z.ZodType<Plain> = z.json();
const values: z.ZodType<Values> = z.record(z.string(), plain);
const hop: z.ZodType<Hop> = z.object({ process: z.string(), node: z.string(), name: z.string() });
const chained = { chain: z.array(hop).readonly().optional() };
const terms = {
  ...chained,
  once: z.string().optional(),
  retry: z
    .object({
      tries: z.number().optional(),
      first: z.number().optional(),
      final: z.array(z.number()).optional(),
    })
    .optional(),
  wants: z.boolean().optional(),
  loose: z.boolean().optional(),
  node: z.string().optional(),
};
const record = { recordType: z.string(), recordId: z.string() };

const effect: z.ZodType<Effect> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("notice"),
    to: z.string(),
    title: z.string(),
    text: z.string(),
    urgency: z.enum(["info", "warn", "breach"]),
    link: z.string(),
  }),
  z.object({ kind: z.literal("mail"), to: z.string(), template: z.string(), values, node: z.string().optional() }),
  z.object({
    kind: z.literal("http"),
    method: z.string(),
    url: z.string(),
    body: plain,
    connection: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    expect: z.array(z.number()).optional(),
    ...terms,
  }),
  z.object({ kind: z.literal("connector"), connector: z.string(), operation: z.string(), values, ...terms }),
  z.object({ kind: z.literal("chat"), connection: z.string(), text: z.string(), ...terms }),
  z.object({
    kind: z.literal("start_process"),
    process: z.string(),
    ...record,
    after: z.number().optional(),
    when: z.string().optional(),
    parent: z.object({ run: z.string(), token: z.string(), depth: z.number().optional() }).optional(),
    version: z.number().optional(),
    variables: values.optional(),
    ...chained,
  }),
  z.object({
    kind: z.literal("child_ended"),
    run: z.string(),
    token: z.string(),
    outcome: z.string().nullable(),
    variables: values.optional(),
    error: z.object({ code: z.string(), text: z.string() }).optional(),
    ...chained,
  }),
  z.object({ kind: z.literal("cancel_child"), child: z.string(), reason: z.string() }),
  z.object({ kind: z.literal("emit"), event: z.string(), ...record, ...chained }),
  z.object({
    kind: z.literal("record_changed"),
    ...record,
    events: z.array(z.string()),
    created: z.boolean(),
    ...chained,
  }),
]);

/** What asked for an effect (its id in the run; empty outside of one) and when. */
const asked = z.object({ effect: z.string(), at: z.number() });

export const timerJob = z.object({ timer: z.string() });
export const batchJob = z.object({ batch: z.string() });
export const scheduleJob = z.object({ process: z.string(), time: z.string(), at: z.number() });

export type Asked = z.infer<typeof asked>;

/** Null for what is no effect. */
export function readEffect(payload: Plain): { asked: Asked; effect: Effect } | null {
  const by = asked.safeParse(payload);
  const what = effect.safeParse(payload);
  return by.success && what.success ? { asked: by.data, effect: what.data } : null;
}
