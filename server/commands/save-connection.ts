import { and, eq } from "drizzle-orm";
import type { Row } from "@/db/store.ts";
import type { ConnectionConfig } from "@/server/engine/connection.ts";
import { namedConnections } from "@/server/engine/named-connections.ts";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { Calls } from "@/server/effects/make-call.ts";
import { newSecret } from "@/server/runtime/ids.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeSetting } from "./write-setting.ts";

export type ConnectionDeps = Deps & { calls: Calls };
export type ConnectionInput = {
  /** Null for a new one. */
  id: string | null;
  key: string;
  name: string;
  config: ConnectionConfig;
  /** As typed; a chat's is the address of its webhook. Left out: as it was. Null: forgotten. */
  secret?: string | null | undefined;
};
export type SavedConnection = {
  ok: true;
  id: string;
  /** A secret that was made here, shown this once. */
  secret: string | null;
  /** The host changed, so the secret that was kept for the old one is gone. */
  dropped: boolean;
};

/** Makes or changes a connection. Its key and kind never change: processes name it. Another host forgets the secret (D24). */
export async function saveConnection(
  deps: ConnectionDeps,
  ask: Ask,
  input: ConnectionInput,
): Promise<SavedConnection | Refusal> {
  const { store, newId, calls } = deps;
  const { connection } = store.t;
  const id = input.id ?? newId("con");
  let made: string | null = null;
  let dropped = false;
  const written = await writeSetting(deps, ask, async () => {
    const all = await store.read.select().from(connection).where(eq(connection.workspaceId, ask.workspaceId));
    const before = all.find((one) => one.id === input.id) ?? null;
    if (input.id !== null && !before) return gone();
    if (before && (before.config.kind !== input.config.kind || before.key !== input.key))
      return refuse(
        "INVALID",
        "The key and the kind of a connection never change. Nothing was saved; add another one.",
      );
    if (!before && all.some(({ key }) => key === input.key))
      return refuse("CONFLICT", "There is a connection of this key already. Nothing was made; choose another key.");
    const host = hostOf(input, before, calls.guard.loopback || calls.guard.inside?.anyPlain === true);
    if (typeof host !== "string") return host;
    const bound = { workspaceId: ask.workspaceId, connectionId: id, host };
    dropped = Boolean(before?.secret) && before?.host !== host && !input.secret;
    let secret = before?.host === host ? (before.secret ?? null) : null;
    if (input.secret === null) secret = null;
    else if (input.secret !== undefined) secret = calls.vault.seal(input.secret, bound);
    if (secret === null && isOurs(input.config) && input.secret === undefined) {
      made = madeSecret();
      secret = calls.vault.seal(made, bound);
    }
    const row: Row<"connection"> = {
      workspaceId: ask.workspaceId,
      id,
      key: input.key,
      name: input.name,
      host,
      config: input.config,
      secret,
      createdAt: before?.createdAt ?? ask.now,
      changedAt: ask.now,
    };
    return {
      ok: true,
      setting: `connection.${id}`,
      from: before && visible(before),
      to: visible(row),
      put: { connection: [row] },
    };
  });
  return written.ok ? { ok: true, id, secret: made, dropped } : written;
}

/** Makes the secret of a connection anew that signs, ours or the other side's; the old one no longer counts. */
export async function newConnectionSecret(
  deps: ConnectionDeps,
  ask: Ask,
  id: string,
): Promise<{ ok: true; secret: string } | Refusal> {
  const { connection } = deps.store.t;
  const secret = madeSecret();
  const written = await writeSetting(deps, ask, async () => {
    const [before] = await deps.store.read
      .select()
      .from(connection)
      .where(and(eq(connection.workspaceId, ask.workspaceId), eq(connection.id, id)));
    if (!before) return gone();
    if (!isOurs(before.config))
      return refuse(
        "INVALID",
        "The secret of this connection comes from the other side. Nothing was changed; type it in.",
      );
    const bound = { workspaceId: ask.workspaceId, connectionId: id, host: before.host };
    const row = { ...before, secret: deps.calls.vault.seal(secret, bound), changedAt: ask.now };
    return {
      ok: true,
      setting: `connection.${id}.secret`,
      from: "an older one",
      to: "a new one",
      put: { connection: [row] },
    };
  });
  return written.ok ? { ok: true, secret } : written;
}

/** Removes a connection that no live process names. */
export async function removeConnection(deps: ConnectionDeps, ask: Ask, id: string): Promise<{ ok: true } | Refusal> {
  const { connection } = deps.store.t;
  return writeSetting(deps, ask, async () => {
    const [before] = await deps.store.read
      .select()
      .from(connection)
      .where(and(eq(connection.workspaceId, ask.workspaceId), eq(connection.id, id)));
    if (!before) return gone();
    const { live } = await deps.contexts.get(ask.workspaceId, ask.now);
    const user = [...live.values()].find(({ compiled }) => namedConnections(compiled.document).has(before.key));
    if (user)
      return refuse(
        "CONFLICT",
        `The process “${user.name}” uses this connection. Nothing was removed; publish a version without it first.`,
      );
    return {
      ok: true,
      setting: `connection.${id}`,
      from: visible(before),
      to: null,
      drop: { connection: [[ask.workspaceId, id]] },
    };
  });
}

const gone = () => refuse("NOT_FOUND", "This connection does not exist, or you may not see it.");

/** Connections whose secret we make: those by which messages are signed. */
const isOurs = (config: ConnectionConfig) =>
  config.kind === "hook" || (config.kind === "api" && config.auth.how === "signed");

const madeSecret = () => `whsec_${Buffer.from(newSecret(), "base64url").toString("base64")}`;

/** Where calls of a connection go; a refusal when they may not go there. `mayPlain`: there is some place that may be called without https. */
function hostOf(
  { config, secret }: ConnectionInput,
  before: Row<"connection"> | null,
  mayPlain: boolean,
): string | Refusal {
  switch (config.kind) {
    case "hook":
      return "";
    case "api":
      return hostIn(config.base, mayPlain);
    case "chat":
      if (typeof secret === "string") return hostIn(secret, mayPlain);
      return before?.host ?? refuse("INVALID", "The address of the chat's webhook is missing. Nothing was saved.");
    default:
      return config satisfies never;
  }
}

function hostIn(address: string, mayPlain: boolean): string | Refusal {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || (url.protocol !== "https:" && !(mayPlain && url.protocol === "http:")))
    return refuse("INVALID", "The address must begin with https://. Nothing was saved.");
  if (url.username || url.password || url.hash)
    return refuse("INVALID", "The address must carry no password and no #. Nothing was saved.");
  return url.host;
}

/** What the log says of a connection: never its secret, nor the address that is one. */
const visible = ({ key, name, host, config, secret }: Row<"connection">): Plain => ({
  key,
  name,
  host,
  kind: config.kind,
  secret: secret !== null,
});
