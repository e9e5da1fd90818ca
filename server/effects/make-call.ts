/** Makes the calls of processes: by a connection of the workspace, through the guarded client, with an outcome in plain words. */
import type { Store } from "@/db/store.ts";
import { type CallEffect, type OpenConnection, buildCall, connectionFor } from "@/server/connections/build-call.ts";
import { readJson, storable } from "@/server/connections/read-json.ts";
import { openConnections } from "@/server/connections/open-connections.ts";
import type { Vault } from "@/server/runtime/vault.ts";
import type { Outcome } from "./dispatch.ts";
import { type Answered, type Call, type Guard, guardedCall, isJson, type Unread } from "./guarded-http.ts";

/** What calls need: where secrets lie, and what the guard leaves open besides the hosts of connections. */
export type Calls = { vault: Vault; guard: Omit<Guard, "allows"> };

/** The largest content of an answer that is kept, in characters: it stands in an event. */
const mostKept = 200_000;
/** Of an answer that refuses, this much is told. */
const mostTold = 300;

export async function makeCall(
  { store, calls }: { store: Store; calls: Calls },
  effect: CallEffect,
  { key, workspaceId, at }: { key: string; workspaceId: string; at: number },
): Promise<Outcome> {
  const connections = await openConnections(store, calls.vault, workspaceId);
  const by = connectionFor(effect, connections);
  if ("text" in by) return { ok: false, final: true, text: by.text };
  const built = buildCall(effect, by, { key, at });
  if (!built.ok) return { ok: false, final: true, text: built.text };
  const answer = await guardedCall(built.call, guardOf(connections, calls));
  return outcomeOf(answer, { call: built.call, by, effect, expect: built.expect });
}

/** Only hosts of the workspace's own connections. */
export const guardOf = (
  connections: readonly Pick<OpenConnection, "host">[],
  { guard }: Pick<Calls, "guard">,
): Guard => {
  const hosts = new Set(connections.flatMap(({ host }) => host || []));
  return { ...guard, allows: (host) => hosts.has(host) };
};

export function outcomeOf(
  answer: Answered,
  {
    call,
    by,
    effect,
    expect,
  }: { call: Call; by: OpenConnection; effect: CallEffect; expect: readonly number[] | null },
): Outcome {
  if (!answer.ok && answer.unread) return { ok: false, final: true, text: unreadText(by, answer.unread) };
  if (!answer.ok)
    return {
      ok: false,
      text: said(answer.text, call, by),
      final: answer.code !== "AWAY" && answer.code !== "SLOW",
    };
  const { status, type, retryAfterMs } = answer;
  const text = said(answer.text, call, by);
  const done = expect ? expect.includes(status) : status >= 200 && status < 300;
  if (!done) {
    const told = text.replaceAll(/\s+/g, " ").trim().slice(0, mostTold);
    return {
      ok: false,
      text: told
        ? `“${by.name}” answered ${status}: “${told}”`
        : `“${by.name}” answered ${status} and said nothing more.`,
      final: effect.retry?.final ? effect.retry.final.includes(status) : isFinal(status),
      ...((status === 429 || status === 503) && retryAfterMs !== null && { waitMs: retryAfterMs }),
    };
  }
  if (!effect.wants) return { ok: true, result: { status } };
  if (text.length > mostKept)
    return { ok: false, final: true, text: `“${by.name}” answered with more than can be kept (200 kB).` };
  const body = isJson(type) ? readJson(text) : text;
  return body === undefined
    ? { ok: false, final: true, text: `“${by.name}” answered with something that is not JSON, though it says so.` }
    : { ok: true, result: { status, body } };
}

/** An answer of success that is neither JSON nor plain text: what came, and what to look at. */
function unreadText({ name, config }: OpenConnection, { status, type }: Unread): string {
  if (config.kind === "chat")
    return type
      ? `“${name}” answered ${status} with ${type}. A chat answers in plain text or JSON, so the message has probably not arrived. Copy the address of its incoming webhook anew and save it in the connection.`
      : `“${name}” answered ${status} without saying what it is. A chat answers in plain text or JSON, so the message has probably not arrived. Copy the address of its incoming webhook anew and save it in the connection.`;
  return type
    ? `“${name}” answered ${status} with ${type}, not with JSON or plain text. Check the path that the step calls.`
    : `“${name}” answered ${status} without saying what it is (no Content-Type), so it was not read. Check the path that the step calls.`;
}

/** A refusal that another try would not change; busy, late and broken servers may be well again soon. */
const isFinal = (status: number) => status < 500 && ![408, 425, 429].includes(status);

/** Text of the other side without anything of ours that is secret, should it say that back to us. */
function said(text: string, { credentials }: Call, { secret, config }: OpenConnection): string {
  const hidden = [
    ...Object.values(credentials),
    secret,
    ...(secret && config.kind === "chat" ? secretPartOf(secret) : []),
  ];
  let clean = storable(text);
  for (const one of hidden) if (one && one.length >= 4) clean = clean.replaceAll(one, "•••");
  return clean;
}

const secretPartOf = (address: string): string[] =>
  URL.canParse(address) ? [new URL(address).pathname + new URL(address).search, new URL(address).pathname] : [];
