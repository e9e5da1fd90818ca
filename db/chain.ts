/** The hash chain of a workspace's log: each event's hash covers the one before it, so history cannot be changed unseen. */
import { hash } from "node:crypto";
import type { Event, StoredEvent } from "@/server/engine/events.ts";
import type { Plain } from "@/server/engine/model.ts";
import type { Row } from "./store.ts";

export const genesis = "0".repeat(64);

/**
 * JSON with sorted keys and no white space (RFC 8785 for the plain values that events hold). Every event goes through here:
 * text is put together by hand, which takes half the time of a list of parts.
 */
export function canonical(value: Plain | undefined): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return Number.isFinite(value) ? `${value}` : "null";
  if (typeof value !== "object") return `${value}`;
  let text = "";
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) text += i ? `,${canonical(value[i])}` : canonical(value[i]);
    return `[${text}]`;
  }
  for (const key of sortedKeys(value)) {
    const part = value[key];
    if (part !== undefined) text += text ? `,${named(key)}${canonical(part)}` : named(key) + canonical(part);
  }
  return `{${text}}`;
}

/** Quoted as it is: printable ASCII but the two that JSON escapes. */
function quoted(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return JSON.stringify(text);
  }
  return `"${text}"`;
}

/** Names of fields are few, and asked for in every event. */
const names = new Map<string, string>();
const mostNames = 2000;
function named(key: string): string {
  let text = names.get(key);
  if (text === undefined) {
    text = `${quoted(key)}:`;
    if (names.size < mostNames) names.set(key, text);
  }
  return text;
}

/** By UTF-16 units. Most objects have a handful of keys, which are put in their place faster than a sort begins. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (keys.length > 16) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i]!;
    let at = i;
    for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

/** The facts of one command name the same actor, one after the other. */
let actorBefore: unknown = null;
let itsText = "";
function actorText(actor: unknown): string {
  if (actor !== actorBefore) {
    itsText = canonical(actor as Plain);
    actorBefore = actor;
  }
  return itsText;
}

/** What an event says, as JSON in the form that is hashed. */
export type Said = { actor: string; data: string };

/** SHA-256 over the previous hash and the event's canonical JSON, in hex. `said`: what it says, where that is known already. */
export function chainHash(
  previous: string,
  event: Omit<Row<"event">, "hash">,
  said: Said = { actor: actorText(event.actor), data: canonical(event.data) },
): string {
  const { seq, streamKind, streamId, version, type, at, due, cause } = event;
  // The event's own keys, in their order.
  const text =
    `${previous}{"actor":${said.actor},"at":${at},"cause":${canonical(cause)},"data":${said.data},` +
    `"due":${due ?? null},"seq":${seq},"streamId":${canonical(streamId)},` +
    `"streamKind":${canonical(streamKind)},"type":${canonical(type)},"version":${version}}`;
  return hash("sha256", text, "hex");
}

/**
 * Numbers events from `head` on and chains them. Returns the rows, what each of them says as the text that was hashed (which a
 * store can write as it is), and the new head.
 */
export function chain(
  workspaceId: string,
  head: { seq: number; hash: string },
  events: readonly Event[],
): { rows: Row<"event">[]; said: Said[]; head: { seq: number; hash: string } } {
  let { seq, hash: last } = head;
  const said: Said[] = [];
  const rows = events.map((event) => {
    const row: Row<"event"> = {
      workspaceId,
      seq: ++seq,
      streamKind: event.stream.kind,
      streamId: event.stream.id,
      version: event.version,
      type: event.type,
      at: event.at,
      due: event.due ?? null,
      actor: event.actor,
      cause: event.cause,
      data: event.data as Plain,
      hash: "",
    };
    const own = { actor: actorText(row.actor), data: canonical(row.data) };
    row.hash = last = chainHash(last, row, own);
    said.push(own);
    return row;
  });
  return { rows, said, head: { seq, hash: last } };
}

export const storedEvent = (row: Row<"event">): StoredEvent =>
  ({
    workspaceId: row.workspaceId,
    seq: row.seq,
    hash: row.hash,
    type: row.type,
    stream: { kind: row.streamKind, id: row.streamId },
    version: row.version,
    at: row.at,
    ...(row.due != null && { due: row.due }),
    actor: row.actor,
    cause: row.cause ?? null,
    data: row.data,
  }) as StoredEvent;
