import { newJobRow } from "@/server/engine/rows.ts";
import { z } from "zod";
import { connectionAnywhere, messagesSince } from "@/db/queries/connections.ts";
import type { Row } from "@/db/store.ts";
import { openConnection } from "@/server/connections/open-connections.ts";
import { readJson } from "@/server/connections/read-json.ts";
import { isSigned } from "@/server/connections/signature.ts";
import type { Plain, RefusalCode } from "@/server/engine/model.ts";
import { fingerprint } from "@/server/runtime/ids.ts";
import type { ConnectionDeps } from "./save-connection.ts";

export type GivenMessage = { connection: string; id: string; timestamp: string; signature: string; body: Buffer };
export type Received =
  | { ok: true; duplicate: boolean }
  | { ok: false; code: RefusalCode | "UNSIGNED"; text: string; waitSeconds?: number };

/** What of a message waits to be done; `message` is its sender's own id. */
export const waitingMessage = z.object({
  receipt: z.string(),
  connection: z.string(),
  message: z.string(),
  body: z.json(),
  at: z.number(),
});
export type WaitingMessage = z.infer<typeof waitingMessage>;

/** Messages a minute by one connection. */
const mostAMinute = 1000;
const unsigned = {
  ok: false,
  code: "UNSIGNED",
  text: "This message is not signed for this address, so nothing was taken.",
} as const;

/**
 * Takes a message in, once: signed, not older than five minutes, known by its id. It is stored before the sender is answered, and
 * done afterwards. The same id with another content is refused. Whoever sends to an address that is not one, or signs wrongly, is
 * answered alike.
 */
export async function receiveWebhook(deps: ConnectionDeps, given: GivenMessage, now: number): Promise<Received> {
  const { store, loop, newId, calls } = deps;
  const row = await connectionAnywhere(store, given.connection);
  const connection = row && openConnection(row, calls.vault);
  // A wrong address takes as long as a wrong signature.
  const fits = isSigned(connection?.secret ?? "nobody's secret", given, now);
  if (!row || connection?.secret == null || connection.config.kind !== "hook" || !fits) return unsigned;
  if (!/^[\x21-\x7e]{1,200}$/.test(given.id)) return unsigned;
  const { workspaceId } = row;
  if ((await messagesSince(store, { workspaceId, id: row.id, since: now - 60_000 })) >= mostAMinute)
    return {
      ok: false,
      code: "BUSY",
      text: "Too many messages at once. Send this one again in a minute.",
      waitSeconds: 60,
    };
  const body = readJson(given.body.toString("utf8"));
  if (body === undefined)
    return {
      ok: false,
      code: "INVALID",
      text: "The message is no JSON, or too deep or too crowded, so nothing was taken.",
    };
  const receipt = {
    workspaceId,
    id: newId("rcp"),
    connectionId: row.id,
    message: given.id,
    at: now,
    bytes: given.body.length,
    state: "queued" as const,
    note: null,
  };
  const answer = await loop.write({
    workspaceId,
    id: `hook.${row.id}.${given.id}`,
    receipt: { body: fingerprint(given.body.toString("base64")), at: now },
    make: async () => ({
      ok: true,
      value: receipt.id,
      sets: [
        {
          workspaceId,
          guards: [],
          events: [],
          put: { webhookReceipt: [receipt], job: [jobOf(receipt, body)] },
          drop: {},
        },
      ],
    }),
  });
  if (answer.ok && answer.value === receipt.id) return { ok: true, duplicate: false };
  // It came before: that is seen in the list of what came in, and nothing else is done.
  if (!answer.ok && answer.code !== "IDEMPOTENCY_MISMATCH") return { ok: false, code: answer.code, text: answer.text };
  const state = answer.ok ? ("again" as const) : ("other" as const);
  await store.commit([
    { workspaceId, guards: [], events: [], put: { webhookReceipt: [{ ...receipt, state }] }, drop: {} },
  ]);
  return answer.ok
    ? { ok: true, duplicate: true }
    : {
        ok: false,
        code: "IDEMPOTENCY_MISMATCH",
        text: "A message of this id came before with another content. This one was not taken.",
      };
}

/** The job that does what a message asks for: one for each id that its sender gave. */
export const hookJobId = ({
  workspaceId,
  connectionId,
  message,
}: Pick<Row<"webhookReceipt">, "workspaceId" | "connectionId" | "message">): string =>
  `${workspaceId}/hook/${connectionId}/${fingerprint(message).slice(0, 32)}`;

function jobOf({ workspaceId, id, connectionId, message, at }: Row<"webhookReceipt">, body: Plain): Row<"job"> {
  const payload: WaitingMessage = { receipt: id, connection: connectionId, message, body, at };
  return newJobRow({
    id: hookJobId({ workspaceId, connectionId, message }),
    workspaceId,
    kind: "hook",
    payload,
    dueAt: at,
  });
}
