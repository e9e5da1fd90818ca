/** Outside systems: whom calls go to, and who may send us messages. Secrets go in and never come out. */
import { z } from "zod";
import { connectionsOf, findConnection, findReceipt, receiptsOfConnection } from "@/db/queries/connections.ts";
import { deadJobs } from "@/db/queries/jobs.ts";
import { replayMessage } from "@/server/commands/jobs/given-up.ts";
import { hookJobId } from "@/server/commands/receive-webhook.ts";
import { removeConnection, newConnectionSecret, saveConnection } from "@/server/commands/save-connection.ts";
import { noteDeed } from "@/server/commands/note-deed.ts";
import type { LiveProcess } from "@/server/commands/workspace-context.ts";
import { openConnection } from "@/server/connections/open-connections.ts";
import { testConnection } from "@/server/effects/test-connection.ts";
import { connectionConfig } from "@/server/engine/connection.ts";
import { usersOfConnection, waitersFor } from "@/server/engine/named-connections.ts";
import { identifier } from "@/server/engine/process.ts";
import type { Row } from "@/db/store.ts";
import type { Services } from "@/server/runtime/boot.ts";
import { orAbsent, orRefuse } from "../errors.ts";
import { action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const id = z.string().regex(/^[\w-]{1,80}$/);
const depsOf = ({ engine, calls }: Services) => ({ ...engine, calls });

export const connectionsRouter = router({
  list: action("connections.read").query(async ({ ctx: { services, person } }) => {
    const { live } = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    return {
      connections: (await connectionsOf(services.store, person.workspaceId)).map((row) => ({
        ...shown(row),
        ...(row.config.kind === "hook" && { address: `${services.address.baseUrl}/api/hooks/${row.id}` }),
        usedBy: [...live.values()].flatMap((process) => usedBy(row, process)),
      })),
      loopback: services.calls.guard.loopback,
      inside: services.calls.guard.inside?.entries ?? [],
    };
  }),
  /** What came in by one, the newest first. */
  received: action("connections.read")
    .input(z.strictObject({ id }))
    .query(async ({ ctx: { services, person, say }, input }) => {
      orAbsent(await findConnection(services.store, person.workspaceId, input.id), "This connection");
      const rows = await receiptsOfConnection(services.store, {
        workspaceId: person.workspaceId,
        id: input.id,
        limit: 100,
      });
      const jobs = await deadJobs(services.store, person.workspaceId, rows.map(hookJobId));
      const waiting = new Set(jobs.map((job) => job.id));
      return rows.map(({ id: receipt, message, at, bytes, state, note, ...row }) => ({
        id: receipt,
        /** It was not taken, and can be once more. */
        replay: (state === "failed" || state === "nobody") && waiting.has(hookJobId({ ...row, message })),
        message,
        at,
        bytes,
        state,
        note: note ? say(note) : null,
      }));
    }),
  /** A message that was not taken is taken once more, as the connection says now. */
  replay: action("connections.replay")
    .input(z.strictObject({ id, receipt: id }))
    .mutation(async ({ ctx: { services, person }, input }) => {
      const row = await findReceipt(services.store, person.workspaceId, input.receipt);
      const message = orAbsent(row?.connectionId === input.id ? row : null, "This message");
      return orRefuse(await replayMessage(services.engine, askOf(services, person), message));
    }),
  save: action("connections.change")
    .input(
      z.strictObject({
        id: id.nullable(),
        key: identifier,
        name: z.string().trim().min(1).max(80),
        config: connectionConfig,
        secret: z.string().min(1).max(4000).nullable().optional(),
      }),
    )
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await saveConnection(depsOf(services), askOf(services, person), input)),
    ),
  newSecret: action("connections.newSecret")
    .input(z.strictObject({ id }))
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await newConnectionSecret(depsOf(services), askOf(services, person), input.id)),
    ),
  remove: action("connections.remove")
    .input(z.strictObject({ id }))
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await removeConnection(depsOf(services), askOf(services, person), input.id)),
    ),
  test: action("connections.test")
    .input(z.strictObject({ id }))
    .mutation(async ({ ctx: { services, person, language }, input }) => {
      const row = orAbsent(await findConnection(services.store, person.workspaceId, input.id), "This connection");
      await noteDeed(services.engine, askOf(services, person), { action: "connections.test", subject: row.id });
      return orRefuse(
        await testConnection(services.calls, openConnection(row, services.calls.vault), {
          key: services.newId("test"),
          at: services.clock.now(),
          language,
        }),
      );
    }),
});

/** What of a live process uses a connection. `needs`: it calls by it; else it waits for messages that come in by it. */
function usedBy({ key, config }: Row<"connection">, { id: process, name, compiled: { document } }: LiveProcess) {
  const calling = usersOfConnection(document, key);
  const waiting =
    config.kind === "hook" && config.takes.what === "message" ? waitersFor(document, config.takes.event) : [];
  const steps = [...new Set([...calling, ...waiting])];
  return steps.length ? [{ id: process, name, steps, needs: calling.length > 0 }] : [];
}

/** A connection as screens see it: whether it has a secret, never which. */
const shown = (row: Row<"connection">) => ({
  id: row.id,
  key: row.key,
  name: row.name,
  host: row.host,
  config: row.config,
  hasSecret: row.secret !== null,
  changedAt: row.changedAt,
});
