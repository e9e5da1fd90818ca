/**
 * An outside system as the workspace knows it, without its secret. `api`: calls go to it (actions `http` and `connector`).
 * `chat`: messages go to an incoming webhook of Slack, Teams or Google Chat. `hook`: it sends messages to us.
 */
import { z } from "zod";
import { feel, identifier } from "./process.ts";

const field = z.string().min(1).max(130);
/** A path below the base, with `{…}` where an expression stands. */
const pathText = z
  .string()
  .max(1024)
  .regex(/^(\/|$)/, "it starts with /");

export const callMethods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export const operationSchema = z.strictObject({
  method: z.enum(callMethods),
  path: pathText,
  /** FEEL over `record`; without one the whole record goes. */
  body: feel.optional(),
});

/** How we prove who we are. `signed`: Standard Webhooks, so that the other side can tell that it was us. */
export const authSchema = z.discriminatedUnion("how", [
  z.strictObject({ how: z.literal("none") }),
  z.strictObject({ how: z.literal("bearer") }),
  z.strictObject({ how: z.literal("basic"), user: z.string().min(1).max(200) }),
  z.strictObject({
    how: z.literal("header"),
    name: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, "letters, digits and - only, at most 64"),
  }),
  z.strictObject({ how: z.literal("signed") }),
]);

/** What a message that comes in does; every text is FEEL over `body`, what was sent. */
export const takingSchema = z.discriminatedUnion("what", [
  z.strictObject({
    what: z.literal("message"),
    /** The public name of the event that steps wait for. */
    event: z.string().min(1).max(80),
    /** The key that a waiting step must have; any without one. */
    key: feel.optional(),
    /** The record whose runs it is for: the one of this type whose field has this value. Without one it goes by the key. */
    record: z.strictObject({ type: identifier, field, value: feel }).optional(),
  }),
  z.strictObject({
    what: z.literal("record"),
    type: identifier,
    /** The record whose field has this value is changed; without one there it is made, if `create`. */
    match: z.strictObject({ field, value: feel }).optional(),
    create: z.boolean(),
    values: z.record(field, feel),
  }),
]);
export type Taking = z.infer<typeof takingSchema>;

export const connectionConfig = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("api"),
    base: z.url().max(500),
    auth: authSchema,
    operations: z.record(identifier, operationSchema).default({}),
    /** What the test asks for; the base itself without one. */
    testPath: pathText.optional(),
  }),
  z.strictObject({ kind: z.literal("chat"), style: z.enum(["slack", "teams", "google"]) }),
  z.strictObject({ kind: z.literal("hook"), takes: takingSchema }),
]);
export type ConnectionConfig = z.infer<typeof connectionConfig>;
export type ApiConfig = Extract<ConnectionConfig, { kind: "api" }>;
